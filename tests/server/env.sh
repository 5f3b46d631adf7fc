#!/bin/sh
# env.sh - okta-orgd env: what it prints can be evaluated, and names no token
# that the org does not have.
. "$(dirname -- "$0")/lib.sh"
umask 077
unset OKTA_CLIENT_TOKEN OKTA_CLIENT_ORGURL

dir="it's \$(x) \"org\""
secret=00secret-secret-secret-secret-secret-00001
other=00secret-secret-secret-secret-secret-00002
cat >"$tmp/seed.yaml" <<END
users: [{login: ada@example.com}]
tokens:
  - {name: none, user: ada@example.com}
  - {name: first, user: ada@example.com, secret: $secret}
  - {name: second, user: ada@example.com, secret: $other}
END
exits 0 "$ORGD" init --data "$tmp/$dir" --seed "$tmp/seed.yaml"
org() { command=$1; shift; "$ORGD" "$command" --data "$tmp/$dir" "$@"; }

# --- an org that is not served
exits 1 org env
has 'not served' "$err" 'serve.url: no such file or folder; okta-orgd serve --dev puts it there'
is 'stdout' "$out" ''
exits 1 org env --wait 1
exits 1 "$ORGD" env --data "$tmp/none"
has 'no folder' "$err" 'okta-orgd init makes one'

# --- it waits; what it prints is quoted for a shell
org env --wait 60 >"$tmp/waited" 2>"$tmp/err" &
waiting=$!
"$ORGD" ca print --data "$tmp/$dir" >"$tmp/$dir.pem"
start "$dir" --dev
wait "$waiting" || fail 'it did not wait'
exits 0 org env
is 'what it waited for' "$out" "$(cat "$tmp/waited")"
is 'stderr' "$err" ''
eval "$out"
is 'the URL' "$OKTA_CLIENT_ORGURL" "$url"
for file in "$OKTA_CLIENT_CAFILE" "$NODE_EXTRA_CA_CERTS" "$SSL_CERT_FILE" \
    "$CURL_CA_BUNDLE" "$REQUESTS_CA_BUNDLE"; do
    is 'the authority' "$file" "$tmp/$dir/ca.pem"
done
is 'the token' "$OKTA_CLIENT_TOKEN" "$secret"
[ "$(env -i sh -c 'eval "$1"; env' - "$out" | grep -c '^[A-Z_]*_[A-Z]*=')" -eq 7 ] ||
    fail 'not all of it is exported'

# --- plain lines
exits 0 org env --format plain
has 'plain' "$out" "OKTA_CLIENT_CAFILE=$tmp/$dir/ca.pem"
lacks 'plain' "$out" export
exits 2 org env --format json
exits 2 org env --wait soon

# --- the token: the first that the org has
token=$secret
gets 204 DELETE /api/v1/api-tokens/current
exits 0 org env --format plain
has 'the second' "$out" "OKTA_CLIENT_TOKEN=$other"
lacks 'one that was revoked' "$out" "$secret"
mv "$tmp/seed.yaml" "$tmp/moved.yaml"
exits 0 org env
lacks 'a seed that is gone' "$out" TOKEN
has 'a seed that is gone' "$err" 'no token is known; --token-file FILE names one'
if grep -rqF -e "$other" "$tmp/$dir"; then fail 'a secret is on the disk'; fi

# --- or the one of a file, which must be the org's
"$ORGD" token create --data "$tmp/$dir" --name made --user ada@example.com >"$tmp/token"
exits 0 org env --token-file "$tmp/token" --format plain
has 'of a file' "$out" "OKTA_CLIENT_TOKEN=$(cat "$tmp/token")"
echo "$secret" >"$tmp/revoked"
for file in revoked moved.yaml none; do
    exits 1 org env --token-file "$tmp/$file"
    is "stdout for $file" "$out" ''
    lacks "stderr for $file" "$err" secret-secret
done
chmod 644 "$tmp/token"
exits 1 org env --token-file "$tmp/token"
has 'a file for everybody' "$err" 'everybody may read it'
stop

# --- plain HTTP has no authority; an org without a seed has no token
new_org a
start a --dev --tls off
exits 0 "$ORGD" env --data "$tmp/a"
is 'plain HTTP' "$out" "export OKTA_CLIENT_ORGURL='$url'"
has 'no seed' "$err" 'no token is known'
stop
