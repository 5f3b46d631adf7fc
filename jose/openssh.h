/* SPDX-License-Identifier: Apache-2.0 */
/* openssh.h - what openssh.c lends to pem.c. */
#ifndef OKT_OPENSSH_H
#define OKT_OPENSSH_H

#include "jose/key.h"

/*
 * Reads a private key as ssh-keygen writes it (openssh-key-v1, the PEM's
 * base64 decoded): RSA or ECDSA, not encrypted, one to a file.
 */
const char *okt_key_from_openssh(const void *data, size_t len,
                                 struct okt_key **out);

#endif
