/* SPDX-License-Identifier: Apache-2.0 */
/* page_consent.c - asking whether an app may act for whoever is signed in. */
#include "server/web/page_consent.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "server/web/html.h"
#include "server/web/page.h"
#include "wire/api.h"
#include "wire/iso8601.h"

#define ALLOW "allow"
#define ONLY_IF                                                               \
    "Allow this only if you started it yourself, just now. If somebody sent " \
    "you the code or the link, deny it."
#define NO_ROLE \
    "Your account has no admin role, so there is nothing that it could allow."

enum { SCOPE_MAX = 128, TIME_TEXT_MAX = 64 };

/* ---------------------------------------------------------------- Scopes -- */

static const struct scope_words {
    const char *scope;
    const char *words;
} words[] = {
    { OKT_SCOPE_READ, "See the API tokens: their names, owners, last use and "
                      "restrictions. Never a secret." },
    { OKT_SCOPE_MANAGE, "Restrict API tokens to networks, and revoke them." },
    { "okta.logs.read", "Read the System Log: who did what, when and from "
                        "where." },
    { "okta.users.read", "See the users and their status." },
    { "okta.groups.read", "See the groups and who is in them." },
    { "okta.roles.read", "See which admin roles users and groups have." },
    { "okta.networkZones.read", "See the network zones and their addresses." },
    { "openid", "Know that it is you." },
    { "profile", "Know your name and login." },
    { "email", "Know your email address." },
    { "offline_access", "Go on without asking you again, until you or an "
                        "administrator end it." },
};

static const char *words_of(const char *scope)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].scope, scope) == 0)
            return words[i].words;
    return "Something that this org has no words for.";
}

static void show_scopes(struct request *r, const char *scopes)
{
    okt_buf_str(&r->reply,
                "<h2>What it could do</h2>\n<ul class=\"scopes\">\n");
    while (*scopes != '\0') {
        size_t len = strcspn(scopes, " ");
        char scope[SCOPE_MAX];

        snprintf(scope, sizeof(scope), "%.*s", (int)len, scopes);
        if (len > 0)
            html(&r->reply, "<li>%t <code>%n</code></li>\n", words_of(scope),
                 scope);
        scopes += len;
        scopes += strspn(scopes, " ");
    }
    okt_buf_str(&r->reply, "</ul>\n<p>And never more than your own role "
                           "allows.</p>\n");
}

/* --------------------------------------------------------------- Details -- */

static const char *ago(int64_t seconds, char out[static TIME_TEXT_MAX])
{
    long long minutes = (long long)seconds / 60;

    if (minutes < 1)
        snprintf(out, TIME_TEXT_MAX, "Less than a minute ago");
    else
        snprintf(out, TIME_TEXT_MAX, "%lld minute%s ago", minutes,
                 minutes == 1 ? "" : "s");
    return out;
}

static void show_time(struct request *r, int64_t asked)
{
    char since[TIME_TEXT_MAX];
    char text[TIME_TEXT_MAX];
    char iso[OKT_TIME_SIZE];
    time_t seconds = (time_t)asked;
    struct tm tm;

    okt_time_format(asked, iso);
    if (gmtime_r(&seconds, &tm) == NULL ||
        strftime(text, sizeof(text), "%e %B %Y, %H:%M UTC", &tm) == 0)
        snprintf(text, sizeof(text), "%s", iso);
    html(&r->reply,
         "<dt>Asked</dt><dd>%t <span class=\"aside\"><time "
         "datetime=\"%t\">%t</time></span></dd>\n",
         ago(org_now(r->org) - asked, since), iso, text + strspn(text, " "));
}

/* Whoever was sent the code by somebody else is at another address. */
static void show_place(struct request *r, const char *address)
{
    if (address == NULL)
        html(&r->reply, "<dt>From</dt><dd>This browser</dd>\n");
    else if (strcmp(address, r->address) == 0)
        html(&r->reply,
             "<dt>From</dt><dd>%t <span class=\"aside\">The same address as "
             "yours.</span></dd>\n",
             address);
    else
        html(&r->reply,
             "<dt>From</dt><dd>%t <span class=\"aside\">Another address than "
             "yours, which is %t.</span></dd>\n",
             address, r->address);
}

static void show_details(struct request *r, const struct consent *c)
{
    okt_buf_str(&r->reply, "<dl>\n");
    if (c->code != NULL)
        html(&r->reply,
             "<dt>Code</dt><dd><span class=\"code\">%t</span> <span "
             "class=\"aside\">Check that the device shows the same."
             "</span></dd>\n",
             c->code);
    show_place(r, c->address);
    if (c->asked != 0)
        show_time(r, c->asked);
    if (c->leads_to != NULL)
        html(&r->reply, "<dt>Leads to</dt><dd>%n</dd>\n", c->leads_to);
    html(&r->reply, "<dt>Acts as</dt><dd>%n</dd>\n</dl>\n",
         page_of(r)->session.login);
}

/* ------------------------------------------------------------- The whole -- */

/* Whoever can allow nothing need not be warned of it. */
static void show_choice(struct request *r)
{
    bool allowed = session_has_role(&page_of(r)->session);

    if (allowed)
        html(&r->reply, "<p class=\"warning\">%t</p>\n", ONLY_IF);
    else
        page_problem(r, NO_ROLE);
    html(&r->reply,
         "<div class=\"choice\">\n%h"
         "<button class=\"other\" name=\"" FIELD_DECISION
         "\" value=\"deny\">Deny</button>\n</div>\n</form>\n",
         allowed ? "<button name=\"" FIELD_DECISION "\" value=\"" ALLOW
                   "\">Allow</button>\n"
                 : "");
}

static void show_form(struct request *r, const struct consent *c)
{
    page_form(r, c->action);
    for (size_t i = 0; i < c->field_count; i++)
        html(&r->reply, "<input type=\"hidden\" name=\"%t\" value=\"%t\">\n",
             c->fields[i].name, c->fields[i].value);
    show_choice(r);
}

/* A policy has no word for an IPv6 address: browsers pass over it, and send
 * nobody there. With its port, any host has to do. */
static void widen(char *source)
{
    char *address = strchr(source, '[');
    const char *rest = address != NULL ? strchr(address, ']') : NULL;

    if (rest == NULL)
        return;
    *address = '*';
    memmove(address + 1, rest + 1, strlen(rest + 1) + 1);
}

/* A redirect URI's origin or, of a scheme of somebody's own, that scheme: what
 * a policy names it by. NULL: it can't be named. */
static const char *source_of(const char *uri, char out[static RETURN_MAX])
{
    const char *colon = strchr(uri, ':');
    size_t len;

    if (colon == NULL)
        return NULL;
    len = (size_t)(colon - uri) + 1;
    if (strncmp(uri, "http:", len) == 0 || strncmp(uri, "https:", len) == 0)
        len += 2 + strcspn(colon + 3, "/?#");
    if (len >= RETURN_MAX)
        return NULL;
    memcpy(out, uri, len);
    out[len] = '\0';
    widen(out);
    return out[strcspn(out, " ;,'\"\t\r\n")] == '\0' ? out : NULL;
}

int page_consent(struct request *r, const struct consent *c)
{
    char source[RETURN_MAX];

    page_open(r, "Allow this app to act for you?", NULL);
    html(&r->reply, "<p class=\"app\">%n</p>\n", c->app);
    show_details(r, c);
    show_scopes(r, c->scopes);
    show_form(r, c);
    return page_close(r, 200,
                      c->leads_to != NULL ? source_of(c->leads_to, source)
                                          : NULL);
}

bool page_consent_allows(const struct request *r)
{
    return strcmp(page_field(r, FIELD_DECISION), ALLOW) == 0 &&
           session_has_role(&page_of(r)->session);
}
