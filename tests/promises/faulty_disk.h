/* SPDX-License-Identifier: Apache-2.0 */
/* faulty_disk.h - how a test and the disk that fails talk: by a shared file. */
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include <stdatomic.h>

enum disk_call {
    DISK_OPEN,
    DISK_READ,
    DISK_WRITE,
    DISK_SYNC, /* of a file, or of the folder */
    DISK_TRUNCATE,
    DISK_MAP,
    DISK_UNLINK,
    DISK_CALLS
};

enum { DISK_SHORT = -1 }; /* in place of an errno: half of it is written */

/* DISK_CONTROL names the file that holds it. */
struct disk_control {
    atomic_int call;   /* which kind fails */
    atomic_int left;   /* so many of them do not yet; below 0: none fails */
    atomic_int error;  /* errno, or DISK_SHORT */
    atomic_int stays;  /* all that come after it fail, too */
    atomic_int failed; /* so many have */
};

#endif
