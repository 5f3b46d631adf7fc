/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jwt.c - signed tokens for shell tests.
 *
 *     jwt sign KEYFILE HEADER CLAIMS   prints a token; HEADER without braces
 *     jwt proof KEYFILE CLAIMS         the same for DPoP, with its public key
 *     jwt hash TEXT                    its SHA-256 in base64url
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jose/jws.h"

static int fail(const char *why)
{
    fprintf(stderr, "jwt: %s\n", why);
    return 1;
}

static const char *read_key(const char *path, okt_key **out)
{
    char text[OKT_KEY_TEXT_MAX];
    FILE *file = fopen(path, "r");
    size_t len;

    if (file == NULL)
        return "the key file can't be opened";
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    return okt_key_from_text(text, len, NULL, out);
}

static int sign(const char *path, const char *header, const char *claims)
{
    OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX);
    OKT_BUF_AUTO proof = OKT_BUF_INIT(4096);
    AUTO(okt_key) key = NULL;
    const char *why = read_key(path, &key);

    if (why == NULL && header == NULL) {
        okt_buf_str(&proof, "\"typ\":\"dpop+jwt\",\"jwk\":");
        okt_key_public_jwk(key, &proof);
        header = proof.data;
    }
    if (why == NULL)
        why = okt_jws_sign(key, okt_key_alg(key), header, claims,
                           strlen(claims), &token);
    if (why != NULL)
        return fail(why);
    printf("%s\n", token.data);
    return 0;
}

static int hash(const char *text)
{
    char out[OKT_SHA256_TEXT];

    if (!okt_sha256_base64url(text, strlen(text), out))
        return fail("libcrypto could not");
    printf("%s\n", out);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "sign") == 0)
        return sign(argv[2], argv[3], argv[4]);
    if (argc == 4 && strcmp(argv[1], "proof") == 0)
        return sign(argv[2], NULL, argv[3]);
    if (argc == 3 && strcmp(argv[1], "hash") == 0)
        return hash(argv[2]);
    return fail("sign KEYFILE HEADER CLAIMS, proof KEYFILE CLAIMS, hash TEXT");
}
