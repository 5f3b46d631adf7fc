#!/bin/sh
# slowhttptest.sh [SECONDS] - each attack of slowhttptest with 1,000 connections,
# and a client beside it that must be answered within P99_MS in 99 of 100 cases.
# ORGD is okta-orgd.
set -eu
: "${ORGD:?}"
seconds=${1:-30}
limit=${P99_MS:-100}
tmp=$(mktemp -d)
pid=
cleanup() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || :
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

"$ORGD" init --data "$tmp/org"
"$ORGD" user add --data "$tmp/org" --login ada@example.com >/dev/null
token=$("$ORGD" token create --data "$tmp/org" --name good --user ada@example.com)
"$ORGD" serve --data "$tmp/org" --tls off --rate-limit 0 >"$tmp/url" 2>"$tmp/err" &
pid=$!
i=0
until [ -s "$tmp/url" ]; do
    i=$((i + 1))
    [ $i -lt 100 ] || fail 'the org does not start'
    sleep 0.1
done
url=$(cat "$tmp/url")/api/v1/api-tokens

# attack NAME OPTION...
attack() {
    name=$1
    shift
    slowhttptest -c 1000 -r 400 -l "$seconds" -p 5 -u "$url" "$@" \
        >"$tmp/attack" 2>&1 &
    attacker=$!
    sleep 4 # until it has its connections
    wrk -t1 -c4 -d$((seconds - 8))s --latency --timeout 10s \
        -H "Authorization: SSWS $token" "$url" >"$tmp/wrk"
    kill "$attacker" 2>/dev/null || :
    wait "$attacker" 2>/dev/null || :
    ! grep -q -e 'Non-2xx' -e 'Socket errors' "$tmp/wrk" ||
        fail "$name: $(grep -e 'Non-2xx' -e 'Socket errors' "$tmp/wrk")"
    p99=$(awk '$1 == "99%" {
        sub(/us$/, " 0.001", $2); sub(/ms$/, " 1", $2); sub(/s$/, " 1000", $2)
        split($2, part, " "); printf "%.1f", part[1] * part[2] }' "$tmp/wrk")
    echo "slowhttptest $name: p99 of a good client $p99 ms"
    awk -v p="$p99" -v limit="$limit" 'BEGIN { exit !(p != "" && p <= limit) }' ||
        fail "$name: p99 is $p99 ms, more than $limit"
}

attack 'slow headers (-H)' -H -i 5 -x 24
attack 'slow body (-B)' -B -t PUT -i 5 -s 8192 -x 10
attack 'ranges (-R)' -R -a 10 -b 3000
attack 'slow reading (-X)' -X -w 512 -y 1024 -n 5 -z 32 -k 3
