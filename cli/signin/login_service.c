/* SPDX-License-Identifier: Apache-2.0 */
/* login_service.c - signing in as a service app, with its private key. */
#include <string.h>

#include "cli/signin/login.h"
#include "cli/signin/service.h"

int login_service(struct session *session)
{
    PROFILE_AUTO profile = { .name = NULL };
    AUTO(okta_credential) credential = NULL;
    int code = login_open(session, NULL, NULL);

    if (code == EXIT_OK)
        code = login_profile(session, PROFILE_SERVICE, &profile);
    if (code == EXIT_OK)
        code = service_profile(session, &profile);
    if (code == EXIT_OK)
        code = service_credential(session, &profile, NULL, &credential);
    if (code == EXIT_OK)
        code = login_open(session, &profile, credential);
    if (code == EXIT_OK)
        code = login_verify(session, PROFILE_SERVICE);
    if (code == EXIT_OK)
        code = login_keep(session, &profile, NULL);
    return code == EXIT_OK ? login_print(session, &profile) : code;
}
