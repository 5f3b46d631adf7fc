/* SPDX-License-Identifier: Apache-2.0 */
/* faults_json.c - a fault as JSON and as words, by one table of its members. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "server/fault/faults.h"
#include "wire/api.h"
#include "wire/id.h"

enum {
    CAUSES_MAX = 20,
    BYTES_MAX = 1073741824,
    TIMES_MAX = 1000000000,
    RESET_MAX = 86400,
    KEY_MAX = 40
};

#define SEED_MAX 9007199254740991 /* what a double holds */

static const char *const kind_names[FAULT_KINDS] = {
    [FAULT_NONE] = "",
    [FAULT_STATUS] = "status",
    [FAULT_RATE_LIMIT] = "rate-limit",
    [FAULT_CONCURRENT] = "concurrency-limit",
    [FAULT_DELAY] = "delay",
    [FAULT_HEADERS] = "headers",
    [FAULT_CLOSE] = "close",
    [FAULT_RESET] = "reset",
    [FAULT_TRUNCATE] = "truncate",
    [FAULT_HALF_CLOSE] = "half-close",
    [FAULT_STALL] = "stall",
};

/* ------------------------------------------------------------ The errors --
 */

/* What Okta answers; the first of a status is the usual one. */
static const struct known {
    int status;
    const char *code;
    const char *summary;
} errors[] = {
    { 400, OKT_E_VALIDATION, "Api validation failed" },
    { 400, OKT_E_MALFORMED, "The request body was not well-formed." },
    { 401, OKT_E_BAD_TOKEN, "Invalid token provided" },
    { 403, OKT_E_FORBIDDEN,
      "You do not have permission to perform the requested action" },
    { 403, OKT_E_NO_SESSION, "Invalid session" },
    { 404, OKT_E_NOT_FOUND, "Not found: Resource not found" },
    { 404, OKT_E_NO_PATH, "The requested path was not found" },
    { 405, OKT_E_METHOD,
      "The endpoint does not support the provided HTTP method" },
    { 429, OKT_E_RATE_LIMIT,
      "API call exceeded rate limit due to too many requests." },
    { 500, OKT_E_INTERNAL, "Internal Server Error" },
    { 503, OKT_E_INTERNAL, "Internal Server Error" },
};

/* By status, or by code where that is 0. */
static const struct known *find_error(int64_t status, const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        if (status != 0 && errors[i].status != status)
            continue;
        if (code[0] == '\0' || strcmp(errors[i].code, code) == 0)
            return &errors[i];
    }
    return status != 0 && code[0] != '\0' ? find_error(0, code) : NULL;
}

/* --------------------------------------------------------------- Members --
 */

struct member;

/* NULL, or what the value must be. */
typedef const char *read_fn(const struct member *, yyjson_val *,
                            struct fault *);
typedef void show_fn(const struct member *, const struct fault *,
                     struct okt_json_writer *, yyjson_mut_val *);

static read_fn read_kind, read_when, read_text, read_whole, read_ratio;
static read_fn read_causes, read_headers;
static show_fn show_kind, show_when, show_text, show_whole, show_ratio;
static show_fn show_causes, show_headers;

struct member {
    const char *key;
    read_fn *read;
    show_fn *show;
    unsigned kinds; /* that have it, a bit each */
    size_t offset;
    int64_t min; /* of a number */
    int64_t max;
    int64_t none; /* that is not shown */
    const char *help;
};

#define BIT(kind) (1u << FAULT_##kind)
#define ALL ((1u << FAULT_KINDS) - 1)
#define REQUESTS (ALL & ~BIT(STALL))
#define LIMITS (BIT(RATE_LIMIT) | BIT(CONCURRENT))
#define HEADERS (LIMITS | BIT(STATUS) | BIT(HEADERS))
#define PARTS (BIT(TRUNCATE) | BIT(HALF_CLOSE))
#define LATER (PARTS | BIT(HEADERS)) /* what there must be an answer for */
#define AT(name) offsetof(struct fault, name)
#define TEXT(name, kinds, help) \
    #name, read_text, show_text, kinds, AT(name), 0, 0, 0, help
#define WHOLE(name, kinds, min, max, none, help) \
    #name, read_whole, show_whole, kinds, AT(name), min, max, none, help

/* clang-format off */
static const struct member members[] = {
    { "do", read_kind, show_kind, ALL, 0, 0, 0, 0, NULL },
    { TEXT(method, REQUESTS, "only requests of that method") },
    { TEXT(path, REQUESTS, "of that path: as sent, a template such as /api/v1/api-tokens/{id}, or a beginning and *") },
    { TEXT(token, REQUESTS, "with the token of that id") },
    { TEXT(client, ALL, "from that address, or of that OAuth client") },
    { WHOLE(status, BIT(STATUS), 200, 599, 0, "the status of the answer") },
    { TEXT(code, BIT(STATUS), "Okta's error code, such as E0000011; none: no body") },
    { TEXT(summary, BIT(STATUS), "the error's summary") },
    { "causes", read_causes, show_causes, BIT(STATUS), 0, 0, 0, 0, "a cause of the error; may be given again" },
    { "headers", read_headers, show_headers, HEADERS, 0, 0, 0, 0, "a header of the answer, empty to leave it out; may be given again" },
    { WHOLE(reset, LIMITS, 0, RESET_MAX, -1, "seconds until the limit ends") },
    { WHOLE(ms, ALL, 0, FAULT_MS_MAX, -1, "milliseconds to wait first") },
    { WHOLE(bytes, PARTS, 0, BYTES_MAX, -1, "bytes of the body that arrive") },
    { "when", read_when, show_when, REQUESTS & ~LATER, 0, 0, 0, 0, "before (the default) or after the change is made" },
    { WHOLE(skip, ALL, 0, TIMES_MAX, 0, "how many matching requests to let through first") },
    { WHOLE(count, ALL, 1, TIMES_MAX, 0, "how often it happens (always)") },
    { "probability", read_ratio, show_ratio, ALL, AT(probability), 0, 0, 0, "of each request, over 0 and at most 1 (1)" },
    { WHOLE(seed, ALL, 0, SEED_MAX, 0, "of the dice for probability") },
};
/* clang-format on */

static const struct member *find_member(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (strcmp(members[i].key, key) == 0)
            return &members[i];
    return NULL;
}

/* --------------------------------------------------------------- Reading --
 */

static const char *read_kind(const struct member *m, yyjson_val *json,
                             struct fault *out)
{
    const char *text = json != NULL ? okt_json_text(json) : NULL;

    (void)m;
    for (int kind = FAULT_STATUS; text != NULL && kind < FAULT_KINDS; kind++)
        if (strcmp(text, kind_names[kind]) == 0) {
            out->kind = (enum fault_kind)kind;
            return NULL;
        }
    return "status, rate-limit, concurrency-limit, delay, headers, close, "
           "reset, truncate, half-close or stall";
}

static const char *read_when(const struct member *m, yyjson_val *json,
                             struct fault *out)
{
    const char *text = okt_json_text(json);

    (void)m;
    out->after = text != NULL && strcmp(text, "after") == 0;
    if (out->after || (text != NULL && strcmp(text, "before") == 0))
        return NULL;
    return "before or after (the change is made)";
}

static const char *read_text(const struct member *m, yyjson_val *json,
                             struct fault *out)
{
    const char *text = okt_json_text(json);
    size_t len = text != NULL ? strlen(text) : 0;

    if (len == 0 || len > FAULT_TEXT_MAX)
        return "a text of 1 to 255 bytes";
    memcpy((char *)out + m->offset, text, len + 1);
    return NULL;
}

static const char *read_whole(const struct member *m, yyjson_val *json,
                              struct fault *out)
{
    int64_t value;

    if (yyjson_is_uint(json) && yyjson_get_uint(json) <= INT64_MAX) {
        value = (int64_t)yyjson_get_uint(json);
        memcpy((char *)out + m->offset, &value, sizeof(value));
        if (value >= m->min && value <= m->max)
            return NULL;
    }
    return "a number";
}

static const char *read_ratio(const struct member *m, yyjson_val *json,
                              struct fault *out)
{
    (void)m;
    out->probability = yyjson_is_num(json) ? yyjson_get_num(json) : 0;
    if (out->probability > 0 && out->probability <= 1)
        return NULL;
    return "a number over 0, at most 1";
}

static const char *read_causes(const struct member *m, yyjson_val *json,
                               struct fault *out)
{
    yyjson_arr_iter items = yyjson_arr_iter_with(json);
    yyjson_val *item;

    (void)m;
    if (!yyjson_is_arr(json) || yyjson_arr_size(json) > CAUSES_MAX)
        return "a list of at most 20 texts";
    while ((item = yyjson_arr_iter_next(&items)) != NULL) {
        const char *text = okt_json_text(item);

        if (text == NULL || text[0] == '\0' || strlen(text) > FAULT_TEXT_MAX)
            return "a list of texts of 1 to 255 bytes";
        okt_buf_append(&out->causes, text, strlen(text) + 1);
    }
    return NULL;
}

/* Those that say how far the answer reaches are the server's own. */
static bool is_header_name(const char *name)
{
    static const char *const own[] = { "Content-Length", "Transfer-Encoding",
                                       "Connection", "Upgrade" };

    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        if (okt_casecmp(name, own[i]) == 0)
            return false;
    return name[0] != '\0' &&
           name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

static bool is_header_value(const char *value)
{
    for (; *value != '\0'; value++)
        if (*value < ' ' || *value > '~')
            return false;
    return true;
}

static const char *read_headers(const struct member *m, yyjson_val *json,
                                struct fault *out)
{
    yyjson_obj_iter iter = yyjson_obj_iter_with(json);
    yyjson_val *key;

    (void)m;
    if (!yyjson_is_obj(json))
        return "an object: names, and values as texts";
    while ((key = yyjson_obj_iter_next(&iter)) != NULL) {
        const char *name = okt_json_text(key);
        const char *value = okt_json_text(yyjson_obj_iter_get_val(key));

        if (name == NULL || !is_header_name(name))
            return "one of the names is none, or not to be chosen";
        if (value == NULL || !is_header_value(value))
            return "the values are texts of printable ASCII";
        okt_buf_append(&out->headers, name, strlen(name) + 1);
        okt_buf_append(&out->headers, value, strlen(value) + 1);
    }
    return okt_buf_failed(&out->headers) ? "they are too long" : NULL;
}

/* A key of foreign origin, if it can be said. */
static const char *shown_key(const char *key)
{
    if (key == NULL || strlen(key) > KEY_MAX || okt_has_secret(key))
        return "a key";
    return key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0'
               ? key
               : "a key";
}

static bool complain(char why[static FAULT_WHY_MAX], const char *key,
                     const char *what)
{
    snprintf(why, FAULT_WHY_MAX, "%s: %s", key, what);
    return false;
}

static bool read_member(struct fault *out, const char *key, yyjson_val *json,
                        char why[static FAULT_WHY_MAX])
{
    const struct member *m = key != NULL ? find_member(key) : NULL;
    const char *wanted;

    if (m == NULL)
        return complain(why, shown_key(key), "there is no such key");
    wanted = m->read(m, json, out);
    if (wanted != NULL && m->read == read_whole) {
        snprintf(why, FAULT_WHY_MAX, "%s: %s from %lld to %lld", key, wanted,
                 (long long)m->min, (long long)m->max);
        return false;
    }
    if (wanted != NULL)
        return complain(why, key, wanted);
    if ((m->kinds & (1u << out->kind)) != 0)
        return true;
    snprintf(why, FAULT_WHY_MAX, "%s: \"%s\" has none", key,
             kind_names[out->kind]);
    return false;
}

static bool complete_status(struct fault *out, char why[static FAULT_WHY_MAX])
{
    const struct known *known = find_error(out->status, out->code);

    if (strcmp(out->code, FAULT_NO_BODY) == 0 && out->status != 0)
        return true;
    if (out->status == 0 && out->code[0] == '\0')
        return complain(why, "status", "it takes one, or a code");
    if (out->status == 0 && known == NULL)
        return complain(why, "status", "it takes one with that code");
    if (out->status == 0)
        out->status = known->status;
    if (known == NULL && out->code[0] == '\0')
        snprintf(out->code, sizeof(out->code), FAULT_NO_BODY);
    if (known == NULL || (out->code[0] != '\0' && out->summary[0] != '\0'))
        return true;
    snprintf(out->code, sizeof(out->code), "%s", known->code);
    if (out->summary[0] == '\0')
        snprintf(out->summary, sizeof(out->summary), "%s", known->summary);
    return true;
}

/* What goes without saying. */
static bool complete(struct fault *out, char why[static FAULT_WHY_MAX])
{
    if ((BIT(STATUS) & (1u << out->kind)) != 0)
        return complete_status(out, why);
    if (out->kind == FAULT_DELAY && out->ms < 0)
        return complain(why, "ms", "a delay takes how long");
    if (out->kind == FAULT_STALL && out->count == 0)
        return complain(why, "count",
                        "a stall takes one: it holds back the control API too");
    if (out->kind == FAULT_HEADERS && out->headers.len == 0)
        return complain(why, "headers", "it takes some");
    if ((LIMITS & (1u << out->kind)) != 0) {
        out->status = 429;
        snprintf(out->code, sizeof(out->code), OKT_E_RATE_LIMIT);
        snprintf(out->summary, sizeof(out->summary), "%s",
                 find_error(429, "")->summary);
    }
    return true;
}

bool fault_read(struct fault *out, yyjson_val *json,
                char why[static FAULT_WHY_MAX])
{
    yyjson_obj_iter iter = yyjson_obj_iter_with(json);
    yyjson_val *key;

    if (!yyjson_is_obj(json))
        return complain(why, "fault", "an object");
    /* What it does first: that decides which others there may be. */
    if (!read_member(out, "do", yyjson_obj_get(json, "do"), why))
        return false;
    while ((key = yyjson_obj_iter_next(&iter)) != NULL)
        if (!read_member(out, okt_json_text(key), yyjson_obj_iter_get_val(key),
                         why))
            return false;
    return complete(out, why);
}

/* --------------------------------------------------------------- Showing --
 */

static void show_kind(const struct member *m, const struct fault *fault,
                      struct okt_json_writer *w, yyjson_mut_val *root)
{
    yyjson_mut_obj_add_str(w->doc, root, m->key, kind_names[fault->kind]);
}

static void show_when(const struct member *m, const struct fault *fault,
                      struct okt_json_writer *w, yyjson_mut_val *root)
{
    yyjson_mut_obj_add_str(w->doc, root, m->key,
                           fault->after ? "after" : "before");
}

static void show_text(const struct member *m, const struct fault *fault,
                      struct okt_json_writer *w, yyjson_mut_val *root)
{
    const char *text = (const char *)fault + m->offset;

    if (text[0] != '\0')
        yyjson_mut_obj_add_str(w->doc, root, m->key, text);
}

static void show_whole(const struct member *m, const struct fault *fault,
                       struct okt_json_writer *w, yyjson_mut_val *root)
{
    int64_t value;

    memcpy(&value, (const char *)fault + m->offset, sizeof(value));
    if (value != m->none)
        yyjson_mut_obj_add_sint(w->doc, root, m->key, value);
}

static void show_ratio(const struct member *m, const struct fault *fault,
                       struct okt_json_writer *w, yyjson_mut_val *root)
{
    if (fault->probability < 1)
        yyjson_mut_obj_add_real(w->doc, root, m->key, fault->probability);
}

static void show_causes(const struct member *m, const struct fault *fault,
                        struct okt_json_writer *w, yyjson_mut_val *root)
{
    const char *at = fault->causes.data;
    yyjson_mut_val *list;

    if (fault->causes.len == 0)
        return;
    list = yyjson_mut_obj_add_arr(w->doc, root, m->key);
    for (; at < fault->causes.data + fault->causes.len; at += strlen(at) + 1)
        yyjson_mut_arr_add_str(w->doc, list, at);
}

static void show_headers(const struct member *m, const struct fault *fault,
                         struct okt_json_writer *w, yyjson_mut_val *root)
{
    const char *name = fault->headers.data;
    yyjson_mut_val *object;

    if (fault->headers.len == 0)
        return;
    object = yyjson_mut_obj_add_obj(w->doc, root, m->key);
    while (name < fault->headers.data + fault->headers.len) {
        const char *value = name + strlen(name) + 1;

        yyjson_mut_obj_add_str(w->doc, object, name, value);
        name = value + strlen(value) + 1;
    }
}

void fault_show(struct okt_buf *out, const struct fault *fault)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);

    if (fault->id[0] != '\0')
        yyjson_mut_obj_add_str(writer.doc, root, "id", fault->id);
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if ((members[i].kinds & (1u << fault->kind)) != 0)
            members[i].show(&members[i], fault, &writer, root);
    if (fault->id[0] != '\0') {
        yyjson_mut_obj_add_sint(writer.doc, root, "seen", fault->seen);
        yyjson_mut_obj_add_sint(writer.doc, root, "done", fault->done);
    }
    okt_json_print(&writer, out);
}

/* ----------------------------------------------------------------- Words --
 */

#define HEADER "header."

static bool is_number(const char *text)
{
    return text[0] != '\0' && strlen(text) <= 18 &&
           text[strspn(text, "0123456789.")] == '\0';
}

static yyjson_mut_val *member_of(struct okt_json_writer *w,
                                 yyjson_mut_val *root, const char *key,
                                 yyjson_mut_val *(*make)(yyjson_mut_doc *))
{
    yyjson_mut_val *found = yyjson_mut_obj_get(root, key);

    if (found != NULL)
        return found;
    found = make(w->doc);
    yyjson_mut_obj_add_val(w->doc, root, key, found);
    return found;
}

static void add_word(struct okt_json_writer *w, yyjson_mut_val *root,
                     const char *word, size_t len)
{
    const char *value = word + len + 1;
    yyjson_mut_val *key = yyjson_mut_strncpy(w->doc, word, len);
    const char *name = yyjson_mut_get_str(key);
    const struct member *m = name != NULL ? find_member(name) : NULL;

    if (name == NULL)
        return; /* out of memory: okt_json_print tells it */
    if (strcmp(name, "cause") == 0)
        yyjson_mut_arr_add_str(w->doc,
                               member_of(w, root, "causes", yyjson_mut_arr),
                               value);
    else if (strncmp(name, HEADER, strlen(HEADER)) == 0)
        yyjson_mut_obj_add_str(w->doc,
                               member_of(w, root, "headers", yyjson_mut_obj),
                               name + strlen(HEADER), value);
    else if (m != NULL && m->read == read_whole && is_number(value))
        yyjson_mut_obj_add(root, key,
                           yyjson_mut_sint(w->doc, strtoll(value, NULL, 10)));
    else if (m != NULL && m->read == read_ratio && is_number(value))
        yyjson_mut_obj_add(root, key,
                           yyjson_mut_real(w->doc, strtod(value, NULL)));
    else
        yyjson_mut_obj_add(root, key, yyjson_mut_str(w->doc, value));
}

const char *fault_of_words(const char *const *words, size_t count,
                           struct okt_buf *out)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);

    for (size_t i = 0; i < count; i++) {
        size_t len = strcspn(words[i], "=");

        if (len == 0 || words[i][len] == '\0')
            return words[i];
        add_word(&writer, root, words[i], len);
    }
    okt_json_print(&writer, out);
    return NULL;
}

/* As a word of the command line has it. */
static const char *word_of(const struct member *m)
{
    if (m->read == read_causes)
        return "cause";
    return m->read == read_headers ? HEADER "NAME" : m->key;
}

void fault_list_words(struct okt_buf *out)
{
    const char *kinds = read_kind(members, NULL, NULL);

    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct member *m = &members[i];
        char word[KEY_MAX];

        snprintf(word, sizeof(word), "%s=", word_of(m));
        okt_buf_printf(out, "  %-14s %s\n", word,
                       m->help != NULL ? m->help : kinds);
        if (m->kinds == ALL || m->kinds == REQUESTS)
            continue;
        okt_buf_printf(out, "  %-14s (with do=", "");
        for (int kind = FAULT_STATUS, n = 0; kind < FAULT_KINDS; kind++)
            if ((m->kinds & (1u << kind)) != 0)
                okt_buf_printf(out, "%s%s", n++ > 0 ? ", " : "",
                               kind_names[kind]);
        okt_buf_str(out, ")\n");
    }
}
