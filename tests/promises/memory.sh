#!/bin/sh
# memory.sh - no secret in a dump of either program, and none in the memory of
# an okta-orgd that has nothing in hand.
. "$(dirname "$0")/../cli/lib.sh"
secret=00qZ7vKc2XwPm9RtYb4LhNs8GdJf5QaUe3VxTkWo6i
other=00Hn5BzQy8CrLw3MfXs6VtKp9DjGe2RaUq7YxWbTcM
: "${FIND:?}" "${RAW:?}"
[ -r /proc/self/mem ] || exit 77

org_data
created=$("$ORGD" user add --data "$tmp/org" --login eve@example.com >"$tmp/out" &&
    "$ORGD" token create --data "$tmp/org" --name created --user eve@example.com)
bearer=pXq8.Zk3vTw7LmYc-Rb5NsGh2.JdFa9QeUx4VoKi6WtHn
(umask 077 && printf '%s\n' "$secret" "$other" "$created" "$bearer" >"$tmp/secrets")

finds() {
    "$FIND" "$tmp/secrets" "$@" >"$tmp/found"
}
without() {
    what=$1
    shift
    finds "$@" || fail "$what: $(head -n 5 "$tmp/found")"
}
has_core() {
    [ -n "$(find "$tmp/folder" -name 'core*')" ]
}
# A dump of a process, made from outside, as far as this machine has gcore and
# lets it.
dump() {
    command -v gcore >/dev/null || return 1
    gcore -o "$tmp/dump" "$1" >"$tmp/gcore" 2>&1 || return 1
    [ -s "$tmp/dump.$1" ]
}
without_in_dump() {
    grep -q '^0*$' "/proc/$2/coredump_filter" || fail "$1: its memory is dumped"
    if dump "$2"; then
        without "a dump of $1" "$tmp/dump.$2"
        rm -f "$tmp/dump.$2"
    fi
}

# --- What looks does find: here is a process that has it in its memory.
env HELD="$secret" sleep 30 &
holder=$!
running="$running $holder"
sleep 0.2
if finds -p $holder; then
    fail 'nothing is found in a memory that has it'
fi
if dump $holder; then
    if finds "$tmp/dump.$holder"; then
        fail 'nothing is found in a dump that has it'
    fi
    rm -f "$tmp/dump.$holder"
else
    echo 'no gcore here: no dump is looked through'
fi

# --- okta-tokens, while it waits and needs its credential.
script
printf 'HTTP/1.1 429 Too Many Requests\nRetry-After: 250\nX-Rate-Limit-Limit: 50\nX-Rate-Limit-Remaining: 0\n\n' |
    answer GET-api-tokens
script_serve
waits() {
    rm -f "$tmp/script/requests"
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null &
    client=$!
    await "$tmp/script/requests" $client
    sleep 0.2
}
waits env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" "$TOKENS" list
if finds -p $client; then
    fail 'what will it send?'
fi
without_in_dump okta-tokens $client
kill $client
# Where the limit does not count: a dump is made, and there is nothing in it.
waits "$TOKENS" --org "$url" --token-file "$tmp/token" list
if prlimit --pid $client --core=unlimited 2>"$tmp/prlimit" &&
    [ "$(cat /proc/sys/kernel/core_pattern)" = core ]; then
    kill -ABRT $client
    wait $client 2>/dev/null || :
    has_core || fail 'it left no core'
    without 'its core' "$tmp/folder"/core*
    rm "$tmp/folder"/core*
else
    kill $client
fi
stop

# --- okta-orgd: over TLS and without; whatever was sent, and however it ended.
asks() {
    curl -s -K - --cacert "$tmp/ca.pem" "$@" >"$tmp/out" || :
}
header() {
    printf 'header = "Authorization: %s"\nheader = "%s"\n' "$1" "$2"
}
api() {
    echo "$url/api/v1/api-tokens${1-}"
}
ask_all() {
    for end in 'Connection: close' 'X: y'; do
        for value in "SSWS $secret" "SSWS $other" "Bearer $bearer" "Basic $secret"; do
            header "$value" "$end" | asks "$(api)" "$(api '?limit=1')" "$(api /nobody)"
            header "$value" "$end" | asks -X DELETE "$(api /00Tgonegonegonegoneg)"
            header "$value" "$end" | asks -H 'Host: a' -H 'Host: b' "$(api)"
            header "$value" "$end" | asks -X PUT -d '{"name":' "$(api /$id)"
        done
        # Several at a time, so that memory is taken in another order.
        for i in 1 2 3 4 5 6 7 8; do
            header "SSWS $secret" "$end" | asks "$(api)" &
            askers="$askers $!"
        done
        # shellcheck disable=SC2086 # pids
        wait $askers
        askers=
    done
}
# A secret where something else belongs.
ask_wrongly() {
    header "SSWS $secret" 'X: y' | asks "$(api "?q=$other")"
    header "SSWS $secret" 'X: y' | asks "$(api "/$other")" "$url/$other" \
        "$url/%01$other"
    for i in 1 2 3 4; do
        header "SSWS $secret" 'Connection: close' |
            asks "$(api "?limit=1&after=$other&q=$other")"
    done
}
half_a_request() {
    for i in 1 2 3 4; do
        printf 'GET /api/v1/api-tokens HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS %s\r\nX' \
            "$secret" >"$tmp/half"
        "$RAW" "${url##*:}" 100 <"$tmp/half" >"$tmp/out"
        timeout 1 openssl s_client -quiet -CAfile "$tmp/ca.pem" \
            -connect "127.0.0.1:${url##*:}" <"$tmp/half" >"$tmp/out" 2>&1 || :
    done
}
okta_tokens_asks() {
    exits 0 tokens list
    exits 0 tokens list --q adm
}
askers=
id=00Tadminaaaaaaaaaaaa
for tls in auto off; do
    org_serve --tls $tls
    for ask in ask_all half_a_request ask_wrongly okta_tokens_asks; do
        $ask
        sleep 0.3
        [ "$(id -u)" -ne 0 ] || without "okta-orgd ($tls) after $ask" -p "$pid"
    done
    without_in_dump "okta-orgd ($tls)" "$pid"
    stop
done

# --- And with a connection that stays open behind its answer, over TLS.
if [ "$(id -u)" -eq 0 ]; then
    org_serve
    mkfifo "$tmp/fifo"
    openssl s_client -quiet -CAfile "$tmp/ca.pem" -connect "${url#https://}" \
        <"$tmp/fifo" >"$tmp/kept" 2>/dev/null &
    running="$running $!"
    exec 3>"$tmp/fifo"
    printf 'GET /api/v1/api-tokens?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS %s\r\n\r\n' \
        "$secret" >&3
    sleep 1
    grep -q '^HTTP/1.1 200' "$tmp/kept" || fail 'no answer on an open connection'
    without 'the memory of okta-orgd (open)' -p "$pid"
    exec 3>&-
fi
