# lib.sh - what tests in shell share: a folder and processes that end with them, and
# saying what went wrong; sourced by the lib.sh of each room.
set -eu
unset CDPATH SSLKEYLOGFILE SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
tmp=$(mktemp -d)
running=

cleanup() {
    for pid in $running; do
        kill -9 "$pid" 2>/dev/null || :
    done
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

# With what the programs said last.
fail() {
    echo "FAILED: $*" >&2
    for file in "$tmp/out" "$tmp"/*err; do
        [ ! -s "$file" ] || { echo "-- $file" && tail -n 40 "$file"; } >&2
    done
    exit 1
}

# is WHAT GOT WANTED
is() {
    [ "$2" = "$3" ] || fail "$1: got '$2', not '$3'"
}

# await FILE PID: until that process, which ends with the test, has written to it.
await() {
    running="$running $2"
    i=0
    while [ ! -s "$1" ]; do
        i=$((i + 1))
        [ $i -lt 300 ] || fail "nothing in $1 after 15 s"
        kill -0 "$2" 2>/dev/null || fail "who was to write $1 has ended"
        sleep 0.05
    done
}
