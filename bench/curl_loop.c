/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curl_loop.c - a bare libcurl loop over a list: one page after the other, as
 * libcurl's own examples do.
 *
 *     curl_loop parse URL >out
 *
 * Parses each page with yyjson and prints the id and the name of each token.
 *
 *     curl_loop copy URL CONTENT >out
 *
 * Reads no JSON, and writes for each page, as it comes, not its bytes, but what
 * CONTENT, which okta-tokens printed, has of it: a line a token. So both write
 * the same. The pages of stub.c repeat in turn, so the lines of one turn, kept
 * in memory, are those of all the others.
 *
 * Both follow the links from URL on. The credential is the environment's
 * OKTA_CLIENT_TOKEN, the CA its OKTA_CLIENT_CAFILE.
 */
#define _GNU_SOURCE /* memmem */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yyjson.h>

#include "bench/stub.h"

enum { URL_MAX_LEN = 1024, HEADER_MAX = 256 };

static char next[URL_MAX_LEN];

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "curl_loop: %s\n", what);
    exit(1);
}

/* ------------------------------------------------------------- Copying -- */

static struct page {
    char *data;
    size_t len;
} pages[PAGES_KEPT];

/* The page that is coming, and how much of it has been written. */
static struct {
    const struct page *page;
    size_t received;
    size_t written;
} now;

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

static void begin_copy(size_t page)
{
    now.page = &pages[page % PAGES_KEPT];
    now.received = 0;
    now.written = 0;
}

/* Writes for each part of a page's body that part of what there is of it. */
static size_t copy_body(char *data, size_t size, size_t count, void *ctx)
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

static void end_copy(void)
{
}

/* ------------------------------------------------------------- Parsing -- */

static struct {
    char *data;
    size_t len;
    size_t cap;
} body;

static void begin_parse(size_t page)
{
    (void)page;
    body.len = 0;
}

static size_t collect_body(char *data, size_t size, size_t count, void *ctx)
{
    (void)ctx;
    if (body.cap - body.len < size * count) {
        body.cap = 2 * body.cap + size * count;
        body.data = realloc(body.data, body.cap);
        if (body.data == NULL)
            die("out of memory");
    }
    memcpy(body.data + body.len, data, size * count);
    body.len += size * count;
    return size * count;
}

static void end_parse(void)
{
    yyjson_doc *doc = yyjson_read(body.data, body.len, 0);
    yyjson_arr_iter tokens = yyjson_arr_iter_with(yyjson_doc_get_root(doc));
    yyjson_val *token;

    if (doc == NULL)
        die("a page that is not JSON");
    while ((token = yyjson_arr_iter_next(&tokens)) != NULL)
        printf("%s\t%s\n", yyjson_get_str(yyjson_obj_get(token, "id")),
               yyjson_get_str(yyjson_obj_get(token, "name")));
    yyjson_doc_free(doc);
}

/* ---------------------------------------------------------------- Loop -- */

/* What is done with each page. */
static const struct mode {
    const char *name;
    int argc;
    void (*begin)(size_t page);
    curl_write_callback on_body;
    void (*end)(void);
} modes[] = {
    { "copy", 4, begin_copy, copy_body, end_copy },
    { "parse", 3, begin_parse, collect_body, end_parse },
};

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

static CURL *set_up(const struct mode *mode, struct curl_slist **headers)
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
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, mode->on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, curl);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    if (ca != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
    return curl;
}

static const struct mode *find_mode(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (argc == modes[i].argc && strcmp(argv[1], modes[i].name) == 0 &&
            strlen(argv[2]) < URL_MAX_LEN)
            return &modes[i];
    die("usage: curl_loop parse URL | curl_loop copy URL CONTENT");
}

int main(int argc, char **argv)
{
    const struct mode *mode = find_mode(argc, argv);
    struct curl_slist *headers;
    CURL *curl;

    if (argc == 4)
        read_pages(argv[3]);
    memcpy(next, argv[2], strlen(argv[2]) + 1);
    curl = set_up(mode, &headers);
    for (size_t page = 0; next[0] != '\0'; page++) {
        CURLcode code;

        mode->begin(page);
        curl_easy_setopt(curl, CURLOPT_URL, next);
        next[0] = '\0';
        code = curl_easy_perform(curl);
        if (code != CURLE_OK)
            die(curl_easy_strerror(code));
        mode->end();
    }
    if (fclose(stdout) != 0)
        die("could not write");
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_global_cleanup();
    free(body.data);
    return 0;
}
