/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_openssh.c - a private key as ssh-keygen writes it, out of its PEM. */
#include "fuzz/fuzz.h"
#include "jose/openssh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct okt_key *key = NULL;
    const char *why = okt_key_from_openssh(data, size, &key);

    FUZZ_TRUE((why == NULL) == (key != NULL));
    if (key != NULL) {
        FUZZ_TRUE(okt_key_is_private(key));
        FUZZ_TRUE(okt_key_allows(key, okt_key_alg(key)));
    }
    okt_key_free(key);
    return 0;
}
