#!/bin/sh
# activate.sh - the code that a device shows, the question that a person is
# asked, and what an attacker could try with them.
. "$(dirname -- "$0")/lib.sh"
. "$here/browser.sh"

new_org a
"$ORGD" user add --data "$tmp/a" --login gil --role none >"$tmp/out"
"$ORGD" user add --data "$tmp/a" --login bob --role none >"$tmp/out"
password='correct horse'
for user in ada@example.com gil bob; do
    echo "$password" | "$ORGD" user password --data "$tmp/a" --user $user
done
app=$("$ORGD" app add --data "$tmp/a" --name 'okta-tokens' --type native \
    --scopes 'okta.apiTokens.read offline_access')
key=$(od -An -tx1 -v "$tmp/a/cursor.key" | tr -d ' \n')

# device CODE [SECONDS_OLD] [APP] [ADDRESS]: one that waits under that code.
device() {
    mac=$(printf 'user code\0%s' "$1" | openssl dgst -sha256 -mac HMAC \
        -macopt "hexkey:$key" -binary | od -An -tx1 -v | tr -d ' \n')
    sql a "INSERT OR REPLACE INTO device (hash, user_hash, client_id, scopes,
        address, status, user_id, created, expires)
        VALUES (randomblob(32), x'$mac',
        '${3:-$app}', 'okta.apiTokens.read some.other offline_access',
        '${4:-203.0.113.7}', 'PENDING', '', unixepoch() - ${2:-70},
        unixepoch() - ${2:-70} + 600)"
}
# decided CODE: the status that it has come to.
decided() {
    mac=$(printf 'user code\0%s' "$1" | openssl dgst -sha256 -mac HMAC \
        -macopt "hexkey:$key" -binary | od -An -tx1 -v | tr -d ' \n')
    sql a "SELECT status || ' ' || user_id FROM device WHERE user_hash = x'$mac'"
}
# enter CODE [CURL_OPTION...], decide CODE DECISION [...]: sends the forms.
enter() {
    entered=$1
    shift
    browse ada GET /activate
    browse ada POST /activate -d "form_token=$(form_token)" \
        --data-urlencode "user_code=$entered" "$@"
}
decide() {
    code=$1
    how=$2
    shift 2
    browse ada POST /activate/decide -d "form_token=$(form_token)" \
        -d "user_code=$code" -d "decision=$how" "$@"
}
start a --rate-limit 0

# --- signing in comes first, and leads back with the code filled in
device BCDFGHJK
browse ada GET '/activate?user_code=BCDF-GHJK'
is 'a stranger' "$status $(header Location)" \
    '303 /login?return=%2Factivate%3Fuser_code%3DBCDF-GHJK'
browse ada GET /login
browse ada POST /activate -d "form_token=$(form_token)" -d user_code=BCDF-GHJK
is 'a stranger with a form' "$status $(header Location)" \
    '303 /login?return=%2Factivate'
lacks 'a stranger' "$body" okta-tokens
browse ada POST /activate/decide -d "form_token=$(form_token)" \
    -d 'user_code=BCDF-GHJK&decision=allow'
sign_in ada ada@example.com "$password" \
    -d 'return=/activate?user_code=bcdfghjk'
is 'the way back' "$(header Location)" '/activate?user_code=bcdfghjk'
browse ada GET '/activate?user_code=bcdfghjk'
is 'the page' "$status" 200
page_headers
has 'the code' "$body" 'value="BCDF-GHJK"'
lacks 'what it stands for' "$body" okta-tokens
is 'nothing was done' "$(decided BCDFGHJK)" 'PENDING '

# --- the question names the app, the scopes, the place, the time
for code in BCDF-GHJK bcdfghjk 'bcdf ghjk' ' B-C-D-F-G-H-J-K '; do
    enter "$code"
    is "'$code'" "$status" 200
done
page_headers
for part in '<bdi>okta-tokens</bdi>' 'BCDF-GHJK' '203.0.113.7' '1 minute ago' \
    'datetime="2' 'See the API tokens' '<bdi>okta.apiTokens.read</bdi>' \
    '<bdi>some.other</bdi>' 'no words for' 'only if you started it' \
    'Another address than yours, which is 127.0.0.1' \
    'name="decision" value="allow"' 'name="decision" value="deny"'; do
    has 'the question' "$body" "$part"
done
is 'nothing was done' "$(decided BCDFGHJK)" 'PENDING '

# --- allowed, once
decide BCDF-GHJK allow
is 'allowing' "$status" 200
has 'the end' "$body" '<h1>Allowed</h1>'
page_headers
is 'allowed' "$(decided BCDFGHJK)" "ALLOWED $ada"
browse ada GET /activate
decide BCDF-GHJK deny
is 'denying it afterwards' "$status" 404
is 'still allowed' "$(decided BCDFGHJK)" "ALLOWED $ada"
enter BCDF-GHJK
is 'entering it again' "$status" 404

# --- denied; whatever is not "allow" is
for how in deny '' Allow yes; do
    device BCDFGHJL 5 "" 127.0.0.1
    enter BCDF-GHJL
    has 'the question' "$body" 'The same address as yours'
    has 'the question' "$body" 'Less than a minute ago'
    decide BCDF-GHJL "$how"
    is "'$how'" "$status" 200
    has 'the end' "$body" '<h1>Denied</h1>'
    is 'denied' "$(decided BCDFGHJL)" "DENIED $ada"
done

# --- expired, unknown, no code; of an app that is not active
device BCDFGHJM 600
enter BCDF-GHJM
is 'expired' "$status" 404
has 'expired' "$body" 'No device is waiting'
has 'expired' "$body" 'aria-describedby="problem hint"'
unknown=$(grep 'class="problem"' "$tmp/body")
enter BCDF-GHJN
is 'unknown' "$status" 404
is 'unknown' "$(grep 'class="problem"' "$tmp/body")" "$unknown"
for code in '' BCDF BCDFGHJKL AEIOUYAE 12345678 '"><script>'; do
    enter "$code"
    is "'$code'" "$status" 400
    lacks "'$code'" "$body" '<script>'
done
device BCDFGHJP
"$ORGD" app deactivate --data "$tmp/a" --app "$app"
enter BCDF-GHJP
is 'an app that is not active' "$status" 404
"$ORGD" app activate --data "$tmp/a" --app "$app"
enter BCDF-GHJP
is 'an app that is active again' "$status" 200
sql a "UPDATE device SET expires = unixepoch() WHERE status = 'PENDING'"
decide BCDF-GHJP allow
is 'allowing it too late' "$status" 404

# --- a hostile name stays a name
evil=$("$ORGD" app add --data "$tmp/a" --name '</bdi><script>alert(1)</script>"&'"$(printf '\342\200\256gpj')" \
    --type native --scopes okta.apiTokens.read)
device BCDFGHJQ 70 "$evil"
enter BCDF-GHJQ
is 'a hostile name' "$status" 200
has 'the name' "$body" '<bdi>&lt;/bdi&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;\u{202e}gpj</bdi>'
lacks 'the name' "$body" '<script>'
decide BCDF-GHJQ deny
has 'the name at the end' "$body" '<bdi>&lt;/bdi&gt;&lt;script&gt;'

# --- nobody decides for somebody else: no token, another's, from elsewhere
device BCDFGHJR
browse gil GET /login
foreign=$(form_token)
enter BCDF-GHJR
own=$(form_token)
for token in '' "$foreign" "${own%?}0"; do
    [ "$token" != "$own" ] || continue
    for path in /activate /activate/decide; do
        browse ada POST $path -d "form_token=$token" \
            -d 'user_code=BCDF-GHJR&decision=allow'
        is "$path with a token that is none" "$status" 403
        page_headers
    done
done
browse ada POST /activate/decide -d "form_token=$own" \
    -d 'user_code=BCDF-GHJR&decision=allow' -H 'Origin: https://evil.test'
is 'from elsewhere' "$status" 403
gets 405 GET '/activate/decide?user_code=BCDF-GHJR&decision=allow' -b "$tmp/ada.jar"
is 'nothing was done' "$(decided BCDFGHJR)" 'PENDING '

# --- who has no role has nothing to allow
sign_in ada gil "$password"
enter BCDF-GHJR
is 'gil' "$status" 200
lacks 'what gil can do' "$body" 'value="allow"'
has 'why' "$body" 'no admin role'
decide BCDF-GHJR allow
has 'what gil tried' "$body" '<h1>Denied</h1>'
case $(decided BCDFGHJR) in DENIED*) ;; *) fail 'gil has allowed it' ;; esac

# --- guessing codes is stopped by account ...
guesses() {
    tries=0
    while [ $tries -lt 50 ]; do
        enter "$(printf 'BCDFGH%s' "$(printf %02d $tries | tr 0-9 BCDFGHJKLM)")"
        [ "$status" != 429 ] || break
        is 'a guess' "$status" 404
        tries=$((tries + 1))
    done
}
guesses
is 'guesses of one account' $tries 20
is 'when to come again' "$(header Retry-After)" 900
device BCDFGHJS
enter BCDF-GHJS
is 'the right one, too late' "$status" 429
lacks 'the right one, too late' "$body" okta-tokens
# ... by address ...
sign_in ada bob "$password"
tries=0
enter ZZZZ-ZZZZ
while [ "$status" = 404 ]; do
    tries=$((tries + 1))
    enter "$(printf 'ZZZZZZ%s' "$(printf %02d $tries | tr 0-9 BCDFGHJKLM)")"
done
is 'guesses from one address' "$status" 429
[ $tries -lt 20 ] || fail "$tries guesses more from one address"
# ... and a code that is right is no guess, but is not tried for ever
stop
start a --rate-limit 0
sign_in ada ada@example.com "$password"
device BCDFGHJT
tries=0
while [ $tries -lt 40 ]; do
    enter BCDF-GHJT
    [ "$status" != 429 ] || break
    is 'the right one' "$status" 200
    tries=$((tries + 1))
done
is 'tries of one code' $tries 10
device BCDFGHJV
enter BCDF-GHJV
is 'another' "$status" 200
stop
