#!/bin/sh
# logs.sh - the System Log: an event for every change, and how to read it.
. "$(dirname -- "$0")/lib.sh"

new_org a
"$ORGD" user add --data "$tmp/a" --login rita --role READ_ONLY_ADMIN >/dev/null
"$ORGD" user add --data "$tmp/a" --login hana --role HELP_DESK_ADMIN >/dev/null
zone=$("$ORGD" zone add --data "$tmp/a" --name Far --gateway 192.0.2.0/24)
admin=$(create a admin)
reader=$(create a reader rita)
helper=$(create a helper hana)
probe=$(create a probe)
id_of() { sql a "SELECT id FROM token WHERE name = '$1'"; }
admin_id=$(id_of admin)
probe_id=$(id_of probe)
helper_id=$(id_of helper)
start a --rate-limit 0 --tls off --public-url https://org.example
list=/api/v1/api-tokens
logs=/api/v1/logs
# asks [PARAMETER...]: reads the log, each parameter NAME=VALUE.
asks() {
    want=$1
    shift
    for p in "$@"; do set -- "$@" --data-urlencode "$p" && shift; done
    gets "$want" GET $logs -G "$@"
}
events() { jq -r '.[] | (.eventType | sub("system.api_token."; "")) + " " + .target[0].displayName' "$tmp/body" | paste -sd, -; }

# --- what has been made by a command
token=$admin
asks 200 'filter=eventType eq "system.api_token.create"'
is 'events' "$(events)" 'create admin,create reader,create helper,create probe'
is 'actor of a command' "$(jq -r '.[0].actor.type' "$tmp/body")" SystemPrincipal
asks 200
is Link "$(header link | head -n 1)" '<https://org.example/api/v1/logs>; rel="self"'

# --- update
gets 200 PUT $list/$probe_id -d "{\"network\":{\"connection\":\"ZONE\",\"include\":[\"$zone\"]}}"
request=$(header x-okta-request-id)
# --- refused: once a token and second, however many there are
token=$probe
i=0
while [ $i -lt 20 ]; do
    i=$((i + 1))
    refused 401 E0000011 GET $list --interface 127.0.0.5
done
token=$admin
asks 200 'filter=eventType eq "system.api_token.request_outside_allowed_range"'
count=$(jq length "$tmp/body")
spread=$(jq '[.[].published] | unique | length' "$tmp/body")
is 'refusals, and their seconds' "$count" "$spread"
[ "$count" -ge 1 ] && [ "$count" -lt 15 ] || fail "$count refusals"
is 'the refusal' "$(jq -c '.[0] | [.target[0].id, .client.ipAddress, .outcome.result,
    .severity, .actor.alternateId, .debugContext.debugData.includedNetworkZones,
    .transaction.detail.requestApiTokenId, .request.ipChain[0].ip]' "$tmp/body")" \
    "[\"$probe_id\",\"127.0.0.5\",\"DENY\",\"WARN\",\"ada@example.com\",\"$zone\",\"$probe_id\",\"127.0.0.5\"]"
sleep 1.1
token=$probe
refused 401 E0000011 GET $list
token=$admin
asks 200 'filter=eventType eq "system.api_token.request_outside_allowed_range"'
is 'one more a second later' "$(jq length "$tmp/body")" $((count + 1))
# An unknown secret causes no write.
before=$(sql a 'SELECT count(*) FROM event')
token=00neverneverneverneverneverneverneverneve00
refused 401 E0000011 GET $list
is 'events of an unknown secret' "$(sql a 'SELECT count(*) FROM event')" "$before"

# --- revoke: another's, and one's own
token=$admin
gets 204 DELETE $list/$probe_id
token=$helper
gets 204 DELETE $list/current
# --- what is not done is not logged
token=$admin
refused 404 E0000007 DELETE $list/$probe_id
refused 400 E0000001 PUT $list/$admin_id -d '{"network":{"connection":"ZONE","include":["nzonone"]}}'
token=$reader
refused 403 E0000006 DELETE $list/$admin_id
token=$admin
asks 200 'filter=eventType eq "system.api_token.revoke" or eventType eq "system.api_token.update"'
is 'changes' "$(events)" 'update probe,revoke probe,revoke helper'
is 'who revoked oneself' "$(jq -c '.[2] | [.actor.alternateId, .target[0].id,
    .transaction.detail.requestApiTokenId]' "$tmp/body")" \
    "[\"hana\",\"$helper_id\",\"$helper_id\"]"

# --- the shape
jq -c '.[0] | del(.published, .uuid)' "$tmp/body" >"$tmp/event"
is 'an event' "$(cat "$tmp/event")" '{"actor":{"id":"'$ada'","type":"User","alternateId":"ada@example.com","displayName":"ada@example.com","detailEntry":null},"client":{"userAgent":null,"zone":null,"device":null,"id":null,"ipAddress":"127.0.0.1","geographicalContext":null},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"rootSessionId":null,"externalSessionId":null},"displayMessage":"Update API token","eventType":"system.api_token.update","outcome":{"result":"SUCCESS","reason":null},"securityContext":{"asNumber":null,"asOrg":null,"isp":null,"domain":null,"isProxy":null},"severity":"INFO","debugContext":{"debugData":{"requestId":"'$request'","networkConnection":"ZONE","includedNetworkZones":"'$zone'"}},"legacyEventType":null,"transaction":{"type":"WEB","id":"'$request'","detail":{"requestApiTokenId":"'$admin_id'"}},"version":"0","request":{"ipChain":[{"ip":"127.0.0.1","geographicalContext":null,"version":"V4","source":null}]},"target":[{"id":"'$probe_id'","type":"Token","alternateId":"unknown","displayName":"probe","detailEntry":null}]}'
jq -e 'all(.[]; (.uuid | test("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))
    and (.published | test("^[0-9T:-]{19}\\.000Z$")))' "$tmp/body" >/dev/null ||
    fail "uuid or time: $body"
is 'uuids' "$(jq '[.[].uuid] | unique | length' "$tmp/body")" 3

# --- filter, q, order
asks 200 "filter=target.id eq \"$probe_id\" and (eventType eq \"system.api_token.revoke\" or eventType eq \"system.api_token.create\")"
is filtered "$(events)" 'create probe,revoke probe'
asks 200 "filter=target.id eq \"$probe_id\"" sortOrder=DESCENDING limit=1
is 'the last' "$(events)" 'revoke probe'
asks 200 'q=PROBE revoke'
is 'words' "$(events)" 'revoke probe'
asks 200 'q=hana'
is 'a login' "$(events)" \
    'user.lifecycle.create hana,user.account.privilege.grant hana,revoke helper'
asks 200 'q=%' && is 'no pattern' "$body" '[]'
asks 200 limit=0 && is 'none wanted' "$body" '[]'
is 'Link for none' "$(header link)" '<https://org.example/api/v1/logs?limit=0>; rel="self"'
asks 200 until=2020-01-01T00:00:00Z && is 'until long ago' "$body" '[]'
asks 200 since=2999-01-01T00:00:00.000Z && is 'since far ahead' "$body" '[]'
asks 200 since=2020-01-01T00:00:00Z && is 'since long ago' "$(jq length "$tmp/body")" \
    "$(sql a 'SELECT count(*) FROM event')"
# A week unless said.
sql a "UPDATE event SET published = published - 8 * 86400 WHERE target_name = 'reader'"
asks 200 q=reader && is 'a week ago' "$body" '[]'
since=$(date -u -d '9 days ago' +%Y-%m-%dT%H:%M:%SZ)
asks 200 q=reader "since=$since" && is 'and longer' "$(events)" 'create reader'

# --- pages: every event once, in either order
for order in ASCENDING DESCENDING; do
    asks 200 limit=1000 sortOrder=$order
    jq -r '.[].uuid' "$tmp/body" >"$tmp/whole"
    : >"$tmp/paged"
    next="$logs?limit=2&sortOrder=$order"
    while [ -n "$next" ]; do
        gets 200 GET "$next"
        [ "$(jq length "$tmp/body")" -gt 0 ] || break
        jq -r '.[].uuid' "$tmp/body" >>"$tmp/paged"
        next=$(header link | sed -n 's/^<https:\/\/org.example\(.*\)>; rel="next"$/\1/p')
    done
    is "pages, $order" "$(cat "$tmp/paged")" "$(cat "$tmp/whole")"
done
gets 200 GET "$logs?limit=2"
next=$(header link | sed -n 's/^<https:\/\/org.example\(.*\)>; rel="next"$/\1/p')
has 'next' "$next" '?limit=2&after='
refused 400 E0000001 GET "$next&q=x" # a cursor of another search
token=$reader
refused 400 E0000001 GET "$next" # and of another caller
gets 200 GET "$logs"
token=$admin

# --- reading on: behind the newest there is always a next, until one says until
link_next() { header link | sed -n 's/^<https:\/\/org.example\(.*\)>; rel="next"$/\1/p'; }
asks 200 limit=1000
next=$(link_next)
[ -n "$next" ] || fail 'no next of the newest'
gets 200 GET "$next"
is 'nothing yet' "$body" '[]'
next=$(link_next)
create a polled >/dev/null
sleep 1.1
gets 200 GET "$next"
is 'what came since' "$(events)" 'create polled'
asks 200 'filter=eventType eq "nothing"'
is 'nothing found' "$body" '[]'
next=$(link_next)
gets 200 GET "$next"
is 'nothing still' "$body$(link_next | grep -c after=)" '[]1'
asks 200 "until=$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)" limit=1000
is 'until then' "$(link_next)" ''
asks 200 sortOrder=DESCENDING limit=1000
is 'backwards' "$(link_next)" ''

# --- each attribute of a filter, and each operator
all=$(sql a 'SELECT count(*) FROM event')
found() { # COUNT FILTER
    asks 200 since=2020-01-01T00:00:00Z limit=1000 "filter=$2"
    is "$2" "$(jq length "$tmp/body")" "$1"
}
denied=$(sql a "SELECT count(*) FROM event WHERE type LIKE '%outside%'")
found "$denied" 'outcome.result eq "deny"'
found $((all - denied)) 'outcome.result ne "DENY"'
found $((all - denied)) 'not outcome.result eq "DENY"'
by_ada=$(sql a "SELECT count(*) FROM event WHERE actor_id = '$ada'")
found "$by_ada" "actor.id eq \"$ada\""
found "$(sql a 'SELECT count(*) FROM event WHERE actor_id IS NULL')" 'actor.id eq "unknown"'
found 0 "actor.id eq \"$(echo "$ada" | tr a-z A-Z)\""
found "$(sql a "SELECT count(*) FROM event WHERE address LIKE '127.0.0.%'")" 'client.ipAddress sw "127.0.0."'
found "$(sql a "SELECT count(*) FROM event WHERE address IS NULL OR address = ''")" 'not (client.ipAddress pr)'
found "$(sql a "SELECT count(*) FROM event WHERE address = '127.0.0.5'")" 'client.ipAddress ew ".5"'
found 0 'published lt "-10d"'
found "$all" 'published gt "-10d" and published le "+1d" or eventType co "x y"'
found "$(sql a "SELECT count(*) FROM event WHERE published < unixepoch() - 8 * 86400 + 60")" 'published lt "-11519min"'
asks 400 'filter=eventTyp eq "x"'
is 'what is wrong' "$(jq -r '.errorCauses[0].errorSummary' "$tmp/body")" \
    'filter: at byte 0: there is no attribute eventTyp; did you mean eventType?'
long="target.id eq \"$(head -c 3000 /dev/zero | tr '\0' a)\""
asks 200 "filter=$long"
is 'a long one' "$body$(link_next | grep -c after=)" '[]1'
gets 200 GET "$(link_next)"

# --- what is none
for bad in limit=1001 limit=-1 limit= limit=x since=yesterday until=1 \
    sortOrder=UP 'filter=eventType xx "system"' 'filter=eventTyp eq "x"' 'filter=published lt "x"' filter= 'filter=uuid eq "x"' after=x \
    q=a1234567890123456789012345678901234567890 'q=a b c d e f g h i j k'; do
    asks 400 "$bad"
    is "code for $bad" "$(jq -r .errorCode "$tmp/body")" E0000001
done
token=
gets 401 GET $logs -H 'Authorization: Bearer x'
has 'the scope' "$(header www-authenticate)" 'scope="okta.logs.read"'
has 'the resource' "$(header www-authenticate)" 'resource="/api/v1/logs"'
stop

# --- an event and its change are there together, or neither: revocations in a
# crowd while the org is killed
seq 200 | awk 'BEGIN { print "tokens:" } { printf "  - {id: 00Tx%016d, name: x%d, user: ada@example.com}\n", $1, $1 }' >"$tmp/seed.yaml"
"$ORGD" seed --data "$tmp/a" "$tmp/seed.yaml" >/dev/null
start a --rate-limit 0 --tls off
seq 200 | awk -v list="$url$list" -v header="$tmp/header" '
    { if (NR > 1) print "next"
      printf "url = %s/00Tx%016d\nrequest = DELETE\noutput = /dev/null\n", list, $1
      print "header = \"@" header "\"" }' >"$tmp/config"
printf 'Authorization: SSWS %s\n' "$admin" >"$tmp/header"
curl -s -Z -K "$tmp/config" >/dev/null 2>&1 &
client=$!
i=0
while [ "$(sql a "SELECT count(*) FROM token WHERE name LIKE 'x%'")" -gt 150 ]; do
    i=$((i + 1))
    [ $i -lt 300 ] || fail 'nothing is revoked'
done
kill -9 "$pid"
wait "$pid" 2>/dev/null || :
wait $client || :
gone=$((200 - $(sql a "SELECT count(*) FROM token WHERE name LIKE 'x%'")))
is 'revocations and their events' "$(sql a "SELECT count(*) FROM event WHERE
    type = 'system.api_token.revoke' AND target_name LIKE 'x%'")" $gone
is 'events of what is there' "$(sql a "SELECT count(*) FROM event JOIN token
    ON id = target_id WHERE type = 'system.api_token.revoke'")" 0
if grep -qF -e "$admin" "$tmp/a.err"; then fail 'a secret in the log'; fi
