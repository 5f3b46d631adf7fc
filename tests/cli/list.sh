#!/bin/sh
# list.sh - list, on an org that pages and on one that does not.
. "$(dirname "$0")/lib.sh"

more() {
    i=0
    while [ $i -lt "$1" ]; do
        printf '  - {id: 00Tnumber%04dzzzzzzz, name: t%03d, user: ada@example.com, ' \
            $i $i
        printf 'created: -20d, lastUsed: -%dd}\n' $((i % 9 + 4))
        i=$((i + 1))
    done
}

org_data "$(more 249)"
org_serve

# All of them over two pages, each once, in the org's order.
exits 0 tokens list -o tsv --fields id
is 'tokens' "$(wc -l <"$tmp/out" | tr -d ' ')" 250
is 'different ones' "$(sort -u "$tmp/out" | wc -l | tr -d ' ')" 250
err_is ''
cp "$tmp/out" "$tmp/all"
exits 0 tokens list -v -o tsv --fields id
is 'requests' "$(grep -c 'GET .*limit=200' "$tmp/err")" 2
cmp -s "$tmp/out" "$tmp/all" || fail 'another list the second time'
exits 0 tokens list -o json
out_json 'length' 250
out_json '.[0].x | keys_unsorted | join(" ")' \
    'lastUsed neverUsed status ageDays expiresInDays'
# A consumer that is handed lines may join them by anything that is white space
# (ConvertFrom-Json does), and takes no first line for the whole document.
is 'documents, joined' "$(paste -s -d ' ' "$tmp/out" | jq -c 'length')" 250
if head -n 1 "$tmp/out" | jq . >"$tmp/jq" 2>&1; then
    fail 'the first line is a document of its own'
fi
exits 0 tokens list -o jsonl
is 'lines' "$(wc -l <"$tmp/out" | tr -d ' ')" 250
exits 0 tokens list -o csv
is 'lines' "$(wc -l <"$tmp/out" | tr -d ' ')" 251
exits 0 tokens list --no-header --fields id,x.status --time unix --color never
is 'tsv in a pipe, without a header' "$(cut -f 1 "$tmp/out" | cmp - "$tmp/all")" ''

# --max, before and after the command, over the page's end too.
exits 0 tokens list --max 7 -o tsv --fields id
head -n 7 "$tmp/all" | cmp -s - "$tmp/out" || fail 'not the first seven'
exits 0 tokens list -v --max 7 -o tsv
is 'requests' "$(grep -c ' GET ' "$tmp/err")" 1
err_has limit=7
exits 0 tokens -o tsv --fields id list --max 203
head -n 203 "$tmp/all" | cmp -s - "$tmp/out" || fail 'not the first 203'

# --limit and the cursor, until it ends.
exits 0 tokens list --limit 100 -o tsv --fields id
cat "$tmp/out" >"$tmp/parts"
grep -q "^next: okta-tokens list --limit 100 --after [^ ]* --org $url --ca-file $tmp/ca.pem --token-file $tmp/token -*o[a-z]* tsv --fields id\$" "$tmp/err" ||
    fail 'the next command lacks something'
next=$(sed -n 's/^next: okta-tokens list //p' "$tmp/err")
while [ -n "$next" ]; do
    # shellcheck disable=SC2086 # it is made to be pasted
    exits 0 eval '"$TOKENS" list' $next
    cat "$tmp/out" >>"$tmp/parts"
    next=$(sed -n 's/^next: okta-tokens list //p' "$tmp/err")
done
cmp -s "$tmp/parts" "$tmp/all" || fail 'pages do not add up to the list'
exits 0 tokens list --limit 2 -o json
out_json length 2
cursor=$(jq -r .next "$tmp/err")
exits 0 tokens list --after "$cursor" -o tsv --fields id
tail -n +3 "$tmp/all" | cmp -s - "$tmp/out" || fail 'not all from the cursor on'
exits 2 tokens list --after nonsense -o json
err_json .error.oktaErrorCode E0000001
err_json .error.http 400

# --q
exits 0 tokens list --q T24 -o tsv --fields name
is 'tokens named T24' "$(wc -l <"$tmp/out" | tr -d ' ')" 9
exits 0 tokens list --q "t24" --limit 2 -o tsv
err_has 'list --limit 2 --q t24 --after '
exits 0 tokens list --q "it's" --limit 2 -o tsv
err_is ''
exits 0 tokens list --q nobody -o json
is 'an empty list' "$(jq -c . "$tmp/out")" '[]'
exits 0 tokens list --q nobody
out_is ''
err_is ''
exits 0 "$PTY" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" list --q nobody
is 'an empty table' "$(tr -d '\r' <"$tmp/out")" 'okta-tokens: no tokens'
# On a terminal the cursor does not stand within the array.
exits 0 "$PTY" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" list --limit 2 -o json
is 'documents' "$(jq -sc 'map(type)' "$tmp/out")" '["array","object"]'
stop

# An org that ignores limit and q.
org_serve --paging never
exits 0 tokens list --limit 3 -o tsv --fields id
head -n 3 "$tmp/all" | cmp -s - "$tmp/out" || fail 'not cut to three'
err_is 'okta-tokens: there are more tokens, but no cursor to go on with: the org sent more than were asked for, so this page had to be cut'
exits 0 tokens list --limit 3 -o json
err_json '.note | startswith("there are more")' true
exits 0 tokens list --max 3 -o tsv --fields id
head -n 3 "$tmp/all" | cmp -s - "$tmp/out" || fail 'not three'
err_is ''
exits 0 tokens list --q t24 -o tsv --fields name
is 'tokens named t24' "$(wc -l <"$tmp/out" | tr -d ' ')" 9
exits 0 tokens list -o tsv --fields id
cmp -s "$tmp/out" "$tmp/all" || fail 'another list unpaged'

# A table, where it is asked for.
exits 0 tokens list --max 2 -o table
grep -q '^NAME .*STATUS' "$tmp/out" || fail 'no header of a table'

# What a pipe carries may end at a terminal: nothing in it steers one, nor is
# invisible, and a script can undo the escapes.
stop
script
hostile='\u001b[2J\u009b2J\u202e\u200b\n\t\r\\ Z\u00fc'
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n[%s]' \
    "$(token_json 00Thostileaaaaaaaaaa "$hostile")" | answer GET-api-tokens
script_serve
for format in tsv csv; do
    exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" list -o $format \
        --fields name --no-header
    is $format "$(tr -d '\r' <"$tmp/out")" \
        '\x1b[2J\u{009b}2J\u{202e}\u{200b}\n\t\r\\ Zü'
done
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" list -o csv --csv-bom
is 'byte order mark' "$(head -c 5 "$tmp/out" | od -An -tx1 | tr -d ' \n')" efbbbf6964
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" list -o jsonl
grep -qF "\"name\":\"$hostile\"" "$tmp/out" || fail 'other bytes than the org sent'
