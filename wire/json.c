/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - parsing within bounds, where elements stand, and writing. */
#include "json.h"

#include <stdbool.h>
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

/* The end of the string whose opening quote stands before p. */
static const char *string_end(const char *p, const char *end)
{
    while (p < end && *p != '"') {
        p += *p == '\\';
        p++;
    }
    return p;
}

/* How deep the brackets outside of strings nest, in any text. */
static size_t depth_of(const char *data, size_t len)
{
    const char *end = data + len;
    size_t depth = 0;
    size_t deepest = 0;

    for (const char *p = data; p < end; p++) {
        if (*p == '"') {
            p = string_end(p + 1, end);
        } else if (*p == '[' || *p == '{') {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if ((*p == ']' || *p == '}') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

yyjson_doc *okt_json_read(const char *data, size_t len, const char **why,
                          bool *no_memory)
{
    yyjson_alc alc = { alc_malloc, alc_realloc, alc_free, NULL };
    yyjson_read_err err;
    yyjson_doc *doc;

    *no_memory = false;
    if (depth_of(data, len) > OKT_JSON_DEPTH) {
        *why = "nested too deep";
        return NULL;
    }
    /* yyjson promises not to write without YYJSON_READ_INSITU. */
    doc = yyjson_read_opts((char *)(uintptr_t)data, len, 0, &alc, &err);
    if (doc == NULL) {
        *why = err.msg != NULL ? err.msg : "not JSON";
        *no_memory = err.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION;
    }
    return doc;
}

/* -------------------------------------------------------------- Elements -- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the element that begins at p: a comma or bracket of the array. */
static const char *element_end(const char *p, const char *end)
{
    size_t depth = 0;

    for (; p < end; p++) {
        if (*p == '"')
            p = string_end(p + 1, end);
        else if (*p == '[' || *p == '{')
            depth++;
        else if (depth == 0 && (*p == ',' || *p == ']'))
            return p;
        else if (*p == ']' || *p == '}')
            depth--;
    }
    return end;
}

size_t okt_json_elements(const char *data, size_t len, struct okt_span *out,
                         size_t max)
{
    const char *end = data + len;
    const char *p = memchr(data, '[', len);
    size_t count = 0;

    for (p = p == NULL ? end : p + 1; p < end; p++) {
        const char *start = p;
        const char *last;

        while (start < end && is_space(*start))
            start++;
        if (count == 0 && start < end && *start == ']')
            return 0;
        p = element_end(start, end);
        for (last = p; last > start && is_space(last[-1]);)
            last--;
        if (count < max)
            out[count] = (struct okt_span){ start, (size_t)(last - start) };
        count++;
        if (p < end && *p == ']')
            return count;
    }
    return count;
}

const char *okt_json_str(yyjson_val *object, const char *key)
{
    return yyjson_get_str(yyjson_obj_get(object, key));
}

/* --------------------------------------------------------------- Writing -- */

yyjson_mut_val *okt_json_begin(struct okt_json_writer *writer)
{
    yyjson_mut_val *root;

    writer->failed = false;
    writer->alc =
        (yyjson_alc){ alc_malloc, alc_realloc, alc_free, &writer->failed };
    writer->doc = yyjson_mut_doc_new(&writer->alc);
    root = yyjson_mut_obj(writer->doc);
    if (root != NULL)
        yyjson_mut_doc_set_root(writer->doc, root);
    return root;
}

void okt_json_print(struct okt_json_writer *writer, struct okt_buf *out)
{
    char *text;
    size_t len;

    if (!writer->failed) {
        text = yyjson_mut_write_opts(writer->doc, 0, &writer->alc, &len, NULL);
        if (text != NULL) {
            okt_buf_append(out, text, len);
            free(text);
            return;
        }
    }
    if (out->state == OKT_BUF_OK)
        out->state = OKT_BUF_NO_MEMORY;
}

void okt_json_writer_free(struct okt_json_writer *writer)
{
    yyjson_mut_doc_free(writer->doc);
    writer->doc = NULL;
}
