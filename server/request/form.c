/* SPDX-License-Identifier: Apache-2.0 */
/* form.c - parameters in application/x-www-form-urlencoded. */
#include "server/request/form.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/escape.h"
#include "wire/percent.h"

#define TYPE "application/x-www-form-urlencoded"
#define NO_TYPE "The request's Content-Type must be " TYPE "."

const char FORM_NO_MEMORY[] =
    "There is no memory for the request's parameters.";

static bool is_type(const char *content_type)
{
    const char *rest;

    if (content_type == NULL ||
        okt_ncasecmp(content_type, TYPE, strlen(TYPE)) != 0)
        return false;
    rest = content_type + strlen(TYPE);
    rest += strspn(rest, " \t");
    return *rest == '\0' || *rest == ';';
}

static bool is_text(const char *s)
{
    size_t len = strlen(s);

    while (len > 0) {
        int32_t cp;
        size_t n = okt_utf8_next(s, len, &cp);

        if (cp == 0x7f || (cp < ' ' && cp != '\t' && cp != '\r' && cp != '\n'))
            return false;
        s += n;
        len -= n;
    }
    return true;
}

/* Appends one decoded part and its NUL; NULL: it is none. Room was made for
 * all, so that what was appended before stays where it is. */
static const char *take(struct okt_buf *text, const char *part, size_t len)
{
    size_t start = text->len;

    if (!okt_percent_decode(part, len, text) || !is_text(text->data + start))
        return NULL;
    okt_buf_char(text, '\0');
    return text->data + start;
}

static const char *find(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    return NULL;
}

static const char *add(struct form *form, const char *pair, size_t len)
{
    const char *equals = memchr(pair, '=', len);
    size_t name_len = equals != NULL ? (size_t)(equals - pair) : len;
    const char *name;
    const char *value;

    if (form->count == FORM_FIELDS_MAX)
        return "The request has too many parameters.";
    name = take(&form->text, pair, name_len);
    value = equals != NULL ? take(&form->text, equals + 1, len - name_len - 1)
                           : take(&form->text, "", 0);
    if (name == NULL || value == NULL || name[0] == '\0')
        return "The request's parameters are not form-encoded text.";
    if (find(form, name) != NULL)
        return "The request has a parameter twice.";
    form->fields[form->count].name = name;
    form->fields[form->count++].value = value;
    return NULL;
}

static const char *add_all(struct form *form, const char *body, size_t len)
{
    const char *why = NULL;
    const char *end = body + len;

    while (body < end && why == NULL) {
        const char *mark = memchr(body, '&', (size_t)(end - body));
        const char *pair_end = mark != NULL ? mark : end;

        why = add(form, body, (size_t)(pair_end - body));
        body = mark != NULL ? mark + 1 : end;
    }
    return why;
}

static const char *parse(struct form *out, const char *query, const char *body,
                         size_t len)
{
    size_t query_len = strlen(query);
    /* Decoding makes nothing longer; each part gets a NUL. */
    size_t room = query_len + len + 2 * FORM_FIELDS_MAX;
    struct form form = { .text = OKT_BUF_INIT(room) };
    const char *why;

    okt_buf_reserve(&form.text, room);
    if (okt_buf_failed(&form.text))
        return FORM_NO_MEMORY;
    why = add_all(&form, query, query_len);
    if (why == NULL)
        why = add_all(&form, body, len);
    if (why != NULL)
        form_free(&form);
    else
        *out = form;
    return why;
}

const char *form_parse(struct form *out, const char *content_type,
                       const char *body, size_t len)
{
    return is_type(content_type) ? parse(out, "", body, len) : NO_TYPE;
}

const char *form_parse_both(struct form *out, const char *query,
                            const char *content_type, const char *body,
                            size_t len)
{
    if ((query == NULL || len > 0) && !is_type(content_type))
        return NO_TYPE;
    return parse(out, query != NULL ? query : "", body, len);
}

const char *form_get(const struct form *form, const char *name)
{
    const char *value = find(form, name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *form_text(const struct form *form, const char *name)
{
    const char *value = find(form, name);

    return value != NULL ? value : "";
}

void form_free(struct form *form)
{
    okt_buf_free(&form->text);
    form->count = 0;
}
