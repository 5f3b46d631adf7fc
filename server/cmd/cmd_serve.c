/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_serve.c - okta-orgd serve: from options to a running org and back. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "server/cmd/commands.h"
#include "server/control/dev.h"
#include "server/dispatch/probes.h"
#include "server/fault/faults.h"
#include "server/fault/request_log.h"
#include "server/http/ca.h"
#include "server/http/certs.h"
#include "server/http/http.h"
#include "server/http/listen.h"
#include "server/oauth/dpop.h"
#include "server/oauth/oauth.h"
#include "server/oauth/replay_cache.h"
#include "server/oauth/signer.h"
#include "server/org/attempts.h"
#include "server/org/org.h"
#include "server/org/pending_uses.h"
#include "server/org/writer.h"
#include "server/request/limits.h"
#include "server/request/metrics.h"
#include "server/routes.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "server/util/log_writer.h"
#include "server/util/worker.h"
#include "sys/clock.h"

enum { PEM_MAX = 65536, FILES_WANTED = 4096 };

/* All that lives while the org serves. */
struct service {
    struct org org;
    struct org_clock clock;
    struct listen_address address;
    bool tls;
    bool dev;
    int64_t rate_limit;
    char *store;
    char url[URL_TEXT_MAX];
    char public_url[URL_TEXT_MAX];
    struct okt_buf proxies;
    char listen_host[ADDRESS_TEXT_MAX];
    char public_host[URL_TEXT_MAX];
    struct ca_hosts hosts; /* of the certificate, beside loopback */
    struct certs *certs;   /* NULL: no TLS */
    struct http *http;
    struct listen_address probe_address;
    struct http *probes; /* NULL: none wanted */
};

/* ---------------------------------------------------------------- Options --
 */

static bool read_tls(const struct args *args, struct service *s)
{
    const char *tls = args->value[OPT_TLS];
    bool cert = args->value[OPT_TLS_CERT] != NULL;
    bool key = args->value[OPT_TLS_KEY] != NULL;

    if (cert != key) {
        say("serve: --tls-cert and --tls-key go together");
        return false;
    }
    if (tls != NULL && cert) {
        say("serve: --tls or --tls-cert, not both");
        return false;
    }
    if (tls != NULL && strcmp(tls, "auto") != 0 && strcmp(tls, "off") != 0) {
        say("serve: --tls: auto or off");
        return false;
    }
    s->tls = tls == NULL || strcmp(tls, "off") != 0;
    if (s->tls || s->address.loopback)
        return true;
    say("serve: without TLS only a loopback address is served");
    return false;
}

static bool read_numbers(const struct args *args, struct service *s)
{
    s->rate_limit = LIMIT_DEFAULT;
    s->org.grace = GRACE_DEFAULT;
    return args_number(args, OPT_RATE_LIMIT, "rate-limit", LIMIT_MAX,
                       &s->rate_limit) &&
           args_number(args, OPT_GRACE, "refresh-grace", GRACE_MAX,
                       &s->org.grace);
}

static bool read_paging(const struct args *args, struct service *s)
{
    static const char *const words[] = { [PAGING_ASKED] = "asked",
                                         [PAGING_ALWAYS] = "always",
                                         [PAGING_NEVER] = "never" };
    const char *text = args->value[OPT_PAGING];

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (text != NULL && strcmp(text, words[i]) == 0) {
            s->org.paging = (enum paging)i;
            return true;
        }
    if (text != NULL)
        say("serve: --paging: asked, always or never");
    return text == NULL;
}

static bool read_public_url(const struct args *args, struct service *s)
{
    const char *text = args->value[OPT_PUBLIC_URL];

    if (text == NULL && s->address.any) {
        say("serve: listening on every address takes a --public-url");
        return false;
    }
    if (text == NULL || public_url_parse(text, s->public_url))
        return true;
    say("serve: --public-url: scheme, host and port alone, such as "
        "https://org.example:8443");
    return false;
}

static bool read_dev(const struct args *args, struct service *s)
{
    bool anywhere = args->value[OPT_DEV_ANYWHERE] != NULL;

    s->dev = args->value[OPT_DEV] != NULL;
    if (anywhere && !s->dev) {
        say("serve: --dev-listen-anywhere needs --dev");
        return false;
    }
    if (!s->dev || s->address.loopback)
        return true;
    if (!anywhere)
        say("serve: --dev: only on a loopback address (127.0.0.1, ::1); "
            "--dev-listen-anywhere lifts that");
    else
        say("serve: warning: other machines can reach this org of --dev; any "
            "secret of its seed is good for them, too");
    return anywhere;
}

static bool read_options(const struct args *args, struct service *s)
{
    const char *where = args->value[OPT_LISTEN];
    int64_t now;

    if (!listen_parse(where != NULL ? where : "127.0.0.1:0", &s->address)) {
        say("serve: --listen: an address and a port, such as 127.0.0.1:8443 "
            "or [::1]:0");
        return false;
    }
    where = args->value[OPT_METRICS_LISTEN];
    if (where != NULL && !listen_parse(where, &s->probe_address)) {
        say("serve: --metrics-listen: an address and a port, such as "
            "127.0.0.1:9090");
        return false;
    }
    if (!args_now(args, &now))
        return false;
    s->org.clock = &s->clock;
    org_clock_set(&s->clock, now, false);
    if (!args_gateways("trusted-proxy", args, &s->proxies))
        return false;
    s->org.proxies = s->proxies.data;
    return read_dev(args, s) && read_tls(args, s) && read_numbers(args, s) &&
           read_paging(args, s) && read_public_url(args, s);
}

/* --------------------------------------------------------------- Starting --
 */

/* Secrets that stand in a file somewhere protect nothing from a network. */
static bool check_pinned(const struct service *s)
{
    AUTO(store_handle) store = NULL;
    bool pinned;

    if (store_open(s->store, &store) != STORE_OK ||
        store->ops->get_pinned(store, &pinned) != STORE_OK)
        return false;
    if (!pinned || s->dev)
        return true;
    say("serve: this org has secrets out of a seed file; it serves only with "
        "--dev, on a loopback address or with --dev-listen-anywhere");
    return false;
}

static bool read_cursor_key(const char *dir, struct service *s)
{
    OKT_BUF_AUTO key = OKT_BUF_INIT(SECRET_KEY_LEN);
    AUTO(char) path = path_join(dir, CURSOR_KEY_FILE);
    const char *why =
        path != NULL ? file_read(path, FILE_PRIVATE, &key) : "out of memory";

    if (why == NULL && key.len != SECRET_KEY_LEN)
        why = "it is damaged";
    if (why != NULL) {
        say("could not read %s in the data folder: %s", CURSOR_KEY_FILE, why);
        return false;
    }
    memcpy(s->org.cursor_key, key.data, SECRET_KEY_LEN);
    return true;
}

static bool read_pem(const char *path, enum file_trust trust,
                     struct okt_buf *out)
{
    const char *why = file_read(path, trust, out);

    if (why != NULL)
        say("serve: %s: %s", say_word(path), why);
    return why == NULL;
}

static bool read_pair(const struct args *args, const struct service *s,
                      struct okt_buf *cert, struct okt_buf *key)
{
    if (args->value[OPT_TLS_CERT] == NULL)
        return ca_issue(args->value[OPT_DATA], &s->hosts, cert, key);
    return read_pem(args->value[OPT_TLS_CERT], FILE_ANY, cert) &&
           read_pem(args->value[OPT_TLS_KEY], FILE_PRIVATE, key);
}

/* The hosts that clients use. Behind a proxy that is the proxy's business: the
 * authority stays as it is, and the certificate has what it permits. */
static bool ensure_hosts(const struct args *args, struct service *s)
{
    struct ca_hosts *hosts = &s->hosts;

    if (!s->address.any) {
        address_text((const struct sockaddr *)&s->address.socket,
                     s->listen_host);
        hosts->host[hosts->count++] = s->listen_host;
    }
    public_url_host(s->public_url, s->public_host);
    if (ca_host_is_valid(s->public_host))
        hosts->host[hosts->count++] = s->public_host;
    if (!s->tls || args->value[OPT_TLS_CERT] != NULL ||
        args->value[OPT_TRUSTED_PROXY] != NULL)
        return true;
    return ca_ensure(args->value[OPT_DATA], hosts);
}

/* At the start, and again whenever it is told to. */
static bool load_certificate(const struct args *args, struct service *s)
{
    OKT_BUF_AUTO cert = OKT_BUF_INIT(PEM_MAX);
    OKT_BUF_AUTO key = OKT_BUF_INIT(PEM_MAX);

    if (!s->tls)
        return true;
    return read_pair(args, s, &cert, &key) && certs_load(s->certs, &cert, &key);
}

static bool start_http(struct service *s)
{
    struct http_options options = {
        .org = &s->org,
        .routes = api_routes,
        .route_count = api_route_count,
        .certs = s->tls ? s->certs : NULL,
        .metrics = s->org.metrics,
        .dev = s->org.dev,
    };

    options.listener = listen_open(&s->address, s->tls, s->url);
    if (options.listener < 0)
        return false;
    if (s->public_url[0] == '\0')
        memcpy(s->public_url, s->url, sizeof(s->url));
    s->org.public_url = s->public_url;
    options.port = url_port(s->url);
    s->http = http_start(&options);
    return s->http != NULL;
}

/* Before all else is up, so that whoever watches sees it come. */
static bool start_probes(const struct args *args, struct service *s)
{
    struct http_options options = {
        .org = &s->org,
        .routes = probe_routes,
        .route_count = probe_route_count,
    };
    char url[URL_TEXT_MAX];

    if (args->value[OPT_METRICS_LISTEN] == NULL)
        return true;
    options.listener = listen_open(&s->probe_address, false, url);
    if (options.listener < 0)
        return false;
    s->probes = http_start(&options);
    if (s->probes == NULL)
        return false;
    say("serve: /livez, /readyz and /metrics at %s", url);
    return true;
}

static bool make_parts(const struct args *args, struct service *s)
{
    bool oauth = oauth_start(&s->org, args->value[OPT_DATA]);

    s->org.renewals = renewals_new();
    s->org.limits = limits_new(s->rate_limit);
    s->org.metrics = metrics_new(api_routes, api_route_count);
    s->org.attempts = attempts_new();
    s->org.log = lines_start(STDERR_FILENO);
    s->certs = certs_new();
    if (oauth && s->org.renewals != NULL && s->org.limits != NULL &&
        s->org.metrics != NULL && s->org.attempts != NULL &&
        s->org.log != NULL && s->certs != NULL)
        return true;
    say("serve: out of memory");
    return false;
}

static bool start_dev(const struct args *args, struct service *s)
{
    if (!s->dev) {
        dev_sweep(args->value[OPT_DATA]);
        return true;
    }
    s->org.faults = faults_new();
    s->org.journal = journal_new(JOURNAL_DEFAULT);
    if (s->org.faults == NULL || s->org.journal == NULL) {
        say("serve: out of memory");
        return false;
    }
    s->org.dev = dev_start(args->value[OPT_DATA], s->org.clock);
    return s->org.dev != NULL;
}

/* An org of a version that had none yet gets one. */
static bool ensure_signing_key(const struct args *args, struct service *s)
{
    AUTO(store_handle) store = NULL;

    return store_open(s->store, &store) == STORE_OK &&
           signer_ensure(args->value[OPT_DATA], store, org_now(&s->org));
}

/* What an earlier run may have taken is not known any more. It matters where
 * the clock has gone back since. */
static bool recall_times(struct service *s)
{
    AUTO(store_handle) store = NULL;
    int64_t now = org_clock_wall(&s->clock);
    struct clock_seen seen;
    int64_t last;

    if (store_open(s->store, &store) != STORE_OK ||
        store->ops->clock_load(store, &seen) != STORE_OK)
        return false;
    last = seen.last;
    if (last == 0)
        return true;
    /* As long as it did not go back, what is dated from now on is new. */
    if (last <= now && last + DPOP_AHEAD_SECONDS >= now)
        last = now - 1;
    else
        last += DPOP_AHEAD_SECONDS;
    seen_forget(s->org.proofs, seen.begin - DPOP_SECONDS, last);
    return true;
}

static bool prepare_store(const struct args *args, struct service *s)
{
    return ensure_signing_key(args, s) && recall_times(s);
}

static bool prepare_tls(const struct args *args, struct service *s)
{
    return ensure_hosts(args, s) && load_certificate(args, s);
}

/* Where this machine finds the org, and the control API if it is there at all.
 */
static bool publish_url(const struct service *s)
{
    char url[URL_TEXT_MAX];

    if (!s->address.any)
        return dev_publish(s->org.dev, s->url);
    snprintf(url, sizeof(url), "https://%s:%u",
             s->address.socket.ss_family == AF_INET6 ? "[::1]" : "127.0.0.1",
             (unsigned)url_port(s->url));
    return dev_publish(s->org.dev, url);
}

static bool start(const struct args *args, struct service *s)
{
    s->store = data_store(args);
    if (s->store == NULL || !check_pinned(s) ||
        !read_cursor_key(args->value[OPT_DATA], s) || !make_parts(args, s) ||
        !prepare_tls(args, s))
        return false;
    s->org.store = s->store;
    if (!prepare_store(args, s) || !start_dev(args, s) ||
        !start_probes(args, s))
        return false;
    s->org.writer = writer_start(s->store, s->org.renewals, s->org.clock);
    s->org.worker = worker_start();
    if (s->dev && s->org.writer != NULL)
        dev_remember(s->org.dev, s->org.writer);
    return s->org.writer != NULL && s->org.worker != NULL && start_http(s) &&
           (!s->dev || publish_url(s));
}

/* In this order: who watches sees it go until nothing is left; no request is
 * left waiting for a writer that has stopped, and none is suspended when the
 * sockets close. */
static void stop(struct service *s)
{
    if (s->org.metrics != NULL)
        metrics_set_ready(s->org.metrics, false);
    http_drain(s->http);
    worker_stop(s->org.worker); /* it hands on to the writer */
    writer_stop(s->org.writer);
    http_free(s->http);
    http_drain(s->probes);
    http_free(s->probes);
    lines_stop(s->org.log);
    writer_free(s->org.writer);
    worker_free(s->org.worker);
    dev_stop(s->org.dev);
    faults_free(s->org.faults);
    journal_free(s->org.journal);
    renewals_free(s->org.renewals);
    limits_free(s->org.limits);
    oauth_stop(&s->org);
    okt_buf_free(&s->proxies);
    metrics_free(s->org.metrics);
    attempts_free(s->org.attempts);
    certs_free(s->certs);
    okt_wipe(s->org.cursor_key, sizeof(s->org.cursor_key));
    free(s->store);
}

/* ---------------------------------------------------------------- Running --
 */

/* A crowd of connections must not leave a worker without files for its store.
 */
static void raise_file_limit(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= FILES_WANTED)
        return;
    files.rlim_cur = FILES_WANTED;
    if (files.rlim_cur > files.rlim_max)
        files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

/* Nothing here takes more than a user can do. */
static void warn_of_root(void)
{
    if (geteuid() == 0)
        say("serve: this runs as root; a user of its own would do, and what "
            "breaks into it would get less");
}

/* Signals that end it are waited for, so that no handler runs anywhere; the
 * threads that start from here on inherit the mask. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write fails, as on a full disk */
}

/* Until it is to end. SIGHUP: the certificate anew, or, where that fails, the
 * one that is there. */
static void wait_for_end(const struct args *args, struct service *s,
                         const sigset_t *set)
{
    int number = 0;

    while (sigwait(set, &number) != 0 || number == SIGHUP)
        if (number == SIGHUP && !load_certificate(args, s))
            say("serve: the certificate stays as it is");
}

static int announce_and_wait(const struct args *args, struct service *s,
                             const sigset_t *set)
{
    int status;

    metrics_set_ready(s->org.metrics, true);
    printf("%s\n", s->url);
    status = finish_output();
    if (status == EXIT_CODE_OK)
        wait_for_end(args, s, set);
    return status;
}

int cmd_serve(const struct args *args)
{
    struct service s = { .proxies = OKT_BUF_INIT(STORE_GATEWAYS_MAX) };
    int status = EXIT_CODE_FAILED;
    sigset_t set;

    if (!read_options(args, &s)) {
        okt_buf_free(&s.proxies);
        return EXIT_CODE_USAGE;
    }
    warn_of_root();
    block_signals(&set);
    raise_file_limit();
    if (start(args, &s))
        status = announce_and_wait(args, &s, &set);
    stop(&s);
    return status;
}
