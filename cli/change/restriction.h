/* SPDX-License-Identifier: Apache-2.0 */
/* restriction.h - the network condition that restrict is asked for. */
#ifndef CLI_RESTRICTION_H
#define CLI_RESTRICTION_H

#include "cli/enrich/zones.h"
#include "cli/signin/session.h"

enum { WANTED_ZONES_MAX = 100 };

struct wanted {
    okta_network network; /* its zones are those below */
    const char *zones[WANTED_ZONES_MAX];
    size_t count;
};

/* Both return an exit code; not EXIT_OK: it has been said why not. */

/* Reads the options: shapes only. Zones may still be names. */
int wanted_read(const struct args *args, struct wanted *out);

/* Whether a zone is named by what is only ever an id: "nzo" and 17 more. */
bool wanted_is_id(const char *zone);

/* Whether zones are named otherwise. */
bool wanted_has_names(const struct wanted *wanted);

/*
 * Puts ids, borrowed from zones, in the places of names. A zone is meant by
 * its name, letter for letter, or by its id; by one that is none or several the
 * condition is refused.
 */
int wanted_resolve(const struct args *args, struct wanted *wanted,
                   const struct zones *zones);

#endif
