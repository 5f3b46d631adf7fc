#!/bin/sh
# keyring.sh - login, list and logout with the Secret Service that GNOME Keyring
# is. Run on a bus of its own: dbus-run-session sh keyring.sh TOKENS ORGD
set -eu
tokens=$1
orgd=$2
HOME=$(mktemp -d)
XDG_RUNTIME_DIR=$HOME/run
export HOME XDG_RUNTIME_DIR
mkdir -m 700 "$XDG_RUNTIME_DIR"
cd "$HOME"
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || :
    rm -rf "$HOME"
}
trap cleanup EXIT

fail() {
    echo "$*" >&2
    exit 1
}

"$orgd" init --data org >/dev/null
"$orgd" user add --data org --login ada@example.com >/dev/null
secret=$("$orgd" token create --data org --name kept --user ada@example.com)
"$orgd" ca print --data org >ca.pem
"$orgd" serve --data org >url 2>log &
server=$!
i=0
while [ ! -s url ]; do
    i=$((i + 1))
    [ $i -lt 100 ] || fail 'the org does not start'
    sleep 0.1
done
(umask 077 && echo "$secret" >token)
state=.local/state/okta-tokens

login() {
    "$tokens" login --org "$(cat url)" --ca-file ca.pem --token-file token
}

no_service() {
    DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent "$@"
}

# Without a service it goes to a file.
no_service login | grep -q "kept in .*$state" || fail 'without a service it is kept elsewhere'
grep -qF "$secret" "$state"/*.json || fail 'it is not in the file'

# Unlocked with an empty password, it takes the secret, and the file has none.
printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
login | grep -q 'kept in .*Secret Service' || fail 'not kept in the service'
! grep -qF "$secret" "$state"/*.json || fail 'the file has the secret too'
"$tokens" list -o tsv --fields name | grep -qx kept || fail 'list does not find it'

# Where it can't be had any more, that is said.
code=0
no_service "$tokens" list >/dev/null 2>err || code=$?
[ "$code" -eq 4 ] || fail "without the service list ends with $code"
grep -q 'unlock the keyring' err || fail 'without the service there is no hint'

"$tokens" logout 2>/dev/null
code=0
"$tokens" list --org "$(cat url)" </dev/null >/dev/null 2>&1 || code=$?
[ "$code" -eq 4 ] || fail "after logout list ends with $code"

# A second state folder on the same bus has an item of its own.
login >/dev/null
(umask 077 && mkdir -p second)
XDG_STATE_HOME=$HOME/second login >/dev/null
XDG_STATE_HOME=$HOME/second "$tokens" logout 2>/dev/null
"$tokens" list -o tsv --fields name | grep -qx kept || fail "another folder's logout signed out"

# While it is locked, and nobody unlocks it, nobody is signed out.
gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
    --method org.freedesktop.Secret.Service.Lock \
    "['/org/freedesktop/secrets/collection/login']" >/dev/null
code=0
timeout 60 "$tokens" logout 2>err || code=$?
[ "$code" -eq 1 ] || fail "a logout with the keyring locked ends with $code: $(cat err)"
grep -q 'is left in the Secret Service' err || fail "not told what is left: $(cat err)"
