#!/bin/sh
# signin.sh - signing in with a browser, as a service app, and what of it stays.
. "$(dirname "$0")/lib.sh"

org_data "  - {id: 00Tvictimaaaaaaaaaaa, name: victim, user: ada@example.com,
     created: -30d, lastUsed: -2d}"
password='correct horse battery'
echo "$password" | "$ORGD" user password --data "$tmp/org" --user ada@example.com
app_add() {
    "$ORGD" app add --data "$tmp/org" "$@"
}
all='okta.apiTokens.read okta.apiTokens.manage okta.users.read offline_access'
native=$(app_add --name 'okta-tokens' --type native --scopes "$all")
openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null |
    openssl pkcs8 -topk8 -nocrypt -out "$tmp/key.pem" 2>/dev/null
openssl pkey -in "$tmp/key.pem" -pubout -out "$tmp/pub.pem"
openssl pkcs8 -topk8 -in "$tmp/key.pem" -passout pass:opensesame \
    -out "$tmp/locked.pem" 2>/dev/null
chmod 600 "$tmp/key.pem" "$tmp/locked.pem"
service=$(app_add --name robot --type service --key "$tmp/pub.pem" \
    --scopes 'okta.apiTokens.read okta.apiTokens.manage' --role SUPER_ADMIN)
reader=$(app_add --name reader --type service --key "$tmp/pub.pem" \
    --scopes 'okta.apiTokens.read okta.users.read' --role SUPER_ADMIN)
roleless=$(app_add --name roleless --type service --key "$tmp/pub.pem" \
    --scopes 'okta.apiTokens.read okta.apiTokens.manage')
org_serve
host=${url#https://}
state=$HOME/.local/state/okta-tokens
file=$state/$host.json
login() {
    "$TOKENS" login --org "$url" --ca-file "$tmp/ca.pem" "$@"
}
names() {
    "$TOKENS" list -o tsv --fields name "$@"
}

# --- A browser, by curl.
page() {
    curl -sS --cacert "$tmp/ca.pem" -b "$tmp/jar" -c "$tmp/jar" -o "$tmp/page" \
        "$@"
}
form() {
    sed -n 's/.*name="form_token" value="\([0-9a-f]*\)".*/\1/p' "$tmp/page" |
        tail -n 1
}
sign_in() {
    page "$url/login"
    page "$url/login" -d "form_token=$(form)" -d login=ada@example.com \
        --data-urlencode "password=$password"
}
# decide CODE allow|deny
decide() {
    page "$url/activate"
    page "$url/activate" -d "form_token=$(form)" -d "user_code=$1"
    page "$url/activate/decide" -d "form_token=$(form)" -d "user_code=$1" \
        -d "decision=$2"
}
sign_in

# --- What is missing is said before anything is sent.
exits 2 login
err_has 'login needs --client-id'
exits 11 login --client-id "$native"
err_has 'there is no terminal'
err_has '--non-interactive'
exits 2 login --client-id "$native" --key-id x --non-interactive
exits 2 login --client-id "$service" --key "$tmp/key.pem" --qr
exits 2 login --key "$tmp/key.pem"
err_has '--key needs --client-id'
exits_from "$tmp/key.pem" 2 login --client-id "$service" --key /dev/stdin
err_has 'must be a file'
exits 6 login --complete none
exits 6 login --complete ../none
(umask 077 && printf 'okta: {client: {orgUrl: %s, clientId: x, token: %s}}\n' \
    https://evil.example "$other" >okta.yaml)
exits 2 "$TOKENS" login --non-interactive --org "$url"
err_has 'login needs --client-id'
exits 2 "$TOKENS" login --non-interactive --client-id x
err_has 'is not read from'

# --- The CA of a file in the working directory never comes into a profile.
mkdir "$tmp/certs"
cp "$tmp/ca.pem" "$tmp/certs/$(openssl x509 -hash -noout -in "$tmp/ca.pem").0"
cp "$tmp/ca.pem" folder.pem
(umask 077 &&
    printf 'okta: {client: {token: %s, caFile: folder.pem}}\n' "$other" >okta.yaml)
SSL_CERT_DIR=$tmp/certs exits 0 "$TOKENS" login --non-interactive --org "$url" \
    --client-id "$native"
if grep -q 'folder.pem' "$state"/*.pending; then fail 'the CA of a folder is kept'; fi
rm okta.yaml folder.pem "$state"/*.pending

# --- Unless told it asks for all that the command can use, and the app has.
exits 0 login --client-id "$native" --non-interactive
err_has 'left out, since the app does not have it: okta.roles.read, okta.networkZones.read'
is 'what is asked for' "$(jq -r '.secret | fromjson | .state | fromjson | .scopes' "$state"/*.pending)" "$all"
rm "$state"/*.pending

# --- In two runs: what a person has to know is one object, and no secret.
begin() {
    exits 0 login --client-id "$native" --scopes "$all" --non-interactive "$@"
    code=$(jq -r .user_code "$tmp/out")
    handle=$(jq -r .handle "$tmp/out")
}
begin
out_json .verification_uri "$url/activate"
out_json .verification_uri_complete "$url/activate?user_code=$code"
out_json .next_step "okta-tokens login --complete $handle"
is 'the state file' "$(stat -c %a "$state/$handle.pending")" 600
device=$(jq -r '.secret | fromjson | .device_code' \
    "$state/$handle.pending")
out_lacks "$device"
decide "$code" allow
exits 0 "$TOKENS" login --complete "$handle"
out_has 'kind          device'
out_has "kept in       $file"
[ ! -e "$state/$handle.pending" ] || fail 'the state file stayed'
exits 6 "$TOKENS" login --complete "$handle"
jq -r '.secret | fromjson | .access, .refresh' "$file" >"$tmp/secrets"
[ -s "$tmp/secrets" ] || fail 'no tokens were kept'
hides() {
    ! grep -qFf "$tmp/secrets" "$tmp/out" "$tmp/err" || fail 'a token is shown'
}
exits 0 names
out_has victim
exits 0 names --debug-http
hides
exits 0 "$TOKENS" whoami
out_has 'user          ada@example.com'
out_has "client id     $native"
out_has 'credential    signed in'
out_has 'rate limit'
hides
exits 0 "$TOKENS" whoami -o json
out_json .dpop false
out_json .profile "$host"
exits 0 "$TOKENS" revoke --dry-run 00Tvictimaaaaaaaaaaa
err_has 'or the scope okta.roles.read: once the app has it, sign in again with it among --scopes'
exits 2 "$TOKENS" revoke-current --yes
hides

# --- Signing in again takes org, CA, client and scopes from last time.
exits 0 "$TOKENS" login --non-interactive
again=$state/$(jq -r .handle "$tmp/out").pending
is 'its client' "$(jq -r .clientId "$again")" "$native"
is 'its profile' "$(jq -r .name "$again")" "$host"
is 'what is asked for' "$(jq -r '.secret | fromjson | .state | fromjson | .scopes' "$again")" "$all"
rm "$again"
exits 2 "$TOKENS" login --non-interactive --scopes +okta.logs.read
err_has 'not allowed any of the requested scopes'

# --- A profile is found by its org, whatever it is called.
mv "$file" "$state/mine.json"
rm "$state/current"
exits 0 names --org "$url"
cp "$state/mine.json" "$state/other.json"
exits 2 names --org "$url"
err_has '2 profiles are for'
rm "$state/other.json"
mv "$state/mine.json" "$file"
exits 0 "$TOKENS" profile use "$host"

# --- Of two credentials it is said which one counts.
exits 0 env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" \
    OKTA_CLIENT_CAFILE="$tmp/ca.pem" "$TOKENS" list
err_has "OKTA_CLIENT_TOKEN counts, and not the profile in use ($host)"
exits 0 env OKTA_CLIENT_TOKEN="$secret" "$TOKENS" list --profile "$host"
err_has "the profile $host (--profile) counts, and not OKTA_CLIENT_TOKEN"

# --- To hand it on: into a pipe alone.
exits 11 "$PTY" -- "$TOKENS" auth token
out_has 'not shown on a terminal'
exits 2 "$TOKENS" auth
exits 2 "$TOKENS" auth secret
"$TOKENS" auth token --header |
    curl -sS --cacert "$tmp/ca.pem" -H @- "$url/api/v1/api-tokens" >"$tmp/out"
out_json 'map(.name) | join(",")' 'admin,victim'
is 'the bare token' "$("$TOKENS" auth token --header)" \
    "Authorization: Bearer $("$TOKENS" auth token)"

# --- Tokens are renewed, and a refresh token is spent by one process alone.
jq -r '.secret | fromjson | tostring' "$file" >"$tmp/before"
age() {
    jq '.secret |= (fromjson | .expires = 1 | .renew = 1 | tostring)' \
        "$file" >"$tmp/aged"
    (umask 077 && cat "$tmp/aged" >"$file")
}
age
pids=
for i in 1 2 3 4; do
    names >"$tmp/out$i" 2>&1 &
    pids="$pids $!"
done
for one in $pids; do
    wait "$one" || fail "a process of several failed: $(cat "$tmp"/out?)"
done
jq -r '.secret | fromjson | tostring' "$file" >"$tmp/after"
! cmp -s "$tmp/before" "$tmp/after" || fail 'the tokens were not renewed'
exits 0 names

# --- Another client that signed in meanwhile keeps its place.
fault_done() {
    i=0
    until [ "$(control GET faults | jq '.[-1].done')" = 1 ]; do
        i=$((i + 1))
        [ $i -lt 300 ] || fail "$1"
        sleep 0.05
    done
}
"$ORGD" dev faults add --data "$tmp/org" do=status status=401 ms=3000 \
    path=/api/v1/api-tokens count=1 >/dev/null
names >"$tmp/late" 2>&1 &
late=$!
fault_done 'nothing was asked for'
jq '.clientId = "0oaother" | .secret |= (fromjson | .client = "0oaother" | tostring)' \
    "$file" >"$tmp/another"
(umask 077 && cat "$tmp/another" >"$file")
wait $late || fail "the renewal failed: $(cat "$tmp/late")"
cmp "$tmp/another" "$file" || fail 'what another client had signed in for is gone'
grep -q 'another client has signed in' "$tmp/late" || fail 'not told'
begin
decide "$code" allow
exits 0 "$TOKENS" login --complete "$handle"

# --- Who signed out meanwhile stays signed out.
age
cp "$file" "$tmp/aged"
"$ORGD" dev faults add --data "$tmp/org" do=delay ms=5000 path=/oauth2/v1/token \
    count=1 >/dev/null
names >"$tmp/late" 2>&1 &
late=$!
fault_done 'nothing was to be renewed'
exits 1 "$TOKENS" logout --profile "$host" --timeout 1
err_has 'another okta-tokens has held this lock for 1 s'
err_lacks 'signed out'
exits 0 "$TOKENS" logout --profile "$host"
err_has 'waiting until another okta-tokens'
wait $late || fail "the renewal failed: $(cat "$tmp/late")"
[ ! -e "$file" ] || fail 'a profile came back'
begin
decide "$code" allow
exits 0 "$TOKENS" login --complete "$handle"

# --- A disk that is full spends nothing; what can't be kept is revoked.
full() {
    (trap '' XFSZ && ulimit -f 40 && "$@")
}
age
control DELETE requests
exits 2 full "$TOKENS" list -o tsv --fields name
err_has 'there is no room to write'
is 'what was asked' "$(asked 'map(select(.path == "/oauth2/v1/token")) | length')" 0
exits 0 names
begin --profile second
decide "$code" allow
control DELETE requests
exits 2 full "$TOKENS" login --complete "$handle"
is 'what was asked' "$(asked 'map(select(.path == "/oauth2/v1/token")) | length')" 0
[ -e "$state/$handle.pending" ] || fail 'a sign-in that may yet be ended is gone'
jq '.name = "second" | .org = "https://other.example"' "$file" >"$tmp/taken"
(umask 077 && cat "$tmp/taken" >"$state/second.json")
exits 11 "$TOKENS" login --complete "$handle"
err_has 'was revoked'
is 'what was revoked' "$(asked 'map(select(.path == "/oauth2/v1/revoke" and .status == 200)) | length')" 2
cmp "$tmp/taken" "$state/second.json" || fail 'another profile was written over'
rm "$state/second.json"
is 'temporary files' "$(ls -A "$state" | grep -c '\.new$' || :)" 0

# --- Where the org's answer to a renewal is lost, it is asked for again.
age
faulty do=reset when=after path=/oauth2/v1/token count=1
exits 0 names
happened 1
exits 0 names
control DELETE faults

# --- Sign-ins that have lapsed are not kept.
begin --profile second
jq -c '.expires = 1' "$state/$handle.pending" >"$tmp/lapsed"
(umask 077 && cat "$tmp/lapsed" >"$state/$handle.pending")
lapsed=$handle
begin --profile second
[ ! -e "$state/$lapsed.pending" ] || fail 'a sign-in that has lapsed stayed'
[ -e "$state/$handle.pending" ] || fail 'one that has not lapsed is gone'

# --- Denied, lapsed, unknown app.
begin --profile second
decide "$code" deny
"$ORGD" dev faults add --data "$tmp/org" do=status status=403 \
    path=/oauth2/v1/token count=1 >/dev/null
exits 5 "$TOKENS" login --complete "$handle"
err_lacks 'denied' # that was not a person, but what stands between
[ -e "$state/$handle.pending" ] || fail 'a sign-in that may yet be ended is gone'
exits 5 "$TOKENS" login --complete "$handle"
err_has 'was denied'
[ ! -e "$state/$handle.pending" ] || fail 'a denied one stayed'
[ ! -e "$state/second.json" ] || fail 'a denied one was kept'
exits 4 login --client-id 0oanone --non-interactive
err_has 'is --client-id an app of this org'
err_lacks "$password"

# --- On a terminal: the code, the page, the wait; and Ctrl-C.
on_terminal() {
    rm -f "$tmp/screen"
    "$PTY" -- "$TOKENS" login --org "$url" --ca-file "$tmp/ca.pem" \
        --client-id "$native" --scopes "$all" --no-browser --profile terminal "$@" \
        >"$tmp/screen" 2>&1 </dev/null &
    client=$!
    screen_code
}
# screen_code: what a person would read off the screen; an earlier one's is to
# be removed before, since the new one is begun in the background.
screen_code() {
    i=0
    while ! grep -q 'left (Ctrl-C' "$tmp/screen" 2>/dev/null; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail "nothing on the screen: $(cat "$tmp/screen")"
        sleep 0.1
    done
    code=$(grep -oE '[A-Z]( [A-Z]){3} - [A-Z]( [A-Z]){3}' "$tmp/screen" |
        tr -d ' ')
}
on_terminal --dpop
grep -q "$url/activate" "$tmp/screen" || fail 'no page to open'
decide "$code" allow
wait $client || fail "signing in on a terminal: $(cat "$tmp/screen")"
exits 0 "$TOKENS" whoami
out_has 'dpop          true'
exits 0 names
exits 2 "$TOKENS" auth token
err_has 'key'
exits 130 "$PTY" 'left (Ctrl-C' '^C' -- "$TOKENS" login --org "$url" \
    --ca-file "$tmp/ca.pem" --client-id "$native" --no-browser

# --- The browser gets one argument, no secret, and goes on after Ctrl-C.
mkdir "$tmp/bin"
cat >"$tmp/bin/xdg-open" <<'END'
#!/bin/sh
to=$(dirname "$0")/../opened
env >"$to.env"
grep SigIgn "/proc/$$/status" | cut -f 2 >"$to.ignored"
printf '%s\n' "$@" >"$to"
sleep 1
: >"$to.lives"
END
chmod +x "$tmp/bin/xdg-open"
exits 130 env PATH="$tmp/bin:$PATH" DISPLAY=:9 OKTA_CLIENT_TOKEN="$other" \
    "$PTY" 'being opened' '' 'left (Ctrl-C' '^C' -- "$TOKENS" login \
    --org "$url" --ca-file "$tmp/ca.pem" --client-id "$native"
i=0
while [ ! -e "$tmp/opened.lives" ]; do
    i=$((i + 1))
    [ $i -lt 100 ] || fail 'the browser was ended, too'
    sleep 0.1
done
is 'its arguments' "$(grep -cE "^$url/activate\?user_code=[A-Z-]+$" "$tmp/opened") \
$(wc -l <"$tmp/opened")" '1 1'
no_secret "$tmp/opened.env"
is 'SIGPIPE ignored' $((0x$(cat "$tmp/opened.ignored") >> 12 & 1)) 0

# --- A service app, with its key, which stays where it is.
exits 0 login --client-id "$service" --key "$tmp/key.pem" --profile robot
out_has 'kind          service'
! grep -q 'PRIVATE KEY' "$state"/*.json || fail 'the private key was written'
exits 0 names
exits 0 "$TOKENS" whoami
out_has 'credential    service app'
exits 0 "$TOKENS" revoke --yes 00Tvictimaaaaaaaaaaa
exits 0 login --client-id "$reader" --key "$tmp/key.pem" --profile reader
exits 0 names --profile reader
exits 0 "$TOKENS" login --profile robot
out_has 'kind          service'
exits 4 login --client-id "$service" --key "$tmp/locked.pem" --profile locked
err_has 'no terminal to ask for its passphrase'
# Its scopes do, and a role lacks; its key is known by another id.
exits 0 login --client-id "$roleless" --key "$tmp/key.pem" --profile roleless
exits 5 names --profile roleless
err_has "its scopes would do, but a service app needs an admin role, too, that allows this: give the app that of a super or read-only administrator at the org"
exits 5 "$TOKENS" revoke --yes 00Tvictimaaaaaaaaaaa --profile roleless
err_has 'give the app that of a super administrator at the org'
exits 4 login --client-id "$service" --key "$tmp/key.pem" --key-id other --profile kid
err_has "privateKeyId (--key-id) must be the id (kid) that the app's public key has at the org"
exits 0 "$TOKENS" profile use robot
chmod 644 "$tmp/key.pem"
exits 2 names
chmod 600 "$tmp/key.pem"
exits 4 login --client-id "$native" --key "$tmp/key.pem" --profile wrong
[ ! -e "$state/wrong.json" ] || fail 'a credential that does not work was kept'

# --- Signed out: the org knows the tokens no more.
exits 0 "$TOKENS" profile use "$host"
cp "$file" "$tmp/stolen.json"
exits 0 "$TOKENS" logout --revoke
err_has 'signed out'
cp "$tmp/stolen.json" "$file"
exits 4 names --profile "$host"
exits 0 "$TOKENS" logout --all

# --- An app in the settings, and nobody signed in: a terminal signs in first.
configured() {
    env OKTA_CLIENT_ORGURL="$url" OKTA_CLIENT_CLIENTID="$native" \
        OKTA_CLIENT_SCOPES="$all" OKTA_CLIENT_CAFILE="$tmp/ca.pem" "$@"
}
exits 4 configured "$TOKENS" list
err_has 'okta-tokens login'
rm -f "$tmp/screen"
configured "$PTY" -- "$TOKENS" list -o tsv --fields name >"$tmp/screen" 2>&1 \
    </dev/null &
client=$!
screen_code
decide "$code" allow
wait $client || fail "signing in first: $(cat "$tmp/screen")"
grep -q 'admin' "$tmp/screen" || fail 'the list did not follow'
exits 0 names
