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

# Several were used just now: it can't be known which is ours, and it says so.
exits 0 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/other" \
    get 00Tfreshaaaaaaaaaaaa
exits 0 tokens revoke $admin --dry-run
err_has "$admin may be the token that this command uses"
exits 0 tokens revoke $admin --dry-run --allow-self
err_lacks 'may be'
# One that has just been made may be ours too, but for all that is known of it.
"$ORGD" token create --data "$tmp/org" --name new --user ada@example.com >/dev/null
exits 0 tokens list --q new -o tsv --fields id
new=$(cat "$tmp/out")
exits 0 tokens revoke "$new" --dry-run
err_has "$new may be the token that this command uses"

exits 0 tokens restrict $admin --anywhere --allow-self
out_has unchanged
exits 0 tokens revoke $admin --yes --allow-self
exits 4 tokens list
