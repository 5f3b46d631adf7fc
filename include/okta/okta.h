/* SPDX-License-Identifier: Apache-2.0 */
/*
 * okta.h - manage the API tokens of an Okta organisation.
 *
 * Include this one. It holds the contracts of all functions; what there is of
 * each noun is in the header of its name.
 *
 * Errors     A function that can fail returns okta_status and takes an
 *            okta_error last. It is written on failure only; NULL is allowed.
 *            What does not fit into it (every header, every cause) is in an
 *            optional okta_response.
 * Ownership  What arrives through a "**out" is yours: give it to the _free
 *            of its type. On failure *out is left as it was. Any other
 *            pointer you get is borrowed from the object you asked, and lives
 *            as long as that object. What you pass in is copied.
 * NULL       Every _free takes NULL. Nothing else does unless it says so.
 * Threads    No globals. A client and what was made with it belong to one
 *            thread at a time; different clients may run in different threads.
 *            okta_client_cancel alone may be called from anywhere. Clients
 *            made with one OAuth credential share its tokens, under a lock of
 *            their own: whichever needs it first renews them for all.
 *            The first client of a process initialises libcurl: make it, or
 *            call curl_global_init, before a second thread starts.
 * Text       UTF-8, NUL-terminated. What the org sent is handed on as it came:
 *            escape it before a terminal sees it. The text of an okta_error
 *            is one line and safe to print.
 * Times      int64_t seconds since 1970-01-01T00:00:00Z.
 */
#ifndef OKTA_OKTA_H
#define OKTA_OKTA_H

#include <okta/base.h>
#include <okta/client.h>
#include <okta/config.h>
#include <okta/credential.h>
#include <okta/device.h>
#include <okta/directory.h>
#include <okta/error.h>
#include <okta/list.h>
#include <okta/response.h>
#include <okta/token.h>

#endif
