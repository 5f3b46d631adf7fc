/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.c - what the endpoints of OAuth 2.0 share, and those that only tell. */
#include "server/oauth/oauth.h"

#include <string.h>
#include <time.h>

#include "server/oauth/access_token.h"
#include "server/oauth/app.h"
#include "server/oauth/dpop.h"
#include "server/oauth/key_cache.h"
#include "server/oauth/poll_throttle.h"
#include "server/oauth/replay_cache.h"
#include "server/oauth/signer.h"
#include "server/org/scope.h"
#include "server/web/page.h"
#include "wire/json.h"

bool oauth_start(struct org *org, const char *dir)
{
    struct timespec wall;

    /* As if it had been the beginning of that second, as far as an age counts:
     * times that come are whole seconds. */
    clock_gettime(CLOCK_REALTIME, &wall);
    org->started = org_clock_steady_ms(org->clock) - wall.tv_nsec / 1000000;
    org->signer = signer_new(dir);
    org->verified = access_cache_new();
    org->proofs = seen_new(DPOP_SECONDS + DPOP_AHEAD_SECONDS + 1);
    org->polls = polls_new();
    org->keys = keyring_new();
    return org->signer != NULL && org->verified != NULL &&
           org->proofs != NULL && org->polls != NULL && org->keys != NULL;
}

void oauth_stop(struct org *org)
{
    signer_free(org->signer);
    access_cache_free(org->verified);
    seen_free(org->proofs);
    polls_free(org->polls);
    keyring_free(org->keys);
}

/* ---------------------------------------------------------------- Shared -- */

int oauth_error(struct request *r, int status, const char *error,
                const char *description)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);

    yyjson_mut_obj_add_str(writer.doc, root, "error", error);
    yyjson_mut_obj_add_str(writer.doc, root, "error_description", description);
    okt_buf_clear(&r->reply);
    okt_json_print(&writer, &r->reply);
    if (reply_json(r) != 200)
        return 500;
    return status;
}

int oauth_fault(struct request *r, const struct oauth_fault *fault)
{
    return oauth_error(r, fault->status, fault->error, fault->description);
}

static int reply_form(struct request *r, const char *why)
{
    if (why == FORM_NO_MEMORY)
        return reply_unavailable(r);
    return why == NULL ? 200 : oauth_error(r, 400, "invalid_request", why);
}

int oauth_form(struct request *r, struct form *out)
{
    return reply_form(r, form_parse(out, r->headers[HEADER_CONTENT_TYPE],
                                    r->body.data, r->body.len));
}

int oauth_form_or_query(struct request *r, struct form *out)
{
    return reply_form(r, form_parse_both(out, r->query,
                                         r->headers[HEADER_CONTENT_TYPE],
                                         r->body.data, r->body.len));
}

struct oauth_fault oauth_scopes(const struct client *c, const char *scope,
                                struct okt_buf *out)
{
    static const struct oauth_fault none = { 400, "invalid_scope",
                                             "No scopes were requested." };
    static const struct oauth_fault unknown = {
        400, "invalid_scope",
        "One or more scopes are not configured for the authorization server "
        "resource."
    };
    static const struct oauth_fault denied = {
        400, "consent_required",
        "You are not allowed any of the requested scopes."
    };

    OKT_BUF_AUTO asked = OKT_BUF_INIT(STORE_SCOPES_MAX);
    bool service = strcmp(c->type, APP_SERVICE) == 0;

    if (!scopes_read(scope, &asked) || !scopes_are_known(asked.data))
        return unknown;
    if (asked.len == 0)
        return none;
    if (service ? !scopes_within(asked.data, c->scopes)
                : !scopes_for_user(asked.data, c->scopes, out))
        return denied;
    if (service)
        okt_buf_str(out, asked.data);
    return out->len > 0 ? (struct oauth_fault){ 0, NULL, NULL } : denied;
}

/* ------------------------------------------------------------- The answers --
 */

int oauth_keys(struct request *r, const char *id)
{
    store_status st = signer_show(r->store, org_now(r->org), &r->reply);

    (void)id;
    return st == STORE_OK ? reply_json(r) : reply_unavailable(r);
}

struct metadata {
    struct okt_json_writer writer;
    yyjson_mut_val *root;
    const char *org;
};

static void add_url(struct metadata *m, const char *key, const char *path)
{
    OKT_BUF_AUTO url = OKT_BUF_INIT(1024);

    okt_buf_printf(&url, "%s%s", m->org, path);
    yyjson_mut_obj_add_strcpy(m->writer.doc, m->root, key, url.data);
}

/* words: a space between them. */
static void add_list(struct metadata *m, const char *key, const char *words)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(m->writer.doc, m->root, key);

    while (*words != '\0') {
        size_t len = strcspn(words, " ");

        yyjson_mut_arr_add_strn(m->writer.doc, list, words, len);
        words += len;
        words += *words == ' ';
    }
}

/* An org has an id of its own, which is the same after each start. */
static bool org_id(const struct org *org, char out[static OKT_ID_LEN + 1])
{
    static const char alphabet[] =
        "abcdefghijklmnopqrstuvwxyz0123456789"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned char mac[SECRET_HASH_LEN];

    if (!org_mac(org, "org id", "", 0, mac))
        return false;
    memcpy(out, "00o", 3);
    for (size_t i = 3; i < OKT_ID_LEN; i++)
        out[i] = alphabet[mac[i] % (sizeof(alphabet) - 1)];
    out[OKT_ID_LEN] = '\0';
    return true;
}

int oauth_organization(struct request *r, const char *id)
{
    struct metadata m = { .org = r->base_url };
    char org[OKT_ID_LEN + 1];
    yyjson_mut_val *settings;
    yyjson_mut_val *root;
    yyjson_mut_doc *doc;

    (void)id;
    if (!org_id(r->org, org))
        return reply_internal(r);
    root = okt_json_begin(&m.writer);
    doc = m.writer.doc;
    yyjson_mut_obj_add_str(doc, root, "id", org);
    m.root =
        yyjson_mut_obj_add_obj(doc, yyjson_mut_obj_add_obj(doc, root, "_links"),
                               "organization");
    add_url(&m, "href", "");
    yyjson_mut_obj_add_str(doc, root, "pipeline", "idx");
    settings = yyjson_mut_obj_add_obj(doc, root, "settings");
    yyjson_mut_obj_add_bool(doc, settings, "analyticsCollectionEnabled", false);
    yyjson_mut_obj_add_bool(doc, settings, "bugReportingEnabled", false);
    yyjson_mut_obj_add_bool(doc, settings, "omEnabled", false);
    okt_json_print(&m.writer, &r->reply);
    okt_json_writer_free(&m.writer);
    return reply_json(r);
}

int oauth_metadata(struct request *r, const char *id)
{
    static const char *const urls[][2] = {
        { "issuer", "" },
        { "authorization_endpoint", PATH_AUTHORIZE },
        { "token_endpoint", PATH_TOKEN },
        { "jwks_uri", PATH_KEYS },
        { "introspection_endpoint", PATH_INTROSPECT },
        { "revocation_endpoint", PATH_REVOKE },
        { "device_authorization_endpoint", PATH_DEVICE },
    };
    static const char auth[] = "private_key_jwt none";
    const char *const lists[][2] = {
        { "response_types_supported", "code" },
        { "response_modes_supported", "query" },
        { "grant_types_supported",
          GRANT_CODE " " GRANT_REFRESH " " GRANT_SERVICE " " GRANT_DEVICE },
        { "subject_types_supported", "public" },
        { "id_token_signing_alg_values_supported", "RS256" },
        { "scopes_supported", scope_names() },
        { "token_endpoint_auth_methods_supported", auth },
        { "token_endpoint_auth_signing_alg_values_supported", DPOP_ALGS },
        { "introspection_endpoint_auth_methods_supported", auth },
        { "introspection_endpoint_auth_signing_alg_values_supported",
          DPOP_ALGS },
        { "revocation_endpoint_auth_methods_supported", auth },
        { "revocation_endpoint_auth_signing_alg_values_supported", DPOP_ALGS },
        { "code_challenge_methods_supported", "S256" },
        { "dpop_signing_alg_values_supported", DPOP_ALGS },
    };
    struct metadata m = { .org = r->base_url };

    (void)id;
    m.root = okt_json_begin(&m.writer);
    for (size_t i = 0; i < ARRAY_LEN(urls); i++)
        add_url(&m, urls[i][0], urls[i][1]);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        add_list(&m, lists[i][0], lists[i][1]);
    yyjson_mut_obj_add_bool(m.writer.doc, m.root,
                            "authorization_response_iss_parameter_supported",
                            true);
    okt_json_print(&m.writer, &r->reply);
    okt_json_writer_free(&m.writer);
    return reply_json(r);
}
