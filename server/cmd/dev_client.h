/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev_client.h - asks the org that serves a data folder with --dev.
 *
 * Where it listens, the token and the authority to trust all stand in the
 * folder, so that nothing else need be said.
 */
#ifndef ORGD_DEV_CLIENT_H
#define ORGD_DEV_CLIENT_H

struct args;

/*
 * Prints the body of the answer to stdout as it comes, and a newline after it
 * if it has none. path goes behind "/_org/"; json NULL: no body. Returns an
 * exit code; where it is not OK it said why.
 */
int dev_ask(const struct args *args, const char *method, const char *path,
            const char *json);

#endif
