#!/bin/sh
# guards.sh - tokens of agents, and the token in use.
. "$(dirname "$0")/lib.sh"

org_data '  - {id: 00Tagentaaaaaaaaaaaa, name: AD agent, user: ada@example.com, clientName: Okta AD Agent, created: -9d, lastUsed: -1d}
  - {id: 00Tspareaaaaaaaaaaaa, name: spare, user: ada@example.com, created: -20d, lastUsed: -9d}
  - {id: 00Tsparebbbbbbbbbbbb, name: spare b, user: ada@example.com, created: -20d, lastUsed: -9d}
  - {id: 00Tfreshaaaaaaaaaaaa, name: fresh, user: ada@example.com, created: -9d, lastUsed: -1d, secret: '$other'}'
org_serve
admin=00Tadminaaaaaaaaaaaa

# Agents: refused, and with them whatever else was asked for.
exits 11 tokens revoke 00Tspareaaaaaaaaaaaa 00Tagentaaaaaaaaaaaa --yes
err_has 'is a token of the client "Okta AD Agent"'
err_has 'hint: an agent that loses its token stops: --allow-agents'
exits 11 tokens revoke 00Tagentaaaaaaaaaaaa --dry-run
exits 11 tokens restrict 00Tagentaaaaaaaaaaaa --any-zone -o json
out_is '['
err_json .error.code refused
exits 11 tokens Revoke-OktaApiToken 00Tagentaaaaaaaaaaaa
exits 0 tokens get 00Tspareaaaaaaaaaaaa 00Tagentaaaaaaaaaaaa
exits 0 tokens restrict 00Tagentaaaaaaaaaaaa --any-zone --allow-agents
exits 0 tokens revoke 00Tagentaaaaaaaaaaaa --yes --allow-agents

# The token in use: the only one that was used in this run.
exits 11 tokens revoke 00Tspareaaaaaaaaaaaa $admin --yes
err_has "$admin (admin) is the token that this command uses"
err_has 'hint: --allow-self'
exits 11 tokens restrict $admin --no-zone
exits 11 tokens Revoke-OktaApiToken $admin
# ... or shortly before it, since the org does not date a use anew that soon.
sleep 3
exits 11 tokens revoke $admin --yes
exits 0 tokens get 00Tspareaaaaaaaaaaaa $admin
# Another that was not used just now is no matter, and costs no list.
exits 0 tokens revoke -v 00Tspareaaaaaaaaaaaa --yes
err_lacks 'may be'
is 'lists' "$(grep -c 'limit=' "$tmp/err" || :)" 0

# An owner's own tokens alone may be the one in use, whoever else is busy.
"$ORGD" token create --data "$tmp/org" --name bobs --user bob@example.com \
    >"$tmp/bobs"
chmod 600 "$tmp/bobs"
as() {
    with=$1
    shift
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/$with" "$@"
}
exits 0 as bobs list --q bobs -o tsv --fields id
bobs=$(cat "$tmp/out")
exits 0 tokens revoke "$bobs" --dry-run
err_lacks 'the token that this command uses'
exits 11 tokens revoke $admin --dry-run
err_has "$admin (admin) is the token that this command uses"
exits 11 tokens revoke $admin --yes

# Several of one's own were used just now: it can't be known which it is, so
# each of them is refused, by both names of the command.
exits 0 as other get 00Tfreshaaaaaaaaaaaa
for id in $admin 00Tfreshaaaaaaaaaaaa; do
    for dry in '' --dry-run; do
        # shellcheck disable=SC2086 # nothing, or a word
        exits 11 tokens revoke $id --yes $dry
        err_has "$id ("
        err_has ') may be the token that this command uses'
        # shellcheck disable=SC2086
        exits 11 tokens Revoke-OktaApiToken $id $dry
        err_has ') may be the token that this command uses'
    done
    exits 11 tokens restrict $id --no-zone
done
exits 0 tokens revoke $admin --dry-run --allow-self
err_lacks 'may be'
# One that has just been made may be ours too, but for all that is known of it.
"$ORGD" token create --data "$tmp/org" --name new --user ada@example.com >/dev/null
exits 0 tokens list --q new -o tsv --fields id
new=$(cat "$tmp/out")
exits 11 tokens revoke "$new" --dry-run
err_has "$new (new) may be the token that this command uses"

# All that are refused are named, and a dry run shows the rest.
stop
cat >"$tmp/more.yaml" <<END
tokens:
  - {id: 00Tagentbbbbbbbbbbbb, name: AD b, user: ada@example.com, clientName: Okta AD Agent, created: -9d, lastUsed: -1d}
  - {id: 00Tagentcccccccccccc, name: AD c, user: ada@example.com, clientName: Okta LDAP Agent, created: -9d, lastUsed: -1d}
  - {id: 00Tsparecccccccccccc, name: spare c, user: ada@example.com, created: -20d, lastUsed: -9d}
  - {id: 00Tsparedddddddddddd, name: spare d, user: ada@example.com, created: -20d, lastUsed: -9d}
END
"$ORGD" seed --data "$tmp/org" "$tmp/more.yaml" >/dev/null
org_serve
all="00Tagentbbbbbbbbbbbb 00Tsparecccccccccccc $admin 00Tagentcccccccccccc 00Tsparedddddddddddd"
named() {
    err_has '00Tagentbbbbbbbbbbbb (AD b) is a token of the client "Okta AD Agent"'
    err_has '00Tagentcccccccccccc (AD c) is a token of the client "Okta LDAP Agent"'
    err_has "$admin (admin) may be the token that this command uses"
    err_has '3 of 5 tokens are refused'
    err_has 'hint: if that is meant: --allow-agents and --allow-self'
}
# shellcheck disable=SC2086 # words
exits 11 tokens revoke $all --yes
named
out_is ''
# shellcheck disable=SC2086
exits 11 tokens revoke $all --dry-run
named
is results "$(cut -f 3 "$tmp/out" | tr '\n' ' ')" \
    'refused would-revoke refused refused would-revoke '
# shellcheck disable=SC2086
exits 11 tokens restrict $all --any-zone --dry-run -o json --allow-self
is results "$(jq -r 'map(.result) | join(" ")' "$tmp/out")" \
    'refused would-restrict refused would-restrict would-restrict'
# shellcheck disable=SC2086
exits 0 tokens get $all

# What may be the token in use comes last.
exits 0 tokens revoke $admin 00Tagentbbbbbbbbbbbb 00Tsparecccccccccccc \
    00Tagentcccccccccccc --dry-run --allow-self --allow-agents
is order "$(cut -f 2 "$tmp/out" | tr '\n' ,)" 'AD b,spare c,AD c,admin,'

exits 0 tokens restrict $admin --anywhere --allow-self
out_has unchanged
exits 0 tokens revoke 00Tagentbbbbbbbbbbbb $admin 00Tsparecccccccccccc --yes \
    --allow-self --allow-agents
is order "$(cut -f 2,3 "$tmp/out" | tr '\t\n' '=,')" \
    'AD b=revoked,spare c=revoked,admin=revoked,'
exits 4 tokens list

# Where the org does not say whose token it is, all that were used in this run
# may be it.
stop
script
id=00Tsparecccccccccccc
json() {
    { printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n' && cat; } |
        answer "$1"
}
soon() { # ID NAME: a token that is used now
    token_json "$1" "$2" | sed "s/\"expiresAt\":\"[^\"]*\"/\"expiresAt\":\"$(
        date -u -d '+30 days' +%FT%T.000Z)\"/"
}
soon $id busy | json GET-$id
printf '[%s,%s]' "$(soon $id busy)" "$(soon 00Tsparedddddddddddd too)" |
    json GET-api-tokens
printf 'HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n{"errorCode":"E0000006","errorSummary":"No"}' |
    answer GET-me
script_serve
exits 11 "$TOKENS" --org "$url" --token-file "$tmp/token" revoke $id --yes
err_has "$id (busy) may be the token that this command uses"
is 'what was sent' "$(requests | grep -c DELETE || :)" 0
