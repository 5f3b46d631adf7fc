/* SPDX-License-Identifier: Apache-2.0 */
/* request_log.c - a ring of lines, each a request as JSON. */
#include "server/fault/request_log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "server/fault/faults.h"
#include "server/fault/redact.h"
#include "server/request/query.h"
#include "server/request/request.h"
#include "wire/iso8601.h"
#include "wire/json.h"

enum {
    LINE_MAX_LEN = 524288,
    VALUE_MAX = 1024, /* bytes that are kept of a header's value */
    BATCH = 65536,    /* bytes of lines at a time, and one line more */
    TEXT_MAX = 65536,
    GROWTH = 4 /* times as long a text is at most without its secrets */
};

struct entry {
    uint64_t number;
    int64_t time;
    int status;
    const char *route; /* NULL: none */
    char method[METHOD_MAX + 1];
    char token[OKT_ID_MAX + 1];
    char *path;
    char *line; /* as JSON */
};

struct journal {
    pthread_mutex_t lock;
    uint64_t last; /* number that was given */
    size_t max;
    size_t count;
    size_t first; /* the oldest's place */
    struct entry *ring;
};

/* ------------------------------------------------------------ Begin and end --
 */

struct journal *journal_new(size_t max)
{
    struct journal *j = calloc(1, sizeof(*j));

    if (j == NULL)
        return NULL;
    pthread_mutex_init(&j->lock, NULL);
    j->max = max;
    j->ring = calloc(max, sizeof(*j->ring));
    if (j->ring != NULL)
        return j;
    journal_free(j);
    return NULL;
}

static void entry_free(struct entry *entry)
{
    free(entry->path);
    free(entry->line);
}

void journal_clear(struct journal *j)
{
    pthread_mutex_lock(&j->lock);
    for (; j->count > 0; j->count--) {
        entry_free(&j->ring[j->first]);
        j->first = (j->first + 1) % j->max;
    }
    pthread_mutex_unlock(&j->lock);
}

void journal_free(struct journal *j)
{
    if (j == NULL)
        return;
    journal_clear(j);
    free(j->ring);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

/* ----------------------------------------------------------------- Adding --
 */

static char *redacted(const char *text, size_t len,
                      void (*redact)(struct okt_buf *, const char *, size_t))
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(GROWTH * TEXT_MAX);

    redact(&out, text, len);
    return okt_buf_take(&out);
}

/* Not in the middle of a character. */
static void cut(char *text, size_t max)
{
    if (strlen(text) <= max)
        return;
    while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
        max--;
    text[max] = '\0';
}

static void add_copy(struct okt_json_writer *w, yyjson_mut_val *object,
                     const char *key, const char *value)
{
    if (value == NULL) {
        w->failed = true;
        return;
    }
    yyjson_mut_obj_add_strcpy(w->doc, object, key, value);
}

static void lower(char *out, size_t size, const char *text)
{
    size_t i;

    for (i = 0; text[i] != '\0' && i + 1 < size; i++)
        out[i] = okt_lower(text[i]);
    out[i] = '\0';
}

/* Names in small letters; of one that is there twice, the values together. */
static void add_header(struct okt_json_writer *w, yyjson_mut_val *headers,
                       const char *name, const char *value)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(GROWTH * JOURNAL_HEADERS_MAX);
    OKT_BUF_AUTO key = OKT_BUF_INIT(GROWTH * JOURNAL_TEXT_MAX);
    char small[JOURNAL_TEXT_MAX + 1];
    yyjson_mut_val *old;

    lower(small, sizeof(small), name);
    redact_text(&key, small, strlen(small));
    old = yyjson_mut_obj_get(headers, key.data);
    if (old != NULL)
        okt_buf_printf(&text, "%s, ", yyjson_mut_get_str(old));
    redact_header(&text, name, value);
    if (okt_buf_failed(&text) || okt_buf_failed(&key)) {
        w->failed = true;
        return;
    }
    cut(text.data, VALUE_MAX);
    yyjson_mut_obj_put(headers, yyjson_mut_strcpy(w->doc, key.data),
                       yyjson_mut_strcpy(w->doc, text.data));
}

static void add_headers(struct okt_json_writer *w, yyjson_mut_val *root,
                        const struct okt_buf *seen)
{
    yyjson_mut_val *headers = yyjson_mut_obj_add_obj(w->doc, root, "headers");
    const char *name = seen->data;

    while (name != NULL && name < seen->data + seen->len) {
        const char *value = name + strlen(name) + 1;

        add_header(w, headers, name, value);
        name = value + strlen(value) + 1;
    }
}

static bool is_form(const struct request *r)
{
    static const char form[] = "application/x-www-form-urlencoded";
    const char *type = r->headers[HEADER_CONTENT_TYPE];

    return type != NULL && okt_ncasecmp(type, form, strlen(form)) == 0;
}

static void add_body(struct okt_json_writer *w, yyjson_mut_val *root,
                     const struct request *r)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(GROWTH * TEXT_MAX);
    AUTO(char) text = NULL;

    if (r->body.len == 0)
        return;
    redact_body(&out, r->body.data, r->body.len, is_form(r));
    text = okt_buf_take(&out);
    if (text != NULL)
        cut(text, JOURNAL_BODY_MAX);
    add_copy(w, root, "body", text);
    yyjson_mut_obj_add_uint(w->doc, root, "bodyBytes", r->body.len);
}

static void add_if(struct okt_json_writer *w, yyjson_mut_val *root,
                   const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        add_copy(w, root, key, value);
}

static void write_line(const struct entry *entry, const struct request *r,
                       int64_t us, struct okt_buf *out)
{
    AUTO(char) query = NULL;
    AUTO(char)
    method = redacted(entry->method, strlen(entry->method), redact_text);
    OKT_JSON_WRITER_AUTO w;
    yyjson_mut_val *root = okt_json_begin(&w);
    char time[OKT_TIME_SIZE];

    okt_time_format(entry->time, time);
    yyjson_mut_obj_add_uint(w.doc, root, "number", entry->number);
    add_copy(&w, root, "time", time);
    add_copy(&w, root, "requestId", r->request_id);
    add_copy(&w, root, "client", r->address);
    add_copy(&w, root, "method", method);
    add_copy(&w, root, "path", entry->path);
    if (r->query != NULL) {
        query = redacted(r->query, strlen(r->query), redact_form);
        add_copy(&w, root, "query", query);
    }
    add_if(&w, root, "route", entry->route);
    add_if(&w, root, "token", entry->token);
    yyjson_mut_obj_add_int(w.doc, root, "status", entry->status);
    yyjson_mut_obj_add_sint(w.doc, root, "us", us);
    add_if(&w, root, "fault", r->fault != NULL ? r->fault->id : NULL);
    add_headers(&w, root, &r->seen);
    add_body(&w, root, r);
    okt_json_print(&w, out);
}

/* With the lock held, for the number. */
static bool fill(struct journal *j, struct entry *entry,
                 const struct request *r, int64_t us)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_MAX_LEN);

    entry->number = j->last + 1;
    entry->path = redacted(r->path, strlen(r->path), redact_text);
    if (entry->path == NULL)
        return false;
    write_line(entry, r, us, &line);
    entry->line = okt_buf_take(&line);
    return entry->line != NULL;
}

static void push(struct journal *j, const struct entry *entry)
{
    j->last = entry->number;
    if (j->count == j->max) {
        entry_free(&j->ring[j->first]);
        j->first = (j->first + 1) % j->max;
        j->count--;
    }
    j->ring[(j->first + j->count) % j->max] = *entry;
    j->count++;
}

void journal_add(struct journal *j, const struct request *r, int status,
                 int64_t us)
{
    struct entry entry = {
        .time = org_now(r->org),
        .status = status,
        .route = r->route != NULL ? r->route->path : NULL,
    };

    snprintf(entry.method, sizeof(entry.method), "%s", r->method);
    snprintf(entry.token, sizeof(entry.token), "%s", r->caller.id);
    pthread_mutex_lock(&j->lock);
    if (fill(j, &entry, r, us))
        push(j, &entry);
    else
        entry_free(&entry);
    pthread_mutex_unlock(&j->lock);
}

/* -------------------------------------------------------------- Filtering --
 */

struct key {
    const char *name;
    size_t offset;
    bool (*read)(struct journal_filter *, const char *);
    const char *must;
};

static bool read_since(struct journal_filter *out, const char *text)
{
    return okt_time_parse_from(text, out->now, &out->since);
}

static bool read_after(struct journal_filter *out, const char *text)
{
    if (text[0] == '\0' || strlen(text) > 18 ||
        text[strspn(text, "0123456789")] != '\0')
        return false;
    out->after = strtoull(text, NULL, 10);
    return true;
}

static bool read_status(struct journal_filter *out, const char *text)
{
    if (strlen(text) > 3 || text[0] < '0' || text[0] > '5' ||
        (strcmp(text + 1, "xx") != 0 && text[strspn(text, "0123456789")]))
        return false;
    snprintf(out->status, sizeof(out->status), "%s", text);
    return true;
}

#define AT(name) offsetof(struct journal_filter, name)

static const struct key keys[] = {
    { "method", AT(method), NULL, NULL },
    { "path", AT(path), NULL, NULL },
    { "token", AT(token), NULL, NULL },
    { "q", AT(q), NULL, NULL },
    { "status", 0, read_status, "a status such as 429, or 4xx" },
    { "since", 0, read_since, "a time such as 2026-01-31T08:00:00Z or -3d" },
    { "after", 0, read_after, "a request's number" },
};

static bool complain(char why[static JOURNAL_WHY_MAX], const char *key,
                     const char *what)
{
    snprintf(why, JOURNAL_WHY_MAX, "%s: %s", key, what);
    return false;
}

static bool read_key(struct journal_filter *out, const char *query,
                     const struct key *key, char why[static JOURNAL_WHY_MAX])
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(JOURNAL_TEXT_MAX);
    enum query_result result = query_get(query, key->name, &text);

    if (result == QUERY_ABSENT)
        return true;
    okt_buf_str(&text, "");
    if (result == QUERY_BAD || okt_buf_failed(&text))
        return complain(why, key->name, "given twice, malformed or too long");
    if (key->read == NULL)
        memcpy((char *)out + key->offset, text.data, text.len + 1);
    else if (!key->read(out, text.data))
        return complain(why, key->name, key->must);
    return true;
}

/* Whether name, of that length, is a key that there is. */
static bool is_key(const char *name, size_t len)
{
    if (len == strlen("follow") && memcmp(name, "follow", len) == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (len == strlen(keys[i].name) && memcmp(name, keys[i].name, len) == 0)
            return true;
    return false;
}

bool journal_filter_read(struct journal_filter *out, const char *query,
                         int64_t now, char why[static JOURNAL_WHY_MAX])
{
    const char *at = query != NULL ? query : "";

    *out = (struct journal_filter){ .since = INT64_MIN, .now = now };
    while (*at != '\0') {
        if (!is_key(at, strcspn(at, "=&")))
            return complain(why, "query",
                            "its keys are method, path, status, token, since, "
                            "after, q and follow");
        at += strcspn(at, "&");
        at += *at == '&';
    }
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (!read_key(out, query, &keys[i], why))
            return false;
    return true;
}

static bool is_or_any(const char *wanted, const char *text)
{
    return wanted[0] == '\0' || strcmp(wanted, text) == 0;
}

static bool has_status(const char *wanted, int status)
{
    if (wanted[0] == '\0')
        return true;
    if (wanted[1] == 'x')
        return status / 100 == wanted[0] - '0';
    return strtol(wanted, NULL, 10) == status;
}

static bool matches(const struct entry *entry, const struct journal_filter *f)
{
    return entry->number > f->after && entry->time >= f->since &&
           is_or_any(f->method, entry->method) &&
           is_or_any(f->token, entry->token) &&
           has_status(f->status, entry->status) &&
           (f->path[0] == '\0' ||
            route_names(f->path, entry->path, entry->route)) &&
           okt_q_matches(f->q, entry->line, NULL);
}

/* ---------------------------------------------------------------- Reading --
 */

static const struct entry *entry_at(const struct journal *j, size_t i)
{
    return &j->ring[(j->first + i) % j->max];
}

void journal_show(struct journal *j, const struct journal_filter *filter,
                  struct okt_buf *out)
{
    const char *separator = "";

    okt_buf_char(out, '[');
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->count; i++) {
        if (!matches(entry_at(j, i), filter))
            continue;
        okt_buf_str(out, separator);
        okt_buf_str(out, entry_at(j, i)->line);
        separator = ",";
    }
    pthread_mutex_unlock(&j->lock);
    okt_buf_char(out, ']');
}

void journal_follow(struct journal *j, struct journal_filter *filter,
                    struct okt_buf *out)
{
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->count && out->len < BATCH; i++) {
        const struct entry *entry = entry_at(j, i);

        if (entry->number <= filter->after)
            continue;
        if (matches(entry, filter)) {
            okt_buf_str(out, entry->line);
            okt_buf_char(out, '\n');
        }
        filter->after = entry->number;
    }
    pthread_mutex_unlock(&j->lock);
}
