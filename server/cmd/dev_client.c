/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev_client.c - one request, by libcurl; nothing else here includes it.
 *
 * The library is loaded when something is asked, so that the start of an org
 * does not pay for it.
 */
#include "server/cmd/dev_client.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/control/dev.h"
#include "server/http/ca.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "wire/error_json.h"

#define LIBRARY "libcurl.so.4"

enum {
    HEADER_LINE_MAX = 512, /* of the files in the folder, of a header */
    URL_MAX = 4096,
    REFUSAL_MAX = 65536,
    CONNECT_SECONDS = 10,
    UTF8_MAX = 4, /* bytes of a character */
    CHUNK_MAX = CURL_MAX_WRITE_SIZE + UTF8_MAX,
    ESCAPED_MAX = 6 * CHUNK_MAX
};

struct libcurl {
    void *handle;
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*perform)(CURL *easy);
    CURLcode (*getinfo)(CURL *easy, CURLINFO info, ...);
    void (*cleanup)(CURL *easy);
    struct curl_slist *(*append)(struct curl_slist *list, const char *text);
    void (*free_all)(struct curl_slist *list);
    const char *(*strerror)(CURLcode code);
};

/* clang-format off */
static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    { "curl_easy_init",      offsetof(struct libcurl, init)     },
    { "curl_easy_setopt",    offsetof(struct libcurl, setopt)   },
    { "curl_easy_perform",   offsetof(struct libcurl, perform)  },
    { "curl_easy_getinfo",   offsetof(struct libcurl, getinfo)  },
    { "curl_easy_cleanup",   offsetof(struct libcurl, cleanup)  },
    { "curl_slist_append",   offsetof(struct libcurl, append)   },
    { "curl_slist_free_all", offsetof(struct libcurl, free_all) },
    { "curl_easy_strerror",  offsetof(struct libcurl, strerror) },
};
/* clang-format on */

/* A request under way. */
struct call {
    struct libcurl lib;
    CURL *easy;
    struct curl_slist *headers;
    struct okt_buf url;
    struct okt_buf bearer; /* the header's line */
    char *ca;
    struct okt_buf refusal; /* the body of what is no success */
    bool terminal;          /* is where the answer goes */
    struct okt_buf rest;    /* of the answer, to be escaped */
    char last;              /* byte that was printed; 0: none */
    long status;
};

static bool load(struct libcurl *lib)
{
    lib->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; lib->handle != NULL && i < ARRAY_LEN(symbols); i++) {
        void *symbol = dlsym(lib->handle, symbols[i].name);

        if (symbol == NULL)
            return false;
        memcpy((char *)lib + symbols[i].offset, &symbol, sizeof(symbol));
    }
    return lib->handle != NULL;
}

/* --------------------------------------------------------- What to ask -- */

/* Appends a file's one line. */
static bool read_line(const char *dir, const char *name, struct okt_buf *out)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(HEADER_LINE_MAX);
    AUTO(char) path = path_join(dir, name);
    const char *why =
        path != NULL ? file_read(path, FILE_PRIVATE, &text) : "out of memory";

    if (why == NULL) {
        okt_buf_append(out, text.data, strcspn(text.data, "\n"));
        return true;
    }
    say("dev: %s in the data folder: %s; okta-orgd serve --dev puts it there "
        "while it serves",
        name, why);
    return false;
}

static bool read_folder(struct call *c, const char *dir, const char *path)
{
    const char *why = dir_check(dir);

    if (why != NULL) {
        say("data folder %s: %s; okta-orgd init makes one", say_word(dir), why);
        return false;
    }
    if (!read_line(dir, DEV_URL_FILE, &c->url))
        return false;
    okt_buf_printf(&c->url, DEV_PREFIX "%s", path);
    okt_buf_str(&c->bearer, "Authorization: Bearer ");
    if (!read_line(dir, DEV_TOKEN_FILE, &c->bearer))
        return false;
    c->ca = path_join(dir, CA_CERT_FILE);
    if (c->ca != NULL && !okt_buf_failed(&c->url) &&
        !okt_buf_failed(&c->bearer))
        return true;
    say("dev: out of memory");
    return false;
}

/* ------------------------------------------------------------- The answer --
 */

/* Appends what came as it may go to a terminal: what is not ASCII, or steers
 * one, as JSON's escape. A character that has not come whole is left in rest.
 */
static void escape_json(struct okt_buf *out, struct okt_buf *rest)
{
    const char *text = rest->data;
    size_t len = rest->len;

    while (len > 0) {
        unsigned char first = (unsigned char)*text;
        int32_t cp;
        size_t n = okt_utf8_next(text, len, &cp);

        if (cp < 0 && len < UTF8_MAX && first >= 0xc0)
            break;
        if (cp < 0)
            cp = 0xfffd;
        if ((cp >= ' ' && cp <= '~') || cp == '\n')
            okt_buf_append(out, text, n);
        else if (cp <= 0xffff)
            okt_buf_printf(out, "\\u%04x", (unsigned)cp);
        else
            okt_buf_printf(out, "\\u%04x\\u%04x", 0xd7c0 + ((unsigned)cp >> 10),
                           0xdc00 + ((unsigned)cp & 0x3ff));
        text += n;
        len -= n;
    }
    memmove(rest->data, text, len);
    okt_buf_cut(rest, len);
}

static bool print(struct call *c, const char *data, size_t len)
{
    OKT_BUF_AUTO safe = OKT_BUF_INIT(ESCAPED_MAX);

    if (c->terminal) {
        okt_buf_append(&c->rest, data, len);
        if (okt_buf_failed(&c->rest))
            return false;
        escape_json(&safe, &c->rest);
        data = safe.data;
        len = safe.len;
    }
    return !okt_buf_failed(&safe) && fwrite(data, 1, len, stdout) == len &&
           fflush(stdout) == 0;
}

static size_t take(char *data, size_t size, size_t count, void *ctx)
{
    struct call *c = ctx;
    size_t len = size * count;

    c->lib.getinfo(c->easy, CURLINFO_RESPONSE_CODE, &c->status);
    if (c->status < 200 || c->status > 299) {
        okt_buf_append(&c->refusal, data, len);
        return len;
    }
    if (len > 0)
        c->last = data[len - 1];
    return print(c, data, len) ? len : 0;
}

static void say_refusal(const struct call *c)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(REFUSAL_MAX);
    struct okt_error_view error;
    AUTO(yyjson_doc) doc = NULL;
    const char *cause;
    const char *why;
    bool no_memory;

    if (c->refusal.len > 0 && !okt_buf_failed(&c->refusal))
        doc = okt_json_read(c->refusal.data, c->refusal.len, &why, &no_memory);
    if (doc == NULL || !okt_error_decode(yyjson_doc_get_root(doc), &error)) {
        say("dev: the org answered %ld", c->status);
        return;
    }
    cause = okt_error_cause(&error, 0);
    if (cause == NULL)
        cause = error.summary;
    okt_buf_printf(&text, "dev: %s", cause != NULL ? cause : error.code);
    for (size_t i = 1; (cause = okt_error_cause(&error, i)) != NULL; i++)
        okt_buf_printf(&text, "; %s", cause);
    say("%s", okt_buf_failed(&text) ? "dev: refused" : text.data);
}

static int end(struct call *c, CURLcode code)
{
    if (ferror(stdout))
        return finish_output();
    if (code != CURLE_OK)
        return say_failed("dev: %s: %s; does okta-orgd serve --dev still run?",
                          c->url.data, c->lib.strerror(code));
    if (c->status < 200 || c->status > 299) {
        say_refusal(c);
        return EXIT_CODE_FAILED;
    }
    if (c->last != '\0' && c->last != '\n')
        printf("\n");
    return finish_output();
}

/* ------------------------------------------------------------ The request --
 */

static bool set_up(struct call *c, const char *method, const char *json)
{
    const struct libcurl *lib = &c->lib;
    CURL *easy = c->easy;

    c->headers = lib->append(NULL, c->bearer.data);
    return c->headers != NULL &&
           lib->setopt(easy, CURLOPT_URL, c->url.data) == CURLE_OK &&
           lib->setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           lib->setopt(easy, CURLOPT_CAINFO, c->ca) == CURLE_OK &&
           lib->setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) ==
               CURLE_OK &&
           lib->setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           lib->setopt(easy, CURLOPT_HTTPHEADER, c->headers) == CURLE_OK &&
           /* Without fields it would read standard input for a body. */
           (json != NULL
                ? lib->setopt(easy, CURLOPT_POSTFIELDS, json)
                : lib->setopt(easy, CURLOPT_HTTPGET, 1L)) == CURLE_OK &&
           lib->setopt(easy, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK &&
           lib->setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           lib->setopt(easy, CURLOPT_WRITEDATA, c) == CURLE_OK;
}

static int perform(struct call *c, const char *method, const char *json)
{
    CURLcode code;

    if (!load(&c->lib))
        return say_failed("dev: this takes libcurl (%s); Debian has it in "
                          "libcurl4",
                          LIBRARY);
    c->easy = c->lib.init();
    if (c->easy == NULL || !set_up(c, method, json))
        return say_failed("dev: out of memory");
    code = c->lib.perform(c->easy);
    c->lib.getinfo(c->easy, CURLINFO_RESPONSE_CODE, &c->status);
    return end(c, code);
}

static void clean_up(struct call *c)
{
    if (c->easy != NULL)
        c->lib.cleanup(c->easy);
    if (c->headers != NULL) {
        okt_wipe(c->headers->data, strlen(c->headers->data));
        c->lib.free_all(c->headers);
    }
    okt_buf_free(&c->url);
    okt_buf_free(&c->bearer);
    okt_buf_free(&c->refusal);
    okt_buf_free(&c->rest);
    free(c->ca);
    /* What it has registered with the threads stays until the end. */
}

int dev_ask(const struct args *args, const char *method, const char *path,
            const char *json)
{
    struct call call = {
        .url = OKT_BUF_INIT(URL_MAX),
        .bearer = OKT_BUF_INIT(HEADER_LINE_MAX),
        .refusal = OKT_BUF_INIT(REFUSAL_MAX),
        .terminal = isatty(STDOUT_FILENO) != 0,
        .rest = OKT_BUF_INIT(CHUNK_MAX),
    };
    int status = EXIT_CODE_FAILED;

    if (read_folder(&call, args->value[OPT_DATA], path))
        status = perform(&call, method, json);
    clean_up(&call);
    return status;
}
