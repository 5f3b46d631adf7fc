#!/bin/sh
# probes.sh - /livez, /readyz and /metrics, on a listener of their own.
. "$(dirname -- "$0")/lib.sh"

new_org a
token=$(create a admin)
id=$(sql a "SELECT id FROM token")
list=/api/v1/api-tokens
# watched [OPTION...]: serves it with a listener for probes, at $probes.
watched() {
    : >"$tmp/a.err"
    start a --tls off --metrics-listen 127.0.0.1:0 "$@"
    probes=$(sed -n 's/^okta-orgd: serve: .* at \(http:.*\)$/\1/p' "$tmp/a.err")
    [ -n "$probes" ] || fail 'it does not say where the probes are'
}
# probe STATUS PATH [CURL_OPTION...]: sets body and headers.
probe() {
    want=$1
    path=$2
    shift 2
    got=$(curl -s -o "$tmp/body" -D "$tmp/headers" -w '%{http_code}' "$@" "$probes$path")
    is "$path" "$got" "$want"
    body=$(cat "$tmp/body")
}

watched --rate-limit 2
probe 200 /livez
is livez "$body" ok
is type "$(header content-type)" 'text/plain; charset=utf-8'
is 'no rate limit' "$(header x-rate-limit-limit)" ''
probe 200 /readyz
is readyz "$body" ok
probe 200 /livez --head
probe 405 /livez -X POST -d x
probe 404 /x

# --- the API is not there, whoever asks; nor are the probes on the API's side
probe 404 $list -H "Authorization: SSWS $token"
probe 404 /nowhere -H 'Accept: text/html'
has 'its type' "$body" E0000008
probe 404 "$list/$id" -X DELETE -H "Authorization: SSWS $token"
is 'the token' "$(sql a 'SELECT count(*) FROM token')" 1
for path in /livez /readyz /metrics; do
    refused 404 E0000008 GET $path -H 'X-A: b'
    stop && watched --rate-limit 0
done

# --- what is counted, by route and status
gets 200 GET $list
gets 200 GET $list
gets 200 GET "$list/$id"
refused 404 E0000007 GET "$list/00Tsecretlookingid"
refused 404 E0000008 GET /nowhere
saved=$token
token=00neverneverneverneverneverneverneverneve
refused 401 E0000011 GET $list
token=$saved
probe 200 /metrics
is type "$(header content-type)" 'text/plain; version=0.0.4; charset=utf-8'
for line in \
    'okta_orgd_requests_total{method="GET",route="/api/v1/api-tokens",code="200"} 2' \
    'okta_orgd_requests_total{method="GET",route="/api/v1/api-tokens",code="401"} 1' \
    'okta_orgd_requests_total{method="GET",route="/api/v1/api-tokens/{id}",code="200"} 1' \
    'okta_orgd_requests_total{method="GET",route="/api/v1/api-tokens/{id}",code="404"} 1' \
    'okta_orgd_requests_total{method="",route="",code="404"} 1' \
    'okta_orgd_request_seconds_count 6' \
    'okta_orgd_request_seconds_bucket{le="0.5"} 6' \
    'okta_orgd_request_seconds_bucket{le="+Inf"} 6' \
    'okta_orgd_requests_active 0' \
    'okta_orgd_ready 1'; do
    grep -qxF -e "$line" "$tmp/body" || fail "no '$line' in $body"
done
bad=$(grep -Evx '# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+' "$tmp/body" || :)
is 'lines that are none' "$bad" ''
awk '/_bucket/ { if ($2 < last) exit 1; last = $2 }' "$tmp/body" || fail 'buckets that shrink'
lacks 'an id' "$body" "$id"
lacks 'an id' "$body" 00T
lacks 'what was asked' "$body" nowhere

# --- many at once, none limited
watched_limit() { curl -s -o /dev/null -w '%{http_code} ' "$probes/livez"; }
i=0
while [ $i -lt 5 ]; do
    i=$((i + 1))
    is 'one of many' "$(watched_limit)" '200 '
done

# --- not ready while it ends: a request in hand holds it
(printf 'PUT %s/%s HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS %s\r\nContent-Length: 9\r\n\r\n' \
    $list "$id" "$token" && sleep 3) | "$RAW" "$port" 4000 >/dev/null 2>&1 &
until_has() {
    i=0
    until case $(curl -s "$probes$1") in *"$2"*) ;; *) false ;; esac do
        i=$((i + 1))
        [ $i -lt 100 ] || break
        sleep 0.02
    done
}
until_has /metrics 'okta_orgd_requests_active 1'
probe 200 /metrics
has 'in hand' "$body" 'okta_orgd_requests_active 1'
kill -TERM "$pid"
until_has /readyz stopping
probe 503 /readyz
has 'why' "$body" stopping
probe 200 /livez
code=0
wait "$pid" || code=$?
is 'exit code after SIGTERM' $code 0
if curl -s -o /dev/null "$probes/livez"; then fail 'it still answers'; fi

# --- not ready without its database
watched
probe 200 /readyz
sql a 'DROP TABLE setting'
probe 503 /readyz
has 'why' "$body" database
probe 200 /livez
kill -TERM "$pid"
wait "$pid" || :

# --- misuse
new_org b
exits 2 "$ORGD" serve --data "$tmp/b" --metrics-listen x
has 'no address' "$err" '--metrics-listen: an address'
