#!/bin/sh
# dev.sh - what --dev lets tests do to a running org, and who may.
. "$(dirname -- "$0")/lib.sh"

new_org a
admin=$(create a admin)
list=/api/v1/api-tokens

# control METHOD PATH [JSON]: asks the control API; sets status and body.
control() {
    token=
    call "$1" "/_org/$2" -H "Authorization: Bearer $(cat "$tmp/a/control.token")" \
        ${3+--data-binary "$3"}
    token=$admin
}

# does STATUS METHOD PATH [JSON]: the same, and holds the status.
does() {
    want=$1
    shift
    control "$@"
    is "$1 $2 ${3-}" "$status" "$want"
}

# refuses CAUSE METHOD PATH JSON: a 400 that says why.
refuses() {
    cause=$1
    shift
    does 400 "$@"
    has "$*" "$(jq -r '.errorCauses[].errorSummary' "$tmp/body")" "$cause"
}

field() { jq -r "$1" "$tmp/body"; }
seconds() { date -d "$1" +%s; }

# --- without --dev there is nothing of it
start a
refused 404 E0000008 GET /_org/clock
[ ! -e "$tmp/a/control.token" ] || fail 'a control token without --dev'
stop
exits 2 "$ORGD" serve --data "$tmp/a" --dev --listen 0.0.0.0:0 --public-url https://x
has 'not on loopback' "$err" 'only on a loopback address'

# --- beyond loopback on request: the org is there, what tests do to it is not
exits 2 "$ORGD" serve --data "$tmp/a" --dev-listen-anywhere
has 'without --dev' "$err" '--dev-listen-anywhere needs --dev'
exits 2 "$ORGD" serve --data "$tmp/a" --dev --dev-listen-anywhere --tls off \
    --listen 0.0.0.0:0 --public-url http://x
cat >"$tmp/pinned.yaml" <<'END'
users: [{login: ada@example.com}]
tokens: [{name: ci, user: ada@example.com, secret: 00secret-secret-secret-secret-secret-00001}]
END
"$ORGD" init --data "$tmp/any" --seed "$tmp/pinned.yaml" --public-url https://org >"$tmp/out"
start any --dev --dev-listen-anywhere --listen 0.0.0.0:0 --public-url https://org \
    --trusted-proxy 127.0.0.9/32
logs any 'warning: other machines can reach this org'
url=$(cat "$tmp/any/serve.url")
is 'where this machine finds it' "$url" "https://127.0.0.1:$port"
key=$(cat "$tmp/any/control.token")
gets 200 GET /_org/clock -H "Authorization: Bearer $key"
exits 0 "$ORGD" dev clock --data "$tmp/any"
# Whom a proxy speaks for, and who comes from elsewhere, finds no path.
refused 404 E0000008 GET /_org/clock --interface 127.0.0.9 \
    -H "Authorization: Bearer $key" -H 'X-Forwarded-For: 192.0.2.1'
for address in $(hostname -I 2>/dev/null); do
    case $address in *:*) continue ;; esac
    far=$(curl -s --cacert "$cacert" --connect-to "localhost:$port:$address:$port" \
        -H "Authorization: Bearer $key" -o /dev/null -w '%{http_code}' \
        "https://localhost:$port/_org/clock") || fail "curl: exit $? for $address"
    is "/_org/ from $address" "$far" 404
    far=$(curl -s --cacert "$cacert" --connect-to "org:443:$address:$port" -o /dev/null \
        -H 'Authorization: SSWS 00secret-secret-secret-secret-secret-00001' \
        -w '%{http_code}' https://org/api/v1/api-tokens) || fail "curl: exit $? for $address"
    is "the API from $address" "$far" 200
done
stop

# --- who may: a loopback host, no web page, the token of this very start
start a --dev --now 2026-03-01T12:00:00Z --metrics-listen 127.0.0.1:0
probes=$(sed -n 's,.*/metrics at \(http:.*\)$,\1,p' "$tmp/a.err" | tail -n 1)
is 'mode of the token' "$(stat -c %a "$tmp/a/control.token")" 600
is 'mode of the URL' "$(stat -c %a "$tmp/a/serve.url")" 600
is 'the URL' "$(cat "$tmp/a/serve.url")" "$url"
key=$(cat "$tmp/a/control.token")
[ ${#key} -eq 64 ] || fail "the token is $key"
token=$admin
refused 401 E0000011 GET /_org/clock
token=
refused 401 E0000011 GET /_org/clock
has 'challenge' "$(header www-authenticate)" Bearer
has 'what to do' "$body" control.token
for wrong in "Bearer ${key%?}" "Bearer ${key}0" "Bearer $(echo "$key" | tr 0-9a-f 1-9a-f0)" \
    "Bearer ${key%?}x" "SSWS $key" "$key" Bearer; do
    refused 401 E0000011 GET /_org/clock -H "Authorization: $wrong"
done
bearer="Authorization: Bearer $key"
for host in example.com localhost.example.com 127.0.0.1.example.com 127.evil \
    128.0.0.1 '[::2]' '[::1].evil' "localhost:$port.evil" 127.0.0.1:x '' 1; do
    refused 403 E0000006 GET /_org/clock -H "$bearer" -H "Host: $host"
    has "Host: $host" "$body" Host:
done
for host in localhost LOCALHOST:1 127.0.0.1 127.8.9.1:443 '[::1]' '[::1]:8443'; do
    gets 200 GET /_org/clock -H "$bearer" -H "Host: $host"
done
for origin in null "$url" https://evil.example ''; do
    refused 403 E0000006 GET /_org/clock -H "$bearer" -H "Origin;$origin" \
        -H "Origin: $origin"
    has "Origin: $origin" "$body" Origin:
done
refused 404 E0000008 GET /_org/none -H "$bearer"
refused 405 E0000022 PUT /_org/clock -H "$bearer" -d '{}'
has allow "$(header allow)" DELETE
is 'beside the probes' "$(curl -s -o /dev/null -w '%{http_code}' -H "$bearer" \
    "$probes/_org/clock")" 404
exits 1 "$ORGD" serve --data "$tmp/a" --dev
has 'twice at once' "$err" 'with --dev already'
is 'nobody took the token' "$(cat "$tmp/a/control.token")" "$key"

# --- the API's rate limits are not touched
stop
[ ! -e "$tmp/a/control.token" ] || fail 'a control token of nobody'
[ ! -e "$tmp/a/serve.url" ] || fail 'a URL of nobody'
echo https://127.0.0.1:9 >"$tmp/a/serve.url"
start a --
[ ! -e "$tmp/a/serve.url" ] || fail 'a URL that a server left behind'
stop
start a --dev --now 2026-03-01T12:00:00Z --rate-limit 2
[ "$(cat "$tmp/a/control.token")" != "$key" ] || fail 'the same token again'
for _ in 1 2 3 4; do does 200 GET clock; done
is 'a limit' "$(header x-rate-limit-limit)" ''
gets 200 GET $list
stop

# --- the clock: it goes, stands, jumps, goes on
cat >"$tmp/seed.yaml" <<'END'
tokens:
  - {name: short, user: ada@example.com, tokenWindow: P10D, created: -9d}
  - {name: long, user: ada@example.com, tokenWindow: P1Y, created: -1d}
END
"$ORGD" seed --data "$tmp/a" --now 2026-03-01T12:00:00Z "$tmp/seed.yaml" >/dev/null
start a --dev --now 2026-03-01T12:00:00Z --rate-limit 4
does 200 GET clock
is 'it goes' "$(field .frozen)" false
has 'now' "$(field .now)" 2026-03-01T12:00
does 200 POST clock '{"frozen": true, "now": "2026-03-02T00:00:00.000Z"}'
is 'set and frozen' "$body" '{"now":"2026-03-02T00:00:00.000Z","frozen":true}'
sleep 1.1
gets 200 GET $list
is 'Date' "$(header date)" 'Mon, 02 Mar 2026 00:00:00 GMT'
is 'Reset' "$(header x-rate-limit-reset)" "$(seconds 2026-03-02T00:01:00Z)"
# --- a limit's window ends with it
gets 200 GET $list
refused 429 E0000047 GET $list
does 200 POST clock '{"advance": "PT59S"}'
refused 429 E0000047 GET $list
does 200 POST clock '{"advance": "PT1S"}'
is 'advanced' "$(field .now)" 2026-03-02T00:01:00.000Z
gets 200 GET $list
# --- what is due happens before the answer, with its event
short=$(sql a "SELECT id FROM token WHERE name = 'short'")
does 200 POST clock '{"advance": "P20D"}'
is 'the token' "$(sql a "SELECT count(*) FROM token WHERE name = 'short'")" 0
is 'the event' "$(sql a "SELECT published FROM event WHERE target_id = '$short'
    AND type = 'system.api_token.revoke'")" "$(seconds 2026-03-22T00:01:00Z)"
# --- months have their own length
does 200 POST clock '{"now": "2026-01-31T08:00:00+02:00", "advance": "P1M"}'
is 'a month' "$(field .now)" 2026-02-28T06:00:00.000Z
does 200 POST clock '{"frozen": false}'
sleep 1.1
does 200 GET clock
[ "$(field .now)" != 2026-02-28T06:00:00.000Z ] || fail 'it does not go on'
does 200 DELETE clock
has 'back' "$(field .now)" 2026-03-01T12:00
is 'going' "$(field .frozen)" false

# --- no word of it is misread
refuses 'then: unknown; there is now, advance, frozen' POST clock '{"then": 1}'
refuses 'body: unknown' POST clock '{"00secret-secret-secret-secret-secret-secre": 1}'
refuses 'a member is there twice' POST clock '{"frozen": true, "frozen": false}'
refuses 'now: it must be a time' POST clock '{"now": "tomorrow"}'
refuses 'now: it must be a time' POST clock '{"now": 5}'
refuses 'advance: it must be an ISO 8601 duration' POST clock '{"advance": "1x"}'
refuses 'advance: it must be an ISO 8601 duration' POST clock '{"advance": "-1d"}'
refuses 'advance: the year' POST clock '{"advance": "P9000Y"}'
refuses 'frozen: it must be true or false' POST clock '{"frozen": "yes"}'
refuses 'body: it must be a JSON object' POST clock '[]'
does 400 POST clock '{'
is 'no JSON' "$(field .errorCode)" E0000003
does 200 POST clock # no body is no change
does 200 POST clock ''
has 'untouched' "$(field .now)" 2026-03-01T12:00
stop

# --- the same as commands
dev() {
    words=$1
    shift
    exits 0 "$ORGD" dev $words --data "$tmp/a" "$@"
}
exits 1 "$ORGD" dev clock --data "$tmp/a"
has 'nobody serves' "$err" 'serve.url in the data folder: no such file'
start a --dev --now 2026-03-01T12:00:00Z
dev 'clock set' 2026-04-01T00:00:00Z
has 'set' "$out" '{"now":"2026-04-01T00:00:0'
dev 'clock freeze'
has 'frozen' "$out" '"frozen":true}'
dev 'clock advance' P1D
has 'advanced' "$out" '{"now":"2026-04-02T00:00:'
dev 'clock resume'
has 'going' "$out" '"frozen":false}'
dev 'clock reset'
has 'back' "$out" '"now":"2026-03-01T12:'
dev clock
has 'it tells' "$out" '"now":"2026-03-01T12:'
is 'nothing else' "$(wc -l <"$tmp/out")" 1
exits 1 "$ORGD" dev clock set --data "$tmp/a" tomorrow
has 'what is wrong' "$err" 'dev: now: it must be a time'
exits 1 "$ORGD" dev clock set --data "$tmp/a" "$(printf '\377')"
exits 2 "$ORGD" dev --data "$tmp/a"
has 'what there is' "$err" 'clock advance'
exits 1 "$ORGD" dev clock --data "$tmp/none"
cp "$tmp/a/control.token" "$tmp/kept"
printf '%s\n' "$(tr 0-9a-f 1-9a-f0 <"$tmp/kept")" >"$tmp/a/control.token"
exits 1 "$ORGD" dev clock --data "$tmp/a"
has 'another token' "$err" 'dev: Authorization: it takes Bearer'
chmod 644 "$tmp/a/control.token"
exits 1 "$ORGD" dev clock --data "$tmp/a"
has 'a token for all' "$err" 'everybody may read it'
chmod 600 "$tmp/a/control.token"
cp "$tmp/kept" "$tmp/a/control.token"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 \
    -subj /CN=x -keyout "$tmp/x.key" -out "$tmp/x.pem" 2>/dev/null
mv "$tmp/a/ca.pem" "$tmp/ca.kept"
cp "$tmp/x.pem" "$tmp/a/ca.pem"
exits 1 "$ORGD" dev clock --data "$tmp/a"
has 'another authority' "$err" 'dev: https://127.0.0.1'
mv "$tmp/ca.kept" "$tmp/a/ca.pem"
if http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 \
    no_proxy= "$ORGD" dev clock --data "$tmp/a" >/dev/null; then :; else
    fail 'a proxy was asked'
fi
exits 1 sh -c '"$1" dev clock --data "$2" >/dev/full' - "$ORGD" "$tmp/a"
kill -9 "$pid"
wait "$pid" 2>/dev/null || :
exits 1 "$ORGD" dev clock --data "$tmp/a"
has 'gone' "$err" 'does okta-orgd serve --dev still run?'
# --- what a crash has left stands in nobody's way
start a --dev
dev clock
stop

# --- snapshots: all of the org, and its clock
new_org s
admin=$(create s admin)
cat >"$tmp/seed.yaml" <<'END'
tokens:
  - {name: one, user: ada@example.com, tokenWindow: P10D}
  - {name: two, user: ada@example.com, tokenWindow: P10D}
END
"$ORGD" seed --data "$tmp/s" "$tmp/seed.yaml" >/dev/null
start s --dev --rate-limit 20
token=$admin
names() {
    gets 200 GET $list
    jq -r '[.[].name] | join(" ")' "$tmp/body"
}
id_of() { jq -r --arg n "$1" '.[] | select(.name == $n) | .id' "$tmp/body"; }
snapshot() {
    words=$1
    shift
    exits 0 "$ORGD" dev snapshot $words --data "$tmp/s" "$@"
}
snapshot list
is 'none yet' "$out" '[]'
is 'at first' "$(names)" 'admin one two'
gets 204 DELETE "$list/$(id_of one)"
snapshot save v1.0_a-b
is 'it says nothing' "$out" ''
is 'mode' "$(stat -c %a "$tmp/s/snapshots/v1.0_a-b.db")" 600
is 'mode of the folder' "$(stat -c %a "$tmp/s/snapshots")" 700
snapshot list
is 'the list' "$(echo "$out" | jq -r '.[].name')" v1.0_a-b
is 'its keys' "$(echo "$out" | jq -r '.[] | keys_unsorted | join(" ")')" 'name saved bytes'
is 'its size' "$(echo "$out" | jq -r '.[].bytes')" "$(stat -c %s "$tmp/s/snapshots/v1.0_a-b.db")"
gets 200 GET $list
gets 204 DELETE "$list/$(id_of two)"
create s three >/dev/null # by another process
is 'later' "$(names)" 'admin three'
before=$(seconds "$(header date)")
exits 0 "$ORGD" dev clock advance --data "$tmp/s" P5D
snapshot restore v1.0_a-b
is 'as it was' "$(names)" 'admin two'
after=$(seconds "$(header date)")
[ $((after - before)) -lt 60 ] || fail "the clock is $((after - before)) s away"
is 'its events' "$(sql s "SELECT count(*) FROM event WHERE type LIKE '%revoke'")" 1
is 'it is sound' "$(sql s 'PRAGMA integrity_check')" ok
is 'its journal' "$(sql s 'PRAGMA journal_mode')" wal
# --- a clock that stood stands again; what is due by it is done
exits 0 "$ORGD" dev clock set --data "$tmp/s" 2026-05-01T00:00:00Z
exits 0 "$ORGD" dev clock freeze --data "$tmp/s"
frozen=$(echo "$out" | jq -r .now)
snapshot save frozen
exits 0 "$ORGD" dev clock resume --data "$tmp/s"
exits 0 "$ORGD" dev clock advance --data "$tmp/s" P3D
snapshot restore frozen
exits 0 "$ORGD" dev clock --data "$tmp/s"
is 'the clock' "$(echo "$out" | jq -c '[.now, .frozen]')" "[\"$frozen\",true]"
# --- one of that name takes its place
snapshot save frozen
snapshot list
is 'still two' "$(echo "$out" | jq -r 'map(.name) | join(" ")')" 'frozen v1.0_a-b'
snapshot delete frozen
snapshot list
is 'one less' "$(echo "$out" | jq -r 'map(.name) | join(" ")')" v1.0_a-b
for command in restore delete; do
    exits 1 "$ORGD" dev snapshot $command --data "$tmp/s" frozen
    has "$command what is not there" "$err" 'Resource not found: frozen (Snapshot)'
done
for name in .start .. a/b 'a b' '' x%2e "$(printf %065d 1)"; do
    exits 2 "$ORGD" dev snapshot save --data "$tmp/s" "$name"
done
bearer="Authorization: Bearer $(cat "$tmp/s/control.token")"
for name in .start .. a%2fb x%2e ''; do
    token=
    refused 404 E0000008 PUT "/_org/snapshots/$name" -H "$bearer"
done
token=$admin
# --- the key that signs is one whose private half is there
snapshot save key
"$ORGD" key rotate --data "$tmp/s"
snapshot restore key
signs() { sql s 'SELECT kid FROM signing_key WHERE retired = 0'; }
[ -f "$tmp/s/signing-$(signs).jwk" ] || fail "no private half of $(signs)"
is 'one signs' "$(signs | wc -l)" 1
snapshot delete key
# --- what is no snapshot changes nothing
head -c 5000 "$tmp/s/snapshots/v1.0_a-b.db" >"$tmp/s/snapshots/cut.db"
exits 1 "$ORGD" dev snapshot restore --data "$tmp/s" cut
echo no >"$tmp/s/snapshots/no.db"
exits 1 "$ORGD" dev snapshot restore --data "$tmp/s" no
is 'nothing changed' "$(names)" 'admin two'
# --- reset: as it was when it began to serve, limits and clock too
exits 0 "$ORGD" dev clock reset --data "$tmp/s"
for _ in $(seq 20); do call GET $list; done
refused 429 E0000047 GET $list
exits 0 "$ORGD" dev clock advance --data "$tmp/s" PT1H
exits 0 "$ORGD" dev faults add --data "$tmp/s" do=status status=500 path=/x
exits 0 "$ORGD" dev reset --data "$tmp/s"
exits 0 "$ORGD" dev faults list --data "$tmp/s"
is 'faults' "$out" '[]'
is 'as at its start' "$(names)" 'admin one two'
[ $(($(date +%s) - $(seconds "$(header date)"))) -lt 60 ] || fail 'another time after a reset'
# --- while others change and read: each change is there or not, and no request
# --- fails
seq 200 | awk 'BEGIN { print "tokens:" } { printf "  - {id: 00Tmany%013d, name: m%d, user: ada@example.com}\n", $1, $1 }' >"$tmp/many.yaml"
stop
"$ORGD" seed --data "$tmp/s" "$tmp/many.yaml" >/dev/null
start s --dev --rate-limit 0
(
    for i in $(seq -f %013g 200); do
        curl -s -o /dev/null -w '%{http_code}\n' --cacert "$cacert" -X DELETE \
            -H "Authorization: SSWS $admin" "$url$list/00Tmany$i"
    done >"$tmp/codes"
) &
changer=$!
for i in 1 2 3 4 5 6 7 8; do
    "$ORGD" dev snapshot save --data "$tmp/s" "s$i"
    "$ORGD" dev snapshot restore --data "$tmp/s" "s$i"
done
wait $changer
is 'codes' "$(sort "$tmp/codes" | uniq -c | tr -s ' ')" ' 200 204'
whole="SELECT (SELECT count(*) FROM token WHERE name LIKE 'm%')
    + (SELECT count(*) FROM event WHERE type LIKE '%revoke')"
for i in 1 2 3 4 5 6 7 8; do
    is "snapshot $i" "$(sqlite3 "$tmp/s/snapshots/s$i.db" "$whole")" 200
done
is 'in the end' "$(sql s "$whole")" 200
exits 0 "$ORGD" dev reset --data "$tmp/s"
is 'all are back' "$(sql s "SELECT count(*) FROM token WHERE name LIKE 'm%'")" 200
stop
[ ! -e "$tmp/s/snapshots/.start.db" ] || fail 'what nobody can go back to'
# --- what was saved is there after a restart; the start is then
start s --dev
snapshot restore v1.0_a-b
is 'an old one' "$(names)" 'admin two'
exits 0 "$ORGD" dev reset --data "$tmp/s"
is 'the new start' "$(names | wc -w)" 203
stop
