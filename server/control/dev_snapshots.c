/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev_snapshots.c - /_org/snapshots and /_org/reset: the org as it was.
 *
 * A snapshot is a database of its own in the data folder, written and put back
 * by the writer between two transactions: no change is lost, and nobody sees
 * the half of one. With it goes the clock. What an org knows in memory alone
 * does not outlive the coming back.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/control/dev_parts.h"
#include "server/fault/faults.h"
#include "server/oauth/signer.h"
#include "server/org/attempts.h"
#include "server/org/pending_uses.h"
#include "server/request/limits.h"
#include "server/request/request.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "wire/iso8601.h"

#define FOLDER "snapshots"
#define SUFFIX ".db"
#define NEW "new" /* behind a dot, as no snapshot is named */
#define START "start"

/* ----------------------------------------------------------------- Files -- */

/* To be freed; NULL: out of memory. */
static char *file_of(const struct dev *dev, const char *dot, const char *name)
{
    struct okt_buf path = OKT_BUF_INIT(4096);

    okt_buf_printf(&path, "%s/" FOLDER "/%s%s" SUFFIX, dev->dir, dot, name);
    return okt_buf_take(&path);
}

static store_status fail(const char *what)
{
    say("snapshots: %s: %s", what, strerror(errno));
    return STORE_FAILED;
}

static bool make_folder(const struct dev *dev)
{
    AUTO(char) path = path_join(dev->dir, FOLDER);

    return path != NULL && (mkdir(path, 0700) == 0 || errno == EEXIST);
}

static bool sync_folder(const struct dev *dev)
{
    AUTO(char) path = path_join(dev->dir, FOLDER);

    return path != NULL && dir_sync(path);
}

/* Under another name first, so that one of that name is there whole. */
static store_status save(const struct dev *dev, struct store *store,
                         const char *dot, const char *name)
{
    AUTO(char) draft = file_of(dev, ".", NEW);
    AUTO(char) path = file_of(dev, dot, name);
    store_status st;

    if (draft == NULL || path == NULL || !make_folder(dev) ||
        (unlink(draft) != 0 && errno != ENOENT))
        return fail("could not make room");
    st = store->ops->save(store, draft, atomic_load(&dev->clock->state));
    if (st != STORE_OK)
        return st;
    return rename(draft, path) == 0 && sync_folder(dev)
               ? STORE_OK
               : fail("could not name it");
}

static store_status restore(const struct org *org, struct store *store,
                            const char *dot, const char *name)
{
    AUTO(char) path = file_of(org->dev, dot, name);
    store_status st;
    int64_t clock;

    if (path == NULL)
        return fail("could not find it");
    if (access(path, F_OK) != 0)
        return STORE_NOT_FOUND;
    st = store->ops->restore(store, path, &clock);
    if (st != STORE_OK)
        return st;
    atomic_store(&org->clock->state, clock);
    renewals_clear(org->renewals);
    limits_clear(org->limits);
    attempts_clear(org->attempts);
    /* The key of then may have been rotated away since. */
    return signer_ensure(org->dev->dir, store, org_now(org))
               ? STORE_OK
               : STORE_FAILED;
}

/* ----------------------------------------------------- In the writer -- */

static store_status apply_save(struct store *store, void *request)
{
    const struct request *r = request;

    return save(r->org->dev, store, "", r->id);
}

static store_status apply_restore(struct store *store, void *request)
{
    const struct request *r = request;

    return restore(r->org, store, "", r->id);
}

static store_status apply_reset(struct store *store, void *request)
{
    const struct request *r = request;
    store_status st = restore(r->org, store, ".", START);

    if (st == STORE_OK)
        faults_clear(r->org->faults);
    return st;
}

static store_status apply_start(struct store *store, void *dev)
{
    return save(dev, store, ".", START);
}

static void ignore(void *ctx)
{
    (void)ctx;
}

void dev_remember(struct dev *dev, struct writer *writer)
{
    dev->start = (struct change){
        .apply = apply_start, .done = ignore, .ctx = dev, .alone = true
    };
    writer_push(writer, &dev->start);
}

void dev_forget(const struct dev *dev)
{
    AUTO(char) path = file_of(dev, ".", START);

    if (path != NULL)
        unlink(path);
}

/* ------------------------------------------------------------ One of them --
 */

static int ask_writer(struct request *r, bool settles,
                      store_status (*apply)(struct store *store, void *request))
{
    r->change.alone = true;
    r->change.settles = settles;
    return request_change(r, apply);
}

int dev_snapshot_save(struct request *r, const char *id)
{
    (void)id;
    return ask_writer(r, false, apply_save);
}

int dev_snapshot_restore(struct request *r, const char *id)
{
    (void)id;
    return ask_writer(r, true, apply_restore);
}

int dev_reset(struct request *r, const char *id)
{
    (void)id;
    return ask_writer(r, true, apply_reset);
}

int dev_snapshot_done(struct request *r, const char *id)
{
    if (r->change.result == STORE_NOT_FOUND)
        return reply_not_found(r, id[0] != '\0' ? id : START, "Snapshot");
    return r->change.result == STORE_OK ? 204 : reply_unavailable(r);
}

int dev_snapshot_delete(struct request *r, const char *id)
{
    AUTO(char) path = file_of(r->org->dev, "", id);

    if (path == NULL)
        return reply_internal(r);
    if (unlink(path) == 0)
        return 204;
    return errno == ENOENT ? reply_not_found(r, id, "Snapshot")
                           : reply_unavailable(r);
}

/* ------------------------------------------------------------ All of them --
 */

/* Cuts the suffix off. False: it is no snapshot's file. */
static bool take_name(char *file)
{
    size_t len = strlen(file);
    size_t suffix = strlen(SUFFIX);

    if (len <= suffix || strcmp(file + len - suffix, SUFFIX) != 0)
        return false;
    file[len - suffix] = '\0';
    return route_name_is_valid(file);
}

static void add_snapshot(const struct dev *dev, const char *name,
                         yyjson_mut_doc *doc, yyjson_mut_val *list)
{
    AUTO(char) path = file_of(dev, "", name);
    yyjson_mut_val *item;
    char saved[OKT_TIME_SIZE];
    struct stat st;

    if (path == NULL || stat(path, &st) != 0)
        return;
    okt_time_format(st.st_mtim.tv_sec, saved);
    item = yyjson_mut_arr_add_obj(doc, list);
    yyjson_mut_obj_add_strcpy(doc, item, "name", name);
    yyjson_mut_obj_add_strcpy(doc, item, "saved", saved);
    yyjson_mut_obj_add_int(doc, item, "bytes", st.st_size);
}

/* By name. Returns how many there are; -1: the folder can't be read. */
static int scan(const struct dev *dev, struct dirent ***out)
{
    AUTO(char) path = path_join(dev->dir, FOLDER);
    int count = path != NULL ? scandir(path, out, NULL, alphasort) : -1;

    return count < 0 && errno == ENOENT ? 0 : count;
}

int dev_snapshot_list(struct request *r, const char *id)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *list;
    struct dirent **files = NULL;
    int count = scan(r->org->dev, &files);

    (void)id;
    okt_json_begin(&writer);
    list = yyjson_mut_arr(writer.doc);
    yyjson_mut_doc_set_root(writer.doc, list);
    for (int i = 0; i < count; i++) {
        if (take_name(files[i]->d_name))
            add_snapshot(r->org->dev, files[i]->d_name, writer.doc, list);
        free(files[i]);
    }
    free(files);
    if (count < 0)
        return reply_unavailable(r);
    okt_json_print(&writer, &r->reply);
    return reply_json(r);
}
