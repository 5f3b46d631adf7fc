#!/bin/sh
# crash.sh [ROUNDS] - kill -9 in the midst of revocations: none that got its 204
# comes back, whoever revoked it; the database is in order, and the org ready
# again in READY_MS. ORGD is okta-orgd, CRASH the program that does it.
set -eu
: "${ORGD:?}" "${CRASH:?}"
rounds=${1:-${ROUNDS:-50}}
ready_ms=${READY_MS:-500}
at_once=50 # rounds on one database
tokens=320 # that a round may take
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
umask 077

fail() {
    echo "FAILED: $*" >&2
    [ ! -e "$tmp/err" ] || grep -v ' status=' "$tmp/err" | tail -n 20 >&2 || :
    exit 1
}

# new_org TOKENS: $tmp/org with so many, every second of which revokes itself.
new_org() {
    rm -rf "$tmp/org"
    "$ORGD" init --data "$tmp/org" >"$tmp/out"
    awk -v n="$1" -v seed="$tmp/seed.yaml" 'BEGIN {
        print "users:\n- {id: 00uadaaaaaaaaaaaaaaa, login: ada@example.com, role: SUPER_ADMIN}" >seed
        admin = sprintf("00adm%037d", 1)
        print "tokens:\n- {id: 00Tadminaaaaaaaaaaaa, name: admin, user: ada@example.com, secret: " admin "}" >seed
        print admin
        for (i = 1; i <= n; i++) {
            id = sprintf("00Tx%016d", i)
            secret = i % 2 ? sprintf("00own%037d", i) : ""
            printf "- {id: %s, name: x%d, user: ada@example.com%s}\n", id, i,
                secret == "" ? "" : ", secret: " secret >seed
            print id, secret
        } }' >"$tmp/tokens"
    "$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >"$tmp/out"
}

# Who has gone without a 204 can only have been under way when it was killed.
check_lost() {
    sqlite3 "$tmp/org/orgd.db" 'SELECT id FROM token' | sort >"$tmp/left"
    sort "$tmp/acknowledged" >"$tmp/revoked"
    [ -z "$(comm -12 "$tmp/left" "$tmp/revoked")" ] || fail 'back from the dead'
    lost=$(sed 1d "$tmp/tokens" | cut -d ' ' -f 1 | sort |
        comm -23 - "$tmp/left" | comm -23 - "$tmp/revoked" | wc -l)
    [ "$lost" -le $((16 * $1)) ] ||
        fail "$lost tokens are gone that nobody was told of"
}

while [ "$rounds" -gt 0 ]; do
    n=$((rounds < at_once ? rounds : at_once))
    rounds=$((rounds - n))
    new_org $((n * tokens))
    rm -f "$tmp/acknowledged"
    "$CRASH" "$ORGD" "$tmp/org" "$tmp/tokens" "$n" "$tmp/acknowledged" \
        >"$tmp/figures" 2>"$tmp/err" || fail "$(grep '^crash: ' "$tmp/err")"
    check_lost "$n"
    cat "$tmp/figures"
    worst=$(sed 's/.* \([0-9]*\) ms (worst)$/\1/' "$tmp/figures")
    [ "$worst" -le "$ready_ms" ] || fail "ready only after $worst ms"
done
