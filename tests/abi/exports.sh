#!/bin/sh
# exports.sh LIBRARY HEADERS LIST: what libokta exports is what the headers in that
# folder declare, and both are what LIST says.
set -eu
lib=$1 headers=$2 list=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$lib" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    sort >"$work/exported"
# Declarations are the okta_ names before a parenthesis outside of comments.
sed -e 's:/\*.*\*/::' -e '/\/\*/,/\*\//d' "$headers"/*.h |
    grep -v typedef | grep -oE '\bokta_[a-z0-9_]+\(' | tr -d '(' |
    sort -u >"$work/declared"
sort "$list" >"$work/listed"
status=0
diff -u "$work/listed" "$work/exported" || status=1
diff -u "$work/declared" "$work/exported" || status=1
exit $status
