/* SPDX-License-Identifier: Apache-2.0 */
/* path.c - putting the working directory before a path. */
#include "cli/state/path.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

enum { PATH_LEN_MAX = 8192 };

char *path_absolute(const char *path)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(PATH_LEN_MAX);
    AUTO(char) folder = NULL;

    if (path[0] != '/') {
        folder = getcwd(NULL, 0);
        okt_buf_printf(&text, "%s/", folder != NULL ? folder : ".");
    }
    okt_buf_str(&text, path);
    return okt_buf_take(&text);
}
