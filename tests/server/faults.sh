#!/bin/sh
# faults.sh - an org that fails on request, and tells what it was asked.
. "$(dirname -- "$0")/lib.sh"

new_org a
admin=$(create a admin)
list=/api/v1/api-tokens
token=$admin

# control METHOD PATH: what its control API answers.
control() {
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$tmp/a/control.token")" |
        curl -sS -f -K - --cacert "$cacert" -X "$1" "$url/_org/$2"
}
dev() { "$ORGD" dev "$@" >"$tmp/dev.out" 2>"$tmp/dev.err"; }

# fault WORD...: this one alone.
fault() {
    control DELETE faults
    dev faults add --data "$tmp/a" "$@" || fail "$*: $(cat "$tmp/dev.err")"
}

# happened TIMES: so often, to as many as it was meant for.
happened() {
    is 'how often' "$(control GET faults | jq -r '.[].done')" "$1"
}

# fails CURL_EXITS METHOD PATH [CURL_OPTION...]: no whole answer comes; curls
# of different age may call that differently.
fails() {
    want=$1
    method=$2
    path=$3
    shift 3
    code=0
    curl -s -o "$tmp/body" -D "$tmp/headers" --cacert "$cacert" -X "$method" \
        -H "Authorization: SSWS $token" "$@" "$url$path" || code=$?
    case " $want " in
    *" $code "*) ;;
    *) fail "curl's exit code for $method $path: $code, not $want" ;;
    esac
}

# spare: another token; sets id and secret.
spare() {
    secret=$(create a "spare")
    id=$(sql a "SELECT id FROM token WHERE name = 'spare'")
    sql a "UPDATE token SET name = id WHERE id = '$id'"
}

# is_there, is_gone: that token.
is_there() { is "$id" "$(sql a "SELECT count(*) FROM token WHERE id = '$id'")" 1; }
is_gone() { is "$id" "$(sql a "SELECT count(*) FROM token WHERE id = '$id'")" 0; }

now_ms() { echo $(($(date +%s%N) / 1000000)); }
# took AT_LEAST: milliseconds since $begun.
took() {
    ms=$(($(now_ms) - begun))
    [ $ms -ge "$1" ] || fail "it took $ms ms, not $1"
}

everything() {
    # --- another answer, and what else it says
    fault do=status status=503 count=1 header.Retry-After=3 header.Pragma=
    refused 503 E0000009 GET $list
    is retry-after "$(header retry-after)" 3
    is pragma "$(header pragma)" ''
    has 'request id' "$headers" x-okta-request-id
    gets 200 GET $list
    happened 1
    fault do=status code=E0000006 cause='a: b' cause=c summary=No
    refused 403 E0000006 GET $list
    is causes "$(jq -r '[.errorCauses[].errorSummary] | join(" ")' "$tmp/body")" 'a: b c'
    is summary "$(jq -r .errorSummary "$tmp/body")" No
    fault do=status status=502
    gets 502 GET $list
    is 'body of a gateway' "$body" ''
    # --- the true answer, with other headers
    fault do=headers header.Link='<https://x/>; rel="next"' header.X-Okta-Request-Id=
    gets 200 GET $list
    is link "$(header link)" '<https://x/>; rel="next"'
    is 'request id' "$(header x-okta-request-id)" ''
    has 'a list' "$body" '"admin"'
    # One of a name goes out, in small letters, whatever case the fault has.
    fault do=headers header.LINK='<https://x/>' header.CACHE-control=private header.x-OKTA-request-id=other
    gets 200 GET "$list?limit=1"
    is links "$(grep -ic '^link:' "$tmp/headers")" 1
    for line in 'link: <https://x/>' 'cache-control: private' 'x-okta-request-id: other'; do
        is "$line" "$(grep -i "^${line%%:*}:" "$tmp/headers" | tr -d '\r')" "$line"
    done
    is capitals "$(sed 1d "$tmp/headers" | grep -c '^[^:]*[A-Z][^:]*:' || :)" 0
    fault do=headers header.date= header.Pragma=x
    gets 200 GET $list
    is date "$(header date)" ''
    is pragma "$(header pragma)" x
    # --- both kinds of 429
    fault do=rate-limit
    refused 429 E0000047 GET $list
    is remaining "$(header x-rate-limit-remaining)" 0
    is limit "$(header x-rate-limit-limit)" 500
    left=$(($(header x-rate-limit-reset) - $(date -d "$(header date)" +%s)))
    [ $left -gt 50 ] && [ $left -le 60 ] || fail "reset in $left s"
    fault do=rate-limit reset=2
    refused 429 E0000047 GET $list
    is reset $(($(header x-rate-limit-reset) - $(date -d "$(header date)" +%s))) 2
    fault do=concurrency-limit
    refused 429 E0000047 GET $list
    is limit "$(header x-rate-limit-limit)" 0

    # --- late, or not at all; before the change and after it
    for when in before after; do
        fault do=delay ms=300 when=$when
        begun=$(now_ms)
        gets 200 GET $list
        took 300
        has 'a list' "$body" '"admin"'
        spare
        fault do=delay ms=300 when=$when method=DELETE
        begun=$(now_ms)
        gets 204 DELETE $list/$id
        took 300
        happened 1
        is_gone
    done
    for how in close:52 reset:56; do
        spare
        fault do=${how%:*} method=DELETE
        gets 200 GET $list
        fails ${how#*:} DELETE $list/$id
        is_there
        fault do=${how%:*} method=DELETE when=after
        fails ${how#*:} DELETE $list/$id
        happened 1
        is_gone
        control DELETE faults
        refused 404 E0000007 DELETE $list/$id
    done
    spare
    fault do=status status=500 when=after method=DELETE
    refused 500 E0000009 DELETE $list/$id
    is_gone
    spare
    fault do=status status=500 ms=300 method=DELETE
    begun=$(now_ms)
    refused 500 E0000009 DELETE $list/$id
    took 300
    is_there

    # --- a part of it
    for how in truncate half-close; do
        fault do=$how bytes=20
        fails '18 56' GET $list
        is 'bytes that came' "$(wc -c <"$tmp/body")" 20
        [ "$(header content-length)" -gt 500 ] || fail 'not the length of all of it'
        spare
        fault do=$how bytes=11 method=DELETE path="$list/{id}"
        fails '52 56' DELETE $list/$id --max-time 5
        is_gone
        # There is no more of it than that.
        fault do=$how bytes=1000000
        gets 200 GET $list
        jq -e length "$tmp/body" >"$tmp/jq" || fail 'not whole'
    done

    # --- a connection on which nothing is said
    fault do=stall count=1
    fails 28 GET $list --connect-timeout 1 --max-time 1
    [ ! -s "$tmp/headers" ] || fail 'it said something'
    gets 200 GET $list
    happened 1
    fault do=stall ms=400 count=1
    begun=$(now_ms)
    gets 200 GET $list
    took 400
}

start a --dev --tls off --rate-limit 1000
everything
# --- how much of the head came
for how in truncate:closed half-close:closed; do
    fault do=${how%:*} bytes=11 method=DELETE
    spare
    printf 'DELETE %s/%s HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS %s\r\n\r\n' \
        $list "$id" "$admin" | "$RAW" "$port" >"$tmp/raw"
    is "$how" "$(tr '\n' ' ' <"$tmp/raw")" "HTTP/1.1 20 [${how#*:}] "
done
# --- what matches
spare
fault do=close token="$id"
gets 200 GET $list
token=$secret
fails 52 GET $list
token=$admin
fault do=close client=127.0.0.2
gets 200 GET $list
fault do=close path="$list/{id}"
gets 200 GET $list
fails 52 GET $list/$id
fault do=close 'path=/api/v1/a*' skip=1 count=2
gets 200 GET $list
fails 52 GET $list
fails 52 GET /api/v1/a
gets 200 GET $list
# Nobody, too, and what is no path.
fault do=status status=500
token=
refused 500 E0000009 GET $list
refused 500 E0000009 GET /none
token=$admin
# --- chance repeats itself
throw() {
    fault do=status status=500 probability=0.5 seed="$1"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        call GET $list
        printf '%s ' "$status"
    done
}
is 'the same throws' "$(throw 3)" "$(throw 3)"
[ "$(throw 3)" != "$(throw 4)" ] || fail 'another seed, and the same throws'

# --- what is wrong with one
for bad in 'do=none|do: status, rate-limit' 'do=close x=1|x: there is no such key' \
    'do=close path=/x/{id}|path: no route has this template' \
    'do=close bytes=1|bytes: "close" has none'; do
    # shellcheck disable=SC2086 # words
    exits 1 "$ORGD" dev faults add --data "$tmp/a" ${bad%|*}
    has "$bad" "$err" "okta-orgd: dev: ${bad#*|}"
done
exits 2 "$ORGD" dev faults add --data "$tmp/a" do
has 'no word' "$err" 'what is "do"? KEY=VALUE'
exits 2 "$ORGD" dev faults add --data "$tmp/a"
exits 1 "$ORGD" dev faults remove --data "$tmp/a" f0
has 'none of it' "$err" 'f0 (Fault)'

dev faults clear --data "$tmp/a"
is 'none is left' "$(control GET faults)" '[]'

# --- the request log: what was asked, and no secret
fault do=close count=1
dev requests clear --data "$tmp/a"
fails 52 GET "$list?limit=2" -H 'X-Okta-Retry-Count: 1' -H "X-Other: $admin"
gets 200 GET "$list?q=$admin"
call PUT "$list/$admin" -d "{\"x\":\"$admin\"}"
dev requests list --data "$tmp/a"
cp "$tmp/dev.out" "$tmp/log"
entry() { jq -r "$1" "$tmp/log"; }
is 'how many' "$(entry length)" 3
is 'no answer' "$(entry '.[0] | "\(.status) \(.query) \(.fault | test("^f[0-9]+$"))"')" \
    '0 limit=2 true'
is 'a header' "$(entry '.[0].headers["x-okta-retry-count"]')" 1
is 'credentials' "$(entry '.[0].headers | .authorization + .["x-other"]')" 'SSWS ******'
is 'whose' "$(entry '.[1].token')" "$(sql a "SELECT id FROM token WHERE name = 'admin'")"
is 'a query' "$(entry '.[1].query')" 'q=***'
is 'a body' "$(entry '.[2] | .method + " " + .path + " " + .body')" \
    "PUT $list/*** {\"x\":\"***\"}"
lacks 'the log' "$(cat "$tmp/log")" "$admin"
gets 200 GET $list -H 'X-Empty;'
gets 400 PUT $list/$id -d 'password=hunter2' -H 'Content-Type: text/plain'
last=$(entry '.[-1].number')
dev requests list --data "$tmp/a" after=$last
is 'an empty header' "$(jq -r '.[0].headers["x-empty"]' "$tmp/dev.out")" ''
is 'a text' "$(jq -r '.[1] | "\(.body) \(.bodyBytes)"' "$tmp/dev.out")" '*** 16'

# --- to a terminal nothing goes that steers it, and what is typed is not asked for
gets 200 GET $list -H "X-Odd: $(printf 'a\302\233b\342\200\256c\360\237\230\200')"
dev requests list --data "$tmp/a" after=$((last + 2))
has 'in a pipe' "$(cat "$tmp/dev.out")" "$(printf 'a\302\233b\342\200\256c\360\237\230\200')"
shown=$("$PTY" -- "$ORGD" dev requests list --data "$tmp/a" after=$((last + 2)) </dev/null | tr -d '\r')
has 'at a terminal' "$shown" 'a\u009bb\u202ec\ud83d\ude00'
is 'at a terminal, read' "$(printf '%s' "$shown" | jq -c .)" "$(jq -c . "$tmp/dev.out")"
mkfifo "$tmp/typed"
exec 9<>"$tmp/typed"
timeout 10 "$ORGD" dev requests list --data "$tmp/a" after=$((last + 2)) <&9 >"$tmp/waits" ||
    fail 'it waits for standard input'
exec 9>&-
is 'unasked' "$(jq length "$tmp/waits")" 1
dev requests list --data "$tmp/a" status=2xx method=GET
is 'filtered' "$(jq length "$tmp/dev.out")" 3
exits 1 "$ORGD" dev requests list --data "$tmp/a" colour=red
has 'no such key' "$err" 'query: its keys are method'

# --- it can be followed, and all that waits ends when the org does
"$ORGD" dev requests follow --data "$tmp/a" method=DELETE >"$tmp/follow" &
follower=$!
running="$running $follower"
fault do=delay ms=3000000 path="$list" method=GET
curl -s -o "$tmp/late" -w '%{http_code}' -H "Authorization: SSWS $admin" "$url$list" \
    >"$tmp/late.status" &
late=$!
running="$running $late"
dev faults add --data "$tmp/a" do=half-close path=/api/v1/zones bytes=1
"$RAW" "$port" 9000 >"$tmp/half" <<END &
GET /api/v1/zones HTTP/1.1
Host: x
Authorization: SSWS $admin

END
spare
gets 204 DELETE $list/$id
i=0
until grep -q "$list/$id" "$tmp/follow"; do
    i=$((i + 1))
    [ $i -lt 100 ] || fail 'nothing follows'
    sleep 0.05
done
jq -e .number "$tmp/follow" >"$tmp/jq" || fail 'no JSON lines'
dev faults add --data "$tmp/a" do=stall count=1
"$RAW" "$port" 9000 </dev/null >"$tmp/stalled" &
sleep 0.3
begun=$(now_ms)
stop
[ $(($(now_ms) - begun)) -lt 5000 ] || fail "it took $(($(now_ms) - begun)) ms to end"
wait "$follower" || fail 'following did not end well'
wait "$late"
is 'what was late' "$(cat "$tmp/late.status")" 200
lacks 'what is left of it' "$(cat "$tmp/a.err")" Sanitizer

# --- the same through TLS
start a --dev --rate-limit 1000
token=$admin
everything
stop

# --- and nothing of it without --dev
start a
gets 200 GET $list
stop
