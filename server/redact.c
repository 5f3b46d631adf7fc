/* SPDX-License-Identifier: Apache-2.0 */
/* redact.c - what looks like a secret, and what is named like one. */
#include "redact.h"

#include <stdint.h>
#include <string.h>

#include "ascii.h"
#include "escape.h"
#include "id.h"
#include "mem.h"
#include "percent.h"

enum { JWT_MIN = 20, SCHEME_MAX = 12, NAME_MAX_LEN = 64 };

#define STARS "***"
#define JWT_START "eyJ" /* {" in base64url */

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

/* Three parts in base64url, or two, with dots between them. NULL: none. */
static const char *find_jwt(const char *text, size_t text_len, size_t *len)
{
    for (size_t i = 0; i + JWT_MIN <= text_len; i++) {
        size_t end = i;

        if (memcmp(text + i, JWT_START, strlen(JWT_START)) != 0)
            continue;
        while (end < text_len && (is_word(text[end]) || text[end] == '.'))
            end++;
        if (end - i < JWT_MIN || memchr(text + i, '.', end - i) == NULL)
            continue;
        *len = end - i;
        return text + i;
    }
    return NULL;
}

static const char *find(const char *text, size_t text_len, size_t *len)
{
    size_t secret_len = 0;
    size_t jwt_len = 0;
    const char *secret = okt_secret_find(text, text_len, &secret_len);
    const char *jwt = find_jwt(text, text_len, &jwt_len);
    const char *first =
        secret != NULL && (jwt == NULL || secret < jwt) ? secret : jwt;

    *len = first == secret ? secret_len : jwt_len;
    return first;
}

/* Whether, decoded, it has a secret that does not show as it stands. */
static bool is_hidden(const char *text, size_t len)
{
    OKT_BUF_AUTO plain = OKT_BUF_INIT(len);
    size_t found;

    if (len == 0 || memchr(text, '%', len) == NULL)
        return false;
    okt_percent_decode(text, len, &plain);
    return plain.len > 0 && find(plain.data, plain.len, &found) != NULL;
}

static void append_utf8(struct okt_buf *out, const char *text, size_t len)
{
    while (len > 0) {
        int32_t cp;
        size_t n = okt_utf8_next(text, len, &cp);

        if (cp < 0)
            okt_buf_str(out, "\xef\xbf\xbd");
        else
            okt_buf_append(out, text, n);
        text += n;
        len -= n;
    }
}

void redact_text(struct okt_buf *out, const char *text, size_t len)
{
    const char *secret;
    size_t secret_len;

    while ((secret = find(text, len, &secret_len)) != NULL) {
        append_utf8(out, text, (size_t)(secret - text));
        okt_buf_str(out, STARS);
        len -= (size_t)(secret + secret_len - text);
        text = secret + secret_len;
    }
    if (is_hidden(text, len))
        okt_buf_str(out, STARS);
    else
        append_utf8(out, text, len);
}

/* ---------------------------------------------------------------- Headers --
 */

static bool is_one_of(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (okt_casecmp(names[i], name) == 0)
            return true;
    return false;
}

void redact_header(struct okt_buf *out, const char *name, const char *value)
{
    static const char *const secret[] = { "Authorization", "Cookie", "DPoP",
                                          "Proxy-Authorization", "X-Api-Key" };
    static const char *const schemed[] = { "Authorization",
                                           "Proxy-Authorization" };
    size_t word = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz");

    if (!is_one_of(secret, ARRAY_LEN(secret), name)) {
        redact_text(out, value, strlen(value));
        return;
    }
    if (is_one_of(schemed, ARRAY_LEN(schemed), name) && word <= SCHEME_MAX &&
        value[word] == ' ')
        okt_buf_append(out, value, word + 1);
    okt_buf_str(out, STARS);
}

/* ------------------------------------------------------------------ Forms --
 */

static bool is_secret_field(const char *name, size_t len)
{
    static const char *const names[] = {
        "access_token", "assertion",     "client_assertion", "client_secret",
        "code",         "code_verifier", "device_code",      "form_token",
        "id_token",     "id_token_hint", "password",         "refresh_token",
        "token",        "user_code",
    };
    OKT_BUF_AUTO plain = OKT_BUF_INIT(NAME_MAX_LEN);

    return okt_percent_decode(name, len, &plain) &&
           is_one_of(names, ARRAY_LEN(names), plain.data);
}

static void redact_field(struct okt_buf *out, const char *field, size_t len)
{
    const char *equals = memchr(field, '=', len);
    size_t name = equals != NULL ? (size_t)(equals - field) : len;

    if (equals == NULL || !is_secret_field(field, name)) {
        redact_text(out, field, len);
        return;
    }
    okt_buf_append(out, field, name + 1);
    okt_buf_str(out, STARS);
}

void redact_form(struct okt_buf *out, const char *text, size_t len)
{
    while (len > 0) {
        const char *amp = memchr(text, '&', len);
        size_t n = amp != NULL ? (size_t)(amp - text) : len;

        redact_field(out, text, n);
        if (amp == NULL)
            return;
        okt_buf_char(out, '&');
        text += n + 1;
        len -= n + 1;
    }
}
