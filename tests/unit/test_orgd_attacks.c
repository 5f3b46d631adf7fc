/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_orgd_attacks.c - what an attacker could send in place of a good
 * assertion, proof, access token or code; and that each is refused, and why.
 */
#include "tests/unit/test_orgd_mint.h"

#include "server/oauth/dpop.h"
#include "tests/unit/test_orgd_time.h"

#define LIST "/api/v1/api-tokens"
#define AUD ORG PATH_TOKEN

enum { TOKEN_SIZE = 8192 };

/* How a token is spoilt after all else. */
enum spoil {
    GOOD,
    ALG_NONE, /* no signature, and the header says so */
    ALG_HMAC, /* HS256, by the public key */
    ZERO,     /* r = 0, s = 0 */
    CUT,      /* the last character of the signature is gone */
    NO_SIGNATURE,
    OTHER_CLAIMS, /* the signature of other claims */
};

/* ------------------------------------------------------------ Raw tokens -- */

/* header and claims, and the signature's bytes. */
static void compose(const char *header, const char *claims,
                    const struct okt_buf *signature, char *out)
{
    struct okt_buf text = OKT_BUF_INIT(TOKEN_SIZE - 1);

    okt_base64url_encode(header, strlen(header), &text);
    okt_buf_char(&text, '.');
    okt_base64url_encode(claims, strlen(claims), &text);
    okt_buf_char(&text, '.');
    okt_base64url_encode(signature->data, signature->len, &text);
    assert_false(okt_buf_failed(&text));
    memcpy(out, text.data, text.len + 1);
    okt_buf_free(&text);
}

/* The MAC of what stands before the signature, under the public key's text. */
static void mac(const okt_key *key, const char *header, const char *claims,
                struct okt_buf *out)
{
    struct okt_buf text = OKT_BUF_INIT(TOKEN_SIZE);
    struct okt_buf jwk = OKT_BUF_INIT(4096);
    unsigned char secret[SECRET_KEY_LEN];
    unsigned char hash[SECRET_HASH_LEN];

    okt_key_public_jwk(key, &jwk);
    memcpy(secret, jwk.data, sizeof(secret));
    okt_base64url_encode(header, strlen(header), &text);
    okt_buf_char(&text, '.');
    okt_base64url_encode(claims, strlen(claims), &text);
    assert_true(secret_mac(secret, text.data, text.len, hash));
    okt_buf_append(out, hash, sizeof(hash));
    okt_buf_free(&text);
    okt_buf_free(&jwk);
}

static void spoil(const okt_key *key, const char *header, const char *claims,
                  enum spoil how, char *out)
{
    struct okt_buf bytes = OKT_BUF_INIT(256);
    char whole[512];
    const char *alg = how == ALG_NONE   ? "none"
                      : how == ALG_HMAC ? "HS256"
                                        : okt_alg_name(okt_key_alg(key));

    okt_buf_str(&bytes, "");
    snprintf(whole, sizeof(whole), "{\"alg\":\"%s\"%s%s}", alg,
             header[0] != '\0' ? "," : "", header);
    if (how == ALG_HMAC)
        mac(key, whole, claims, &bytes);
    for (int i = 0; how == ZERO && i < 64; i++)
        okt_buf_append(&bytes, "", 1);
    compose(whole, claims, &bytes, out);
    okt_buf_free(&bytes);
}

static void make(const okt_key *key, const char *header, const char *claims,
                 enum spoil how, char *out)
{
    char other[TOKEN_SIZE];

    if (how == ALG_NONE || how == ALG_HMAC || how == ZERO ||
        how == NO_SIGNATURE) {
        spoil(key, header, claims, how, out);
        return;
    }
    sign(key, header, claims, out, TOKEN_SIZE);
    if (how == CUT)
        out[strlen(out) - 1] = '\0';
    if (how == OTHER_CLAIMS) {
        sign(key, header, "{\"sub\":\"x\"}", other, sizeof(other));
        snprintf(strrchr(out, '.'), 128, "%s", strrchr(other, '.'));
    }
}

/* ------------------------------------------------------------- Assertions --
 */

/* "@" and a number of seconds in the claims: that long from now. "#": a jti
 * that nobody had. */
static void fill(struct world *w, const char *claims, char *out, size_t size)
{
    size_t used = 0;

    while (*claims != '\0') {
        char *end = NULL;
        long seconds = *claims == '@' ? strtol(claims + 1, &end, 10) : 0;
        int len;

        if (*claims == '@')
            len = snprintf(out + used, size - used, "%lld",
                           (long long)org_now(&w->org) + seconds);
        else if (*claims == '#')
            len = snprintf(out + used, size - used, "j%d", ++minted);
        else
            len = snprintf(out + used, size - used, "%c", *claims);
        assert_true(len > 0 && (size_t)len < size - used);
        used += (size_t)len;
        claims = end != NULL ? end : claims + 1;
    }
    out[used] = '\0';
}

static struct request *ask_token(struct world *w, const char *form,
                                 const char *text, const char *dpop)
{
    char whole[TOKEN_SIZE * 2];

    snprintf(whole, sizeof(whole),
             "grant_type=client_credentials&scope=okta.apiTokens.read%s&%s%s",
             form, ASSERTION, text);
    return world_ask(w, &(struct ask){ "POST", PATH_TOKEN, whole, NULL, dpop });
}

static void refused(struct request *r, const char *what, int status,
                    const char *error, const char *description)
{
    char got[128];
    char why[256];

    world_member(r, "error", got, sizeof(got));
    world_member(r, "error_description", why, sizeof(why));
    if (r->status != status || strcmp(got, error) != 0 ||
        strstr(why, description) == NULL)
        print_error("%s: %d %s: %s\n", what, r->status, got, why);
    assert_int_equal(r->status, status);
    assert_string_equal(got, error);
    assert_non_null(strstr(why, description));
    request_free(r);
}

#define ISS "\"iss\":\"" SERVICE "\",\"sub\":\"" SERVICE "\","
#define TO "\"aud\":\"" AUD "\","
#define TIMES "\"iat\":@0,\"exp\":@300,"
#define JTI "\"jti\":\"#\""
#define KID "\"kid\":\"one\""

static const struct {
    const char *what;
    const char *header;
    const char *claims;
    enum spoil spoil;
    const char *why; /* NULL: it is taken */
} assertions[] = {
    { "a good one", KID, "{" ISS TO TIMES JTI "}", GOOD, NULL },
    { "without a jti", KID, "{" ISS TO "\"exp\":@300}", GOOD, NULL },
    { "an hour", KID, "{" ISS TO "\"exp\":@3600," JTI "}", GOOD, NULL },
    { "aud is a list of one", KID,
      "{" ISS "\"aud\":[\"" AUD "\"]," TIMES JTI "}", GOOD, NULL },
    { "alg none", KID, "{" ISS TO TIMES JTI "}", ALG_NONE, "parsing" },
    { "HS256 by the public key", KID, "{" ISS TO TIMES JTI "}", ALG_HMAC,
      "parsing" },
    { "r = 0", KID, "{" ISS TO TIMES JTI "}", ZERO, "signature is invalid" },
    { "a cut signature", KID, "{" ISS TO TIMES JTI "}", CUT, "" },
    { "no signature", KID, "{" ISS TO TIMES JTI "}", NO_SIGNATURE, "" },
    { "another's signature", KID, "{" ISS TO TIMES JTI "}", OTHER_CLAIMS,
      "signature is invalid" },
    { "a foreign kid", "\"kid\":\"three\"", "{" ISS TO TIMES JTI "}", GOOD,
      "kid is invalid" },
    { "no kid, of two keys", "", "{" ISS TO TIMES JTI "}", GOOD,
      "kid is invalid" },
    { "the kid of another key", "\"kid\":\"two\"", "{" ISS TO TIMES JTI "}",
      GOOD, "signature is invalid" },
    { "crit", KID ",\"crit\":[\"exp\"]", "{" ISS TO TIMES JTI "}", GOOD,
      "parsing" },
    { "a claim twice", KID, "{" ISS TO TIMES JTI ",\"exp\":@300}", GOOD,
      "parsing" },
    { "expired", KID, "{" ISS TO "\"iat\":@-600,\"exp\":@0," JTI "}", GOOD,
      "expired" },
    { "no exp", KID, "{" ISS TO "\"iat\":@0," JTI "}", GOOD, "exp" },
    { "exp is no time", KID, "{" ISS TO "\"exp\":\"@300\"," JTI "}", GOOD,
      "exp" },
    { "too far ahead", KID, "{" ISS TO "\"exp\":@7200," JTI "}", GOOD,
      "too far into the future" },
    { "early", KID, "{" ISS TO TIMES "\"nbf\":@600," JTI "}", GOOD,
      "not valid yet" },
    { "from the future", KID, "{" ISS TO "\"iat\":@600,\"exp\":@900," JTI "}",
      GOOD, "in the future" },
    { "another endpoint", KID,
      "{" ISS "\"aud\":\"" ORG PATH_REVOKE "\"," TIMES JTI "}", GOOD,
      "audience" },
    { "another org", KID,
      "{" ISS "\"aud\":\"https://evil.example" PATH_TOKEN "\"," TIMES JTI "}",
      GOOD, "audience" },
    { "our name as the beginning of theirs", KID,
      "{" ISS "\"aud\":\"" ORG ".evil.example" PATH_TOKEN "\"," TIMES JTI "}",
      GOOD, "audience" },
    { "two audiences", KID,
      "{" ISS "\"aud\":[\"" AUD "\",\"https://evil.example\"]," TIMES JTI "}",
      GOOD, "audience" },
    { "no audience", KID, "{" ISS TIMES JTI "}", GOOD, "audience" },
    { "iss is not sub", KID,
      "{\"iss\":\"x\",\"sub\":\"" SERVICE "\"," TO TIMES JTI "}", GOOD,
      "issuer" },
    { "no sub", KID, "{\"iss\":\"" SERVICE "\"," TO TIMES JTI "}", GOOD,
      "issuer" },
    { "nobody's", KID, "{\"iss\":\"x\",\"sub\":\"x\"," TO TIMES JTI "}", GOOD,
      "client_id" },
    { "one of an app without keys", KID,
      "{\"iss\":\"" NATIVE "\",\"sub\":\"" NATIVE "\"," TO TIMES JTI "}", GOOD,
      "kid is invalid" },
    { "an empty jti", KID, "{" ISS TO TIMES "\"jti\":\"\"}", GOOD, "jti" },
    { "a jti that is no text", KID, "{" ISS TO TIMES "\"jti\":7}", GOOD,
      "jti" },
};

static void no_bad_assertion_is_taken(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(assertions); i++) {
        char claims[1024];
        char text[TOKEN_SIZE];
        struct request *r;

        fill(w, assertions[i].claims, claims, sizeof(claims));
        make(own_key, assertions[i].header, claims, assertions[i].spoil, text);
        r = ask_token(w, "", text, NULL);
        if (assertions[i].why != NULL) {
            refused(r, assertions[i].what, 401, "invalid_client",
                    assertions[i].why);
            continue;
        }
        if (r->status != 200)
            print_error("%s: %.200s\n", assertions[i].what, r->reply.data);
        assert_int_equal(r->status, 200);
        request_free(r);
    }
}

/* Signed by a key of nobody's, which comes along. */
static void an_embedded_key_is_nobody(void **state)
{
    struct world *w = *state;
    struct okt_buf header = OKT_BUF_INIT(2048);
    char claims[1024];
    char text[TOKEN_SIZE];

    okt_buf_str(&header, KID ",\"jwk\":");
    okt_key_public_jwk(foreign_key, &header);
    fill(w, "{" ISS TO TIMES JTI "}", claims, sizeof(claims));
    make(foreign_key, header.data, claims, GOOD, text);
    refused(ask_token(w, "", text, NULL), "an embedded jwk", 401,
            "invalid_client", "signature is invalid");
    make(foreign_key, KID, claims, GOOD, text);
    refused(ask_token(w, "", text, NULL), "a foreign key", 401,
            "invalid_client", "signature is invalid");
    okt_buf_free(&header);
}

/* RS256 of the one key of two that is RSA, where the kid says EC, and back. */
static void an_algorithm_belongs_to_its_key(void **state)
{
    struct world *w = *state;
    char claims[1024];
    char text[TOKEN_SIZE];

    fill(w, "{" ISS TO TIMES JTI "}", claims, sizeof(claims));
    make(rsa_key, KID, claims, GOOD, text);
    refused(ask_token(w, "", text, NULL), "RS256 by an EC key's kid", 401,
            "invalid_client", "signature is invalid");
    fill(w, "{" ISS TO TIMES JTI "}", claims, sizeof(claims));
    make(rsa_key, "\"kid\":\"two\"", claims, GOOD, text);
    request_free(ask_token(w, "", text, NULL));
}

/* Whatever became of the request that it came with. */
static void an_assertion_is_good_once(void **state)
{
    struct world *w = *state;
    char text[TOKEN_SIZE];
    struct request *r;

    assertion(w, SERVICE, text, sizeof(text));
    r = ask_token(w, "", text, NULL);
    assert_int_equal(r->status, 200);
    request_free(r);
    refused(ask_token(w, "", text, NULL), "again", 401, "invalid_client",
            "already been used");
    /* It is spent by an answer that gives nothing, too. */
    assertion(w, BOUND, text, sizeof(text));
    refused(ask_token(w, "", text, NULL), "no proof", 400, "invalid_dpop_proof",
            "missing");
    refused(ask_token(w, "", text, NULL), "no proof, again", 401,
            "invalid_client", "already been used");
    assertion(w, SERVICE, text, sizeof(text));
    refused(ask_token(w, "+okta.roles.read", text, NULL), "a scope", 400,
            "consent_required", "");
    refused(ask_token(w, "", text, NULL), "a scope, again", 401,
            "invalid_client", "already been used");
}

static void a_client_is_one_thing(void **state)
{
    struct world *w = *state;
    char text[TOKEN_SIZE];
    struct request *r;

    assertion(w, SERVICE, text, sizeof(text));
    refused(ask_token(w, "&client_secret=x", text, NULL), "two credentials",
            400, "invalid_request", "multiple client credentials");
    refused(ask_token(w, "&client_id=" BOUND, text, NULL), "two names", 401,
            "invalid_client", "issuer");
    assertion(w, SITE, text, sizeof(text));
    refused(ask_token(w, "", text, NULL), "no service", 400,
            "unauthorized_client", "");
    /* Whoever tried that header is told of it there (RFC 6749, 5.2). */
    r = world_ask(w, &(struct ask){ "POST", PATH_TOKEN, "a=b", "Basic eDp5",
                                    NULL });
    assert_non_null(r->challenge.data);
    assert_string_equal(r->challenge.data, "Basic realm=\"" ORG "\"");
    refused(r, "a secret in a header", 401, "invalid_client", "secrets");
}

/* ----------------------------------------------------------------- Proofs --
 */

#define PROOF "\"typ\":\"dpop+jwt\""
#define HTM "\"htm\":\"GET\","
#define HTU "\"htu\":\"" ORG LIST "\","
#define IAT "\"iat\":@0,"

/* What comes with a bound token, which the key own_key is behind. "%" in the
 * claims is the token's ath. */
static const struct {
    const char *what;
    const char *header;
    const char *claims;
    enum spoil spoil;
    const char *why; /* NULL: it is taken */
} proofs[] = {
    { "a good one", PROOF, "{" HTM HTU IAT JTI ",\"ath\":\"%\"}", GOOD, NULL },
    { "the org in capitals", PROOF,
      "{" HTM "\"htu\":\"HTTPS://ORG.example" LIST "\"," IAT JTI
      ",\"ath\":\"%\"}",
      GOOD, NULL },
    { "a clock that is a little ahead", PROOF,
      "{" HTM HTU "\"iat\":@4," JTI ",\"ath\":\"%\"}", GOOD, NULL },
    { "alg none", PROOF, "{" HTM HTU IAT JTI ",\"ath\":\"%\"}", ALG_NONE,
      "malformed" },
    { "HS256", PROOF, "{" HTM HTU IAT JTI ",\"ath\":\"%\"}", ALG_HMAC,
      "malformed" },
    { "r = 0", PROOF, "{" HTM HTU IAT JTI ",\"ath\":\"%\"}", ZERO,
      "signature" },
    { "other claims", PROOF, "{" HTM HTU IAT JTI ",\"ath\":\"%\"}",
      OTHER_CLAIMS, "signature" },
    { "another type", "\"typ\":\"JWT\"", "{" HTM HTU IAT JTI ",\"ath\":\"%\"}",
      GOOD, "typ" },
    { "crit", PROOF ",\"crit\":[\"b64\"]",
      "{" HTM HTU IAT JTI ",\"ath\":\"%\"}", GOOD, "malformed" },
    { "another method", PROOF,
      "{\"htm\":\"DELETE\"," HTU IAT JTI ",\"ath\":\"%\"}", GOOD, "htm" },
    { "another path", PROOF,
      "{" HTM "\"htu\":\"" ORG LIST "/x\"," IAT JTI ",\"ath\":\"%\"}", GOOD,
      "htu" },
    { "another org", PROOF,
      "{" HTM "\"htu\":\"https://evil.example" LIST "\"," IAT JTI
      ",\"ath\":\"%\"}",
      GOOD, "htu" },
    { "another token's", PROOF,
      "{" HTM HTU IAT JTI
      ",\"ath\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}",
      GOOD, "ath" },
    { "no ath", PROOF, "{" HTM HTU IAT JTI "}", GOOD, "ath" },
    { "old", PROOF, "{" HTM HTU "\"iat\":@-301," JTI ",\"ath\":\"%\"}", GOOD,
      "too old" },
    { "early", PROOF, "{" HTM HTU "\"iat\":@8," JTI ",\"ath\":\"%\"}", GOOD,
      "in the future" },
    { "no iat", PROOF, "{" HTM HTU JTI ",\"ath\":\"%\"}", GOOD, "iat" },
    { "no jti", PROOF, "{" HTM HTU "\"iat\":@0,\"ath\":\"%\"}", GOOD, "jti" },
};

static int use_bound(struct world *w, const char *token, const char *dpop,
                     char *challenge, size_t size)
{
    char header[TOKEN_SIZE];
    struct request *r;
    int status;

    snprintf(header, sizeof(header), "DPoP %s", token);
    r = world_ask(w,
                  &(struct ask){ "GET", LIST "?limit=1", NULL, header, dpop });
    status = r->status;
    snprintf(challenge, size, "%s", r->challenge.data);
    request_free(r);
    return status;
}

static void expect_proof(struct world *w, const char *what, const char *token,
                         const char *dpop, const char *why)
{
    char challenge[1024];
    int status = use_bound(w, token, dpop, challenge, sizeof(challenge));

    if (status != (why == NULL ? 200 : 400) ||
        (why != NULL && strstr(challenge, why) == NULL))
        print_error("%s: %d %s\n", what, status, challenge);
    assert_int_equal(status, why == NULL ? 200 : 400);
    if (why == NULL)
        return;
    assert_non_null(strstr(challenge, why));
    assert_memory_equal(challenge, "DPoP algs=\"RS256 ", 17);
    assert_non_null(strstr(challenge, "error=\"invalid_dpop_proof\""));
}

/* A token bound to own_key, by way of the nonce. */
static void get_bound(struct world *w, struct tokens *out)
{
    char text[TOKEN_SIZE];
    char dpop[TOKEN_SIZE];
    char nonce[OKT_SHA256_TEXT];
    struct request *r;

    assertion(w, BOUND, text, sizeof(text));
    assert_true(dpop_nonce(&w->org, org_now(&w->org), nonce));
    proof(w, own_key, "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
    r = ask_token(w, "", text, dpop);
    assert_int_equal(r->status, 200);
    take_tokens(r, out);
    assert_string_equal(out->type, "DPoP");
}

static void with_ath(const char *claims, const char *token, char *out,
                     size_t size)
{
    const char *mark = strchr(claims, '%');
    char ath[OKT_SHA256_TEXT];

    assert_true(okt_sha256_base64url(token, strlen(token), ath));
    if (mark == NULL)
        snprintf(out, size, "%s", claims);
    else
        snprintf(out, size, "%.*s%s%s", (int)(mark - claims), claims, ath,
                 mark + 1);
}

static void no_bad_proof_is_taken(void **state)
{
    struct world *w = *state;
    struct okt_buf jwk = OKT_BUF_INIT(1024);
    struct tokens t;

    w->org.started -= 600000; /* what is too old is so by itself */
    get_bound(w, &t);
    okt_key_public_jwk(own_key, &jwk);
    for (size_t i = 0; i < ARRAY_LEN(proofs); i++) {
        char header[2048];
        char claims[1024];
        char whole[1024];
        char text[TOKEN_SIZE];

        with_ath(proofs[i].claims, t.access, claims, sizeof(claims));
        fill(w, claims, whole, sizeof(whole));
        snprintf(header, sizeof(header), "%s,\"jwk\":%s", proofs[i].header,
                 jwk.data);
        make(own_key, header, whole, proofs[i].spoil, text);
        expect_proof(w, proofs[i].what, t.access, text, proofs[i].why);
    }
    expect_proof(w, "none", t.access, NULL, "missing");
    okt_buf_free(&jwk);
}

/* RSA of 1024 bits, as a key in a proof; whatever it signs. */
#define TINY                                                                   \
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"sXchDaQebHnPiGvyDOAT4saGEUetSyo9" \
    "MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hG"  \
    "zHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4\"}"

static void a_proof_s_key_is_the_token_s(void **state)
{
    struct world *w = *state;
    struct okt_buf jwk = OKT_BUF_INIT(4096);
    struct tokens t;
    char text[TOKEN_SIZE];
    char claims[1024];

    get_bound(w, &t);
    proof(w, foreign_key, "GET", LIST, t.access, NULL, text, sizeof(text));
    expect_proof(w, "another key", t.access, text,
                 "key is not the access token's");
    fill(w, "{" HTM HTU IAT JTI "}", claims, sizeof(claims));
    make(own_key, PROOF, claims, GOOD, text);
    expect_proof(w, "no key", t.access, text, "jwk");
    make(own_key, PROOF ",\"jwk\":" TINY, claims, GOOD, text);
    expect_proof(w, "a tiny key", t.access, text, "no key that can be used");
    /* With the private half in it, "jwk" is no place for that. */
    okt_buf_str(&jwk, PROOF ",\"jwk\":");
    okt_key_private_jwk(own_key, &jwk);
    make(own_key, jwk.data, claims, GOOD, text);
    expect_proof(w, "a private key", t.access, text, "malformed");
    okt_buf_free(&jwk);
}

static void a_proof_is_good_once(void **state)
{
    struct world *w = *state;
    struct tokens t;
    char text[TOKEN_SIZE];

    get_bound(w, &t);
    proof(w, own_key, "GET", LIST, t.access, NULL, text, sizeof(text));
    expect_proof(w, "first", t.access, text, NULL);
    expect_proof(w, "again", t.access, text, "already been used");
    /* What was used before a start is not known any more; so nothing from
     * before it is taken. */
    proof(w, own_key, "GET", LIST, t.access, NULL, text, sizeof(text));
    oauth_stop(&w->org);
    org_clock_set(&w->clock, okt_clock_now() + 10, false);
    assert_true(oauth_start(&w->org, w->f.dir));
    expect_proof(w, "from before the start", t.access, text,
                 "older than this server");
}

/* A bound token is none without a proof, nor is another one with it. */
/* How long it has been there does not change with its clock. */
static void a_moved_clock_makes_no_proof_older_than_the_org(void **state)
{
    static const struct {
        int64_t moved;
        bool frozen;
    } cases[] = {
        { -86400, false },
        { -86400, true },
        { 86400, false },
        { 86400, true },
    };
    struct world *w = *state;
    struct tokens t;
    char text[TOKEN_SIZE];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        org_clock_set(&w->clock, okt_clock_now() + cases[i].moved,
                      cases[i].frozen);
        get_bound(w, &t);
        proof(w, own_key, "GET", LIST, t.access, NULL, text, sizeof(text));
        expect_proof(w, "a moved clock", t.access, text, NULL);
    }
}

static void start_with_fake_time(struct world *w, int64_t ahead)
{
    use_fake_time(&w->clock, w->opened + ahead);
    oauth_stop(&w->org);
    assert_true(oauth_start(&w->org, w->f.dir));
}

static void expect_good_proof(struct world *w, const char *what)
{
    struct tokens t;
    char text[TOKEN_SIZE];

    get_bound(w, &t);
    proof(w, own_key, "GET", LIST, t.access, NULL, text, sizeof(text));
    expect_proof(w, what, t.access, text, NULL);
}

static void a_clock_that_is_put_right_makes_no_proof_too_old(void **state)
{
    struct world *w = *state;

    start_with_fake_time(w, 3600);
    expect_good_proof(w, "an hour ahead");
    let_pass(5);
    step_wall(-3600);
    expect_good_proof(w, "put right");
    let_pass(2000);
    expect_good_proof(w, "later");
    step_wall(31 * 86400);
    expect_good_proof(w, "a month ahead");
    let_pass(2);
    step_wall(-31 * 86400);
    expect_good_proof(w, "put right again");
}

static void a_clock_that_steps_revives_no_proof(void **state)
{
    struct world *w = *state;
    struct tokens t;
    char text[TOKEN_SIZE];

    start_with_fake_time(w, 0);
    let_pass(600);
    get_bound(w, &t);
    proof(w, own_key, "GET", LIST, t.access, NULL, text, sizeof(text));
    expect_proof(w, "fresh", t.access, text, NULL);
    step_wall(1800);
    expect_proof(w, "ahead", t.access, text, "too old");
    expect_good_proof(w, "another one, ahead");
    let_pass(2);
    step_wall(-1800);
    expect_proof(w, "back", t.access, text, "already been used");
    for (int i = 0; i < 10; i++) {
        let_pass(100);
        expect_good_proof(w, "others");
    }
    step_wall(-1000);
    expect_proof(w, "far back", t.access, text, "seen before");
}

static void a_binding_can_not_be_left_out(void **state)
{
    struct world *w = *state;
    struct tokens bound;
    struct tokens loose;
    char text[TOKEN_SIZE];
    char challenge[1024];

    get_bound(w, &bound);
    assert_int_equal(use(w, "GET", LIST, &bound), 401);
    get_service_token(w, "okta.apiTokens.read", &loose);
    proof(w, own_key, "GET", LIST, loose.access, NULL, text, sizeof(text));
    assert_int_equal(use_bound(w, loose.access, text, challenge,
                               sizeof(challenge)),
                     401);
    assert_non_null(strstr(challenge, "error=\"invalid_token\""));
}

static void the_token_endpoint_wants_its_nonce(void **state)
{
    struct world *w = *state;
    char text[TOKEN_SIZE];
    char dpop[TOKEN_SIZE];
    char nonce[OKT_SHA256_TEXT];
    const char *name;
    const char *value;
    size_t at = 0;
    struct request *r;

    assertion(w, BOUND, text, sizeof(text));
    proof(w, own_key, "POST", PATH_TOKEN, NULL, NULL, dpop, sizeof(dpop));
    r = ask_token(w, "", text, dpop);
    assert_true(reply_header_next(r, &at, &name, &value));
    assert_string_equal(name, "DPoP-Nonce");
    snprintf(nonce, sizeof(nonce), "%s", value);
    refused(r, "no nonce", 400, "use_dpop_nonce", "");
    refused(ask_token(w, "", text, dpop), "the assertion is spent", 401,
            "invalid_client", "already been used");
    assertion(w, BOUND, text, sizeof(text));
    proof(w, own_key, "POST", PATH_TOKEN, NULL, "bogus", dpop, sizeof(dpop));
    refused(ask_token(w, "", text, dpop), "a nonce of nobody's", 400,
            "use_dpop_nonce", "");
    for (int day = 0; day < 4; day++) {
        org_clock_set(&w->clock, okt_clock_now() + day * 86400, false);
        assertion(w, BOUND, text, sizeof(text));
        proof(w, own_key, "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
        r = ask_token(w, "", text, dpop);
        assert_int_equal(r->status, day < 3 ? 200 : 400);
        request_free(r);
    }
}

/* --------------------------------------------------------- Access tokens -- */

static void keep_kid(const struct store_key *key, void *ctx)
{
    if (key->retired == 0)
        snprintf(ctx, 64, "%s", key->kid);
}

/* The org's own private key, out of its data folder, and a header that names
 * it. */
static okt_key *org_key(struct world *w, char header[static 256],
                        const char *more)
{
    struct okt_buf text = OKT_BUF_INIT(8192);
    char path[192];
    char kid[64] = "";
    char chunk[4096];
    okt_key *key = NULL;
    FILE *file;

    w->f.store->ops->key_each(w->f.store, keep_kid, kid);
    snprintf(path, sizeof(path), "%s/signing-%s.jwk", w->f.dir, kid);
    file = fopen(path, "r");
    assert_non_null(file);
    okt_buf_append(&text, chunk, fread(chunk, 1, sizeof(chunk), file));
    fclose(file);
    assert_null(okt_key_from_jwk(text.data, text.len, &key));
    snprintf(header, 256, "\"kid\":\"%s\",%s", kid, more);
    okt_buf_free(&text);
    return key;
}

/* Each claim of a good token changed, and signed with the org's own key: what
 * another org, or another use of the same key, could have signed. */
static void only_an_access_token_of_this_org_is_one(void **state)
{
    static const struct {
        const char *what;
        const char *header;
        const char *claims;
        int status;
    } cases[] = {
        { "a good one", "\"typ\":\"at+jwt\"",
          "\"iss\":\"" ORG "\",\"aud\":\"" ORG "\",\"iat\":@0,\"exp\":@60,"
          "\"scp\":[\"okta.apiTokens.read\"]",
          200 },
        { "another type", "\"typ\":\"JWT\"",
          "\"iss\":\"" ORG "\",\"aud\":\"" ORG "\",\"iat\":@0,\"exp\":@60,"
          "\"scp\":[\"okta.apiTokens.read\"]",
          401 },
        { "another issuer", "\"typ\":\"at+jwt\"",
          "\"iss\":\"https://evil.example\",\"aud\":\"" ORG
          "\",\"iat\":@0,\"exp\":@60,\"scp\":[\"okta.apiTokens.read\"]",
          401 },
        { "another audience", "\"typ\":\"at+jwt\"",
          "\"iss\":\"" ORG "\",\"aud\":\"api://default\",\"iat\":@0,"
          "\"exp\":@60,\"scp\":[\"okta.apiTokens.read\"]",
          401 },
        { "no end", "\"typ\":\"at+jwt\"",
          "\"iss\":\"" ORG "\",\"aud\":\"" ORG "\",\"iat\":@0,"
          "\"scp\":[\"okta.apiTokens.read\"]",
          401 },
        { "scopes that are no list", "\"typ\":\"at+jwt\"",
          "\"iss\":\"" ORG "\",\"aud\":\"" ORG "\",\"iat\":@0,\"exp\":@60,"
          "\"scp\":\"okta.apiTokens.read\"",
          401 },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct okt_buf claims = OKT_BUF_INIT(2048);
        char header[256];
        char filled[1024];
        struct tokens t;
        okt_key *key = org_key(w, header, cases[i].header);

        fill(w, cases[i].claims, filled, sizeof(filled));
        okt_buf_printf(&claims,
                       "{\"ver\":1,\"jti\":\"AT.%zu\",\"cid\":\"" SERVICE
                       "\",%s}",
                       i, filled);
        sign(key, header, claims.data, t.access, sizeof(t.access));
        if (use(w, "GET", LIST, &t) != cases[i].status)
            print_error("%s\n", cases[i].what);
        assert_int_equal(use(w, "GET", LIST, &t), cases[i].status);
        okt_key_free(key);
        okt_buf_free(&claims);
    }
}

static void a_token_that_was_touched_is_none(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct tokens touched;

    get_service_token(w, "okta.apiTokens.read", &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200); /* it is remembered */
    for (size_t at = 0; t.access[at] != '\0'; at += 37) {
        touched = t;
        touched.access[at] = touched.access[at] == 'A' ? 'B' : 'A';
        if (strcmp(touched.access, t.access) != 0)
            assert_int_equal(use(w, "GET", LIST, &touched), 401);
    }
    touched = t;
    touched.access[strlen(touched.access) - 1] = '\0';
    assert_int_equal(use(w, "GET", LIST, &touched), 401);
}

/* -------------------------------------------------- Authorization codes -- */

#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" /* of it */

static void add_code(struct world *w, const char *secret, const char *client)
{
    const struct store_code code = {
        client,
        ADA,
        "okta.apiTokens.read offline_access",
        CALLBACK,
        CHALLENGE,
        "",
        org_now(&w->org) + 60
    };
    unsigned char hash[SECRET_HASH_LEN];

    assert_true(secret_hash(secret, hash));
    assert_int_equal(w->f.store->ops->code_add(w->f.store, &code, hash),
                     STORE_OK);
}

static struct request *exchange(struct world *w, const char *code,
                                const char *more)
{
    char form[1024];

    snprintf(form, sizeof(form), "grant_type=authorization_code&code=%s&%s",
             code, more);
    return world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, NULL });
}

#define CODE_1 "00code-code-code-code-code-code-code-code1"
#define CODE_2 "00code-code-code-code-code-code-code-code2"
#define BACK "&redirect_uri=https%3A%2F%2Fsite.example%2Fcb%3Fx%3D1"
#define PKCE "&code_verifier=" VERIFIER

static void a_code_is_its_client_s_once_with_its_verifier(void **state)
{
    static const struct {
        const char *what;
        const char *form;
        int status;
        const char *error;
    } bad[] = {
        { "another client", "client_id=" OTHER BACK PKCE, 400,
          "invalid_grant" },
        { "no verifier", "client_id=" NATIVE BACK, 400, "invalid_grant" },
        { "another verifier",
          "client_id=" NATIVE BACK
          "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX",
          400, "invalid_grant" },
        { "the challenge as verifier",
          "client_id=" NATIVE BACK "&code_verifier=" CHALLENGE, 400,
          "invalid_grant" },
        { "another place",
          "client_id=" NATIVE PKCE "&redirect_uri=https://other.example/", 400,
          "invalid_grant" },
        { "no place", "client_id=" NATIVE PKCE, 400, "invalid_grant" },
        { "a service", "client_id=" SERVICE BACK PKCE, 401, "invalid_client" },
    };
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    add_code(w, CODE_1, NATIVE);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        refused(exchange(w, CODE_1, bad[i].form), bad[i].what, bad[i].status,
                bad[i].error, "");
    r = exchange(w, CODE_1, "client_id=" NATIVE BACK PKCE);
    assert_int_equal(r->status, 200);
    take_tokens(r, &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    /* Another client's try ends nothing; the client's own, all. */
    refused(exchange(w, CODE_1, "client_id=" OTHER BACK PKCE), "others", 400,
            "invalid_grant", "");
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    refused(exchange(w, CODE_1, "client_id=" NATIVE BACK PKCE), "again", 400,
            "invalid_grant", "");
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    add_code(w, CODE_2, NATIVE);
    org_clock_set(&w->clock, okt_clock_now() + 60, false);
    refused(exchange(w, CODE_2, "client_id=" NATIVE BACK PKCE), "late", 400,
            "invalid_grant", "");
}

/* The refresh token of an app that can keep no secret is its key's. */
static void a_refresh_token_is_bound_with_its_key(void **state)
{
    const okt_key *const keys[] = { foreign_key, own_key };
    struct world *w = *state;
    char nonce[OKT_SHA256_TEXT];
    char dpop[TOKEN_SIZE];
    char form[512];
    struct tokens t;
    struct request *r;

    add_code(w, CODE_1, NATIVE);
    assert_true(dpop_nonce(&w->org, org_now(&w->org), nonce));
    proof(w, own_key, "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
    r = world_ask(w, &(struct ask){ "POST", PATH_TOKEN,
                                    "grant_type=authorization_code&code=" CODE_1
                                    "&client_id=" NATIVE BACK PKCE,
                                    NULL, dpop });
    assert_int_equal(r->status, 200);
    take_tokens(r, &t);
    snprintf(form, sizeof(form),
             "grant_type=refresh_token&client_id=" NATIVE "&refresh_token=%s",
             t.refresh);
    refused(world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, NULL }),
            "no proof", 400, "invalid_dpop_proof", "another key");
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        proof(w, keys[i], "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
        r = world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, dpop });
        assert_int_equal(r->status, i == 0 ? 400 : 200);
        request_free(r);
    }
}

static int renew(struct world *w, const char *dpop, struct tokens *t)
{
    char form[512];
    struct request *r;
    int status;

    snprintf(form, sizeof(form),
             "grant_type=refresh_token&client_id=" NATIVE "&refresh_token=%s",
             t->refresh);
    r = world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, dpop });
    status = r->status;
    if (status == 200)
        take_tokens(r, t);
    else
        request_free(r);
    return status;
}

/* RFC 9449, 5: whatever is issued to who shows a key is bound to it. */
static void a_renewal_with_a_key_binds_what_comes_of_it(void **state)
{
    struct world *w = *state;
    char nonce[OKT_SHA256_TEXT];
    char dpop[TOKEN_SIZE];
    struct tokens t;
    struct request *r;

    add_code(w, CODE_1, NATIVE);
    r = world_ask(w, &(struct ask){ "POST", PATH_TOKEN,
                                    "grant_type=authorization_code&code=" CODE_1
                                    "&client_id=" NATIVE BACK PKCE,
                                    NULL, NULL });
    assert_int_equal(r->status, 200);
    take_tokens(r, &t);
    assert_int_equal(renew(w, NULL, &t), 200);
    assert_string_equal(t.type, "Bearer");
    assert_true(dpop_nonce(&w->org, org_now(&w->org), nonce));
    proof(w, own_key, "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
    assert_int_equal(renew(w, dpop, &t), 200);
    assert_string_equal(t.type, "DPoP");
    assert_int_equal(renew(w, NULL, &t), 400);
    proof(w, foreign_key, "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
    assert_int_equal(renew(w, dpop, &t), 400);
    proof(w, own_key, "POST", PATH_TOKEN, NULL, nonce, dpop, sizeof(dpop));
    assert_int_equal(renew(w, dpop, &t), 200);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, mint_set_up, mint_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_bad_assertion_is_taken),
        TEST(an_embedded_key_is_nobody),
        TEST(an_algorithm_belongs_to_its_key),
        TEST(an_assertion_is_good_once),
        TEST(a_client_is_one_thing),
        TEST(no_bad_proof_is_taken),
        TEST(a_proof_s_key_is_the_token_s),
        TEST(a_proof_is_good_once),
        TEST(a_moved_clock_makes_no_proof_older_than_the_org),
        TEST(a_clock_that_is_put_right_makes_no_proof_too_old),
        TEST(a_clock_that_steps_revives_no_proof),
        TEST(a_binding_can_not_be_left_out),
        TEST(the_token_endpoint_wants_its_nonce),
        TEST(only_an_access_token_of_this_org_is_one),
        TEST(a_token_that_was_touched_is_none),
        TEST(a_code_is_its_client_s_once_with_its_verifier),
        TEST(a_refresh_token_is_bound_with_its_key),
        TEST(a_renewal_with_a_key_binds_what_comes_of_it),
    };

    return cmocka_run_group_tests(tests, mint_keys, mint_keys_free);
}
