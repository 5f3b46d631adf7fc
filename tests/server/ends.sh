#!/bin/sh
# ends.sh - what ends with a suspension, a deactivation or a sign-out: on every
# node, from the moment that the command returns, and what comes back.
. "$(dirname -- "$0")/lib.sh"
. "$here/browser.sh"

new_org a
gil=$("$ORGD" user add --data "$tmp/a" --login gil@example.com)
password='correct horse battery'
for login in ada gil; do
    echo "$password" | "$ORGD" user password --data "$tmp/a" --user $login@example.com
done
cli=$("$ORGD" app add --data "$tmp/a" --name "$(printf 'CLI\033[2J')" --type native \
    --scopes 'okta.apiTokens.read offline_access')
other=$("$ORGD" app add --data "$tmp/a" --name Other --type native \
    --scopes 'okta.apiTokens.read offline_access')
mine=$(create a mine)
hers=$(create a hers gil@example.com)
# Two nodes of one org.
start a --rate-limit 0
first=$pid
nodes=$url
start a --rate-limit 0 --public-url "$url"
second=$pid
nodes="$nodes $url"
url=${nodes%% *}
list=/api/v1/api-tokens
token=

field() { jq -r --arg name "$1" '.[$name] // ""' "$tmp/body"; }
# ask FIELD=VALUE...: the token endpoint.
ask() {
    set_form=
    for part in "$@"; do set_form="$set_form&$part"; done
    call POST /oauth2/v1/token -d "${set_form#&}"
}
# device CLIENT BROWSER: one that was allowed there; sets device_code.
device() {
    call POST /oauth2/v1/device/authorize \
        -d "client_id=$1&scope=okta.apiTokens.read+offline_access"
    is 'a device' "$status" 200
    device_code=$(field device_code)
    user_code=$(field user_code)
    browse "$2" POST /activate -d "form_token=$(form_of "$2")" -d "user_code=$user_code"
    browse "$2" POST /activate/decide -d "form_token=$(form_of "$2")" \
        -d "user_code=$user_code" -d decision=allow
    is 'it is allowed' "$status" 200
}
form_of() {
    browse "$1" GET /activate
    form_token
}
poll() {
    ask grant_type=urn:ietf:params:oauth:grant-type:device_code "client_id=$1" \
        "device_code=$device_code"
}
# sign_in_all: gil in a browser, with two grants and a device that was allowed.
sign_in_all() {
    sign_in g gil@example.com "$password"
    is 'gil signs in' "$status" 303
    device "$cli" g
    poll "$cli"
    access=$(field access_token)
    refresh=$(field refresh_token)
    device "$other" g
    poll "$other"
    access2=$(field access_token)
    device "$cli" g
}
# each WHAT SESSION ACCESS SSWS: the statuses that both nodes answer with.
each() {
    for url in $nodes; do
        browse g GET /
        is "$1: the session" "$status" "$2"
        for secret in "$access" "$access2"; do
            call GET $list -H "Authorization: Bearer $secret"
            is "$1: an access token" "$status" "$3"
        done
        token=$hers
        call GET $list
        is "$1: an API token" "$status" "$4"
        token=$mine
        call GET $list
        is "$1: somebody else's" "$status" 200
        token=
    done
    url=${nodes%% *}
}
renew() {
    ask grant_type=refresh_token "client_id=$cli" "refresh_token=$refresh"
}
gets_nothing() {
    renew
    is "$1: a renewal" "$status $(field error)" '400 invalid_grant'
    poll "$cli"
    is "$1: a device" "$status $(field error)" '400 invalid_grant'
}
# events TYPE: how many there are of gil and his tokens.
events() { sql a "SELECT count(*) FROM event WHERE type = '$1' AND actor_id IS NULL"; }

# --- a suspension stops all, and takes nothing
sign_in_all
each 'before' 200 200 200
"$ORGD" user suspend --data "$tmp/a" --user gil@example.com
each 'suspended' 303 401 401
gets_nothing 'suspended'
"$ORGD" user activate --data "$tmp/a" --user gil@example.com
each 'back' 200 200 200
is 'nothing has ended' "$(events user.session.end) $(events app.oauth2.token.revoke) $(events system.api_token.revoke)" '0 0 0'

# --- signing out ends sessions and grants, and no API token
before=$(events user.session.end)
"$ORGD" user sign-out --data "$tmp/a" --user gil@example.com
each 'signed out' 303 401 200
gets_nothing 'signed out'
is 'its events' "$(events user.session.end) $(events app.oauth2.token.revoke) $(events system.api_token.revoke)" \
    "$((before + 1)) 2 0"
token=$mine
gets 200 GET "/api/v1/logs?filter=eventType+eq+%22app.oauth2.token.revoke%22+and+target.id+eq+%22$other%22"
is 'what was ended, and whose' "$(jq -r '.[0].target | map(.type + " " + .displayName) | join(", ")' "$tmp/body")" \
    'AppInstance Other, User gil@example.com'
token=
exits 1 "$ORGD" user sign-out --data "$tmp/a" --user nobody
has 'nobody' "$err" 'no user has the login'

# --- so does a new password that says so; else it ends sessions
sign_in_all
echo "$password" | "$ORGD" user password --data "$tmp/a" --user gil@example.com
each 'a new password' 303 200 200
sign_in g gil@example.com "$password"
echo "$password" | "$ORGD" user password --data "$tmp/a" --user gil@example.com --sign-out
each 'a new password and signed out' 303 401 200
gets_nothing 'a new password and signed out'

# --- grants, one by one
sign_in_all
poll "$cli"
sign_in h ada@example.com "$password"
device "$cli" h
poll "$cli"
exits 0 "$ORGD" grant list --data "$tmp/a"
is 'all of them' "$(echo "$out" | wc -l)" 4
is 'a line' "$(echo "$out" | grep "$other" | cut -f 3-)" "$other	Other	gil@example.com	okta.apiTokens.read offline_access"
has 'a name' "$out" 'CLI\x1b[2J'
exits 0 "$ORGD" grant list --data "$tmp/a" --user gil@example.com --app "$cli"
is 'of one app and user' "$(echo "$out" | wc -l)" 2
one=$(echo "$out" | cut -f 1)
exits 0 "$ORGD" grant list --data "$tmp/a" --user gil@example.com --app Other
two=$(echo "$out" | cut -f 1)
# shellcheck disable=SC2086 # several ids
exits 1 "$ORGD" grant remove --data "$tmp/a" $one oagNone "$two"
has 'the one that is none' "$err" 'no grant has the id oagNone'
each 'grants are removed' 200 401 200
renew
is 'a renewal' "$status $(field error)" '400 invalid_grant'
exits 0 "$ORGD" grant list --data "$tmp/a" --user "$gil"
is 'what is left' "$out" ''
exits 1 "$ORGD" grant remove --data "$tmp/a" 00secret-secret-secret-secret-secret-00007
lacks 'stderr' "$err" '00secret'

# --- a deactivation ends all for good
sign_in_all
before="$(events user.session.end) $(events app.oauth2.token.revoke)"
"$ORGD" user deactivate --data "$tmp/a" --user gil@example.com
each 'deactivated' 303 401 401
gets_nothing 'deactivated'
"$ORGD" user activate --data "$tmp/a" --user gil@example.com
each 'active again' 303 401 401
gets_nothing 'active again'
is 'its events' "$(events user.session.end) $(events app.oauth2.token.revoke) $(events system.api_token.revoke)" \
    "$((${before% *} + 1)) $((${before#* } + 2)) 1"
is 'nothing is left' "$(sql a "SELECT (SELECT count(*) FROM session WHERE user_id = '$gil')
    + (SELECT count(*) FROM oauth_grant WHERE user_id = '$gil')
    + (SELECT count(*) FROM token WHERE user_id = '$gil')")" 0
# --- nor does what a user had who was deactivated before
hers=$(create a hers gil@example.com)
sql a "UPDATE user SET status = 'DEPROVISIONED' WHERE id = '$gil'"
"$ORGD" user activate --data "$tmp/a" --user gil@example.com
each 'active once more' 303 401 401

pid=$first
stop
pid=$second
stop
