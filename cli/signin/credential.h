/* SPDX-License-Identifier: Apache-2.0 */
/* credential.h - where the API token comes from. */
#ifndef CLI_CREDENTIAL_H
#define CLI_CREDENTIAL_H

#include "cli/signin/session.h"

/*
 * Puts the token of --token-file or --token-stdin into session->config, or, if
 * there is none in the settings either and ask is allowed, the one that a
 * person types. Returns an exit code.
 */
int credential_load(struct session *session);

/* The same without asking; EXIT_OK also if there is none. */
int credential_load_silently(struct session *session);

#endif
