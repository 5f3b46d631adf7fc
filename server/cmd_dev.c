/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_dev.c - okta-orgd dev: the control API of a running org, as commands. */
#include "buf.h"
#include "commands.h"
#include "dev_client.h"
#include "json.h"
#include "say.h"

enum { BODY_TEXT_MAX = 65536 };

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
