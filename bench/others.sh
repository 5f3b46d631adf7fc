# others.sh - okta-orgd beside what else stands in for an org; sourced by
# bench.sh.
#
# Each answers 4,000 GET of one id to h2load, over 16 connections, once it has
# answered 900: emulate takes 5,000 of a token, so it is started anew each turn.

emulate=$modules/emulate/dist/index.js
prism=$modules/.bin/prism
description=${OKTA_SPEC_DIR-}/openapi/api-tokens-2026.06.3.yaml

# counted URL HEADER: answers a second.
counted() {
    for requests in 900 4000; do
        h2load --h1 -t 1 -c 16 -n $requests -H "$2" "$1" >"$work/h2load" 2>&1
    done
    grep -q '^status codes: 4000 2xx' "$work/h2load" ||
        fail "$1: $(cat "$work/h2load")"
    sed -n 's/^finished in [^,]*, \([0-9.]*\) req.*/\1/p' "$work/h2load"
}

# printed NAME PATTERN: waits until the server NAME has said it; what \( \) in
# it stands for.
printed() {
    tries=0
    until grep -q "$2" "$work/$1"; do
        tries=$((tries + 1))
        [ "$tries" -le 100 ] || fail "$1 does not start: $(cat "$work/$1")"
        sleep 0.1
    done
    sed -n "s|.*$2.*|\1|p" "$work/$1"
}

# count_emulate: of a user, by an emulate of its own; in a subshell, as it has a
# header and a pid of its own, too.
count_emulate() {
    port=$(node -e 'const s = require("net").createServer().listen(0,
        "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    serve emulate $clean node "$emulate" start --service okta --port "$port"
    emulated=$(printed emulate '\(http:[^ ]*\)')/api/v1/users
    header='Authorization: Bearer test_token_admin'
    user=$(curl -sSf -H "$header" "$emulated" |
        sed -n 's/^[^"]*"id":"\([^"]*\)".*/\1/p')
    [ -n "$user" ] || fail 'emulate has no user'
    counted "$emulated/$user" "$header"
    kill "$pid"
}

# note_other WHAT AGAINST OURS THEIRS: files of $work, the more the better.
note_other() {
    ours=$(median <"$work/$3")
    theirs=$(median <"$work/$4")
    note "okta-orgd, $1" "$2" "$(div "$ours" 1 0)/s" "$(div "$theirs" 1 0)/s" \
        "$(ratio "$ours" "$theirs")" - - x
}

row_others() {
    install_node
    make_org
    rm -f "$work"/count-*
    header="Authorization: SSWS $org_secret"
    serve others "$bin/okta-orgd" serve --data "$work/org" --tls off \
        --rate-limit 0
    others=$pid
    org=$(cat "$work/others")/api/v1
    curl -sSfi -H "$header" "$org/api-tokens/$id" >"$work/answer"
    serve node $clean node bench/node_answer.js "$work/answer"
    others="$others $pid"
    if [ -f "$description" ]; then
        serve prism $clean node "$prism" mock --host 127.0.0.1 --port 0 \
            "$description"
        others="$others $pid"
        mocked=$(printed prism 'listening on \(http:[^ ]*\)')
    else
        echo 'bench: Prism is not measured: OKTA_SPEC_DIR has no description'
    fi
    turn=0
    while [ "$turn" -lt "$turns" ]; do
        counted "$org/api-tokens/$id" "$header" >>"$work/count-token"
        counted "$(cat "$work/node")/any" "$header" >>"$work/count-node"
        [ ! -f "$description" ] ||
            counted "$mocked/api/v1/api-tokens/$id" "$header" \
                >>"$work/count-prism"
        counted "$org/users/00uBench000000000001" "$header" \
            >>"$work/count-user"
        (count_emulate) >>"$work/count-emulate"
        turn=$((turn + 1))
    done
    [ ! -f "$description" ] ||
        note_other 'GET one: rate' 'Prism 5.14.2' count-token count-prism
    note_other 'GET a user: rate' 'emulate 0.8.0' count-user count-emulate
    note_other 'GET one: rate' 'Node http, from memory' count-token count-node
    kill $others
}
