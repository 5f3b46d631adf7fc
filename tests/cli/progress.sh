#!/bin/sh
# progress.sh - how far a run is that takes more than a second: told on a
# terminal alone, in one line that does not stay.
. "$(dirname "$0")/lib.sh"

"$ORGD" init --data "$tmp/org" >/dev/null
"$ORGD" ca print --data "$tmp/org" >"$tmp/ca.pem"
{
    echo 'users:'
    echo '  - {id: 00uadaaaaaaaaaaaaaaa, login: ada@example.com, role: SUPER_ADMIN}'
    for i in 1 2 3 4; do
        echo "  - {login: u$i@example.com}"
    done
    echo 'tokens:'
    echo "  - {id: 00Tadminaaaaaaaaaaaa, name: admin, user: ada@example.com, secret: $secret, created: -30d, lastUsed: -2d}"
    for i in 1 2 3 4; do
        echo "  - {id: 00Tof${i}aaaaaaaaaaaaaa, name: of$i, user: u$i@example.com, created: -9d}"
    done
} >"$tmp/seed.yaml"
"$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >/dev/null
(umask 077 && printf '%s\n' "$secret" >"$tmp/token")
org_serve

# on_terminal PTY_OPTION... -- ARG...: what a terminal shows of okta-tokens, a
# line for each that is drawn over another.
on_terminal() {
    options=
    while [ "$1" != -- ]; do
        options="$options '$1'"
        shift
    done
    shift
    got=0
    eval "\"\$PTY\" $options -- \"\$TOKENS\" --org \"\$url\" --ca-file \"\$tmp/ca.pem\" \\
        --token-file \"\$tmp/token\" \"\$@\"" >"$tmp/raw" || got=$?
    is "the exit code of $*" "$got" 0
    tr '\r' '\n' <"$tmp/raw" | sed 's/ *$//' >"$tmp/shown"
}

shows() {
    grep -qE "$1" "$tmp/shown" || fail "no '$1' is shown: $(cat "$tmp/shown")"
}

# The last that is drawn is blank, and nothing else follows.
erased() {
    is 'what stays' "$(tail -n 1 "$tmp/shown")" ''
    tail -c 400 "$tmp/raw" | grep -qE "$(printf '\r') +$(printf '\r')\$" ||
        fail 'the line stays'
}

# Owners of a list, whose rows go to a file: five, a request each.
faulty do=delay ms=600 'path=/api/v1/users/*'
on_terminal -1 "$tmp/rows" -- list --with owner -o tsv
shows '^okta-tokens: owners [2-4] of 5, about [1-9] s left$'
erased
is rows "$(wc -l <"$tmp/rows" | tr -d ' ')" 5

# Rows that go to the same terminal stand in lines of their own.
on_terminal -- list --with owner -o tsv
shows '^okta-tokens: owners [2-4] of 5, about [1-9] s left$'
is rows "$(grep -c '^00T[a-z0-9]*	' "$tmp/shown")" 5
tr -d '\n' <"$tmp/raw" | grep -q 'left 00T' && fail 'a row behind the progress'
on_terminal -- list --with owner --no-pager -o table
is rows "$(grep -c ' 00T' "$tmp/shown")" 5

# Off a terminal, not a word.
exits 0 tokens list --with owner -o tsv
err_is ''
on_terminal -2 "$tmp/err" -- list --with owner -o tsv
err_is ''
if grep -q ' of 5' "$tmp/shown"; then
    fail 'progress on standard output'
fi

# Neither in less than a second.
faulty
on_terminal -1 "$tmp/rows" -- list --with owner -o tsv
is 'what is shown' "$(cat "$tmp/shown")" ''

# Tokens that are read, and changed; a warning has a line of its own.
set -- 00Tof1aaaaaaaaaaaaaa 00Tof2aaaaaaaaaaaaaa 00Tof3aaaaaaaaaaaaaa 00Tof4aaaaaaaaaaaaaa
faulty do=delay ms=600 'path=/api/v1/api-tokens/*'
on_terminal -1 "$tmp/rows" -- restrict "$@" --any-zone --yes
shows '^okta-tokens: tokens read [2-3] of 4, about [1-9] s left$'
shows '^okta-tokens: tokens [1-3] of 4, about [1-9]?[0-9] s left$'
shows '^okta-tokens: 00Tof4'
on_terminal -- revoke "$@" --yes
shows '^okta-tokens: tokens [2-3] of 4, about [1-9] s left$'
is results "$(grep -c '^00Tof.* revoked$' "$tmp/shown")" 4
