/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_jws.c - a signed token, and the key that it may bring along. */
#include "fuzz/fuzz.h"
#include "jose/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size > 0 ? size : 1);
    struct okt_jws jws = { 0 };
    struct okt_key *key = NULL;
    int64_t time = -1;

    FUZZ_TRUE(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    if (okt_jws_parse(text, size, &jws) == NULL) {
        FUZZ_TRUE(size <= OKT_JWS_MAX);
        FUZZ_TRUE(okt_alg_name(jws.alg) != NULL);
        FUZZ_TRUE(!okt_jws_time(&jws, "exp", &time) || time >= 0);
        if (jws.jwk != NULL && okt_key_from_jwk_val(jws.jwk, &key) == NULL) {
            FUZZ_TRUE(!okt_key_is_private(key));
            if (okt_jws_verify(&jws, key) == NULL)
                FUZZ_TRUE(okt_key_allows(key, jws.alg));
        }
    }
    okt_key_free(key);
    okt_jws_free(&jws);
    free(text);
    return 0;
}
