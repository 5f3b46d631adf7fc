/* SPDX-License-Identifier: Apache-2.0 */
/* device.h - signing a person in: the device grant. */
#ifndef OKTA_DEVICE_H
#define OKTA_DEVICE_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The device grant (RFC 8628): a person opens a page of the org anywhere, types
 * a code there, signs in and allows what is asked for.
 *
 *     st = okta_device_start(client, &options, &device, &err);
 *     if (st == OKTA_OK) {
 *         printf("Open %s and type %s\n", okta_device_uri(device),
 *                okta_device_user_code(device));
 *         st = okta_device_wait(client, device, &credential, &err);
 *     }
 *
 * Show it to the person at this machine and to nobody else: who sends such a
 * code to others has them sign in for him.
 */
typedef struct okta_device_options {
    size_t size;           /* set by OKTA_DEVICE_OPTIONS_INIT */
    const char *client_id; /* required: of a native app */
    const char *scopes;    /* NULL: to read and manage API tokens, and to stay
                              signed in (offline_access) */
    bool dpop;             /* as of okta_service_options */
} okta_device_options;

#define OKTA_DEVICE_OPTIONS_INIT OKTA_SIZED_(okta_device_options)

/* Asks the client's org for a code. The client's credential is not used. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_start(okta_client *client, const okta_device_options *options,
                  okta_device **out, okta_error *err);

/* Borrowed. Both URIs have the org's own origin, or okta_device_start failed;
 * the complete one has the code in it, and may be NULL. */
OKTA_API const char *okta_device_user_code(const okta_device *device);
OKTA_API const char *okta_device_uri(const okta_device *device);
OKTA_API const char *okta_device_uri_complete(const okta_device *device);

/* When the code lapses. */
OKTA_API int64_t okta_device_expires_at(const okta_device *device);

/*
 * Asks, as often as the org allows and with OKTA_WAIT_SIGN_IN between, until
 * somebody has decided: a DEVICE credential, or FORBIDDEN (denied), TIMEOUT
 * (the code lapsed), CANCELLED, or a failure. A network that fails for a while
 * is borne with.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_wait(okta_client *client, okta_device *device,
                 okta_credential **out, okta_error *err);

/* The same as text, to go on in another process: it holds a secret. To be given
 * to okta_text_free. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_export(const okta_device *device, char **out, okta_error *err);
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_import(const char *text, okta_device **out, okta_error *err);

OKTA_API void okta_device_free(okta_device *device);

#ifdef __cplusplus
}
#endif

#endif
