#!/bin/sh
# errors.sh - what no healthy org does, and the exit code for each.
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

# 429: waits as long as the org's own clock says, and goes on.
limited() {
    http '429 Too Many Requests' 'X-Rate-Limit-Limit: 50' \
        'X-Rate-Limit-Remaining: 0' "X-Rate-Limit-Reset: $1" \
        'Date: Sun, 06 Nov 1994 08:49:37 GMT'
    okta_error E0000047 'API call exceeded rate limit due to too many requests.'
}
limited 784111778 | answer 1
list_of_one | answer 2
first 0 list -o json
out_json length 1
is requests "$(requests | wc -l | tr -d ' ')" 2
err_json .note "waiting 2 s for the org's rate limit"
limited 784111978 | answer 1
first 7 list --max-wait 100 -o json
err_json .error.code rate_limit
err_json .error.http 429
err_json '.error.hint | startswith("try again in 20")' true
first 7 list --max-wait 0
# What --max-wait allows is for the whole run, not for each call of it.
limited 784111778 | answer 1
list_of_one 'Link: <@URL@/api/v1/api-tokens?after=two&limit=200>; rel="next"' | answer 2
limited 784111778 | answer 3
list_of_one | answer 4
first 7 list --max-wait 3 -o json
is error "$(tail -n 1 "$tmp/err" | jq -r '.error | .code + " " + .hint')" \
    'rate_limit try again in 2 s, or give a longer --max-wait'
first 0 list --max-wait 4
err_is "okta-tokens: waiting 2 s for the org's rate limit
okta-tokens: waiting 2 s for the org's rate limit"
# Where the attempts were used up, more time would not help.
limited 784111778 | answer 1
first 7 list --retries 0
err_has 'hint: try again in 2 s, or give more --retries'
# With a countdown, where there is a terminal.
limited 784111778 | answer 1
stop
script_serve
exits 0 "$PTY" -1 "$tmp/stdout" -- "$TOKENS" --org "$url" --token-file "$tmp/token" list
out_has "the org's rate limit is used up: going on in 2 s"
# ... as wide as that.
for wide in 60 20; do
    limited 784111778 | answer 1
    stop
    script_serve
    exits 0 "$PTY" -1 "$tmp/stdout" -- env COLUMNS=$wide "$TOKENS" --org "$url" \
        --token-file "$tmp/token" list
    out_has '2 s'
    tr '\r' '\n' <"$tmp/out" | awk -v wide=$wide 'length >= wide { exit 1 }' ||
        fail "the countdown is wider than $wide columns"
done
# ... and Ctrl-C ends it.
limited 784111978 | answer 1
stop
script_serve
exits 130 "$PTY" -1 "$tmp/stdout" 'going on in 20' '^C' -- "$TOKENS" --org "$url" \
    --token-file "$tmp/token" list
out_has interrupted

# 5xx: tried again, then told.
for i in 1 2 3; do
    { http '500 Internal Server Error' && okta_error E0000009 'Internal Server Error'; } |
        answer $i
done
first 9 list --retries 1
is requests "$(requests | wc -l | tr -d ' ')" 2
err_has 'okta-tokens: list: Internal Server Error (request 0123456789abcdef0123456789abcdef)'
first 9 get $id --retries 0 -o jsonl
err_json .error.code server
err_json .error.errorId oaeABCDEFGHIJKLMNOPQRSTUV
err_json .error.requestId 0123456789abcdef0123456789abcdef
script_3() {
    rm -f "$tmp"/script/[0-9]*
}

# 400 and 409 are the caller's, other 4xx nobody's documented.
script_3
{ http '400 Bad Request' && okta_error E0000001 'Api validation failed: limit' \
    '{"errorSummary":"limit: too much"}'; } | answer 1
first 2 list -o json
err_json '.error.causes[0]' 'limit: too much'
err_json .error.code request
{ http '409 Conflict' && okta_error E0000001 'Conflict'; } | answer 1
first 2 list
{ http '405 Method Not Allowed' && okta_error E0000022 'The endpoint'; } | answer 1
first 9 list

# 401 and 403; those of OAuth have no body.
{ http '401 Unauthorized' && okta_error E0000011 'Invalid token provided'; } | answer 1
first 4 get $id
{ http '403 Forbidden' && okta_error E0000006 'You do not have permission'; } | answer 1
first 5 get $id
err_has 'hint: it takes a token of a super or read-only administrator'
printf 'HTTP/1.1 403 Forbidden\nWWW-Authenticate: Bearer authorization_uri="x", scope="okta.apiTokens.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes."\n\n' | answer 1
first 5 get $id
err_has 'does not contain the required scopes'
err_has 'hint: the access token lacks the scope okta.apiTokens.read'
first 5 revoke $id --yes
out_has failed

# Not followed: redirects, and links to another place.
{ http '302 Found' 'Location: http://127.0.0.1:1/'; } | answer 1
first 9 list
err_has 'not followed'
for link in http://127.0.0.1:1/api/v1/api-tokens?after=x \
    https://evil.test/api/v1/api-tokens @URL@/api/v1/users; do
    list_of_one "Link: <$link>; rel=\"next\"" | answer 1
    first 9 list -o json
    is requests "$(requests | wc -l | tr -d ' ')" 1
    is 'the first byte' "$(cut -c 1 "$tmp/out" | sed 1q)" '['
    if jq . "$tmp/out" >"$tmp/jq" 2>&1; then
        fail 'a list that broke off is valid JSON'
    fi
done

# A list that breaks off: what came is shown, never as a whole.
next='Link: <@URL@/api/v1/api-tokens?after=two&limit=200>; rel="next"'
list_of_one "$next" | answer 1
{ printf '%%cut 20\n' && list_of_one; } >"$tmp/cut"
for i in 2 3 4; do
    answer $i <"$tmp/cut"
done
first 8 list --retries 1 -o json
out_has $id
if jq . "$tmp/out" >"$tmp/jq" 2>&1; then
    fail 'a list that broke off is valid JSON'
fi
first 8 list --retries 1 -o tsv --fields id
out_is $id
err_has 'okta-tokens: list: '
{ http '200 OK' && printf '[{"id":'; } | answer 2
first 9 list -o json
{ http '200 OK' && printf '{}'; } | answer 2
first 9 list
{ http '403 Forbidden' && okta_error E0000006 'You do not have permission'; } | answer 2
first 5 list
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
script_3
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

# A DELETE whose answer was lost: what the second attempt finds is success.
script_3
{ http '200 OK' && token_json $id spare; } | answer 1
printf '%%drop\n' | answer 2
{ http '404 Not Found' && okta_error E0000007 'Not found'; } | answer 3
first 0 revoke $id --yes
out_is "$id	spare	revoked"
printf '%%drop\n' | answer 1
{ http '401 Unauthorized' && okta_error E0000011 'Invalid token provided'; } | answer 2
first 0 revoke-current --yes -v
out_is "(the token in use)		revoked"
err_has 'okta-tokens: trying again in 1 s'
# What may have been done is told for what it is.
printf '%%drop\n' | answer 1
rm "$tmp/script/2" "$tmp/script/3"
first 8 revoke-current --yes --retries 0
err_has 'the answer was lost: it may have been done; if it was, the next command'
{ http '200 OK' && token_json $id spare; } | answer 1
{ http '200 OK' && printf '{}'; } | answer 2
first 9 revoke $id --yes
err_has 'the answer is none that this operation has: it may have been done; look'
rm "$tmp/script/2"
# No Okta at all.
printf 'HTTP/1.1 404 Not Found\n\n' | answer 1
first 6 list
err_has 'hint: this does not look like an Okta org: see --org'
first 6 get $id
err_has 'hint: there is no such token'
# A 403 without a body is no success.
printf 'HTTP/1.1 403 Forbidden\n\n' | answer 1
first 5 revoke-current --yes
{ http '200 OK' && token_json $id spare; } | answer 1
printf 'HTTP/1.1 403 Forbidden\n\n' | answer 2
first 5 revoke $id --yes

# A general failure ends the run: the rest is not tried.
script_3
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
script_3
printf '%%sleep 5000\nHTTP/1.1 200 OK\n\n[]' | answer 1
script_serve
exits 8 "$TOKENS" --org "$url" --retries 0 --timeout 1 --token-file "$tmp/token" list -o json
err_json .error.code timeout
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
