/* SPDX-License-Identifier: Apache-2.0 */
/* qr.h - a QR code on a terminal, by libqrencode, loaded when it is used. */
#ifndef CLI_QR_H
#define CLI_QR_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends lines that show text as a QR code, black on white whatever the
 * terminal's colours. False: libqrencode is not there, or text too long. */
bool qr_show(struct okt_buf *out, const char *text);

#endif
