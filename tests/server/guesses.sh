#!/bin/sh
# guesses.sh - an account has one count of guesses, however it is called.
. "$(dirname -- "$0")/lib.sh"
. "$here/browser.sh"

new_org a
echo 'correct horse' | "$ORGD" user password --data "$tmp/a" --user ada@example.com
id=$(sql a "SELECT id FROM user WHERE login = 'ada@example.com'")
start a --rate-limit 0 --tls off --trusted-proxy 127.0.0.1/32

# guess NETWORK LOGIN: from an address of its own every 20 times.
guess() {
    browse "$1" POST /login -H "X-Forwarded-For: 198.51.100.$1" \
        -d "form_token=$(form_token)" --data-urlencode "login=$2" -d password=x
}
tries=0
while [ $tries -lt 120 ]; do
    from=$((tries / 20 + 1))
    [ $((tries % 20)) -ne 0 ] || browse $from GET /login
    who=ada@example.com
    [ $((tries % 2)) -eq 0 ] || who=$id
    guess $from "$who"
    [ "$status" != 429 ] || break
    is 'a wrong guess' "$status" 403
    tries=$((tries + 1))
done
is 'guesses at one account' $tries 90
stop
