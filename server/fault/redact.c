/* SPDX-License-Identifier: Apache-2.0 */
/* redact.c - what looks like a secret, and what is named like one. */
#include "server/fault/redact.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/escape.h"
#include "base/mem.h"
#include "wire/id.h"
#include "wire/json.h"

enum {
    JWT_MIN = 20,
    SCHEME_MAX = 12,
    NAME_MAX_LEN = 64,
    DECODINGS = 4 /* that are looked through; beyond, all is left out */
};

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
        if (end - i < JWT_MIN || memchr(text + i, '.', end - i) == NULL) {
            i = end - 1; /* no later start within it does better */
            continue;
        }
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

/* ------------------------------------------------------------------ Names --
 */

/* Copies the letters and digits of a name, in small letters. False: it is too
 * long to be told. */
static bool plain_name(const char *name, size_t len,
                       char out[static NAME_MAX_LEN + 1])
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char c = okt_lower(name[i]);

        if (!is_word(c) || c == '-' || c == '_')
            continue;
        if (n == NAME_MAX_LEN)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

static bool has_one_of(const char *const *words, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(name, words[i]) != NULL)
            return true;
    return false;
}

/* Whether a field or member of that name holds a secret, however it is spelt:
 * "client_secret", "clientSecret", "user[password]". */
static bool is_secret_name(const char *name, size_t len)
{
    static const char *const names[] = {
        "accesstoken",  "answer",          "apitoken",   "assertion",
        "code",         "codeverifier",    "devicecode", "formtoken",
        "idtoken",      "idtokenhint",     "otp",        "pin",
        "refreshtoken", "sessiontoken",    "statetoken", "token",
        "usercode",     "clientassertion",
    };
    static const char *const parts[] = { "password",   "passwd",   "secret",
                                         "passphrase", "passcode", "apikey",
                                         "privatekey" };
    char plain[NAME_MAX_LEN + 1];

    if (!plain_name(name, len, plain))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(plain, names[i]) == 0)
            return true;
    return has_one_of(parts, ARRAY_LEN(parts), plain);
}

/* ------------------------------------------------------------- Any text -- */

/* Whether a URL in the text has a parameter that holds a secret. */
static bool has_secret_parameter(const char *text, size_t len)
{
    const char *name = NULL; /* where one began */

    for (const char *p = text; p < text + len; p++) {
        if (*p == '?' || *p == '&' || *p == '#')
            name = p + 1;
        else if (*p == '=' && name != NULL) {
            if (is_secret_name(name, (size_t)(p - name)))
                return true;
            name = NULL;
        }
    }
    return false;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = okt_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place what is percent-encoded; a broken escape stays as it is. */
static void decode(struct okt_buf *text)
{
    size_t to = 0;

    for (size_t i = 0; i < text->len; i++) {
        const char *p = text->data + i;
        int high = *p == '%' && text->len - i > 2 ? hex(p[1]) : -1;
        int low = high >= 0 ? hex(p[2]) : -1;

        if (low >= 0)
            i += 2;
        text->data[to++] = low >= 0 ? (char)(high * 16 + low) : *p;
    }
    okt_buf_cut(text, to);
}

/* Whether it has a secret, decoded, that does not show as it stands, or a URL
 * with a parameter that holds one. What can't be told has. */
static bool is_hidden(const char *text, size_t len)
{
    OKT_BUF_AUTO plain = OKT_BUF_INIT(len);
    size_t before = len;
    size_t found;

    if (has_secret_parameter(text, len))
        return true;
    if (len == 0 || memchr(text, '%', len) == NULL)
        return false;
    okt_buf_append(&plain, text, len);
    if (okt_buf_failed(&plain))
        return true;
    for (int i = 0; i < DECODINGS; i++) {
        decode(&plain);
        if (plain.len == before)
            return false;
        before = plain.len;
        if (find(plain.data, plain.len, &found) != NULL ||
            has_secret_parameter(plain.data, plain.len))
            return true;
    }
    return true;
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

/* What shows as it stands. */
static void redact_visible(struct okt_buf *out, const char *text, size_t len)
{
    const char *secret;
    size_t secret_len;

    while ((secret = find(text, len, &secret_len)) != NULL) {
        append_utf8(out, text, (size_t)(secret - text));
        okt_buf_str(out, STARS);
        len -= (size_t)(secret + secret_len - text);
        text = secret + secret_len;
    }
    append_utf8(out, text, len);
}

void redact_text(struct okt_buf *out, const char *text, size_t len)
{
    size_t shown = 0;

    okt_buf_str(out, "");
    if (!is_hidden(text, len)) {
        redact_visible(out, text, len);
        return;
    }
    while (shown < len && strchr("%?&#", text[shown]) == NULL)
        shown++;
    if (shown < len && text[shown] != '%')
        shown++;
    redact_visible(out, text, shown);
    okt_buf_str(out, STARS);
}

/* ---------------------------------------------------------------- Headers --
 */

static bool is_secret_header(const char *name)
{
    static const char *const parts[] = { "authorization", "cookie", "token" };
    char plain[NAME_MAX_LEN + 1];

    return is_secret_name(name, strlen(name)) ||
           okt_casecmp(name, "DPoP") == 0 ||
           !plain_name(name, strlen(name), plain) ||
           has_one_of(parts, ARRAY_LEN(parts), plain);
}

void redact_header(struct okt_buf *out, const char *name, const char *value)
{
    size_t word = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz");

    if (!is_secret_header(name)) {
        redact_text(out, value, strlen(value));
        return;
    }
    if ((okt_casecmp(name, "Authorization") == 0 ||
         okt_casecmp(name, "Proxy-Authorization") == 0) &&
        word <= SCHEME_MAX && value[word] == ' ')
        okt_buf_append(out, value, word + 1);
    okt_buf_str(out, STARS);
}

/* ------------------------------------------------------------------ Forms --
 */

/* Whether it may be the name of a field. What can't be is no form's. */
static bool is_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (name[i] <= ' ' || name[i] > '~' || strchr("\"'<>\\{}", name[i]))
            return false;
    return true;
}

static bool is_secret_field(const char *name, size_t len)
{
    OKT_BUF_AUTO plain = OKT_BUF_INIT(len);

    okt_buf_append(&plain, name, len);
    decode(&plain);
    return okt_buf_failed(&plain) || is_secret_name(plain.data, plain.len);
}

static void redact_field(struct okt_buf *out, const char *field, size_t len)
{
    const char *equals = memchr(field, '=', len);
    size_t name = equals != NULL ? (size_t)(equals - field) : len;

    if (!is_name(field, name)) {
        okt_buf_str(out, STARS);
        return;
    }
    if (equals == NULL || !is_secret_field(field, name)) {
        redact_text(out, field, len);
        return;
    }
    redact_text(out, field, name);
    okt_buf_str(out, "=" STARS);
}

void redact_form(struct okt_buf *out, const char *text, size_t len)
{
    okt_buf_str(out, "");
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

/* ----------------------------------------------------------------- Bodies --
 */

/* Redacts a string, or the name of a member. Returns whether it changed. */
static bool redact_string(yyjson_mut_doc *doc, yyjson_mut_val *val)
{
    const char *text = yyjson_mut_get_str(val);
    size_t len = yyjson_mut_get_len(val);
    OKT_BUF_AUTO out = OKT_BUF_INIT(4 * len + sizeof(STARS));
    yyjson_mut_val *copy;

    redact_text(&out, text, len);
    if (!okt_buf_failed(&out) && out.len == len &&
        memcmp(out.data, text, len) == 0)
        return false;
    copy = okt_buf_failed(&out) ? NULL
                                : yyjson_mut_strncpy(doc, out.data, out.len);
    if (copy != NULL)
        yyjson_mut_set_strn(val, yyjson_mut_get_str(copy), out.len);
    else
        yyjson_mut_set_str(val, STARS);
    return true;
}

/* Redacts what is in a value; secret: all of it. Returns whether it changed. No
 * deeper than OKT_JSON_DEPTH. */
static bool redact_json(yyjson_mut_doc *doc, yyjson_mut_val *val, bool secret)
{
    yyjson_mut_arr_iter items = yyjson_mut_arr_iter_with(val);
    yyjson_mut_obj_iter members = yyjson_mut_obj_iter_with(val);
    yyjson_mut_val *item;
    bool changed = false;

    while ((item = yyjson_mut_arr_iter_next(&items)) != NULL)
        changed |= redact_json(doc, item, secret);
    while ((item = yyjson_mut_obj_iter_next(&members)) != NULL) {
        bool named =
            is_secret_name(yyjson_mut_get_str(item), yyjson_mut_get_len(item));

        changed |= redact_string(doc, item);
        changed |= redact_json(doc, yyjson_mut_obj_iter_get_val(item),
                               secret || named);
    }
    if (yyjson_mut_is_ctn(val))
        return changed;
    if (secret)
        return yyjson_mut_set_str(val, STARS);
    return yyjson_mut_is_str(val) && redact_string(doc, val);
}

/* Appends what was read as JSON: as it came where nothing has to be left out.
 */
static void append_json(struct okt_buf *out, yyjson_doc *json, const char *text,
                        size_t len)
{
    OKT_JSON_WRITER_AUTO w;
    yyjson_mut_val *root;

    okt_json_begin_secret(&w);
    root = w.doc != NULL ? yyjson_val_mut_copy(w.doc, yyjson_doc_get_root(json))
                         : NULL;
    if (root == NULL) {
        okt_buf_str(out, STARS);
        return;
    }
    if (!redact_json(w.doc, root, false)) {
        redact_text(out, text, len);
        return;
    }
    yyjson_mut_doc_set_root(w.doc, root);
    okt_json_print(&w, out);
}

void redact_body(struct okt_buf *out, const char *text, size_t len, bool form)
{
    AUTO(yyjson_doc) json = NULL;
    const char *why;
    bool no_memory;

    json = okt_json_read_secret(text, len, &why, &no_memory);
    if (json != NULL)
        append_json(out, json, text, len);
    else if (form)
        redact_form(out, text, len);
    else
        okt_buf_str(out, STARS);
}
