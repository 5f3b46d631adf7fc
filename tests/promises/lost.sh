#!/bin/sh
# lost.sh - the org has done it, and its answer never arrives: what the command
# says is true all the same. CUT loses the answers.
. "$(dirname "$0")/../cli/lib.sh"
: "${CUT:?}"

nth=0
# seed COUNT: spare tokens with secrets of their own.
seed() {
    awk -v n="$1" 'BEGIN {
        for (i = 1; i <= n; i++)
            printf "  - {id: 00Tspare%012d, name: spare %d, user: ada@example.com, secret: 00spare%035d, created: -20d}\n", i, i, i }'
}
# spare: takes a new one; sets id, and writes its secret to $tmp/spare.
spare() {
    nth=$((nth + 1))
    id=$(printf '00Tspare%012d' $nth)
    (umask 077 && printf '00spare%035d\n' $nth >"$tmp/spare")
}

org_data "$(seed 60)"
org_serve --tls off
org=$url

# loses METHOD HOW TIMES [gone]: from here on, on the way to the org.
loses() {
    [ -z "${cut-}" ] || kill "$cut" 2>/dev/null || :
    background "$tmp/cut" "$CUT" "${org##*:}" "$@"
    cut=$pid
}
# via ARG...: okta-tokens on that way.
via() {
    "$TOKENS" --org "$url" --token-file "$tmp/token" --timeout 2 "$@"
}
# status_of SECRET_FILE PATH: what the org itself says.
status_of() {
    printf 'header = "Authorization: SSWS %s"\n' "$(cat "$1")" |
        curl -s -o /dev/null -w '%{http_code}' -K - "$org/api/v1/api-tokens$2"
}
is_revoked() {
    is "the org on $id" "$(status_of "$tmp/token" /$id)" 404
    is "the org to $id" "$(status_of "$tmp/spare" '?limit=1')" 401
}
network_of() {
    "$TOKENS" --org "$org" --token-file "$tmp/token" get $id -o json |
        jq -c .network
}

# --- The answer to one attempt is lost, and the next finds what it did.
for how in close reset part silent; do
    spare
    loses DELETE $how 1
    exits 0 via revoke $id --yes
    out_is "$id	spare $nth	revoked"
    err_is ''
    is_revoked

    spare
    loses DELETE $how 1
    exits 0 "$TOKENS" --org "$url" --token-file "$tmp/spare" --timeout 2 \
        revoke-current --yes -o json
    out_json '.[0].result' revoked
    is_revoked

    spare
    loses PUT $how 1
    exits 0 via restrict $id --zone nzoone
    out_is "$id	spare $nth	restricted"
    is 'the network' "$(network_of)" '{"connection":"ZONE","include":["nzoone"]}'
done

# --- So are the answers of a bulk run, here and there.
spare
first=$id
spare
second=$id
spare
loses DELETE reset 2
exits 0 via revoke $first $second $id --yes -o json
out_json 'map(.result) | join(" ")' 'revoked revoked revoked'
is_revoked

# --- Every answer is lost: it can't be known, and that is what it says.
unknown='the answer was lost: it may have been done'
for how in close reset part silent; do
    spare
    loses DELETE $how 9
    exits 8 via revoke $id --yes --retries 1
    out_is "$id	spare $nth	failed"
    err_has "$unknown"
    is_revoked

    spare
    loses DELETE $how 9
    exits 8 "$TOKENS" --org "$url" --token-file "$tmp/spare" --timeout 2 \
        revoke-current --yes --retries 1
    out_has failed
    err_has "$unknown"
    is_revoked
done

# --- Or it is lost, and then the org can't be reached.
for how in close reset part; do
    spare
    loses DELETE $how 1 gone
    exits 8 via revoke $id --yes --retries 1
    err_has "$unknown"
    is_revoked

    spare
    loses DELETE $how 1 gone
    exits 8 "$TOKENS" --org "$url" --token-file "$tmp/spare" revoke-current \
        --yes --retries 1 -o json
    out_json '.[0].result' failed
    err_json '.error.hint | startswith("the answer was lost")' true
    is_revoked

    spare
    loses PUT $how 1 gone
    exits 8 via restrict $id --no-zone --retries 1
    out_is "$id	spare $nth	failed"
    err_has "$unknown"
    is 'the network' "$(network_of)" '{"connection":"ZONE","exclude":["ALL_ZONES"]}'
    # Once more, where the org can be reached: it is as it was wanted.
    exits 0 "$TOKENS" --org "$org" --token-file "$tmp/token" restrict $id --no-zone
    out_is "$id	spare $nth	unchanged"
done

# --- What was never sent was not done, and nothing says it may have been.
spare
exits 8 "$TOKENS" --org "$url" --token-file "$tmp/token" revoke $id --yes --retries 0
err_lacks "$unknown"
is "the org on $id" "$(status_of "$tmp/token" /$id)" 200

# --- A lost answer to a question makes no success of "not found".
loses GET reset 1
exits 6 via revoke 00Tgonegonegonegoneg --yes
err_lacks "$unknown"
spare
loses GET close 1
exits 0 via revoke $id --yes
is_revoked
