#!/bin/sh
# faults.sh - an org that fails now and then: what okta-tokens makes of it, and
# what it asks the org for meanwhile.
. "$(dirname "$0")/lib.sh"

org_data "$(many 250)"
org_serve
id=00Tnumber0000zzzzzzz
spare=0

# spare: another token that there is; sets id.
spare() {
    spare=$((spare + 1))
    id=$(printf '00Tnumber%04dzzzzzzz' $spare)
}
revoked() {
    exits 6 tokens get $id
}
kept() {
    exits 0 tokens get $id
}
not_json() {
    if jq . "$tmp/out" >"$tmp/jq" 2>&1; then
        fail 'a list that broke off is valid JSON'
    fi
}
since() { echo $(($(date +%s) - $1)); }

# --- A failure that passes is nobody's concern; retries say that they are.
faulty do=status status=503 count=1
exits 0 tokens list --max 1 -v
err_has 'okta-tokens: trying again in 1 s'
is 'what was asked' "$(asked 'map(.status) | join(" ")')" '503 200'
is 'the first says no more' "$(asked '.[0].headers | has("x-okta-retry-count")')" false
is 'X-Okta-Retry-Count' "$(asked '.[1].headers["x-okta-retry-count"]')" 1
is 'X-Okta-Retry-For' "$(asked '.[1].headers["x-okta-retry-for"] == .[0].requestId')" true
faulty do=status status=503 count=1 header.Retry-After=3
begun=$(date +%s)
exits 0 tokens list --max 1
happened 1
[ "$(since $begun)" -ge 2 ] || fail 'it did not wait as long as it was told'
faulty do=status status=500 count=2
exits 0 tokens list --max 1
is 'the second retry' \
    "$(asked '.[0].requestId as $first | .[2].headers | "\(.["x-okta-retry-count"]) \(.["x-okta-retry-for"] == $first)"')" \
    '2 true'
# ... until the attempts are used up.
faulty do=status status=500
exits 9 tokens list --retries 1
happened 2
err_has 'okta-tokens: list: Internal Server Error (request '
is 'the request that it names' "$(sed -n 's/.*(request \([0-9a-f]*\)).*/\1/p' "$tmp/err" | head -n 1)" \
    "$(asked '.[-1].requestId')"
exits 9 tokens get $id --retries 0 -o jsonl
err_json .error.code server
err_json '.error.errorId | test("^oae.{22}$")' true
is 'the request that it names' "$(jq -r .error.requestId "$tmp/err")" \
    "$(asked '.[-1].requestId')"
faulty do=status status=502
exits 9 tokens get $id --retries 0 -o jsonl
err_json .error.code server
err_json .error.http 502
# A restriction is sent again where the org has not looked at it, and only there.
spare
faulty do=rate-limit reset=1 count=1 method=PUT
exits 0 tokens restrict $id --zone nzoone
happened 1
out_has restricted
spare
faulty do=status status=503 method=PUT
exits 9 tokens restrict $id --zone nzoone
happened 1

# --- A revocation whose connection is cut: before it was done, and after.
for how in close reset; do
    for when in before after; do
        spare
        faulty do=$how method=DELETE when=$when count=1
        exits 0 tokens revoke $id --yes
        happened 1
        out_has revoked
        is "attempts, cut $when" "$(asked 'map(.status) | join(" ")' method=DELETE)" \
            "0 $([ $when = before ] && echo 204 || echo 404)"
        revoked
    done
    spare
    faulty do=$how method=DELETE when=before
    exits 8 tokens revoke $id --yes --retries 1
    err_has 'the answer was lost: it may have been done'
    is 'nothing but lost' "$(asked 'map(.status) | unique | join(" ")' method=DELETE)" 0
    faulty
    kept
done
faulty do=close method=DELETE
exits 8 tokens revoke-current --yes --retries 0
err_has 'the answer was lost: it may have been done; if it was, the next command'
# So is a restriction's; the token, read again, tells that it was not made.
spare
faulty do=close method=PUT count=2
exits 8 tokens restrict $id --any-zone
err_has 'it may have been done'
# It is made, and then the org falls silent.
faulty do=status status=403 code=none method=GET path='/api/v1/api-tokens/{id}' skip=1
exits 5 tokens restrict $id --any-zone
out_has failed
err_has 'the org accepted the change, but the token can'

# --- A page that breaks off: what came is shown, never as a whole.
for how in truncate half-close; do
    faulty do=$how bytes=700 skip=1
    exits 8 tokens list --retries 1 -o json
    out_has '00Tnumber0000zzzzzzz'
    not_json
    happened 2
    exits 8 tokens list --retries 0 -o tsv --fields id
    [ "$(wc -l <"$tmp/out")" -le 200 ] || fail 'more than a page'
    err_has 'okta-tokens: list: '
    faulty do=$how bytes=700 skip=1 count=1
    exits 0 tokens list -o json
    out_json 'length > 200' true
    out_json '[.[].id] | (unique | length) == length' true
    happened 1
done
faulty do=status status=403 skip=1
exits 5 tokens list -o json
not_json

# --- An answer that takes too long.
faulty do=delay ms=60000
exits 8 tokens list --retries 0 --timeout 1 -o json
err_json .error.code timeout
faulty do=delay ms=60000 count=1
exits 0 tokens list --max 1 --timeout 1
happened 1
spare
faulty do=delay ms=60000 count=1 method=DELETE when=after
exits 0 tokens revoke $id --yes --timeout 2
happened 1
revoked

# --- A connection on which nothing is said: no TLS.
faulty do=stall count=1
begun=$(date +%s)
exits 8 tokens list --retries 0 --timeout 1 -o json
[ "$(since $begun)" -lt 10 ] || fail 'it waits for ever'
err_json .error.code timeout
err_json '.error.message | test("(?i)TLS|connect")' true
is 'nothing was asked' "$(asked length)" 0
faulty do=stall count=1
exits 0 tokens list --max 1 --timeout 2
happened 1
spare
faulty do=stall count=1
exits 8 tokens revoke-current --yes --retries 0 --timeout 1
err_lacks 'may have been done'
faulty

# --- What the org refuses is the caller's, and is not asked for again.
refuses() {
    want=$1
    shift
    faulty do=status "$@"
    exits "$want" tokens list -o json
    happened 1
}
refuses 2 status=400 cause='limit: too much'
err_json '.error.causes[0]' 'limit: too much'
err_json .error.code request
refuses 2 status=409 code=E0000001
refuses 4 status=401
err_json .error.code auth
refuses 5 status=403
err_json '.error.hint | startswith("it takes a token of a super or read-only")' true
# Those of OAuth have no body: all stands in the header.
refuses 5 status=403 code=none header.WWW-Authenticate='Bearer authorization_uri="x", scope="okta.apiTokens.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes."'
err_json '.error.message | test("does not contain the required scopes")' true
err_json .error.hint 'the access token lacks the scope okta.apiTokens.read'
refuses 9 status=405
refuses 8 status=302 header.Location=http://127.0.0.1:1/
err_json '.error.message | test("not followed")' true
faulty do=status status=403 code=none method=DELETE
spare
exits 5 tokens revoke $id --yes
exits 5 tokens revoke-current --yes
faulty
kept

# --- Links to another place are not followed.
for link in http://127.0.0.1:1/api/v1/api-tokens?after=x \
    https://evil.test/api/v1/api-tokens "$url/api/v1/users"; do
    faulty do=headers header.Link="<$link>; rel=\"next\""
    exits 9 tokens list -o json
    is 'requests' "$(asked length)" 1
    is 'the first byte' "$(cut -c 1 "$tmp/out" | sed 1q)" '['
    not_json
done
stop
