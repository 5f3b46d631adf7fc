#!/bin/sh
# bench.sh - measures this project beside others and tells what it reached. Run
# by "./run bench [ROW...]" from the project's root, after a release build.
#
# Rows: list sdk memory get orgd start random page revoke search large oauth
# login others; all of them if none is named. With all of them, and at least 9
# turns, the result is kept in bench/RESULTS.md.
#
# BENCH_TURNS    how often each is measured (9); the median counts
# BENCH_BIN      where okta-tokens and okta-orgd are (build/release/bin)
# OKTA_SPEC_DIR  where openapi/ is, Okta's descriptions; Prism serves one, and
#                is left out without
#
# shellcheck disable=SC1091,SC2086 # $clean is a command with its arguments
set -eu

turns=${BENCH_TURNS:-9}
all='list sdk memory get orgd start random page revoke search large'
all="$all oauth login others"
rows=${*:-$all}
bin=$(cd "${BENCH_BIN:-build/release/bin}" && pwd)
tools=$(pwd)/build/bench
modules=$tools/node/node_modules
secret=00bench-this-is-no-secret-of-anybody-42-ch
id=00Tbench000000000001

umask 077
work=$(mktemp -d)
pids=
cleanup() {
    exec 9>&-
    for pid in $pids; do
        kill "$pid" 2>/dev/null || :
    done
    wait
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What all contenders see of the world.
clean="env -i PATH=$PATH HOME=$work OKTA_CLIENT_TOKEN=$secret
    OKTA_CLIENT_CAFILE=$work/ca.pem NODE_PATH=$modules"

fail() {
    printf 'bench: %s\n' "$1" >&2
    exit 1
}

logged() {
    log=build/$1.log
    shift
    mkdir -p build
    "$@" >"$log" 2>&1 && return
    tail -n 40 "$log" >&2
    fail "failed: $* (all of it: $log)"
}

build_tools() {
    PKG_CONFIG_PATH=$(pwd)/build/deps/lib/pkgconfig:${PKG_CONFIG_PATH-}
    export PKG_CONFIG_PATH
    logged configure-bench cmake -S bench -B "$tools" -G Ninja \
        -D CMAKE_BUILD_TYPE=Release
    logged build-bench cmake --build "$tools"
}

# What is of Node.js, as its lock file has it, in build/.
install_node() {
    mkdir -p "$tools/node"
    cmp -s bench/package-lock.json "$tools/node/installed" && return
    cp bench/package.json bench/package-lock.json "$tools/node/"
    logged npm npm ci --prefix "$tools/node" --no-audit --no-fund
    cp bench/package-lock.json "$tools/node/installed"
}

# ---------------------------------------------------------------- Results

# note WHAT AGAINST OURS THEIRS MEASURED le|ge|- TARGET UNIT
note() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$work/rows"
    table "$work/rows" | tail -n 1
}

# table FILE: rows, for the eye or (with "markdown") for a file.
table() {
    awk -F '\t' -v style="${2-}" '
        function show(a, b, c, d, e, f, g) {
            if (style == "markdown")
                printf "| %s | %s | %s | %s | %s | %s | %s |\n", a, b, c, d, e,
                       f, g
            else
                printf "%-35s %-24s %9s %9s %10s  %-10s %s\n", a, b, c, d, e,
                       f, g
        }
        BEGIN {
            show("what", "against", "ours", "theirs", "measured", "to reach",
                 "")
            if (style == "markdown")
                print "|---|---|--:|--:|--:|--:|---|"
        }
        {
            met = $6 == "le" ? $5 <= $7 + 0 : $5 >= $7 + 0
            if ($6 == "-")
                show($1, $2, $3, $4, $5 " " $8, "-", "")
            else
                show($1, $2, $3, $4, $5 " " $8,
                     ($6 == "le" ? "<= " : ">= ") $7 " " $8,
                     met ? "met" : "missed")
        }' "$1"
}

# ratio A B, div A B DIGITS
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
div() { awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.*f", n, a / b }'; }

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int(NR / 2) + 1] }'; }

# in_pairs COUNT OURS THEIRS: runs the two commands COUNT times, each first as
# often as the other; what they print goes to $work/ours and $work/theirs, a line
# each. Slices are short and lie side by side, and each counts against its
# neighbour alone, so that load on the machine, which comes and goes, meets both.
in_pairs() {
    : >"$work/ours"
    : >"$work/theirs"
    pair=0
    while [ "$pair" -lt "$1" ]; do
        [ $((pair % 2)) -eq 0 ] || $3 >>"$work/theirs"
        $2 >>"$work/ours"
        [ $((pair % 2)) -eq 1 ] || $3 >>"$work/theirs"
        pair=$((pair + 1))
    done
}

# paired A B: the median of the ratios of their lines.
paired() {
    paste "$1" "$2" | awk '{ print $1 / $2 }' | median |
        awk '{ printf "%.2f", $1 }'
}

# ---------------------------------------------------------------- Servers

# serve NAME COMMAND...: runs a server; its lines are in $work/NAME, its pid is
# $pid. It has the pipe that stubs end with as its input.
serve() {
    name=$1
    shift
    rm -f "$work/$name"
    "$@" <"$work/input" >"$work/$name" 2>>"$work/$name.log" 9>&- &
    pid=$!
    pids="$pids $pid"
    tries=0
    until [ -s "$work/$name" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ] || ! kill -0 "$pid" 2>/dev/null; then
            cat "$work/$name.log" >&2
            fail "$name does not start"
        fi
        sleep 0.1
    done
}

# stub COUNT: $http and $https list COUNT tokens.
stub() {
    [ -s "$work/stub-$1" ] || serve "stub-$1" "$tools/stub" tokens "$1" \
        "$work/ca.pem" "$work/key.pem"
    http=$(sed -n 1p "$work/stub-$1")
    https=$(sed -n 2p "$work/stub-$1")
}

seed() {
    cat <<END
users:
  - {id: 00uBench000000000001, login: bench@example.com, role: SUPER_ADMIN, created: -900d}
tokens:
  - {id: $id, name: bench, user: bench@example.com, created: -20d, lastUsed: -1m}
END
    awk 'BEGIN {
        for (i = 1; i < 9999; i++)
            printf "  - {id: 00Tseed%013d, name: token %d, user: " \
                   "bench@example.com, created: -%dd, lastUsed: -%dh}\n",
                   i, i, 30 + i % 700, i % 700
    }'
}

make_org() {
    [ ! -d "$work/org" ] || return 0
    seed >"$work/seed.yaml"
    "$bin/okta-orgd" init --data "$work/org" >/dev/null
    "$bin/okta-orgd" seed --data "$work/org" "$work/seed.yaml" >/dev/null
    org_secret=$("$bin/okta-orgd" token create --data "$work/org" \
        --name caller --user bench@example.com)
}

# ------------------------------------------------------------------- Rows

# The contender parses what it reads and prints of it id and name. The loop that
# parses nothing copies what okta-tokens wrote as jsonl: had it written something
# else, the two would not compare.
row_list() {
    stub 100000
    for url in "$http" "$https"; do
        scheme=${url%%:*}
        $clean "$bin/okta-tokens" list --org "$url" -o jsonl >"$work/content"
        $clean "$tools/curl_loop" copy "$url/api/v1/api-tokens" \
            "$work/content" >"$work/out"
        cmp -s "$work/content" "$work/out" ||
            fail 'the loop writes something else than okta-tokens'
        $clean "$tools/curl_loop" parse "$url/api/v1/api-tokens" >"$work/out"
        [ "$(wc -l <"$work/out")" -eq 100000 ] ||
            fail 'the parsing loop does not list all'
        $clean "$tools/turns" "$turns" 1 "$work/out" \
            -- "$bin/okta-tokens" list --org "$url" -o jsonl \
            -- "$bin/okta-tokens" list --org "$url" -o tsv \
            -- "$tools/curl_loop" parse "$url/api/v1/api-tokens" \
            -- "$tools/curl_loop" copy "$url/api/v1/api-tokens" \
            "$work/content" >"$work/four"
        sed -n '1p;3p' "$work/four" >"$work/took"
        note_pair "list 100,000, jsonl, $scheme" 'yyjson loop' 1.6 2.0
        note_faults "list 100,000, jsonl, $scheme" 'yyjson loop' 2000
        sed -n '2p;3p' "$work/four" >"$work/took"
        note_pair "list 100,000, tsv, $scheme" 'yyjson loop' 1.4 1.6
        sed -n '1p;4p' "$work/four" >"$work/took"
        note_pair "list 100,000, jsonl, $scheme" 'bare libcurl loop' - -
    done
}

# note_pair WHAT AGAINST WALL CPU: two lines of turns, ours and theirs, against
# their targets (-: none).
note_pair() {
    {
        read -r wall cpu _
        read -r their_wall their_cpu _
    } <"$work/took"
    note_ratio "$1: wall" "$2" "$wall" "$their_wall" "$3"
    [ -z "$4" ] || note_ratio "$1: CPU" "$2" "$cpu" "$their_cpu" "$4"
}

# note_ratio WHAT AGAINST OURS THEIRS TARGET: microseconds.
note_ratio() {
    how=le
    [ "$5" != - ] || how=-
    note "$1" "$2" "$(div "$3" 1000 1) ms" "$(div "$4" 1000 1) ms" \
        "$(ratio "$3" "$4")" "$how" "$5" x
}

# note_faults WHAT AGAINST TARGET
note_faults() {
    {
        read -r _ _ faults
        read -r _ _ their_faults
    } <"$work/took"
    note "$1: page faults" "$2" "$faults" "$their_faults" "$faults" le "$3" ''
}

row_sdk() {
    install_node
    stub 100000
    rm -f "$work/ours" "$work/theirs"
    $clean "$tools/turns" "$turns" 1 "$work/out" \
        -- /usr/bin/time -a -o "$work/ours" -f %M \
        "$bin/okta-tokens" list --org "$http" -o jsonl \
        -- /usr/bin/time -a -o "$work/theirs" -f %M \
        node bench/sdk_list.js "$http" 100000 >"$work/took"
    ours=$(sed -n '1s/ .*//p' "$work/took")
    theirs=$(sed -n '2s/ .*//p' "$work/took")
    sdk='Node SDK 8.1.0'
    note 'list 100,000, jsonl, http: speed' "$sdk" \
        "$(div "$ours" 1000 0) ms" "$(div "$theirs" 1000 0) ms" \
        "$(div "$theirs" "$ours" 1)" ge 12 x
    ours=$(median <"$work/ours")
    theirs=$(median <"$work/theirs")
    note 'list 100,000, jsonl, http: memory' "$sdk" \
        "$(div "$ours" 1024 1) MiB" "$(div "$theirs" 1024 1) MiB" \
        "$(div "$ours" "$theirs" 3)" le 0.1 x
}

# peak SCHEME COUNT: KiB.
peak() {
    stub "$2"
    [ "$1" = http ] && url=$http || url=$https
    $clean /usr/bin/time -f %M -o "$work/peak" \
        "$bin/okta-tokens" list --org "$url" -o jsonl >/dev/null
    cat "$work/peak"
}

row_memory() {
    for scheme in http https; do
        : >"$work/peak-many"
        : >"$work/peak-few"
        turn=0
        while [ "$turn" -lt "$turns" ]; do
            peak $scheme 1000000 >>"$work/peak-many"
            peak $scheme 10000 >>"$work/peak-few"
            turn=$((turn + 1))
        done
        many=$(median <"$work/peak-many")
        few=$(median <"$work/peak-few")
        what="list 1,000,000, jsonl, $scheme"
        note "$what: growth" 'itself, 10,000' "$(div "$many" 1024 2) MiB" \
            "$(div "$few" 1024 2) MiB" "$(div $((many - few)) 1024 2)" le 1 MiB
        note "$what: peak" - "$(div "$many" 1024 2) MiB" - \
            "$(div "$many" 1024 2)" le 13 MiB
    done
}

row_get() {
    stub 100000
    one=$(curl -s "$http/api/v1/api-tokens/any" |
        sed -n 's/^{"id":"\([^"]*\)".*/\1/p')
    printf 'Authorization: SSWS %s\n' "$secret" >"$work/header"
    $clean "$tools/turns" "$turns" 20 "$work/out" \
        -- "$bin/okta-tokens" get "$one" --org "$https" -o json \
        -- curl -sS --cacert "$work/ca.pem" -H "@$work/header" \
        -H 'Accept: application/json' "$https/api/v1/api-tokens/$one" \
        >"$work/took"
    note_pair 'get ID, TLS' 'curl command' 1.15 ''
}

# workers PID: how many of its threads answer.
workers() { cat "/proc/$1/task"/*/comm | grep -c MHD-worker; }

# load URL PID: microseconds of CPU a request at 64 connections.
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
load() {
    before=$(ticks "$2")
    wrk -t1 -c64 -d1s -H "Authorization: SSWS $org_secret" \
        "$1/api/v1/api-tokens/$id" >"$work/wrk"
    after=$(ticks "$2")
    ! grep -q -e 'Non-2xx' -e 'Socket errors' "$work/wrk" ||
        fail "$(cat "$work/wrk")"
    awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
        / requests in / { printf "%.3f\n", ticks * 1e6 / hz / $1 }' "$work/wrk"
}

load_orgd() {
    load "$url" "$orgd"
    : >"$work/orgd.log"
}
load_memory() { load "$(cat "$work/memory")" "$memory"; }

row_orgd() {
    make_org
    serve orgd "$bin/okta-orgd" serve --data "$work/org" --tls off \
        --rate-limit 0
    orgd=$pid
    url=$(cat "$work/orgd")
    curl -sSi -H "Authorization: SSWS $org_secret" \
        "$url/api/v1/api-tokens/$id" >"$work/answer"
    threads=$(workers "$orgd")
    serve memory "$tools/stub" answer "$work/answer" "$threads"
    memory=$pid
    in_pairs $((2 * turns)) load_orgd load_memory
    ours=$(median <"$work/ours")
    theirs=$(median <"$work/theirs")
    note 'okta-orgd, GET one: CPU a request' 'libmicrohttpd alone' \
        "$(div "$ours" 1 1) µs" "$(div "$theirs" 1 1) µs" \
        "$(paired "$work/ours" "$work/theirs")" le 2.0 x
    kill "$orgd" "$memory"
}

row_start() {
    make_org
    ours=$($clean "$tools/turns" "$turns" ready -- \
        "$bin/okta-orgd" serve --data "$work/org")
    note 'okta-orgd, 10,000: start to ready' - "$(div "$ours" 1000 1) ms" - \
        "$(div "$ours" 1000 1)" le 50 ms
    # Not fresh from its start, but after it has answered with everything.
    serve idle "$bin/okta-orgd" serve --data "$work/org"
    "$bin/okta-orgd" ca print --data "$work/org" >"$work/org-ca.pem"
    $clean OKTA_CLIENT_CAFILE="$work/org-ca.pem" \
        OKTA_CLIENT_TOKEN="$org_secret" "$bin/okta-tokens" list \
        --org "$(cat "$work/idle")" -o tsv >"$work/out"
    [ "$(wc -l <"$work/out")" -eq 10000 ] || fail 'the org lists not all'
    sleep 1
    ours=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
    note 'okta-orgd, 10,000: idle memory' - "$(div "$ours" 1024 1) MiB" - \
        "$(div "$ours" 1024 1)" le 20 MiB
    kill "$pid"
}

# oauth, login
. bench/many.sh
. bench/oauth.sh
. bench/others.sh

# ------------------------------------------------------------------ Report

report() {
    cat <<END
# What \`./run bench\` measured last

$(date -u +%Y-%m-%d), medians of $turns turns, contenders alternating. How each
row is measured stands in [bench.sh](bench.sh). Ratios of okta-orgd's rates, and of what a
request costs it, are medians of neighbouring slices; all others are ratios of
medians. Load average of the machine when it began, without the
bench: $load_before.

END
    table "$work/rows" markdown
    cat <<END

- Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1),
  $(nproc) cores, $(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' \
        /proc/meminfo), $(. /etc/os-release && echo "$PRETTY_NAME"), Linux $(uname -r)
- Ours: $("$bin/okta-tokens" --version | head -n 1), commit $(git rev-parse \
        --short HEAD 2>/dev/null || echo unknown)
- Libraries: $(curl --version | sed -n '1s/^curl [^ ]* ([^)]*) //p' |
        cut -d ' ' -f 1,2), yyjson $(pkg-config --modversion yyjson),
  libmicrohttpd $(pkg-config --modversion libmicrohttpd), SQLite $(pkg-config \
        --modversion sqlite3), GnuTLS $(pkg-config --modversion gnutls)
- Theirs: $(curl --version | sed -n '1s/ (.*//p'), Node $(node --version) with
  @okta/okta-sdk-nodejs 8.1.0, Prism 5.14.2, emulate 0.8.0; load by
  $(wrk -v 2>&1 | sed -n '1s/ \[.*//p'), $(h2load --version)
END
}

load_before=$(cut -d ' ' -f 1-3 /proc/loadavg)
build_tools
mkfifo "$work/input"
exec 9<>"$work/input"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$work/key.pem" -out "$work/ca.pem" 2>/dev/null
: >"$work/rows"
table "$work/rows"
for row in $rows; do
    case " $all " in
    *" $row "*) "row_$row" ;;
    *) fail "no row '$row'; there are: $all" ;;
    esac
done
[ "$rows" = "$all" ] || exit 0
report >"$tools/RESULTS.md"
if [ "$turns" -ge 9 ]; then
    cp "$tools/RESULTS.md" bench/RESULTS.md
    echo 'kept in bench/RESULTS.md'
fi
