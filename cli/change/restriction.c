/* SPDX-License-Identifier: Apache-2.0 */
/* restriction.c - from --zone and its like to a network condition. */
#include "cli/change/restriction.h"

#include <string.h>

#include "base/buf.h"
#include "cli/term/suggest.h"
#include "wire/api.h"
#include "wire/id.h"

enum { NAMES_SHOWN = 5, TEXT_MAX = 4096 };

/* ----------------------------------------------------------- The options -- */

/* clang-format off */
static const enum option_id modes[] = {
    OPT_ZONE, OPT_NOT_ZONE, OPT_ANY_ZONE, OPT_NO_ZONE, OPT_ANYWHERE,
};
/* clang-format on */

static int find_mode(const struct args *args, enum option_id *out)
{
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        if (!args_has(args, modes[i]))
            continue;
        *out = modes[i];
        count++;
    }
    if (count == 1)
        return EXIT_OK;
    return fail(args, EXIT_USAGE, NULL,
                "restrict takes one of --zone, --not-zone, --any-zone, "
                "--no-zone, --anywhere");
}

static bool has_zone(const struct wanted *wanted, const char *zone)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (strcmp(wanted->zones[i], zone) == 0)
            return true;
    return false;
}

static int add_zone(const struct args *args, struct wanted *out,
                    const char *zone)
{
    if (okt_has_secret(zone))
        return fail(args, EXIT_USAGE, NULL,
                    "a network zone is asked for, and what is given has the "
                    "shape of a token's secret");
    if (has_zone(out, zone))
        return EXIT_OK;
    if (out->count == WANTED_ZONES_MAX)
        return fail(args, EXIT_USAGE, NULL, "more than %d zones",
                    WANTED_ZONES_MAX);
    out->zones[out->count++] = zone;
    return EXIT_OK;
}

static int add_zones(const struct args *args, enum option_id id,
                     struct wanted *out)
{
    int code = EXIT_OK;

    for (size_t i = 0; i < args->count && code == EXIT_OK; i++)
        if (args->given[i].id == id)
            code = add_zone(args, out, args->given[i].value);
    return code;
}

int wanted_read(const struct args *args, struct wanted *out)
{
    enum option_id mode = OPT_ANYWHERE;
    int code = find_mode(args, &mode);

    if (code == EXIT_OK && (mode == OPT_ZONE || mode == OPT_NOT_ZONE))
        code = add_zones(args, mode, out);
    if (code != EXIT_OK)
        return code;
    out->network.connection = mode == OPT_ANYWHERE ? OKT_ANYWHERE : OKT_ZONE;
    if (mode == OPT_ANY_ZONE || mode == OPT_NO_ZONE)
        out->zones[out->count++] = OKT_ALL_ZONES;
    if (mode == OPT_ZONE || mode == OPT_ANY_ZONE) {
        out->network.include = out->zones;
        out->network.include_count = out->count;
    } else if (mode != OPT_ANYWHERE) {
        out->network.exclude = out->zones;
        out->network.exclude_count = out->count;
    }
    return EXIT_OK;
}

/* ------------------------------------------------------------- The names -- */

bool wanted_is_id(const char *zone)
{
    return okt_id_is_segment(zone) && strlen(zone) == OKT_ID_LEN &&
           strncmp(zone, "nzo", 3) == 0;
}

/* All of them is none that has to be looked for. */
static bool is_name(const char *zone)
{
    return !wanted_is_id(zone) && strcmp(zone, OKT_ALL_ZONES) != 0;
}

bool wanted_has_names(const struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (is_name(wanted->zones[i]))
            return true;
    return false;
}

static int refuse_unknown(const struct args *args, const char *name,
                          const struct zones *zones)
{
    OKT_BUF_AUTO known = OKT_BUF_INIT(TEXT_MAX);
    struct nearest nearest;

    nearest_begin(&nearest, name, strlen(name));
    okt_buf_str(&known, zones->count > 0 ? "there are: " : "there is none");
    for (size_t i = 0; i < zones->count; i++) {
        nearest_consider(&nearest, zones->list[i].name);
        if (i < NAMES_SHOWN)
            okt_buf_printf(&known, "%s'%s'", i > 0 ? ", " : "",
                           zones->list[i].name);
    }
    if (zones->count > NAMES_SHOWN)
        okt_buf_str(&known, ", ...");
    if (nearest.best != NULL)
        return fail(args, EXIT_NOT_FOUND, NULL,
                    "no network zone of this org is named '%s'; is it '%s'?",
                    name, nearest.best);
    return fail(args, EXIT_NOT_FOUND, NULL,
                "no network zone of this org is named '%s'; %s", name,
                okt_buf_failed(&known) ? "" : known.data);
}

static int refuse_ambiguous(const struct args *args, const char *name,
                            const struct zone *one, const struct zone *other)
{
    return fail(args, EXIT_USAGE, "give the whole id",
                "'%s' means several network zones: %s ('%s'), %s ('%s')", name,
                one->id, one->name, other->id, other->name);
}

static int resolve_one(const struct args *args, const struct zones *zones,
                       const char **zone)
{
    const struct zone *found = NULL;

    for (size_t i = 0; i < zones->count; i++) {
        const struct zone *one = &zones->list[i];

        if (strcmp(one->id, *zone) != 0 && strcmp(one->name, *zone) != 0)
            continue;
        if (found != NULL)
            return refuse_ambiguous(args, *zone, found, one);
        found = one;
    }
    if (found == NULL)
        return refuse_unknown(args, *zone, zones);
    *zone = found->id;
    return EXIT_OK;
}

/* Two ways of naming one zone are one zone. */
static void merge(struct wanted *wanted)
{
    size_t count = wanted->count;

    wanted->count = 0;
    for (size_t i = 0; i < count; i++)
        if (!has_zone(wanted, wanted->zones[i]))
            wanted->zones[wanted->count++] = wanted->zones[i];
    if (wanted->network.include_count > 0)
        wanted->network.include_count = wanted->count;
    if (wanted->network.exclude_count > 0)
        wanted->network.exclude_count = wanted->count;
}

int wanted_resolve(const struct args *args, struct wanted *wanted,
                   const struct zones *zones)
{
    int code = EXIT_OK;

    for (size_t i = 0; i < wanted->count && code == EXIT_OK; i++)
        if (is_name(wanted->zones[i]))
            code = resolve_one(args, zones, &wanted->zones[i]);
    merge(wanted);
    return code;
}
