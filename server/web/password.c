/* SPDX-License-Identifier: Apache-2.0 */
/* password.c - yescrypt, by libcrypt; nothing else includes it. */
#include "server/web/password.h"

#include <crypt.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "server/util/secret.h"

#define METHOD "$y$"
/* Of the cost that new ones get, so that nobody's takes as long. */
#define NOBODY "$y$j9T$............................................"

enum { COST = 5 };

typedef struct crypt_data crypt_work;

static void free_work(crypt_work *work)
{
    if (work != NULL)
        okt_wipe(work, sizeof(*work));
    free(work);
}

AUTO_DEFINE(crypt_work, free_work)

/* What crypt makes of it, within work; NULL: it could not. */
static const char *run(const char *password, const char *setting,
                       crypt_work *work)
{
    return work != NULL ? crypt_rn(password, setting, work, (int)sizeof(*work))
                        : NULL;
}

const char *password_check(const char *password)
{
    size_t len = strlen(password);
    size_t count = 0;

    if (len > PASSWORD_MAX)
        return "it is longer than 256 bytes";
    for (size_t i = 0; i < len; count++) {
        int32_t cp;

        i += okt_utf8_next(password + i, len - i, &cp);
        if (cp < ' ' || cp == 0x7f)
            return "it is not UTF-8, or has a control character in it";
    }
    return count < PASSWORD_MIN ? "it is shorter than 8 characters" : NULL;
}

bool password_hash(const char *password, char out[static PASSWORD_HASH_MAX + 1])
{
    AUTO(crypt_work) work = calloc(1, sizeof(*work));
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    unsigned char salt[SECRET_KEY_LEN];
    const char *hash;

    if (!random_key(salt) ||
        crypt_gensalt_rn(METHOD, COST, (const char *)salt, sizeof(salt),
                         setting, sizeof(setting)) == NULL)
        return false;
    hash = run(password, setting, work);
    if (hash == NULL || strlen(hash) > PASSWORD_HASH_MAX)
        return false;
    memcpy(out, hash, strlen(hash) + 1);
    return true;
}

bool password_verify(const char *password, const char *hash)
{
    AUTO(crypt_work) work = calloc(1, sizeof(*work));
    const char *made = run(password, hash[0] != '\0' ? hash : NOBODY, work);

    return made != NULL && strlen(made) == strlen(hash) &&
           okt_equal_secret(made, hash, strlen(hash));
}
