#!/bin/sh
# login.sh - login keeps an API token, other commands find it, logout forgets it.
. "$(dirname "$0")/lib.sh"

org_data "  - {id: 00Totheraaaaaaaaaaaa, name: other, user: bob@example.com,
     secret: $other, created: -30d, lastUsed: -2d}"
org_serve
first=$url
host=${first#https://}
state=$HOME/.local/state/okta-tokens
ca="--ca-file $tmp/ca.pem"

names() {
    "$TOKENS" list -o tsv --fields name "$@"
}

# Nothing is kept, nothing is asked of it.
exits 0 "$TOKENS" profile list
out_is ''
err_has 'okta-tokens login makes one'
exits 0 "$TOKENS" profile list -o json
out_json length 0
exits 6 "$TOKENS" logout
err_has 'not signed in'
exits 6 "$TOKENS" profile use none
exits 6 "$TOKENS" profile remove none
exits 2 "$TOKENS" profile
exits 2 "$TOKENS" profile use
err_has 'profile use needs a name'
exits 2 "$TOKENS" profile list none
exits 2 "$TOKENS" profile show
exits 2 names --profile none
err_has "there is no profile 'none'"
[ ! -e "$HOME/.local" ] || fail 'a folder was made for nothing'

# A token that the org does not know is not kept.
(umask 077 && printf '00%040d\n' 7 >"$tmp/bad")
exits 4 "$TOKENS" login --org "$first" $ca --token-file "$tmp/bad"
err_has 'Invalid token provided'
[ ! -e "$state/$host.json" ] || fail 'an unknown token was kept'

# login, then nothing more is to be given; the CA goes with it, from any folder.
cp "$tmp/ca.pem" ca.pem
exits 0 "$TOKENS" login --org "$first" --ca-file ca.pem --token-file "$tmp/token"
out_has "profile       $host"
out_has "kept in       $state/$host.json"
is 'the folder' "$(stat -c %a "$state")" 700
is 'the file' "$(stat -c %a "$state/$host.json")" 600
mkdir -p elsewhere
(cd elsewhere && names >"$tmp/out")
out_has admin
exits 0 names --org "$first"
exits 0 "$TOKENS" Get-OktaConfiguration
out_has "(profile $host)"
out_lacks "$secret"

# A second one beside it, for the same org, under a name of its own.
exits_from "$tmp/other" 0 "$TOKENS" login --org "$first" $ca --token-stdin \
    --profile bob -o json
out_json .profile bob
out_json .kind ssws
exits 0 "$TOKENS" profile list
out_has "* bob"
out_has "  $host"
exits 0 "$TOKENS" profile list -o json
out_json '[.[] | select(.inUse) | .name] | join(",")' bob
out_json length 2
exits 5 "$TOKENS" revoke --yes 00Tadminaaaaaaaaaaaa
err_has 'permission'
exits 0 "$TOKENS" --profile "$host" revoke --dry-run 00Totheraaaaaaaaaaaa
exits 0 env OKTA_TOKENS_PROFILE="$host" "$TOKENS" revoke --dry-run \
    00Totheraaaaaaaaaaaa
exits 2 env OKTA_TOKENS_PROFILE=none "$TOKENS" list
err_has "OKTA_TOKENS_PROFILE: there is no profile 'none'"

# What ranks higher: options, then the environment; then the profile.
exits 0 "$TOKENS" --org "$first" $ca --token-file "$tmp/token" revoke --dry-run \
    00Totheraaaaaaaaaaaa
exits 4 env OKTA_CLIENT_ORGURL="$first" OKTA_CLIENT_TOKEN="00$(printf %040d 9)" \
    "$TOKENS" list $ca
exits 2 names --profile bob --token-file "$tmp/token"
err_has 'which one?'
mkdir -p "$HOME/.okta"
(umask 077 && printf 'okta: {client: {orgUrl: %s, token: 00%040d}}\n' "$first" 9 \
    >"$HOME/.okta/okta.yaml")
exits 0 names
rm "$HOME/.okta/okta.yaml"

# Another org: its own profile, or none; never one org's token to another.
exits 4 "$TOKENS" list --org https://127.0.0.1:1 </dev/null
err_has 'no credential'
exits 2 names --org https://127.0.0.1:1 --profile bob
err_has "--profile is for $first"
rm -r "$tmp/org"
stop
org_data
org_serve
second=$url
exits 11 "$TOKENS" login --org "$second" $ca --token-file "$tmp/token" \
    --profile bob
err_has "the profile bob is for $first"
exits 0 "$TOKENS" login --org "$second" $ca --token-file "$tmp/token"
exits 0 names
exits 0 "$TOKENS" profile use bob
exits 0 names --org "$second"
exits 8 names --org "$first" --retries 0 # it is bob's, and has ended

# Who else could read or write it is not trusted.
for mode in 640 604 620 602; do
    chmod $mode "$state/bob.json"
    exits 2 names
    err_has 'others may read or write it'
done
chmod 600 "$state/bob.json"
chmod 755 "$state"
exits 2 names
err_has 'others may read or write it'
chmod 700 "$state"
mv "$state/bob.json" "$tmp/bob.json"
ln -s "$tmp/bob.json" "$state/bob.json"
exits 2 names
rm "$state/bob.json"
echo '{' >"$state/bob.json"
chmod 600 "$state/bob.json"
exits 2 names
err_has "the profile bob can't be read"
# Signing in writes it anew, as the hint says; and it can be removed.
exits 0 "$TOKENS" login --org "$second" $ca --token-file "$tmp/token" \
    --profile bob
exits 0 names
echo '{' >"$state/bob.json"
exits 0 "$TOKENS" profile remove bob
[ ! -e "$state/bob.json" ] || fail 'a broken profile stays'
exits 0 "$TOKENS" login --org "$second" $ca --token-file "$tmp/token" \
    --profile bob
mv "$tmp/bob.json" "$state/bob.json"

# A name is a name, not a path.
for name in ../bob .bob a/b '' "$(printf '%101s' '' | tr ' ' a)" 'a b' -- ; do
    exits 2 "$TOKENS" login --org "$second" $ca --token-file "$tmp/token" \
        --profile="$name"
done

# A relative state folder is none; an absolute one is.
exits 0 env XDG_STATE_HOME="$tmp/state" "$TOKENS" login --org "$second" $ca \
    --token-file "$tmp/token"
[ -e "$tmp/state/okta-tokens/${second#https://}.json" ] || fail 'not kept there'
exits 0 env XDG_STATE_HOME=state "$TOKENS" profile list
out_has '* bob'

# logout forgets, and revokes nothing.
exits 0 "$TOKENS" logout
err_has "signed out of $first (profile bob)"
exits 8 names --org "$first" --retries 0 # its other profile
exits 0 "$TOKENS" logout --profile "$host"
exits 2 "$TOKENS" logout --all --profile "$host"
exits 0 "$TOKENS" profile use "${second#https://}"
exits 0 names
exits 0 "$TOKENS" logout --all --revoke
err_has 'its API token goes on'
exits 0 "$TOKENS" profile list
err_has 'no profiles'
exits 0 tokens list
