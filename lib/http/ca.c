/* SPDX-License-Identifier: Apache-2.0 */
/* ca.c - checks the file and the folder of the certificates to trust. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "jose/key.h"
#include "lib/internal.h"

enum { CA_FILE_MAX = 8 * 1024 * 1024 };

/* Whether text has a line that begins a certificate in PEM. */
static bool is_pem(const struct okt_buf *text)
{
    return strstr(text->data, "-----BEGIN CERTIFICATE-----") != NULL ||
           strstr(text->data, "-----BEGIN X509 CERTIFICATE-----") != NULL ||
           strstr(text->data, "-----BEGIN TRUSTED CERTIFICATE-----") != NULL;
}

static okta_status read_file(int fd, const char *path, struct okt_buf *pem,
                             okta_error *err)
{
    OKT_BUF_AUTO bytes = OKT_BUF_INIT(CA_FILE_MAX);
    okta_error why = { .status = OKTA_OK };
    okta_status st = okt_file_read(fd, path, &bytes, &why);

    if (st == OKTA_ERR_MEMORY)
        return okt_fail_memory(err);
    if (st != OKTA_OK)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "the CA file %s", why.message);
    if (bytes.len == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "the CA file %s is empty",
                        path);
    if (is_pem(&bytes))
        return OKTA_OK;
    if (okt_certificate_pem(bytes.data, bytes.len, pem))
        return okt_check_buf(pem, "the CA file", err);
    return okt_fail(err, OKTA_ERR_ARGUMENT,
                    "the CA file %s holds no certificate, neither as PEM nor "
                    "as DER",
                    path);
}

/* O_NONBLOCK: a FIFO must not hold us up. */
okta_status okt_ca_file(const char *path, struct okt_buf *pem, okta_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *why = NULL;
    okta_status st = OKTA_OK;
    struct stat stat;

    if (fd < 0 || fstat(fd, &stat) != 0)
        st = okt_fail(err, OKTA_ERR_ARGUMENT, "the CA file %s: %s", path,
                      strerror(errno));
    else if (S_ISDIR(stat.st_mode))
        st = okt_fail(err, OKTA_ERR_ARGUMENT,
                      "the CA file %s is a folder: name a file in it", path);
    else
        why = okt_file_distrusted(&stat);
    if (why != NULL)
        st = okt_fail(err, OKTA_ERR_ARGUMENT,
                      "the CA file %s %s, who could have it trust anybody",
                      path, why);
    if (st == OKTA_OK)
        st = read_file(fd, path, pem, err);
    if (fd >= 0)
        close(fd);
    return st;
}

okta_status okt_ca_folder(const char *path, okta_error *err)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "the CA folder %s: %s", path,
                        strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the CA folder %s is not a folder", path);
    if ((st.st_uid != geteuid() && st.st_uid != 0) ||
        (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the CA folder %s can be written by others", path);
    return OKTA_OK;
}
