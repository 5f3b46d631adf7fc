/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.h - who is signed in, and where: what "login" keeps and every other
 * command reads.
 *
 * A profile is an org with one credential for it, and neither ever goes with
 * another one's. It is called as its file is. What is secret of it lies in the
 * Secret Service if there is one, else in the profile's own file; the rest is
 * always in the file. What returns int returns an exit code; not EXIT_OK: it
 * has been said why.
 */
#ifndef CLI_PROFILE_H
#define CLI_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "cli/state/state_dir.h"
#include "cli/term/args.h"

enum profile_kind {
    PROFILE_SSWS,   /* an API token; the secret is the token */
    PROFILE_DEVICE, /* signed in with a browser; the secret is the tokens */
    PROFILE_SERVICE /* a service app; nothing secret but what it was given */
};

struct profile {
    char *name;
    char *org; /* "https://host[:port]" */
    enum profile_kind kind;
    char *client_id; /* these are NULL where there is none */
    char *scopes;    /* a space between them */
    char *key_file;  /* of a service app, absolute; never the key itself */
    char *key_id;
    char *ca_file; /* that the org is trusted by, absolute */
    bool dpop;
    bool keyring;    /* where the secret lies */
    bool leftover;   /* an earlier secret may be left in the Secret Service */
    bool ended;      /* signed out of, but for what is left there */
    int64_t expires; /* of a sign-in under way; 0: not told */
    okt_secret *secret;
};

#define PROFILE_AUTO __attribute__((cleanup(profile_free))) struct profile

/* Wipes and frees what it holds. */
void profile_free(struct profile *profile);

/* "device", as it is written and shown. */
const char *profile_kind_name(enum profile_kind kind);

/* Letters, digits, ".", "_", ":", "@", "-"; at most 100, the first no sign. */
bool profile_name_is_valid(const char *name);

/* What a profile of that org is called unless told: its host and port. NULL: no
 * memory. */
char *profile_name_of_org(const char *org);

/* Reads one with its secret. *found false: there is none of that name. */
int profile_load(const struct args *args, const char *name, struct profile *out,
                 bool *found);

/* The same without the secret. */
int profile_peek(const struct args *args, const char *name, struct profile *out,
                 bool *found);

/* The same; one that can't be understood is as none: it may be replaced. */
int profile_peek_legible(const struct args *args, const char *name,
                         struct profile *out, bool *found);

/* Makes room for what profile_save will write. */
int profile_reserve(const struct args *args, struct state_room *room);

/*
 * Writes it, in place of what was there, with secret where it can: keyring is
 * set to where that was. From profile_load to profile_save hold the lock. room
 * may be NULL. On failure an earlier file stays, and a new secret is not kept.
 */
int profile_save(const struct args *args, struct profile *profile,
                 struct state_room *room);

/*
 * Removes all of it: the secret, the file, what a run that died has left. Hold
 * the lock. Not EXIT_OK: something is left, and it has been said what and
 * where. *removed: there was something. A profile whose secret can't be removed
 * from the Secret Service stays, as ended.
 */
int profile_remove(const struct args *args, const char *name, bool *removed);

/* Removes what no profile's file tells of any more: items of the Secret
 * Service, files of runs that died, sign-ins under way. */
int profile_remove_rest(const struct args *args);

/* One process at a time, see state_lock; make: the folder, if there is none
 * yet, and nothing to lock. *fd is to be closed; -1: there was nothing. */
int profile_lock(const struct args *args, const char *name, bool make, int *fd);

/* Where the file of one is, for people; to be freed. NULL: not to be had. */
char *profile_path(const struct args *args, const char *name);

/* The names of all there are, sorted; those that profile_name_is_valid refuses
 * (files that somebody renamed) among them. */
struct profile_names {
    char **names;
    size_t count;
};

#define PROFILE_NAMES_AUTO \
    __attribute__((cleanup(profile_names_free))) struct profile_names

int profile_names_read(const struct args *args, struct profile_names *out);
void profile_names_free(struct profile_names *names);

/* The one in use: *name is to be freed; NULL: none. */
int profile_current(const struct args *args, char **name);

/* name NULL: none. */
int profile_use(const struct args *args, const char *name);

/*
 * A sign-in that is under way: a profile whose secret is what is needed to go
 * on with it, in a file of its own. handle is its name, and tells nothing.
 */
enum { PENDING_SIZE = 48 };

int pending_save(const struct args *args, const struct profile *profile,
                 char handle[static PENDING_SIZE]);
int pending_load(const struct args *args, const char *handle,
                 struct profile *out, bool *found);
int pending_remove(const struct args *args, const char *handle);

/* Removes those that have lapsed; all, if all. */
int pending_sweep(const struct args *args, bool all);

#endif
