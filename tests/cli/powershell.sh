#!/bin/sh
# powershell.sh - the operations by the names of Okta's PowerShell module.
. "$(dirname "$0")/lib.sh"

more() {
    for i in a b c d e f; do
        printf '  - {id: 00Tspare%szzzzzzzzzzz, name: spare %s, user: ada@example.com, ' \
            $i $i
        printf 'created: -20d, lastUsed: -9d}\n'
    done
}
org_data "$(more)"
org_serve
a=00Tspareazzzzzzzzzzz

# Parameters by name, by position, in any letter case.
for way in "-ApiTokenId $a" "-apitokenid:$a" "$a" "-APITOKENID $a"; do
    # shellcheck disable=SC2086 # words
    exits 0 tokens Get-OktaApiToken $way -o json
    out_json .id $a
done
exits 0 tokens GET-OKTAAPITOKEN $a
exits 2 tokens Get-OktaApiToken
err_has 'Get-OktaApiToken needs -ApiTokenId'
exits 2 tokens Get-OktaApiToken $a $a
exits 2 tokens Get-OktaApiToken --yes $a
exits 2 tokens get -ApiTokenId $a
exits 6 tokens Get-OktaApiToken 00Tgonegonegonegoneg

# One page; positions are After, Limit, Q, those apart that are named.
exits 0 tokens Invoke-OktaListApiTokens -Limit 3 -o json
out_json length 3
cursor=$(jq -r .next "$tmp/err")
exits 0 tokens Invoke-OktaListApiTokens "$cursor" 2 -o tsv --fields name
out_is 'spare c
spare d'
err_has "next: okta-tokens Invoke-OktaListApiTokens -Limit 2 -After "
exits 0 tokens Invoke-OktaListApiTokens -Q SPARE -Limit 4 -o json
cursor=$(jq -r .next "$tmp/err")
exits 0 tokens Invoke-OktaListApiTokens -After "$cursor" 1 SPARE -o tsv --fields name
out_is 'spare e'
exits 0 "$PTY" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" Invoke-OktaListApiTokens -Q nobody
is 'an empty table' "$(tr -d '\r' <"$tmp/out")" 'okta-tokens: no tokens'
exits 0 tokens Invoke-OktaListApiTokens -q:admin -o tsv --fields name
out_is admin

# -WithHttpInfo
exits 0 tokens Invoke-OktaListApiTokens -Limit 2 -withhttpinfo
out_json 'keys_unsorted | join(" ")' 'Response StatusCode Headers NextPageUri'
out_json '.Response | map(.name) | join(" ")' 'admin spare a'
out_json .StatusCode 200
out_json '.Headers."content-type" | join(" ")' application/json
out_json '.Headers.link | length' 2
out_json '.NextPageUri | contains("after=")' true
next=$(jq -r .NextPageUri "$tmp/out")
exits 0 tokens Get-OktaApiToken $a -WithHttpInfo
out_json .Response.id $a
out_json .NextPageUri null
exits 6 tokens Get-OktaApiToken 00Tgonegonegonegoneg -WithHttpInfo
out_json .StatusCode 404
out_json .Response.errorCode E0000007
err_has 'Not found'
exits 4 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/other" \
    Invoke-OktaListApiTokens -WithHttpInfo
out_json .StatusCode 401
exits 8 "$TOKENS" --org https://127.0.0.1:1 --retries 0 --token-file "$tmp/token" \
    Invoke-OktaListApiTokens -WithHttpInfo
out_json .StatusCode null

# -Uri: the org's own, and nothing else; what it says is taken from it.
exits 0 tokens Invoke-OktaListApiTokens -Uri "$next" -o tsv --fields name
out_is 'spare b
spare c'
exits 0 tokens Invoke-OktaListApiTokens -Uri "$url/api/v1/api-tokens?q=spare%20e" -o tsv --fields name
out_is 'spare e'
exits 0 tokens Invoke-OktaListApiTokens -Uri "$url/api/v1/api-tokens?q=no&q=spare+e" -o tsv --fields name
out_is 'spare e'
exits 0 tokens Invoke-OktaListApiTokens -Uri "$url/api/v1/api-tokens"
port=${url##*:}
for bad in "https://127.0.0.1:1/api/v1/api-tokens" \
    "http://127.0.0.1:$port/api/v1/api-tokens" \
    "https://127.0.0.1:${port}0/api/v1/api-tokens" \
    "https://127.0.0.1:$port.evil.test/api/v1/api-tokens" \
    "https://127.0.0.1:$port@evil.test/api/v1/api-tokens" \
    "https://127.0.0.2:$port/api/v1/api-tokens" \
    "https://evil.test/api/v1/api-tokens" "/api/v1/api-tokens" \
    "$url/api/v1/users" "$url/api/v1/api-tokens/$a" "$url/api/v1/api-tokens/../users" \
    "$url//api/v1/api-tokens" "$url" x; do
    exits 2 tokens Invoke-OktaListApiTokens -v -Uri "$bad"
    err_has 'nothing was sent'
    err_lacks ' GET '
done
exits 2 tokens Invoke-OktaListApiTokens -Uri "$next" -Limit 3
err_has 'stands alone'
exits 2 tokens Invoke-OktaListApiTokens -Uri "$next#more"
err_has 'a fragment'
exits 2 tokens Invoke-OktaListApiTokens -Uri "$url/api/v1/api-tokens#more"
err_has 'a fragment'
for bad in 'limit=0' 'limit=x' 'limit=' 'limit=201' 'q=%0' 'q=%zz' 'q=%00' after x=1; do
    exits 2 tokens Invoke-OktaListApiTokens -Uri "$url/api/v1/api-tokens?$bad"
    err_has -Uri:
done

# Revoking: never asks.
exits 0 tokens Revoke-OktaApiToken $a --dry-run
exits 0 tokens Revoke-OktaApiToken -ApiTokenId $a
out_is "$a	spare a	revoked"
exits 6 tokens Revoke-OktaApiToken $a -WithHttpInfo
out_json .StatusCode 404
exits 0 tokens Revoke-OktaApiToken $a --if-exists
exits 0 tokens Revoke-OktaApiToken 00Tsparebzzzzzzzzzzz -WithHttpInfo
out_json .StatusCode 204
out_json .Response null
err_lacks revoked
exits 11 "$PTY" -1 "$tmp/stdout" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" Revoke-OktaApiToken 00Tadminaaaaaaaaaaaa
# A dry run shows what would be done, not what came over HTTP for it.
exits 0 tokens Revoke-OktaApiToken 00Tspareczzzzzzzzzzz -WithHttpInfo --dry-run -o json
out_json '.[0].result' would-revoke
exits 0 tokens Revoke-OktaCurrentApiToken -WithHttpInfo --dry-run
out_has would-revoke
exits 0 tokens Revoke-OktaCurrentApiToken --dry-run
out_has would-revoke
exits 0 tokens Revoke-OktaCurrentApiToken -WithHttpInfo
out_json .StatusCode 204
exits 4 tokens Revoke-OktaCurrentApiToken

# Get-OktaConfiguration: what counts, where it is from, no secret.
mkdir "$HOME/.okta"
(umask 077 && cat >"$HOME/.okta/okta.yaml" <<END
okta:
  client:
    orgUrl: https://home.okta.com
    token: $other
    connectionTimeout: 7
END
)
exits 0 "$TOKENS" Get-OktaConfiguration
grep -q "^orgUrl  *https://home.okta.com  (.*/.okta/okta.yaml:3)$" "$tmp/out" ||
    fail 'no orgUrl with its origin'
grep -q "^token  *\*\*\*\*\*\*\*\*  *(.*/.okta/okta.yaml:4)$" "$tmp/out" ||
    fail 'no masked token'
# The origins stand in one column, but for those behind what is very long.
origins() {
    is 'columns that origins begin in' \
        "$(sed 's/(.*//' "$tmp/out" | awk '{ print length }' | sort -un | tr '\n' ' ')" "$1 "
}
origins 48
exits 0 "$TOKENS" Get-OktaConfiguration --proxy http://a.proxy.of.some.letters:3128
origins 62
exits 0 "$TOKENS" Get-OktaConfiguration \
    --proxy http://a-proxy.with-a-name-of-some-more-letters.example:3128
origins '48 87'
exits 0 env OKTA_CLIENT_TOKEN="$secret" "$TOKENS" get-oktaconfiguration -o json \
    --org acme.okta.com
out_json '.[] | select(.key == "token") | .value + " " + .origin' \
    '******** OKTA_CLIENT_TOKEN'
out_json '.[] | select(.key == "orgUrl") | .origin' --org
exits 0 "$TOKENS" Get-OktaConfiguration --token-file "$tmp/token"
grep -q "^token  *\*\*\*\*\*\*\*\*  *(--token-file)$" "$tmp/out" ||
    fail 'no token of --token-file'
exits 0 "$TOKENS" Get-OktaConfiguration --timeout 1200 --retries 0 --proxy \
    http://proxy:3128 --ca-file "$tmp/ca.pem" -o json
out_json 'map(select(.origin != null and (.origin | startswith("--"))) |
    .key + "=" + .value + " " + .origin) | join(", ")' \
    "requestTimeout=1200 --timeout, rateLimit.maxRetries=0 --retries, proxy.host=http://proxy:3128 --proxy, caFile=$tmp/ca.pem --ca-file"

# Headers: as many as an org sends, each name once, its values in their order.
stop
script
{
    printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n'
    i=0
    while [ $i -lt 300 ]; do
        printf 'X-%03d: a%d\nx-%03d: b\n' $((i % 150)) $i $((i % 150))
        i=$((i + 1))
    done
    printf '\n[]'
} | answer 1
script_serve
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" Invoke-OktaListApiTokens \
    -WithHttpInfo
out_json '.Headers."X-007" | join(" ")' 'a7 b a157 b'
out_json '.Headers | keys_unsorted | map(select(startswith("X-"))) |
    [length, .[0], .[149]] | join(" ")' '150 X-000 X-149'
out_json '.Headers."x-007"' null
