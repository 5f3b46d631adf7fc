#!/bin/sh
# check-layers.sh - every include is root-relative and points downwards.
#
# The tables of docs/architecture.md say what is allowed: which room may use
# which other, the order of the folders within a room, and where a foreign
# interface is wrapped. scripts/layers-known.txt lists the includes that still
# point upwards: FILE INCLUDE, a line each. One that is mended must leave it.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

tables=docs/architecture.md
rooms='base|cli|conf|jose|lib|model|server|sys|wire'
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# FILE <tab> what it includes, with its brackets or quotes.
find . -name build -prune -o -name '*.[ch]' -print | sed 's|^\./||' | sort |
    xargs grep -H '^ *# *include' |
    sed 's/^\([^:]*\):[^"<]*\(["<][^">]*[">]\).*/\1\t\2/' >"$tmp/includes"

awk -F '\t' -v rooms="^($rooms)\$" '
    function bad(why) { print "check-layers: " $1 ": " why; failed = 1 }
    function strip(text) { gsub(/[`*]|^ +| +$/, "", text); return text }

    # The tables: "| room | ... | may use |", "| room | order |" and
    # "| interface | where |", by the heading that they stand under.
    FNR == NR {
        if ($0 ~ /^#/) heading = $0
        n = split($0, cell, / *\| */)
        if ($0 !~ /^\| *`/) next
        name = strip(cell[2])
        sub(/\/$/, "", name)
        if (heading ~ /The rooms/) {
            k = split(strip(cell[n - 1]), list, / *, */)
            for (i = 1; i <= k; i++) {
                sub(/\/$/, "", list[i])
                allowed[name, strip(list[i])] = 1
            }
        } else if (heading ~ /Folders within a room/) {
            k = split(strip(cell[3]), list, / *> */)
            for (i = 1; i <= k; i++) {
                m = split(list[i], same, / *, */)
                for (j = 1; j <= m; j++) {
                    sub(/\/$/, "", same[j])
                    sub(/\.h$/, ".c", same[j])
                    rank[name, same[j]] = i
                }
            }
            ordered[name] = 1
        } else if (heading ~ /Foreign interfaces/) {
            foreign[name] = " " strip(cell[3]) " "
            gsub(/,/, " ", foreign[name])
        }
        next
    }

    function room_of(path) { sub(/\/.*/, "", path); return path }
    function folder_of(path) {
        sub(/^[^\/]*\//, "", path)
        if (path !~ /\//) { sub(/\.h$/, ".c", path); return path }
        sub(/\/.*/, "", path)
        return path
    }

    {
        what = substr($2, 2, length($2) - 2)
        from = room_of($1)
    }
    $2 ~ /^</ {
        for (name in foreign)
            if (index(what, name) == 1 && from ~ rooms) {
                found = 0
                k = split(foreign[name], place, / +/)
                for (i = 1; i <= k; i++)
                    if (place[i] != "" && index($1, place[i]) == 1) found = 1
                if (!found) bad("<" what "> belongs to" foreign[name])
            }
        next
    }
    what !~ /\// { bad("\"" what "\" is not relative to the root"); next }
    from !~ rooms { next }
    {
        to = room_of(what)
        if (from != to) {
            if (!((from, to) in allowed))
                bad("\"" what "\": " from "/ may not use " to "/")
            next
        }
        if (!(from in ordered)) next
        a = folder_of($1)
        b = folder_of(what)
        if (!((from, a) in rank)) bad("no order is given for " from "/" a)
        else if (!((from, b) in rank)) bad("no order is given for " from "/" b)
        else if (rank[from, a] > rank[from, b])
            bad("\"" what "\": " a "/ is below " b "/")
    }
    END { exit failed }' "$tables" "$tmp/includes" >"$tmp/found" || :

sed 's/^check-layers: \([^:]*\): "\([^"]*\)".*/\1 \2/' "$tmp/found" | sort >"$tmp/up"
sort scripts/layers-known.txt >"$tmp/known"
status=0
if [ -n "$(comm -23 "$tmp/up" "$tmp/known")" ]; then
    comm -23 "$tmp/up" "$tmp/known" | while read -r file include; do
        grep -F "$file: \"$include\"" "$tmp/found" || grep -F "$file" "$tmp/found"
    done >&2
    status=1
fi
if [ -n "$(comm -13 "$tmp/up" "$tmp/known")" ]; then
    echo 'check-layers: mended, so take it out of scripts/layers-known.txt:' >&2
    comm -13 "$tmp/up" "$tmp/known" >&2
    status=1
fi
exit $status
