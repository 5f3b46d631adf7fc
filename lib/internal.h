/* SPDX-License-Identifier: Apache-2.0 */
/* internal.h - what the files of libokta share. */
#ifndef OKT_INTERNAL_H
#define OKT_INTERNAL_H

#include <stdatomic.h>
#include <sys/stat.h>

#include <okta/okta.h>

#include "base/buf.h"
#include "base/mem.h"
#include "wire/json.h"
#include "wire/rate_limit.h"
#include "wire/token_json.h"

AUTO_DEFINE(okta_api_token, okta_api_token_free)
AUTO_DEFINE(okta_client, okta_client_free)
AUTO_DEFINE(okta_config, okta_config_free)
AUTO_DEFINE(okta_credential, okta_credential_free)
AUTO_DEFINE(okta_device, okta_device_free)
AUTO_DEFINE(okta_iter, okta_iter_free)
AUTO_DEFINE(okta_page, okta_page_free)
AUTO_DEFINE(okta_response, okta_response_free)
AUTO_DEFINE(okta_user, okta_user_free)

/* --------------------------------------------------- Errors (error.c) -- */

/*
 * "return okt_fail(err, OKTA_ERR_..., "why %s", what);" fills err, if there is
 * one: one line, escaped, whatever looks like a secret redacted. A macro, so
 * that compiler and analyzer see what is returned.
 */
#define okt_fail(err, status, ...) \
    (okt_set_error((err), (status), __VA_ARGS__), (status))
#define okt_fail_memory(err) okt_fail(err, OKTA_ERR_MEMORY, "out of memory")

void okt_set_error(okta_error *err, okta_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What a response that is no success means. */
okta_status okt_fail_response(okta_error *err, const okta_response *response);

/*
 * Whether an answer, completely read, is from something between here and the
 * org: a redirect, a body that is not what the API or OAuth answer, or no body
 * and nothing of the org's in the header where it would speak of a credential
 * or a token.
 */
bool okt_response_is_foreign(const okta_response *response);

/* Whether only its body, as RFC 6749 has it, says that the org refuses. At the
 * API an org's own word comes in a header: many gateways write such bodies. */
bool okt_response_is_stray_oauth(const okta_response *response);

/* Says so, with host and status. SERVER for a 5xx, else NETWORK. */
okta_status okt_fail_foreign(okta_error *err, const okta_response *response,
                             const char *org_url);

/* Says so where it refuses what was signed with a time, and that time, now, is
 * not the org's. */
void okt_tell_clock(okta_error *err, const okta_response *response,
                    int64_t now);

/* OK, or why an append failed; what names the thing that became too long. */
okta_status okt_check_buf(const struct okt_buf *buf, const char *what,
                          okta_error *err);

/* Copies a string; NULL stays NULL and is no failure. */
okta_status okt_copy(const char *text, char **out, okta_error *err);

/*
 * Copies a struct of the caller's that begins with its size into ours, which
 * stays what it is where the caller's is older and shorter, or from is NULL.
 * ARGUMENT if it is newer than this library, or was not begun with init.
 */
okta_status okt_take_options(void *to, size_t size, const void *from,
                             const char *init, okta_error *err);

/* -------------------------------------------- Responses (response.c) -- */

enum {
    OKT_HEADERS_MAX = 256 * 1024,
    OKT_HEADER_COUNT_MAX = 1000,
    OKT_BODY_MAX = 64 * 1024 * 1024
};

/* Where a header's name and value stand in the text of all. */
struct okt_header_place {
    uint32_t name;
    uint32_t value;
};

struct okt_error_view;

struct okta_response {
    int status;
    int attempts;
    struct okt_buf headers; /* name NUL value NUL name NUL ... */
    struct okt_buf places;  /* an okt_header_place for each */
    size_t header_count;
    struct okt_buf body;
    struct okt_rate_limit rate;
    char *next;
    bool bad_link; /* a Link that can't be read: it may have been a next */
    yyjson_doc *error_doc;
    struct okt_error_view *error;
    struct okt_buf challenge; /* param NUL value NUL ... */
};

/* Empties it for the next attempt; attempts stays. */
void okt_response_clear(okta_response *response);

/* Takes one header; a status line begins the response anew. A failure shows
 * in headers.state. */
void okt_response_begin(okta_response *response, int status);
void okt_response_header(okta_response *response, const char *name,
                         size_t name_len, const char *value, size_t value_len);

/* Fills next, as soon as the headers are in. */
okta_status okt_response_read_link(okta_response *response, okta_error *err);

/* Reads what the headers and an error's body say, once all is in; strikes out
 * of both what repeats a secret of the credential, if one is given. */
okta_status okt_response_complete(okta_response *response,
                                  const okta_credential *credential,
                                  okta_error *err);

/* Whether a challenge among the headers has that error, as soon as they are in.
 */
bool okt_response_challenges(const okta_response *response, const char *error);

/* ---------------------------------------- Credentials (credential.c) -- */

/* Names and values of a request's headers, as "Name: value" NUL ... */
struct okta_headers {
    struct okt_buf text;
    size_t count;
};

enum { OKT_REQUEST_HEADERS_MAX = 64 * 1024, OKT_ACCESS_TOKEN_MAX = 16384 };

#define OKT_HEADERS_INIT { .text = OKT_BUF_INIT(OKT_REQUEST_HEADERS_MAX) }

struct okt_call;

/*
 * A kind of credential. authorize is asked anew for every attempt (proofs are
 * bound to method and URL), and may obtain a token or rewrite the call's body
 * first. answered is told of every answer, its headers being in (and its body,
 * where call->form), and says whether one more attempt is worth it.
 */
struct okt_credential_ops {
    okta_credential_kind kind;
    okta_status (*authorize)(okta_credential *credential, struct okt_call *call,
                             okta_headers *headers, okta_error *err);
    bool (*answered)(okta_credential *credential, struct okt_call *call);
    /* The ith text that is sent now, or was lately, and must not come back into
     * a log; NULL from their count on. */
    const char *(*secret)(const okta_credential *credential, size_t i);
    okta_status (*copy)(const okta_credential *credential,
                        okta_credential **out, okta_error *err);
    void (*free)(okta_credential *credential);
};

/* Comes first in every kind's own struct. */
struct okta_credential {
    const struct okt_credential_ops *ops;
};

/* Makes "scheme secret" a header. */
okta_status okt_authorization(okta_headers *headers, const char *scheme,
                              const char *secret, okta_error *err);

/* OK if it may stand in a header as it is: 1 to max printable characters. */
okta_status okt_check_secret(const char *what, const char *secret, size_t max,
                             okta_error *err);

/* Strikes a credential's secrets out of text. */
void okt_mask_secrets(const okta_credential *credential, char *text,
                      size_t len);

/* Secrets that were sent lately: two of each kind, since as many calls may be
 * under way at once. */
enum okt_sent_kind { OKT_SENT_TOKEN, OKT_SENT_PROOF };

struct okt_sent {
    char *texts[2][2]; /* of a kind, the latest first */
};

okta_status okt_sent_add(struct okt_sent *sent, enum okt_sent_kind kind,
                         const char *text, okta_error *err);
const char *okt_sent_text(const struct okt_sent *sent, size_t i);
void okt_sent_clear(struct okt_sent *sent);

/* --------------------------------------------------- Files (file.c) -- */

/* Why a file is not to be read, whoever it is for; NULL: it may be. */
const char *okt_file_distrusted(const struct stat *st);

/* Whether others can read it who should not read a secret. own: it is the
 * caller's, who can mend that. */
bool okt_file_is_open(const struct stat *st, bool *own);

/* Appends what it holds; CONFIG where that is over out's bound. */
okta_status okt_file_read(int fd, const char *path, struct okt_buf *out,
                          okta_error *err);

/* ------------------------------------------------------- URLs (url.c) -- */

/*
 * Reads what a person gives as the org: "acme.okta.com",
 * "https://acme.okta.com/" come out as "https://acme.okta.com". Refused with
 * the reason: a path, a query, user information, the -admin host, http to
 * another machine, anything else.
 */
okta_status okt_org_url(const char *text, char **out, okta_error *err);

/* Whether a normalised org URL is plain http, which is loopback. */
bool okt_url_is_plain(const char *org_url);

/*
 * Checks a URL out of an answer: relative or absolute, it must come to the
 * org's own scheme, host and port and to path. *out is that URL, rebuilt on
 * org_url, without its fragment.
 */
okta_status okt_own_url(const char *org_url, const char *path, const char *text,
                        char **out, okta_error *err);

/* The same for a URL of whichever path, which must be whole. */
okta_status okt_own_origin(const char *org_url, const char *text, char **out,
                           okta_error *err);

/* The decoded value of a query parameter; *out NULL where it is not there.
 * PROTOCOL where it is badly encoded. */
okta_status okt_url_param(const char *url, const char *name, char **out,
                          okta_error *err);

/* --------------------------------------------------- Transport (seam) -- */

struct okt_request {
    const char *method;
    const char *url;
    const okta_headers *headers;
    const char *body; /* or NULL */
    size_t body_len;
    bool send_once; /* never a second time on a fresh connection */
    bool fresh;     /* on no connection that was used before */
};

/* How far an exchange is. */
enum okt_stage { OKT_STAGE_HEADERS, OKT_STAGE_DONE };

/* A request under way. A transport's own struct begins with it. */
struct okt_exchange {
    int sends; /* how often the request may have reached the org */
};

/*
 * What connects a client with the world; http_curl.c is the real one, tests
 * bring theirs. Time is a part of it, so that tests need not wait.
 */
struct okt_transport_ops {
    /* Begins an exchange, whose response goes into response. */
    okta_status (*start)(void *ctx, const struct okt_request *request,
                         okta_response *response, struct okt_exchange **out,
                         okta_error *err);
    /* Works on all exchanges until this one is that far. */
    okta_status (*drive)(void *ctx, struct okt_exchange *exchange,
                         enum okt_stage until, okta_error *err);
    /* Ends and frees it, whatever stage it is at. */
    void (*drop)(void *ctx, struct okt_exchange *exchange);
    int64_t (*now_ms)(void *ctx);            /* a clock for spans */
    int64_t (*wall)(void *ctx);              /* the time */
    void (*sleep_ms)(void *ctx, int64_t ms); /* ends early when cancelled */
    void (*free)(void *ctx);
};

struct okt_transport {
    const struct okt_transport_ops *ops;
    void *ctx;
};

/*
 * ca.c: checks the file of certificates to trust, which others must not be able
 * to write. Where it is DER, appends it to pem as PEM, else nothing. Fails with
 * ARGUMENT, saying what is wrong with it, or MEMORY.
 */
okta_status okt_ca_file(const char *path, struct okt_buf *pem, okta_error *err);

/* The same for a folder of such files. */
okta_status okt_ca_folder(const char *path, okta_error *err);

/* http_curl.c: the real one. cancelled and wake are the client's. */
okta_status okt_curl_transport(const okta_client *client,
                               struct okt_transport *out, okta_error *err);

/* ------------------------------------------------- Client (client.c) -- */

/* What an answer told of the limit that its request counted against. */
struct okt_pace {
    struct okt_rate_limit rate;
    int64_t at_ms; /* when it came, by the clock for spans */
};

enum { OKT_LIMIT_CLASSES = 6 }; /* kinds of requests, see call.c */

struct okta_client {
    char *org_url;
    okta_credential *credential;
    char *user_agent;
    char *ca_file;
    char *ca_dir;
    char *proxy;
    char *proxy_user;
    char *proxy_password;
    okta_client_options options; /* numbers and callbacks; its texts are NULL */
    struct okt_transport transport;
    atomic_bool cancelled; /* lock-free, so that a signal handler may set it */
    int wake[2];           /* a pipe: a byte in it wakes whoever waits */
    struct okt_pace paces[OKT_LIMIT_CLASSES];
    size_t last_pace; /* the one that the last answer told */
    uint64_t jitter;
    struct okt_call *calls; /* under way; see call.c */
};

/* The same as okta_client_new, over that transport, which it takes. */
okta_status okt_client_new(const okta_client_options *options,
                           const struct okt_transport *transport,
                           okta_client **out, okta_error *err);

void okt_log(const okta_client *client, okta_log_level level, const char *fmt,
             ...) __attribute__((format(printf, 3, 4)));

/* Waits, telling the caller. CANCELLED, or OK. */
okta_status okt_client_wait(okta_client *client, okta_wait_reason reason,
                            int64_t ms, okta_error *err);

/* Between half of ms and all of it. */
int64_t okt_client_jitter(okta_client *client, int64_t ms);

/* ------------------------------------------------------ Calls (call.c) -- */

/*
 * A request with all its attempts. Zero it, then okt_call_begin; whatever
 * happens, okt_call_end. response may be the caller's or one of its own.
 */
struct okt_call {
    okta_client *client;         /* NULL once the client is gone */
    okta_credential *credential; /* the client's, unless told */
    struct okt_call *prev;
    struct okt_call *next;
    const char *method;
    char *url;
    char *body; /* or NULL */
    okta_response *response;
    okta_response *own; /* what response points to if the caller gave none */
    struct okt_exchange *exchange;
    bool settled; /* the headers of the answer that counts are in */
    int64_t started_ms;
    int retries;       /* used up */
    int64_t waited_ms; /* for rate limits */
    bool fresh;        /* goes on connections of its own, so that it is known
                          whether an answer was lost */
    bool form;         /* what it sends is a form, for none of the API's
                          operations: its rate limit is another one */
    bool unauthorized; /* the credential could not authorise it */
    bool renewed;      /* the credential, after a 401 */
    bool nonced;       /* a proof, with a nonce that the org asked for */
    bool proved;       /* the attempt under way has a proof */
    bool dated;        /* it tells the time, signed */
    uint64_t token;    /* which of the credential's tokens it has */
    bool lost;         /* an attempt may have worked, its answer was lost */
    bool one_time;     /* it spends something: where its answer was lost it is
                          sent once more, at once, and no further */
    bool repeated;     /* that was done */
    char first_request[64];
};

#define OKT_CALL_AUTO __attribute__((cleanup(okt_call_end))) struct okt_call

/* path begins with "/" (and the query with "?"); body is copied. Sends nothing
 * yet. */
okta_status okt_call_begin(struct okt_call *call, okta_client *client,
                           const char *method, const char *path,
                           const char *body, okta_response *response,
                           okta_error *err);

/* Sends it, unless the rate limit says that it would have to wait first. */
void okt_call_ahead(struct okt_call *call);

/* Until the headers of an answer that is not retried are in. */
okta_status okt_call_headers(struct okt_call *call, okta_error *err);

/* Until its body is in, too. Not OK for a response that is no 2xx. */
okta_status okt_call_finish(struct okt_call *call, okta_error *err);

/* Drops what is under way and frees what it holds. Does nothing to a zeroed
 * call, which it leaves. */
void okt_call_end(struct okt_call *call);

/* Moves a call into a zeroed one. */
void okt_call_move(struct okt_call *to, struct okt_call *from);

/* ------------------------------------------------ Objects (object.c) -- */

/* What every object out of an answer begins with. */
struct okt_object {
    const char *json; /* as it was sent */
    size_t json_len;
    yyjson_doc *doc; /* what it borrows from, if it is its own; else NULL */
    char *body;
};

/* A kind of objects. */
struct okt_kind {
    const char *name; /* "token", for messages */
    size_t size;      /* of its struct */
    /* Fills what is behind okt_object. NULL, or what is wrong. */
    const char *(*decode)(yyjson_val *json, struct okt_object *object);
    const char *(*id)(const struct okt_object *object);
    /* Whether it is one that q looks for and of that owner, each NULL for all;
     * NULL: all are. */
    bool (*matches)(const struct okt_object *object, const char *q,
                    const char *owner);
};

extern const struct okt_kind okt_token_kind;
extern const struct okt_kind okt_user_kind;
extern const struct okt_kind okt_role_kind;
extern const struct okt_kind okt_zone_kind;
extern const struct okt_kind okt_event_kind;

/* Reads one object's JSON; copies it. */
okta_status okt_object_parse(const struct okt_kind *kind, const char *json,
                             size_t len, struct okt_object **out,
                             okta_error *err);

/* Takes NULL. */
void okt_object_free(struct okt_object *object);

/* What may go into a path, and can only mean the object that was meant. */
okta_status okt_check_id(const struct okt_kind *kind, const char *id,
                         okta_error *err);

/* Fails unless the success is the one that the API documents. */
okta_status okt_expect(const struct okt_call *call, int status,
                       okta_error *err);

/* Ends a call whose answer is the object of that id, or (NULL) whichever. out
 * may be NULL. */
okta_status okt_object_finish(const struct okt_kind *kind,
                              struct okt_call *call, const char *id,
                              struct okt_object **out, okta_error *err);

struct okta_api_token {
    struct okt_object object;
    struct okt_token_view view;
    bool has_created; /* its times, read once */
    bool has_expires;
    int64_t created;
    int64_t expires;
};

/* okt_object_parse of a token. */
okta_status okt_api_token_parse(const char *json, size_t len,
                                okta_api_token **out, okta_error *err);

/* --------------------------------------------------- Pages (page.c) -- */

/* A list to be asked for. */
struct okt_list {
    const struct okt_kind *kind;
    const char *path;  /* "/api/v1/zones": where its next links must lead */
    const char *query; /* "?limit=20", or "" */
    const char *q;     /* what its objects must match, or NULL */
    const char *owner; /* the user whose they must be, or NULL */
    int limit;         /* objects a page; 0: as the org cuts them */
    bool single;
    bool polled; /* the org always says a next page: an empty one is the end */
    bool discard;
};

okta_status okt_list_begin(okta_client *client, const struct okt_list *list,
                           okta_response *response, okta_page **out,
                           okta_error *err);

/* The object i of a page that is of that kind; else NULL. */
const struct okt_object *okt_page_object(const okta_page *page,
                                         const struct okt_kind *kind, size_t i);

#endif
