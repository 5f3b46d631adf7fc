#!/bin/sh
# operations.sh - the five operations, to the byte.
. "$(dirname -- "$0")/lib.sh"

new_org a --public-url https://org.example:8443
cat >"$tmp/seed.yaml" <<'END'
users:
  - {id: 00uOtto0000000000000, login: otto}
zones:
  - {id: nzo1, name: Office, gateways: [192.0.2.0/24]}
  - {id: nzo2, name: Lab, gateways: [198.51.100.0/24]}
  - {id: nzo3, name: Wifi, gateways: [203.0.113.0/24]}
tokens:
  - {id: 00Tone00000000000000, name: "one \"1\"", user: otto, created: 2026-01-02T03:04:05Z, expiresAt: +9d, lastUpdated: 2026-01-03T00:00:00Z}
  - {id: 00Ttwo00000000000000, name: two, user: otto, clientName: Okta AD Agent, tokenWindow: null, created: 2026-01-02T03:04:05Z, expiresAt: +9d, network: {connection: ZONE, include: [nzo1, nzo2]}}
END
"$ORGD" seed --data "$tmp/a" "$tmp/seed.yaml" >"$tmp/out"
is seed "$(cat "$tmp/out")" '1 users, 0 groups, 3 zones, 2 tokens, 0 apps'
token=$(create a admin)
start a --public-url https://org.example:8443/ --paging always
# Under the name that it is known by.
export CURL_HOME="$tmp"
echo 'header = "Host: org.example:8443"' >"$tmp/.curlrc"
expires_sql() {
    sql a "SELECT strftime('%Y-%m-%dT%H:%M:%S.000Z', expires, 'unixepoch')
        FROM token WHERE id = '$1'"
}
links() {
    printf '"_links":{"self":{"href":"https://org.example:8443/api/v1/api-tokens/%s","hints":{"allow":["GET","DELETE"]}},"user":{"href":"https://org.example:8443/api/v1/users/%s","hints":{"allow":["GET"]}}}' \
        "$1" "$2"
}

# --- get: every field, in this order
one='{"id":"00Tone00000000000000","name":"one \"1\"","userId":"00uOtto0000000000000","clientName":"Okta API","tokenWindow":"P30D","network":{"connection":"ANYWHERE"},"expiresAt":"'$(expires_sql 00Tone00000000000000)'","created":"2026-01-02T03:04:05.000Z","lastUpdated":"2026-01-03T00:00:00.000Z",'$(links 00Tone00000000000000 00uOtto0000000000000)'}'
two='{"id":"00Ttwo00000000000000","name":"two","userId":"00uOtto0000000000000","clientName":"Okta AD Agent","tokenWindow":null,"network":{"connection":"ZONE","include":["nzo1","nzo2"]},"expiresAt":"'$(expires_sql 00Ttwo00000000000000)'","created":"2026-01-02T03:04:05.000Z","lastUpdated":"2026-01-02T03:04:05.000Z",'$(links 00Ttwo00000000000000 00uOtto0000000000000)'}'
gets 200 GET /api/v1/api-tokens/00Tone00000000000000
is 'a token' "$body" "$one"
gets 200 GET /api/v1/api-tokens/00Ttwo00000000000000
is 'a token with null and zones' "$body" "$two"

# --- headers of an answer
is type "$(header content-type)" application/json
is cache "$(header cache-control)" 'no-cache, no-store'
is length "$(header content-length)" "$(wc -c <"$tmp/body")"
id=$(header x-okta-request-id)
is 'length of a request id' "${#id}" 32
case $id in *[!0-9a-f]*) fail "request id $id" ;; esac
is limit "$(header x-rate-limit-limit)" 300
is remaining "$(header x-rate-limit-remaining)" 298
reset=$(header x-rate-limit-reset)
date=$(date -d "$(header date)" +%s)
[ $((reset - date)) -ge 50 ] && [ $((reset - date)) -le 60 ] ||
    fail "reset $reset at $date"
is 'Link of one token' "$(header link)" ''
gets 200 GET /api/v1/api-tokens/00Tone00000000000000
[ "$(header x-okta-request-id)" != "$id" ] || fail 'the same request id twice'
is 'remaining goes down' "$(header x-rate-limit-remaining)" 297

# --- list: sorted by name without regard to case; an array of the same objects
gets 200 GET /api/v1/api-tokens
is names "$(jq -r '[.[].name] | join("/")' "$tmp/body")" 'admin/one "1"/two'
has 'the list' "$body" "}},$one,$two]"
is 'how it begins' "${body%%\"name\"*}" \
    "[{\"id\":\"$(sql a "SELECT id FROM token WHERE name = 'admin'")\","
is 'Link of a list' "$(header link)" \
    '<https://org.example:8443/api/v1/api-tokens?limit=20>; rel="self"'
whole=$body
gets 200 GET /api/v1/api-tokens/
is 'the list with a slash behind it' "$body" "$whole"

# --- HEAD: as GET, without the body
length=$(header content-length)
gets 200 HEAD /api/v1/api-tokens --head
is 'Link of HEAD' "$(header link | wc -l)" 1
is 'length of HEAD' "$(header content-length)" "$length"

# --- not found
refused 404 E0000007 GET /api/v1/api-tokens/00Tnone
is summary "$(jq -r .errorSummary "$tmp/body")" \
    'Not found: Resource not found: 00Tnone (Token)'
is causes "$(jq -c .errorCauses "$tmp/body")" '[]'
[ -n "$(header x-rate-limit-limit)" ] || fail 'a 404 without rate limit'
[ -n "$(header x-okta-request-id)" ] || fail 'a 404 without a request id'
refused 404 E0000007 DELETE /api/v1/api-tokens/00Tnone
refused 404 E0000007 PUT /api/v1/api-tokens/00Tnone -d '{}'
refused 404 E0000007 GET /api/v1/api-tokens/current
refused 404 E0000008 GET /api/v1/nothing
refused 404 E0000008 GET /nothing
refused 404 E0000008 GET /api/v1/api-tokens/00Tone00000000000000/x
refused 404 E0000008 GET '/api/v1/api-tokens/..'
refused 404 E0000008 GET '/api/v1/api-tokens/%2e%2e'
refused 404 E0000008 DELETE '/api/v1/api-tokens/./00Tone00000000000000'
secret=00abcdefghijabcdefghijabcdefghijabcdefghij
refused 404 E0000007 GET /api/v1/api-tokens/$secret
lacks 'a secret as an id' "$body" $secret

# --- methods
refused 405 E0000022 POST /api/v1/api-tokens -d '{}'
is Allow "$(header allow)" 'GET, HEAD'
refused 405 E0000022 DELETE /api/v1/api-tokens
refused 405 E0000022 DELETE /api/v1/api-tokens/
refused 405 E0000022 PATCH /api/v1/api-tokens/00Tone00000000000000 -d '{}'
is Allow "$(header allow)" 'GET, HEAD, PUT, DELETE'
refused 405 E0000022 OPTIONS /api/v1/api-tokens
refused 405 E0000022 FROB /api/v1/api-tokens
gets 200 GET /api/v1/api-tokens
is 'nothing was deleted' "$(jq length "$tmp/body")" 3

# --- put: the network alone; lastUpdated moves, expiresAt does not
put() {
    gets 200 PUT "/api/v1/api-tokens/$1" -H 'Content-Type: application/json' \
        -d "$2"
}
put 00Tone00000000000000 '{"name":"stolen","userId":"00ux","clientName":"x","created":"2000-01-01T00:00:00Z","tokenWindow":"P9D","expiresAt":"2099-01-01T00:00:00Z","id":"00Tx","network":{"connection":"ZONE","exclude":["nzo3"]},"more":1}'
updated=$(jq -r .lastUpdated "$tmp/body")
after=$(printf %s "$one" | sed 's/{"connection":"ANYWHERE"}/{"connection":"ZONE","exclude":["nzo3"]}/
    s/"lastUpdated":"[^"]*"/"lastUpdated":"'"$updated"'"/')
is 'what PUT answers' "$body" "$after"
age=$(($(date -d "$(header date)" +%s) - $(date -d "$updated" +%s)))
[ $age -ge 0 ] && [ $age -le 2 ] || fail "lastUpdated $updated is $age s old"
gets 200 GET /api/v1/api-tokens/00Tone00000000000000
is 'what it left' "$body" "$after"
put 00Ttwo00000000000000 '{"network":{"connection":"ANYWHERE"}}'
is 'zones are gone' "$(jq -c .network "$tmp/body")" '{"connection":"ANYWHERE"}'
put 00Ttwo00000000000000 '{"network":{"connection":"ZONE","include":["ALL_ZONES"],"exclude":[]}}'
is 'all zones' "$(jq -c .network "$tmp/body")" \
    '{"connection":"ZONE","include":["ALL_ZONES"]}'
left=$body

# ... and what is no update changes nothing
bad() {
    refused 400 "$1" PUT /api/v1/api-tokens/00Ttwo00000000000000 -d "$2"
}
bad E0000003 ''
bad E0000003 '{'
bad E0000003 '{"name":"n","network":{"connection":"ANYWHERE"},"network":{"connection":"ANYWHERE"}}'
bad E0000003 '[]'
bad E0000003 '{"network":{"connection":"ANYWHERE"}} x'
bad E0000003 "$(printf '{"network":"\377"}')"
bad E0000003 "$(head -c 200 /dev/zero | tr '\0' '[')"
bad E0000001 '{}'
is summary "$(jq -r .errorSummary "$tmp/body")" 'Api validation failed: network'
is causes "$(jq -r '.errorCauses | length' "$tmp/body")" 1
bad E0000001 '{"network":null}'
bad E0000001 '{"network":{}}'
bad E0000001 '{"network":{"connection":"EVERYWHERE"}}'
bad E0000001 '{"network":{"connection":"ZONE"}}'
bad E0000001 '{"network":{"connection":"ZONE","include":"nzo1"}}'
bad E0000001 '{"network":{"connection":"ZONE","include":[1]}}'
bad E0000001 '{"network":{"connection":"ZONE","include":["a b"]}}'
bad E0000001 '{"network":{"connection":"ANYWHERE","include":["nzo1"]}}'
bad E0000001 '{"network":{"connection":"ZONE","include":["a"],"exclude":["b"]}}'
gets 200 GET /api/v1/api-tokens/00Ttwo00000000000000
is 'nothing changed' "$body" "$left"

# --- delete: 204 without a body or a type, and gone
gets 204 DELETE /api/v1/api-tokens/00Tone00000000000000
is 'body of 204' "$body" ''
is 'type of 204' "$(header content-type)" ''
is 'length of 204' "$(header content-length)" ''
[ -n "$(header x-okta-request-id)" ] || fail 'a 204 without a request id'
[ -n "$(header x-rate-limit-remaining)" ] || fail 'a 204 without rate limit'
refused 404 E0000007 GET /api/v1/api-tokens/00Tone00000000000000
refused 404 E0000007 DELETE /api/v1/api-tokens/00Tone00000000000000
gets 200 GET /api/v1/api-tokens
is 'two are left' "$(jq length "$tmp/body")" 2

# --- the current one
gets 204 DELETE /api/v1/api-tokens/current
is 'body of 204' "$body" ''
refused 401 E0000011 GET /api/v1/api-tokens
refused 401 E0000011 DELETE /api/v1/api-tokens/current
is 'the other one is there' "$(sql a 'SELECT name FROM token')" two

# --- the log: a line a request, no secret, no path as it came
stop
lines=$(grep -c '^time=' "$tmp/a.err")
is 'lines that are no log line' "$(grep -v '^time=' "$tmp/a.err" | grep -vc 'this runs as root' || :)" 0
[ "$lines" -gt 50 ] || fail "only $lines lines in the log"
grep -q 'method=DELETE route=/api/v1/api-tokens/{id} id=00Tone00000000000000 token=00T[A-Za-z0-9]* address=127.0.0.1 status=204 us=[0-9]*$' \
    "$tmp/a.err" || fail 'no log line of the revocation'
if grep -qF -e "$token" -e $secret "$tmp/a.err"; then fail 'a secret in the log'; fi
if grep -q -e limit= -e '%2e' "$tmp/a.err"; then fail 'a raw path in the log'; fi
if grep -rqF -e "$token" "$tmp/a"; then fail 'a secret on the disk'; fi
