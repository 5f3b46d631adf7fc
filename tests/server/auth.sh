#!/bin/sh
# auth.sh - who gets in: schemes, roles, owners; and a revocation by anybody
# takes effect on the next request.
. "$(dirname -- "$0")/lib.sh"

new_org a
"$ORGD" user add --data "$tmp/a" --login rita --role READ_ONLY_ADMIN >/dev/null
"$ORGD" user add --data "$tmp/a" --login hana --role HELP_DESK_ADMIN >/dev/null
admin=$(create a admin)
reader=$(create a reader rita)
helper=$(create a helper hana)
victim=$(create a victim)
start a --rate-limit 0
list=/api/v1/api-tokens
victim_id=$(sql a "SELECT id FROM token WHERE name = 'victim'")

# --- no credential, or of no known scheme
refused 403 E0000005 GET $list
is summary "$(jq -r .errorSummary "$tmp/body")" 'Invalid session'
refused 403 E0000005 GET $list -H "Authorization: Basic YTpi"
refused 403 E0000005 GET $list -H "Authorization: $admin"
refused 403 E0000005 GET $list -H "X-Authorization: SSWS $admin"
refused 403 E0000005 GET "$list?token=$admin"
refused 403 E0000005 DELETE $list/$victim_id

# --- SSWS
gets 200 GET $list -H "Authorization: SSWS $admin"
gets 200 GET $list -H "Authorization: SSWS$admin"
gets 200 GET $list -H "Authorization: ssws  $admin  "
refused 401 E0000011 GET $list -H 'Authorization: SSWS'
is summary "$(jq -r .errorSummary "$tmp/body")" 'Invalid token provided'
is 'WWW-Authenticate' "$(header www-authenticate)" ''
refused 401 E0000011 GET $list -H 'Authorization: SSWS x'
refused 401 E0000011 GET $list -H "Authorization: SSWS ${admin}x"
refused 401 E0000011 GET $list -H "Authorization: SSWS ${admin%?}"
refused 401 E0000011 GET $list -H "Authorization: SSWS $(printf %s "$admin" |
    tr A-Za-z B-ZAb-za)"
refused 401 E0000011 DELETE $list/$victim_id -H 'Authorization: SSWS x'
refused 401 E0000011 DELETE $list/current -H 'Authorization: SSWS x'

# --- OAuth: nobody issues access tokens here yet. Empty body, header
challenge='authorization_uri="'$url'/oauth2/v1/authorize", realm="'$url'", scope="okta.apiTokens.read", error="invalid_token", error_description="The access token is invalid.", resource="/api/v1/api-tokens"'
gets 401 GET $list -H 'Authorization: Bearer abc'
is 'body for Bearer' "$body" ''
is 'type for Bearer' "$(header content-type)" ''
is 'challenge' "$(header www-authenticate)" "Bearer $challenge"
gets 401 GET $list -H 'Authorization: Bearerabc'
is 'challenge without a space' "$(header www-authenticate)" "Bearer $challenge"
refused 403 E0000005 GET $list -H 'Authorization: DPoPabc'
gets 401 GET $list -H 'Authorization: DPoP abc'
is 'body for DPoP' "$body" ''
is 'challenge' "$(header www-authenticate)" \
    "DPoP algs=\"RS256 RS384 RS512 ES256 ES384 ES512\", $challenge"
gets 401 DELETE $list/$victim_id -H 'Authorization: bearer abc'
has 'scope of a change' "$(header www-authenticate)" okta.apiTokens.manage
refused 403 E0000005 DELETE $list/current -H 'Authorization: Bearer abc'

# --- roles
token=$reader
gets 200 GET $list
gets 200 GET $list/$victim_id
refused 403 E0000006 DELETE $list/$victim_id
is summary "$(jq -r .errorSummary "$tmp/body")" \
    'You do not have permission to perform the requested action'
refused 403 E0000006 PUT $list/$victim_id -d '{"network":{"connection":"ANYWHERE"}}'
token=$helper
refused 403 E0000006 GET $list
refused 403 E0000006 GET $list/$victim_id
refused 403 E0000006 DELETE $list/$victim_id
refused 403 E0000006 DELETE $list/00Tnone # not even that there is none
token=$victim
gets 200 GET $list
token=$helper
gets 204 DELETE $list/current # one's own, whatever one's role
refused 401 E0000011 DELETE $list/current
# A role that is taken away is gone with the next request.
sql a "UPDATE user SET role = 'READ_ONLY_ADMIN' WHERE login = 'ada@example.com'"
token=$admin
refused 403 E0000006 DELETE $list/$victim_id
sql a "UPDATE user SET role = 'SUPER_ADMIN' WHERE login = 'ada@example.com'"
# So is an owner's standing.
for standing in SUSPENDED DEPROVISIONED; do
    sql a "UPDATE user SET status = '$standing' WHERE login = 'rita'"
    token=$reader
    refused 401 E0000011 GET $list
done
sql a "UPDATE user SET status = 'ACTIVE' WHERE login = 'rita'"
gets 200 GET $list

# --- a revocation by another process
token=$victim
gets 200 GET $list
sql a "DELETE FROM token WHERE id = '$victim_id'"
refused 401 E0000011 GET $list
token=$admin
refused 404 E0000007 GET $list/$victim_id
gets 200 GET $list
lacks 'the list' "$body" "$victim_id"

# --- tokens and users that other processes make work at once
token=$(create a late)
gets 200 GET $list
"$ORGD" user add --data "$tmp/a" --login otto --role ORG_ADMIN >/dev/null
token=$(create a orgadmin otto)
late_id=$(sql a "SELECT id FROM token WHERE name = 'late'")
gets 204 DELETE $list/$late_id

# --- a token that revokes another, which revokes a third: no way around
one=$(create a one)
two=$(create a two)
two_id=$(sql a "SELECT id FROM token WHERE name = 'two'")
token=$one
gets 204 DELETE $list/$two_id
token=$two
refused 401 E0000011 DELETE $list/current

# --- two that want to revoke each other at one time: exactly one can
round=0
while [ $round -lt 5 ]; do
    round=$((round + 1))
    left=$(create a left$round)
    right=$(create a right$round)
    left_id=$(sql a "SELECT id FROM token WHERE name = 'left$round'")
    right_id=$(sql a "SELECT id FROM token WHERE name = 'right$round'")
    curl -s -o /dev/null -w '%{http_code}\n' --cacert "$cacert" -X DELETE \
        -H "Authorization: SSWS $left" "$url$list/$right_id" >"$tmp/1" &
    first=$!
    curl -s -o /dev/null -w '%{http_code}\n' --cacert "$cacert" -X DELETE \
        -H "Authorization: SSWS $right" "$url$list/$left_id" >"$tmp/2"
    wait $first
    is 'what both got' "$(sort "$tmp/1" "$tmp/2" | paste -sd' ' -)" '204 401'
done
stop
if grep -rqF -e "$admin" -e "$reader" "$tmp/a" "$tmp/a.err"; then
    fail 'a secret is on the disk'
fi
