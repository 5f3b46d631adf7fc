/* SPDX-License-Identifier: Apache-2.0 */
/* dev_parts.h - what the files of the control API share. */
#ifndef ORGD_DEV_PARTS_H
#define ORGD_DEV_PARTS_H

#include <pthread.h>

#include "server/control/dev.h"
#include "server/org/writer.h"
#include "server/util/secret.h"

struct dev {
    pthread_mutex_t lock; /* of whoever moves the clock */
    const char *dir;
    int folder; /* locked while the org serves */
    bool locked;
    char token[2 * SECRET_KEY_LEN + 1];
    struct org_clock *clock;
    int64_t clock_at_start;
    struct change start; /* that keeps what the org was then */
};

/* dev_clock.c */
int dev_clock_get(struct request *request, const char *id);
int dev_clock_set(struct request *request, const char *id);
int dev_clock_reset(struct request *request, const char *id);
int dev_clock_done(struct request *request, const char *id);

/* dev_faults.c */
int dev_faults_list(struct request *request, const char *id);
int dev_faults_add(struct request *request, const char *id);
int dev_faults_clear(struct request *request, const char *id);
int dev_faults_remove(struct request *request, const char *id);

/* dev_requests.c */
int dev_requests_list(struct request *request, const char *id);
int dev_requests_clear(struct request *request, const char *id);

/* dev_snapshots.c */
int dev_snapshot_list(struct request *request, const char *id);
int dev_snapshot_save(struct request *request, const char *id);
int dev_snapshot_restore(struct request *request, const char *id);
int dev_snapshot_delete(struct request *request, const char *id);
int dev_snapshot_done(struct request *request, const char *id);
int dev_reset(struct request *request, const char *id);

/* Removes what dev_remember has kept. */
void dev_forget(const struct dev *dev);

#endif
