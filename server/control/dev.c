/* SPDX-License-Identifier: Apache-2.0 */
/* dev.c - who may play with a running org, and what there is to play with. */
#include "server/control/dev.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/ascii.h"
#include "server/control/dev_parts.h"
#include "server/request/request.h"
#include "server/util/diag.h"
#include "server/util/file.h"

enum { TOKEN_LEN = 2 * SECRET_KEY_LEN, INVALID_MAX = 256 };

/* ------------------------------------------------------------- The folder --
 */

static bool make_token(struct dev *dev)
{
    unsigned char key[SECRET_KEY_LEN];
    bool done = random_key(key);

    for (size_t i = 0; i < sizeof(key); i++)
        snprintf(dev->token + 2 * i, 3, "%02x", key[i]);
    okt_wipe(key, sizeof(key));
    return done;
}

/* In place of what one that ended badly has left. */
static bool put_file(const struct dev *dev, const char *name, const char *text)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(4096);
    AUTO(char) path = path_join(dev->dir, name);

    okt_buf_printf(&line, "%s\n", text);
    if (path != NULL && !okt_buf_failed(&line) &&
        (unlink(path) == 0 || errno == ENOENT) &&
        file_write_new(path, line.data, line.len))
        return true;
    say("serve: could not write %s in the data folder: %s", name,
        strerror(errno));
    return false;
}

static void remove_file(const struct dev *dev, const char *name)
{
    AUTO(char) path = path_join(dev->dir, name);

    if (path != NULL)
        unlink(path);
}

static bool lock_folder(struct dev *dev)
{
    dev->folder = open(dev->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dev->folder >= 0 && flock(dev->folder, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (dev->folder >= 0 && errno == EWOULDBLOCK)
        say("serve: the data folder is served with --dev already; end that, or "
            "take a folder of your own");
    else
        say("serve: could not lock the data folder: %s", strerror(errno));
    return false;
}

/* Only who has the lock may take files away. */
static bool take_folder(struct dev *dev)
{
    if (!lock_folder(dev))
        return false;
    dev->locked = true;
    remove_file(dev, DEV_URL_FILE);
    if (make_token(dev))
        return put_file(dev, DEV_TOKEN_FILE, dev->token);
    say("serve: no random bytes");
    return false;
}

struct dev *dev_start(const char *dir, struct org_clock *clock)
{
    struct dev *dev = calloc(1, sizeof(*dev));

    if (dev == NULL) {
        say("serve: out of memory");
        return NULL;
    }
    pthread_mutex_init(&dev->lock, NULL);
    dev->dir = dir;
    dev->folder = -1;
    dev->clock = clock;
    dev->clock_at_start = atomic_load(&clock->state);
    if (take_folder(dev))
        return dev;
    dev_stop(dev);
    return NULL;
}

void dev_sweep(const char *dir)
{
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return;
    if (flock(folder, LOCK_EX | LOCK_NB) == 0) {
        unlinkat(folder, DEV_URL_FILE, 0);
        unlinkat(folder, DEV_TOKEN_FILE, 0);
    }
    close(folder);
}

bool dev_publish(struct dev *dev, const char *url)
{
    return put_file(dev, DEV_URL_FILE, url);
}

void dev_stop(struct dev *dev)
{
    if (dev == NULL)
        return;
    if (dev->locked) {
        remove_file(dev, DEV_URL_FILE);
        remove_file(dev, DEV_TOKEN_FILE);
        dev_forget(dev);
    }
    if (dev->folder >= 0)
        close(dev->folder);
    pthread_mutex_destroy(&dev->lock);
    okt_wipe(dev, sizeof(*dev));
    free(dev);
}

/* ------------------------------------------------------------- Who may -- */

bool dev_has_path(const char *path)
{
    return strncmp(path, DEV_PREFIX, strlen(DEV_PREFIX)) == 0;
}

/* Another name may be one that somebody makes lead here: DNS rebinding. */
static bool is_loopback(const char *host)
{
    static const char *const names[] = { "localhost", "[::1]" };
    size_t len = strcspn(host, ":");

    if (host[0] == '[')
        len = strcspn(host, "]") + 1;
    if (len > strlen(host) ||
        (host[len] == ':' &&
         host[len + 1 + strspn(host + len + 1, "0123456789")] != '\0') ||
        (host[len] != ':' && host[len] != '\0'))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (len == strlen(names[i]) && okt_ncasecmp(host, names[i], len) == 0)
            return true;
    return len <= strlen("127.255.255.255") && strncmp(host, "127.", 4) == 0 &&
           strspn(host, "0123456789.") == len;
}

static bool has_token(const struct dev *dev, const char *header)
{
    static const char scheme[] = "Bearer ";
    size_t len = strlen(scheme);

    if (header == NULL || okt_ncasecmp(header, scheme, len) != 0)
        return false;
    header += len;
    return strlen(header) == TOKEN_LEN &&
           okt_equal_secret(header, dev->token, TOKEN_LEN);
}

static int refuse(struct request *r, const char *cause)
{
    return reply_error(r, 403, OKT_E_FORBIDDEN,
                       "You do not have permission to perform the requested "
                       "action",
                       cause);
}

static int check_caller(const struct dev *dev, struct request *r)
{
    const char *host = r->headers[HEADER_HOST];

    if (host == NULL || !is_loopback(host))
        return refuse(r, "Host: /_org/ answers to a loopback name alone: "
                         "127.0.0.1, [::1] or localhost");
    if (r->headers[HEADER_ORIGIN] != NULL)
        return refuse(r, "Origin: /_org/ answers no web page");
    if (has_token(dev, r->headers[HEADER_AUTHORIZATION]))
        return 200;
    okt_buf_str(&r->challenge, "Bearer realm=\"okta-orgd\"");
    return reply_error(r, 401, OKT_E_BAD_TOKEN, "Invalid token provided",
                       "Authorization: it takes Bearer and what "
                       "stands in " DEV_TOKEN_FILE " of the data folder");
}

/* ---------------------------------------------------------------- Bodies -- */

int dev_invalid(struct request *r, const char *key, const char *what)
{
    char cause[INVALID_MAX];

    snprintf(cause, sizeof(cause), "%s: %s", key, what);
    return reply_invalid(r, key, cause);
}

int dev_refuse(struct request *r, const char *what)
{
    char key[INVALID_MAX];

    snprintf(key, sizeof(key), "%.*s", (int)strcspn(what, ":"), what);
    return reply_invalid(r, key, what);
}

/* A key that is none is shown, as far as it is plain. */
static int refuse_key(struct request *r, const char *key,
                      const struct dev_member *members, size_t count)
{
    OKT_BUF_AUTO what = OKT_BUF_INIT(INVALID_MAX);
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789_-.";

    okt_buf_str(&what, count > 0 ? "unknown; there is" : "it takes none");
    for (size_t i = 0; i < count; i++)
        okt_buf_printf(&what, "%s %s", i > 0 ? "," : "", members[i].key);
    if (okt_buf_failed(&what))
        return reply_internal(r);
    if (strlen(key) > OKT_ID_MAX || key[strspn(key, plain)] != '\0' ||
        okt_has_secret(key))
        key = "body";
    return dev_invalid(r, key, what.data);
}

static int fill_members(struct request *r, yyjson_val *root,
                        struct dev_member *members, size_t count)
{
    size_t i, max;
    yyjson_val *key, *value;

    if (!yyjson_is_obj(root))
        return dev_invalid(r, "body", "it must be a JSON object");
    yyjson_obj_foreach(root, i, max, key, value) {
        const char *name = okt_json_text(key);
        size_t at = 0;

        while (at < count &&
               (name == NULL || strcmp(members[at].key, name) != 0))
            at++;
        if (at == count)
            return refuse_key(r, name != NULL ? name : "", members, count);
        members[at].value = value;
    }
    return 200;
}

yyjson_doc *dev_json(struct request *r)
{
    bool empty = r->body.len == 0;
    yyjson_doc *doc;
    const char *why;
    bool no_memory;

    doc = okt_json_read_request(empty ? "{}" : r->body.data,
                                empty ? 2 : r->body.len, &why, &no_memory);
    if (doc == NULL)
        r->status = no_memory ? reply_internal(r)
                              : reply_error(r, 400, OKT_E_MALFORMED,
                                            "The request body was not "
                                            "well-formed.",
                                            why);
    return doc;
}

yyjson_doc *dev_body(struct request *r, struct dev_member *members,
                     size_t count)
{
    AUTO(yyjson_doc) doc = dev_json(r);

    if (doc == NULL)
        return NULL;
    r->status = fill_members(r, yyjson_doc_get_root(doc), members, count);
    return r->status == 200 ? TAKE(doc) : NULL;
}

/* ---------------------------------------------------------------- Routes -- */

#define SNAPSHOTS DEV_PREFIX "snapshots"
#define SNAPSHOT SNAPSHOTS "/{name}"

static int list_routes(struct request *request, const char *id);

/* clang-format off */
static const struct route routes[] = {
    { "GET",    DEV_PREFIX,         SCOPE_OPEN, list_routes,     NULL },
    { "GET",    DEV_PREFIX "clock", SCOPE_OPEN, dev_clock_get,   NULL },
    { "POST",   DEV_PREFIX "clock", SCOPE_OPEN, dev_clock_set,   dev_clock_done },
    { "DELETE", DEV_PREFIX "clock", SCOPE_OPEN, dev_clock_reset, dev_clock_done },
    { "GET",    DEV_PREFIX "faults", SCOPE_OPEN, dev_faults_list,   NULL },
    { "POST",   DEV_PREFIX "faults", SCOPE_OPEN, dev_faults_add,    NULL },
    { "DELETE", DEV_PREFIX "faults", SCOPE_OPEN, dev_faults_clear,  NULL },
    { "DELETE", DEV_PREFIX "faults/{id}", SCOPE_OPEN, dev_faults_remove, NULL },
    { "GET",    DEV_PREFIX "requests", SCOPE_OPEN, dev_requests_list,  NULL },
    { "DELETE", DEV_PREFIX "requests", SCOPE_OPEN, dev_requests_clear, NULL },
    { "POST",   DEV_PREFIX "reset", SCOPE_OPEN, dev_reset,       dev_snapshot_done },
    { "GET",    SNAPSHOTS,          SCOPE_OPEN, dev_snapshot_list,   NULL },
    { "PUT",    SNAPSHOT,           SCOPE_OPEN, dev_snapshot_save,   dev_snapshot_done },
    { "DELETE", SNAPSHOT,           SCOPE_OPEN, dev_snapshot_delete, NULL },
    { "POST",   SNAPSHOT "/restore", SCOPE_OPEN, dev_snapshot_restore, dev_snapshot_done },
};
/* clang-format on */

/* All that there is, as {"calls": ["GET /_org/", ...]}. */
static int list_routes(struct request *r, const char *id)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    yyjson_mut_val *calls = yyjson_mut_obj_add_arr(writer.doc, root, "calls");
    char call[OKT_ID_MAX + 1];

    (void)id;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        snprintf(call, sizeof(call), "%s %s", routes[i].method, routes[i].path);
        yyjson_mut_arr_add_strcpy(writer.doc, calls, call);
    }
    okt_json_print(&writer, &r->reply);
    return reply_json(r);
}

int dev_answer(struct dev *dev, struct request *r)
{
    r->status = check_caller(dev, r);
    return r->status == 200 ? request_answer(r, routes, ARRAY_LEN(routes))
                            : r->status;
}
