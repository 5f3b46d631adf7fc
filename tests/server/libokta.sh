#!/bin/sh
# libokta.sh - libokta's OAuth credentials against the org: service apps with each
# kind of key, a person who signs in, DPoP, renewals, signing out.
. "$(dirname -- "$0")/lib.sh"
. "$here/browser.sh"
: "${CLIENT:?}"

new_org a
password='correct horse'
echo "$password" | "$ORGD" user password --data "$tmp/a" --user ada@example.com
for name in one two three; do
    create a $name >/dev/null
done
app() { "$ORGD" app add --data "$tmp/a" "$@"; }

# --- keys: RSA in PKCS#1 and #8, EC on each curve in SEC 1 and PKCS#8
umask 077
openssl genrsa -traditional -out "$tmp/RS.pem" 2048 2>"$tmp/openssl"
openssl genrsa -out "$tmp/RS8.pem" 2048 2>"$tmp/openssl"
for curve in ES256:prime256v1 ES384:secp384r1 ES512:secp521r1; do
    openssl ecparam -name "${curve#*:}" -genkey -noout \
        -out "$tmp/${curve%:*}.pem"
done
both='okta.apiTokens.read okta.apiTokens.manage'
for key in RS RS8 ES256 ES384 ES512; do
    id=$(app --name $key --type service --role SUPER_ADMIN --scopes "$both" \
        --key "$tmp/$key.pem")
    eval "app_$key=\$id"
done
bound=$(app --name bound --type service --role SUPER_ADMIN --scopes "$both" \
    --key "$tmp/ES256.pem" --dpop required)
reader=$(app --name reader --type service --role SUPER_ADMIN \
    --scopes okta.apiTokens.read --key "$tmp/ES256.pem")
native=$(app --name native --type native --scopes "$both offline_access")
start a --rate-limit 0
client() { "$CLIENT" "$url" "$cacert" "$@"; }

# --- every algorithm signs what the org takes
for pair in RS:RS256 RS:RS384 RS:RS512 RS8:- ES256:ES256 ES384:- ES512:-; do
    key=${pair%:*}
    eval "id=\$app_$key"
    exits 0 client service "$id" "$tmp/$key.pem" "${pair#*:}" list
    is "$pair" "$out" 'list: 3'
done
exits 1 client service "$app_ES256" "$tmp/RS.pem" - list
has 'a foreign key' "$out" 'not authenticated'
exits 1 client service 0oaNobody00000000000 "$tmp/RS.pem" - list
has 'a foreign client' "$out" 'not authenticated'

# --- the scope that lacks spoils nothing else, and is named
id=$(sql a "SELECT id FROM token WHERE name = 'one'")
exits 1 client service "$reader" "$tmp/ES256.pem" - list get "$id" revoke "$id"
has 'what worked' "$out" "list: 3
get: one
revoke: forbidden"
has 'what to do' "$out" 'an admin grants scopes to the app'
exits 0 client service "$app_RS" "$tmp/RS.pem" - list revoke "$id" list
is 'each scope when it is needed' "$out" 'list: 3
revoke: done
list: 2'

# --- proofs where the org wants them, asked for or not
for dpop in '' dpop; do
    # shellcheck disable=SC2086 # nothing, or a word
    exits 0 client service "$bound" "$tmp/ES256.pem" - $dpop list list info
    is "bound ($dpop)" "$out" "list: 2
list: 2
info: kind 3, dpop 1, client $bound, scopes okta.apiTokens.read"
done
exits 1 client service "$bound" "$tmp/ES256.pem" - authorization
has 'a header alone' "$out" 'bound to a key'
exits 0 client service "$reader" "$tmp/ES256.pem" - authorization
header=${out#authorization: }
gets 200 GET /api/v1/api-tokens -H "Authorization: $header"
exits 0 client service "$reader" "$tmp/ES256.pem" - list sign-out
is 'signing out' "$out" 'list: 2
sign-out: done'

# --- tokens that are kept serve the next run, until they are revoked
exits 0 client service "$reader" "$tmp/ES256.pem" - store "$tmp/kept" list
before=$(cat "$tmp/kept")
exits 0 client service "$reader" "$tmp/ES256.pem" - store "$tmp/kept" list
is 'the second run' "$(cat "$tmp/kept")" "$before"

# --- a person signs in
# allows CODE HOW
decides() {
    browse ada GET /activate
    browse ada POST /activate -d "form_token=$(form_token)" -d "user_code=$1"
    browse ada POST /activate/decide -d "form_token=$(form_token)" \
        -d "user_code=$1" -d "decision=$2"
}
# signs_in HOW [FLAG...]: in the background, to be waited for; sets code.
signs_in() {
    how=$1
    shift
    rm -f "$tmp/device"
    client device "$native" "$@" >"$tmp/device" 2>"$tmp/device.err" &
    device=$!
    i=0
    until grep -q '^code: ' "$tmp/device" 2>/dev/null; do
        i=$((i + 1))
        [ $i -lt 200 ] || fail "no code: $(cat "$tmp/device")"
        sleep 0.05
    done
    read -r _ user_code uri <"$tmp/device"
    is 'where to go' "$uri" "$url/activate"
    decides "$user_code" "$how"
    code=0
    wait $device || code=$?
    sed 1d "$tmp/device" >"$tmp/out"
    out=$(cat "$tmp/out")
}
sign_in ada ada@example.com "$password"
signs_in allow - store "$tmp/ada" list info
is 'allowed' "$code $out" "0 list: 2
info: kind 4, dpop 0, client $native, scopes $both offline_access"
signs_in deny - list
is 'denied' "$code $out" "1 wait: forbidden: the sign-in was denied on the org's page"
signs_in allow - dpop store "$tmp/bound" list info
has 'bound' "$out" 'kind 4, dpop 1'
exits 0 client stored "$tmp/bound" list
is 'its key is kept' "$out" 'list: 2'

# renewals: how many tokens the org has given; its log comes a moment later.
renewals() {
    sleep 0.2
    grep -c 'route=/oauth2/v1/token.* status=200' "$tmp/a.err" || :
}

# --- a lapsed access token is renewed; of many processes one asks
lapse() {
    sed -i 's/"expires":[0-9]*/"expires":1/' "$1"
}
for kept in ada bound; do
    lapse "$tmp/$kept"
    before=$(jq -r .refresh "$tmp/$kept")
    asked=$(renewals)
    pids=
    for n in 1 2 3 4 5 6; do
        client stored "$tmp/$kept" list >"$tmp/run$n" 2>&1 &
        pids="$pids $!"
    done
    for p in $pids; do
        wait "$p" || fail "a process: $(cat "$tmp"/run?)"
    done
    is 'all of them' "$(sort -u "$tmp"/run?)" 'list: 2'
    [ "$(jq -r .refresh "$tmp/$kept")" != "$before" ] ||
        fail "$kept: the refresh token did not rotate"
    is "$kept: how often the org was asked" "$(renewals)" $((asked + 1))
done

# --- signed out is signed out, and what was kept is worth nothing
cp "$tmp/ada" "$tmp/copy"
exits 0 client stored "$tmp/ada" sign-out
exits 1 client stored "$tmp/copy" list
has 'after signing out' "$out" 'okta-tokens login'
stop
