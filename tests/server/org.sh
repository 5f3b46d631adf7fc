#!/bin/sh
# org.sh - users, groups, roles and zones: the commands, what they allow, and
# how they are read.
. "$(dirname -- "$0")/lib.sh"

new_org a
orgd() {
    command=$1
    word=$2
    shift 2
    "$ORGD" "$command" "$word" --data "$tmp/a" "$@"
}
list=/api/v1/api-tokens

# --- users
rita=$(orgd user add --login rita --role READ_ONLY_ADMIN)
gil=$(orgd user add --login gil --role none)
exits 0 orgd user list
is 'the users' "$out" "$ada	ACTIVE	SUPER_ADMIN	ada@example.com
$gil	ACTIVE	none	gil
$rita	ACTIVE	READ_ONLY_ADMIN	rita"
admin=$(create a admin)
reader=$(create a reader rita)
plain=$(create a plain gil)
start a --rate-limit 0 --tls off --public-url https://org.example

token=$plain
refused 403 E0000006 GET $list
token=$reader
gets 200 GET $list
# suspend and deactivate count from the next request on; what was suspended comes
# back, what was deactivated does not
for how in suspend deactivate; do
    exits 0 orgd user $how --user rita
    is "stdout of $how" "$out" ''
    refused 401 E0000011 GET $list
    refused 401 E0000011 DELETE $list/current
    exits 0 orgd user activate --user "$rita"
    [ $how = suspend ] || reader=$(create a reader rita)
    token=$reader
    gets 200 GET $list
done
exits 1 orgd user suspend --user nobody
has 'no such user' "$err" 'no user has the login or id nobody'
exits 2 orgd user suspend
exits 2 orgd user add --login x --role BOSS
has 'the roles' "$err" 'and none'

# --- groups: a role comes with them, and adds to one's own
exits 0 orgd group add --name Readers --role READ_ONLY_ADMIN --member gil
readers=$out
token=$plain
gets 200 GET $list
refused 403 E0000006 PUT $list/x -d '{}'
exits 0 orgd group add --name Admins --role ORG_ADMIN --member gil --member "$rita"
admins=$out
refused 404 E0000007 PUT $list/x -d '{}'
exits 0 orgd group add --name 'No role' --member gil --member rita
norole=$out
refused 404 E0000007 PUT $list/x -d '{}'
exits 1 orgd group add --name ADMINS
has 'a name twice' "$err" 'that name is taken'
exits 1 orgd group add --name x --member nobody
has 'no such member' "$err" 'no user has the login or id nobody'
exits 1 orgd group add --name x --member rita --member "$rita"
is 'what is left of these' "$(sql a "SELECT count(*) FROM user_group WHERE name = 'x'")" 0
exits 2 orgd group add --name x --role BOSS
sql a "DELETE FROM member WHERE user_id = '$gil' AND group_id <> '$norole'"
refused 403 E0000006 GET $list # gone with the next request
sql a "INSERT INTO member VALUES ('$gil', '$readers'), ('$gil', '$admins')"

# --- a user
token=$admin
created=$(sql a "SELECT strftime('%Y-%m-%dT%H:%M:%S.000Z', created, 'unixepoch') FROM user WHERE login = 'gil'")
user='{"id":"'$gil'","status":"ACTIVE","created":"'$created'","activated":"'$created'","statusChanged":"'$created'","lastLogin":null,"lastUpdated":"'$created'","passwordChanged":null,"profile":{"firstName":null,"lastName":null,"mobilePhone":null,"secondEmail":null,"login":"gil","email":"gil"},"credentials":{"provider":{"type":"OKTA","name":"OKTA"}},"_links":{"self":{"href":"https://org.example/api/v1/users/'$gil'"}}}'
gets 200 GET "/api/v1/users/$gil"
is 'a user' "$body" "$user"
gets 200 GET /api/v1/users/gil
is 'a user by login' "$body" "$user"
gets 200 GET /api/v1/users/ada%40example.com
is 'an address' "$(jq -r .profile.login "$tmp/body")" ada@example.com
gets 200 GET /api/v1/users/ADA@example.com/groups
refused 404 E0000007 GET /api/v1/users/eve%40example.com/roles
is summary "$(jq -r .errorSummary "$tmp/body")" 'Not found: Resource not found: eve@example.com (User)'
gets 200 GET /api/v1/users/me
is 'me' "$(jq -r .profile.login "$tmp/body")" ada@example.com
token=$plain
gets 200 GET /api/v1/users/me
is 'me' "$body" "$user"
token=$admin
orgd user suspend --user gil
gets 200 GET "/api/v1/users/$gil"
is 'suspended' "$(jq -r .status "$tmp/body")" SUSPENDED
orgd user deactivate --user gil
gets 200 GET "/api/v1/users/$gil"
is 'deactivated' "$(jq -r .status "$tmp/body")" DEPROVISIONED
is 'when' "$(jq '.statusChanged == .lastUpdated and .statusChanged >= .created' "$tmp/body")" true
refused 404 E0000007 GET /api/v1/users/00unone
is summary "$(jq -r .errorSummary "$tmp/body")" 'Not found: Resource not found: 00unone (User)'

# --- roles, one's own and those of groups
role_of_group() {
    printf '{"id":"gra%s","label":"%s","type":"%s","status":"ACTIVE","created":"%s","lastUpdated":"%s","assignmentType":"GROUP","_links":{"assignee":{"href":"https://org.example/api/v1/groups/%s"}}}' \
        "${1#00g}" "$2" "$3" "$4" "$4" "$1"
}
time_of_group() {
    sql a "SELECT strftime('%Y-%m-%dT%H:%M:%S.000Z', created, 'unixepoch') FROM user_group WHERE id = '$1'"
}
of_admins=$(role_of_group "$admins" 'Organization administrator' ORG_ADMIN "$(time_of_group "$admins")")
of_readers=$(role_of_group "$readers" 'Read-only administrator' READ_ONLY_ADMIN "$(time_of_group "$readers")")
orgd user add --login cus --role 'CUSTOM:Token auditor (ä)'
gets 200 GET /api/v1/users/cus/roles
is 'a custom role' "$(jq -c '[.[] | [.type, .label, .assignmentType]]' "$tmp/body")" \
    '[["CUSTOM","Token auditor (ä)","USER"]]'
for bad in CUSTOM CUSTOM: CUSTOM:a,b "CUSTOM:$(printf '\001')" "CUSTOM:$(printf %061d 0)"; do
    exits 2 orgd user add --login x --role "$bad"
done
custom=$(create a custom cus)
(
    token=$custom
    refused 403 E0000006 GET $list
)
for who in "$gil" gil; do
    gets 200 GET "/api/v1/users/$who/roles"
    is "roles of $who" "$body" "[$of_admins,$of_readers]"
done
gets 200 GET "/api/v1/users/$rita/roles"
is 'roles of rita' "$(jq -c '[.[] | [.type, .assignmentType, ._links.assignee.href]]' "$tmp/body")" \
    "[[\"READ_ONLY_ADMIN\",\"USER\",\"https://org.example/api/v1/users/$rita\"],[\"ORG_ADMIN\",\"GROUP\",\"https://org.example/api/v1/groups/$admins\"]]"
gets 200 GET "/api/v1/groups/$admins/roles"
is 'roles of a group' "$body" "[$of_admins]"
gets 200 GET "/api/v1/groups/$norole/roles"
is 'roles of a group without' "$body" '[]'
refused 404 E0000007 GET /api/v1/users/00unone/roles
refused 404 E0000007 GET /api/v1/groups/00gnone/roles
is summary "$(jq -r .errorSummary "$tmp/body")" 'Not found: Resource not found: 00gnone (UserGroup)'

# --- groups of a user
gets 200 GET "/api/v1/users/$gil/groups"
is 'groups' "$(jq -c 'map(.profile.name)' "$tmp/body")" '["Admins","No role","Readers"]'
time=$(time_of_group "$admins")
is 'a group' "$(jq -c '.[0]' "$tmp/body")" '{"id":"'$admins'","created":"'$time'","lastUpdated":"'$time'","lastMembershipUpdated":"'$time'","objectClass":["okta:user_group"],"type":"OKTA_GROUP","profile":{"name":"Admins","description":null},"_links":{"self":{"href":"https://org.example/api/v1/groups/'$admins'"}}}'
gets 200 GET "/api/v1/users/$ada/groups"
is 'no groups' "$body" '[]'
refused 404 E0000007 GET /api/v1/users/00unone/groups

# --- zones
gets 200 GET /api/v1/zones
is 'no zones' "$body" '[]'
office=$(orgd zone add --name 'Office "1"' --gateway 192.0.2.0/24 --gateway 192.0.2.1-192.0.2.9)
off=$(orgd zone add --name Attic --gateway 2001:db8::/32 --inactive)
sql a "INSERT INTO zone VALUES ('nzodyn', 'dyn', 'DYNAMIC', 'ACTIVE', '', 1, 2)"
time=$(sql a "SELECT strftime('%Y-%m-%dT%H:%M:%S.000Z', created, 'unixepoch') FROM zone WHERE id = '$office'")
gets 200 GET "/api/v1/zones/$office"
zone='{"type":"IP","id":"'$office'","name":"Office \"1\"","status":"ACTIVE","usage":"POLICY","created":"'$time'","lastUpdated":"'$time'","system":false,"gateways":[{"type":"CIDR","value":"192.0.2.0/24"},{"type":"RANGE","value":"192.0.2.1-192.0.2.9"}],"proxies":null,"_links":{"self":{"href":"https://org.example/api/v1/zones/'$office'","hints":{"allow":["GET"]}}}}'
is 'a zone' "$body" "$zone"
gets 200 GET /api/v1/zones
is 'the zones' "$(jq -c 'map([.id, .status, .type])' "$tmp/body")" \
    "[[\"$off\",\"INACTIVE\",\"IP\"],[\"nzodyn\",\"ACTIVE\",\"DYNAMIC\"],[\"$office\",\"ACTIVE\",\"IP\"]]"
has 'the zones' "$body" "$zone"
refused 404 E0000007 GET /api/v1/zones/nzonone
is summary "$(jq -r .errorSummary "$tmp/body")" 'Not found: Resource not found: nzonone (NetworkZone)'

# --- paths and scopes
refused 404 E0000008 GET /api/v1/users
refused 404 E0000008 GET "/api/v1/users/$gil/"
refused 404 E0000008 GET "/api/v1/users/$gil/rolesx"
refused 404 E0000008 GET "/api/v1/users/$gil/roles/x"
refused 404 E0000008 GET /api/v1/users//roles
refused 404 E0000008 GET "/api/v1/groups/$admins"
refused 405 E0000022 POST "/api/v1/users/$gil/roles" -d '{}'
token=
for row in users/x:users users/x/roles:roles users/x/groups:groups groups/x/roles:roles zones:networkZones zones/x:networkZones; do
    gets 401 GET "/api/v1/${row%:*}" -H 'Authorization: Bearer x'
    has "scope of $row" "$(header www-authenticate)" "scope=\"okta.${row#*:}.read\""
done
gets 401 GET /api/v1/users/me -H 'Authorization: Bearer x'
stop
