#!/bin/sh
# durable.sh - a 204 outlives kill -9, a full disk gives none, SIGTERM lets
# requests in hand end.
. "$(dirname -- "$0")/lib.sh"

new_org a
token=$(create a admin)
list=/api/v1/api-tokens
rounds=10

# --- kill -9 while tokens are revoked: what got its 204 is gone, what got none
# may be either, and the rest is there
{
    echo tokens:
    seq 1000 | awk '{ printf "  - {id: 00Tx%016d, name: x%d, user: ada@example.com}\n", $1, $1 }'
    seq 100 | awk '{ printf "  - {id: 00Ty%016d, name: y%d, user: ada@example.com}\n", $1, $1 }'
} >"$tmp/seed.yaml"
"$ORGD" seed --data "$tmp/a" "$tmp/seed.yaml" >/dev/null
sql a 'SELECT id FROM token' >"$tmp/alive"
round=0
while [ $round -lt $rounds ]; do
    round=$((round + 1))
    : >"$tmp/a.err"
    start a --tls off --rate-limit 0
    seq $((round * 100 - 99)) $((round * 100)) | awk -v list="$url$list" \
        -v header="$tmp/header" '
        { id = sprintf("00Tx%016d", $1)
          if (NR > 1)
              print "next"
          print "url = " list "/" id
          print "request = DELETE\noutput = /dev/null"
          print "write-out = \"%{http_code} " id "\\n\""
          print "header = \"@" header "\"" }' >"$tmp/config"
    printf 'Authorization: SSWS %s\n' "$token" >"$tmp/header"
    curl -s -K "$tmp/config" >"$tmp/answers" 2>/dev/null &
    client=$!
    # Not before the first is answered, however busy this machine is.
    while [ ! -s "$tmp/a.err" ] && kill -0 $client 2>/dev/null; do
        sleep 0.01
    done
    sleep "0.0$round"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || :
    wait $client || :
    sed -n 's/^204 //p' "$tmp/answers" >>"$tmp/revoked"
    if grep -qv -e '^204 ' -e '^000 ' "$tmp/answers"; then
        fail "neither 204 nor nothing: $(cat "$tmp/answers")"
    fi
    is "integrity, round $round" "$(sql a 'PRAGMA integrity_check')" ok
done
acknowledged=$(wc -l <"$tmp/revoked")
[ "$acknowledged" -gt 0 ] || fail 'nothing was acknowledged'
sql a 'SELECT id FROM token' >"$tmp/left"
if grep -qxF -f "$tmp/revoked" "$tmp/left"; then fail 'back from the dead'; fi
lost=$(grep -vxF -f "$tmp/left" "$tmp/alive" | grep -cvxF -f "$tmp/revoked" || :)
[ "$lost" -le $rounds ] || fail "$lost tokens are gone that nobody was told of"
start a --rate-limit 0
gets 200 GET "$list?limit=1"

# --- and the caller's own
self=$(create a self)
token_before=$token
token=$self
gets 204 DELETE $list/current
kill -9 "$pid"
wait "$pid" 2>/dev/null || :
start a --rate-limit 0
refused 401 E0000011 GET $list
token=$token_before
stop

# --- a disk that is full: 503 with Okta's body, no 2xx; then it goes on
size=$(($(stat -c %s "$tmp/a/orgd.db") / 512 + 16))
: >"$tmp/a.url"
(
    ulimit -f $size
    exec "$ORGD" serve --data "$tmp/a" --rate-limit 0 >"$tmp/a.url" \
        2>>"$tmp/a.err" </dev/null
) &
pid=$!
await "$tmp/a.url" $pid
url=$(cat "$tmp/a.url")
seen=
for id in $(grep '^00Ty000' "$tmp/left" | head -n 60); do
    call DELETE "$list/$id"
    seen="$seen $status"
    there=$(sql a "SELECT count(*) FROM token WHERE id = '$id'")
    case $status in
    204) is "$id after 204" "$there" 0 ;;
    503)
        is "$id after 503" "$there" 1
        is 'body of a 503' "$(jq -r .errorCode "$tmp/body")" E0000009
        break
        ;;
    *) fail "$status on a full disk" ;;
    esac
done
has 'a full disk' "$seen" 503
gets 200 GET "$list?limit=1"
stop
grep -q 'okta-orgd: database: ' "$tmp/a.err" || fail 'nobody said why'
start a --rate-limit 0
gets 204 DELETE "$list/$id"

# --- a database that another process holds: waits, then 204
(
    printf 'BEGIN IMMEDIATE;\n'
    sleep 1
    printf 'COMMIT;\n'
) | sqlite3 "$tmp/a/orgd.db" &
sleep 0.3
id=$(sql a "SELECT id FROM token WHERE id GLOB '00Ty000*' ORDER BY id DESC LIMIT 1")
gets 204 DELETE "$list/$id"
wait $!

# --- SIGTERM: a request in hand gets its answer, then the org ends
id=$(sql a "SELECT id FROM token WHERE id GLOB '00Ty000*' ORDER BY id DESC LIMIT 1")
(
    printf 'BEGIN IMMEDIATE;\n'
    sleep 1
    printf 'COMMIT;\n'
) | sqlite3 "$tmp/a/orgd.db" &
holder=$!
sleep 0.3
curl -s --cacert "$cacert" -o /dev/null -w '%{http_code}' -X DELETE \
    -H "Authorization: SSWS $token" "$url$list/$id" >"$tmp/answer" &
client=$!
sleep 0.3
kill -TERM "$pid"
sleep 0.1
if curl -s --cacert "$cacert" -o /dev/null "$url$list"; then
    fail 'a new connection while it ends'
fi
wait $client || fail 'the request in hand was cut'
is 'its answer' "$(cat "$tmp/answer")" 204
code=0
wait "$pid" || code=$?
is 'exit code' $code 0
wait $holder
is 'and it is gone' "$(sql a "SELECT count(*) FROM token WHERE id = '$id'")" 0

# --- a request that is still on its way is let come, and told to close
start a --tls off
mkfifo "$tmp/slow"
"$RAW" "$port" 3000 <"$tmp/slow" >"$tmp/answer" &
client=$!
exec 3>"$tmp/slow"
printf 'PUT %s/00Tnone HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS %s\r\nContent-Length: 2\r\n\r\n{' \
    $list "$token" >&3
sleep 0.3
kill -TERM "$pid"
sleep 0.5
kill -0 "$pid" || fail 'it ended with a request on its way'
printf '}' >&3
exec 3>&-
wait $client
grep -q 'HTTP/1.1 404 ' "$tmp/answer" || fail "no answer: $(cat "$tmp/answer")"
is 'dates of it' "$(grep -ic '^date:' "$tmp/answer")" 1
grep -q '^connection: close' "$tmp/answer" || fail 'the connection stays'
wait "$pid"

# --- SIGINT does the same; an idle connection does not hold it up
start a --tls off
mkfifo "$tmp/idle"
"$RAW" "$port" 100 <"$tmp/idle" >/dev/null &
idle=$!
exec 3>"$tmp/idle" # opens both ends
sleep 0.2
before=$(date +%s)
kill -INT "$pid"
code=0
wait "$pid" || code=$?
is 'exit code after SIGINT' $code 0
[ $(($(date +%s) - before)) -le 3 ] || fail 'an idle connection holds it up'
exec 3>&-
wait $idle
