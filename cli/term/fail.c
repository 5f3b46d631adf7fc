/* SPDX-License-Identifier: Apache-2.0 */
/* fail.c - from what went wrong to a message and an exit code. */
#include "cli/term/fail.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/signin/hint.h"
#include "cli/signin/session.h"
#include "cli/term/json_write.h"
#include "cli/term/progress.h"
#include "cli/term/signals.h"
#include "wire/id.h"

enum { MESSAGE_MAX = 64 * 1024, LINE_SIZE_MAX = 16 * MESSAGE_MAX };

/* clang-format off */
const struct exit_meaning exit_meanings[] = {
    { "0",  "done" },
    { "1",  "internal error, out of memory, or the output could not be "
            "written" },
    { "2",  "usage: a bad argument or setting, no org, a prefix or name that "
            "means several tokens; or the org answered 400 or 409" },
    { "4",  "no credential, or one that the org does not accept (401)" },
    { "5",  "the credential does not allow it (403)" },
    { "6",  "not found" },
    { "7",  "rate-limited for longer than --max-wait" },
    { "8",  "network, TLS, or time ran out" },
    { "9",  "the org failed (5xx), or answered what this API does not "
            "document" },
    { "10", "several ids, and their outcomes differ; if all fail alike it is "
            "that failure's code" },
    { "11", "refused by a guard, or not confirmed; nothing was changed" },
    { "128 + n", "ended by signal n: 130 for Ctrl-C, 141 for a closed pipe" },
};

/* Every status as exit code, and as "code" of a JSON error. */
static const struct {
    int exit;
    const char *code;
} statuses[] = {
    [OKTA_OK]             = { EXIT_OK,         "ok" },
    [OKTA_DONE]           = { EXIT_OK,         "done" },
    [OKTA_ERR_ARGUMENT]   = { EXIT_USAGE,      "usage" },
    [OKTA_ERR_CONFIG]     = { EXIT_USAGE,      "configuration" },
    [OKTA_ERR_MEMORY]     = { EXIT_INTERNAL,   "memory" },
    [OKTA_ERR_CANCELLED]  = { EXIT_INTERNAL,   "cancelled" },
    [OKTA_ERR_NETWORK]    = { EXIT_NETWORK,    "network" },
    [OKTA_ERR_TIMEOUT]    = { EXIT_NETWORK,    "timeout" },
    [OKTA_ERR_TLS]        = { EXIT_NETWORK,    "certificate" },
    [OKTA_ERR_PROTOCOL]   = { EXIT_PROTOCOL,   "protocol" },
    [OKTA_ERR_TOO_LARGE]  = { EXIT_PROTOCOL,   "too_large" },
    [OKTA_ERR_AUTH]       = { EXIT_AUTH,       "auth" },
    [OKTA_ERR_FORBIDDEN]  = { EXIT_FORBIDDEN,  "forbidden" },
    [OKTA_ERR_NOT_FOUND]  = { EXIT_NOT_FOUND,  "not_found" },
    [OKTA_ERR_RATE_LIMIT] = { EXIT_RATE_LIMIT, "rate_limit" },
    [OKTA_ERR_REQUEST]    = { EXIT_PROTOCOL,   "request" },
    [OKTA_ERR_SERVER]     = { EXIT_PROTOCOL,   "server" },
};

/* "code" where no call of the library failed. */
static const char *const codes[] = {
    [EXIT_INTERNAL]   = "internal",
    [EXIT_USAGE]      = "usage",
    [EXIT_AUTH]       = "auth",
    [EXIT_FORBIDDEN]  = "forbidden",
    [EXIT_NOT_FOUND]  = "not_found",
    [EXIT_RATE_LIMIT] = "rate_limit",
    [EXIT_NETWORK]    = "network",
    [EXIT_PROTOCOL]   = "protocol",
    [EXIT_MIXED]      = "mixed",
    [EXIT_REFUSED]    = "refused",
};
/* clang-format on */

const size_t exit_meaning_count = ARRAY_LEN(exit_meanings);

/* All that a message is made of. */
struct failure {
    const char *code;
    const char *message;
    const char *hint;              /* or NULL */
    const okta_error *error;       /* or NULL */
    const okta_response *response; /* or NULL */
};

int exit_of(const okta_error *err)
{
    if (err->status == OKTA_ERR_CANCELLED && signals_caught() != 0)
        return EXIT_SIGNAL + signals_caught();
    if (err->status == OKTA_ERR_REQUEST &&
        (err->http_status == 400 || err->http_status == 409))
        return EXIT_USAGE;
    if ((size_t)err->status >= ARRAY_LEN(statuses))
        return EXIT_INTERNAL;
    return statuses[err->status].exit;
}

/* ------------------------------------------------------------ Printing -- */

static void emit(struct okt_buf *line)
{
    if (okt_buf_failed(line)) {
        fputs("okta-tokens: out of memory for a message\n", stderr);
        return;
    }
    progress_clear();
    fwrite(line->data, 1, line->len, stderr);
}

static void add_member(struct okt_buf *out, const char *name, const char *value)
{
    okt_buf_printf(out, ",\"%s\":", name);
    if (value == NULL || *value == '\0')
        okt_buf_str(out, "null");
    else
        json_string(out, value);
}

/* A string without what has the shape of a secret: an org may throw it back. */
static void add_redacted(struct okt_buf *out, const char *text)
{
    OKT_BUF_AUTO safe = OKT_BUF_INIT(LINE_SIZE_MAX);
    const char *end = text + strlen(text);
    const char *secret;
    size_t len;

    while ((secret = okt_secret_find(text, (size_t)(end - text), &len)) !=
           NULL) {
        okt_buf_append(&safe, text, (size_t)(secret - text));
        okt_buf_str(&safe, "[redacted]");
        text = secret + len;
    }
    okt_buf_str(&safe, text);
    json_string(out, okt_buf_failed(&safe) ? "[too long]" : safe.data);
}

static void add_causes(struct okt_buf *out, const okta_response *response)
{
    size_t count = response != NULL ? okta_response_cause_count(response) : 0;

    okt_buf_str(out, ",\"causes\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            okt_buf_char(out, ',');
        add_redacted(out, okta_response_cause(response, i));
    }
    okt_buf_char(out, ']');
}

static void add_object(struct okt_buf *out, const struct failure *f)
{
    const okta_error *err = f->error;

    okt_buf_str(out, "{\"code\":");
    json_string(out, f->code);
    add_member(out, "message", f->message);
    if (err != NULL && err->http_status != 0)
        okt_buf_printf(out, ",\"http\":%d", err->http_status);
    else
        okt_buf_str(out, ",\"http\":null");
    add_member(out, "oktaErrorCode", err != NULL ? err->code : NULL);
    add_member(out, "errorId", err != NULL ? err->error_id : NULL);
    add_member(out, "requestId", err != NULL ? err->request_id : NULL);
    add_causes(out, f->response);
    add_member(out, "hint", f->hint);
    okt_buf_char(out, '}');
}

static void print_json(const struct failure *f)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_SIZE_MAX);

    okt_buf_str(&line, "{\"error\":");
    add_object(&line, f);
    okt_buf_str(&line, "}\n");
    emit(&line);
}

static void print_text(const struct failure *f)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_SIZE_MAX);

    okt_buf_str(&line, "okta-tokens: ");
    okt_buf_str(&line, f->message);
    if (f->error != NULL && f->error->request_id[0] != '\0')
        okt_buf_printf(&line, " (request %s)", f->error->request_id);
    if (f->hint != NULL)
        okt_buf_printf(&line, "\nhint: %s", f->hint);
    okt_buf_char(&line, '\n');
    emit(&line);
}

static void print(const struct args *args, const struct failure *f)
{
    if (args != NULL && args->json)
        print_json(f);
    else
        print_text(f);
}

/* ------------------------------------------------------------- Failing -- */

/* The text, escaped; false: no memory for it. */
static bool format(struct okt_buf *out, const char *fmt, va_list list)
    __attribute__((format(printf, 2, 0)));

static bool format(struct okt_buf *out, const char *fmt, va_list list)
{
    OKT_BUF_AUTO raw = OKT_BUF_INIT(MESSAGE_MAX);

    okt_buf_vprintf(&raw, fmt, list);
    if (!okt_buf_failed(&raw))
        okt_escape(out, raw.data, raw.len);
    return !okt_buf_failed(&raw) && !okt_buf_failed(out);
}

int fail(const struct args *args, int code, const char *hint, const char *fmt,
         ...)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(MESSAGE_MAX);
    struct failure f = { .hint = hint };
    va_list list;
    bool ok;

    va_start(list, fmt);
    ok = format(&text, fmt, list);
    va_end(list);
    f.message = ok ? text.data : "out of memory for a message";
    f.code = (size_t)code < ARRAY_LEN(codes) ? codes[code] : "signal";
    print(args, &f);
    return code;
}

int fail_memory(const struct args *args)
{
    static const struct failure f = { .code = "memory",
                                      .message = "out of memory" };

    print(args, &f);
    return EXIT_INTERNAL;
}

int fail_if_interrupted(const struct args *args)
{
    int signo = signals_caught();

    if (signo == 0)
        return EXIT_OK;
    return fail(args, EXIT_SIGNAL + signo, NULL, "interrupted");
}

/* What a failed call comes to; text and hint are where its texts are made. The
 * text of an okta_error is safe; what was asked for may not be. */
static struct failure failure_of(const struct session *session,
                                 const char *what, const okta_error *err,
                                 const okta_response *response,
                                 struct okt_buf *text, struct okt_buf *hint)
{
    bool interrupted =
        err->status == OKTA_ERR_CANCELLED && signals_caught() != 0;
    struct failure f = { .error = err, .response = response };

    if (what != NULL) {
        okt_escape(text, what, strlen(what));
        okt_buf_str(text, ": ");
    }
    okt_buf_str(text, interrupted ? "interrupted" : err->message);
    f.message = okt_buf_failed(text) ? err->message : text->data;
    f.code = interrupted ? "signal" : statuses[err->status].code;
    hint_add(hint, session, what, err, response);
    if (!okt_buf_failed(hint) && hint->len > 0)
        f.hint = hint->data;
    return f;
}

int fail_call(const struct session *session, const char *what,
              const okta_error *err, const okta_response *response)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(MESSAGE_MAX);
    OKT_BUF_AUTO hint = OKT_BUF_INIT(MESSAGE_MAX);
    okta_error settled = *err;
    struct failure f;

    wait_settle(&session->wait, &settled);
    f = failure_of(session, what, &settled, response, &text, &hint);
    print(session->args, &f);
    return exit_of(&settled);
}

char *fail_call_json(const struct session *session, const char *what,
                     const okta_error *err, const okta_response *response)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(MESSAGE_MAX);
    OKT_BUF_AUTO hint = OKT_BUF_INIT(MESSAGE_MAX);
    OKT_BUF_AUTO object = OKT_BUF_INIT(LINE_SIZE_MAX);
    okta_error settled = *err;
    struct failure f;

    wait_settle(&session->wait, &settled);
    f = failure_of(session, what, &settled, response, &text, &hint);
    add_object(&object, &f);
    return okt_buf_take(&object);
}

static void add_note(struct okt_buf *line, const struct args *args,
                     const char *kind, const char *text)
{
    if (args != NULL && args->json) {
        okt_buf_printf(line, "{\"%s\":", kind);
        json_string(line, text);
        okt_buf_str(line, "}\n");
        return;
    }
    okt_buf_printf(line, "okta-tokens: %s%s\n",
                   strcmp(kind, "warning") == 0 ? "warning: " : "", text);
}

void note_safe(const struct args *args, const char *kind, const char *text)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_SIZE_MAX);

    add_note(&line, args, kind, text);
    emit(&line);
}

void note(const struct args *args, const char *kind, const char *fmt, ...)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(MESSAGE_MAX);
    va_list list;
    bool ok;

    va_start(list, fmt);
    ok = format(&text, fmt, list);
    va_end(list);
    if (ok)
        note_safe(args, kind, text.data);
}
