#!/bin/sh
# slow.sh - a thousand slow connections, and a client that must not notice. ORGD
# is okta-orgd, SLOW the program that does it.
set -eu
: "${ORGD:?}" "${SLOW:?}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
umask 077

"$ORGD" init --data "$tmp/org"
"$ORGD" user add --data "$tmp/org" --login ada@example.com >/dev/null
"$ORGD" token create --data "$tmp/org" --name admin --user ada@example.com \
    >"$tmp/tokens"
{
    echo tokens:
    seq 200 | awk '{ printf "- {id: 00Tx%016d, name: x%d, user: ada@example.com}\n", $1, $1 }'
} >"$tmp/seed.yaml"
"$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >/dev/null
echo 00Tx0000000000000007 >>"$tmp/tokens"
code=0
"$SLOW" "$ORGD" "$tmp/org" "$tmp/tokens" 2>"$tmp/err" || code=$?
[ $code -eq 0 ] || grep count "$tmp/err" | tail -n 20 >&2 || :
exit $code
