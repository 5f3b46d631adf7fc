/* SPDX-License-Identifier: Apache-2.0 */
/* dump.c - the limit of core files, and what Linux puts into a dump. */
#include "sys/dump.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

void okt_forbid_dumps(void)
{
    const struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };
    ssize_t written;
    int fd;

    setrlimit(RLIMIT_CORE, &none);
    /* A limit of 0 does not count where the kernel pipes the dump. */
    fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    written = write(fd, "0", 1);
    (void)written; /* where that fails, the limit is what there is */
    close(fd);
}
