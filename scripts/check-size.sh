#!/bin/sh
# check-size.sh - no function has more than 60 lines or a complexity over 15.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

set --
for room in base wire lib cli server tests fuzz bench; do
    [ ! -d "$room" ] || set -- "$@" "$room"
done
[ $# -gt 0 ] || exit 0

# pmccabe's columns, by tabs: complexity with a switch counted as one, with each
# case counted, statements, first line, lines, name. What it could not read has
# no columns.
find "$@" -name '*.[ch]' -exec pmccabe {} + 2>&1 | awk -F '\t' '
    function wrong(what) { print "check-size: " what; bad = 1 }
    NF < 6  { wrong($0); next }
    $5 > 60 { wrong($6 ": " $5 " lines; 60 are allowed") }
    $2 > 15 { wrong($6 ": complexity " $2 "; 15 is allowed") }
    END     { exit bad }' >&2
