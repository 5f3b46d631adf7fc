#!/bin/sh
# http.sh - requests that are none, or could be read in two ways, by raw bytes.
. "$(dirname -- "$0")/lib.sh"

new_org a
token=$(create a admin)
id=$(sql a 'SELECT id FROM token')
create a other >/dev/null
start a --tls off --rate-limit 0
has 'URL without TLS' "$url" http://127.0.0.1:
host='Host: x\r\n'
auth="Authorization: SSWS $token\\r\\n"
list=/api/v1/api-tokens

# raw STATUSES END FORMAT...: sends what printf makes of it; the statuses that
# come back, and whether the connection is then closed.
raw() {
    statuses=$1
    end=$2
    shift 2
    # shellcheck disable=SC2059 # the formats are the requests
    printf "$@" | "$RAW" "$port" 700 >"$tmp/raw"
    got=$(tr '\r' '\n' <"$tmp/raw" | tr -d '\0' |
        sed -n 's/.*HTTP\/1\.1 \([0-9][0-9]*\) .*/\1/p' | paste -sd' ' -)
    is "answer to $1" "$got" "$statuses"
    last=$(tail -n 1 "$tmp/raw")
    case $end in
    closed) case $last in '[closed]' | '[reset]') ;; *) fail "$1: $last" ;; esac ;;
    *) is "end of $1" "$last" "[$end]" ;;
    esac
}
long() { head -c "$1" /dev/zero | tr '\0' a; }
two="GET /second HTTP/1.1\r\n$host\r\n"

# --- the connection lives on after a good request, and after a refused one of
# the API; requests in a row are answered in turn
raw '200 404' open "GET $list HTTP/1.1\r\n$host$auth\r\n$two"
raw '404 404' open "GET $list/00Tx HTTP/1.1\r\n$host${auth}Content-Length: 5\r\n\r\nhello$two"
raw '400 404' open "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n$two"
raw '403' closed "GET $list HTTP/1.1\r\n${host}Connection: close\r\n\r\n"
raw '403' closed "GET $list HTTP/1.0\r\n\r\n"

# --- two ways to read it: refused, closed, and nothing behind it is served
two_ways() { raw 400 closed "$@"; }
smuggled="DELETE $list/$id HTTP/1.1\r\n$host$auth\r\n"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 0\r\nContent-Length: 4\r\n\r\n$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 4\r\nContent-Length: 4\r\n\r\naaaa$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 4, 4\r\n\r\naaaa$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: +4\r\n\r\naaaa"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: -4\r\n\r\naaaa"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 0x4\r\n\r\naaaa"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$smuggled"
two_ways "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\n\r\n1;\r\n"'\001'"\r\nzz\r\n$smuggled"
two_ways "GET $list HTTP/1.1\r\n${host}Host: y\r\n$auth\r\n"
two_ways "GET $list HTTP/1.1\r\n$host${host}$auth\r\n"
two_ways "GET $list HTTP/1.1\r\n$auth\r\n"
two_ways "GET $list HTTP/1.1\r\n$host$auth$auth\r\n"
for name in Content-Type cookie DPoP Origin User-Agent; do
    two_ways "GET $list HTTP/1.1\r\n$host$auth$name: a\r\n$name: a\r\n\r\n"
done
two_ways "GET $list HTTP/1.1\n$host$auth\n"
two_ways "GET $list HTTP/1.1\r\n$host${auth}X: a\r\n b\r\n\r\n"
two_ways "GET $list HTTP/1.1\r\n$host${auth}X : a\r\n\r\n"
two_ways "GET $list HTTP/1.1\r\n$host$auth: a\r\n\r\n"
two_ways "GET $list HTTP/1.1\r\n$host${auth}X: a\rb\r\n\r\n"
two_ways "GET $list HTTP/1.1\r\n$host${auth}X: a"'\000'"b\r\n\r\n"

# --- targets
for target in "$list?q=a"'\001'b "$list"'\t' "$list"'\177' "$list"'\377' \
    "$list/%%00" "$list?q=%%00" "$list?q=%%0a" "$list?q=%%0D%%0aX:1" \
    "$list?q=%%7f" "$list#a" "$list?q=\"" "$list?q=<" "$list"'\\' \
    "http://x$list" "https://127.0.0.1$list" '*' "x$list" '?q=1'; do
    raw 400 closed "GET $target HTTP/1.1\r\n$host$auth\r\n$two"
done
printf "GET $list"'\000'" HTTP/1.1\r\n$host$auth\r\n" | "$RAW" "$port" 700 >"$tmp/raw"
if grep -aq 'HTTP/1.1 [23]' "$tmp/raw"; then fail 'a NUL in a target is served'; fi
raw 404 open "GET /api/v1/../v1/api-tokens HTTP/1.1\r\n$host$auth\r\n"
raw 505 closed "GET $list HTTP/2.0\r\n$host$auth\r\n"
raw 400 closed 'GET /\r\n\r\n'
raw '' closed '\026\003\001\002\000\001\000\001\374\003\003'

# --- sizes
raw 411 closed "PUT $list/$id HTTP/1.1\r\n$host$auth\r\n$two"
raw 411 closed "POST $list HTTP/1.1\r\n$host$auth\r\n$two"
raw 405 open "POST $list HTTP/1.1\r\n$host${auth}Content-Length: 0\r\n\r\n"
raw 413 closed "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 65537\r\n\r\n"
raw 413 closed "PUT $list/$id HTTP/1.1\r\n$host${auth}Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n"
raw 413 closed "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 99999999999999999999999\r\n\r\n"
raw 413 closed "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na"
raw 400 open "PUT $list/$id HTTP/1.1\r\n$host${auth}Content-Length: 65536\r\n\r\n$(long 65536)"
raw 413 closed "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\n\r\n10001\r\n$(long 65537)\r\n0\r\n\r\n"
raw 414 closed "GET /$(long 8192) HTTP/1.1\r\n$host\r\n"
raw 404 open "GET /$(long 8191) HTTP/1.1\r\n$host\r\n"
raw 414 closed "GET /$(long 70000) HTTP/1.1\r\n$host\r\n"
raw 431 closed "GET $list HTTP/1.1\r\n${host}X: $(long 40000)\r\n\r\n"
{
    printf "GET $list HTTP/1.1\r\n$host"
    i=0
    while [ $i -lt 10000 ]; do
        i=$((i + 1))
        echo "X$i: a"
    done | sed 's/$/\r/'
    printf '\r\n'
} | "$RAW" "$port" 700 >"$tmp/raw"
grep -aq 'HTTP/1.1 431 ' "$tmp/raw" || fail '10,000 headers'
# A body without end is cut off.
{
    printf "PUT $list/$id HTTP/1.1\r\n$host${auth}Transfer-Encoding: chunked\r\n\r\n"
    long 4194304 | sed 's/.*/400000\r\n&\r\n/'
} | "$RAW" "$port" 700 >"$tmp/raw"
case $(tail -n 1 "$tmp/raw") in '[open]') fail 'an endless body is taken' ;; esac

# --- a secret in place of a method, or in a target, is not written down
raw 405 open "$token $list HTTP/1.1\r\n$host\r\n"
raw 404 open "GET /$token HTTP/1.1\r\n$host\r\n"
raw 403 open "GET $list?q=$token HTTP/1.1\r\n$host\r\n"

# --- names of headers go out in small letters, whoever adds them
names() {
    # shellcheck disable=SC2059
    printf "$@" | "$RAW" "$port" 700 >"$tmp/raw"
    grep -aq '^HTTP/1.1 ' "$tmp/raw" || fail "no answer to $1"
    sed -n '/^HTTP/,/^.$/s/^\([^ :]*\):.*/\1/p' "$tmp/raw" | paste -sd' ' -
}
rate='x-rate-limit-limit x-rate-limit-remaining x-rate-limit-reset'
none='cache-control pragma expires'
new="GET $list?limit=9 HTTP/1.1\r\n$host$auth"
is 'a list' "$(names "$new\r\n")" \
    "content-type $none $rate link x-okta-request-id date content-length"
is 'a list, and no more' "$(names "${new}Connection: close\r\n\r\n")" \
    "connection content-type $none $rate link x-okta-request-id date content-length"
is 'of HTTP/1.0' "$(names "GET $list HTTP/1.0\r\n\r\n")" \
    "connection content-type $none $rate x-okta-request-id date content-length"
is 'HEAD' "$(names "HEAD $list?limit=9 HTTP/1.1\r\n$host$auth\r\n")" \
    "content-type $none $rate link x-okta-request-id date content-length"
is 'no method' "$(names "PUT $list HTTP/1.1\r\n$host${auth}Content-Length: 0\r\n\r\n")" \
    "content-type $none $rate allow x-okta-request-id date content-length"
is 'refused' "$(names "GET $list HTTP/1.1\r\n$host$host\r\n")" \
    "connection x-okta-request-id date content-length"
gone=$(sql a "SELECT id FROM token WHERE name = 'other'")
is 'no content' "$(names "DELETE $list/$gone HTTP/1.1\r\n$host$auth\r\n")" \
    "$none $rate x-okta-request-id date"
is 'a page' "$(names "GET /login HTTP/1.1\r\n$host\r\n" | tr ' ' '\n' | grep -c '[A-Z]' || :)" 0

# --- after all that it serves, and nobody was revoked by it
gets 200 GET $list
is 'the token is there' "$(jq -r '.[0].id' "$tmp/body")" "$id"
stop
if grep -qF -e "$(printf %.10s "$token")" "$tmp/a.err"; then
    fail 'a secret, or its beginning, in the log'
fi
is 'lines that are no log line' "$(grep -v '^time=' "$tmp/a.err" | grep -vc 'this runs as root' || :)" 0
# What libmicrohttpd refuses is logged as it was answered, too; only the body
# without end has got no answer.
is 'lines of what got no answer' "$(grep -c ' status=0 ' "$tmp/a.err")" 1
