/* SPDX-License-Identifier: Apache-2.0 */
/* path.h - paths that still mean the same in another folder. */
#ifndef CLI_PATH_H
#define CLI_PATH_H

/* To be freed; NULL: no memory. */
char *path_absolute(const char *path);

#endif
