/* SPDX-License-Identifier: Apache-2.0 */
/* service.c - the credential of a service app: its key, and how it is had. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/oauth/oauth.h"

/* O_NONBLOCK: a FIFO must not hold us up. */
static okta_status open_key(const char *path, int *fd, okta_error *err)
{
    struct stat st;
    const char *why;
    bool own;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0 || fstat(*fd, &st) != 0)
        return okt_fail(err, OKTA_ERR_CONFIG, "the private key %s: %s", path,
                        strerror(errno));
    why = okt_file_distrusted(&st);
    if (why != NULL)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "the private key %s %s: it must be yours alone", path,
                        why);
    if (okt_file_is_open(&st, &own))
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "others can read the private key %s: chmod 600 it, and "
                        "replace the key if others could have come by",
                        path);
    return OKTA_OK;
}

static okta_status read_file(const char *path, struct okt_buf *out,
                             okta_error *err)
{
    int fd = -1;
    okta_status st = open_key(path, &fd, err);

    if (st == OKTA_OK)
        st = okt_file_read(fd, path, out, err);
    if (fd >= 0)
        close(fd);
    return st;
}

static okta_status read_text(const okta_service_options *options,
                             struct okt_buf *out, okta_error *err)
{
    okta_status st = OKTA_OK;

    if ((options->key == NULL) == (options->key_file == NULL))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "either the private key or its file is to be given");
    if (options->key != NULL)
        okt_buf_str(out, options->key);
    else
        st = read_file(options->key_file, out, err);
    return st == OKTA_OK ? okt_check_buf(out, "the private key", err) : st;
}

static okta_status choose_alg(okt_oauth *oauth, okta_error *err)
{
    const char *name = oauth->alg_name;

    oauth->alg = name != NULL ? okt_alg_find(name) : okt_key_alg(oauth->key);
    if (okt_key_allows(oauth->key, oauth->alg))
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_ARGUMENT,
                    "the private key can't sign with %.20s", name);
}

/* what: where the text is from, for messages. */
static okta_status make_key(okt_oauth *oauth, const char *text,
                            const char *passphrase, const char *what,
                            okta_error *err)
{
    const char *why =
        okt_key_from_text(text, strlen(text), passphrase, &oauth->key);
    okta_status st;

    if (why == NULL && !okt_key_is_private(oauth->key))
        why = "it is the public part, the private one is needed";
    if (why != NULL)
        return okt_fail_jose(err, OKTA_ERR_CONFIG, what, why);
    st = choose_alg(oauth, err);
    if (st == OKTA_OK && oauth->key_id == NULL)
        st = okt_copy(okt_key_kid(oauth->key), &oauth->key_id, err);
    return st;
}

okta_status okt_service_key(okt_oauth *oauth, okta_error *err)
{
    okta_status st = OKTA_OK;

    pthread_mutex_lock(&oauth->lock);
    if (oauth->key == NULL && oauth->key_text != NULL)
        st = make_key(oauth, oauth->key_text, NULL, "the private key", err);
    if (st != OKTA_OK) {
        okt_key_free(oauth->key);
        oauth->key = NULL;
    }
    pthread_mutex_unlock(&oauth->lock);
    return st;
}

/* One that is encrypted can't wait: whoever has its passphrase is here now. */
static bool can_wait(const okta_service_options *options, const char *text)
{
    return options->store != NULL && options->passphrase == NULL &&
           strstr(text, "ENCRYPTED") == NULL;
}

static okta_status take_key(const okta_service_options *options,
                            okt_oauth *oauth, okta_error *err)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    okta_status st = read_text(options, &text, err);

    if (st == OKTA_OK)
        st = okt_copy(options->alg, &oauth->alg_name, err);
    if (st == OKTA_OK)
        st = okt_copy(options->key_id, &oauth->key_id, err);
    if (st == OKTA_OK && can_wait(options, text.data))
        return okt_copy(text.data, &oauth->key_text, err);
    return st == OKTA_OK
               ? make_key(oauth, text.data, options->passphrase,
                          options->key_file != NULL ? options->key_file
                                                    : "the private key",
                          err)
               : st;
}

static okta_status make(const okta_service_options *options, okt_oauth **out,
                        okta_error *err)
{
    AUTO(okt_oauth) oauth = NULL;
    okta_status st = okt_oauth_new(OKTA_CREDENTIAL_SERVICE, options->client_id,
                                   options->scopes, &oauth, err);

    if (st == OKTA_OK)
        st = take_key(options, oauth, err);
    if (st == OKTA_OK && options->store != NULL)
        st = okt_store_copy(options->store, &oauth->store, err);
    if (st == OKTA_OK && options->dpop)
        st = okt_oauth_bind(oauth, err);
    if (st == OKTA_OK)
        *out = TAKE(oauth);
    return st;
}

okta_status okta_credential_service(const okta_service_options *options,
                                    okta_credential **out, okta_error *err)
{
    okta_service_options ours = OKTA_SERVICE_OPTIONS_INIT;
    AUTO(okt_oauth) oauth = NULL;
    okta_status st = okt_take_options(&ours, sizeof(ours), options,
                                      "OKTA_SERVICE_OPTIONS_INIT", err);

    if (st == OKTA_OK)
        st = make(&ours, &oauth, err);
    if (st == OKTA_OK)
        st = okt_oauth_credential(oauth, out, err);
    if (st == OKTA_OK)
        oauth = NULL;
    return st;
}
