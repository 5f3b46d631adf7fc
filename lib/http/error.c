/* SPDX-License-Identifier: Apache-2.0 */
/* error.c - filling okta_error, and what a failed response means. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/escape.h"
#include "lib/internal.h"
#include "sys/clock.h"
#include "wire/error_json.h"
#include "wire/id.h"

/* clang-format off */
static const char *const names[] = {
    [OKTA_OK]             = "ok",
    [OKTA_DONE]           = "done",
    [OKTA_ERR_ARGUMENT]   = "invalid argument",
    [OKTA_ERR_CONFIG]     = "invalid configuration",
    [OKTA_ERR_MEMORY]     = "out of memory",
    [OKTA_ERR_CANCELLED]  = "cancelled",
    [OKTA_ERR_NETWORK]    = "network failure",
    [OKTA_ERR_TIMEOUT]    = "timed out",
    [OKTA_ERR_TLS]        = "certificate not trusted",
    [OKTA_ERR_PROTOCOL]   = "protocol violation",
    [OKTA_ERR_TOO_LARGE]  = "too large",
    [OKTA_ERR_AUTH]       = "not authenticated",
    [OKTA_ERR_FORBIDDEN]  = "forbidden",
    [OKTA_ERR_NOT_FOUND]  = "not found",
    [OKTA_ERR_RATE_LIMIT] = "rate limited",
    [OKTA_ERR_REQUEST]    = "request refused",
    [OKTA_ERR_SERVER]     = "server failure",
};
/* clang-format on */

const char *okta_status_name(okta_status status)
{
    if ((int)status < 0 || (size_t)status >= ARRAY_LEN(names))
        return "unknown status";
    return names[status];
}

const char *okta_version(void)
{
    return OKTA_VERSION;
}

/* Copies text without what has the shape of a secret. */
static void redact(struct okt_buf *out, const char *text)
{
    const char *end = text + strlen(text);
    const char *secret;
    size_t len;

    while ((secret = okt_secret_find(text, (size_t)(end - text), &len)) !=
           NULL) {
        okt_buf_append(out, text, (size_t)(secret - text));
        okt_buf_str(out, "[redacted]");
        text = secret + len;
    }
    okt_buf_str(out, text);
}

/* Copies as much of text as fits, whole characters and escapes only. */
static void copy_cut(char *to, size_t size, const char *text)
{
    size_t len = strlen(text);

    if (len >= size) {
        len = size - 4;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
        memcpy(to, text, len);
        memcpy(to + len, "...", 4);
        return;
    }
    memcpy(to, text, len + 1);
}

enum { RAW_MAX = 8192, CLOCK_S = 30 };

/* Escapes and redacts foreign text into a field of okta_error. */
static void set_text(char *to, size_t size, const char *text)
{
    OKT_BUF_AUTO safe = OKT_BUF_INIT(8 * RAW_MAX);
    OKT_BUF_AUTO escaped = OKT_BUF_INIT(8 * RAW_MAX);

    redact(&safe, text);
    if (!okt_buf_failed(&safe))
        okt_escape(&escaped, safe.data, safe.len);
    okt_buf_append(&escaped, "", 0);
    copy_cut(to, size,
             okt_buf_failed(&escaped) || okt_buf_failed(&safe)
                 ? "out of memory for the message"
                 : escaped.data);
}

void okt_set_error(okta_error *err, okta_status status, const char *fmt, ...)
{
    char text[RAW_MAX];
    va_list args;

    if (err == NULL)
        return;
    *err = (okta_error){ .status = status };
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    set_text(err->message, sizeof(err->message), text);
    okt_wipe(text, sizeof(text));
}

okta_status okt_check_buf(const struct okt_buf *buf, const char *what,
                          okta_error *err)
{
    if (buf->state == OKT_BUF_OK)
        return OKTA_OK;
    if (buf->state == OKT_BUF_NO_MEMORY)
        return okt_fail_memory(err);
    return okt_fail(err, OKTA_ERR_TOO_LARGE, "%s is over %zu bytes", what,
                    buf->max);
}

okta_status okt_copy(const char *text, char **out, okta_error *err)
{
    char *copy = NULL;

    if (text != NULL) {
        copy = strdup(text);
        if (copy == NULL)
            return okt_fail_memory(err);
    }
    *out = copy;
    return OKTA_OK;
}

okta_status okt_take_options(void *to, size_t size, const void *from,
                             const char *init, okta_error *err)
{
    size_t theirs = from != NULL ? *(const size_t *)from : 0;

    if (from == NULL)
        return OKTA_OK;
    if (theirs > size || theirs < sizeof(size_t))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "options of another version of libokta: begin with %s",
                        init);
    memcpy(to, from, theirs);
    *(size_t *)to = size;
    return OKTA_OK;
}

/* --------------------------------------------------- Failed responses -- */

/* Okta answers 400 to a DPoP proof that it refuses. */
static okta_status status_of(const okta_response *response)
{
    int http = response->status;

    if (http == 401 ||
        (http == 400 &&
         okt_response_challenges(response, "invalid_dpop_proof")))
        return OKTA_ERR_AUTH;
    if (http == 403)
        return OKTA_ERR_FORBIDDEN;
    if (http == 404)
        return OKTA_ERR_NOT_FOUND;
    if (http == 429)
        return OKTA_ERR_RATE_LIMIT;
    if (http >= 400 && http <= 499)
        return OKTA_ERR_REQUEST;
    return http >= 500 && http <= 599 ? OKTA_ERR_SERVER : OKTA_ERR_PROTOCOL;
}

static void add_causes(struct okt_buf *text, const okta_response *response)
{
    size_t count = okta_response_cause_count(response);

    for (size_t i = 0; i < count; i++) {
        okt_buf_str(text, i == 0 ? ": " : "; ");
        okt_buf_str(text, okta_response_cause(response, i));
    }
}

/* What the header says where the body is empty. */
static bool add_challenge(struct okt_buf *text, const okta_response *response)
{
    const char *error = okta_response_challenge(response, "error");
    const char *why = okta_response_challenge(response, "error_description");
    const char *scope = okta_response_challenge(response, "scope");

    if (error == NULL && why == NULL)
        return false;
    okt_buf_printf(text, "%s%s%s", error != NULL ? error : "",
                   error != NULL && why != NULL ? ": " : "",
                   why != NULL ? why : "");
    if (scope != NULL && error != NULL &&
        strcmp(error, "insufficient_scope") == 0)
        okt_buf_printf(text, " (the scope %s is to be granted to the app)",
                       scope);
    return true;
}

static void explain(struct okt_buf *text, const okta_response *response)
{
    const char *summary = okta_response_error_summary(response);

    if (summary != NULL) {
        okt_buf_str(text, summary);
        add_causes(text, response);
        return;
    }
    if (add_challenge(text, response))
        return;
    okt_buf_printf(text, "HTTP %d with no explanation", response->status);
}

okta_status okt_fail_response(okta_error *err, const okta_response *response)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(RAW_MAX);
    okta_status st = status_of(response);
    const char *code = okta_response_error_code(response);
    const char *id = okta_response_error_id(response);
    const char *request = okta_response_request_id(response);
    int64_t wait = okt_rate_limit_wait(&response->rate, okt_clock_now());

    explain(&text, response);
    if (text.state == OKT_BUF_NO_MEMORY)
        return okt_fail_memory(err);
    okt_set_error(err, st, "%s", text.data);
    if (err == NULL)
        return st;
    err->http_status = response->status;
    if (st == OKTA_ERR_RATE_LIMIT || okt_rate_limit_is_told(&response->rate))
        err->retry_after = wait > 0 ? wait : 0;
    set_text(err->code, sizeof(err->code), code != NULL ? code : "");
    set_text(err->error_id, sizeof(err->error_id), id != NULL ? id : "");
    set_text(err->request_id, sizeof(err->request_id),
             request != NULL ? request : "");
    return st;
}

/* Whether the status alone would be taken for the org's word on a credential or
 * a token. */
static bool judges(int http)
{
    return http == 401 || http == 403 || http == 404;
}

/* Whether a body is text of another kind than JSON, broken JSON aside. */
static bool is_other_text(const struct okt_buf *body)
{
    size_t i = 0;

    while (i < body->len && strchr(" \t\r\n", body->data[i]) != NULL)
        i++;
    return i < body->len && body->data[i] != '{' && body->data[i] != '[' &&
           (body->len - i < 4 || memcmp(body->data + i, "null", 4) != 0);
}

/* Whether nothing in the headers is as only an org writes it. */
static bool is_unsigned(const okta_response *response)
{
    return okta_response_request_id(response) == NULL &&
           okta_response_challenge(response, "error") == NULL;
}

bool okt_response_is_foreign(const okta_response *response)
{
    int http = response->status;

    if (response->error != NULL)
        return false;
    if (http >= 300 && http <= 399)
        return true;
    if (response->body.len > 0)
        return http >= 400 || is_other_text(&response->body);
    return judges(http) && is_unsigned(response);
}

bool okt_response_is_stray_oauth(const okta_response *response)
{
    return response->error != NULL && response->error->oauth &&
           judges(response->status) && is_unsigned(response);
}

/* What came instead: "HTML", or what the header calls it. */
static const char *content(const okta_response *response)
{
    const char *type = okta_response_header(response, "Content-Type");

    if (response->body.len == 0)
        return "nothing else";
    if (type == NULL)
        return "text that is no JSON";
    return okt_ncasecmp(type, "text/html", strlen("text/html")) == 0
               ? "HTML"
               : type;
}

okta_status okt_fail_foreign(okta_error *err, const okta_response *response,
                             const char *org_url)
{
    static const char who[] =
        "a gateway, a proxy or a captive portal, it seems, and not the org";
    const char *host = strstr(org_url, "://");
    const char *location = okta_response_header(response, "Location");
    const char *request = okta_response_request_id(response);
    int http = response->status;
    okta_status st = http >= 500 ? OKTA_ERR_SERVER : OKTA_ERR_NETWORK;

    host = host != NULL ? host + strlen("://") : org_url;
    if (http >= 300 && http <= 399)
        okt_set_error(err, st,
                      "%s: redirected with HTTP %d to %s; not followed: by %s",
                      host, http, location != NULL ? location : "?", who);
    else
        okt_set_error(err, st, "%s: HTTP %d with %s: from %s", host, http,
                      content(response), who);
    if (err == NULL)
        return st;
    err->http_status = http;
    err->cause = OKTA_CAUSE_GATEWAY;
    set_text(err->request_id, sizeof(err->request_id),
             request != NULL ? request : "");
    return st;
}

/* Errors of RFC 6749, 5.2 and RFC 9449, 5 and 7: of assertions and proofs. */
static bool refuses_signature(const okta_response *response)
{
    const char *code = okta_response_error_code(response);

    return okt_response_challenges(response, "invalid_dpop_proof") ||
           (code != NULL && (strcmp(code, "invalid_dpop_proof") == 0 ||
                             strcmp(code, "invalid_client") == 0));
}

void okt_tell_clock(okta_error *err, const okta_response *response, int64_t now)
{
    okta_error told;
    int64_t ahead = now - response->rate.date;

    if (response->rate.date < 0 || !refuses_signature(response) ||
        (ahead <= CLOCK_S && ahead >= -CLOCK_S))
        return;
    okt_set_error(&told, err->status,
                  "this machine's clock is %lld s %s the org's, set it right: "
                  "%s",
                  (long long)(ahead > 0 ? ahead : -ahead),
                  ahead > 0 ? "ahead of" : "behind", err->message);
    memcpy(err->message, told.message, sizeof(err->message));
}
