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
    "SSWS $key" "$key" Bearer; do
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
refuses 'frozen: it is there twice' POST clock '{"frozen": true, "frozen": false}'
refuses 'now: it must be a time' POST clock '{"now": "tomorrow"}'
refuses 'now: it must be a time' POST clock '{"now": 5}'
refuses 'advance: it must be an ISO 8601 duration' POST clock '{"advance": "1d"}'
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
