#!/bin/sh
# get.sh - get: by id, by prefix, by name.
. "$(dirname "$0")/lib.sh"

org_data '  - {id: 00Tdeployaaaaaaaaaaa, name: "deploy \"x\" \u00e9", user: ada@example.com, created: -9d, lastUsed: -1d}
  - {id: 00Tdeploybbbbbbbbbbb, name: twin, user: ada@example.com, created: -9d}
  - {id: 00Tbackupbbbbbbbbbbb, name: twin, user: ada@example.com, created: -9d}'
org_serve
a=00Tdeployaaaaaaaaaaa
b=00Tdeploybbbbbbbbbbb
gone=00Tgonegonegonegoneg

# One: an object. Several: an array, each once, in the order given.
exits 0 tokens get $a -o json
out_json .id $a
out_json .x.status used
out_json '.name' 'deploy "x" é'
exits 0 tokens get $b $a $b -o json
out_json 'map(.id) | join(" ")' "$b $a"
exits 0 tokens get $a $b -o jsonl
is lines "$(wc -l <"$tmp/out" | tr -d ' ')" 2
exits 0 tokens get $a --fields id,userId
out_is "$a	00uadaaaaaaaaaaaaaaa"
err_is ''
exits 0 tokens get -o json -- $a
exits 0 tokens get "--output=json" $a
exits 0 tokens get $a -o csv
out_has 'id,name,userId'

# 404: alone 6, all alike 6, mixed 10; those that are there are shown.
exits 6 tokens get $gone
out_is ''
err_has "okta-tokens: get $gone: Not found: Resource not found: $gone (Token) (request "
err_has 'hint: there is no such token in this org'
exits 6 tokens get $gone 00Tgonegonegonegoneh
exits 6 tokens get $gone 00Tgonegonegonegoneh -o json
is 'none of them' "$(jq -c . "$tmp/out")" '[]'
exits 6 tokens get $gone -o json
out_is ''
exits 10 tokens get $a $gone $b -o json
out_json 'map(.id) | join(" ")' "$a $b"
err_json .error.code not_found
err_json .error.http 404
err_json .error.oktaErrorCode E0000007
err_json '.error.errorId | startswith("oae")' true
err_json '.error.requestId | length' 32

# On a terminal a beginning or a name do, if there is only one.
pty_tokens() {
    "$PTY" -1 "$tmp/stdout" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
        --token-file "$tmp/token" "$@"
}
exits 0 pty_tokens get 00Tdeploya -o json
is id "$(jq -r .id "$tmp/stdout")" $a
exits 0 pty_tokens get --name 'deploy "x" é' -o json
is id "$(jq -r .id "$tmp/stdout")" $a
exits 0 pty_tokens get --name 'deploy "x" é' 00Tdeploya $a 00Tba -o json
is ids "$(jq -r 'map(.id) | join(" ")' "$tmp/stdout")" "$a 00Tbackupbbbbbbbbbbb"
exits 2 pty_tokens get 00Tdeploy
out_has "'00Tdeploy' means 2 tokens: "
out_has "$b (twin)"
exits 2 pty_tokens get --name twin
out_has "'twin' means 2 tokens"
exits 6 pty_tokens get 00Tnone
out_has "no token of this org begins with '00Tnone'"
exits 6 pty_tokens get --name Twin
out_has "no token of this org is named 'Twin'"
exits 2 pty_tokens get 00T
out_has "'00T' is no token id"

# Without a terminal: whole ids only.
exits 2 tokens get 00Tdeploya
exits 2 tokens get --name twin

# A token that the org does not accept, or that may not.
"$ORGD" token create --data "$tmp/org" --name weak --user bob@example.com \
    >"$tmp/weak"
chmod 600 "$tmp/weak"
exits 0 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    get $a
exits 4 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/other" get $a $b
err_has 'Invalid token provided (request '
err_has 'hint: the credential is revoked, expired'
is 'requests for a dead token' "$(grep -c 'Invalid token' "$tmp/err")" 1
