#!/bin/sh
# expiry.sh - windows, uses and ends, by the org's own clock.
. "$(dirname -- "$0")/lib.sh"

new_org a
now=2026-03-01T12:00:00Z
cat >"$tmp/seed.yaml" <<'END'
zones: [{id: nzo1, name: Office, gateways: [192.0.2.0/24]}]
tokens:
  - {name: admin, secret: 00admin-admin-admin-admin-admin-admin-0001, user: ada@example.com, created: -40d, lastUsed: -9d}
  - {name: fresh, secret: 00fresh-fresh-fresh-fresh-fresh-fresh-0001, user: ada@example.com, created: -1h, lastUsed: -30s}
  - {name: short, secret: 00short-short-short-short-short-short-0001, user: ada@example.com, tokenWindow: PT4S, created: -1s}
  - {name: kept, secret: 00kept--kept--kept--kept--kept--kept--0001, user: ada@example.com, tokenWindow: PT30S, created: -25s}
  - {name: dead, secret: 00dead--dead--dead--dead--dead--dead--0001, user: ada@example.com, created: -40d, lastUsed: -31d}
  - {name: never, secret: 00never-never-never-never-never-never-0001, user: ada@example.com, created: -10s}
  - {name: nowindow, secret: 00nowin-nowin-nowin-nowin-nowin-nowin-0001, user: ada@example.com, tokenWindow: null, created: -40d, lastUsed: -9d}
END
secret_of() { sed -n "s/.*name: $1, secret: \\([^,]*\\),.*/\\1/p" "$tmp/seed.yaml"; }
token_named() { jq -c --arg n "$1" '.[] | select(.name == $n)' "$tmp/body"; }
field() { token_named "$1" | jq -r ".$2"; }
seconds() { date -d "$1" +%s; }
list=/api/v1/api-tokens

"$ORGD" seed --data "$tmp/a" --now $now "$tmp/seed.yaml" >/dev/null
dead_id=$(sql a "SELECT id FROM token WHERE name = 'dead'")
short_id=$(sql a "SELECT id FROM token WHERE name = 'short'")
start a --dev --now $now --rate-limit 0

# --- used at once, it outlives the five seconds that its window has left
token=$(secret_of kept)
gets 200 GET $list
# --- the org's clock
token=$(secret_of admin)
gets 200 GET $list
date=$(seconds "$(header date)")
[ $((date - $(seconds $now))) -lt 20 ] || fail "Date is $(header date)"
[ $(($(header x-rate-limit-reset) - date)) -le 60 ] || fail 'Reset by another clock'

# --- a use shows in its own answer: both times move, by the window
used=$(field admin lastUpdated)
is 'lastUpdated of a use' "$(seconds "$used")" "$date"
is 'expiresAt of a use' "$(($(seconds "$(field admin expiresAt)") - $(seconds "$used")))" \
    $((30 * 86400))
is 'created stays' "$(field admin created)" 2026-01-20T12:00:00.000Z
# --- a token past its window shows nowhere, and is revoked by the org itself
is 'an expired one in the list' "$(token_named dead)" ''
i=0
while [ "$(sql a "SELECT count(*) FROM token WHERE name = 'dead'")" -ne 0 ]; do
    i=$((i + 1))
    [ $i -lt 20 ] || fail 'an expired token is not revoked'
    sleep 0.1
done
refused 404 E0000007 GET $list/$dead_id
refused 404 E0000007 DELETE $list/$dead_id
refused 404 E0000007 PUT $list/$dead_id -d '{"network":{"connection":"ANYWHERE"}}'
token=$(secret_of dead)
refused 401 E0000011 GET $list
refused 401 E0000011 DELETE $list/current
# --- uses within a minute count as one
token=$(secret_of fresh)
gets 200 GET $list
is 'a use 30 seconds after the last' "$(field fresh lastUpdated)" \
    2026-03-01T11:59:30.000Z
# --- but the first one counts
token=$(secret_of never)
gets 200 GET $list
[ "$(field never lastUpdated)" != 2026-03-01T11:59:50.000Z ] ||
    fail 'the first use does not count'
# --- where the window is not known it is 30 days
token=$(secret_of nowindow)
gets 200 GET $list
is tokenWindow "$(field nowindow tokenWindow)" null
is 'expiresAt without a window' \
    "$(($(seconds "$(field nowindow expiresAt)") - $(seconds "$(field nowindow lastUpdated)")))" \
    $((30 * 86400))
# --- a change of the network moves lastUpdated alone
expires=$(field fresh expiresAt)
fresh_id=$(field fresh id)
gets 200 PUT $list/$fresh_id -d '{"network":{"connection":"ZONE","include":["nzo1"]}}'
is 'expiresAt of a change' "$(jq -r .expiresAt "$tmp/body")" "$expires"
[ "$(jq -r .lastUpdated "$tmp/body")" != 2026-03-01T11:59:30.000Z ] ||
    fail 'lastUpdated of a change did not move'

# --- four seconds: one token ends, the one in use goes on
token=$(secret_of short)
sleep 5
refused 401 E0000011 GET $list
token=$(secret_of kept)
gets 200 GET $list
token=$(secret_of admin)
gets 200 GET $list
is 'the short one in the list' "$(token_named short)" ''

# --- both have an event of the org's own, at its time and no later than a second
revocation() {
    gets 200 GET /api/v1/logs -G --data-urlencode \
        "filter=eventType eq \"system.api_token.revoke\" and target.id eq \"$1\""
    jq -c '.[] | [.actor.type, .transaction.type, .client.ipAddress, .target[0].displayName]' "$tmp/body"
}
is 'the end of dead' "$(revocation "$dead_id")" '["SystemPrincipal","JOB",null,"dead"]'
is 'the end of short' "$(revocation "$short_id")" '["SystemPrincipal","JOB",null,"short"]'
revocation "$short_id" >/dev/null
late=$(($(seconds "$(jq -r '.[0].published' "$tmp/body")") - $(seconds 2026-03-01T12:00:03Z)))
[ $late -ge 0 ] && [ $late -le 1 ] || fail "revoked $late seconds after its time"
is 'those in use go on' "$(sql a "SELECT count(*) FROM event WHERE type = 'system.api_token.revoke'")" 2

# --- renewals reach the database within a second or two, and at the end
i=0
while [ "$(sql a "SELECT last_updated FROM token WHERE name = 'admin'")" != "$(seconds "$used")" ]; do
    i=$((i + 1))
    [ $i -lt 50 ] || fail 'a renewal is not written'
    sleep 0.1
done
another=$(create a another) # created by the real clock, far in the org's future
gets 200 GET $list
stop
is 'who is used' "$(sql a "SELECT group_concat(name, ' ') FROM (SELECT name FROM token
    WHERE last_updated >= $(seconds $now) AND name <> 'another' ORDER BY name)")" \
    'admin fresh kept never nowindow'

# --- a crowd that ends at once
seq 2000 | awk 'BEGIN { print "tokens:" } { printf "  - {name: crowd %d, user: ada@example.com, tokenWindow: PT1S}\n", $1 }' >"$tmp/crowd.yaml"
"$ORGD" seed --data "$tmp/a" --now $now "$tmp/crowd.yaml" >/dev/null
start a --dev --now 2026-03-01T12:00:05Z --rate-limit 0
i=0
while [ "$(sql a "SELECT count(*) FROM token WHERE name LIKE 'crowd %'")" -gt 0 ]; do
    i=$((i + 1))
    [ $i -lt 50 ] || fail 'a crowd does not end'
    sleep 0.1
done
is 'its events' "$(sql a "SELECT count(DISTINCT target_id) FROM event WHERE target_name LIKE 'crowd %'")" 2000
stop

# --- a use is written when the org stops at once
late=$(create a late)
start a --dev --rate-limit 0
sleep 3
token=$late
gets 200 GET $list
stop
is 'the use of late' "$(sql a "SELECT last_updated > created FROM token WHERE name = 'late'")" 1
