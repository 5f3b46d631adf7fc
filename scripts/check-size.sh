#!/bin/sh
# check-size.sh - no function has more than 60 lines or a complexity over 15.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

set --
for room in base sys wire model jose lib cli server tests fuzz bench; do
    [ ! -d "$room" ] || set -- "$@" "$room"
done
[ $# -gt 0 ] || exit 0

# pmccabe's columns, by tabs: complexity with a switch counted as one, with each
# case counted, statements, first line, lines, name. What it can't read it says
# on standard error, and that is a failure, too.
complaints=$(mktemp)
trap 'rm -f "$complaints"' EXIT
find "$@" -name '*.c' -exec pmccabe {} + 2>"$complaints" | awk -F '\t' '
    function wrong(what) { print "check-size: " what; bad = 1 }
    $5 > 60 { wrong($6 ": " $5 " lines; 60 are allowed") }
    $2 > 15 { wrong($6 ": complexity " $2 "; 15 is allowed") }
    END     { exit bad }' >&2
if [ -s "$complaints" ]; then
    sed 's/^/check-size: /' "$complaints" >&2
    exit 1
fi
