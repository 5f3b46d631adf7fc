#!/bin/sh
# seed.sh - seeds: all or nothing, and errors that name place and key, never a
# value.
. "$(dirname -- "$0")/lib.sh"

new_org a
secret=00secret-secret-secret-secret-secret-00001
user='users: [{id: 00uBob00000000000000, login: bob}]'
zone='{id: nzo1, name: one, gateways: [192.0.2.0/24]}'

# bad LINE WANTED TEXT: the text is refused at that line, nothing is kept.
bad() {
    printf '%b\n' "$3" >"$tmp/bad.yaml"
    exits 1 "$ORGD" seed --data "$tmp/a" "$tmp/bad.yaml"
    is "stdout for $3" "$out" ''
    has "error for $3" "$err" "okta-orgd: seed: $tmp/bad.yaml:$1: "
    has "error for $3" "$err" "$2"
    lacks "error for $3" "$err" secret-secret
    lacks "error for $3" "$err" VALUE
    is "what is left of $3" "$(sql a 'SELECT (SELECT count(*) FROM token),
        (SELECT count(*) FROM user), (SELECT count(*) FROM zone)')" '0|1|0'
}
token() { # FIELDS: a file with one good token and then this one, on line 4
    printf '%s\ntokens:\n  - {name: good, user: bob, secret: %s}\n  - {%s}' \
        "$user" "$secret" "$1"
}

# --- the file as a whole
bad 1 'must be a mapping' ''
bad 1 'must be a mapping' 'VALUE'
bad 1 'must be a mapping' '[]'
bad 3 'not YAML' 'users:\n  - {login: VALUE'
bad 1 'not YAML' '\tVALUE'
bad 3 'a second document' "$user\n---\nVALUE"
bad 1 'unknown key "userz"' 'userz: []'
bad 2 'a key is there twice' "$user\nusers: []"
bad 1 'users: must be a list' 'users: VALUE'
bad 1 'users[0]: must be a mapping' 'users: [VALUE]'
exits 1 "$ORGD" seed --data "$tmp/a" "$tmp/none.yaml"
has 'no file' "$err" 'no such file or folder'
exits 1 "$ORGD" seed --data "$tmp/a" "$tmp"
has 'a folder' "$err" 'no regular file'

# --- users
bad 1 'users[0].login: is missing' 'users: [{role: SUPER_ADMIN}]'
bad 2 'users[1]: unknown key "lgoin"' 'users: [{login: a},\n {lgoin: VALUE}]'
bad 1 'users[0].role: no role of that name' 'users: [{login: a, role: VALUE}]'
bad 1 'users[0].status: must be ACTIVE' 'users: [{login: a, status: VALUE}]'
bad 1 'users[0].id: must be 00u' 'users: [{login: a, id: VALUE}]'
bad 1 'users[0].id: must be 00u' 'users: [{login: a, id: 00TBob00000000000000}]'
bad 1 'users[0].id: must be 00u' 'users: [{login: a, id: 00uBob-VALUE00000000}]'
bad 1 'users[0].login: must be a text' 'users: [{login: [VALUE]}]'
bad 1 'users[0].login: must have 1 to 255 bytes' 'users: [{login: "VALUE\\0"}]'
bad 2 'users[1]: the login or the id is taken' 'users: [{login: VALUE},\n {login: value}]'
bad 1 'users[0]: the login or the id is taken' 'users: [{login: Ada@example.com}]'

bad 1 'users[0].login: must be a name, or an address' 'users: [{login: VALUE@}]'
bad 1 'users[0].login: must have no space' 'users: [{login: VALUE x}]'

# --- groups
bad 1 'groups[0].name: is missing' 'groups: [{role: ORG_ADMIN}]'
bad 1 'groups[0].role: no role of that name' 'groups: [{name: x, role: VALUE}]'
bad 1 'groups[0].id: must be 00g' 'groups: [{name: x, id: VALUE}]'
bad 1 'groups[0].members: must be a list' 'groups: [{name: x, members: VALUE}]'
bad 1 'groups[0].members: no user has that login or id' 'groups: [{name: x, members: [ada@example.com, VALUE]}]'
bad 1 'groups[0].members: a member is there twice' 'groups: [{name: x, members: [ada@example.com, ADA@example.com]}]'
bad 2 'groups[1]: the name or the id is taken' 'groups: [{name: x},\n {name: X}]'
bad 1 'groups[0]: unknown key "users"' 'groups: [{name: x, users: [VALUE]}]'

# --- zones
bad 1 'zones[0].name: is missing' 'zones: [{gateways: [192.0.2.0/24]}]'
bad 1 'zones[0].gateways: is missing' 'zones: [{name: VALUE}]'
bad 1 'zones[0].gateways: is missing' 'zones: [{name: VALUE, gateways: []}]'
bad 1 'zones[0].gateways: must be a list' 'zones: [{name: VALUE, gateways: 192.0.2.0/24}]'
for gateway in VALUE 192.0.2.0 192.0.2.0/33 192.0.2.0/ 192.0.2.9-192.0.2.8 1.2.3.4-::5 \
    2001:db8::/129 ::ffff:1.2.3.4/95 1.2.3/8 /8 - '192.0.2.0/24 10.0.0.0/8' 01.2.3.4/8; do
    bad 1 'zones[0].gateways: must be CIDRs or ranges' "zones: [{name: x, gateways: ['$gateway']}]"
done
bad 1 'zones[0].gateways: must be CIDRs or ranges' 'zones: [{name: x, type: DYNAMIC, gateways: [192.0.2.0/24]}]'
bad 1 'zones[0].type: must be IP' 'zones: [{name: x, type: VALUE}]'
bad 1 'zones[0].status: must be ACTIVE or INACTIVE' 'zones: [{name: x, status: VALUE, gateways: [192.0.2.0/24]}]'
bad 1 'zones[0].id: must be nzo' 'zones: [{id: VALUE, name: x, gateways: [192.0.2.0/24]}]'
bad 1 'zones[0].id: must be nzo' 'zones: [{id: nzo-VALUE, name: x, gateways: [192.0.2.0/24]}]'
bad 1 'zones[0]: unknown key "gateway"' 'zones: [{name: x, gateway: VALUE}]'
bad 2 'zones[1]: the name or the id is taken' "zones: [$zone,\n {name: ONE, gateways: [192.0.2.0/24]}]"

# --- tokens
bad 4 'tokens[1].name: is missing' "$(token 'user: bob')"
bad 4 'tokens[1].user: is missing' "$(token 'name: VALUE')"
bad 4 'tokens[1].user: no user has that login or id' "$(token 'name: VALUE, user: VALUE')"
bad 4 'tokens[1]: unknown key "Name"' "$(token 'Name: VALUE, user: bob')"
bad 4 'tokens[1]: unknown key "(not shown' "$(token "$secret: x, user: bob")"
bad 4 'tokens[1]: a key is there twice' "$(token 'name: VALUE, name: x, user: bob')"
bad 4 'tokens[1].secret: must be 00 and 40' "$(token "name: x, user: bob, secret: ${secret}VALUE")"
bad 4 'tokens[1].secret: must be 00 and 40' "$(token 'name: x, user: bob, secret: VALUE')"
bad 4 'tokens[1].secret: must be a text' "$(token "name: x, user: bob, secret: [$secret]")"
bad 4 'tokens[1]: the id or the secret is taken' "$(token "name: x, user: bob, secret: $secret")"
bad 4 'tokens[1].id: must be 00T' "$(token 'name: x, user: bob, id: VALUE')"
bad 4 'tokens[1].tokenWindow: must be an ISO 8601' "$(token 'name: x, user: bob, tokenWindow: VALUE')"
bad 4 'tokens[1].created: must be a time' "$(token 'name: x, user: bob, created: VALUE')"
for time in 3d -d -3 -3x -3d3 --3d -3.5d 2026-01-01 tomorrow; do
    bad 4 'tokens[1].lastUsed: must be a time' "$(token "name: x, user: bob, lastUsed: $time")"
done
bad 4 'tokens[1].expiresAt: not together with lastUsed' "$(token 'name: x, user: bob, lastUsed: -1d, expiresAt: +1d')"
bad 4 'tokens[1].network: must be a mapping' "$(token 'name: x, user: bob, network: VALUE')"
bad 4 'tokens[1].network: unknown key "zones"' "$(token 'name: x, user: bob, network: {zones: [VALUE]}')"
bad 4 'tokens[1].network.include: must be a list' "$(token 'name: x, user: bob, network: {connection: ZONE, include: VALUE}')"
bad 4 'tokens[1].network.include: must be at most 100 ids' "$(token 'name: x, user: bob, network: {connection: ZONE, include: [VALUE VALUE]}')"
bad 4 'tokens[1].network.include: no zone has that id' "$(token 'name: x, user: bob, network: {connection: ZONE, include: [nzoVALUE]}')"
bad 4 'tokens[1].network.exclude: no zone has that id' "$(token 'name: x, user: bob, network: {connection: ZONE, exclude: [ALL_ZONES, nzoVALUE]}')"
user="zones: [$zone]\n$user"
bad 5 'tokens[1].network.include: no zone has that id' "$(token 'name: x, user: bob, network: {connection: ZONE, include: [nzo1, nzoVALUE]}')"
user="users: [{id: 00uBob00000000000000, login: bob}]"
bad 4 'tokens[1].network: connection must be ZONE' "$(token 'name: x, user: bob, network: {connection: VALUE}')"
bad 4 'tokens[1].network: connection must be ZONE' "$(token 'name: x, user: bob, network: {connection: ZONE}')"
bad 4 'tokens[1].network: connection must be ZONE' "$(token 'name: x, user: bob, network: {connection: ANYWHERE, include: [ALL_ZONES]}')"
start a --listen 127.0.0.1:0 # nothing was pinned by what failed
stop

# --- a good one, YAML; times absolute and relative, by --now
cat >"$tmp/good.yaml" <<END
# A comment.
users:
  - id: 00uBob00000000000000
    login: bob@example.com
    role: READ_ONLY_ADMIN
    status: SUSPENDED
    created: 2020-01-01T00:00:00Z
  - login: eve@example.com
groups:
  - {id: 00gops00000000000000, name: Ops, role: ORG_ADMIN, members: [bob@example.com, eve@example.com], created: 2020-01-01T00:00:00Z}
zones: # named in any order
  - {id: nzo1, name: One, gateways: [192.0.2.0/24, "2001:db8::/32"], created: 2020-01-01T00:00:00Z}
  - {id: nzo2, name: Two, status: INACTIVE, gateways: [192.0.2.1-192.0.2.9]}
  - {id: nzo3, name: Three, type: DYNAMIC}
tokens:
  - id: 00Tone00000000000000
    name: "one"
    user: Bob@Example.com
    created: -10d
    lastUsed: -90m
    lastUpdated: -1h
  - {name: two, user: 00uBob00000000000000, tokenWindow: null, created: 2026-01-01T00:00:00Z, expiresAt: +2w, clientName: Okta AD Agent}
  - {name: three, user: eve@example.com, tokenWindow: PT5M, created: "-30s", network: {connection: ZONE, include: [nzo1, nzo2], exclude: [nzo3]}}
END
exits 0 "$ORGD" seed --data "$tmp/a" --now 2026-02-01T00:00:00Z "$tmp/good.yaml"
is 'stdout' "$out" '2 users, 1 groups, 3 zones, 3 tokens, 0 apps'
rows() {
    sql a "SELECT name, client_name, ifnull(token_window, 'null'), connection,
        include, exclude, strftime('%Y-%m-%dT%H:%M:%S', created, 'unixepoch'),
        strftime('%Y-%m-%dT%H:%M:%S', last_updated, 'unixepoch'),
        strftime('%Y-%m-%dT%H:%M:%S', expires, 'unixepoch') FROM token
        ORDER BY name"
}
is 'the tokens' "$(rows)" \
    'one|Okta API|P30D|ANYWHERE|||2026-01-22T00:00:00|2026-01-31T23:00:00|2026-03-02T22:30:00
three|Okta API|PT5M|ZONE|nzo1 nzo2|nzo3|2026-01-31T23:59:30|2026-01-31T23:59:30|2026-02-01T00:04:30
two|Okta AD Agent|null|ANYWHERE|||2026-01-01T00:00:00|2026-01-01T00:00:00|2026-02-15T00:00:00'
is 'the user' "$(sql a "SELECT id, role, status, created FROM user
    WHERE login = 'bob@example.com'")" \
    '00uBob00000000000000|READ_ONLY_ADMIN|SUSPENDED|1577836800'
is 'the group' "$(sql a "SELECT id, name, role, created FROM user_group")" \
    '00gops00000000000000|Ops|ORG_ADMIN|1577836800'
is 'members' "$(sql a 'SELECT count(*) FROM member')" 2
is 'the zones' "$(sql a 'SELECT id, name, type, status, gateways, created,
    last_updated FROM zone ORDER BY id')" \
    'nzo1|One|IP|ACTIVE|192.0.2.0/24 2001:db8::/32|1577836800|1577836800
nzo2|Two|IP|INACTIVE|192.0.2.1-192.0.2.9|1769904000|1769904000
nzo3|Three|DYNAMIC|ACTIVE||1769904000|1769904000'
is 'owners' "$(sql a "SELECT count(*) FROM token
    WHERE user_id = '00uBob00000000000000'")" 2
exits 1 "$ORGD" seed --data "$tmp/a" "$tmp/good.yaml"
has 'the same again' "$err" 'taken'

# --- JSON is YAML too
printf '{"users": [{"login": "j"}], "tokens": [{"name": "json \\u00e9\\n", "user": "j",
  "tokenWindow": null, "network": {"connection": "ANYWHERE"}}]}' >"$tmp/good.json"
exits 0 "$ORGD" seed --data "$tmp/a" "$tmp/good.json"
is 'a name with an escape' \
    "$(sql a "SELECT hex(name) FROM token WHERE name LIKE 'json%'")" 6A736F6E20C3A90A

# --- secrets out of a file bind the org to --dev, on loopback; they work
printf 'tokens: [{name: pinned, user: ada@example.com, secret: %s}]\n' $secret \
    >"$tmp/pinned.yaml"
exits 0 "$ORGD" seed --data "$tmp/a" "$tmp/pinned.yaml"
lacks 'stdout' "$out" $secret
exits 1 "$ORGD" serve --data "$tmp/a" --listen 0.0.0.0:0 --public-url https://x
has 'not on loopback' "$err" 'only with --dev, on a loopback address'
exits 1 "$ORGD" serve --data "$tmp/a"
has 'without --dev' "$err" 'only with --dev, on a loopback address'
start a --dev
token=$secret
gets 200 GET /api/v1/api-tokens
# The secret of a token that came without one is nobody's.
is 'hashes differ' "$(sql a 'SELECT count(DISTINCT hash) = count(*) FROM token')" 1
stop
if grep -rqF -e $secret "$tmp/a" "$tmp/a.err"; then fail 'a secret on the disk'; fi

# --- the demo's seed
demo=$here/../../scripts/demo-seed.yaml
new_org demo
exits 0 "$ORGD" seed --data "$tmp/demo" "$demo"
start demo --dev
token=$(sed -n 's/^    secret: \(00demo-admin.*\)$/\1/p' "$demo")
gets 200 GET '/api/v1/api-tokens?limit=200'
count=$(jq length "$tmp/body")
[ "$count" -ge 30 ] || fail "only $count tokens in the demo"
is 'all are alive' "$count" "$(sql demo 'SELECT count(*) FROM token')"
has 'a name with an escape' "$body" '\u001B['
for state in '"tokenWindow":null' '"clientName":"Okta AD Agent"' \
    '"include":["ALL_ZONES"]' '"exclude":["ALL_ZONES"]' '=HYPERLINK'; do
    has 'the demo' "$body" "$state"
done
token=$(sed -n 's/^    secret: \(00demo-this.*\)$/\1/p' "$demo")
gets 204 DELETE /api/v1/api-tokens/current
stop

# --- check-config: the same words, and nothing is changed
cp "$tmp/good.json" "$tmp/alone.json"
exits 0 "$ORGD" check-config "$tmp/alone.json"
is 'what it would be' "$out" '1 users, 0 groups, 0 zones, 1 tokens, 0 apps'
is 'no complaint' "$err" ''
printf 'users: [{login: x}]\ntokens:\n  - {name: y, user: VALUE}\n' >"$tmp/bad.yaml"
exits 1 "$ORGD" check-config "$tmp/bad.yaml"
has 'a reference to nobody' "$err" "$tmp/bad.yaml:3: tokens[0].user: no user has that login"
is 'stdout' "$out" ''
printf 'tokens: [{name: y, user: ada@example.com}]\n' >"$tmp/more.yaml"
exits 1 "$ORGD" check-config "$tmp/more.yaml"
before=$(sql a 'SELECT count(*) FROM token')
exits 0 "$ORGD" check-config --data "$tmp/a" "$tmp/more.yaml"
is 'nothing is changed' "$(sql a 'SELECT count(*) FROM token')" "$before"
exits 1 "$ORGD" check-config --data "$tmp/a" "$tmp/alone.json"
has 'taken' "$err" 'the login or the id is taken'
exits 2 "$ORGD" check-config

# --- init --seed: an org of it, or none at all
exits 0 "$ORGD" init --data "$tmp/c" --seed "$tmp/alone.json"
is 'what there is' "$out" '1 users, 0 groups, 0 zones, 1 tokens, 0 apps'
is 'it is there' "$(sql c 'SELECT login FROM user')" j
exits 1 "$ORGD" init --data "$tmp/d" --seed "$tmp/bad.yaml"
[ ! -e "$tmp/d" ] || fail 'an org of a bad seed'
exits 1 "$ORGD" init --data "$tmp/d" --seed "$tmp/none/seed.yaml"
has 'where' "$err" "init: $tmp/none/seed.yaml: no such file; --write-seed"
exits 1 "$ORGD" init --data "$tmp/d" --seed "$tmp/misspelt.yaml"
has 'a misspelt path' "$err" "init: $tmp/misspelt.yaml: no such file; --write-seed"
[ ! -e "$tmp/misspelt.yaml" ] || fail 'a seed was written that nobody asked for'
[ ! -e "$tmp/d" ] || fail 'an org without its seed'
# --- a starter, on request: good as it is, its secret its own
exits 2 "$ORGD" init --data "$tmp/d" --seed "$tmp/alone.json" --write-seed "$tmp/starter.yaml"
has 'both' "$err" 'cannot be combined'
exits 1 "$ORGD" init --data "$tmp/d" --write-seed "$tmp/none/seed.yaml"
has 'where' "$err" "init: $tmp/none/seed.yaml: No such"
exits 0 "$ORGD" init --data "$tmp/d" --write-seed "$tmp/starter.yaml"
is 'what there is' "$out" '3 users, 1 groups, 2 zones, 6 tokens, 0 apps'
is 'mode' "$(stat -c %a "$tmp/starter.yaml")" 600
exits 0 "$ORGD" init --data "$tmp/e" --seed "$tmp/starter.yaml"
is 'no starter where there is one' "$err" ''
exits 1 "$ORGD" init --data "$tmp/f" --write-seed "$tmp/starter.yaml"
has 'a file that is there' "$err" "init: $tmp/starter.yaml: File exists"
[ ! -e "$tmp/f" ] || fail 'an org without its starter'
exits 0 "$ORGD" init --data "$tmp/f" --write-seed "$tmp/another.yaml"
starter_secret() { sed -n 's/^ *secret: //p' "$1"; }
[ "$(starter_secret "$tmp/starter.yaml")" != "$(starter_secret "$tmp/another.yaml")" ] ||
    fail 'every starter has the same secret'
exits 0 "$ORGD" ca print --data "$tmp/d"
cp "$tmp/out" "$tmp/d.pem"
start d --dev
token=$(starter_secret "$tmp/starter.yaml")
gets 200 GET /api/v1/api-tokens
is 'what is alive' "$(jq -r '[.[].name] | join(", ")' "$tmp/body")" \
    'agent, ci, forgotten, from the office alone, nightly report, of one who has left'
stop
