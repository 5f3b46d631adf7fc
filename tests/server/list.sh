#!/bin/sh
# list.sh - pages, limits, searches, cursors; and an org that has none of them.
. "$(dirname -- "$0")/lib.sh"

new_org a
other=$(create a zzz-other)
{
    echo tokens:
    i=0
    while [ $i -lt 45 ]; do
        i=$((i + 1))
        printf '  - {name: "%s %03d", user: ada@example.com, created: -9d}\n' \
            "$([ $((i % 2)) -eq 0 ] && echo Even || echo even)" $i
    done
    printf '  - {name: "agent", clientName: "Okta AD Agent", user: ada@example.com}\n'
    printf '  - {name: "100%% _ü&=+ <é>", user: ada@example.com}\n'
} >"$tmp/seed.yaml"
"$ORGD" seed --data "$tmp/a" "$tmp/seed.yaml" >/dev/null
token=$(create a '!first')
start a --rate-limit 0 --paging always
list=/api/v1/api-tokens

names() { jq -r '.[].name' "$tmp/body"; }
count() { jq length "$tmp/body"; }
link() { # REL: its target, as path and query
    header link | sed -n "s|^<$url\\(.*\\)>; rel=\"$1\"\$|\\1|p"
}
# walk TARGET: all names over all pages, and how many pages that took.
walk() {
    next=$1
    pages=0
    : >"$tmp/all"
    while [ -n "$next" ]; do
        gets 200 GET "$next"
        names >>"$tmp/all"
        pages=$((pages + 1))
        [ $pages -lt 100 ] || fail 'no end of pages'
        next=$(link next)
    done
}

# --- pages
gets 200 GET $list
is 'a page without limit' "$(count)" 20
is 'two Link headers' "$(header link | wc -l)" 2
is self "$(link self)" "$list?limit=20"
case $(link next) in
"$list?after="*"&limit=20") ;;
*) fail "next is $(link next)" ;;
esac
gets 200 GET "$(link next)"
is 'self of the second page' "$(link self | sed 's/after=[^&]*/after=X/')" \
    "$list?after=X&limit=20"
walk $list
is 'pages of 20' $pages 3
is 'all of them' "$(wc -l <"$tmp/all")" 49
is 'each once' "$(sort -u "$tmp/all" | wc -l)" 49
tr A-Z a-z <"$tmp/all" >"$tmp/lower"
LC_ALL=C sort -c "$tmp/lower" || fail 'not sorted by name, case aside'
cp "$tmp/all" "$tmp/whole"
for limit in 1 7 49 50 200; do
    walk "$list?limit=$limit"
    cmp -s "$tmp/all" "$tmp/whole" || fail "limit=$limit finds something else"
    is "pages of $limit" $pages $(((49 + limit - 1) / limit))
done

# --- limits that are none
for limit in 0 201 -1 +5 1.5 abc '' 1e1 ' 1' 99999999999999999999 0x10 '%31%00'; do
    call GET "$list?limit=$(printf %s "$limit" | sed 's/ /%20/; s/+/%2B/')"
    is "limit='$limit'" "$status" 400
    [ "$limit" = '%31%00' ] && continue
    is "limit='$limit'" "$(jq -r '.errorCode + " " + .errorSummary' "$tmp/body")" \
        'E0000001 Api validation failed: limit'
done
refused 400 E0000001 GET "$list?limit=1&limit=2"
is causes "$(jq -r '.errorCauses[0].errorSummary' "$tmp/body")" \
    'limit: must be a number from 1 to 200'
gets 200 GET "$list?limit=%31"
is 'limit=%31' "$(count)" 1
gets 200 GET "$list?unknown=1&limit=2&x"
is 'unknown parameters' "$(count)" 2

# --- q: a substring of name or clientName, ASCII letter case aside
search() { # Q NAMES
    gets 200 GET "$list" -G --data-urlencode "q=$1"
    is "q=$1" "$(names | paste -sd, -)" "$2"
}
search 'eVEN 00' 'even 001,Even 002,even 003,Even 004,even 005,Even 006,even 007,Even 008,even 009'
search 'ad agent' agent
search 'OKTA AD' agent
search '100%' '100% _ü&=+ <é>'
search '_' '100% _ü&=+ <é>'
search '%' '100% _ü&=+ <é>'
search 'ü&=+ <É' ''
search 'ü&=+ <é' '100% _ü&=+ <é>'
search "' OR 1=1 --" ''
search nothing ''
is 'an empty list' "$body" '[]'
is 'no next' "$(link next)" ''
walk "$list?q=even&limit=10"
is 'pages of a search' $pages 5
is 'all that match' "$(wc -l <"$tmp/all")" 45
walk "$list?q="
is 'an empty q' "$(wc -l <"$tmp/all")" 49
gets 200 GET "$list?limit=1" -G --data-urlencode 'q=_ü&=+ <é'
is 'q in a link' "$(link self)" "$list?limit=1&q=_%C3%BC%26%3D%2B%20%3C%C3%A9"
gets 200 GET "$(link self)"
is 'and followed' "$(count)" 1
refused 400 E0000001 GET "$list?q=a&q=b"
refused 400 E0000001 GET "$list?q=%zz"
refused 400 E0000001 GET "$list?q=$(head -c 257 /dev/zero | tr '\0' q)"

# --- cursors: signed, for this search and this caller
gets 200 GET "$list?limit=5&q=even"
next=$(link next)
after=$(printf %s "$next" | sed 's/.*after=\([^&]*\).*/\1/')
gets 200 GET "$list?q=even&after=$after"
is 'another limit' "$(count)" 20
for bad in "$list?after=$after" "$list?q=eve&after=$after" \
    "$list?q=even&after=${after}A" "$list?q=even&after=B${after#?}" \
    "$list?after=" "$list?after=00T" "$list?q=even&after=$after&after=$after" \
    "$list?after=$(head -c 1100 /dev/zero | tr '\0' A)"; do
    refused 400 E0000001 GET "$bad"
    is 'its summary' "$(jq -r .errorSummary "$tmp/body")" \
        'Api validation failed: after'
done
mine=$token
token=$other
refused 400 E0000001 GET "$next"
token=$mine

# --- cursors: stable while tokens come and go
gets 200 GET "$list?limit=10"
next=$(link next)
names >"$tmp/first"
last=$(tail -n 1 "$tmp/first")
sql a "DELETE FROM token WHERE name = '$last'" # the very one it stands on
sql a "DELETE FROM token WHERE name = 'even 001'"
create a '!before' >/dev/null # comes in behind our back
create a 'even 0105' >/dev/null # and ahead of us
gets 200 GET "$next"
names >"$tmp/second"
if sort "$tmp/first" "$tmp/second" | uniq -d | grep -q .; then
    fail 'a token came twice'
fi
cat "$tmp/first" "$tmp/second" >"$tmp/seen"
grep -vxF -f "$tmp/seen" "$tmp/whole" >"$tmp/rest"
is 'none was left out' "$(head -n 1 "$tmp/rest")" "$(sed -n 20p "$tmp/whole")"
grep -qx 'even 0105' "$tmp/second" || fail 'a new one ahead does not show'
if grep -qx '!before' "$tmp/second"; then fail 'a new one behind shows'; fi

stop

# --- pages for those who ask alone
start a --rate-limit 0
all=$(sql a 'SELECT count(*) FROM token')
gets 200 GET $list
is 'the whole list' "$(count) $(header link)" "$all "
gets 200 GET "$list?q=even"
is 'a whole search' "$(count) $(header link)" '44 '
gets 200 GET "$list?limit=3"
is 'a page' "$(count) $(header link | wc -l)" '3 2'
after=$(link next | sed 's/.*after=\([^&]*\).*/\1/')
gets 200 GET "$list?after=$after"
is 'a page behind a cursor' "$(count) $(header link | wc -l)" '20 2'
for bad in 'limit=' limit=0 limit=201 after= after=x; do
    refused 400 E0000001 GET "$list?$bad"
done
stop
{
    echo tokens:
    i=$all
    while [ $i -lt 1000 ]; do
        i=$((i + 1))
        echo "  - {name: \"more $i\", user: ada@example.com, created: -9d}"
    done
} >"$tmp/more.yaml"
"$ORGD" seed --data "$tmp/a" "$tmp/more.yaml" >/dev/null
start a --rate-limit 0
gets 200 GET $list
is 'a thousand' "$(count) $(header link)" '1000 '
create a more >/dev/null
gets 200 GET $list
is 'no more than that' "$(count)" 1000
is 'self' "$(link self)" $list
case $(link next) in
"$list?after="*"&limit=200") ;;
*) fail "next is $(link next)" ;;
esac
walk $list
is 'all of them' "$pages $(sort -u "$tmp/all" | wc -l)" '2 1001'
walk "$list?q=more"
is 'all that match' "$(sort -u "$tmp/all" | wc -l)" $((1001 - all))
stop
sql a "DELETE FROM token WHERE name LIKE 'more%'"

# --- an org that pages nothing, as the newest ones
exits 2 "$ORGD" serve --data "$tmp/a" --paging sometimes
exits 2 "$ORGD" serve --data "$tmp/a" --unpaged
start a --paging never
all=$(sql a 'SELECT count(*) FROM token')
for query in '' '?limit=3' '?limit=0' '?q=agent' '?after=x'; do
    gets 200 GET "$list$query"
    is "unpaged$query" "$(count)" "$all"
    is "Link of unpaged$query" "$(header link)" ''
done
stop
