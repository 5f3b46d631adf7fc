/* SPDX-License-Identifier: Apache-2.0 */
/* network.c - one description of a condition, as it is and as it is to be. */
#include "network.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "api.h"

/* The zones of a token, or of what is asked for. */
struct zones {
    const void *from;
    size_t count;
    const char *(*item)(const void *from, size_t i);
};

static const char *included(const void *token, size_t i)
{
    return okta_api_token_include(token, i);
}

static const char *excluded(const void *token, size_t i)
{
    return okta_api_token_exclude(token, i);
}

static const char *listed(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static bool is_all(const struct zones *zones)
{
    return zones->count == 1 &&
           strcmp(zones->item(zones->from, 0), OKT_ALL_ZONES) == 0;
}

/* "in " or "not in " its zones, or of all of them just text. */
static void add_zones(struct okt_buf *out, const struct zones *zones,
                      const char *in, const char *all)
{
    if (zones->count == 0)
        return;
    if (is_all(zones)) {
        okt_buf_str(out, all);
        return;
    }
    okt_buf_str(out, in);
    for (size_t i = 0; i < zones->count; i++) {
        if (i > 0)
            okt_buf_char(out, ' ');
        okt_buf_str(out, zones->item(zones->from, i));
    }
}

static void add_both(struct okt_buf *out, const struct zones *include,
                     const struct zones *exclude)
{
    add_zones(out, include, "in ", "any zone");
    if (include->count > 0 && exclude->count > 0)
        okt_buf_str(out, ", ");
    add_zones(out, exclude, "not in ", "no zone");
}

/* Lists count with ZONE alone; where they stand beside another word, that is
 * told first, since it decides. */
static void describe(struct okt_buf *out, const char *connection,
                     const struct zones *include, const struct zones *exclude)
{
    bool lists = include->count > 0 || exclude->count > 0;
    bool zone = connection == NULL || strcmp(connection, OKT_ZONE) == 0;
    bool anywhere = !zone && strcmp(connection, OKT_ANYWHERE) == 0;

    if (anywhere)
        okt_buf_str(out, "anywhere");
    else if (connection != NULL && (!zone || !lists))
        okt_buf_str(out, connection);
    if (zone || !lists) {
        add_both(out, include, exclude);
        return;
    }
    okt_buf_str(out, " (lists: ");
    add_both(out, include, exclude);
    okt_buf_char(out, ')');
}

void network_of_token(struct okt_buf *out, const okta_api_token *token)
{
    struct zones include = { token, okta_api_token_include_count(token),
                             included };
    struct zones exclude = { token, okta_api_token_exclude_count(token),
                             excluded };

    describe(out, okta_api_token_connection(token), &include, &exclude);
}

void network_of_wanted(struct okt_buf *out, const okta_network *network)
{
    struct zones include = { network->include, network->include_count, listed };
    struct zones exclude = { network->exclude, network->exclude_count, listed };

    describe(out, network->connection, &include, &exclude);
}
