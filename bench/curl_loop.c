/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curl_loop.c - a bare libcurl loop: one page after the other, written as it
 * comes, as libcurl's own examples do.
 *
 *     curl_loop URL CONTENT >out
 *
 * Follows the links from URL on, reads no JSON, and writes for each page not
 * its bytes, but what CONTENT, which okta-tokens printed, has of it: a line a
 * token. So both write the same. The pages of stub.c come again in turn, so
 * that the lines of one turn, kept in memory, are those of all the others. The
 * credential is the environment's OKTA_CLIENT_TOKEN, the CA its
 * OKTA_CLIENT_CAFILE.
 */
#define _GNU_SOURCE /* memmem */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stub.h"

enum { URL_MAX_LEN = 1024, HEADER_MAX = 256 };

static char next[URL_MAX_LEN];

static struct page {
    char *data;
    size_t len;
} pages[PAGES_KEPT];

/* The page that comes, and how far it is. */
static struct {
    const struct page *page;
    size_t received;
    size_t written;
} now;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "curl_loop: %s\n", what);
    exit(1);
}

static void read_pages(const char *path)
{
    FILE *content = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;

    if (content == NULL)
        die("the content can't be read");
    for (size_t i = 0; i < PAGES_KEPT; i++) {
        struct page *page = &pages[i];
        FILE *out = open_memstream(&page->data, &page->len);

        for (size_t n = 0; out != NULL && n < PAGE_TOKENS; n++) {
            ssize_t len = getline(&line, &cap, content);

            if (len < 0)
                die("the content is too short");
            fwrite(line, 1, (size_t)len, out);
        }
        if (out == NULL || fclose(out) != 0)
            die("out of memory");
    }
    free(line);
    fclose(content);
}

static size_t on_header(char *line, size_t size, size_t count, void *ctx)
{
    size_t len = size * count;
    const char *open;
    const char *close;

    (void)ctx;
    if (len < 5 || strncasecmp(line, "Link:", 5) != 0 ||
        memmem(line, len, "rel=\"next\"", 10) == NULL)
        return len;
    open = memchr(line, '<', len);
    close = memchr(line, '>', len);
    if (open == NULL || close == NULL || close - open > URL_MAX_LEN)
        die("a link that is none");
    memcpy(next, open + 1, (size_t)(close - open - 1));
    next[close - open - 1] = '\0';
    return len;
}

/* Writes for each part of a page's body that part of what there is of it. */
static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    curl_off_t total = 0;
    size_t upto;

    (void)data;
    curl_easy_getinfo(ctx, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
    now.received += size * count;
    if (total <= 0 || now.received > (size_t)total)
        die("a page of no known length");
    upto = now.page->len * now.received / (size_t)total;
    if (fwrite(now.page->data + now.written, 1, upto - now.written, stdout) !=
        upto - now.written)
        die("could not write");
    now.written = upto;
    return size * count;
}

static CURL *set_up(struct curl_slist **headers)
{
    const char *token = getenv("OKTA_CLIENT_TOKEN");
    const char *ca = getenv("OKTA_CLIENT_CAFILE");
    char authorization[HEADER_MAX];
    CURL *curl;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    if (curl == NULL)
        die("libcurl does not start");
    snprintf(authorization, sizeof(authorization), "Authorization: SSWS %s",
             token != NULL ? token : "");
    *headers = curl_slist_append(NULL, authorization);
    *headers = curl_slist_append(*headers, "Accept: application/json");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, curl);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    if (ca != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
    return curl;
}

int main(int argc, char **argv)
{
    struct curl_slist *headers;
    CURL *curl;

    if (argc != 3 || strlen(argv[1]) >= URL_MAX_LEN)
        die("usage: curl_loop URL CONTENT");
    read_pages(argv[2]);
    memcpy(next, argv[1], strlen(argv[1]) + 1);
    curl = set_up(&headers);
    for (size_t page = 0; next[0] != '\0'; page++) {
        CURLcode code;

        now.page = &pages[page % PAGES_KEPT];
        now.received = 0;
        now.written = 0;
        curl_easy_setopt(curl, CURLOPT_URL, next);
        next[0] = '\0';
        code = curl_easy_perform(curl);
        if (code != CURLE_OK)
            die(curl_easy_strerror(code));
    }
    if (fclose(stdout) != 0)
        die("could not write");
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_global_cleanup();
    return 0;
}
