/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_jwk.c - a JSON Web Key: what is taken for one writes itself the same. */
#include "fuzz/fuzz.h"
#include "jose/key.h"

static void check_written(const struct okt_key *key)
{
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    struct okt_key *again = NULL;

    if (okt_key_is_private(key))
        okt_key_private_jwk(key, &jwk);
    else
        okt_key_public_jwk(key, &jwk);
    FUZZ_TRUE(!okt_buf_failed(&jwk));
    FUZZ_TRUE(okt_key_from_jwk(jwk.data, jwk.len, &again) == NULL);
    FUZZ_TRUE(strcmp(okt_key_thumbprint(again), okt_key_thumbprint(key)) == 0);
    FUZZ_TRUE(okt_key_is_private(again) == okt_key_is_private(key));
    okt_key_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct okt_key *key = NULL;

    if (okt_key_from_jwk(text, size, &key) == NULL) {
        FUZZ_TRUE(okt_key_allows(key, okt_key_alg(key)));
        FUZZ_TRUE(strlen(okt_key_thumbprint(key)) == OKT_SHA256_TEXT - 1);
        check_written(key);
    }
    okt_key_free(key);
    free(text);
    return 0;
}
