/* SPDX-License-Identifier: Apache-2.0 */
/* route.c - a walk over the table of routes. */
#include "server/request/route.h"

#include <string.h>

#include "base/escape.h"
#include "wire/percent.h"

enum { ENDPOINT_SEGMENTS = 3 };

bool route_name_is_valid(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(text);

    return len > 0 && len <= OKT_ID_MAX && text[0] != '.' &&
           strspn(text, allowed) == len;
}

/* Decodes a segment, in which "+" stands for itself, to what may be a login. */
static bool take_login(const char *segment, size_t len,
                       char id[static ROUTE_ID_MAX + 1])
{
    OKT_BUF_AUTO login = OKT_BUF_INIT(ROUTE_ID_MAX);

    while (len > 0) {
        const char *plus = memchr(segment, '+', len);
        size_t n = plus != NULL ? (size_t)(plus - segment) : len;

        if (n > 0 && !okt_percent_decode(segment, n, &login))
            return false;
        if (plus != NULL)
            okt_buf_char(&login, '+');
        n += plus != NULL;
        segment += n;
        len -= n;
    }
    if (login.len == 0 || okt_buf_failed(&login) ||
        !okt_utf8_is_text(login.data, login.len))
        return false;
    memcpy(id, login.data, login.len + 1);
    return true;
}

/* brace: the row's "{id}", "{name}" or "{login}". */
static bool take_id(const char *brace, const char *segment, size_t len,
                    char id[static ROUTE_ID_MAX + 1])
{
    if (brace[1] == 'l')
        return take_login(segment, len, id);
    if (len > OKT_ID_MAX)
        return false;
    memcpy(id, segment, len);
    id[len] = '\0';
    return brace[1] == 'n' ? route_name_is_valid(id) : okt_id_is_segment(id);
}

/* Whether path is the row's. At most one {id}, and a tail behind it. */
static bool matches(const char *row, const char *path,
                    char id[static ROUTE_ID_MAX + 1])
{
    const char *brace = strchr(row, '{');
    size_t len = brace != NULL ? (size_t)(brace - row) : 0;

    id[0] = '\0';
    if (brace == NULL)
        return strcmp(row, path) == 0;
    if (strncmp(row, path, len) != 0)
        return false;
    path += len;
    len = strcspn(path, "/");
    return strcmp(strchr(brace, '}') + 1, path + len) == 0 &&
           take_id(brace, path, len, id);
}

static bool has_method(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

bool routes_are_open(const struct route *routes, size_t count)
{
    return count > 0 && routes[0].scope == SCOPE_OPEN;
}

void route_endpoint(const struct route *route, char *out, size_t size)
{
    size_t len = 0;

    for (int i = 0; i < ENDPOINT_SEGMENTS && route->path[len] == '/'; i++)
        len += 1 + strcspn(route->path + len + 1, "/");
    if (len >= size)
        len = size - 1;
    memcpy(out, route->path, len);
    out[len] = '\0';
}

int route_find(const struct route *routes, size_t count, const char *method,
               const char *path, const struct route **out,
               char id[static ROUTE_ID_MAX + 1])
{
    char found[ROUTE_ID_MAX + 1];
    int status = 404;

    id[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (!matches(routes[i].path, path, found))
            continue;
        status = 405;
        if (!has_method(&routes[i], method))
            continue;
        memcpy(id, found, sizeof(found));
        *out = &routes[i];
        return 200;
    }
    return status;
}

bool route_names(const char *wanted, const char *path, const char *route)
{
    size_t len = strlen(wanted);

    if (strchr(wanted, '{') != NULL)
        return route != NULL && strcmp(wanted, route) == 0;
    if (path == NULL)
        return false;
    if (len > 0 && wanted[len - 1] == '*')
        return strncmp(wanted, path, len - 1) == 0;
    return strcmp(wanted, path) == 0;
}

void route_allow(const struct route *routes, size_t count, const char *path,
                 struct okt_buf *out)
{
    char id[ROUTE_ID_MAX + 1];

    for (size_t i = 0; i < count; i++) {
        if (!matches(routes[i].path, path, id) ||
            (out->data != NULL && strstr(out->data, routes[i].method) != NULL))
            continue;
        if (out->len > 0)
            okt_buf_str(out, ", ");
        okt_buf_str(out, routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0)
            okt_buf_str(out, ", HEAD");
    }
}
