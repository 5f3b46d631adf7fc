/* SPDX-License-Identifier: Apache-2.0 */
/* jwk.h - what jwk.c lends to jws.c. */
#ifndef OKT_JWK_H
#define OKT_JWK_H

#include <stddef.h>
#include <yyjson.h>

enum { OKT_JWK_MEMBERS = 64 };

/* NULL: an object with at most so many members, none of them twice. Looks at
 * the members of this object alone. */
const char *okt_members_check(yyjson_val *object, size_t max);

#endif
