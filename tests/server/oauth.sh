#!/bin/sh
# oauth.sh - each way to an access token, over HTTP, and its end.
. "$(dirname -- "$0")/lib.sh"
. "$here/browser.sh"
: "${JWT:?}"

new_org a
password='correct horse battery'
echo "$password" | "$ORGD" user password --data "$tmp/a" --user ada@example.com
openssl ecparam -name prime256v1 -genkey -noout -out "$tmp/app.pem"
openssl ecparam -name prime256v1 -genkey -noout -out "$tmp/dpop.pem"
app() {
    "$ORGD" app add --data "$tmp/a" "$@"
}
all='okta.apiTokens.read okta.apiTokens.manage okta.users.read offline_access'
cli=$(app --name CLI --type native --scopes "$all" \
    --redirect-uri http://127.0.0.1:9/cb --redirect-uri 'https://site.example/cb?a=b' \
    --redirect-uri 'http://[::1]:9/cb' --redirect-uri 'http://[::1]/cb')
audit=$(app --name Audit --type service --scopes "okta.apiTokens.read okta.logs.read" \
    --role READ_ONLY_ADMIN --key "$tmp/app.pem")
strict=$(app --name Strict --type service --scopes okta.apiTokens.read \
    --role READ_ONLY_ADMIN --key "$tmp/app.pem" --dpop required)
probe_secret=$(create a probe)
start a --rate-limit 0 --dev
# note: what it was asked until now, as it shows it.
note() { "$ORGD" dev requests list --data "$tmp/a" >>"$tmp/requests"; }
list=/api/v1/api-tokens
token=

# assertion CLIENT [PATH]
n=0
assertion() {
    n=$((n + 1))
    now=$(date +%s)
    "$JWT" sign "$tmp/app.pem" '' "{\"iss\":\"$1\",\"sub\":\"$1\",\"aud\":\"$url${2:-/oauth2/v1/token}\",\"iat\":$now,\"exp\":$((now + 300)),\"jti\":\"$$-$n-$(date +%N)\"}"
}
# proof METHOD PATH MORE_CLAIMS
proof() {
    n=$((n + 1))
    "$JWT" proof "$tmp/dpop.pem" "{\"htm\":\"$1\",\"htu\":\"$url$2\",\"iat\":$(date +%s),\"jti\":\"$$-$n-$(date +%N)\"$3}"
}
# post PATH [FIELD=VALUE...] [-- CURL_OPTION...]: a form; sets error and got.
post() {
    path=$1
    shift
    set_form=
    : >"$tmp/form"
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        printf '%s%s=%s' "$set_form" "${1%%=*}" \
            "$(printf %s "${1#*=}" | jq -sRr @uri)" >>"$tmp/form"
        set_form='&'
        shift
    done
    [ $# -eq 0 ] || shift
    call POST "$path" -d "@$tmp/form" "$@"
    error=$(jq -r '.error // ""' "$tmp/body" 2>/dev/null || :)
}
field() {
    jq -r --arg name "$1" '.[$name] // ""' "$tmp/body"
}
jwt=urn:ietf:params:oauth:client-assertion-type:jwt-bearer
# by_key CLIENT SCOPE [-- CURL_OPTION...]
by_key() {
    client=$1
    scope=$2
    shift 2
    post /oauth2/v1/token grant_type=client_credentials "scope=$scope" \
        client_assertion_type=$jwt "client_assertion=$(assertion "$client")" "$@"
}
# with SCHEME TOKEN METHOD PATH [CURL_OPTION...]
with() {
    scheme=$1
    access=$2
    shift 2
    call "$@" -H "Authorization: $scheme $access"
}

# everywhere WHAT TOKEN STATUS: what each of its threads answers to many at once.
everywhere() {
    curl -sZ --parallel-immediate --parallel-max 32 --cacert "$cacert" \
        -H "Authorization: Bearer $2" -o /dev/null -w '%{http_code}\n' \
        "$url$list?limit=[1-32]" >"$tmp/statuses"
    is "$1, everywhere" "$(sort "$tmp/statuses" | uniq -c | tr -s ' ')" " 32 $3"
}

# --- what it says of itself
gets 200 GET /.well-known/openid-configuration
is 'the issuer' "$(field issuer)" "$url"
is 'the endpoints' "$(jq -r '.token_endpoint, .device_authorization_endpoint, .jwks_uri' "$tmp/body")" \
    "$url/oauth2/v1/token
$url/oauth2/v1/device/authorize
$url/oauth2/v1/keys"
is 'RFC 8414: where a key shows who it is, by which algorithms' \
    "$(jq -c '[keys[] | select(endswith("_auth_methods_supported"))] -
    [keys[] | select(endswith("_auth_signing_alg_values_supported")) |
    sub("signing_alg_values"; "methods")]' "$tmp/body")" '[]'
cp "$tmp/body" "$tmp/openid"
gets 200 GET /.well-known/oauth-authorization-server
cmp -s "$tmp/body" "$tmp/openid" || fail 'the two documents differ'
gets 200 GET /.well-known/okta-organization
is 'the org' "$(jq -r ._links.organization.href "$tmp/body")" "$url"
org_id=$(field id)
case $org_id in 00o?????????????????) ;; *) fail "its id: $org_id" ;; esac
gets 200 GET /oauth2/v1/keys
is 'one key' "$(jq '.keys | length' "$tmp/body")" 1
lacks 'its private half' "$body" '"d"'

# --- a service
by_key "$audit" okta.apiTokens.read
is 'a token' "$status $(field token_type) $(field expires_in) $(field scope)" \
    '200 Bearer 3600 okta.apiTokens.read'
service=$(field access_token)
is 'caching' "$(header Cache-Control)" 'no-cache, no-store'
with Bearer "$service" GET $list
is 'the list' "$status $(jq -r '.[0].name' "$tmp/body")" '200 probe'
"$ORGD" dev faults add --data "$tmp/a" do=status status=503 client="$audit" count=1 \
    >"$tmp/fault"
with SSWS "$probe_secret" GET $list
is 'nobody else fails' "$status" 200
with Bearer "$service" GET $list
is 'its client fails' "$status" 503
with Bearer "$service" GET /api/v1/logs
is 'another scope' "$status $(wc -c <"$tmp/body")" '403 0'
has 'the challenge' "$(header WWW-Authenticate)" 'scope="okta.logs.read", error="insufficient_scope"'
with Bearer "${service}x" GET $list
is 'no token' "$status $(wc -c <"$tmp/body")" '401 0'
has 'the challenge' "$(header WWW-Authenticate)" 'error="invalid_token"'
with Bearer "$service" DELETE $list/current
is 'for SSWS alone' "$status $(jq -r .errorCode "$tmp/body")" '403 E0000005'
is 'its events' "$(sql a "SELECT actor_type, actor_id, client_id FROM event
    WHERE type = 'app.oauth2.token.grant.access_token'")" "PublicClientApp|$audit|$audit"
with Bearer "$service" GET $list # its own log lines have no secret: see below

call GET $list -H "Authorization: Bearer$service"
is 'without a space' "$status" 200

# --- its parameters in the target, or some of them
asked_of=$(assertion "$audit")
query="grant_type=client_credentials&scope=okta.apiTokens.read&client_assertion_type=$jwt"
call POST "/oauth2/v1/token?$query&client_assertion=$asked_of" -H 'Content-Length: 0'
is 'all in the target' "$status $(field token_type)" '200 Bearer'
call POST "/oauth2/v1/token?$query" --data-urlencode "client_assertion=$(assertion "$audit")"
is 'some in the target' "$status $(field token_type)" '200 Bearer'
call POST "/oauth2/v1/token?$query" -d 'scope=okta.apiTokens.read' \
    --data-urlencode "client_assertion=$(assertion "$audit")"
is 'one in both places' "$status $(field error)" '400 invalid_request'
call POST "/oauth2/v1/token?$query&scope=okta.apiTokens.read&client_assertion=$(assertion "$audit")" \
    -H 'Content-Length: 0'
is 'one twice' "$status $(field error)" '400 invalid_request'

# --- bound to a key
by_key "$strict" okta.apiTokens.read
is 'no proof' "$status $error" '400 invalid_dpop_proof'
by_key "$strict" okta.apiTokens.read -- -H "DPoP: $(proof POST /oauth2/v1/token '')"
is 'no nonce' "$status $error" '400 use_dpop_nonce'
nonce=$(header DPoP-Nonce)
by_key "$strict" okta.apiTokens.read -- \
    -H "DPoP: $(proof POST /oauth2/v1/token ",\"nonce\":\"$nonce\"")"
is 'a bound token' "$status $(field token_type)" '200 DPoP'
bound=$(field access_token)
ath=",\"ath\":\"$("$JWT" hash "$bound")\""
dpop=$(proof GET $list "$ath")
with DPoP "$bound" GET "$list?limit=1" -H "DPoP: $dpop"
is 'with its proof' "$status" 200
with DPoP "$bound" GET "$list?limit=1" -H "DPoP: $dpop"
is 'the proof again' "$status $(wc -c <"$tmp/body")" '400 0'
has 'the challenge' "$(header WWW-Authenticate)" 'error="invalid_dpop_proof"'
with Bearer "$bound" GET $list
is 'without its key' "$status" 401

# --- a device, which ada allows in a browser
sign_in ada ada@example.com "$password"
is 'ada signs in' "$status" 303
device() {
    post /oauth2/v1/device/authorize "client_id=$cli" "scope=$1"
    is 'a device' "$status $(field expires_in) $(field interval)" '200 600 5'
    device_code=$(field device_code)
    user_code=$(field user_code)
    is 'where to go' "$(field verification_uri) $(field verification_uri_complete)" \
        "$url/activate $url/activate?user_code=$user_code"
}
poll() {
    post /oauth2/v1/token grant_type=urn:ietf:params:oauth:grant-type:device_code \
        "client_id=$cli" "device_code=$device_code"
}
# decide allow|deny: in ada's browser
decide() {
    browse ada GET /activate
    browse ada POST /activate -d "form_token=$(form_token)" -d "user_code=$user_code"
    is 'the question' "$status" 200
    browse ada POST /activate/decide -d "form_token=$(form_token)" \
        -d "user_code=$user_code" -d "decision=$1"
    is 'the answer' "$status" 200
}
device "okta.apiTokens.read okta.apiTokens.manage offline_access"
poll
is 'pending' "$status $error" '400 authorization_pending'
poll
is 'too often' "$status $error" '400 slow_down'
decide allow
poll
is 'allowed' "$status $(field scope)" \
    '200 okta.apiTokens.read okta.apiTokens.manage offline_access'
person=$(field access_token)
refresh=$(field refresh_token)
lost_code=$device_code
with Bearer "$person" GET $list
is 'the list' "$status" 200
device okta.users.read
decide deny
poll
is 'denied' "$status $error" '403 access_denied'

# --- a lost answer is given anew, and what was given first is revoked
everywhere 'before the device comes again' "$person" 200
lost=$refresh
device_code=$lost_code
poll
is 'polled again' "$status" 200
everywhere 'what the first answer gave' "$person" 401
person=$(field access_token)
refresh=$(field refresh_token)
[ "$lost" != "$refresh" ] || fail 'the refresh token is the same'

# --- refresh tokens: each is good once, and whoever comes with an old one ends all
renew() {
    post /oauth2/v1/token grant_type=refresh_token "client_id=$cli" "refresh_token=$1"
}
old=$refresh
renew "$old"
is 'renewed' "$status" 200
refresh=$(field refresh_token)
second=$(field access_token)
[ "$old" != "$refresh" ] || fail 'the refresh token is the same'
everywhere 'before the old one comes' "$second" 200
renew "$old"
is 'the old one at once' "$status" 200
everywhere 'what the first answer gave' "$second" 401
refresh=$(field refresh_token)
second=$(field access_token)
everywhere 'what the second answer gave' "$second" 200
"$ORGD" dev clock advance --data "$tmp/a" PT30S >"$tmp/clock"
renew "$old"
is 'an old one' "$status $error" '400 invalid_grant'
renew "$refresh"
is 'the newest one' "$status $error" '400 invalid_grant'
everywhere 'its access token' "$second" 401
"$ORGD" dev clock reset --data "$tmp/a" >"$tmp/clock"

# --- an app that sends the browser
verifier=$(printf %043d 7)
challenge=$("$JWT" hash "$verifier")
query="client_id=$cli&response_type=code&scope=okta.apiTokens.read&state=x%26y&code_challenge=$challenge&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb"
call GET "/oauth2/v1/authorize?$query"
has 'nobody is signed in' "$status $(header Location)" '303 /login?return=%2Foauth2%2Fv1%2Fauthorize%3F'
browse ada GET "/oauth2/v1/authorize?$query"
is 'the question' "$status" 200
has 'who asks' "$body" CLI
has 'the policy' "$(header Content-Security-Policy)" "form-action 'self' http://127.0.0.1:9;"
# a policy has no word for an IPv6 address
browse ada GET "/oauth2/v1/authorize?${query%&redirect_uri=*}&redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%3A9%2Fcb"
has 'the policy' "$(header Content-Security-Policy)" "form-action 'self' http://*:9;"
browse ada GET "/oauth2/v1/authorize?${query%&redirect_uri=*}&redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%2Fcb"
has 'the policy' "$(header Content-Security-Policy)" "form-action 'self' http://*;"
browse ada GET "/oauth2/v1/authorize?$query"
# answer allow|deny: the form as the page has it
answer() {
    sed -n 's/.*<input type="hidden" name="\([^"]*\)" value="\([^"]*\)">.*/\1=\2/p' \
        "$tmp/body" | sed 's/&amp;/\&/g' | sort -u >"$tmp/fields"
    echo "decision=$1" >>"$tmp/fields"
    set --
    while IFS= read -r line; do
        set -- "$@" --data-urlencode "$line"
    done <"$tmp/fields"
    browse ada POST /oauth2/v1/authorize "$@"
}
answer deny
is 'denied' "$status" 303
case $(header Location) in
"http://127.0.0.1:9/cb?error=access_denied&error_description="*"&state=x%26y&iss="*) ;;
*) fail "where it leads: $(header Location)" ;;
esac
browse ada GET "/oauth2/v1/authorize?$query"
answer allow
is 'allowed' "$status" 303
given=$(header Location | sed -n 's/^http:\/\/127.0.0.1:9\/cb?code=\([^&]*\)&state=x%26y&iss=.*/\1/p')
[ -n "$given" ] || fail "where it leads: $(header Location)"
by_code() {
    post /oauth2/v1/token grant_type=authorization_code "client_id=$cli" "code=$given" \
        redirect_uri=http://127.0.0.1:9/cb "code_verifier=$1"
}
by_code "$(printf %043d 8)"
is 'another verifier' "$status $error" '400 invalid_grant'
by_code "$verifier"
is 'a token' "$status" 200
web=$(field access_token)
with Bearer "$web" GET $list
is 'the list' "$status" 200
by_code "$verifier"
is 'the code again' "$status $error" '400 invalid_grant'
with Bearer "$web" GET $list
is 'what it gave' "$status" 401

# --- it sends nobody anywhere but where the app has said
for bad in 'redirect_uri=https%3A%2F%2Fevil.example' 'redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb%2F..' \
    'redirect_uri=%2F%2Fevil.example' 'redirect_uri=' 'x=y' \
    'redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb%20https%3A%2F%2Fsite.example%2Fcb%3Fa%3Db'; do
    browse ada GET "/oauth2/v1/authorize?${query%&redirect_uri=*}&$bad"
    is "$bad" "$status $(header Location)" '400 '
    page_headers
done
browse ada GET "/oauth2/v1/authorize?$query&redirect_uri=https%3A%2F%2Fevil.example"
is 'two of them' "$status $(header Location)" '400 '
browse ada GET "/oauth2/v1/authorize?$(echo "$query" | sed "s/$cli/0oaNobody00000000000/")"
is 'no such app' "$status $(header Location)" '400 '
browse ada GET "/oauth2/v1/authorize?$(echo "$query" | sed "s/$cli/$audit/")"
is 'a service' "$status $(header Location)" '400 '
# but what else is wrong is told to the app
for bad in 's/=code&/=token\&/:unsupported_response_type' \
    's/code_challenge=[^&]*/x=y/:invalid_request' 's/=S256/=plain/:invalid_request' \
    's/scope=[^&]*/x=y/:invalid_scope' 's/scope=/scope=okta.apps.read+/:invalid_scope' \
    's/scope=/scope=okta.logs.read+/:access_denied'; do
    browse ada GET "/oauth2/v1/authorize?$(echo "$query" | sed "${bad%:*}")"
    has "$bad" "$status $(header Location)" "303 http://127.0.0.1:9/cb?error=${bad##*:}&"
done
browse nobody GET "/oauth2/v1/authorize?$query&prompt=none"
has 'silently, of nobody' "$(header Location)" 'error=login_required&'
browse ada GET "/oauth2/v1/authorize?$query&prompt=none"
has 'silently' "$(header Location)" 'error=consent_required&'
# and the answer is a form of our own
browse ada POST /oauth2/v1/authorize -d "$query" -d decision=allow
is 'a forged answer' "$status $(header Location)" '403 '
browse ada GET "/oauth2/v1/authorize?$query"
form=$(form_token)
browse ada POST /oauth2/v1/authorize -d "form_token=$form" -d decision=allow \
    -d "${query%&redirect_uri=*}&redirect_uri=https%3A%2F%2Fevil.example"
is 'a changed answer' "$status $(header Location)" '400 '

# --- revocation, and what is asked about
post /oauth2/v1/introspect "token=$service" client_assertion_type=$jwt \
    "client_assertion=$(assertion "$audit" /oauth2/v1/introspect)"
is 'it is active' "$status $(jq -c '[.active, .client_id, .scope, .token_type]' "$tmp/body")" \
    "200 [true,\"$audit\",\"okta.apiTokens.read\",\"Bearer\"]"
everywhere 'before it is revoked' "$service" 200
post /oauth2/v1/revoke "token=$service" client_assertion_type=$jwt \
    "client_assertion=$(assertion "$audit" /oauth2/v1/revoke)"
is 'revoked' "$status $(wc -c <"$tmp/body")" '200 0'
everywhere 'revoked' "$service" 401
# --- which a crash does not undo, nor does it give back what was spent
device "okta.apiTokens.read offline_access"
decide allow
note
kill -9 "$pid"
wait "$pid" 2>/dev/null || :
used=$(assertion "$audit")
start a --rate-limit 0 --dev --listen "127.0.0.1:$port"
with Bearer "$service" GET $list
is 'revoked for good' "$status" 401
poll
is 'allowed for good' "$status" 200
person=$(field access_token)
refresh=$(field refresh_token)
once() {
    post /oauth2/v1/token grant_type=client_credentials scope=okta.logs.read \
        client_assertion_type=$jwt "client_assertion=$used"
}
once
is 'an assertion' "$status" 200
dpop=$(proof GET $list "$ath")
sleep 1.1
note
stop
start a --rate-limit 0 --dev --listen "127.0.0.1:$port"
once
is 'the assertion again' "$status $error" '401 invalid_client'
with DPoP "$bound" GET $list -H "DPoP: $dpop"
is 'a proof from before the start' "$status" 400
with DPoP "$bound" GET $list -H "DPoP: $(proof GET $list "$ath")"
is 'a proof from now' "$status" 200

# --- keys and people change while it runs
"$ORGD" key rotate --data "$tmp/a"
with Bearer "$person" GET $list
is 'signed by the old key' "$status" 200
renew "$refresh"
is 'signed by the new key' "$status" 200
refresh=$(field refresh_token)
newer=$(field access_token)
kid() { printf '%s===' "${1%%.*}" | tr '_-' '/+' | base64 -d 2>/dev/null | jq -r .kid; }
[ "$(kid "$person")" != "$(kid "$newer")" ] || fail 'the same key'
with Bearer "$newer" GET $list
is 'it works' "$status" 200
gets 200 GET /oauth2/v1/keys
is 'both keys' "$(jq '.keys | length' "$tmp/body")" 2
everywhere 'before ada is suspended' "$newer" 200
"$ORGD" user suspend --data "$tmp/a" --user ada@example.com
everywhere 'ada is suspended' "$newer" 401
renew "$refresh"
is 'and gets nothing' "$status $error" '400 invalid_grant'
"$ORGD" user activate --data "$tmp/a" --user ada@example.com
everywhere 'ada is back' "$newer" 200
"$ORGD" app deactivate --data "$tmp/a" --app CLI
everywhere 'the app is off' "$newer" 401
"$ORGD" app activate --data "$tmp/a" --app CLI
everywhere 'the app is on' "$newer" 200
post /oauth2/v1/revoke "client_id=$cli" "token=$refresh"
is 'the grant ends' "$status" 200
everywhere 'what it gave' "$newer" 401

# --- an org as it was knows no token that a key of later has signed
"$ORGD" dev snapshot save --data "$tmp/a" before
"$ORGD" key rotate --data "$tmp/a"
by_key "$audit" okta.apiTokens.read
late=$(field access_token)
everywhere 'signed by a key of later' "$late" 200
"$ORGD" dev snapshot restore --data "$tmp/a" before
everywhere 'when there was none' "$late" 401

# --- a clock that goes forth and back gives back nothing that was taken
used=$(assertion "$audit")
once
again=$(field access_token)
post /oauth2/v1/revoke "token=$again" client_assertion_type=$jwt \
    "client_assertion=$(assertion "$audit" /oauth2/v1/revoke)"
with Bearer "$again" GET /api/v1/logs
is 'revoked' "$status" 401
"$ORGD" dev clock advance --data "$tmp/a" PT2H >"$tmp/clock"
"$ORGD" dev clock reset --data "$tmp/a" >"$tmp/clock"
with Bearer "$again" GET /api/v1/logs
is 'revoked still' "$status" 401
once
is 'the assertion again' "$status $error" '401 invalid_client'

# --- scopes that tell who somebody is: any app of people may ask for them
post /oauth2/v1/device/authorize "client_id=$cli" \
    'scope=openid profile email okta.apiTokens.read'
is 'openid' "$status" 200
by_key "$audit" 'openid okta.apiTokens.read'
is 'openid of a service' "$status $(field error)" '400 consent_required'

# --- bodies that are no form
call POST /oauth2/v1/token -d '{}' -H 'Content-Type: application/json'
is 'JSON' "$status $(field error)" '400 invalid_request'
call POST /oauth2/v1/token -d "grant_type=password&client_id=$strict&username=x"
is 'no credentials' "$status $(field error)" '401 invalid_client'
gets 405 GET /oauth2/v1/token

# --- no secret anywhere, nor in the log of requests
note
is 'what was asked is there' "$(jq -s 'add | map(select(.route == "/oauth2/v1/token")) |
    length > 20' "$tmp/requests")" true
stop
for secret in "$service" "$person" "$newer" "$late" "$bound" "$refresh" "$device_code" \
    "$user_code" "$given" "$used" "$dpop" "$probe_secret" "$password" "$asked_of" \
    "$(echo "$password" | sed 's/ /+/g')" "$(echo "$password" | sed 's/ /%20/g')"; do
    [ ${#secret} -ge 8 ] || fail "no secret: $secret"
    for file in "$tmp/a.err" "$tmp/requests" "$tmp"/a/orgd.db*; do
        if grep -qaF -- "$secret" "$file"; then
            fail "${file##*/} has a secret: $(echo "$secret" | cut -c 1-8)"
        fi
    done
done
