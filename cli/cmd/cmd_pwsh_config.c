/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_pwsh_config.c - Get-OktaConfiguration: what is in force, and whence. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/output/printer.h"
#include "cli/signin/credential.h"
#include "cli/signin/session.h"
#include "cli/term/json_write.h"

enum { TEXT_MAX = 1024 * 1024, KEY_WIDTH = 24, VALUE_WIDTH_MAX = 48 };

/* Of the same length whatever the secret is. */
static const char masked[] = "********";

static const char *shown_value(const okta_config *config, const char *key)
{
    const char *value = okta_config_get(config, key);

    return value != NULL && okta_config_is_secret(key) ? masked : value;
}

static void add_json(struct okt_buf *out, const okta_config *config)
{
    const char *key;

    okt_buf_char(out, '[');
    for (size_t i = 0; (key = okta_config_key(i)) != NULL; i++) {
        const char *value = shown_value(config, key);

        okt_buf_str(out, i > 0 ? ",\n{\"key\":" : "\n{\"key\":");
        json_string(out, key);
        okt_buf_str(out, ",\"value\":");
        if (value != NULL)
            json_string(out, value);
        else
            okt_buf_str(out, "null");
        okt_buf_str(out, ",\"origin\":");
        if (value != NULL)
            json_string(out, okta_config_origin(config, key));
        else
            okt_buf_str(out, "null");
        okt_buf_char(out, '}');
    }
    okt_buf_str(out, "\n]\n");
}

static void add_safe(struct okt_buf *out, const char *text)
{
    okt_escape(out, text, strlen(text));
}

/* Appends a value, and spaces up to a width. */
static void add_value(struct okt_buf *out, const char *value, size_t width)
{
    size_t start = out->len;

    add_safe(out, value);
    while (out->len - start < width && !okt_buf_failed(out))
        okt_buf_char(out, ' ');
}

/* How wide the column of values is; a longer one stands out of it. */
static size_t value_width(const okta_config *config)
{
    size_t width = 0;
    const char *key;

    for (size_t i = 0; (key = okta_config_key(i)) != NULL; i++) {
        const char *value = shown_value(config, key);
        size_t len = value != NULL ? strlen(value) : 0;

        if (len > width && len <= VALUE_WIDTH_MAX)
            width = len;
    }
    return width;
}

/* Only what is set. */
static void add_text(struct okt_buf *out, const okta_config *config)
{
    size_t width = value_width(config);
    const char *key;

    for (size_t i = 0; (key = okta_config_key(i)) != NULL; i++) {
        const char *value = shown_value(config, key);

        if (value == NULL)
            continue;
        okt_buf_printf(out, "%-*s ", KEY_WIDTH, key);
        add_value(out, value, width);
        okt_buf_str(out, "  (");
        add_safe(out, okta_config_origin(config, key));
        okt_buf_str(out, ")\n");
    }
}

int cmd_pwsh_configuration(struct session *session)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);
    int code = session_configure(session);

    if (code == EXIT_OK)
        code = credential_load_silently(session);
    if (code != EXIT_OK)
        return code;
    if (session->args->json)
        add_json(&text, session->config);
    else
        add_text(&text, session->config);
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    return printer_text(session, text.data, text.len);
}
