#!/bin/sh
# keyring.sh - what lies in the Secret Service is one profile's of one state
# folder and for one org; "signed out" is said only when nothing of it is left.
. "$(dirname "$0")/lib.sh"
: "${FAKE_SECRET_PATH:?}"

export LD_LIBRARY_PATH="$FAKE_SECRET_PATH" FAKE_SECRET="$tmp/keyring"
mkdir -p "$FAKE_SECRET/items"
org_data
org_serve
host=${url#https://}
state=$HOME/.local/state/okta-tokens

mode() {
    echo "$1" >"$FAKE_SECRET/mode"
}
mode up
items() {
    is 'items in the keyring' "$(ls "$FAKE_SECRET/items" | wc -l | tr -d ' ')" "$1"
}
login() {
    exits 0 "$TOKENS" login --org "$url" --ca-file "$tmp/ca.pem" \
        --token-file "$tmp/token" "$@"
}
names() {
    "$TOKENS" list -o tsv --fields name "$@"
}
nowhere() {
    if grep -rqF -e "$secret" "$HOME" "$FAKE_SECRET/items"; then
        fail 'a copy of the secret is left'
    fi
}

# --- One item for each state folder, which knows its org.
login
out_has 'kept in       the Secret Service'
items 1
exits 0 names
out_is admin
exits 0 env XDG_STATE_HOME="$tmp/second" "$TOKENS" login --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token"
items 2
exits 0 env XDG_STATE_HOME="$tmp/second" "$TOKENS" logout
items 1
exits 0 names
mkdir -m 700 -p "$tmp/third/okta-tokens"
cp "$state/$host.json" "$state/current" "$tmp/third/okta-tokens/"
exits 4 env XDG_STATE_HOME="$tmp/third" "$TOKENS" list
err_has 'holds no secret of the profile'

# --- Whoever edits the org gets nothing.
script
answer 1 <<'END'
HTTP/1.1 200 OK
Content-Type: application/json

[]
END
good=$url
script_serve
evil=$url
url=$good
cp "$state/$host.json" "$tmp/good.json"
jq -c --arg org "$evil" '.org = $org | del(.caFile)' "$tmp/good.json" \
    >"$state/$host.json"
exits 4 names --profile "$host"
err_has 'is for another org'
[ ! -e "$tmp/script/requests" ] || fail 'something was sent'
cat "$tmp/good.json" >"$state/$host.json"
exits 0 names

# --- One that an earlier version kept does not say its org: not used, and gone
# with the next sign-in.
rm "$FAKE_SECRET/items/"*
printf %s "$secret" >"$FAKE_SECRET/items/|xdg:schema=com.github.okta-tokens.Profile|application=okta-tokens|profile=$host|"
exits 4 names
err_has 'stored by an earlier version'
login
items 1
exits 0 names

# --- Signed out is said only when it is gone.
mode locked
exits 4 names
err_has 'unlock the keyring'
exits 1 "$TOKENS" logout
err_lacks 'signed out of'
err_has 'is left in the Secret Service'
err_has 'it is locked'
items 1
exits 0 "$TOKENS" profile list
out_has 'its secret is left'
exits 1 "$TOKENS" logout --profile "$host"
exits 1 "$TOKENS" profile remove "$host"
exits 1 "$TOKENS" logout --all
mode down
exits 1 "$TOKENS" logout --all
err_has 'no service answers'
mode up
exits 4 names --profile "$host"
err_has 'signed out'
exits 0 "$TOKENS" logout --profile "$host"
err_has 'signed out of'
items 0
nowhere

# --- What a failed write leaves behind is remembered.
login
items 1
mode down
login
out_has "kept in       $state/$host.json"
exits 0 names
exits 1 "$TOKENS" logout
err_has 'is left in the Secret Service'
if grep -qF "$secret" "$state/$host.json"; then
    fail 'the file still has the secret'
fi
mode up
exits 0 "$TOKENS" logout --all
items 0
nowhere

# --- Without a service from first to last there is nothing to be missed.
mode down
login
exits 0 "$TOKENS" logout
err_has 'signed out of'
mode up

# --- The file's name counts, not what stands in it; files of runs that died go.
login --profile one
cp "$state/one.json" "$state/two.json"
mv "$state/one.json" "$state/three.json"
cp "$state/two.json" "$state/a copy (1).json"
(umask 077 && echo "$secret" >"$state/.two.json.0123456789abcdef.new" &&
    echo "$secret" >"$state/.four.json.new")
login --profile one
exits 0 "$TOKENS" profile list
out_has '  two'
out_has '  a copy (1)'
exits 0 "$TOKENS" logout --profile two
err_has 'profile two'
[ ! -e "$state/two.json" ] || fail 'two is still there'
[ ! -e "$state/.two.json.0123456789abcdef.new" ] || fail 'its rest is still there'
exits 0 names --profile one
echo '{' >"$state/broken.json"
cp "$state/one.json" "$state/open.json"
chmod 644 "$state/open.json"
exits 2 "$TOKENS" profile list
out_has '* one'
err_has 'broken'
exits 0 "$TOKENS" logout --all
is 'profiles' "$(ls "$state" | grep -c json || :)" 0
items 0
nowhere

# --- All but what can't be.
login --profile first
mode down
login --profile second
mode locked
exits 1 "$TOKENS" logout --all
err_has 'profile first: its secret is left'
err_has 'signed out of'
[ ! -e "$state/second.json" ] || fail 'second is still there'
mode up
exits 0 "$TOKENS" logout --all
items 0
nowhere
