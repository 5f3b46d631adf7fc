#!/bin/sh
# lost.sh - the org has done it, and its answer never arrives: what the command
# says is true all the same.
. "$(dirname "$0")/../cli/lib.sh"

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
org_serve

# loses METHOD HOW TIMES: the answers to so many of these, which are done.
loses() {
    method=method=$1
    case $2 in
    part) set -- truncate bytes=11 count="$3" ;;
    half) set -- half-close bytes=11 count="$3" ;;
    silent) set -- delay ms=60000 when=after count="$3" ;;
    *) set -- "$2" when=after count="$3" ;;
    esac
    faulty do="$@" "$method"
}
timeout=2
# own ARG...: okta-tokens with the spare token; via ARG...: with the admin's.
own() {
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/spare" \
        --timeout $timeout "$@"
}
via() {
    tokens --timeout $timeout "$@"
}
# status_of SECRET_FILE PATH: what the org itself says.
status_of() {
    printf 'header = "Authorization: SSWS %s"\n' "$(cat "$1")" |
        curl -s -o /dev/null -w '%{http_code}' --cacert "$tmp/ca.pem" -K - \
            "$url/api/v1/api-tokens$2"
}
is_revoked() {
    faulty
    is "the org on $id" "$(status_of "$tmp/token" /$id)" 404
    is "the org to $id" "$(status_of "$tmp/spare" '?limit=1')" 401
}
network_of() {
    faulty
    tokens get $id -o json | jq -c .network
}

# --- The answer to one attempt is lost, and the next finds what it did.
for how in close reset part half silent; do
    spare
    loses DELETE $how 1
    exits 0 via revoke $id --yes
    happened 1
    out_is "$id	spare $nth	revoked"
    err_is ''
    is_revoked

    spare
    loses DELETE $how 1
    exits 0 own revoke-current --yes -o json
    happened 1
    out_json '.[0].result' revoked
    is_revoked

    spare
    loses PUT $how 1
    exits 0 via restrict $id --zone nzoone
    happened 1
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
happened 2
out_json 'map(.result) | join(" ")' 'revoked revoked revoked'
is_revoked

# --- Every answer is lost: it can't be known, and that is what it says.
unknown='the answer was lost: it may have been done'
for how in close reset part half silent; do
    spare
    loses DELETE $how 9
    exits 8 via revoke $id --yes --retries 1
    out_is "$id	spare $nth	failed"
    err_has "$unknown"
    is_revoked

    spare
    loses DELETE $how 9
    exits 8 own revoke-current --yes --retries 1
    out_has failed
    err_has "$unknown"
    is_revoked
done

# --- Or the org dies of it, done, and then can't be reached.
# dies_of COMMAND...: once it is done. Then it serves again, elsewhere.
dies_of() {
    faulty do=delay ms=60000 when=after method="$method"
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null &
    client=$!
    i=0
    until is_done; do
        i=$((i + 1))
        [ $i -lt 200 ] || fail "it is not done: $*"
        sleep 0.05
    done
    kill -9 "$pid"
    got=0
    wait $client || got=$?
    is 'exit code' $got 8
    err_has 'the answer was lost: it may have been done'
    org_serve
}
timeout=20
method=DELETE
is_done() { [ "$(status_of "$tmp/token" /$id)" = 404 ]; }
spare
dies_of via revoke $id --yes --retries 1
out_is "$id	spare $nth	failed"
is_revoked
spare
dies_of own revoke-current --yes --retries 1 -o json
out_json '.[0].result' failed
is_revoked
method=PUT
is_done() {
    tokens get $id -o json | jq -e '.network.exclude == ["ALL_ZONES"]' >"$tmp/jq"
}
spare
dies_of via restrict $id --no-zone --retries 1
out_is "$id	spare $nth	failed"
is 'the network' "$(network_of)" '{"connection":"ZONE","exclude":["ALL_ZONES"]}'
# Once more, where the org can be reached: it is as it was wanted.
exits 0 tokens restrict $id --no-zone
out_is "$id	spare $nth	unchanged"

# --- What was never sent was not done, and nothing says it may have been.
spare
exits 8 "$TOKENS" --org https://127.0.0.1:1 --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" revoke $id --yes --retries 0
err_lacks "$unknown"
is "the org on $id" "$(status_of "$tmp/token" /$id)" 200

# --- A lost answer to a question makes no success of "not found".
loses GET reset 1
exits 6 via revoke 00Tgonegonegonegoneg --yes
happened 1
err_lacks "$unknown"
spare
loses GET close 1
exits 0 via revoke $id --yes
happened 1
is_revoked
