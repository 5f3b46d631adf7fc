/* SPDX-License-Identifier: Apache-2.0 */
/* config.c - okta_config: the keys, their forms, and which source wins. */
#include "lib/config/config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/escape.h"
#include "wire/id.h"
#include "wire/loose.h"

enum {
    VALUE_MAX = 64 * 1024,
    LINE_MAX_LEN = 16 * 1024, /* room for two paths */
    TIMEOUT_MS_MAX = 24 * 3600 * 1000,
    RETRIES_MAX = 1000,
    BACKOFF_MAX = 24 * 3600
};

/* ----------------------------------------------------------- One form -- */

#define BLANKS " \t\r\n"
#define SSWS "SSWS"
#define PRIVATE_KEY "PrivateKey"

/* The text without what stands around it: env files keep quotes, editors write
 * byte order marks and CRs. */
static struct okt_span trim(const char *text)
{
    return okt_bare((struct okt_span){ text, strlen(text) });
}

bool okt_config_is_blank(const char *text)
{
    return trim(text).len == 0;
}

bool okt_config_is_on(const char *text)
{
    static const char *const offs[] = { "false", "no", "off", "0" };
    struct okt_span span = trim(text);

    for (size_t i = 0; i < ARRAY_LEN(offs); i++)
        if (span.len == strlen(offs[i]) &&
            okt_ncasecmp(span.data, offs[i], span.len) == 0)
            return false;
    return span.len > 0;
}

/* One line of text. */
static okta_status add_line(struct okt_span span, struct okt_buf *out,
                            okta_error *why)
{
    if (span.len == 0)
        return okt_fail(why, OKTA_ERR_CONFIG, "is empty");
    for (size_t i = 0; i < span.len; i++)
        if ((unsigned char)span.data[i] < ' ' || span.data[i] == 0x7f)
            return okt_fail(why, OKTA_ERR_CONFIG, "holds a control character");
    okt_buf_append(out, span.data, span.len);
    return OKTA_OK;
}

static okta_status read_line(const struct okt_config_input *in,
                             struct okt_buf *out, long *number, okta_error *why)
{
    (void)number;
    return add_line(trim(in->text), out, why);
}

static okta_status read_token(const struct okt_config_input *in,
                              struct okt_buf *out, long *number,
                              okta_error *why)
{
    (void)number;
    return add_line(okt_bare_token(trim(in->text)), out, why);
}

/* A password may begin and end with quotes of its own. */
static okta_status read_verbatim(const struct okt_config_input *in,
                                 struct okt_buf *out, long *number,
                                 okta_error *why)
{
    struct okt_span span = { in->text, strlen(in->text) };

    (void)number;
    return add_line(okt_trim(span), out, why);
}

static okta_status read_org(const struct okt_config_input *in,
                            struct okt_buf *out, long *number, okta_error *why)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(VALUE_MAX);
    AUTO(char) url = NULL;
    okta_error inner = { .status = OKTA_OK };
    okta_status st = read_line(in, &line, number, why);

    if (st != OKTA_OK)
        return st;
    okt_buf_append(&line, "", 0);
    if (okt_buf_failed(&line)) {
        out->state = line.state;
        return OKTA_OK;
    }
    st = okt_org_url(line.data, &url, &inner);
    if (st == OKTA_ERR_MEMORY)
        return okt_fail_memory(why);
    if (st != OKTA_OK)
        return okt_fail(why, OKTA_ERR_CONFIG, "is not usable: %s",
                        inner.message);
    okt_buf_str(out, url);
    return OKTA_OK;
}

static okta_status read_mode(const struct okt_config_input *in,
                             struct okt_buf *out, long *number, okta_error *why)
{
    static const struct {
        const char *written;
        const char *meant;
    } modes[] = {
        { "SSWS", "SSWS" },          { "Bearer", "Bearer" },
        { "BearerToken", "Bearer" }, { "PrivateKey", "PrivateKey" },
        { "JWK", "PrivateKey" },     { "JWT", "PrivateKey" },
    };
    struct okt_span span = trim(in->text);

    (void)number;
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        if (span.len != strlen(modes[i].written) ||
            okt_ncasecmp(span.data, modes[i].written, span.len) != 0)
            continue;
        okt_buf_str(out, modes[i].meant);
        return OKTA_OK;
    }
    return okt_fail(why, OKTA_ERR_CONFIG,
                    "is not one of SSWS, Bearer, PrivateKey");
}

/* A list by comma or white space, as the SDKs have it in the environment. */
static okta_status read_scopes(const struct okt_config_input *in,
                               struct okt_buf *out, long *number,
                               okta_error *why)
{
    struct okt_span span = trim(in->text);
    const char *end = span.data + span.len;

    (void)number;
    for (const char *p = span.data; p < end; p++) {
        size_t len = strcspn(p, "," BLANKS);

        if (len > (size_t)(end - p))
            len = (size_t)(end - p);
        for (size_t i = 0; i < len; i++)
            if (p[i] <= ' ' || p[i] > '~')
                return okt_fail(why, OKTA_ERR_CONFIG,
                                "holds what can't be a scope");
        if (out->len > 0 && len > 0)
            okt_buf_char(out, ' ');
        okt_buf_append(out, p, len);
        p += len;
    }
    if (out->len == 0 && !okt_buf_failed(out))
        return okt_fail(why, OKTA_ERR_CONFIG, "is empty");
    return OKTA_OK;
}

bool okt_config_is_key(const char *text)
{
    return strstr(text, "-----BEGIN") != NULL || *trim(text).data == '{';
}

/* A path. What is relative begins at the folder of the file that says so. */
static okta_status read_path(const struct okt_config_input *in,
                             struct okt_buf *out, long *number, okta_error *why)
{
    struct okt_span span = trim(in->text);

    *number = span.len > 0 && span.data[0] != '/';
    if (*number != 0 && in->folder != NULL)
        okt_buf_printf(out, "%s/", in->folder);
    return add_line(span, out, why);
}

/* A PEM or JWK, which is kept as it is, or the path of one. */
static okta_status read_key(const struct okt_config_input *in,
                            struct okt_buf *out, long *number, okta_error *why)
{
    if (okt_config_is_blank(in->text))
        return okt_fail(why, OKTA_ERR_CONFIG, "is empty");
    if (!okt_config_is_key(in->text))
        return read_path(in, out, number, why);
    okt_buf_str(out, in->text);
    return OKTA_OK;
}

/* Digits alone, no more than nine: -1 if it is anything else. */
static long whole(struct okt_span span)
{
    long value = 0;

    if (span.len == 0 || span.len > 9)
        return -1;
    for (size_t i = 0; i < span.len; i++) {
        if (span.data[i] < '0' || span.data[i] > '9')
            return -1;
        value = value * 10 + (span.data[i] - '0');
    }
    return value;
}

static okta_status read_whole(const struct okt_config_input *in, long min,
                              long max, struct okt_buf *out, long *number,
                              okta_error *why)
{
    *number = whole(trim(in->text));
    if (*number < min || *number > max)
        return okt_fail(why, OKTA_ERR_CONFIG,
                        "is not a whole number from %ld to %ld", min, max);
    okt_buf_printf(out, "%ld", *number);
    return OKTA_OK;
}

static okta_status read_retries(const struct okt_config_input *in,
                                struct okt_buf *out, long *number,
                                okta_error *why)
{
    return read_whole(in, 0, RETRIES_MAX, out, number, why);
}

static okta_status read_backoff(const struct okt_config_input *in,
                                struct okt_buf *out, long *number,
                                okta_error *why)
{
    return read_whole(in, 0, BACKOFF_MAX, out, number, why);
}

static okta_status read_port(const struct okt_config_input *in,
                             struct okt_buf *out, long *number, okta_error *why)
{
    return read_whole(in, 1, 65535, out, number, why);
}

/*
 * Seconds, with up to three decimals, as milliseconds; from 1000 on they are
 * .NET's milliseconds. -1 if it is neither.
 */
static long milliseconds(struct okt_span span)
{
    const char *dot = memchr(span.data, '.', span.len);
    struct okt_span decimals = { NULL, 0 };
    long ms;

    if (dot != NULL) {
        decimals.data = dot + 1;
        decimals.len = (size_t)(span.data + span.len - decimals.data);
        span.len = (size_t)(dot - span.data);
    }
    ms = whole(span);
    if (ms < 0 || ms >= 1000)
        return dot == NULL ? ms : -1;
    ms *= 1000;
    if (dot == NULL)
        return ms;
    if (decimals.len > 3 || whole(decimals) < 0)
        return -1;
    for (size_t i = 0, unit = 100; i < decimals.len; i++, unit /= 10)
        ms += (decimals.data[i] - '0') * (long)unit;
    return ms;
}

static okta_status read_seconds(const struct okt_config_input *in,
                                struct okt_buf *out, long *number,
                                okta_error *why)
{
    *number = milliseconds(trim(in->text));
    if (*number < 0 || *number > TIMEOUT_MS_MAX)
        return okt_fail(why, OKTA_ERR_CONFIG,
                        "is neither seconds below 1000 nor milliseconds up to "
                        "%d",
                        TIMEOUT_MS_MAX);
    okt_buf_printf(out, "%ld", *number / 1000);
    if (*number % 1000 == 0 || okt_buf_failed(out))
        return OKTA_OK;
    okt_buf_printf(out, ".%03ld", *number % 1000);
    while (!okt_buf_failed(out) && out->data[out->len - 1] == '0')
        out->data[--out->len] = '\0';
    return OKTA_OK;
}

/* How long the scheme at its beginning is, "://" included; 0: it has none. */
static size_t proxy_scheme(struct okt_span span)
{
    static const char *const schemes[] = { "http://", "https://", "socks5://",
                                           "socks5h://" };

    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        size_t len = strlen(schemes[i]);

        if (span.len >= len && okt_ncasecmp(span.data, schemes[i], len) == 0)
            return len;
    }
    return 0;
}

/* A host, with or without a scheme and a port. The program's own may be empty:
 * no proxy at all, the environment's neither. */
static okta_status read_proxy(const struct okt_config_input *in,
                              struct okt_buf *out, long *number,
                              okta_error *why)
{
    struct okt_span span = trim(in->text);
    size_t scheme = proxy_scheme(span);

    (void)number;
    if (span.len == 0 && in->source == OKTA_SOURCE_PROGRAM)
        return OKTA_OK;
    if (memchr(span.data, '@', span.len) != NULL)
        return okt_fail(why, OKTA_ERR_CONFIG,
                        "must not hold a user or a password: they have keys "
                        "of their own");
    while (span.len > scheme && span.data[span.len - 1] == '/')
        span.len--;
    if (span.len == scheme)
        return okt_fail(why, OKTA_ERR_CONFIG, "is empty");
    for (size_t i = scheme; i < span.len; i++)
        if (strchr("-.:[]_0123456789"
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "abcdefghijklmnopqrstuvwxyz",
                   span.data[i]) == NULL)
            return okt_fail(why, OKTA_ERR_CONFIG,
                            "is no host and no URL of a proxy");
    okt_buf_append(out, span.data, span.len);
    return OKTA_OK;
}

/* --------------------------------------------------------------- The keys --
 */

/* clang-format off */
const struct okt_config_row okt_config_rows[OKT_KEY_COUNT] = {
    [OKT_KEY_ORG_URL] = {
        { "orgUrl", "oktaDomain" },                read_org,     false, true  },
    [OKT_KEY_TOKEN] = {
        { "token" },                               read_token,   true,  false },
    [OKT_KEY_AUTHORIZATION_MODE] = {
        { "authorizationMode" },                   read_mode,    false, false },
    [OKT_KEY_CLIENT_ID] = {
        { "clientId" },                            read_line,    false, true  },
    [OKT_KEY_SCOPES] = {
        { "scopes" },                              read_scopes,  false, true  },
    [OKT_KEY_PRIVATE_KEY] = {
        { "privateKey", "jwk" },                   read_key,     true,  false },
    [OKT_KEY_PRIVATE_KEY_ID] = {
        { "privateKeyId", "keyId", "kid" },        read_line,    false, true  },
    [OKT_KEY_CONNECTION_TIMEOUT] = {
        { "connectionTimeout" },                   read_seconds, false, true  },
    [OKT_KEY_REQUEST_TIMEOUT] = {
        { "requestTimeout" },                      read_seconds, false, true  },
    [OKT_KEY_MAX_RETRIES] = {
        { "rateLimit.maxRetries", "maxRetries" },  read_retries, false, false },
    [OKT_KEY_MAX_BACKOFF] = {
        { "rateLimit.maxBackoff" },                read_backoff, false, true  },
    [OKT_KEY_PROXY_HOST] = {
        { "proxy.host" },                          read_proxy,   false, true  },
    [OKT_KEY_PROXY_PORT] = {
        { "proxy.port" },                          read_port,    false, true  },
    [OKT_KEY_PROXY_USERNAME] = {
        { "proxy.username" },                      read_verbatim, false, true  },
    [OKT_KEY_PROXY_PASSWORD] = {
        { "proxy.password" },                      read_verbatim, true,  true  },
    [OKT_KEY_CA_FILE] = {
        { "caFile" },                              read_path,     false, true  },
    [OKT_KEY_CA_DIR] = {
        { "caDir" },                               read_path,     false, true  },
    [OKT_KEY_ACCESS_TOKEN] = {
        { "accessToken", "oauth2.accessToken" },   read_token,    true,  false },
};
/* clang-format on */

/* OKT_KEYS_PUBLIC for one that is none. */
static size_t find_key(const char *key)
{
    size_t i = 0;

    while (i < OKT_KEYS_PUBLIC &&
           strcmp(okt_config_rows[i].spellings[0], key) != 0)
        i++;
    return i;
}

size_t okta_config_key_count(void)
{
    return OKT_KEYS_PUBLIC;
}

const char *okta_config_key(size_t i)
{
    return i < OKT_KEYS_PUBLIC ? okt_config_rows[i].spellings[0] : NULL;
}

bool okta_config_is_secret(const char *key)
{
    for (size_t i = 0; i < OKT_KEY_COUNT; i++)
        if (strcmp(okt_config_rows[i].spellings[0], key) == 0)
            return okt_config_rows[i].secret;
    return false;
}

/* ---------------------------------------------------------------- Storing --
 */

static void slot_clear(struct okt_config_slot *slot)
{
    okt_free_secret(slot->text);
    free(slot->origin);
    *slot = (struct okt_config_slot){ .text = NULL };
}

void okta_config_free(okta_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < OKT_KEY_COUNT; i++)
        for (size_t j = 0; j < ARRAY_LEN(config->slots[i]); j++)
            slot_clear(&config->slots[i][j]);
    free(config);
}

/* Brings the input into its form, or says where what is wrong. */
static okta_status normalise(const struct okt_config_row *row,
                             const struct okt_config_input *in,
                             struct okt_buf *out, long *number, okta_error *err)
{
    okta_status bad =
        in->source == OKTA_SOURCE_PROGRAM ? OKTA_ERR_ARGUMENT : OKTA_ERR_CONFIG;
    okta_error why = { .status = OKTA_OK };
    okta_status st;

    if (!row->secret && okt_has_secret(in->text))
        return okt_fail(err, bad, "%s: %s holds what looks like a token",
                        in->origin, in->name);
    st = row->read(in, out, number, &why);
    if (st == OKTA_ERR_MEMORY || out->state == OKT_BUF_NO_MEMORY)
        return okt_fail_memory(err);
    if (st != OKTA_OK)
        return okt_fail(err, bad, "%s: %s %s", in->origin, in->name,
                        why.message);
    if (out->state == OKT_BUF_FULL)
        return okt_fail(err, bad, "%s: %s is over %zu bytes", in->origin,
                        in->name, out->max);
    return OKTA_OK;
}

okta_status okt_config_put(okta_config *config, enum okt_config_key key,
                           const struct okt_config_input *in, okta_error *err)
{
    struct okt_config_slot *slot = &config->slots[key][in->source];
    OKT_BUF_AUTO out = OKT_BUF_INIT(VALUE_MAX);
    AUTO(okt_secret) text = NULL;
    AUTO(char) origin = NULL;
    long number = 0;
    okta_status st = normalise(&okt_config_rows[key], in, &out, &number, err);

    if (st == OKTA_OK)
        st = okt_copy(in->origin, &origin, err);
    if (st != OKTA_OK)
        return st;
    text = okt_buf_take(&out);
    if (text == NULL)
        return okt_fail_memory(err);
    if (slot->text != NULL && in->source != OKTA_SOURCE_PROGRAM) {
        if (strcmp(slot->text, text) == 0)
            return OKTA_OK;
        return okt_fail(err, OKTA_ERR_CONFIG, "%s: %s is not what %s says",
                        in->origin, in->name, slot->origin);
    }
    slot_clear(slot);
    slot->text = TAKE(text);
    slot->origin = TAKE(origin);
    slot->number = number;
    return OKTA_OK;
}

okta_status okta_config_set(okta_config *config, const char *key,
                            const char *value, const char *origin,
                            okta_error *err)
{
    size_t i = find_key(key);
    struct okt_config_input in = { OKTA_SOURCE_PROGRAM, key,
                                   origin != NULL ? origin : "the program",
                                   value, NULL };

    if (i == OKT_KEYS_PUBLIC)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "no such setting: %s", key);
    if (value == NULL) {
        slot_clear(&config->slots[i][OKTA_SOURCE_PROGRAM]);
        return OKTA_OK;
    }
    return okt_config_put(config, (enum okt_config_key)i, &in, err);
}

/* --------------------------------------------------------- What is in force --
 */

/* The highest source that has the key, NONE if there is none. */
static okta_source highest(const okta_config *config, enum okt_config_key key,
                           bool with_folder)
{
    int source = OKTA_SOURCE_PROGRAM;

    while (source > OKTA_SOURCE_NONE &&
           (config->slots[key][source].text == NULL ||
            (source == OKTA_SOURCE_FOLDER_FILE && !with_folder)))
        source--;
    return (okta_source)source;
}

static const struct okt_config_slot *
slot_of(const okta_config *config, enum okt_config_key key, okta_source from,
        okta_source *source)
{
    if (source != NULL)
        *source = from;
    return from == OKTA_SOURCE_NONE ? NULL : &config->slots[key][from];
}

/*
 * The mode that is set. Without one, a private key and a client id mean
 * PrivateKey, unless there is a token from the same source or a higher one,
 * which the SDKs would send. *from: what it is by, NONE if it is the default.
 */
static const char *find_mode(const okta_config *config, bool with_folder,
                             okta_source *from)
{
    okta_source key = highest(config, OKT_KEY_PRIVATE_KEY, with_folder);
    bool own = key == OKTA_SOURCE_FOLDER_FILE;

    *from = highest(config, OKT_KEY_AUTHORIZATION_MODE, with_folder);
    if (*from != OKTA_SOURCE_NONE)
        return config->slots[OKT_KEY_AUTHORIZATION_MODE][*from].text;
    if (key <= highest(config, OKT_KEY_TOKEN, with_folder) ||
        highest(config, OKT_KEY_CLIENT_ID, own) == OKTA_SOURCE_NONE)
        return SSWS;
    *from = key;
    return PRIVATE_KEY;
}

/*
 * What "token" is. The SDKs keep an access token in two places: in "token"
 * with the mode Bearer (Go, Node, Python), or in "accessToken" with Bearer
 * (.NET) or PrivateKey (Java), beside an API token that then is not used.
 */
static const struct okt_config_slot *
token_slot(const okta_config *config, const char *mode, okta_source *source)
{
    okta_source token = highest(config, OKT_KEY_TOKEN, true);
    okta_source access = highest(config, OKT_KEY_ACCESS_TOKEN, true);

    if (strcmp(mode, PRIVATE_KEY) == 0)
        return slot_of(config, OKT_KEY_ACCESS_TOKEN, access, source);
    if (strcmp(mode, "Bearer") == 0 && access >= token)
        return slot_of(config, OKT_KEY_ACCESS_TOKEN, access, source);
    return slot_of(config, OKT_KEY_TOKEN, token, source);
}

static const struct okt_config_slot *
credential_slot(const okta_config *config, const char *mode,
                okta_source *source)
{
    const struct okt_config_slot *slot = token_slot(config, mode, source);

    if (slot != NULL || strcmp(mode, PRIVATE_KEY) != 0)
        return slot;
    return slot_of(config, OKT_KEY_PRIVATE_KEY,
                   highest(config, OKT_KEY_PRIVATE_KEY, true), source);
}

/* What the folder's file says of a credential from elsewhere is passed over. */
static const char *mode_in_force(const okta_config *config, okta_source *from)
{
    const char *mode = find_mode(config, true, from);
    okta_source credential;

    if (*from != OKTA_SOURCE_FOLDER_FILE)
        return mode;
    credential_slot(config, mode, &credential);
    if (credential == OKTA_SOURCE_FOLDER_FILE)
        return mode;
    return find_mode(config, false, from);
}

bool okt_config_mode_is(const okta_config *config, const char *mode)
{
    okta_source from;

    return strcmp(mode_in_force(config, &from), mode) == 0;
}

const struct okt_config_slot *okt_config_credential(const okta_config *config,
                                                    okta_source *source)
{
    okta_source from;

    return credential_slot(config, mode_in_force(config, &from), source);
}

/* A mode that nobody wrote down, but that the key and the client id mean. */
static const struct okt_config_slot *mode_slot(const okta_config *config,
                                               okta_source *source)
{
    static const struct okt_config_slot meant = {
        .text = (char *)(uintptr_t)PRIVATE_KEY,
        .origin = (char *)(uintptr_t)"privateKey and clientId"
    };
    okta_source from;

    mode_in_force(config, &from);
    if (source != NULL)
        *source = from;
    if (from == OKTA_SOURCE_NONE)
        return NULL;
    return config->slots[OKT_KEY_AUTHORIZATION_MODE][from].text != NULL
               ? &config->slots[OKT_KEY_AUTHORIZATION_MODE][from]
               : &meant;
}

const struct okt_config_slot *okt_config_slot(const okta_config *config,
                                              enum okt_config_key key,
                                              okta_source *source)
{
    okta_source credential = config->other;
    okta_source from;
    bool with_folder;

    if (key == OKT_KEY_TOKEN)
        return token_slot(config, mode_in_force(config, &from), source);
    if (key == OKT_KEY_AUTHORIZATION_MODE)
        return mode_slot(config, source);
    if (credential == OKTA_SOURCE_NONE)
        okt_config_credential(config, &credential);
    with_folder =
        !okt_config_rows[key].guarded || credential == OKTA_SOURCE_FOLDER_FILE;
    return slot_of(config, key, highest(config, key, with_folder), source);
}

static const struct okt_config_slot *
named_slot(const okta_config *config, const char *key, okta_source *source)
{
    size_t i = find_key(key);

    *source = OKTA_SOURCE_NONE;
    return i < OKT_KEYS_PUBLIC
               ? okt_config_slot(config, (enum okt_config_key)i, source)
               : NULL;
}

const char *okta_config_get(const okta_config *config, const char *key)
{
    okta_source source;
    const struct okt_config_slot *slot = named_slot(config, key, &source);

    return slot != NULL ? slot->text : NULL;
}

okta_source okta_config_source(const okta_config *config, const char *key)
{
    okta_source source;

    named_slot(config, key, &source);
    return source;
}

const char *okta_config_origin(const okta_config *config, const char *key)
{
    okta_source source;
    const struct okt_config_slot *slot = named_slot(config, key, &source);

    return slot != NULL ? slot->origin : "";
}

/* ---------------------------------------------------------------- Loading --
 */

void okt_config_warn(const okta_config *config, const char *fmt, ...)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(LINE_MAX_LEN);
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_MAX_LEN * 8);
    va_list args;

    if (config->log == NULL)
        return;
    va_start(args, fmt);
    okt_buf_vprintf(&text, fmt, args);
    va_end(args);
    if (okt_buf_failed(&text))
        return;
    okt_escape(&line, text.data, text.len);
    if (!okt_buf_failed(&line))
        config->log(config->log_ctx, OKTA_LOG_WARNING, line.data);
}

okta_status okta_config_load(const okta_config_options *options,
                             okta_config **out, okta_error *err)
{
    okta_config_options ours = OKTA_CONFIG_OPTIONS_INIT;
    AUTO(okta_config) config = NULL;
    okta_status st = okt_take_options(&ours, sizeof(ours), options,
                                      "OKTA_CONFIG_OPTIONS_INIT", err);

    if (st != OKTA_OK)
        return st;
    config = calloc(1, sizeof(*config));
    if (config == NULL)
        return okt_fail_memory(err);
    config->log = ours.log;
    config->log_ctx = ours.log_ctx;
    st = okt_config_read_files(config, &ours, err);
    if (st == OKTA_OK && !ours.no_environment)
        st = okt_config_read_environment(config, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(config);
    return OKTA_OK;
}
