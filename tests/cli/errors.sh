#!/bin/sh
# errors.sh - what no org does, not even one that fails, and the exit code for
# each.
. "$(dirname "$0")/lib.sh"

id=00Tspareaaaaaaaaaaaa
script

# http STATUS [HEADER...]: with those, and an end of the head.
http() {
    printf 'HTTP/1.1 %s\n' "$1"
    shift
    for header; do
        printf '%s\n' "$header"
    done
    printf 'X-Okta-Request-Id: 0123456789abcdef0123456789abcdef\n'
    printf 'Content-Type: application/json\n\n'
}
okta_error() {
    printf '{"errorCode":"%s","errorSummary":"%s","errorLink":"%s",' "$1" "$2" "$1"
    printf '"errorId":"oaeABCDEFGHIJKLMNOPQRSTUV","errorCauses":[%s]}' "${3-}"
}
# first ARG...: serves the script from its start and runs okta-tokens.
first() {
    want=$1
    shift
    if [ -n "${pid-}" ]; then
        stop
    fi
    rm -f "$tmp/script/requests"
    script_serve
    exits "$want" "$TOKENS" --org "$url" --token-file "$tmp/token" "$@"
}
list_of_one() {
    http '200 OK' "$@"
    printf '[%s]' "$(token_json $id spare)"
}

forget() {
    rm -f "$tmp"/script/[0-9]*
}

# A list whose second page is none.
next='Link: <@URL@/api/v1/api-tokens?after=two&limit=200>; rel="next"'
list_of_one "$next" | answer 1
{ http '200 OK' && printf '[{"id":'; } | answer 2
first 9 list -o json
{ http '200 OK' && printf '{}'; } | answer 2
first 9 list
# Empty pages go on; the same link twice is an error.
{ http '200 OK' "$next" && printf '[]'; } | answer 1
list_of_one | answer 2
first 0 list -o json
out_json length 1
is requests "$(requests | tr '\n' ' ')" \
    'GET /api/v1/api-tokens?limit=200 GET /api/v1/api-tokens?after=two&limit=200 '
{ http '200 OK' "$next" && printf '[]'; } | answer 2
first 9 list
list_of_one "$next" | answer 1
first 0 list --limit 1 -o json
is next "$(jq -r .next "$tmp/err")" two
# The next page is asked for ahead, but not where one page is wanted.
{ printf '%%pause 300\n' && list_of_one "$next"; } | answer 1
for command in 'list --limit 1' 'list --max 1' Invoke-OktaListApiTokens; do
    # shellcheck disable=SC2086 # words
    first 0 $command
    sleep 0.2
    is "requests of $command" "$(requests | wc -l | tr -d ' ')" 1
done

# Hostile text reaches neither terminal nor shell.
evil='\u001b]0;x\u0007\u202egnp.\u200b\n'
forget
{ http '200 OK' 'Link: <@URL@/api/v1/api-tokens?after=%27%3Btouch%20x%1b>; rel="next"' &&
    printf '[%s]' "$(token_json $id "$evil")"; } | answer 1
{ http '404 Not Found' 'X-Okta-Request-Id: a b' &&
    okta_error E0000007 "$evil" "{\"errorSummary\":\"$evil\"}"; } | answer 2
escape=$(printf '\033')
first 0 list --limit 1
err_lacks "$escape"
err_has "next: the cursor (escaped; -o json has it whole) ';touch x\\x1b"
exits 6 "$TOKENS" --org "$url" --token-file "$tmp/token" get $id
err_lacks "$escape"
err_lacks "$(printf '\342\200\256')"
err_has '\x1b]0;x\x07\u{202e}gnp.'
first 0 list --max 1
for file in stdout out; do
    stop
    script_serve
    exits 0 "$PTY" -- "$TOKENS" --org "$url" --token-file "$tmp/token" list --limit 1 -o json
    out_lacks "${escape}]"
    out_lacks "$(printf '\342\200\256')"
done
stop
script_serve
exits 0 "$PTY" -- "$TOKENS" --org "$url" --token-file "$tmp/token" \
    Invoke-OktaListApiTokens -WithHttpInfo
out_lacks "${escape}]"
# A cursor that a shell would read is quoted.
list_of_one 'Link: <@URL@/api/v1/api-tokens?after=%27%3Btouch%20x>; rel="next"' | answer 1
first 0 list --limit 1
err_is "next: okta-tokens list --limit 1 --after ''\\'';touch x' --org $url --token-file $tmp/token"

# An answer to a DELETE that is none.
forget
{ http '200 OK' && token_json $id spare; } | answer 1
{ http '200 OK' && printf '{}'; } | answer 2
first 9 revoke $id --yes
err_has 'the answer is none that this operation has: it may have been done; look'
rm "$tmp/script/2"
# No Okta at all.
{ http '404 Not Found' && okta_error E0000008 'The requested path was not found'; } | answer 1
first 6 list
err_has 'hint: this does not look like an Okta org: see --org'
{ http '404 Not Found' && okta_error E0000007 'Not found'; } | answer 1
first 6 get $id
err_has 'hint: there is no such token'

# A next page at another of the org's names.
list_of_one 'Link: <https://acme.example:8443/api/v1/api-tokens?after=two>; rel="next"' | answer 1
first 9 list
err_has 'a link to another place (https://acme.example:8443): nothing was sent there'
err_has 'hint: if that is another name of your org, give it as --org'

# A gateway or a captive portal: told as such, never taken for the org's word.
for status in '200 OK' '302 Found' '401 Unauthorized' '403 Forbidden' '404 Not Found' \
    '502 Bad Gateway' '503 Service Unavailable' '511 Network Authentication Required'; do
    printf 'HTTP/1.1 %s\nContent-Type: text/html\nLocation: http://portal.example/\n\n<html>Welcome</html>' \
        "$status" | answer 1
    code=8
    [ "${status%% *}" -lt 500 ] || code=9
    for command in list "get $id" "revoke $id --yes --if-exists" \
        "revoke-current --yes" "restrict $id --anywhere"; do
        # shellcheck disable=SC2086 # words
        first $code $command --retries 0
        err_has "${url#http://}: "
        err_has "HTTP ${status%% *}"
        err_has 'a captive portal, it seems, and not the org'
        err_has 'hint: '
    done
    first $code list --retries 0 -o json
    err_json .error.http "${status%% *}"
done
{ http '200 OK' && token_json $id spare; } | answer 1
printf 'HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<html></html>' | answer 2
first 8 revoke $id --yes --if-exists
out_has failed
rm "$tmp/script/2"

# A general failure ends the run: the rest is not tried.
forget
{ http '200 OK' && token_json $id spare; } | answer 1
{ http '401 Unauthorized' && okta_error E0000011 'Invalid token provided'; } | answer 2
first 4 revoke $id 00Tsparebbbbbbbbbbbb 00Tsparecccccccccccc --yes -o json
is results "$(jq -r 'map(.result) | join(" ")' "$tmp/out")" 'failed failed failed'
out_json '.[2].error.message | startswith("not tried: ")' true
is requests "$(requests | wc -l | tr -d ' ')" 2
err_json .error.http 401
first 4 revoke $id 00Tsparebbbbbbbbbbbb --yes
out_is "$id	spare	not tried
00Tsparebbbbbbbbbbbb		failed"
first 10 get $id 00Tsparebbbbbbbbbbbb 00Tsparecccccccccccc -o json
out_has $id
if jq . "$tmp/out" >"$tmp/jq" 2>&1; then
    fail 'an array that broke off is valid JSON'
fi

# No network, no TLS, no answer in time.
stop
exits 8 "$TOKENS" --org http://127.0.0.1:1 --retries 0 --token-file "$tmp/token" list -o json
err_json .error.code network
err_json .error.http null
exits 8 env no_proxy= "$TOKENS" --org https://acme --proxy http://127.0.0.1:1 --retries 0 \
    --token-file "$tmp/token" list
err_has 'hint: it goes through the proxy 127.0.0.1 (from --proxy); see --proxy'
# (Where no name server answers, that is another failure.)
unresolved() {
    exits 8 "$TOKENS" --org "$1" --proxy '' --retries 0 --timeout 5 \
        --token-file "$tmp/token" list
    if grep -q 'resolve host' "$tmp/err"; then
        err_has "hint: $2"
    fi
}
unresolved https://acme.invalid 'is --org spelled right?'
unresolved okta-none 'is it --org https://okta-none.okta.com?'
forget
script_serve
exits 8 "$TOKENS" --org "https${url#http}" --retries 0 --timeout 2 --token-file "$tmp/token" list
exits 2 "$TOKENS" --org http://example.com --token-file "$tmp/token" list
exits 2 "$TOKENS" --org https://acme-admin.okta.com --token-file "$tmp/token" list
err_has acme.okta.com

rm "$tmp/script/requests"
# --verbose and --debug-http never show the credential.
stop
list_of_one | answer 1
list_of_one | answer 2
script_serve
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" list -v
err_has 'GET '
err_lacks Authorization
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" list --debug-http -o json
grep -q '^{"log":"> Authorization: SSWS \[redacted\]"}$' "$tmp/err" || fail 'no header'
grep -q "SSWS $secret" "$tmp/script/requests" || fail 'the credential was not sent'
is 'how often it was sent' "$(grep -c "$secret" "$tmp/script/requests")" 2
# A line of the library's is safe already: it is escaped once.
stop
list_of_one 'X-Note: a\b' | answer 1
script_serve
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" list --debug-http
grep -q 'X-Note: a\\\\b$' "$tmp/err" || fail 'not escaped once'
