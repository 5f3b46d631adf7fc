#!/bin/sh
# limits.sh - an org that says it was asked too much: how long okta-tokens waits.
. "$(dirname "$0")/lib.sh"

org_data "$(many 250)"
org_serve
since() { echo $(($(date +%s) - $1)); }

# --- The limit is used up: it waits as long as the org says, and not longer.
faulty do=rate-limit reset=1 count=1
begun=$(date +%s)
exits 0 tokens list --max 1 -o json
out_json length 1
happened 1
took=$(since $begun)
[ "$took" -ge 1 ] && [ "$took" -le 10 ] || fail "it took $took s"
err_json .note "waiting 2 s for the org's rate limit"
is 'both were asked' "$(asked 'map(.status) | join(" ")')" '429 200'
faulty do=rate-limit reset=200
exits 7 tokens list --max-wait 100 -o json
err_json .error.code rate_limit
err_json .error.http 429
err_json '.error.hint | startswith("try again in 20")' true
exits 7 tokens list --max-wait 0
happened 2
# What --max-wait allows is for the whole run, not for each call of it.
faulty do=rate-limit reset=1 count=1 -- do=rate-limit reset=1 skip=1 count=1
exits 7 tokens list --max-wait 3 -o json
is error "$(tail -n 1 "$tmp/err" | jq -r '.error | .code + " " + .hint')" \
    'rate_limit try again in 2 s, or give a longer --max-wait'
faulty do=rate-limit reset=1 count=1 -- do=rate-limit reset=1 skip=1 count=1
exits 0 tokens list --max-wait 4 -o json
out_json length 251
err_is '{"note":"waiting 2 s for the org'\''s rate limit"}
{"note":"waiting 2 s for the org'\''s rate limit"}'
# Where the attempts were used up, more time would not help.
faulty do=rate-limit reset=1
exits 7 tokens list --retries 0
err_has 'hint: try again in 2 s, or give more --retries'
# With a countdown, where there is a terminal ...
at_terminal() {
    want=$1
    shift
    exits "$want" "$PTY" -1 "$tmp/stdout" "$@" --org "$url" --ca-file "$tmp/ca.pem" \
        --token-file "$tmp/token" list --max 1
}
faulty do=rate-limit reset=1 count=1
at_terminal 0 -- "$TOKENS"
out_has "the org's rate limit is used up: going on in 2 s"
# ... as wide as that.
for wide in 60 20; do
    faulty do=rate-limit reset=1 count=1
    at_terminal 0 -- env COLUMNS=$wide "$TOKENS"
    out_has '2 s'
    tr '\r' '\n' <"$tmp/out" | awk -v wide=$wide 'length >= wide { exit 1 }' ||
        fail "the countdown is wider than $wide columns"
done
# ... and Ctrl-C ends it.
faulty do=rate-limit reset=200
at_terminal 130 'going on in 20' '^C' -- "$TOKENS"
out_has interrupted
# Retry-After comes first.
faulty do=rate-limit reset=3000 count=1 header.Retry-After=1
exits 0 tokens list --max 1 --max-wait 10 -o json
err_json .note "waiting 1 s for the org's rate limit"
happened 1

# --- Who works on many tokens leaves others a share of it.
# minute N: a new one begins, for one token with 10 requests; N of them are used.
minute() {
    "$ORGD" dev clock advance --data "$tmp/org" PT2M >/dev/null
    for _ in $(seq "$1"); do
        exits 0 tokens get 00Tnumber0000zzzzzzz
    done
    control DELETE requests
}
stop
background "$tmp/url" "$ORGD" serve --data "$tmp/org" --dev --rate-limit 20
minute 8
"$ORGD" dev clock advance --data "$tmp/org" PT56S >/dev/null
begun=$(date +%s)
exits 0 tokens list -o json
out_json length 251
took=$(since $begun)
[ "$took" -ge 1 ] && [ "$took" -le 10 ] || fail "it took $took s"
err_json '.note | sub("[1-5] s"; "N s")' \
    "waiting N s, to leave others their share of the org's rate limit"
minute 8
exits 7 tokens list --max-wait 0 -o json
err_json .error.http null
err_json '.error.hint | sub("[0-9]+"; "N")' \
    'try again in N s, or give a longer --max-wait, or a smaller --reserve'
err_has 'leaving others the rest of the rate limit means to wait'
is 'requests' "$(asked length)" 1
minute 8
exits 0 tokens list --max-wait 0 --reserve 0 -o json
out_json length 251
minute 4
exits 7 tokens list --max-wait 0 --reserve 50 -o json
# ... of which nothing is done where all of it can't be.
minute 8
exits 7 tokens revoke 00Tnumber0001zzzzzzz 00Tnumber0002zzzzzzz --yes --max-wait 0
is 'requests' "$(asked 'map(.method) | join(" ")')" GET
# Who has one token to revoke does not wait for others, unless told to.
minute 8
exits 0 tokens revoke 00Tnumber0001zzzzzzz --yes --max-wait 0
minute 4
exits 7 tokens revoke 00Tnumber0002zzzzzzz --yes --max-wait 0 --reserve 50
# What --max-wait allows is for the whole run here, too.
minute 8
"$ORGD" dev clock advance --data "$tmp/org" PT56S >/dev/null
exits 10 tokens get 00Tnumber0003zzzzzzz 00Tnumber0004zzzzzzz 00Tnumber0005zzzzzzz \
    --reserve 99 --max-wait 62 -o json
is error "$(tail -n 1 "$tmp/err" | jq -r '.error | .message + "; " + .hint' |
    sed 's/wait [56][0-9] s/wait N s/; s/in [56][0-9] s/in N s/')" \
    'get 00Tnumber0005zzzzzzz: leaving others the rest of the rate limit means to wait N s, more than is left of the 62 s that this run may wait in all; try again in N s, or give a longer --max-wait, or a smaller --reserve'
# ... with a countdown, where there is a terminal.
minute 8
"$ORGD" dev clock advance --data "$tmp/org" PT56S >/dev/null
exits 0 "$PTY" -1 "$tmp/stdout" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" list
out_has 'okta-tokens: leaving others their share: going on in '
stop
org_serve

# --- Too many at a time: soon again, whatever the reset says.
faulty do=concurrency-limit count=1
begun=$(date +%s)
exits 0 tokens list --max 1 --max-wait 30
happened 1
[ "$(since $begun)" -lt 20 ] || fail "it took $(since $begun) s"
stop
