#!/bin/sh
# changes.sh - users, groups and zones in the System Log, and how long it keeps
# what it has.
. "$(dirname -- "$0")/lib.sh"

new_org a
rita=$("$ORGD" user add --data "$tmp/a" --login rita --role none)
admin=$(create a admin)
start a --dev --rate-limit 0 --tls off
token=$admin
logs=/api/v1/logs
orgd() {
    command=$1
    shift
    exits 0 "$ORGD" $command --data "$tmp/a" "$@"
}

# events [FILTER]: "TYPE: each target's type and name" of each, a line each.
events() {
    gets 200 GET $logs -G ${1+--data-urlencode "filter=$1"} -d limit=1000
    jq -r '.[] | .eventType + ": " + ([.target[] | .type + " " + .displayName] | join(", "))' \
        "$tmp/body"
}
# of ID: those that concern it.
of() { events "target.id eq \"$1\""; }
last() { jq -c ".[-1] | $1" "$tmp/body"; }

# --- a user; a role of one's own is an event more
is 'with a role' "$(of "$ada")" 'user.lifecycle.create: User ada@example.com
user.account.privilege.grant: User ada@example.com'
of "$ada" >/dev/null
is 'which role' "$(last .debugContext.debugData.privilegeGranted)" '"Super administrator"'
is 'whose' "$(last '[.actor.type, .target[0].id, .target[0].alternateId, .outcome.result, .displayMessage]')" \
    "[\"SystemPrincipal\",\"$ada\",\"ada@example.com\",\"SUCCESS\",\"Grant user privilege\"]"
is 'without one' "$(of "$rita")" 'user.lifecycle.create: User rita'
# --- each change of status, by what it was before; none is none
for how in suspend suspend activate activate deactivate activate suspend deactivate activate; do
    orgd "user $how" --user rita
done
is 'statuses' "$(of "$rita" | sed 's/: .*//; s/user.lifecycle.//' | paste -sd' ' -)" \
    'create suspend unsuspend deactivate reactivate suspend deactivate reactivate'
# --- a group, its role, its members: found by either
orgd 'group add' --name Operations --role ORG_ADMIN --member rita --member ada@example.com
ops=$out
is 'a group' "$(of "$ops")" 'group.lifecycle.create: UserGroup Operations
group.privilege.grant: UserGroup Operations
group.user_membership.add: User rita, UserGroup Operations
group.user_membership.add: User ada@example.com, UserGroup Operations'
is 'of whom' "$(of "$rita" | tail -n 1)" 'group.user_membership.add: User rita, UserGroup Operations'
# (A short word may stand in somebody's random id.)
is 'by name' "$(gets 200 GET "$logs?q=operations" && jq length "$tmp/body")" 4
# --- a zone
orgd 'zone add' --name Office --gateway 192.0.2.0/24
is 'a zone' "$(of "$out")" 'zone.create: NetworkZone Office'
# --- what is refused leaves neither change nor event
before=$(sql a 'SELECT count(*) FROM event')
exits 1 "$ORGD" user add --data "$tmp/a" --login rita
exits 1 "$ORGD" group add --data "$tmp/a" --name OPERATIONS
exits 1 "$ORGD" group add --data "$tmp/a" --name new --member rita --member nobody
exits 1 "$ORGD" zone add --data "$tmp/a" --name office --gateway 192.0.2.0/24
exits 1 "$ORGD" user suspend --data "$tmp/a" --user nobody
is 'events of what is refused' "$(sql a 'SELECT count(*) FROM event')" "$before"
is 'its group' "$(sql a "SELECT count(*) FROM user_group")" 1
# --- an event that can't be written takes its change back
sql a "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END"
exits 1 "$ORGD" user add --data "$tmp/a" --login new
exits 1 "$ORGD" user suspend --data "$tmp/a" --user rita
exits 1 "$ORGD" group add --data "$tmp/a" --name new
exits 1 "$ORGD" zone add --data "$tmp/a" --name new --gateway 192.0.2.0/24
sql a 'DROP TRIGGER full'
is 'what is left' "$(sql a "SELECT (SELECT count(*) FROM user), (SELECT count(*) FROM user
    WHERE status <> 'ACTIVE'), (SELECT count(*) FROM user_group), (SELECT count(*) FROM zone)")" \
    '2|0|1|1'
stop

# --- events are kept for 90 days, and go in batches
sql a "UPDATE event SET published = 1767225600" # 2026-01-01
sql a "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
    INSERT INTO event (uuid, published, type) SELECT i, 1767225600 + 86400, 'old' FROM n"
sql a "UPDATE event SET published = 1767225601 WHERE uuid = '450'" # not yet
sql a "UPDATE token SET expires = 1999999999"
count() { sql a 'SELECT count(*) FROM event'; }
all=$(count)
start a --dev --now 2026-03-31T23:59:00Z --tls off
sleep 1
is 'after 89 days' "$(count)" "$all"
orgd 'dev clock freeze' # or a slow machine is a second late
orgd 'dev clock set' 2026-04-01T00:00:00Z
is 'after 90 days' "$(count)" "$all"
orgd 'dev clock advance' PT1S
is 'and a second' "$(count)" 450
orgd 'dev clock advance' P1D
is 'and a day' "$(count)" 0
stop
# --- by itself, too
sql a "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
    INSERT INTO event (uuid, published, type) SELECT i, 1767225600, 'old' FROM n"
start a --dev --now 2026-05-01T00:00:00Z --tls off
i=0
while [ "$(count)" -gt 0 ]; do
    i=$((i + 1))
    [ $i -lt 50 ] || fail 'old events stay'
    sleep 0.1
done
stop
