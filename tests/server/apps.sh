#!/bin/sh
# apps.sh - the commands for apps and for the keys that sign, and seeds of apps.
. "$(dirname -- "$0")/lib.sh"

new_org a
app() {
    "$ORGD" app "$@" --data "$tmp/a"
}
openssl genrsa -out "$tmp/rsa.pem" 2048 2>"$tmp/openssl"
openssl rsa -in "$tmp/rsa.pem" -pubout -out "$tmp/rsa.pub" 2>"$tmp/openssl"
openssl ecparam -name prime256v1 -genkey -noout -out "$tmp/ec.pem"
openssl genrsa -out "$tmp/tiny.pem" 1024 2>"$tmp/openssl"

# --- each type, and what is stored
native=$(app add --name CLI --type native \
    --scopes 'okta.apiTokens.read,okta.apiTokens.manage offline_access okta.apiTokens.read')
case $native in 0oa?????????????????) ;; *) fail "the id $native" ;; esac
service=$(app add --name Audit --type service --scopes okta.logs.read \
    --role READ_ONLY_ADMIN --key "$tmp/rsa.pem" --dpop required)
web=$(app add --name Site --type web --key "$tmp/ec.pem" \
    --redirect-uri https://site.example/cb \
    --redirect-uri http://127.0.0.1:8080/cb)
exits 0 app list
is 'the apps' "$out" "$service	ACTIVE	service	dpop	Audit	okta.logs.read
$native	ACTIVE	native	-	CLI	okta.apiTokens.read okta.apiTokens.manage offline_access
$web	ACTIVE	web	-	Site	"
is 'redirect URIs' "$(sql a "SELECT redirect_uris FROM app WHERE name = 'Site'")" \
    'https://site.example/cb http://127.0.0.1:8080/cb'
jwks() {
    sql a "SELECT jwks FROM app WHERE name = '$1'"
}
jwks Audit | jq -e '.keys[0] | .kty == "RSA" and .use == "sig" and
    (.kid | length == 43) and (keys - ["kty","n","e","kid","use"] == [])' \
    >/dev/null || fail "the keys of Audit: $(jwks Audit)"
jwks Site | jq -e '.keys[0] | .kty == "EC" and .crv == "P-256" and
    (has("d") | not)' >/dev/null || fail "the keys of Site: $(jwks Site)"
is 'its event' "$(sql a "SELECT type, target_type, target_name FROM event
    WHERE target_id = '$web'")" 'application.lifecycle.create|AppInstance|Site'

# --- a JWK Set, whose kid and alg stay
jq -n --argjson a "$(jwks Audit)" --argjson b "$(jwks Site)" \
    '{keys: [$a.keys[0] + {kid: "one", alg: "RS384"}, $b.keys[0]]}' >"$tmp/set"
exits 0 app rotate-key --app Audit --key "$tmp/set"
is 'the kids' "$(jwks Audit | jq -r '.keys[0].kid, .keys[0].alg, .keys[1].alg')" \
    'one
RS384
ES256'
cat "$tmp/rsa.pub" "$tmp/ec.pem" "$tmp/rsa.pem" >"$tmp/two.pem"
exits 0 app rotate-key --app "$service" --key "$tmp/two.pem"
is 'the keys of a file with two, one of them in both parts' \
    "$(sql a "SELECT jwks FROM app WHERE id = '$service'" | jq '.keys | length')" 2
exits 0 app rotate-key --app "$service" --key "$tmp/rsa.pub"
is 'one key' "$(jwks Audit | jq '.keys | length')" 1
is 'its event' "$(sql a "SELECT count(*) FROM event
    WHERE type = 'application.lifecycle.update'")" 3

# --- what is refused, and nothing is left of it
refuses() {
    want_exit=$1
    why=$2
    shift 2
    exits "$want_exit" "$ORGD" app "$@" --data "$tmp/a"
    has "stderr of $*" "$err" "$why"
    is "stdout of $*" "$out" ''
}
refuses 2 'native, web or service' add --name x --type spa
refuses 2 'shows by a key' add --name x --type service
refuses 2 'shows by a key' add --name x --type web
refuses 2 'unknown; there are okta.apiTokens.read' add --name x --type native \
    --scopes okta.users.manage
refuses 2 'only a service' add --name x --type native --role ORG_ADMIN
refuses 2 'unknown; there are SUPER_ADMIN' add --name x --type native --role BOSS
refuses 2 'nobody to send back' add --name x --type service \
    --key "$tmp/rsa.pub" --redirect-uri https://a.example
refuses 2 'required or optional' add --name x --type native --dpop yes
refuses 1 'that name is taken' add --name cli --type native
refuses 1 '--key' add --name x --type service --key "$tmp/tiny.pem"
refuses 1 'no such file' add --name x --type service --key "$tmp/none"
refuses 1 'no app has' rotate-key --app nobody --key "$tmp/rsa.pub"
for uri in http://site.example/cb 'https://a.example/#f' ftp://a.example \
    //a.example javascript:alert http://127.0.0.1.evil.example/ \
    'https://a b' cb; do
    refuses 2 '' add --name x --type web --key "$tmp/ec.pem" \
        --redirect-uri "$uri"
done
exits 0 app add --name Phone --type native --redirect-uri com.example.app:/cb
is 'apps' "$(sql a 'SELECT count(*) FROM app')" 4

# --- deactivated and back
exits 0 app deactivate --app CLI
has 'not active' "$(app list)" "$native	INACTIVE"
exits 0 app activate --app "$native"
has 'active' "$(app list)" "$native	ACTIVE"

# --- the key that signs: one file, whose secret half is nowhere else
file=$(echo "$tmp"/a/signing-*.jwk)
is 'its mode' "$(stat -c %a "$file")" 600
jq -e '.kty == "RSA" and has("d")' "$file" >/dev/null || fail 'the private key'
is 'the database' "$(sql a 'SELECT count(*), sum(jwk LIKE "%""d""%") FROM signing_key')" '1|0'
exits 0 "$ORGD" key rotate --data "$tmp/a"
[ ! -e "$file" ] || fail 'the old private key is still there'
is 'key files' "$(echo "$tmp"/a/signing-*.jwk | wc -w)" 1
is 'keys' "$(sql a 'SELECT count(*), sum(retired = 0) FROM signing_key')" '2|1'
kid=$(sql a 'SELECT kid FROM signing_key WHERE retired = 0')
[ -e "$tmp/a/signing-$kid.jwk" ] || fail "no key of the kid $kid"
is 'its event' "$(sql a "SELECT target_id FROM event
    WHERE type = 'app.oauth2.key.rollover'")" "$kid"
exits 2 "$ORGD" key turn --data "$tmp/a"

# --- a seed
new_org b
pub=$(sed 's/^/      /' "$tmp/rsa.pub")
cat >"$tmp/seed.yaml" <<YAML
apps:
  - id: 0oaCli00000000000000
    name: CLI
    type: native
    scopes: [okta.apiTokens.read, offline_access]
    redirectUris: ["http://127.0.0.1/cb"]
  - name: Audit
    type: service
    role: READ_ONLY_ADMIN
    dpop: required
    status: INACTIVE
    key: |
$pub
YAML
exits 0 "$ORGD" seed --data "$tmp/b" "$tmp/seed.yaml"
is 'seed' "$out" '0 users, 0 groups, 0 zones, 0 tokens, 2 apps'
exits 0 "$ORGD" app list --data "$tmp/b"
has 'seeded' "$out" '0oaCli00000000000000	ACTIVE	native	-	CLI	okta.apiTokens.read offline_access'
has 'seeded' "$out" 'INACTIVE	service	dpop	Audit	'
bad() {
    printf '%s\n' "$2" >"$tmp/bad.yaml"
    exits 1 "$ORGD" seed --data "$tmp/b" "$tmp/bad.yaml"
    has "seed of $2" "$err" "$1"
}
bad 'apps[0].type: must be' 'apps: [{name: x, type: y}]'
bad 'apps[0].type: is missing' 'apps: [{name: x}]'
bad 'apps[0].scopes: no scope' 'apps: [{name: x, type: native, scopes: [y]}]'
bad 'apps[0].key: ' 'apps: [{name: x, type: service, key: y}]'
bad 'apps[0].dpop: must be' 'apps: [{name: x, type: native, dpop: y}]'
bad 'apps[0].status: must be' 'apps: [{name: x, type: native, status: y}]'
bad 'apps[0]: the name or the id' 'apps: [{name: cli, type: native}]'
bad 'apps[0].redirectUris: no spaces' 'apps: [{name: x, type: native, redirectUris: ["a b"]}]'
