/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_pem.c - a key in PEM. Without a passphrase: what one costs, whoever
 * wrote the file decides. */
#include "fuzz/fuzz.h"
#include "jose/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct okt_key *key = NULL;
    const char *why = okt_key_from_text(text, size, NULL, &key);

    FUZZ_TRUE((why == NULL) == (key != NULL));
    if (key != NULL) {
        FUZZ_TRUE(okt_key_allows(key, okt_key_alg(key)));
        FUZZ_TRUE(okt_key_kid(key) == NULL);
    }
    okt_key_free(key);
    free(text);
    return 0;
}
