#!/bin/sh
# zones.sh - the org's network zones, in every format.
. "$(dirname "$0")/lib.sh"

org_data
org_serve
exits 0 tokens zones
out_is 'nzoone	one	ACTIVE	IP	192.0.2.0/24
nzotwo	two	ACTIVE	IP	198.51.100.0/24'
exits 0 tokens zones -o csv
is header "$(head -n 1 "$tmp/out" | tr -d '\r')" id,name,status,type,gateways
exits 0 tokens zones -o table
is titles "$(head -n 1 "$tmp/out" | tr -s ' ')" 'ID NAME STATUS TYPE GATEWAYS'
exits 0 tokens zones -o json
out_json 'map(.name) | join(" ")' 'one two'
exits 0 tokens zones -o jsonl --fields name,gateways
is 'a line' "$(head -n 1 "$tmp/out")" \
    '{"name":"one","gateways":[{"type":"CIDR","value":"192.0.2.0/24"}]}'
exits 0 tokens zones -o tsv --fields name,.system
out_is 'one	false
two	false'

# The fields of tokens are not those of zones.
exits 2 tokens zones --fields id,x.status
err_has 'unknown field "x.status"; there are: id, name, status, type, gateways;'
exits 2 tokens zones --with owner
exits 2 tokens zones nzoone

# On a terminal: a table no wider than that. A completion script asks so.
"$PTY" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" zones >"$tmp/shown"
grep -q '^nzoone one ' "$tmp/shown" || fail "shown: $(cat "$tmp/shown")"
"$TOKENS" completion bash >"$tmp/bash"
grep -q 'zones -o tsv .*| cut -f 2' "$tmp/bash" || fail 'completion asks otherwise'
stop

# A name that would clear the screen; an org that sends pages; other kinds of
# zones; what this command does not know is passed on.
script
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\nLink: <@URL@/api/v1/zones?after=b>; rel="next"\n\n[{"id":"nzoone","name":"\\u001b[2JOne\\tx\\u202e","type":"DYNAMIC","status":null}]' |
    answer 1
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n[{"id":"nzotwo","name":"=two","added":{"by": 1},"gateways":[{"value":"10.0.0.0/8"},{"value":"192.0.2.1-192.0.2.9"}]}]' |
    answer 2
script_serve
exits 0 tokens zones
out_is 'nzoone	\x1b[2JOne\tx\u{202e}		DYNAMIC	
nzotwo	=two			10.0.0.0/8 192.0.2.1-192.0.2.9'
again
exits 0 tokens zones -o csv --no-header
is 'a formula' "$(tail -n 1 "$tmp/out" | tr -d '\r')" \
    "nzotwo,'=two,,,10.0.0.0/8 192.0.2.1-192.0.2.9"
again
exits 0 tokens zones -o jsonl
is 'what the org sent' "$(tail -n 1 "$tmp/out")" \
    '{"id":"nzotwo","name":"=two","added":{"by": 1},"gateways":[{"value":"10.0.0.0/8"},{"value":"192.0.2.1-192.0.2.9"}]}'
again
exits 0 tokens zones -o table
out_has '\u{202e}'
if LC_ALL=C grep -q "$(printf '\033')" "$tmp/out"; then
    fail 'a control character in the table'
fi
stop

# None at all, and none on a terminal.
script
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n[]' | answer GET-zones
script_serve
exits 0 tokens zones -o json
out_is '[]'
"$PTY" -- "$TOKENS" --org "$url" --token-file "$tmp/token" zones >"$tmp/shown"
grep -q 'okta-tokens: no network zones' "$tmp/shown" || fail "shown: $(cat "$tmp/shown")"
stop

# Who may not: which role or scope it takes. An array stays unclosed.
script
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\nLink: <@URL@/api/v1/zones?after=b>; rel="next"\n\n[{"id":"nzoone","name":"One"}]' |
    answer 1
printf 'HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n{"errorCode":"E0000006","errorSummary":"No way","errorLink":"","errorId":"oae","errorCauses":[]}' |
    answer 2
script_serve
exits 5 tokens zones -o json
err_has 'list zones: No way'
err_has 'it takes a token of a super or read-only administrator, or an access token with the scope okta.networkZones.read'
is 'the last character' "$(tail -c 2 "$tmp/out" | tr -d '\n')" '}'
