/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.c - what the endpoints of OAuth 2.0 share, and those that only tell. */
#include "oauth.h"

#include <string.h>

#include "access.h"
#include "dpop.h"
#include "json.h"
#include "keyring.h"
#include "page.h"
#include "polls.h"
#include "scope.h"
#include "seen.h"
#include "signer.h"

bool oauth_start(struct org *org, const char *dir)
{
    org->started = okt_clock_now();
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

    if (!scopes_read(scope, out) || !scopes_are_known(out->data))
        return unknown;
    if (out->len == 0)
        return none;
    return scopes_within(out->data, c->scopes)
               ? (struct oauth_fault){ 0, NULL, NULL }
               : denied;
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
    struct metadata m = { .org = r->org->public_url };

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
