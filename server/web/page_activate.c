/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_activate.c - allowing a device: its code, the question, the answer.
 *
 * Signing in comes first, so that nobody without an account can try codes. A
 * code in the page's address only fills the field: what it stands for is shown
 * once a person has sent the form, and nothing happens before that person has
 * answered.
 */
#include "server/web/page_activate.h"

#include <string.h>

#include "server/oauth/device.h"
#include "server/org/attempts.h"
#include "server/request/query.h"
#include "server/web/html.h"
#include "server/web/page.h"
#include "server/web/page_consent.h"

#define FIELD_CODE "user_code"
#define NO_SUCH                                                              \
    "No device is waiting under this code. Check each letter. A code lasts " \
    "ten minutes and can be used once; the device can show you a new one."
#define NOT_ONE                                                             \
    "A code is eight letters, like BCDF-GHJK. Type it as the device shows " \
    "it."
#define TOO_MANY                                                              \
    "There have been too many attempts. Wait a quarter of an hour, then ask " \
    "the device for a new code."

enum { TYPED_MAX = 64 };

/* What is decided, on its way through the writer. */
struct decision {
    struct device device;
    char code[DEVICE_CODE_LEN + 1];
    bool allow;
};

/* ---------------------------------------------------------- The question -- */

/* As the device shows it, or as it was typed where it can't be a code. */
static const char *tidy(const char *typed,
                        char out[static DEVICE_SHOWN_LEN + 1])
{
    char code[DEVICE_CODE_LEN + 1];

    if (!device_code_read(typed, code))
        return typed;
    device_code_show(code, out);
    return out;
}

static int ask_code(struct request *r, int status, const char *typed,
                    const char *problem)
{
    char shown[DEVICE_SHOWN_LEN + 1];

    page_open(r, "Allow a device", problem);
    page_form(r, PATH_ACTIVATE);
    html(&r->reply,
         "<label for=\"code\">Code</label>\n"
         "<p class=\"aside\" id=\"hint\">Eight letters that the device or "
         "terminal shows. The hyphen can be left out.</p>\n"
         "<input class=\"typed-code\" id=\"code\" name=\"" FIELD_CODE "\" "
         "value=\"%t\" required maxlength=\"20\" autocomplete=\"off\" "
         "autocapitalize=\"characters\" spellcheck=\"false\"%h>\n"
         "<div class=\"choice\"><button>Continue</button></div>\n</form>\n",
         tidy(typed, shown),
         problem != NULL ? " aria-invalid=\"true\" "
                           "aria-describedby=\"problem hint\""
                         : " aria-describedby=\"hint\"");
    return page_close(r, status, NULL);
}

int page_activate_show(struct request *r, const char *id)
{
    OKT_BUF_AUTO typed = OKT_BUF_INIT(TYPED_MAX);
    int status = page_visit(r);

    (void)id;
    if (status != 200)
        return status;
    if (!session_is_signed_in(&page_of(r)->session))
        return page_sign_in(r);
    if (query_get(r->query, FIELD_CODE, &typed) != QUERY_FOUND)
        okt_buf_free(&typed);
    return ask_code(r, 200, typed.data, NULL);
}

/* ---------------------------------------------------------- The attempts -- */

/* Whoever guesses is stopped by account and by address; a code that is tried
 * again and again, by whomever, is stopped too. */
static bool take_attempt(const struct request *r, const char *code, int64_t now)
{
    struct attempts *a = r->org->attempts;

    return attempts_take(a, ATTEMPT_CODE_ADDRESS, r->address, now) &&
           attempts_take(a, ATTEMPT_CODE_ACCOUNT, page_of(r)->session.user_id,
                         now) &&
           attempts_take(a, ATTEMPT_CODE, code, now);
}

static void give_attempt_back(const struct request *r, int64_t taken)
{
    struct attempts *a = r->org->attempts;

    attempts_give_back(a, ATTEMPT_CODE_ADDRESS, r->address, taken);
    attempts_give_back(a, ATTEMPT_CODE_ACCOUNT, page_of(r)->session.user_id,
                       taken);
}

/* Finds what waits under the form's code. 200, or the status of the reply that
 * is filled. */
static int find(struct request *r, char code[static DEVICE_CODE_LEN + 1],
                struct device *out)
{
    const char *typed = page_field(r, FIELD_CODE);
    const int64_t now = org_now(r->org);
    store_status st;

    if (!device_code_read(typed, code))
        return ask_code(r, 400, typed, NOT_ONE);
    if (!take_attempt(r, code, now)) {
        page_retry_later(r);
        return ask_code(r, 429, typed, TOO_MANY);
    }
    st = device_find(r->store, r->org, code, out);
    if (st == STORE_FAILED)
        return page_unavailable(r);
    if (st != STORE_OK)
        return ask_code(r, 404, typed, NO_SUCH);
    give_attempt_back(r, now);
    return 200;
}

static int submitted(struct request *r)
{
    int status = page_submit(r);

    if (status == 200 && !session_is_signed_in(&page_of(r)->session))
        return page_redirect(r, PATH_LOGIN "?return=%2Factivate");
    return status;
}

int page_activate_find(struct request *r, const char *id)
{
    char code[DEVICE_CODE_LEN + 1];
    char shown[DEVICE_SHOWN_LEN + 1];
    struct consent_field field = { FIELD_CODE, code };
    struct device device;
    int status = submitted(r);

    (void)id;
    if (status == 200)
        status = find(r, code, &device);
    if (status != 200)
        return status;
    device_code_show(code, shown);
    return page_consent(r, &(struct consent){
                               .app = device.app_name,
                               .scopes = device.scopes,
                               .address = device.address,
                               .asked = device.created,
                               .code = shown,
                               .action = PATH_DECIDE,
                               .fields = &field,
                               .field_count = 1,
                           });
}

/* ------------------------------------------------------------ The answer -- */

static struct decision *decision_of(const struct request *r)
{
    return (struct decision *)(void *)page_of(r)->own;
}

/* In the writer's thread. */
static store_status decide(struct store *store, void *ctx)
{
    const struct request *r = ctx;
    const struct decision *d = decision_of(r);
    store_status st = session_check(store, r, &page_of(r)->session);

    if (st != STORE_OK)
        return st;
    return device_decide(store, r->org, d->code, page_of(r)->session.user_id,
                         d->allow);
}

int page_activate_decide(struct request *r, const char *id)
{
    int status = submitted(r);
    struct decision *d;

    (void)id;
    if (status != 200)
        return status;
    d = page_own(r, sizeof(*d));
    if (d == NULL)
        return page_unavailable(r);
    status = find(r, d->code, &d->device);
    if (status != 200)
        return status;
    d->allow = page_consent_allows(r);
    return request_change(r, decide);
}

static int show_end(struct request *r, const char *title, const char *what)
{
    page_open(r, title, NULL);
    html(&r->reply, "<p>%n %h</p>\n", decision_of(r)->device.app_name, what);
    return page_close(r, 200, NULL);
}

int page_activate_decided(struct request *r, const char *id)
{
    (void)id;
    if (r->change.result == STORE_NOT_FOUND)
        return ask_code(r, 404, page_field(r, FIELD_CODE), NO_SUCH);
    if (r->change.result != STORE_OK)
        return page_unavailable(r);
    if (decision_of(r)->allow)
        return show_end(r, "Allowed",
                        "may act for you now. You can close this page and go "
                        "back to the device.");
    return show_end(r, "Denied",
                    "was denied, and got nothing. If you had not started this "
                    "yourself, tell an administrator that somebody tried.");
}
