#!/bin/sh
# with.sh - list and get --with: owners, roles and zones, each asked for once.
. "$(dirname "$0")/lib.sh"

"$ORGD" init --data "$tmp/org" >/dev/null
"$ORGD" ca print --data "$tmp/org" >"$tmp/ca.pem"
cat >"$tmp/seed.yaml" <<END
users:
  - {id: 00uadaaaaaaaaaaaaaaa, login: ada@example.com, role: SUPER_ADMIN}
  - {id: 00ubobaaaaaaaaaaaaaa, login: bob@example.com, role: none}
  - {id: 00ucyaaaaaaaaaaaaaaa, login: cy@example.com, role: REPORT_ADMIN}
  - {id: 00udeeaaaaaaaaaaaaaa, login: dee@example.com, role: READ_ONLY_ADMIN}
groups:
  - {name: Operators, role: ORG_ADMIN, members: [cy@example.com, dee@example.com]}
  - {name: Staff, members: [bob@example.com]}
zones:
  - {id: nzoone, name: "Head, Office", gateways: [192.0.2.0/24]}
  - {id: nzotwo, name: VPN, gateways: [198.51.100.0/24]}
tokens:
  - {id: 00Tadmin0aaaaaaaaaaa, name: a, user: ada@example.com, secret: $secret, created: -30d, lastUsed: -2d}
  - {id: 00Tadmin1aaaaaaaaaaa, name: b, user: ada@example.com, created: -9d, network: {connection: ZONE, include: [nzotwo, nzoone]}}
  - {id: 00Tbob00aaaaaaaaaaaa, name: c, user: bob@example.com, created: -9d, network: {connection: ZONE, exclude: [nzotwo]}}
  - {id: 00Tbob01aaaaaaaaaaaa, name: d, user: bob@example.com, created: -9d, network: {connection: ZONE, include: [ALL_ZONES]}}
  - {id: 00Tcy000aaaaaaaaaaaa, name: e, user: cy@example.com, created: -9d}
END
"$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >/dev/null
(umask 077 && printf '%s\n' "$secret" >"$tmp/token")
"$ORGD" user suspend --data "$tmp/org" --user cy@example.com >/dev/null
org_serve

# Each owner, and the zones, are asked for once, and nothing else is.
exits 0 tokens list --with owner,roles,zones -v -o tsv \
    --fields id,x.owner.login,x.owner.status,x.roles,x.zones
out_is '00Tadmin0aaaaaaaaaaa	ada@example.com	ACTIVE	SUPER_ADMIN	anywhere
00Tadmin1aaaaaaaaaaa	ada@example.com	ACTIVE	SUPER_ADMIN	in VPN, Head, Office
00Tbob00aaaaaaaaaaaa	bob@example.com	ACTIVE	none	not in VPN
00Tbob01aaaaaaaaaaaa	bob@example.com	ACTIVE	none	any zone
00Tcy000aaaaaaaaaaaa	cy@example.com	SUSPENDED	REPORT_ADMIN, ORG_ADMIN	anywhere'
sed -n 's,.* GET [^ ]*/api/v1/\([^ ?]*\).*,\1,p' "$tmp/err" | sort >"$tmp/asked"
is 'what was asked for' "$(tr '\n' ' ' <"$tmp/asked")" 'api-tokens users/00uadaaaaaaaaaaaaaaa users/00uadaaaaaaaaaaaaaaa/roles users/00ubobaaaaaaaaaaaaaa users/00ubobaaaaaaaaaaaaaa/roles users/00ucyaaaaaaaaaaaaaaa users/00ucyaaaaaaaaaaaaaaa/roles zones '
exits 0 tokens list --with roles -v -o json
is 'users asked for' "$(grep -c '/users/[a-zA-Z0-9]* ' "$tmp/err" || :)" 0
is 'zones asked for' "$(grep -c '/zones' "$tmp/err" || :)" 0
exits 0 tokens get 00Tbob01aaaaaaaaaaaa 00Tadmin0aaaaaaaaaaa --with zones -v
is 'zones that nobody needs' "$(grep -c '/zones' "$tmp/err" || :)" 0
exits 0 tokens get 00Tadmin1aaaaaaaaaaa -v
is 'requests of a plain get' "$(grep -c ' GET ' "$tmp/err")" 1
exits 0 tokens list --max 1 --with owner -v -o tsv
is 'owners of what is not printed' "$(grep -c '/users/' "$tmp/err")" 1

# JSON: what the org sent, and behind it x.
exits 0 tokens list -o json
jq -c 'map(del(.x))' "$tmp/out" >"$tmp/plain"
exits 0 tokens list -o json --with owner,roles,zones
jq -c 'map(del(.x))' "$tmp/out" | cmp -s - "$tmp/plain" || fail 'not what the org sent'
out_json '.[1].x | [.owner, .roles, .zones, .unknown] | tostring' \
    '[{"login":"ada@example.com","status":"ACTIVE"},["SUPER_ADMIN"],{"include":["VPN","Head, Office"],"exclude":[]},{}]'
out_json '.[4].x.roles | join(" ")' 'REPORT_ADMIN ORG_ADMIN'
exits 0 tokens list -o json --with zones
out_json '.[0].x | keys_unsorted | join(" ")' \
    'lastUsed neverUsed status ageDays expiresInDays zones unknown'
exits 0 tokens get 00Tcy000aaaaaaaaaaaa -o json --with owner
out_json .x.owner.status SUSPENDED
exits 0 tokens get 00Tcy000aaaaaaaaaaaa -o jsonl --fields id,x.roles
out_is '{"id":"00Tcy000aaaaaaaaaaaa","x.roles":["REPORT_ADMIN","ORG_ADMIN"]}'

# The formats' own columns.
exits 0 tokens list --with owner,roles,zones -o csv
is header "$(head -n 1 "$tmp/out" | tr -d '\r')" \
    'id,name,userId,clientName,tokenWindow,network.connection,network.include,network.exclude,expiresAt,created,lastUpdated,x.lastUsed,x.neverUsed,x.status,x.ageDays,x.expiresInDays,x.owner.login,x.owner.status,x.roles,x.zones'
exits 0 tokens list --with roles -o tsv
is columns "$(head -n 1 "$tmp/out" | tr '\t' '\n' | wc -l | tr -d ' ')" 10
exits 0 tokens list --with owner,roles,zones -o table
is titles "$(head -n 1 "$tmp/out" | tr -s ' ')" \
    'NAME ID OWNER OWNER STATUS ROLES CLIENT ZONES LAST USED EXPIRES STATUS'
exits 0 tokens list --with zones -o table
is titles "$(head -n 1 "$tmp/out" | tr -s ' ')" \
    'NAME ID OWNER CLIENT ZONES LAST USED EXPIRES STATUS'

# What is misspelled, or asked of a command that has none of it.
for parts in owners owner, '' ,zones 'owner zones' OWNER; do
    exits 2 tokens list --with "$parts"
done
err_has "--with takes owner, roles and zones, a comma between them; not 'OWNER'"
exits 2 tokens revoke 00Tcy000aaaaaaaaaaaa --yes --with owner
exits 2 tokens Invoke-OktaListApiTokens --fields id,x.roles
err_has 'with the commands list and get alone'

# What is known is shown before the next owner is asked for.
for format in tsv csv json jsonl; do
    faulty do=delay ms=60000 skip=1 'path=/api/v1/users/*'
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" \
        list --with owner -o $format >"$tmp/out" 2>"$tmp/err" </dev/null &
    client=$!
    i=0
    while ! grep -q 00Tadmin1aaaaaaaaaaa "$tmp/out"; do
        i=$((i + 1))
        [ $i -lt 200 ] || fail "$format: rows wait for the owners of later ones"
        sleep 0.05
    done
    kill -TERM $client
    wait $client 2>/dev/null || :
done
faulty

# Who may read tokens, and not their owners.
stop
script
tokens() {
    "$TOKENS" --org "$url" --token-file "$tmp/token" --retries 0 "$@"
}
json() {
    { printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n' && cat; } |
        answer "$1"
}
refuse() {
    { printf 'HTTP/1.1 %s\nX-Okta-Request-Id: r1\nContent-Type: application/json\n\n' "$2" &&
        printf '{"errorCode":"E0000006","errorSummary":"No way","errorLink":"","errorId":"oae","errorCauses":[]}'; } |
        answer "$1"
}
zoned=$(token_json 00Tzonedaaaaaaaaaaaa b |
    sed 's/{"connection":"ANYWHERE"}/{"connection":"ZONE","include":["nzogone","nzoone"]}/')
printf '[%s,%s]' "$(token_json 00Topenaaaaaaaaaaaaa a)" "$zoned" | json GET-api-tokens
refuse GET-00uadaaaaaaaaaaaaaaa '404 Not Found'
refuse GET-roles '403 Forbidden'
refuse GET-zones '403 Forbidden'
script_serve
exits 0 tokens list --with owner,roles,zones -o tsv \
    --fields id,x.owner.login,x.owner.status,x.roles,x.zones,x.unknown
out_is '00Topenaaaaaaaaaaaaa	unknown	unknown	unknown	anywhere	owner: not_found, roles: forbidden
00Tzonedaaaaaaaaaaaa	unknown	unknown	unknown	unknown	owner: not_found, roles: forbidden, zones: forbidden'
err_is "okta-tokens: warning: not known of 2 tokens: the owner: No way (HTTP 404, request r1); it takes the role of an administrator who may read them, or the scope okta.users.read
okta-tokens: warning: not known of 2 tokens: the owner's roles: No way (HTTP 403, request r1); it takes the role of an administrator who may read them, or the scope okta.roles.read
okta-tokens: warning: not known of 1 token: the zones' names: No way (HTTP 403, request r1); it takes the role of an administrator who may read them, or the scope okta.networkZones.read"
again
exits 0 tokens list --with owner,roles,zones -o json
out_json '.[1].x | [.owner, .roles, .zones, .unknown] | tostring' \
    '[null,null,null,{"owner":"not_found","roles":"forbidden","zones":"forbidden"}]'
out_json '.[0].x.zones | tostring' '{"include":[],"exclude":[]}'
is 'requests for one owner' "$(requests | grep -c '/users/')" 2

# Where the scope lacks, asking for the next owner is of no use.
printf '[%s,%s]' "$(token_json 00Topenaaaaaaaaaaaaa a)" \
    "$(token_json 00Totheraaaaaaaaaaaa b | sed 's/00uada/00ubob/')" | json GET-api-tokens
printf 'HTTP/1.1 403 Forbidden\nWWW-Authenticate: Bearer error="insufficient_scope", scope="okta.roles.read"\n\n' |
    answer GET-roles
again
exits 0 tokens list --with roles -o tsv --fields id,x.roles
out_is '00Topenaaaaaaaaaaaaa	unknown
00Totheraaaaaaaaaaaa	unknown'
is 'requests for roles' "$(requests | grep -c '/roles')" 1

# A zone that is gone; a custom role, one twice, one that is not in force; a
# user of whom the org tells nothing.
printf '[%s]' "$zoned" | json GET-api-tokens
printf '[{"id":"nzoone","name":"One"}]' | json GET-zones
printf '[{"type":"CUSTOM","label":"Audi\\u202etors","status":"ACTIVE"},{"type":"USER_ADMIN","status":"INACTIVE"},{"type":"APP_ADMIN","assignmentType":"USER"},{"type":"APP_ADMIN","assignmentType":"GROUP"}]' |
    json GET-roles
printf '{"id":"00uadaaaaaaaaaaaaaaa","status":null}' | json GET-00uadaaaaaaaaaaaaaaa
again
exits 0 tokens list --with owner,roles,zones -o table \
    --fields x.owner.login,x.owner.status,x.roles,x.zones
is row "$(tail -n 1 "$tmp/out" | tr -s ' ')" \
    'unknown unknown CUSTOM (Audi\u{202e}tors), APP_ADMIN in unknown (nzogone), One'
again
exits 0 tokens list --with owner,roles,zones -o json
out_json '.[0].x | [.owner, .zones.include] | tostring' \
    '[{"login":null,"status":null},[null,"One"]]'

# Any other failure ends the list, which is not closed.
printf 'HTTP/1.1 503 Service Unavailable\n\n' | answer GET-roles
again
exits 9 tokens list --with owner,roles -o json
is 'the last character' "$(tail -c 2 "$tmp/out" | tr -d '\n')" '['
err_has "owner's roles 00uadaaaaaaaaaaaaaaa: "
again
printf '%s' "$zoned" | json GET-00Tzonedaaaaaaaaaaaa
exits 9 tokens get 00Tzonedaaaaaaaaaaaa 00Tzonedaaaaaaaaaaab --with roles -o json
is 'the last character' "$(tail -c 2 "$tmp/out" | tr -d '\n')" '['
