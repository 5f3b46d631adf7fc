#!/bin/sh
# restrict.sh - restrict: every condition, what it shows, that it verifies.
. "$(dirname "$0")/lib.sh"

org_data '  - {id: 00Tspareaaaaaaaaaaaa, name: spare, user: ada@example.com, created: -20d, lastUsed: -9d}
  - {id: 00Tsparebbbbbbbbbbbb, name: spare b, user: ada@example.com, created: -20d, lastUsed: -9d}'
org_serve
id=00Tspareaaaaaaaaaaaa

network() {
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" \
        get $id -o json | jq -c .network
}

# restricts SHOWN NETWORK OPTION...
restricts() {
    shown=$1
    wanted=$2
    shift 2
    before=$(network)
    exits 0 tokens restrict $id "$@" --dry-run
    out_is "$id	spare	would-restrict"
    err_is "okta-tokens: $id spare: $shown"
    is 'the network after a dry run' "$(network)" "$before"
    exits 0 tokens restrict $id "$@"
    out_is "$id	spare	restricted"
    err_is "okta-tokens: $id spare: $shown"
    is 'the network' "$(network)" "$wanted"
    exits 0 tokens restrict $id "$@" -o json
    is 'what comes of it again' "$(jq -c '.[0].result' "$tmp/out")" '"unchanged"'
    err_is ''
}

restricts 'anywhere -> in nzoone nzotwo' \
    '{"connection":"ZONE","include":["nzoone","nzotwo"]}' \
    --zone nzoone --zone nzotwo --zone nzoone
exits 0 tokens restrict $id --zone nzotwo --zone nzoone
out_is "$id	spare	unchanged"
restricts 'in nzoone nzotwo -> not in nzoone' \
    '{"connection":"ZONE","exclude":["nzoone"]}' --not-zone nzoone
restricts 'not in nzoone -> any zone' \
    '{"connection":"ZONE","include":["ALL_ZONES"]}' --any-zone
restricts 'any zone -> no zone' \
    '{"connection":"ZONE","exclude":["ALL_ZONES"]}' --no-zone
restricts 'no zone -> anywhere' '{"connection":"ANYWHERE"}' --anywhere

# The rest of the token stays as it was, and a use of it is not faked.
exits 0 tokens get $id -o json
jq -c 'del(.network, .lastUpdated, ._links, .x)' "$tmp/out" >"$tmp/before"
exits 0 tokens restrict $id --any-zone -v
is requests "$(sed -n 's/.*okta-tokens: \([A-Z]*\) .*/\1/p' "$tmp/err" | tr '\n' ' ')" \
    'GET PUT GET '
exits 0 tokens get $id -o json
is 'the rest' "$(jq -c 'del(.network, .lastUpdated, ._links, .x)' "$tmp/out")" \
    "$(cat "$tmp/before")"

# Several, one of them gone; JSON, where the difference is a line of its own.
exits 10 tokens restrict 00Tsparebbbbbbbbbbbb 00Tgonegonegonegoneg $id \
    --no-zone -o json
is results "$(jq -r 'map(.result) | join(" ")' "$tmp/out")" \
    'restricted failed restricted'
grep -q '{"change":"00Tsparebbbbbbbbbbbb spare b: anywhere -> no zone"}' \
    "$tmp/err" || fail 'no change told in JSON'
exits 6 tokens restrict 00Tgonegonegonegoneg --anywhere
exits 0 "$PTY" -1 "$tmp/stdout" -- "$TOKENS" --org "$url" --ca-file \
    "$tmp/ca.pem" --token-file "$tmp/token" restrict --name spare --any-zone
is result "$(cat "$tmp/stdout")" "$id	spare	restricted"

# Forbidden.
"$ORGD" token create --data "$tmp/org" --name weak --user bob@example.com \
    >"$tmp/weak"
chmod 600 "$tmp/weak"
exits 5 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    restrict $id --anywhere -o json
out_json '.[0].result' failed

# An org that takes the change and keeps something else; one that loses its
# answer, having done it; one that loses it and has not.
stop
script
token_json $id spare >"$tmp/anywhere"
sed 's/{"connection":"ANYWHERE"}/{"connection":"ZONE","include":["ALL_ZONES"]}/' \
    "$tmp/anywhere" >"$tmp/zone"
reply() {
    { printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n' && cat "$1"; } |
        answer "$2"
}
reply "$tmp/anywhere" 1
reply "$tmp/zone" 2
reply "$tmp/anywhere" 3
script_serve
restrict() {
    "$TOKENS" --org "$url" --token-file "$tmp/token" restrict "$@"
}
exits 9 restrict $id --any-zone -o json
out_json '.[0].result' failed
grep -q 'reading the token again shows' "$tmp/err" || fail 'it does not say why'
is 'what was put' "$(tr -d '\r' <"$tmp/script/requests" | grep '^{' | jq -c .)" \
    '{"name":"spare","userId":"00uadaaaaaaaaaaaaaaa","clientName":"Okta API","created":"2025-11-02T14:47:13.000Z","network":{"connection":"ZONE","include":["ALL_ZONES"]}}'

# What it was is told as it is, and whatever is not as asked for is written.
was() {
    sed "s/{\"connection\":\"ANYWHERE\"}/$2/" "$tmp/anywhere" >"$tmp/was"
    reply "$tmp/was" 1
    again
    shown=$1
    shift 2
    exits 0 restrict $id "$@" --dry-run
    out_is "$id	spare	would-restrict"
    err_is "okta-tokens: $id spare: $shown"
}
was 'in nzoone, not in nzotwo -> in nzoone' \
    '{"connection":"ZONE","include":["nzoone"],"exclude":["nzotwo"]}' --zone nzoone
was 'in nzoone, no zone -> in nzoone' \
    '{"connection":"ZONE","include":["nzoone"],"exclude":["ALL_ZONES"]}' --zone nzoone
was 'DEVICE -> anywhere' '{"connection":"DEVICE"}' --anywhere
was 'ZONE -> in nzoone' '{"connection":"ZONE"}' --zone nzoone
was 'anywhere (lists: in nzoone) -> in nzoone' \
    '{"connection":"ANYWHERE","include":["nzoone"]}' --zone nzoone
was 'anywhere (lists: in nzoone) -> anywhere' \
    '{"connection":"ANYWHERE","include":["nzoone"]}' --anywhere
was 'no condition -> anywhere' null --anywhere
