/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_list.c - list: all tokens, or one page of them. */
#include "cli/cmd/cursor.h"
#include "cli/enrich/enrich.h"
#include "cli/output/printer.h"
#include "cli/signin/session.h"
#include "wire/api.h"

/* What was asked for. max 0: all of them. */
struct wanted {
    okta_list_options options;
    long max;
    bool one_page;
};

static int read_wanted(const struct args *args, struct wanted *out)
{
    long limit = args_number(args, OPT_LIMIT, 0);

    out->max = args_number(args, OPT_MAX, 0);
    out->one_page = limit > 0;
    if (out->one_page && out->max > 0)
        return fail(args, EXIT_USAGE, NULL,
                    "--limit gives one page, --max so many of all: which "
                    "one?");
    if (limit == 0 && out->max > 0 && out->max < OKT_LIMIT_MAX)
        limit = out->max;
    out->options.q = args_value(args, OPT_Q);
    out->options.after = args_value(args, OPT_AFTER);
    out->options.discard = true;
    out->options.limit = limit > 0 ? (int)limit : OKT_LIMIT_MAX;
    out->options.single =
        out->one_page || (out->max > 0 && out->max <= OKT_LIMIT_MAX);
    return EXIT_OK;
}

/* -------------------------------------------------------------- Listing -- */

/* How many of a page's tokens max lets be printed. */
static size_t count_wanted(const okta_page *page, long max, long printed)
{
    size_t count = okta_page_count(page);

    return max > 0 && count > (size_t)(max - printed)
               ? (size_t)(max - printed)
               : count;
}

/* Prints a page, or what max allows of it. *ok: see printer_token. */
static int print_page(struct session *session, struct output *output,
                      const okta_page *page, long max, long *printed, bool *ok)
{
    size_t count = count_wanted(page, max, *printed);
    int code = EXIT_OK;

    for (size_t i = 0; i < count; i++)
        if (!audit_expect(session->audit, okta_page_api_token(page, i),
                          okta_page_more(page)))
            return fail_memory(session->args);
    for (size_t i = 0; i < count && *ok; i++) {
        code = printer_token(session, output, okta_page_api_token(page, i), ok);
        if (code != EXIT_OK)
            break;
        *printed += *ok;
    }
    *ok = output_flush(output) && *ok;
    return code;
}

/* What is printed is whole if this returns EXIT_OK. *page is the last one. */
static int print_all(struct session *session, const struct wanted *wanted,
                     struct output *output, okta_page **page, long *printed)
{
    bool ok = true;
    int code = EXIT_OK;
    okta_error err;
    okta_status st = okta_api_token_list(session->client, &wanted->options,
                                         session->response, page, &err);

    while (st == OKTA_OK) {
        code = print_page(session, output, *page, wanted->max, printed, &ok);
        if (code != EXIT_OK || !ok)
            return code;
        if (wanted->one_page || (wanted->max > 0 && *printed >= wanted->max))
            return EXIT_OK;
        st = okta_page_next(session->client, *page, session->response, &err);
    }
    return st == OKTA_DONE ? EXIT_OK : session_fail(session, "list", &err);
}

/* What goes beside the list, once all of it is out: on a terminal it would else
 * stand in the middle. */
static void tell(const struct session *session, const struct wanted *wanted,
                 const okta_page *page, long printed, bool table)
{
    if (page == NULL)
        return;
    if (wanted->one_page)
        cursor_tell(session->args, page);
    if (printed == 0 && table && !okta_page_more(page))
        note(session->args, "note", "no tokens");
}

int cmd_list(struct session *session)
{
    AUTO(okta_page) page = NULL;
    struct wanted wanted = { .options = OKTA_LIST_OPTIONS_INIT };
    struct output *output = NULL;
    long printed = 0;
    bool table;
    int code = read_wanted(session->args, &wanted);

    if (code == EXIT_OK)
        code = printer_open(session, true, &output);
    if (code != EXIT_OK)
        return code;
    table = printer_shows_table(output);
    code = session_open(session);
    if (code == EXIT_OK)
        code = print_all(session, &wanted, output, &page, &printed);
    code = printer_close(session, output, code == EXIT_OK, code);
    audit_tell(session->audit);
    if (code == EXIT_OK)
        tell(session, &wanted, page, printed, table);
    return code;
}
