/* SPDX-License-Identifier: Apache-2.0 */
/* id.c - the shapes of ids and secrets, and the search of q. */
#include "wire/id.h"

#include <string.h>

#include "base/ascii.h"

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

static bool is_word(char c)
{
    return is_alnum(c) || c == '_' || c == '-';
}

bool okt_id_is_segment(const char *text)
{
    size_t len = 0;

    while (len <= OKT_ID_MAX && is_word(text[len]))
        len++;
    return text[len] == '\0' && len >= 1 && len <= OKT_ID_MAX;
}

bool okt_id_is_token(const char *text)
{
    if (strncmp(text, "00T", 3) != 0)
        return false;
    for (size_t i = 3; i < OKT_ID_LEN; i++)
        if (!is_alnum(text[i]))
            return false;
    return text[OKT_ID_LEN] == '\0';
}

const char *okt_secret_find(const char *text, size_t text_len, size_t *len)
{
    for (size_t i = 0; i + OKT_SECRET_LEN <= text_len; i++) {
        size_t end = i;

        if (text[i] != '0' || text[i + 1] != '0')
            continue;
        while (end < text_len && is_word(text[end]))
            end++;
        if (end - i < OKT_SECRET_LEN)
            continue;
        *len = end - i;
        return text + i;
    }
    return NULL;
}

bool okt_has_secret(const char *text)
{
    size_t len;

    return okt_secret_find(text, strlen(text), &len) != NULL;
}

static bool contains(const char *text, const char *q)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;

        while (q[i] != '\0' && okt_lower(text[i]) == okt_lower(q[i]))
            i++;
        if (q[i] == '\0')
            return true;
    }
    return false;
}

bool okt_q_matches(const char *q, const char *name, const char *client_name)
{
    if (q == NULL || *q == '\0')
        return true;
    return (name != NULL && contains(name, q)) ||
           (client_name != NULL && contains(client_name, q));
}
