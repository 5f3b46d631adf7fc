/* SPDX-License-Identifier: Apache-2.0 */
/* wipe_env.h - takes secrets out of the environment. */
#ifndef CLI_WIPE_ENV_H
#define CLI_WIPE_ENV_H

/*
 * Overwrites the values of the variables that hold secrets, once the settings
 * were read. They lie where the system put them when this process began, and
 * ps and /proc show others of the same user what lies there.
 */
void wipe_env(void);

/*
 * The environment for another program: without those variables, and with one
 * more ("NAME=value", or NULL), which comes first. To be freed, but not what is
 * in it, which is borrowed. NULL: no memory.
 */
char **env_without_secrets(const char *more);

#endif
