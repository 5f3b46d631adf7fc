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

# told SHOWN: the change, and that nobody knows who is shut out by it.
told() {
    echo "okta-tokens: $id spare: $1"
    case $1 in
    *'-> anywhere') ;;
    *) echo "okta-tokens: $id: whether this shuts out who uses it is unknown: the System Log of the last 90 days tells no address of it" ;;
    esac
}

# restricts SHOWN NETWORK OPTION...
restricts() {
    shown=$1
    wanted=$2
    shift 2
    before=$(network)
    exits 0 tokens restrict $id "$@" --dry-run
    out_is "$id	spare	would-restrict"
    err_is "$(told "$shown")"
    is 'the network after a dry run' "$(network)" "$before"
    exits 0 tokens restrict $id "$@"
    out_is "$id	spare	restricted"
    err_is "$(told "$shown")"
    is 'the network' "$(network)" "$wanted"
    exits 0 tokens restrict $id "$@" -o json
    is 'what comes of it again' "$(jq -c '.[0].result' "$tmp/out")" '"unchanged"'
    err_is ''
}

restricts 'anywhere -> in one (nzoone), two (nzotwo)' \
    '{"connection":"ZONE","include":["nzoone","nzotwo"]}' \
    --zone nzoone --zone two --zone one
exits 0 tokens restrict $id --zone nzotwo --zone one
out_is "$id	spare	unchanged"
restricts 'in one (nzoone), two (nzotwo) -> not in one (nzoone)' \
    '{"connection":"ZONE","exclude":["nzoone"]}' --not-zone one
restricts 'not in one (nzoone) -> any zone' \
    '{"connection":"ZONE","include":["ALL_ZONES"]}' --any-zone
restricts 'any zone -> no zone' \
    '{"connection":"ZONE","exclude":["ALL_ZONES"]}' --no-zone
restricts 'no zone -> anywhere' '{"connection":"ANYWHERE"}' --anywhere

# The rest of the token stays as it was, and a use of it is not faked.
exits 0 tokens get $id -o json
jq -c 'del(.network, .lastUpdated, ._links, .x)' "$tmp/out" >"$tmp/before"
exits 0 tokens restrict $id --any-zone -v
is requests "$(sed -n 's/.*okta-tokens: \([A-Z]*\) .*/\1/p' "$tmp/err" | tr '\n' ' ')" \
    'GET GET GET PUT GET '
exits 0 tokens get $id -o json
is 'the rest' "$(jq -c 'del(.network, .lastUpdated, ._links, .x)' "$tmp/out")" \
    "$(cat "$tmp/before")"

# Several, one of them gone; JSON, where the difference is a line of its own.
exits 11 tokens restrict 00Tsparebbbbbbbbbbbb $id --no-zone
err_has 'not confirmed: there is no terminal to ask on'
exits 11 "$PTY" 'Restrict these 2 tokens of' n -- "$TOKENS" --org "$url" --ca-file \
    "$tmp/ca.pem" --token-file "$tmp/token" restrict 00Tsparebbbbbbbbbbbb $id --no-zone
for word in 'to use no zone? [y/N]' spare ada@example.com ACTIVE \
    'not confirmed; nothing was restricted'; do
    out_has "$word"
done
exits 10 tokens restrict 00Tsparebbbbbbbbbbbb 00Tgonegonegonegoneg $id \
    --no-zone --yes -o json
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

# Names of zones: whole ids are only ever ids, and before anything is changed
# each name means one zone.
"$ORGD" zone add --data "$tmp/org" --name nzotwo --gateway 10.0.0.0/8 >/dev/null
"$ORGD" zone add --data "$tmp/org" --name 'nzoabcdefghijklmnopq' --gateway 10.0.0.0/8 >/dev/null
before=$(network)
exits 6 tokens restrict $id --zone Two --zone tree
err_is "okta-tokens: no network zone of this org is named 'Two'; is it 'two'?"
exits 6 tokens restrict $id --not-zone office
err_has "no network zone of this org is named 'office'; there are: "
err_has "'one'"
err_has "'two'"
exits 2 tokens restrict $id --zone nzotwo
err_has "'nzotwo' means several network zones: "
err_has 'hint: give the whole id'
exits 2 tokens restrict $id --zone nzoabcdefghijklmnopq
err_has 'Api validation failed'
exits 2 tokens restrict $id --zone "$secret"
exits 2 tokens restrict $id --zone ''
is 'the network after what was refused' "$(network)" "$before"
exits 0 tokens restrict $id --anywhere
exits 0 tokens restrict 00Tsparebbbbbbbbbbbb --zone one

# Who was last seen elsewhere is shut out; that is said before it is done.
log=$(printf %s "$secret" | sed 's/00Never/00Other/')
(umask 077 && printf '%s\n' "$log" >"$tmp/log")
printf 'tokens:\n  - {id: 00Tseenaaaaaaaaaaaaa, name: seen, user: ada@example.com, secret: %s, created: -9d}\n' \
    "$log" >"$tmp/more.yaml"
stop
"$ORGD" seed --data "$tmp/org" "$tmp/more.yaml" >/dev/null
org_serve
exits 0 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/log" \
    restrict 00Tsparebbbbbbbbbbbb --anywhere
id=00Tseenaaaaaaaaaaaaa
exits 0 tokens restrict $id --zone one --dry-run --allow-self
err_has "okta-tokens: warning: $id was last seen at 127.0.0.1 ("
err_has '), which this shuts out'
exits 0 tokens restrict $id --not-zone one --dry-run --allow-self
err_is "okta-tokens: $id seen: anywhere -> not in one (nzoone)"
exits 0 tokens restrict $id --any-zone --dry-run -o json --allow-self
jq -r '.warning // empty' "$tmp/err" | grep -q '^00Tseenaaaaaaaaaaaaa was last seen at 127.0.0.1 (.*), which this shuts out$' ||
    fail 'no warning in JSON'
exits 0 tokens restrict $id --anywhere --dry-run -v --allow-self
is 'reads of the log' "$(grep -c /logs "$tmp/err" || :)" 0
id=00Tspareaaaaaaaaaaaa

# An org that takes the change and keeps something else.
stop
script
token_json $id spare >"$tmp/anywhere"
sed 's/{"connection":"ANYWHERE"}/{"connection":"ZONE","include":["ALL_ZONES"]}/' \
    "$tmp/anywhere" >"$tmp/zone"
reply() {
    { printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n' && cat "$1"; } |
        answer "$2"
}
# read READ PUT VERIFY: what the org answers.
answers() {
    reply "$tmp/$1" GET-$id
    reply "$tmp/$2" PUT-$id
    reply "$tmp/$3" GET-$id.put
}
none() {
    printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n[]' | answer "$1"
}
none GET-logs
none GET-zones
answers anywhere zone anywhere
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
    reply "$tmp/was" GET-$id
    again
    shown=$1
    shift 2
    exits 0 restrict $id "$@" --dry-run
    out_is "$id	spare	would-restrict"
    err_is "$unread$(told "$shown")"
}
printf 'HTTP/1.1 403 Forbidden\nX-Okta-Request-Id: r\n\n' | answer GET-zones
zone=nzoaaaaaaaaaaaaaaaaa
unread="okta-tokens: the network zones can't be read: HTTP 403 with no explanation
"
was 'in nzoone, not in nzotwo -> in nzoaaaaaaaaaaaaaaaaa' \
    '{"connection":"ZONE","include":["nzoone"],"exclude":["nzotwo"]}' --zone $zone
was 'in nzoone, no zone -> in nzoaaaaaaaaaaaaaaaaa' \
    '{"connection":"ZONE","include":["nzoone"],"exclude":["ALL_ZONES"]}' --zone $zone
was 'ZONE -> in nzoaaaaaaaaaaaaaaaaa' '{"connection":"ZONE"}' --zone $zone
was 'anywhere (lists: in nzoone) -> in nzoaaaaaaaaaaaaaaaaa' \
    '{"connection":"ANYWHERE","include":["nzoone"]}' --zone $zone
was 'anywhere (lists: in nzoone) -> anywhere' \
    '{"connection":"ANYWHERE","include":["nzoone"]}' --anywhere
exits 5 restrict $id --zone one
err_has 'looking the network zones up: HTTP 403 with no explanation'
is 'what was sent' "$(requests | grep -c PUT || :)" 0
unread=
was 'DEVICE -> anywhere' '{"connection":"DEVICE"}' --anywhere
was 'no condition -> anywhere' null --anywhere

# What the log and the zones leave open is told, and nothing is waited for.
two=00Ttwoaaaaaaaaaaaaaa
reply "$tmp/anywhere" GET-$id
token_json $two two >"$tmp/two"
reply "$tmp/two" GET-$two
event() {
    printf '{"eventType":"e","published":"2025-11-24T16:00:00.000Z","client":{"ipAddress":"%s"},"transaction":{"detail":{"requestApiTokenId":"%s"}}}' "$2" "$1"
}
log() {
    { printf 'HTTP/1.1 200 OK\n%s\n[%s]' "${2-}" "$1"; } | answer GET-logs
}

printf 'HTTP/1.1 200 OK\n\n[{"id":"nzodyn","name":"Roaming","type":"DYNAMIC","status":"ACTIVE"},{"id":"nzoaaa","name":"Home","type":"IP","status":"ACTIVE","gateways":[{"value":"192.0.2.0/24"}]}]' |
    answer GET-zones
log "$(event $id 192.0.2.9)"
again
exits 0 restrict $id --zone Roaming --dry-run
err_is "okta-tokens: $id spare: anywhere -> in Roaming (nzodyn)
okta-tokens: $id was last seen at 192.0.2.9 (2025-11-24T16:00:00.000Z); whether this shuts out who uses it is unknown: a zone is not known by its addresses"
exits 0 restrict $id --zone Roaming --zone Home --dry-run
err_is "okta-tokens: $id spare: anywhere -> in Roaming (nzodyn), Home (nzoaaa)"
is 'what was asked of the log' "$(requests | sed -n 's/since=[^&]*/since=/;s,.*/logs,,p' | tail -n 1)" \
    "?sortOrder=DESCENDING&limit=1&since=&filter=transaction.detail.requestApiTokenId%20eq%20%22$id%22"
log "$(event $two 192.0.2.9)" # somebody else's
exits 0 restrict $id --zone Home --dry-run
err_has 'tells no address of it'
log "$(event $id 203.0.113.7)" 'X-Rate-Limit-Limit: 60
X-Rate-Limit-Remaining: 6
'
again
exits 0 restrict $id $two --zone Home --dry-run
err_has "warning: $id was last seen at 203.0.113.7 (2025-11-24T16:00:00.000Z), which this shuts out"
err_has "okta-tokens: $two: whether this shuts out who uses it is unknown: the org's limit for reads of its log is nearly used up"
is 'reads of the log' "$(requests | grep -c /logs)" 1
exits 0 restrict $id $two --zone Home --dry-run --reserve 9
is 'reads of the log' "$(requests | grep -c /logs)" 3
printf 'HTTP/1.1 403 Forbidden\nX-Okta-Request-Id: r\n\n' | answer GET-logs
exits 0 restrict $id --zone Home --dry-run
err_has "$id: whether this shuts out who uses it is unknown: the System Log can't be read: HTTP 403 with no explanation"
err_has '; it takes the role of an administrator who may read it, or the scope okta.logs.read'
printf 'HTTP/1.1 401 Unauthorized\nX-Okta-Request-Id: r\n\n' | answer GET-logs
again
exits 4 restrict $id $two --zone Home --yes --retries 0
is results "$(cut -f 3 "$tmp/out" | tr '\n' ' ')" 'failed not tried '
is 'what was sent' "$(requests | grep -c PUT || :)" 0
