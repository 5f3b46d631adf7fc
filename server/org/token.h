/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - a token's life: its window, its last use, its end. */
#ifndef ORGD_TOKEN_H
#define ORGD_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "server/org/pending_uses.h"
#include "server/store/store.h"

#define TOKEN_WINDOW_DEFAULT "P30D" /* also of a token whose window is null */

/* Uses this close together count as one. */
enum { TOKEN_USE_SECONDS = 60 };

/* Whether text is a duration that a token can have as its window. */
bool token_window_is_valid(const char *window);

/* When a token used at that time ends. window NULL: the default. */
int64_t token_expiry(const char *window, int64_t used);

/* Whether a use now is to be written down: the last one is a minute old, or
 * there was none. */
bool token_use_counts(const struct store_token *token, int64_t now);

/* Puts the renewals that are not yet written into what the store said, and
 * tells whether the token is alive. */
bool token_refresh(struct store_token *token, struct renewals *renewals,
                   int64_t now);

/* Appends its JSON. */
void token_show(struct okt_buf *out, const struct store_token *token,
                const char *public_url);

#endif
