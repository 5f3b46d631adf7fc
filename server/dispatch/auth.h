/* SPDX-License-Identifier: Apache-2.0 */
/* auth.h - who is calling, and whether the route is for them. */
#ifndef ORGD_AUTH_H
#define ORGD_AUTH_H

struct request;

/*
 * Reads the Authorization header, finds the caller and holds the caller's role
 * against the route's scope. A token that is good is thereby used. Returns 200
 * with request->caller filled; else the status of the reply it has filled, or
 * REQUEST_LATER where the refusal is to be written down first.
 */
int auth_check(struct request *request);

/*
 * Spends the proof that came with a token bound to a key. Call it right before
 * the handler: a request that is refused spends none, so that nobody can have
 * more remembered than his rate limit. Returns 200, or the status of the reply.
 */
int auth_spend(struct request *request);

/* The refusal of a caller whose token has come to its end since it was
 * checked. */
int auth_refuse_caller(struct request *request);

/* The refusal of a caller whose role does not allow the route. */
int auth_refuse_role(struct request *request);

#endif
