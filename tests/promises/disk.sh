#!/bin/sh
# disk.sh [STRIDE] - a disk that fails at each call in turn, or, to be quicker,
# at every STRIDE-th: nothing is acknowledged that a loss of power could take
# back, and nothing refused that comes to pass. ORGD is okta-orgd, DISK the
# program that does it, FAULTY its disk.
set -eu
: "${ORGD:?}" "${DISK:?}" "${FAULTY:?}"
tokens=12000
tmp=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
umask 077

# A sanitizer insists on being the first.
asan=$(ldd "$ORGD" | awk '$1 ~ /^libasan/ { print $3 }')

"$ORGD" init --data "$tmp/org"
awk -v n=$tokens -v seed="$tmp/seed.yaml" 'BEGIN {
    print "users:\n- {id: 00uadaaaaaaaaaaaaaaa, login: ada@example.com, role: SUPER_ADMIN}" >seed
    print "zones:\n- {id: nzoloopback000000000, name: loopback, gateways: [127.0.0.0/8]}" >seed
    admin = sprintf("00adm%037d", 1)
    print "tokens:\n- {id: 00Tadminaaaaaaaaaaaa, name: admin, user: ada@example.com, secret: " admin "}" >seed
    print admin
    for (i = 0; i <= n; i++) {
        id = sprintf("00Tx%016d", i)
        secret = sprintf("00own%037d", i)
        printf "- {id: %s, name: x%d, user: ada@example.com, secret: %s}\n", id, i, secret >seed
        print id, secret
    } }' >"$tmp/tokens"
"$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >/dev/null
# As if the secrets were nobody's but the org's: it is to run as in earnest.
sqlite3 "$tmp/org/orgd.db" "DELETE FROM setting WHERE key = 'pinned'"
mkdir "$tmp/work"
"$DISK" "$ORGD" "$tmp/org" "$tmp/tokens" "${asan:+$asan }$FAULTY" "$tmp/work" \
    "${1:-1}" 2>"$tmp/err" || {
    grep -v ' status=' "$tmp/err" | tail -n 20 >&2 || :
    exit 1
}
