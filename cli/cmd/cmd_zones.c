/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_zones.c - zones: the org's network zones. */
#include "cli/output/printer.h"
#include "cli/signin/session.h"

/* *ok: false where it could not be written, which printer_close tells. */
static void print_page(struct output *output, const okta_page *page, bool *ok)
{
    size_t count = okta_page_count(page);

    for (size_t i = 0; i < count && *ok; i++)
        *ok = output_zone(output, okta_page_zone(page, i));
    *ok = output_flush(output) && *ok;
}

/* What is printed is whole if this returns EXIT_OK. */
static int print_all(struct session *session, struct output *output,
                     size_t *printed)
{
    AUTO(okta_page) page = NULL;
    bool ok = true;
    okta_error err;
    okta_status st =
        okta_zone_list(session->client, session->response, &page, &err);

    while (st == OKTA_OK && ok) {
        print_page(output, page, &ok);
        *printed += okta_page_count(page);
        if (ok)
            st = okta_page_next(session->client, page, session->response, &err);
    }
    return st == OKTA_OK || st == OKTA_DONE
               ? EXIT_OK
               : session_fail(session, "list zones", &err);
}

int cmd_zones(struct session *session)
{
    struct output *output = NULL;
    size_t printed = 0;
    bool table;
    int code = printer_open_zones(session, &output);

    if (code != EXIT_OK)
        return code;
    table = printer_shows_table(output);
    code = session_open(session);
    if (code == EXIT_OK)
        code = print_all(session, output, &printed);
    code = printer_close(session, output, code == EXIT_OK, code);
    if (code == EXIT_OK && printed == 0 && table)
        note(session->args, "note", "no network zones");
    return code;
}
