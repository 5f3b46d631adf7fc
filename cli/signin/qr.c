/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr.c - two modules of a QR code in each character.
 *
 * What is used of libqrencode has been the same since 3.0 and is declared here,
 * so that building takes no headers of its.
 */
#include "cli/signin/qr.h"

#include <dlfcn.h>
#include <string.h>

enum { MARGIN = 2, LEVEL_LOW = 0, ANY_VERSION = 0 };

/* QRcode */
struct code {
    int version;
    int width;
    unsigned char *data; /* of each module, bit 0: it is black */
};

typedef struct code *encode_fn(const char *text, int version, int level);
typedef void free_fn(struct code *code);

static bool is_black(const struct code *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width)
        return false;
    return (code->data[y * code->width + x] & 1) != 0;
}

/* The upper half block in the upper module's colour, on the lower one's. */
static void show(struct okt_buf *out, const struct code *code)
{
    for (int y = -MARGIN; y < code->width + MARGIN; y += 2) {
        for (int x = -MARGIN; x < code->width + MARGIN; x++)
            okt_buf_printf(out, "\033[%d;%dm\u2580",
                           is_black(code, x, y) ? 30 : 97,
                           is_black(code, x, y + 1) ? 40 : 107);
        okt_buf_str(out, "\033[0m\n");
    }
}

bool qr_show(struct okt_buf *out, const char *text)
{
    void *library = dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
    void *encode =
        library != NULL ? dlsym(library, "QRcode_encodeString8bit") : NULL;
    void *release = library != NULL ? dlsym(library, "QRcode_free") : NULL;
    struct code *code = NULL;
    encode_fn *encode_string;
    free_fn *free_code;

    if (encode != NULL && release != NULL) {
        /* POSIX lets a function's address be held so, ISO C has no cast. */
        memcpy(&encode_string, &encode, sizeof(encode));
        memcpy(&free_code, &release, sizeof(release));
        code = encode_string(text, ANY_VERSION, LEVEL_LOW);
    }
    if (code != NULL) {
        show(out, code);
        free_code(code);
    }
    if (library != NULL)
        dlclose(library);
    return code != NULL;
}
