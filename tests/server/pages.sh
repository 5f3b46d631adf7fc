#!/bin/sh
# pages.sh - the pages that people see: signing in and out, and what an attacker
# could try with them.
. "$(dirname -- "$0")/lib.sh"
. "$here/browser.sh"

new_org a
gil=$("$ORGD" user add --data "$tmp/a" --login gil --role none)
"$ORGD" user add --data "$tmp/a" --login none >"$tmp/none"
password='correct horse &+%'
for user in ada@example.com gil; do
    echo "$password" | "$ORGD" user password --data "$tmp/a" --user $user
done
start a --rate-limit 0

# --- every page keeps to itself
browse x GET /login
is 'the sign-in page' "$status" 200
page_headers
has 'a cookie' "$(header Set-Cookie)" '__Host-okta-orgd-'
has 'a cookie' "$(header Set-Cookie)" '; Path=/; Secure; HttpOnly; SameSite=Lax'
lacks 'a script' "$body" '<script'
lacks 'a style' "$body" 'style='
style=$(sed -n 's/.*href="\(\/assets\/[^"]*\)".*/\1/p' "$tmp/body")
call GET "$style"
is 'the style sheet' "$status" 200
is 'its type' "$(header Content-Type)" 'text/css; charset=utf-8'
is 'its caching' "$(header Cache-Control)" 'public, max-age=31536000, immutable'
has 'its path' "$style" "$(sha256sum "$tmp/body" | cut -c 1-16)"

# --- a browser is told in its own way that there is nothing, a program in its own
lost() { # STATUS TYPE METHOD PATH [CURL_OPTION...]
    want="$1 $2"
    shift 2
    call "$@"
    is "$*" "$status $(header Content-Type)" "$want"
}
html='Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'
lost 404 'text/html; charset=utf-8' GET /nothing -H "$html"
has 'the page' "$body" '<h1>There is no such page</h1>'
page_headers
lost 404 'text/html; charset=utf-8' GET /apis -H 'Accept: image/png' -H "$html"
lost 405 'text/html; charset=utf-8' GET /logout -H "$html"
is 'what can be done' "$(header Allow)" POST
page_headers
lost 404 application/json GET /nothing
lost 404 application/json GET /nothing -H 'Accept: application/json'
lost 405 application/json GET /logout
for path in /api /api/v1/nothing /oauth2 /oauth2/v1/nothing /.well-known/nothing /_org/; do
    lost 404 application/json GET $path -H "$html"
done
lost 405 application/json GET /oauth2/v1/token -H "$html"
lost 403 application/json GET /api/v1/api-tokens -H "$html"

# --- signing in: all that can be wrong reads the same
browse x GET /
is 'nobody at home' "$status $(header Location)" '303 /login?return=%2F'
wrong=
for case in "ada@example.com:$password " "ada@example.com:correct horse" \
    "ada@example.com:" "nobody:$password" "none:$password" ":" \
    "$(head -c 300 /dev/zero | tr '\0' a):$password" \
    "ada@example.com' OR 1=1 --:x" \
    "gil:$(head -c 9000 /dev/zero | tr '\0' b)"; do
    sign_in x "${case%%:*}" "${case#*:}"
    is "'$case'" "$status" 403
    page_headers
    lacks 'the page' "$body" "$password"
    problem=$(grep 'class="problem"' "$tmp/body")
    is 'the problem' "$problem" "${wrong:=$problem}"
    is 'no session' "$(sql a 'SELECT count(*) FROM session')" 0
done
has 'the problem' "$wrong" 'id="problem" role="alert"'
has 'the title' "$body" '<title>Error: Sign in '
sign_in x '"><script>&' "$password"
has 'the login that was typed' "$body" 'value="&quot;&gt;&lt;script&gt;&amp;"'
before=$(cookie x)
sign_in x ADA@example.com "$password"
is 'ada signs in' "$status $(header Location)" '303 /'
[ "$before" != "$(cookie x)" ] || fail 'the cookie stayed the same'
browse x GET /
is 'home' "$status" 200
has 'home' "$body" 'ada@example.com'
page_headers
browse x GET /login
is 'sign-in once more' "$status $(header Location)" '303 /'

# --- what is stored is a hash
id=$(cookie x)
is 'length of the id' ${#id} 43
is 'the hash' "$(sql a 'SELECT lower(hex(hash)) FROM session')" \
    "$(printf %s "$id" | sha256sum | cut -d' ' -f1)"
if grep -rqF -e "$id" "$tmp/a" "$tmp/a.err"; then fail 'a session on the disk'; fi
browse x GET /
if grep -qF -e "$(form_token)" "$tmp/a.err"; then fail 'a token in the log'; fi

# --- fixation: an id from before, whoever planted it, is no session after
sign_in x ada@example.com "$password"
planted=$(printf 'A%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43)
named=$(cookie_name x)
with() { call "$1" "$2" -H "Cookie: $named=$3"; }
with GET /login "$planted"
call POST /login -H "Cookie: $named=$planted" \
    --data-urlencode "form_token=$(form_token)" --data-urlencode \
    'login=ada@example.com' --data-urlencode "password=$password"
is 'with a planted id' "$status" 303
lacks 'the new cookie' "$(header Set-Cookie)" "$planted"
with GET / "$planted"
is 'the planted id' "$status" 303
with GET / "$id"
is 'the id before the last sign-in' "$status" 303
with GET / "$(cookie x)"
is 'the id of the last' "$status" 200
call GET / -H "Cookie: $named=$(cookie x); $named=$planted"
is 'two of them' "$status" 303
call GET / -H "Cookie: ${named#__Host-}=$(cookie x)"
is 'without the prefix' "$status" 303
with GET / "$(cookie x)A"
is 'too long' "$status" 303

# --- a form without its token, with another's, or from elsewhere
browse y GET /login
foreign=$(form_token)
browse x GET /
own=$(form_token)
forged() {
    what=$1
    shift
    browse x POST /logout "$@"
    is "$what" "$status" 403
    page_headers
    has "$what" "$body" 'not valid any more'
}
forged 'no token' -d a=b
forged 'an empty token' -d form_token=
forged 'a foreign token' -d "form_token=$foreign"
forged 'a token cut short' -d "form_token=${own%?}"
forged 'a token of an earlier sign-in' -d "form_token=$before"
forged 'another origin' -d "form_token=$own" -H 'Origin: https://evil.test'
forged 'the same host, plain' -d "form_token=$own" -H "Origin: http://127.0.0.1:$port"
forged 'another site' -d "form_token=$own" -H 'Sec-Fetch-Site: cross-site'
forged 'a sister' -d "form_token=$own" -H 'Sec-Fetch-Site: same-site'
browse x POST /logout -d "form_token=$own&form_token=$own"
is 'a token twice' "$status" 400
browse x POST /logout -H 'Content-Type: text/plain' -d "form_token=$own"
is 'another type' "$status" 400
browse x POST "/logout?form_token=$own" -d ''
is 'a token in the query' "$status" 403
browse y GET /login
browse y POST /login -d 'login=gil' --data-urlencode "password=$password"
is 'signing somebody in' "$status" 403
call POST /login -d "form_token=$(form_token)" -d 'login=gil' \
    --data-urlencode "password=$password"
is 'without a cookie' "$status" 403
browse x GET /
is 'ada is still there' "$status" 200

# --- where sign-in leads: to pages of ours alone
leads() {
    browse z GET "/login?return=$1"
    is 'the form' "$status" 200
    has 'the way on' "$body" "name=\"return\" value=\"$2\""
}
leads / /
leads %2Factivate%3Fuser_code%3DBCDF-GHJK '/activate?user_code=BCDF-GHJK'
leads %2Foauth2%2Fv1%2Fauthorize%3Fa%3D%2526 '/oauth2/v1/authorize?a=%26'
for evil in https://evil.test //evil.test /%5Cevil.test /%2Fevil.test \
    /activate%3Fa%20b /activate/../evil /activateevil /activate%40evil.test /login /logout \
    /api/v1/api-tokens javascript:alert%281%29 %09//evil.test \
    %2Factivate%0D%0ASet-Cookie:%20planted=x '' .evil.test @evil.test; do
    case $evil in
    *%0*) gets 400 GET "/login?return=$evil" ;;
    *) leads "$evil" / ;;
    esac
    sign_in z gil "$password" --data-urlencode \
        "return=$(printf %b "$(printf %s "$evil" | sed 's/%/\\x/g')")"
    is "the way to $evil" "$status $(header Location)" '303 /'
    lacks 'a planted cookie' "$(header Set-Cookie)" planted
    rm "$tmp/z.jar"
done
leads "%2Factivate%3F$(head -c 4000 /dev/zero | tr '\0' a)" /

sign_in z gil "$password" --data-urlencode \
    "return=/activate?$(head -c 3000 /dev/zero | tr '\0' a)"
is 'a way that is too long' "$status $(header Location)" '303 /'

# --- signing out
browse x GET /
browse x POST /logout -d "form_token=$(form_token)" -H 'Origin: null' \
    -H 'Sec-Fetch-Site: same-origin'
is 'signing out' "$status $(header Location)" '303 /login'
has 'the cookie' "$(header Set-Cookie)" "$named=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
with GET / "$id"
is 'the session' "$status" 303

# --- a session rests while its user is suspended, and ends with a deactivation
for how in suspend deactivate; do
    sign_in g gil "$password"
    is 'gil signs in' "$status" 303
    browse g GET /
    is 'gil' "$status" 200
    "$ORGD" user $how --data "$tmp/a" --user gil
    browse g GET /
    is "gil, $how" "$status" 303
    sign_in g2 gil "$password"
    is "gil signs in, $how" "$status" 403
    "$ORGD" user activate --data "$tmp/a" --user gil
    browse g GET /
    is "gil, back after $how" "$status" $([ $how = suspend ] && echo 200 || echo 303)
done
sign_in g gil "$password"
sql a "UPDATE user SET status = 'SUSPENDED' WHERE id = '$gil'"
browse g GET /
is 'gil, by another way' "$status" 303
sql a "UPDATE user SET status = 'ACTIVE' WHERE id = '$gil'"
browse g GET /
is 'gil, back again' "$status" 200
echo 'another horse' | "$ORGD" user password --data "$tmp/a" --user gil
browse g GET /
is 'gil, after a new password' "$status" 303

# --- and with time: two hours unused, twelve in all
sign_in x ada@example.com "$password"
age() { sql a "UPDATE session SET created = created - $1, used = used - $2"; }
age 100 7190
browse x GET /
is 'nearly two hours' "$status" 200
i=0
while [ "$(sql a "SELECT max(used) > unixepoch() - 60 FROM session")" != 1 ]; do
    i=$((i + 1))
    [ $i -lt 100 ] || fail 'the use was not kept'
    sleep 0.05
done
age 0 7200
browse x GET /
is 'two hours' "$status" 303
sign_in x ada@example.com "$password"
age 43190 0
browse x GET /
is 'nearly twelve hours' "$status" 200
age 10 0
browse x GET /
is 'twelve hours' "$status" 303
sign_in x ada@example.com "$password"
is 'sessions that are over' "$(sql a 'SELECT count(*) FROM session')" 1

# --- the System Log has who came and went, and who may come in another way
events() {
    sql a "SELECT count(*) FROM event WHERE type = 'user.session.$1'
        AND actor_login = '$2' AND target_id = actor_id AND address = '127.0.0.1'"
}
is 'events of a password' "$(sql a "SELECT count(*) FROM event
    WHERE type = 'user.account.update_password' AND target_name = 'gil'")" 2
before="$(events start gil) $(events end gil)"
sign_in e gil 'another horse'
sign_in e gil 'no horse'
browse e GET /
browse e POST /logout -d "form_token=$(form_token)"
is 'events of gil' "$(events start gil) $(events end gil)" \
    "$((${before% *} + 1)) $((${before#* } + 1))"
token=$(create a log)
gets 200 GET '/api/v1/logs?filter=eventType%20eq%20%22user.session.start%22&sortOrder=DESCENDING&limit=1'
is 'the event' "$(jq -r '.[] | [.displayMessage, .outcome.result, .actor.alternateId,
    .target[0].type, .client.ipAddress] | join("|")' "$tmp/body")" \
    'User login to Okta|SUCCESS|gil|User|127.0.0.1'
token=

# --- guessing
stop
start a --rate-limit 0
tries=0
while [ $tries -lt 40 ]; do
    sign_in w ada@example.com "guess $tries"
    [ "$status" != 429 ] || break
    is 'a wrong guess' "$status" 403
    tries=$((tries + 1))
done
is 'guesses from one address' $tries 30
is 'when to come again' "$(header Retry-After)" 900
has 'the problem' "$body" 'too many attempts'
sign_in w ada@example.com "$password"
is 'the right one, too late' "$status" 429
stop
start a --rate-limit 2
tries=0
status=
while [ "$status" != 429 ]; do
    tries=$((tries + 1))
    [ $tries -lt 10 ] || fail 'no rate limit'
    browse w GET /login
done
has 'a page all the same' "$body" '<h1>Too many requests</h1>'
page_headers

# --- plain HTTP on loopback: no prefix, no Secure
stop
start a --tls off --rate-limit 0
browse plain GET /login
has 'the cookie' "$(header Set-Cookie)" 'okta-orgd-'
lacks 'the cookie' "$(header Set-Cookie)" 'Secure'
browse plain POST /login -d "form_token=$(form_token)" -d login=ada@example.com \
    --data-urlencode "password=$password"
is 'signing in' "$status" 303
browse plain GET /
is 'home' "$status" 200
stop

# --- orgs of one host keep out of each other's way: browsers know no ports
start a --rate-limit 0
sign_in both ada@example.com "$password"
is 'signing in' "$status" 303
a_pid=$pid
a_url=$url
new_org b
echo "$password" | "$ORGD" user password --data "$tmp/b" --user ada@example.com
start b --rate-limit 0
browse both GET /
is 'nobody in the other org' "$status" 303
sign_in both ada@example.com "$password"
is 'signing in there, too' "$status" 303
stop
pid=$a_pid
url=$a_url
cacert=$tmp/a.pem
browse both GET /
is 'signed in still' "$status" 200
stop
if grep -qF -e horse "$tmp/a.err"; then fail 'a password in the log'; fi
