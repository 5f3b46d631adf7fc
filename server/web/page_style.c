/* SPDX-License-Identifier: Apache-2.0 */
/* page_style.c - the style sheet. What it says changes with its path, so that a
 * browser may keep it for good. */
#include "server/web/page_style.h"

#include "server/request/request.h"
#include "server/web/style.h"

static const char sheet[] = { STYLE_BYTES };

int page_style(struct request *r, const char *id)
{
    (void)id;
    okt_buf_append(&r->reply, sheet, sizeof(sheet));
    if (okt_buf_failed(&r->reply))
        return reply_internal(r);
    r->content_type = "text/css; charset=utf-8";
    r->cache = "public, max-age=31536000, immutable";
    reply_header_add(r, "X-Content-Type-Options", "nosniff");
    return 200;
}
