/* SPDX-License-Identifier: Apache-2.0 */
/* enrich.c - owners, their roles and zones, asked for once and kept. */
#include "cli/enrich/enrich.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

#include "cli/enrich/network.h"
#include "cli/signin/hint.h"
#include "cli/term/progress.h"
#include "wire/api.h"
#include "wire/id.h"

enum { ROLES_MAX = 64 * 1024, WHAT_SIZE = 128 };

/* How a part is asked for. */
static const struct {
    const char *what;  /* is unknown */
    const char *scope; /* that it takes */
} parts[PART_COUNT] = {
    [PART_OWNER] = { "owner", "okta.users.read" },
    [PART_ROLES] = { "owner's roles", "okta.roles.read" },
    [PART_ZONES] = { "zones' names", OKT_SCOPE_ZONES },
};

struct audit {
    struct session *session;
    okta_response *response;
    unsigned parts;
    void *owners;             /* a tree of struct owner, see tsearch(3) */
    struct progress progress; /* through the owners */
    struct zones zones;
    bool has_zones;
    const char *zones_unknown;
    size_t unknown[PART_COUNT];   /* how many tokens lack it */
    okta_error why[PART_COUNT];   /* the first refusal; status OK: none */
    bool lacks_scope[PART_COUNT]; /* asking again is of no use */
};

struct audit *audit_new(struct session *session, unsigned wanted)
{
    struct audit *audit = calloc(1, sizeof(*audit));

    if (audit == NULL)
        return NULL;
    audit->session = session;
    audit->parts = wanted;
    audit->progress.what = "owners";
    if (okta_response_new(&audit->response, NULL) == OKTA_OK)
        return audit;
    free(audit);
    return NULL;
}

static void owner_free(struct owner *owner)
{
    if (owner == NULL)
        return;
    free(owner->id);
    free(owner->login);
    free(owner->status);
    okt_buf_free(&owner->roles);
    free(owner);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct owner *)a)->id, ((const struct owner *)b)->id);
}

void audit_free(struct audit *audit)
{
    if (audit == NULL)
        return;
    while (audit->owners != NULL) {
        struct owner *owner = *(struct owner **)audit->owners;

        tdelete(owner, &audit->owners, compare);
        owner_free(owner);
    }
    zones_free(&audit->zones);
    okta_response_free(audit->response);
    free(audit);
}

/* ---------------------------------------------------------------- Asking -- */

/*
 * What a call for a part came to: EXIT_OK with *unknown set where it is a
 * refusal, which is kept for audit_tell; else told of.
 */
static int judge(struct audit *audit, enum part part, okta_status st,
                 const char *id, const okta_error *err, const char **unknown)
{
    const char *error = okta_response_challenge(audit->response, "error");
    char what[WHAT_SIZE];

    if (st == OKTA_OK)
        return EXIT_OK;
    if (st != OKTA_ERR_FORBIDDEN && st != OKTA_ERR_NOT_FOUND) {
        snprintf(what, sizeof(what), "%s%s%.64s", parts[part].what,
                 *id != '\0' ? " " : "", id);
        return fail_call(audit->session, what, err, audit->response);
    }
    *unknown = st == OKTA_ERR_FORBIDDEN ? "forbidden" : "not_found";
    if (audit->why[part].status == OKTA_OK)
        audit->why[part] = *err;
    audit->lacks_scope[part] =
        audit->lacks_scope[part] ||
        (error != NULL && strcmp(error, "insufficient_scope") == 0);
    return EXIT_OK;
}

/* Whether a part has to be asked for. */
static bool is_wanted(const struct audit *audit, enum part part,
                      const char **unknown)
{
    if ((audit->parts & PART_BIT(part)) == 0)
        return false;
    if (audit->lacks_scope[part])
        *unknown = "forbidden";
    return !audit->lacks_scope[part];
}

static bool copy(const char *text, char **out)
{
    *out = text != NULL ? strdup(text) : NULL;
    return text == NULL || *out != NULL;
}

static int read_user(struct audit *audit, struct owner *owner)
{
    const char **unknown = &owner->unknown[PART_OWNER];
    okta_user *user = NULL;
    okta_error err;
    okta_status st;
    bool copied;

    if (!is_wanted(audit, PART_OWNER, unknown))
        return EXIT_OK;
    st = okta_user_get(audit->session->client, owner->id, audit->response,
                       &user, &err);
    if (st != OKTA_OK)
        return judge(audit, PART_OWNER, st, owner->id, &err, unknown);
    copied = copy(okta_user_login(user), &owner->login) &&
             copy(okta_user_status(user), &owner->status);
    okta_user_free(user);
    return copied ? EXIT_OK : fail_memory(audit->session->args);
}

static bool has_role(const struct owner *owner, const char *text)
{
    const char *role = owner->roles.data;

    for (size_t i = 0; i < owner->role_count; i++) {
        if (strcmp(role, text) == 0)
            return true;
        role += strlen(role) + 1;
    }
    return false;
}

/* What stands for a role: custom ones are told by their label. */
static void add_role(struct owner *owner, const okta_role *role)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(ROLES_MAX);
    const char *status = okta_role_status(role);
    const char *label = okta_role_label(role);

    if (status != NULL && strcmp(status, "INACTIVE") == 0)
        return;
    okt_buf_str(&text, okta_role_type(role));
    if (strcmp(okta_role_type(role), "CUSTOM") == 0 && label != NULL)
        okt_buf_printf(&text, " (%s)", label);
    if (okt_buf_failed(&text)) {
        owner->roles.state = text.state;
        return;
    }
    if (has_role(owner, text.data))
        return;
    okt_buf_append(&owner->roles, text.data, text.len + 1);
    owner->role_count++;
}

static okta_status ask_roles(struct audit *audit, struct owner *owner,
                             okta_error *err)
{
    okta_client *client = audit->session->client;
    AUTO(okta_page) page = NULL;
    okta_status st =
        okta_user_roles(client, owner->id, audit->response, &page, err);

    while (st == OKTA_OK) {
        for (size_t i = 0; i < okta_page_count(page); i++)
            add_role(owner, okta_page_role(page, i));
        st = okta_page_next(client, page, audit->response, err);
    }
    return st == OKTA_DONE ? OKTA_OK : st;
}

static int read_roles(struct audit *audit, struct owner *owner)
{
    const char **unknown = &owner->unknown[PART_ROLES];
    okta_error err;
    okta_status st;

    if (!is_wanted(audit, PART_ROLES, unknown))
        return EXIT_OK;
    st = ask_roles(audit, owner, &err);
    if (st != OKTA_OK)
        return judge(audit, PART_ROLES, st, owner->id, &err, unknown);
    return okt_buf_failed(&owner->roles) ? fail_memory(audit->session->args)
                                         : EXIT_OK;
}

/* ------------------------------------------------------------- Keeping -- */

/* The owner of that id, not asked for yet if there was none. NULL: no memory.
 */
static struct owner *keep_owner(struct audit *audit, const char *id)
{
    struct owner key = { .id = (char *)(uintptr_t)id };
    struct owner **found = tfind(&key, &audit->owners, compare);
    struct owner *owner;

    if (found != NULL)
        return *found;
    owner = calloc(1, sizeof(*owner));
    if (owner == NULL)
        return NULL;
    owner->roles.max = ROLES_MAX;
    owner->id = strdup(id);
    if (owner->id == NULL || tsearch(owner, &audit->owners, compare) == NULL) {
        owner_free(owner);
        return NULL;
    }
    audit->progress.total++;
    return owner;
}

static int ask_owner(struct audit *audit, struct owner *owner)
{
    int code;

    progress_show(&audit->progress);
    code = read_user(audit, owner);
    if (code == EXIT_OK)
        code = read_roles(audit, owner);
    owner->asked = code == EXIT_OK;
    audit->progress.done += owner->asked;
    return code;
}

/* The id of its owner; NULL: it names none, or one that can't be asked for. */
static const char *owner_id(const okta_api_token *token)
{
    const char *id = okta_api_token_user_id(token);

    return id != NULL && okt_id_is_segment(id) ? id : NULL;
}

static int find_owner(struct audit *audit, const okta_api_token *token,
                      struct context *out)
{
    const char *id = owner_id(token);
    struct owner *owner;
    int code = EXIT_OK;

    if (id == NULL) {
        out->unknown[PART_OWNER] = "no_owner";
        out->unknown[PART_ROLES] = "no_owner";
        return EXIT_OK;
    }
    owner = keep_owner(audit, id);
    if (owner == NULL)
        return fail_memory(audit->session->args);
    if (!owner->asked)
        code = ask_owner(audit, owner);
    if (code != EXIT_OK)
        return code;
    out->owner = owner;
    out->unknown[PART_OWNER] = owner->unknown[PART_OWNER];
    out->unknown[PART_ROLES] = owner->unknown[PART_ROLES];
    return EXIT_OK;
}

static int find_zones(struct audit *audit, const okta_api_token *token,
                      struct context *out)
{
    okta_error err;
    okta_status st;
    int code = EXIT_OK;

    if (!network_names_zones(token))
        return EXIT_OK;
    if (!audit->has_zones) {
        st = zones_read(audit->session->client, audit->response, &audit->zones,
                        &err);
        code = judge(audit, PART_ZONES, st, "", &err, &audit->zones_unknown);
        audit->has_zones = code == EXIT_OK;
    }
    out->zones = &audit->zones;
    out->unknown[PART_ZONES] = audit->zones_unknown;
    return code;
}

static bool asks_owners(const struct audit *audit)
{
    return (audit->parts & (PART_BIT(PART_OWNER) | PART_BIT(PART_ROLES))) != 0;
}

bool audit_expect(struct audit *audit, const okta_api_token *token, bool grows)
{
    const char *id;

    if (audit == NULL)
        return true;
    audit->progress.grows = grows;
    if (!asks_owners(audit))
        return true;
    id = owner_id(token);
    return id == NULL || keep_owner(audit, id) != NULL;
}

static bool knows_owner(const struct audit *audit, const char *id)
{
    struct owner key = { .id = (char *)(uintptr_t)id };
    struct owner **found = tfind(&key, &audit->owners, compare);

    return found != NULL && (*found)->asked;
}

bool audit_knows(const struct audit *audit, const okta_api_token *token)
{
    const char *id = owner_id(token);

    if (asks_owners(audit) && id != NULL && !knows_owner(audit, id))
        return false;
    return (audit->parts & PART_BIT(PART_ZONES)) == 0 || audit->has_zones ||
           !network_names_zones(token);
}

int audit_token(struct audit *audit, const okta_api_token *token,
                struct context *out)
{
    int code = EXIT_OK;

    *out = (struct context){ .parts = audit->parts };
    if (asks_owners(audit))
        code = find_owner(audit, token, out);
    if (code == EXIT_OK && (audit->parts & PART_BIT(PART_ZONES)) != 0)
        code = find_zones(audit, token, out);
    for (size_t i = 0; i < PART_COUNT; i++)
        audit->unknown[i] +=
            (audit->parts & PART_BIT(i)) != 0 && out->unknown[i] != NULL;
    return code;
}

/* --------------------------------------------------------------- Telling -- */

void audit_tell(const struct audit *audit)
{
    for (size_t i = 0; audit != NULL && i < PART_COUNT; i++) {
        const okta_error *why = &audit->why[i];

        if (audit->unknown[i] == 0 || why->status == OKTA_OK)
            continue;
        note(audit->session->args, "warning",
             "not known of %zu token%s: the %s: %s (HTTP %d%s%s); it takes the "
             "role of an administrator who may read them, or the scope %s%s",
             audit->unknown[i], audit->unknown[i] == 1 ? "" : "s",
             parts[i].what, why->message, why->http_status,
             why->request_id[0] != '\0' ? ", request " : "", why->request_id,
             parts[i].scope, hint_scopes(audit->session));
    }
}
