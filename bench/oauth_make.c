/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oauth_make.c - what OAuth's loads are made of, a line each.
 *
 *     oauth_make tokens COUNT KEY TOKEN      as TOKEN, each with a jti of its
 * own oauth_make assertions COUNT KEY CLIENT ENDPOINT oauth_make proofs COUNT
 * KEY METHOD URL TOKEN|- [NONCE] oauth_make speed KEY    microseconds of one
 * check and of one signature oauth_make jwk KEY      the key's public half
 *
 * KEY is a file, PEM or JWK.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "jose/jws.h"
#include "wire/json.h"

enum { TEXT_MAX = 64 * 1024, SPEED_RUNS = 2000, JTI_BYTES = 16 };

static _Noreturn void die(const char *why)
{
    fprintf(stderr, "oauth_make: %s\n", why);
    exit(1);
}

static struct okt_key *read_key(const char *path)
{
    static char text[TEXT_MAX];
    struct okt_key *key;
    FILE *file = fopen(path, "r");
    size_t len = file != NULL ? fread(text, 1, sizeof(text), file) : 0;
    const char *why = okt_key_from_text(text, len, NULL, &key);

    if (file == NULL || why != NULL)
        die(file == NULL ? "the key can't be read" : why);
    fclose(file);
    return key;
}

static void sign(const struct okt_key *key, const char *header,
                 const struct okt_buf *claims)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(TEXT_MAX);
    const char *why = okt_jws_sign(key, okt_key_alg(key), header, claims->data,
                                   claims->len, &out);

    if (why != NULL || okt_buf_failed(&out))
        die(why != NULL ? why : "a line is too long");
    printf("%s\n", out.data);
}

/* "kid": the key's own, or its thumbprint, as okta-orgd names its keys. */
static void add_kid(struct okt_buf *out, const struct okt_key *key)
{
    const char *kid = okt_key_kid(key);

    okt_buf_printf(out, "\"kid\":\"%s\"",
                   kid != NULL ? kid : okt_key_thumbprint(key));
}

/* ---------------------------------------------------------------- Lines -- */

static void make_token(const struct okt_key *key, char **argv)
{
    OKT_BUF_AUTO header = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO claims = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO jti = OKT_BUF_INIT(TEXT_MAX);
    OKT_JWS_AUTO jws = { 0 };
    OKT_JSON_WRITER_AUTO writer;
    const char *why = okt_jws_parse(argv[0], strlen(argv[0]), &jws);
    yyjson_mut_val *root;
    yyjson_mut_val *copy;

    if (why != NULL)
        die(why);
    okt_random_base64url(JTI_BYTES, &jti);
    root = okt_json_begin(&writer);
    (void)root;
    copy = yyjson_val_mut_copy(writer.doc, jws.claims);
    yyjson_mut_obj_remove_key(copy, "jti");
    yyjson_mut_obj_add_str(writer.doc, copy, "jti", jti.data);
    yyjson_mut_doc_set_root(writer.doc, copy);
    okt_json_print(&writer, &claims);
    add_kid(&header, key);
    if (jws.typ != NULL)
        okt_buf_printf(&header, ",\"typ\":\"%s\"", jws.typ);
    sign(key, header.data, &claims);
}

static void make_assertion(const struct okt_key *key, char **argv)
{
    OKT_BUF_AUTO header = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO claims = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO jti = OKT_BUF_INIT(TEXT_MAX);
    long long now = (long long)time(NULL);

    okt_random_base64url(JTI_BYTES, &jti);
    add_kid(&header, key);
    okt_buf_printf(&claims,
                   "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"iat\":%lld,"
                   "\"exp\":%lld,\"jti\":\"%s\"}",
                   argv[0], argv[0], argv[1], now, now + 300, jti.data);
    sign(key, header.data, &claims);
}

static void make_proof(const struct okt_key *key, char **argv)
{
    OKT_BUF_AUTO header = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO claims = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO jti = OKT_BUF_INIT(TEXT_MAX);
    char ath[OKT_SHA256_TEXT];

    okt_random_base64url(JTI_BYTES, &jti);
    okt_buf_str(&header, "\"typ\":\"dpop+jwt\",\"jwk\":");
    okt_key_public_jwk(key, &header);
    okt_buf_printf(&claims,
                   "{\"htm\":\"%s\",\"htu\":\"%s\",\"iat\":%lld,\"jti\":\"%s\"",
                   argv[0], argv[1], (long long)time(NULL), jti.data);
    if (strcmp(argv[2], "-") != 0 &&
        okt_sha256_base64url(argv[2], strlen(argv[2]), ath))
        okt_buf_printf(&claims, ",\"ath\":\"%s\"", ath);
    if (argv[3] != NULL)
        okt_buf_printf(&claims, ",\"nonce\":\"%s\"", argv[3]);
    okt_buf_char(&claims, '}');
    sign(key, header.data, &claims);
}

/* ---------------------------------------------------------------- Speed -- */

static double cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void show_speed(const struct okt_key *key)
{
    static const char text[] = "{\"a\":\"text as long as a proof's claims are, "
                               "which is about so much\",\"b\":1234567890}";
    enum okt_alg alg = okt_key_alg(key);
    struct okt_buf signature = OKT_BUF_INIT(TEXT_MAX);
    double begun = cpu_us();
    double signed_at;

    for (int i = 0; i < SPEED_RUNS; i++) {
        okt_buf_clear(&signature);
        if (okt_key_sign(key, alg, text, sizeof(text), &signature) != NULL)
            die("signing fails");
    }
    signed_at = cpu_us();
    for (int i = 0; i < SPEED_RUNS; i++)
        if (okt_key_verify(key, alg, text, sizeof(text), signature.data,
                           signature.len) != NULL)
            die("checking fails");
    printf("%.2f %.2f\n", (cpu_us() - signed_at) / SPEED_RUNS,
           (signed_at - begun) / SPEED_RUNS);
    okt_buf_free(&signature);
}

static void show_jwk(const struct okt_key *key)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(TEXT_MAX);

    okt_key_public_jwk(key, &out);
    printf("%s\n", out.data);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int args; /* behind the key */
        void (*make)(const struct okt_key *key, char **argv);
    } kinds[] = { { "tokens", 1, make_token },
                  { "assertions", 2, make_assertion },
                  { "proofs", 3, make_proof } };
    AUTO(okt_key) key = NULL;

    if (argc == 3) {
        key = read_key(argv[2]);
        if (strcmp(argv[1], "jwk") == 0)
            show_jwk(key);
        else
            show_speed(key);
        return 0;
    }
    for (size_t i = 0; argc > 3 && i < ARRAY_LEN(kinds); i++) {
        if (strcmp(argv[1], kinds[i].name) != 0 || argc < 4 + kinds[i].args)
            continue;
        key = read_key(argv[3]);
        for (long n = strtol(argv[2], NULL, 10); n > 0; n--)
            kinds[i].make(key, argv + 4);
        return 0;
    }
    die("what?");
}
