#!/bin/sh
# processes.sh - many processes at one state folder: none fails, none undoes what
# another did.
. "$(dirname "$0")/lib.sh"

org_data
org_serve
state=$HOME/.local/state/okta-tokens
login() {
    "$TOKENS" login --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" \
        --profile "$1"
}
exits 0 login p0
exits 0 login p1

# many_times COMMAND...: six processes, each ten times; a run that fails writes
# what it said.
worker() {
    n=$1
    shift
    for round in 1 2 3 4 5 6 7 8 9 10; do
        "$@" "$n" >"$tmp/worker$n.$round" 2>&1 ||
            cat "$tmp/worker$n.$round" >>"$tmp/failed"
    done
}
many_times() {
    : >"$tmp/failed"
    pids=
    for i in 0 1 2 3 4 5; do
        worker $i "$@" &
        pids="$pids $!"
    done
    for one in $pids; do
        wait "$one"
    done
    [ ! -s "$tmp/failed" ] ||
        fail "$(wc -l <"$tmp/failed") lines of failures: $(head -n 3 "$tmp/failed")"
    is 'temporary files' "$(ls -A "$state" | grep -c '\.new$' || :)" 0
}

use() {
    "$TOKENS" profile use "p$(($1 % 2))"
}
many_times use
case $(cat "$state/current") in
p0 | p1) ;;
*) fail "in use: $(cat "$state/current")" ;;
esac

sign_in() {
    login "p$(($1 % 3))"
}
many_times sign_in
exits 0 "$TOKENS" profile list -o json
out_json length 3

# Signing in and out at once: a profile is there whole or not at all.
in_and_out() {
    if [ $(($1 % 2)) = 0 ]; then
        login shared
    else
        "$TOKENS" logout --profile shared || [ $? = 6 ]
    fi
}
many_times in_and_out
exits 0 "$TOKENS" logout --all
is 'what is left' "$(ls "$state" | grep -vx id || :)" ''
