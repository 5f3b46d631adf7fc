#!/bin/sh
# ends.sh ROUNDS - the org ends well at any moment, whoever comes meanwhile. ORGD
# is okta-orgd, ENDS the program that tries it.
set -eu
: "${ORGD:?}" "${ENDS:?}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
umask 077

"$ORGD" init --data "$tmp/org"
"$ENDS" "$ORGD" "$tmp/org" "$1" 2>"$tmp/err" || {
    grep -v ' status=\|runs as root' "$tmp/err" | tail -n 20 >&2
    exit 1
}
