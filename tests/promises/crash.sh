#!/bin/sh
# crash.sh [ROUNDS] - kill -9 in the midst of changes: none that was acknowledged
# is lost, nothing that was revoked or has expired comes back, every change has
# its event; the database is in order, and the org ready again in READY_MS. ORGD
# is okta-orgd, CRASH the program that does it.
set -eu
: "${ORGD:?}" "${CRASH:?}"
rounds=${1:-${ROUNDS:-50}}
ready_ms=${READY_MS:-500}
at_once=50 # rounds on one database
tokens=320 # that a round may take
expire=10  # that expire in a round
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
umask 077

fail() {
    echo "FAILED: $*" >&2
    [ ! -e "$tmp/err" ] || grep -v ' status=' "$tmp/err" | tail -n 20 >&2 || :
    exit 1
}

# new_org ROUNDS SECONDS: $tmp/org with tokens that are kept, so many to be
# revoked, every second of which revokes itself, and so many that expire.
new_org() {
    rm -rf "$tmp/org"
    "$ORGD" init --data "$tmp/org" >"$tmp/out"
    awk -v n=$(($1 * tokens)) -v ends=$(($1 * expire)) -v seconds="$2" \
        -v seed="$tmp/seed.yaml" '
    function token(id, name, more) {
        printf "- {id: %s, name: %s, user: ada@example.com%s}\n", id, name, more >seed
    }
    BEGIN {
        print "users:\n- {id: 00uadaaaaaaaaaaaaaaa, login: ada@example.com, role: SUPER_ADMIN}" >seed
        print "zones:\n- {id: nzoloopback000000000, name: loopback, gateways: [127.0.0.0/8]}" >seed
        print "tokens:" >seed
        admin = sprintf("00adm%037d", 1)
        token("00Tadminaaaaaaaaaaaa", "admin", ", secret: " admin)
        print admin
        for (i = 0; i < 16; i++) {
            id = sprintf("00Tkept%013d", i)
            secret = sprintf("00kept%036d", i)
            token(id, "kept" i, ", expiresAt: +20d, secret: " secret)
            print id, secret
        }
        for (i = 1; i <= n; i++) {
            id = sprintf("00Tx%016d", i)
            secret = i % 2 ? sprintf("00own%037d", i) : ""
            token(id, "x" i, secret == "" ? "" : ", secret: " secret)
            print id, secret
        }
        for (i = 1; i <= ends; i++)
            token(sprintf("00Tends%013d", i), "ends" i, ", expiresAt: +" 1 + i % seconds "s")
    }' >"$tmp/tokens"
    "$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >"$tmp/out"
    # As if the secrets were nobody's but the org's: it is to run as in earnest.
    sql "DELETE FROM setting WHERE key = 'pinned'"
}

sql() {
    sqlite3 "$tmp/org/orgd.db" "$1"
}

# none WHAT SELECT: it finds nothing.
none() {
    found=$(sql "$2")
    [ -z "$found" ] || fail "$1: $(echo "$found" | head -n 3)"
}

# Who has gone without a 204 can only have been under way when it was killed.
check_lost() {
    sql 'SELECT id FROM token' | sort >"$tmp/left"
    sort "$tmp/acknowledged" >"$tmp/revoked"
    [ -z "$(comm -12 "$tmp/left" "$tmp/revoked")" ] || fail 'back from the dead'
    lost=$(sed 1,17d "$tmp/tokens" | cut -d ' ' -f 1 | sort |
        comm -23 - "$tmp/left" | comm -23 - "$tmp/revoked" | wc -l)
    [ "$lost" -le $((16 * $1)) ] ||
        fail "$lost tokens are gone that nobody was told of"
}

# Neither a change without its event nor an event without its change.
check_events() {
    revoke="SELECT target_id FROM event WHERE type = 'system.api_token.revoke'"
    create="SELECT target_id FROM event WHERE type = 'system.api_token.create'"
    none 'revoked by the log, and there' \
        "SELECT id FROM token WHERE id IN ($revoke)"
    none 'revoked twice' "$revoke GROUP BY target_id HAVING count(*) > 1"
    none 'made by the log, and never there' \
        "$create AND target_id NOT IN (SELECT id FROM token) AND target_id NOT IN ($revoke)"
    none 'made without an event' \
        "SELECT id FROM token WHERE name = 'made' AND id NOT IN ($create)"
    { cat "$tmp/left" && sql "$revoke"; } | sort >"$tmp/known"
    sed -n 's/^- {id: \(00T[a-z0-9]*\),.*/\1/p' "$tmp/seed.yaml" | sort |
        comm -23 - "$tmp/known" >"$tmp/unknown"
    [ ! -s "$tmp/unknown" ] ||
        fail "gone without an event: $(head -n 3 "$tmp/unknown")"
}

# By the org itself.
check_expired() {
    none 'expired, and there' "SELECT id FROM token WHERE name GLOB 'ends*'"
    none 'expired by somebody' \
        "SELECT target_id FROM event WHERE target_name GLOB 'ends*' AND actor_id IS NOT NULL"
}

while [ "$rounds" -gt 0 ]; do
    n=$((rounds < at_once ? rounds : at_once))
    rounds=$((rounds - n))
    seconds=$((n / 10 + 2))
    new_org "$n" $seconds
    rm -f "$tmp/acknowledged"
    "$CRASH" "$ORGD" "$tmp/org" "$tmp/tokens" "$n" "$tmp/acknowledged" \
        $((seconds + 2)) >"$tmp/figures" 2>"$tmp/err" ||
        fail "$(sed -n 's|^FAILED: ||p' "$tmp/err")"
    check_lost "$n"
    check_events
    check_expired
    echo "$(cat "$tmp/figures") expired $((n * expire))" >>"$tmp/sum"
    worst=$(sed 's/.* worst \([0-9]*\)$/\1/' "$tmp/figures")
    [ "$worst" -le "$ready_ms" ] || fail "ready only after $worst ms"
done
awk '{
    for (i = 1; i < NF; i += 2)
        sum[$i] += $(i + 1)
    worst = $14 > worst ? $14 : worst
} END {
    printf "killed %d times; acknowledged: %d revocations, %d restrictions, " \
        "%d tokens made, %d expired: %d changes, none lost, none back; " \
        "%d uses; ready again after %d ms (median), %d ms (worst)\n",
        sum["rounds"], sum["revoked"], sum["restricted"], sum["made"],
        sum["expired"],
        sum["revoked"] + sum["restricted"] + sum["made"] + sum["expired"],
        sum["used"], sum["median"] / NR, worst
}' "$tmp/sum"
