/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - parsing within bounds, where elements stand, and writing. */
#include "wire/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* --------------------------------------------------------------- Reading -- */

/* Our own malloc; ctx is where a failure is latched, or NULL. */
static void *alc_malloc(void *ctx, size_t size)
{
    void *p = malloc(size);

    if (p == NULL && ctx != NULL)
        *(bool *)ctx = true;
    return p;
}

static void *alc_realloc(void *ctx, void *old, size_t old_size, size_t size)
{
    void *p = realloc(old, size);

    (void)old_size;
    if (p == NULL && ctx != NULL)
        *(bool *)ctx = true;
    return p;
}

static void alc_free(void *ctx, void *p)
{
    (void)ctx;
    free(p);
}

/* The same with the size ahead of what is handed out, so that it can be wiped.
 * A union: what comes behind it is aligned for anything. */
union wiped {
    size_t size;
    max_align_t align;
};

static void wiped_free(void *ctx, void *p)
{
    union wiped *block = p;

    if (block == NULL)
        return;
    okt_wipe(block, block[-1].size);
    alc_free(ctx, block - 1);
}

static void *wiped_malloc(void *ctx, size_t size)
{
    union wiped *block = NULL;

    if (size < SIZE_MAX - sizeof(*block))
        block = alc_malloc(ctx, sizeof(*block) + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    return block + 1;
}

static void *wiped_realloc(void *ctx, void *old, size_t old_size, size_t size)
{
    void *p = wiped_malloc(ctx, size);

    if (p == NULL || old == NULL)
        return p;
    memcpy(p, old, old_size < size ? old_size : size);
    wiped_free(ctx, old);
    return p;
}

/* Whether arrays and objects nest more than OKT_JSON_DEPTH levels deep. yyjson
 * has all values in a row, and what a container holds right behind it. */
static bool is_too_deep(const yyjson_doc *doc)
{
    yyjson_val *ends[OKT_JSON_DEPTH]; /* of the containers around val */
    yyjson_val *val = doc->root;
    yyjson_val *end = val + doc->val_read;
    size_t depth = 0;

    for (; val < end; val++) {
        if (!unsafe_yyjson_is_ctn(val))
            continue;
        while (depth > 0 && val >= ends[depth - 1])
            depth--;
        if (depth == OKT_JSON_DEPTH)
            return true;
        ends[depth++] = unsafe_yyjson_get_next(val);
    }
    return false;
}

static yyjson_doc *read_with(const yyjson_alc *alc, const char *data,
                             size_t len, const char **why, bool *no_memory)
{
    yyjson_read_err err;
    yyjson_doc *doc;

    *no_memory = false;
    /* yyjson promises not to write without YYJSON_READ_INSITU. It reads any
     * depth without recursion: who walks the document is protected here. */
    doc = yyjson_read_opts((char *)(uintptr_t)data, len, 0, alc, &err);
    if (doc == NULL) {
        *why = err.msg != NULL ? err.msg : "not JSON";
        *no_memory = err.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION;
        return NULL;
    }
    if (is_too_deep(doc)) {
        *why = "nested too deep";
        yyjson_doc_free(doc);
        return NULL;
    }
    return doc;
}

yyjson_doc *okt_json_read(const char *data, size_t len, const char **why,
                          bool *no_memory)
{
    const yyjson_alc alc = { alc_malloc, alc_realloc, alc_free, NULL };

    return read_with(&alc, data, len, why, no_memory);
}

yyjson_doc *okt_json_read_in(const yyjson_alc *memory, const char *data,
                             size_t len, const char **why, bool *no_memory)
{
    return read_with(memory, data, len, why, no_memory);
}

yyjson_doc *okt_json_read_secret(const char *data, size_t len, const char **why,
                                 bool *no_memory)
{
    const yyjson_alc alc = { wiped_malloc, wiped_realloc, wiped_free, NULL };

    return read_with(&alc, data, len, why, no_memory);
}

/* --------------------------------------------------------------- Requests --
 */

static const char repeated[] = "a member is there twice";
static const char too_many[] = "too many members";

/* What is wrong with the names of an object's members; NULL: nothing. */
static const char *check_names(yyjson_val *object)
{
    yyjson_val *names[OKT_JSON_MEMBERS];
    yyjson_obj_iter members = yyjson_obj_iter_with(object);
    yyjson_val *name;
    size_t count = 0;

    while ((name = yyjson_obj_iter_next(&members)) != NULL) {
        if (count == OKT_JSON_MEMBERS)
            return too_many;
        for (size_t i = 0; i < count; i++)
            if (yyjson_equals(names[i], name))
                return repeated;
        names[count++] = name;
    }
    return NULL;
}

/* The same of all that are in it. yyjson has them in a row. */
static const char *check_all_names(yyjson_doc *doc)
{
    size_t count = yyjson_doc_get_val_count(doc);
    yyjson_val *val = yyjson_doc_get_root(doc);
    const char *why = NULL;

    for (size_t i = 0; i < count && why == NULL; i++)
        if (yyjson_is_obj(&val[i]))
            why = check_names(&val[i]);
    return why;
}

yyjson_doc *okt_json_read_request(const char *data, size_t len,
                                  const char **why, bool *no_memory)
{
    AUTO(yyjson_doc) doc = okt_json_read(data, len, why, no_memory);
    const char *wrong = doc != NULL ? check_all_names(doc) : NULL;

    if (wrong == NULL)
        return TAKE(doc);
    *why = wrong;
    return NULL;
}

/* --------------------------------------------------------------- Objects -- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Where an object begins in the text that its document was read from; NULL for
 * what is no object, or an empty one. yyjson reads strings where they stand in
 * a copy of the text, so that the first key tells.
 */
static const char *object_start(const yyjson_doc *doc, const char *data,
                                yyjson_val *object)
{
    yyjson_obj_iter members = yyjson_obj_iter_with(object);
    const char *key = yyjson_get_str(yyjson_obj_iter_next(&members));
    const char *p;

    if (key == NULL)
        return NULL;
    p = data + (key - doc->str_pool);
    do /* the key itself may begin with one */
        p--;
    while (*p != '{');
    return p;
}

/* How long what begins at start is, with mark behind it and spaces around. */
static size_t length_before(const char *start, const char *end, char mark)
{
    while (*--end != mark)
        ;
    while (is_space(end[-1]))
        end--;
    return (size_t)(end - start);
}

bool okt_json_objects(yyjson_doc *doc, const char *data, size_t len,
                      struct okt_span *out)
{
    yyjson_arr_iter items = yyjson_arr_iter_with(yyjson_doc_get_root(doc));
    struct okt_span *last = NULL;

    for (; yyjson_arr_iter_has_next(&items); last = out++) {
        out->data = object_start(doc, data, yyjson_arr_iter_next(&items));
        if (out->data == NULL)
            return false;
        if (last != NULL)
            last->len = length_before(last->data, out->data, ',');
    }
    if (last != NULL)
        last->len = length_before(last->data, data + len, ']');
    return true;
}

const char *okt_json_text(yyjson_val *json)
{
    const char *text = yyjson_get_str(json);

    return text != NULL && strlen(text) == yyjson_get_len(json) ? text : NULL;
}

const char *okt_json_str(yyjson_val *object, const char *key)
{
    return okt_json_text(yyjson_obj_get(object, key));
}

/* Returns where key stands among keys, or count. Looks at next first: members
 * mostly come in the order of keys. */
static size_t find_key(yyjson_val *key, const struct okt_span *keys,
                       size_t count, size_t next)
{
    for (size_t i = next; i < count; i++)
        if (yyjson_equals_strn(key, keys[i].data, keys[i].len))
            return i;
    for (size_t i = 0; i < next; i++)
        if (yyjson_equals_strn(key, keys[i].data, keys[i].len))
            return i;
    return count;
}

bool okt_json_members(yyjson_val *object, const struct okt_span *keys,
                      size_t count, yyjson_val **found)
{
    yyjson_obj_iter iter;
    yyjson_val *key;
    size_t next = 0;

    for (size_t i = 0; i < count; i++)
        found[i] = NULL;
    if (!yyjson_obj_iter_init(object, &iter))
        return false;
    while ((key = yyjson_obj_iter_next(&iter)) != NULL) {
        size_t i = find_key(key, keys, count, next);

        if (i == count)
            continue;
        if (found[i] != NULL)
            return false;
        found[i] = yyjson_obj_iter_get_val(key);
        next = i + 1;
    }
    return true;
}

/* --------------------------------------------------------------- Writing -- */

static yyjson_mut_val *begin(struct okt_json_writer *writer, yyjson_alc alc)
{
    yyjson_mut_val *root;

    writer->failed = false;
    writer->alc = alc;
    writer->alc.ctx = &writer->failed;
    writer->doc = yyjson_mut_doc_new(&writer->alc);
    root = yyjson_mut_obj(writer->doc);
    if (root != NULL)
        yyjson_mut_doc_set_root(writer->doc, root);
    return root;
}

yyjson_mut_val *okt_json_begin(struct okt_json_writer *writer)
{
    return begin(writer,
                 (yyjson_alc){ alc_malloc, alc_realloc, alc_free, NULL });
}

yyjson_mut_val *okt_json_begin_secret(struct okt_json_writer *writer)
{
    return begin(writer,
                 (yyjson_alc){ wiped_malloc, wiped_realloc, wiped_free, NULL });
}

void okt_json_print(struct okt_json_writer *writer, struct okt_buf *out)
{
    char *text;
    size_t len;

    if (!writer->failed) {
        text = yyjson_mut_write_opts(writer->doc, 0, &writer->alc, &len, NULL);
        if (text != NULL) {
            okt_buf_append(out, text, len);
            writer->alc.free(writer->alc.ctx, text);
            return;
        }
    }
    if (out->state == OKT_BUF_OK)
        out->state = OKT_BUF_NO_MEMORY;
}

/* How much of a text stands between quotes as it is. */
static size_t plain_len(const char *text)
{
    size_t len = 0;

    while (text[len] >= ' ' && text[len] <= '~' && text[len] != '"' &&
           text[len] != '\\')
        len++;
    return len;
}

static void escape(struct okt_buf *out, const char *text)
{
    bool failed = false;
    const yyjson_alc alc = { alc_malloc, alc_realloc, alc_free, &failed };
    yyjson_mut_val string = { 0 };
    AUTO(char) quoted = NULL;
    size_t len;

    if (yyjson_mut_set_str(&string, text))
        quoted = yyjson_mut_val_write_opts(&string, 0, &alc, &len, NULL);
    if (quoted != NULL)
        okt_buf_append(out, quoted + 1, len - 2);
    else if (out->state == OKT_BUF_OK)
        out->state = OKT_BUF_NO_MEMORY;
}

void okt_json_escape(struct okt_buf *out, const char *text)
{
    size_t len = plain_len(text);

    if (text[len] == '\0')
        okt_buf_append(out, text, len);
    else
        escape(out, text);
}

void okt_json_writer_free(struct okt_json_writer *writer)
{
    yyjson_mut_doc_free(writer->doc);
    writer->doc = NULL;
}
