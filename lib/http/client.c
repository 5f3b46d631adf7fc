/* SPDX-License-Identifier: Apache-2.0 */
/* client.c - okta_client: its options, its waits, its log, its end. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "lib/internal.h"
#include "sys/clock.h"
#include "wire/id.h"

enum {
    TIMEOUT_MS = 30000,
    RETRIES = 4,
    MAX_WAIT_S = 300,
    RESERVE_MAX = 99,
    LINE_MAX_LEN = 8192,
    TICK_MS = 1000
};

static okta_status copy_texts(okta_client *client,
                              const okta_client_options *options,
                              okta_error *err)
{
    struct {
        const char *from;
        char **to;
    } texts[] = {
        { options->user_agent, &client->user_agent },
        { options->ca_file, &client->ca_file },
        { options->ca_dir, &client->ca_dir },
        { options->proxy, &client->proxy },
        { options->proxy_user, &client->proxy_user },
        { options->proxy_password, &client->proxy_password },
    };

    if (texts[0].from == NULL)
        texts[0].from = "libokta/" OKTA_VERSION;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        okta_status st = okt_copy(texts[i].from, texts[i].to, err);

        if (st != OKTA_OK)
            return st;
    }
    return options->credential->ops->copy(options->credential,
                                          &client->credential, err);
}

/* Numbers where 0 means the default and OKTA_NONE means none. */
static long or_default(long value, long standard)
{
    if (value == 0)
        return standard;
    return value == OKTA_NONE ? 0 : value;
}

static okta_status check_numbers(okta_client_options *o, okta_error *err)
{
    if (o->timeout_ms < 0 || o->connect_timeout_ms < 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "a timeout is negative");
    if (o->retries < OKTA_NONE || o->max_wait_s < OKTA_NONE)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "retries or max_wait_s is below OKTA_NONE");
    if (o->reserve < 0 || o->reserve > RESERVE_MAX)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "reserve is a percentage from 0 to %d", RESERVE_MAX);
    if (o->max_body > OKT_BODY_MAX * (size_t)16)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "max_body is over 1 GiB");
    o->timeout_ms = or_default(o->timeout_ms, TIMEOUT_MS);
    if (o->connect_timeout_ms == 0 || o->connect_timeout_ms > o->timeout_ms)
        o->connect_timeout_ms = o->timeout_ms;
    o->retries = (int)or_default(o->retries, RETRIES);
    o->max_wait_s = or_default(o->max_wait_s, MAX_WAIT_S);
    o->max_body = o->max_body == 0 ? OKT_BODY_MAX : o->max_body;
    return OKTA_OK;
}

/* Refuses what would end a header's line or show a password in a log. */
static okta_status check_texts(const okta_client_options *o, okta_error *err)
{
    if (o->user_agent != NULL && (strpbrk(o->user_agent, "\r\n") != NULL ||
                                  okt_has_secret(o->user_agent)))
        return okt_fail(err, OKTA_ERR_ARGUMENT, "user_agent can't be sent");
    if (o->proxy != NULL && strchr(o->proxy, '@') != NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the proxy's URL must not hold a user or a password: "
                        "give them apart");
    return OKTA_OK;
}

static okta_status check_options(const okta_client_options *o, okta_error *err)
{
    if (o->org_url == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "no org URL");
    if (o->credential == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "no credential");
    return check_texts(o, err);
}

static okta_status open_pipe(okta_client *client, okta_error *err)
{
    if (pipe(client->wake) != 0) {
        client->wake[0] = -1;
        client->wake[1] = -1;
        return okt_fail(err, OKTA_ERR_MEMORY, "no pipe: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {
        fcntl(client->wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(client->wake[i], F_SETFL, O_NONBLOCK);
    }
    return OKTA_OK;
}

static okta_status set_up(okta_client *client, okta_error *err)
{
    okta_client_options theirs = client->options;
    okta_client_options *o = &client->options;
    okta_status st = check_options(&theirs, err);

    if (st == OKTA_OK)
        st = check_numbers(o, err);
    if (st == OKTA_OK)
        st = okt_org_url(theirs.org_url, &client->org_url, err);
    if (st == OKTA_OK)
        st = copy_texts(client, &theirs, err);
    if (st == OKTA_OK)
        st = open_pipe(client, err);
    o->org_url = NULL;
    o->credential = NULL;
    o->user_agent = NULL;
    o->ca_file = NULL;
    o->ca_dir = NULL;
    o->proxy = NULL;
    o->proxy_user = NULL;
    o->proxy_password = NULL;
    return st;
}

/* Everything but the transport, which okta_client_free can do without. */
static okta_status prepare(const okta_client_options *options,
                           okta_client **out, okta_error *err)
{
    AUTO(okta_client) client = calloc(1, sizeof(*client));
    okta_status st;

    if (client == NULL)
        return okt_fail_memory(err);
    client->wake[0] = -1;
    client->wake[1] = -1;
    for (size_t i = 0; i < ARRAY_LEN(client->paces); i++)
        client->paces[i].rate = (struct okt_rate_limit)OKT_RATE_LIMIT_INIT;
    client->jitter = (uint64_t)okt_clock_us() ^ (uint64_t)(uintptr_t)client;
    st = okt_take_options(&client->options, sizeof(client->options), options,
                          "OKTA_CLIENT_OPTIONS_INIT", err);
    if (st == OKTA_OK)
        st = set_up(client, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(client);
    return OKTA_OK;
}

okta_status okta_client_new(const okta_client_options *options,
                            okta_client **out, okta_error *err)
{
    AUTO(okta_client) client = NULL;
    okta_status st = prepare(options, &client, err);

    if (st == OKTA_OK)
        st = okt_curl_transport(client, &client->transport, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(client);
    return OKTA_OK;
}

okta_status okt_client_new(const okta_client_options *options,
                           const struct okt_transport *transport,
                           okta_client **out, okta_error *err)
{
    okta_client *client = NULL;
    okta_status st = prepare(options, &client, err);

    if (st != OKTA_OK) {
        transport->ops->free(transport->ctx);
        return st;
    }
    client->transport = *transport;
    *out = client;
    return OKTA_OK;
}

void okta_client_free(okta_client *client)
{
    if (client == NULL)
        return;
    while (client->calls != NULL)
        okt_call_end(client->calls);
    if (client->transport.ops != NULL)
        client->transport.ops->free(client->transport.ctx);
    okta_credential_free(client->credential);
    free(client->org_url);
    free(client->user_agent);
    free(client->ca_file);
    free(client->ca_dir);
    free(client->proxy);
    free(client->proxy_user);
    okt_free_secret(client->proxy_password);
    for (int i = 0; i < 2; i++)
        if (client->wake[i] >= 0)
            close(client->wake[i]);
    free(client);
}

/* Async-signal-safe: a flag, and a byte into a pipe that does not block. */
void okta_client_cancel(okta_client *client)
{
    int saved = errno;
    ssize_t written;

    client->cancelled = true;
    written = write(client->wake[1], "", 1);
    (void)written; /* a full pipe wakes as well */
    errno = saved;
}

const char *okta_client_org_url(const okta_client *client)
{
    return client->org_url;
}

const okta_credential *okta_client_credential(const okta_client *client)
{
    return client->credential;
}

void okt_log(const okta_client *client, okta_log_level level, const char *fmt,
             ...)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(8 * LINE_MAX_LEN);
    char text[LINE_MAX_LEN];
    const char *secret;
    size_t len;
    va_list args;

    if (client->options.log == NULL || level > client->options.log_level)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    okt_mask_secrets(client->credential, text, strlen(text));
    for (const struct okt_call *call = client->calls; call != NULL;
         call = call->next)
        if (call->credential != client->credential)
            okt_mask_secrets(call->credential, text, strlen(text));
    while ((secret = okt_secret_find(text, strlen(text), &len)) != NULL)
        memset(text + (secret - text), '*', len);
    okt_escape(&line, text, strlen(text));
    if (!okt_buf_failed(&line))
        client->options.log(client->options.log_ctx, level, line.data);
}

/* --------------------------------------------------------------- Waits -- */

int64_t okt_client_jitter(okta_client *client, int64_t ms)
{
    /* xorshift64: spreads clients out, keeps no secret. */
    client->jitter ^= client->jitter << 13;
    client->jitter ^= client->jitter >> 7;
    client->jitter ^= client->jitter << 17;
    return ms / 2 + (int64_t)(client->jitter % (uint64_t)(ms - ms / 2 + 1));
}

static int tell(const okta_client *client, okta_wait_reason reason,
                int64_t left_ms)
{
    if (client->options.wait == NULL)
        return 0;
    return client->options.wait(client->options.wait_ctx, reason, left_ms);
}

okta_status okt_client_wait(okta_client *client, okta_wait_reason reason,
                            int64_t ms, okta_error *err)
{
    const struct okt_transport *t = &client->transport;
    int64_t until = t->ops->now_ms(t->ctx) + ms;
    int64_t left = ms;

    while (left > 0) {
        if (tell(client, reason, left) != 0 || client->cancelled)
            return okt_fail(err, OKTA_ERR_CANCELLED, "cancelled");
        t->ops->sleep_ms(t->ctx, left < TICK_MS ? left : TICK_MS);
        left = until - t->ops->now_ms(t->ctx);
    }
    tell(client, reason, 0);
    if (client->cancelled)
        return okt_fail(err, OKTA_ERR_CANCELLED, "cancelled");
    return OKTA_OK;
}
