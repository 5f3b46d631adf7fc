/* SPDX-License-Identifier: Apache-2.0 */
/* wipe_env.c - takes secrets out of the environment. */
#include "cli/state/wipe_env.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

extern char **environ;

/* What the names of such variables end in, whichever SDK's spelling it is. */
static const char *const ends[] = { "TOKEN", "PASSWORD", "PRIVATEKEY",
                                    "PRIVATE_KEY", "JWK" };

static bool is_secret(const char *variable, size_t len)
{
    static const char prefix[] = "OKTA_CLIENT_";

    if (strncmp(variable, prefix, strlen(prefix)) != 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        size_t end = strlen(ends[i]);

        if (len >= strlen(prefix) + end &&
            memcmp(variable + len - end, ends[i], end) == 0)
            return true;
    }
    return false;
}

void wipe_env(void)
{
    for (char **variable = environ; *variable != NULL; variable++) {
        size_t name = strcspn(*variable, "=");
        char *value = *variable + name + ((*variable)[name] == '=');

        if (is_secret(*variable, name))
            okt_wipe(value, strlen(value));
    }
}

char **env_without_secrets(const char *more)
{
    size_t count = 0;
    char **env;

    while (environ[count] != NULL)
        count++;
    env = calloc(count + 2, sizeof(env[0]));
    if (env == NULL)
        return NULL;
    count = 0;
    if (more != NULL)
        env[count++] = (char *)(uintptr_t)more; /* as posix_spawn takes it */
    for (char **variable = environ; *variable != NULL; variable++)
        if (!is_secret(*variable, strcspn(*variable, "=")))
            env[count++] = *variable;
    return env;
}
