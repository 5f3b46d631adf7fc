# many.sh - the rows of an org with many tokens; sourced by bench.sh.
#
# Revocations are measured beside those of one connection: it has one under way
# at a time, so that each has a commit, and a wait for the disk, of its own.

# make_many NAME COUNT: an org $work/NAME of so many, one out of the seed and one
# of the command among them, so that the last page is whole; $many_secret is
# the secret of one.
make_many() {
    if [ ! -d "$work/$1" ]; then
        seed | sed -n 1,4p >"$work/$1.yaml"
        "$bin/okta-orgd" init --data "$work/$1" >/dev/null
        "$bin/okta-orgd" seed --data "$work/$1" "$work/$1.yaml" >/dev/null
        "$bin/okta-orgd" token create --data "$work/$1" --name caller \
            --user bench@example.com >"$work/$1.secret"
        sqlite3 -cmd ".parameter set :count $(($2 - 2))" "$work/$1/orgd.db" \
            <bench/many.sql
    fi
    many_secret=$(cat "$work/$1.secret")
}

# serve_many NAME COUNT: serves it; sets pid and url.
serve_many() {
    make_many "$1" "$2"
    serve "serve-$1" "$bin/okta-orgd" serve --data "$work/$1" --tls off \
        --rate-limit 0
    url=$(cat "$work/serve-$1")
}

# rate CONNECTIONS SECONDS URL SECRET [WRK_OPTION...] [-- ARGUMENT...]: answers
# a second.
rate() {
    connections=$1
    seconds=$2
    at=$3
    header="Authorization: SSWS $4"
    shift 4
    wrk -t1 -c"$connections" -d"${seconds}s" -H "$header" "$at" "$@" \
        >"$work/wrk" 2>&1
    ! grep -q -e 'Non-2xx' -e 'Socket errors' "$work/wrk" ||
        fail "$(cat "$work/wrk")"
    awk '/^Requests\/sec/ { print $2 }' "$work/wrk"
}

# note_rate WHAT AGAINST TARGET: $work/ours and $work/theirs, the more the better
note_rate() {
    ours=$(median <"$work/ours")
    theirs=$(median <"$work/theirs")
    note "$1" "$2" "$(div "$ours" 1 0)/s" "$(div "$theirs" 1 0)/s" \
        "$(paired "$work/ours" "$work/theirs")" ge "$3" x
}

row_random() {
    serve_many few 1000
    few=$pid
    few_url=$url
    few_secret=$many_secret
    serve_many million 1000000
    : >"$work/ours"
    : >"$work/theirs"
    turn=0
    while [ "$turn" -lt "$turns" ]; do
        rate 64 2 "$url" "$many_secret" -s bench/ids.lua -- GET 999998 \
            >>"$work/ours"
        rate 64 2 "$few_url" "$few_secret" -s bench/ids.lua -- GET 998 \
            >>"$work/theirs"
        : >"$work/serve-million.log"
        : >"$work/serve-few.log"
        turn=$((turn + 1))
    done
    note_rate 'okta-orgd, 1,000,000, GET any: rate' 'itself, 1,000' 0.6
    kill "$pid" "$few"
}

# all_pages: the path of each page of the list.
all_pages() {
    wrk -t1 -c1 -d60s -H "Authorization: SSWS $many_secret" "$url" \
        -s bench/pages.lua | grep '^/api' >"$work/pages"
    [ "$(wc -l <"$work/pages")" -eq 5000 ] || fail 'the list has no last page'
}

# The same page again and again, of which the rows are kept; and each another.
row_page() {
    serve_many million 1000000
    all_pages
    awk -v secret="$many_secret" '{
        printf "GET\t%s\t\tAuthorization: SSWS %s\n", $0, secret
    }' "$work/pages" >"$work/each"
    page=/api/v1/api-tokens?limit=200
    curl -sSi -H "Authorization: SSWS $many_secret" "$url$page" >"$work/answer"
    threads=$(workers "$pid")
    org=$pid
    org_url=$url
    serve page "$tools/stub" answer "$work/answer" "$threads"
    : >"$work/ours"
    : >"$work/theirs"
    : >"$work/others"
    turn=0
    while [ "$turn" -lt "$turns" ]; do
        rate 64 2 "$org_url$page" "$many_secret" >>"$work/ours"
        rate 64 2 "$(cat "$work/page")" "$many_secret" >>"$work/theirs"
        rate 64 2 "$org_url" "$many_secret" -s bench/lines.lua -- \
            "$work/each" >>"$work/others"
        turn=$((turn + 1))
    done
    note_rate 'okta-orgd, a page of 200: rate' 'libmicrohttpd alone' 0.25
    ours=$(median <"$work/others")
    note 'okta-orgd, each page another: rate' 'libmicrohttpd alone' \
        "$(div "$ours" 1 0)/s" "$(div "$theirs" 1 0)/s" \
        "$(ratio "$ours" "$theirs")" - - x
    kill "$org" "$pid"
}

# revocations CONNECTIONS: a second, of an org that is as it was made.
revocations() {
    rm -rf "$work/revoke"
    cp -r "$work/hundred" "$work/revoke"
    cp "$work/hundred.secret" "$work/revoke.secret"
    serve_many revoke 100000
    rate "$1" 1 "$url" "$many_secret" -s bench/ids.lua -- DELETE 99998 1
    kill "$pid"
    wait "$pid" || :
}

row_revoke() {
    make_many hundred 100000
    in_pairs "$turns" 'revocations 64' 'revocations 1'
    note_rate 'okta-orgd, 100,000, revoke: rate' 'itself, one a commit' 4
}

# took PATH: seconds of one request.
took() {
    curl -sS -f -o "$work/out" -w '%{time_total}\n' \
        -H "Authorization: SSWS $many_secret" "$url$1" ||
        fail "$1 is not answered"
}

# note_took WHAT FILE LE: of $work/FILE, in milliseconds.
note_took() {
    ours=$(median <"$work/$2")
    ours=$(awk -v s="$ours" 'BEGIN { printf "%.1f", s * 1000 }')
    note "okta-orgd, 1,000,000, $1" - "$ours ms" - "$ours" le "$3" ms
}

row_search() {
    serve_many million 1000000
    list=/api/v1/api-tokens?limit=200
    all_pages
    last=$(tail -n 1 "$work/pages")
    rm -f "$work"/took-*
    turn=0
    while [ "$turn" -lt "$turns" ]; do
        # A commit: of what was read before, nothing is kept.
        "$bin/okta-orgd" zone add --data "$work/million" --name "$turn" \
            --gateway 10.0.0.0/8 >/dev/null
        took "$list" >>"$work/took-first"
        took "$last" >>"$work/took-last"
        [ "$(grep -o '"id":' "$work/out" | wc -l)" -eq 200 ] ||
            fail 'the last page is not whole'
        took "$list&q=token" >>"$work/took-many"
        took "$list&q=needle" >>"$work/took-some"
        grep -q needle "$work/out" || fail 'a search finds nothing'
        took "$list&q=nothing" >>"$work/took-none"
        turn=$((turn + 1))
    done
    ours=$(median <"$work/took-last")
    theirs=$(median <"$work/took-first")
    note 'okta-orgd, 1,000,000, last page: wall' 'first page' \
        "$(awk -v s="$ours" 'BEGIN { printf "%.1f ms", s * 1000 }')" \
        "$(awk -v s="$theirs" 'BEGIN { printf "%.1f ms", s * 1000 }')" \
        "$(ratio "$ours" "$theirs")" le 1.2 x
    note_took 'q on the first page: wall' took-many 20
    note_took 'q with 100 hits: wall' took-some 20
    note_took 'q with none: wall' took-none 20
    kill "$pid"
}

row_large() {
    make_many million 1000000
    ours=$($clean "$tools/turns" "$turns" ready -- \
        "$bin/okta-orgd" serve --data "$work/million")
    note 'okta-orgd, 1,000,000: start to ready' - "$(div "$ours" 1000 1) ms" \
        - "$(div "$ours" 1000 1)" le 50 ms
    serve_many million 1000000
    for q in '' token needle nothing; do
        took "/api/v1/api-tokens?limit=200&q=$q" >/dev/null
    done
    rate 64 2 "$url" "$many_secret" -s bench/ids.lua -- GET 999998 >/dev/null
    sleep 1
    ours=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
    note 'okta-orgd, 1,000,000: idle memory' - "$(div "$ours" 1024 1) MiB" - \
        "$(div "$ours" 1024 1)" le 64 MiB
    kill "$pid"
}
