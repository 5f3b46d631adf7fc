/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_dev.c - okta-orgd dev: the control API of a running org, as commands. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "server/cmd/commands.h"
#include "server/cmd/dev_client.h"
#include "server/fault/faults.h"
#include "server/request/route.h"
#include "server/util/diag.h"
#include "wire/json.h"
#include "wire/percent.h"

enum { BODY_TEXT_MAX = 65536, PATH_TEXT_MAX = 2048 };

/* Asks with an object of one text. */
static int ask_with(const struct args *args, const char *path, const char *key,
                    const char *text)
{
    OKT_BUF_AUTO json = OKT_BUF_INIT(BODY_TEXT_MAX);
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);

    yyjson_mut_obj_add_str(writer.doc, root, key, text);
    okt_json_print(&writer, &json);
    if (okt_buf_failed(&json))
        return say_failed("dev: that is no text, or it is too long");
    return dev_ask(args, "POST", path, json.data);
}

/* ----------------------------------------------------------- The clock -- */

int cmd_dev_clock(const struct args *args)
{
    return dev_ask(args, "GET", "clock", NULL);
}

int cmd_dev_clock_set(const struct args *args)
{
    return ask_with(args, "clock", "now", args->operand);
}

int cmd_dev_clock_advance(const struct args *args)
{
    return ask_with(args, "clock", "advance", args->operand);
}

int cmd_dev_clock_freeze(const struct args *args)
{
    return dev_ask(args, "POST", "clock", "{\"frozen\":true}");
}

int cmd_dev_clock_resume(const struct args *args)
{
    return dev_ask(args, "POST", "clock", "{\"frozen\":false}");
}

int cmd_dev_clock_reset(const struct args *args)
{
    return dev_ask(args, "DELETE", "clock", NULL);
}

/* ---------------------------------------------------------- The faults -- */

int cmd_dev_faults_add(const struct args *args)
{
    OKT_BUF_AUTO json = OKT_BUF_INIT(BODY_TEXT_MAX);
    const char *bad = fault_of_words(args->many, args->many_count, &json);

    if (bad != NULL)
        return say_usage("dev faults add: what is \"%s\"? KEY=VALUE, such as "
                         "do=reset",
                         say_word(bad));
    if (okt_buf_failed(&json))
        return say_failed("dev faults add: that is no text, or it is too long");
    return dev_ask(args, "POST", "faults", json.data);
}

void dev_faults_print_words(void)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(BODY_TEXT_MAX);

    fault_list_words(&out);
    printf("\nKEY is one of:\n%s", okt_buf_failed(&out) ? "" : out.data);
}

int cmd_dev_faults_list(const struct args *args)
{
    return dev_ask(args, "GET", "faults", NULL);
}

int cmd_dev_faults_remove(const struct args *args)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_TEXT_MAX);

    okt_buf_str(&path, "faults/");
    okt_percent_encode(&path, args->operand);
    if (okt_buf_failed(&path))
        return say_failed("dev faults remove: the id is too long");
    return dev_ask(args, "DELETE", path.data, NULL);
}

int cmd_dev_faults_clear(const struct args *args)
{
    return dev_ask(args, "DELETE", "faults", NULL);
}

/* -------------------------------------------------------- The requests -- */

/* A query of what the words say; follow is not theirs to say. */
static int ask_requests(const struct args *args, const char *query)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_TEXT_MAX);

    okt_buf_printf(&path, "requests?%s", query);
    for (size_t i = 0; i < args->many_count; i++) {
        const char *word = args->many[i];
        size_t len = strcspn(word, "=");

        if (word[len] == '\0' || len == 0)
            return say_usage("dev requests: what is \"%s\"? KEY=VALUE, such as "
                             "status=4xx",
                             say_word(word));
        okt_buf_printf(&path, "&%.*s=", (int)len, word);
        okt_percent_encode(&path, word + len + 1);
    }
    if (okt_buf_failed(&path))
        return say_failed("dev requests: that is too long");
    return dev_ask(args, "GET", path.data, NULL);
}

int cmd_dev_requests_list(const struct args *args)
{
    return ask_requests(args, "follow=false");
}

int cmd_dev_requests_clear(const struct args *args)
{
    return dev_ask(args, "DELETE", "requests", NULL);
}

int cmd_dev_requests_follow(const struct args *args)
{
    return ask_requests(args, "follow=true");
}

/* ----------------------------------------------------------- Snapshots -- */

int cmd_dev_reset(const struct args *args)
{
    return dev_ask(args, "POST", "reset", NULL);
}

int cmd_dev_snapshot_list(const struct args *args)
{
    return dev_ask(args, "GET", "snapshots", NULL);
}

static int ask_named(const struct args *args, const char *method,
                     const char *tail)
{
    char path[OKT_ID_MAX + 32];

    if (!route_name_is_valid(args->operand))
        return say_usage("dev snapshot: a name is 1 to %d letters, digits, "
                         "\".\", \"_\" and \"-\", and begins with no \".\"",
                         OKT_ID_MAX);
    snprintf(path, sizeof(path), "snapshots/%s%s", args->operand, tail);
    return dev_ask(args, method, path, NULL);
}

int cmd_dev_snapshot_save(const struct args *args)
{
    return ask_named(args, "PUT", "");
}

int cmd_dev_snapshot_restore(const struct args *args)
{
    return ask_named(args, "POST", "/restore");
}

int cmd_dev_snapshot_delete(const struct args *args)
{
    return ask_named(args, "DELETE", "");
}
