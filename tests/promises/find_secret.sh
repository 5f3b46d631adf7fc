#!/bin/sh
# find_secret.sh - what looks for secrets finds them, in every form, and finds
# nothing where there is nothing.
. "$(dirname "$0")/../cli/lib.sh"
: "${FIND:?}"

printf '%s\n%s\n' "$secret" "$other" >"$tmp/secrets"

# found FORM PART: standard input has it, and the tool says so.
found() {
    cat >"$tmp/in"
    exits 1 "$FIND" "$tmp/secrets" "$tmp/in"
    out_has "as $1"
}
hex() {
    od -An -v -tx1 | tr -d ' \n'
}

printf '%s' "$secret" | found 'plain text'
printf 'Authorization: SSWS %s\r\n' "$other" | found 'plain text'
for before in '' a ab abc 'Authorization: SSWS '; do
    printf '%s%s' "$before" "$secret" | base64 -w 0 | found base64
    printf '%s%s and more' "$before" "$other" | base64 -w 0 | found base64
    printf '%s%s' "$before" "$secret" | hex | found hexadecimal
    printf '%s%s' "$before" "$secret" | hex | tr a-f A-F | found hexadecimal
done
# The other alphabet of base64: of what has those two characters in it.
printf '%s\n' '00?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>' >"$tmp/odd"
base64 -w 0 <"$tmp/odd" >"$tmp/in"
grep -q '[+/]' "$tmp/in" || fail 'nothing of that alphabet'
exits 1 "$FIND" "$tmp/odd" "$tmp/in"
tr '+/' '-_' <"$tmp/in" >"$tmp/url"
exits 1 "$FIND" "$tmp/odd" "$tmp/url"

# A part of one, and one that lies across two reads; in a file of many.
printf 'x%sx' "$(printf '%s' "$secret" | cut -c 17-42)" | found 'plain text'
for at in 1048570 1048575 1048576 1048600; do
    { head -c $at /dev/zero && printf '%s' "$secret"; } | found 'plain text'
done
echo nothing >"$tmp/none"
exits 1 "$FIND" "$tmp/secrets" "$tmp/none" "$tmp/in" "$tmp/none"

# Nothing: other words, too short a part, and the secret of somebody else.
exits 0 "$FIND" "$tmp/secrets" "$tmp/none"
out_is ''
printf '%s' "$secret" | cut -c 1-11 >"$tmp/in"
exits 0 "$FIND" "$tmp/secrets" "$tmp/in"
printf '00%040d' 7 >"$tmp/in"
exits 0 "$FIND" "$tmp/secrets" "$tmp/in"

# It can't look, and says so: that is not the same as nothing.
exits 2 "$FIND" "$tmp/secrets" "$tmp/missing"
exits 2 "$FIND" "$tmp/none" "$tmp/in"
exits 2 "$FIND" "$tmp/secrets" -p 0

# The memory of a process that has one, and of one that has none.
env HELD="$secret" sleep 20 &
with=$!
env -i sleep 20 &
without=$!
running="$running $with $without"
sleep 0.3
exits 1 "$FIND" "$tmp/secrets" -p $with
exits 0 "$FIND" "$tmp/secrets" -p $without
