#!/bin/sh
# secrets.sh - where no secret is: arguments and environment of the programs as
# they run, what they print, log and keep.
. "$(dirname "$0")/../cli/lib.sh"
secret=00qZ7vKc2XwPm9RtYb4LhNs8GdJf5QaUe3VxTkWo6i
other=00Hn5BzQy8CrLw3MfXs6VtKp9DjGe2RaUq7YxWbTcM
: "${FIND:?}"

password=pRoXy-wX4kQz8vLm2TcYb7N
bearer=pXq8.Zk3vTw7LmYc-Rb5NsGh2.JdFa9QeUx4VoKi6WtHn
org_data
created=$("$ORGD" user add --data "$tmp/org" --login eve@example.com >"$tmp/out" &&
    "$ORGD" token create --data "$tmp/org" --name created --user eve@example.com)
(umask 077 && printf '%s\n' "$secret" "$other" "$created" "$bearer" "$password" \
    >"$tmp/secrets" && printf '%s\n' "$created" >"$tmp/created" &&
    printf '%s\n' "$bearer" >"$tmp/bearer")

# without WHAT FILE...: none of them has one.
without() {
    what=$1
    shift
    "$FIND" "$tmp/secrets" "$@" >"$tmp/found" || fail "$what: $(cat "$tmp/found")"
}
# A process's arguments, and what lies where its environment was put.
without_in_proc() {
    without "$1" "/proc/$2/cmdline" "/proc/$2/environ"
}

# --- okta-tokens, while it waits: whatever the credential came from.
script
printf 'HTTP/1.1 429 Too Many Requests\nRetry-After: 250\nX-Rate-Limit-Limit: 50\nX-Rate-Limit-Remaining: 0\n\n' |
    answer GET-api-tokens
script_serve
waits() {
    name=$1
    shift
    rm -f "$tmp/script/requests"
    "$@" >"$tmp/out" 2>"$tmp/err" <"${input:-/dev/null}" &
    client=$!
    await "$tmp/script/requests" $client
    # A secret that was not sent would be easy to keep.
    if "$FIND" "$tmp/secrets" "$tmp/script/requests" >"$tmp/found"; then
        fail "$name: no credential was sent"
    fi
    if [ -r /proc/self/environ ]; then
        without_in_proc "$name" $client
        tr '\0' '\n' <"/proc/$client/environ" | grep -q '^HOME=' ||
            fail "$name: the environment can't be seen"
    fi
    kill $client
    wait $client 2>/dev/null || :
    without "$name" "$tmp/out" "$tmp/err"
}
waits 'a file' "$TOKENS" --org "$url" --token-file "$tmp/token" list --debug-http
input=$tmp/token
waits 'standard input' "$TOKENS" --org "$url" --token-stdin list --debug-http -o json
input=
waits 'the environment' env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" \
    "$TOKENS" list --debug-http
waits 'the environment, all of it' env OKTA_CLIENT_TOKEN="$other" \
    OKTA_CLIENT_ACCESSTOKEN="$bearer" OKTA_CLIENT_OAUTH2_ACCESS_TOKEN="$bearer" \
    OKTA_CLIENT_AUTHORIZATIONMODE=Bearer OKTA_CLIENT_PRIVATEKEY="$secret" \
    OKTA_CLIENT_PRIVATE_KEY="$secret" OKTA_CLIENT_JWK="$secret" \
    OKTA_CLIENT_PROXY_HOST=127.0.0.1 OKTA_CLIENT_PROXY_PORT=1 \
    OKTA_CLIENT_PROXY_USERNAME=me OKTA_CLIENT_PROXY_PASSWORD="$password" \
    OKTA_CLIENT_ORGURL="$url" "$TOKENS" list --debug-http
waits 'the environment, unused' env OKTA_CLIENT_TOKEN="$other" \
    "$TOKENS" --org "$url" --token-file "$tmp/token" list -v
mkdir "$HOME/.okta"
(umask 077 && printf 'okta:\n  client:\n    orgUrl: %s\n    token: %s\n' "$url" \
    "$secret" >"$HOME/.okta/okta.yaml")
waits 'okta.yaml' "$TOKENS" list --debug-http
rm -r "$HOME/.okta"
waits 'an access token' env OKTA_CLIENT_AUTHORIZATIONMODE=Bearer "$TOKENS" \
    --org "$url" --token-file "$tmp/bearer" list --debug-http -o json
stop

# --- An org that throws it back: in errors, in headers, in what it lists.
error="{\"errorCode\":\"E0000011\",\"errorSummary\":\"no $secret here\",\"errorLink\":\"$secret\",\"errorId\":\"$secret\",\"errorCauses\":[{\"errorSummary\":\"$secret\"}]}"
{
    printf 'HTTP/1.1 401 Unauthorized\nX-Okta-Request-Id: %s\n' "$secret"
    printf 'WWW-Authenticate: Bearer error="x", error_description="%s"\n' "$secret"
    printf 'Set-Cookie: sid=%s\nX-Echo: SSWS %s\n\n%s' "$other" "$secret" "$error"
} | answer GET-api-tokens
script_serve
for how in '' -v --debug-http '-o json' '-o json --debug-http'; do
    # shellcheck disable=SC2086 # words
    exits 4 "$TOKENS" --org "$url" --token-file "$tmp/token" list $how
    without "an org's error $how" "$tmp/out" "$tmp/err"
done
stop

# --- A secret where something else was meant: refused, and not repeated.
for given in "get $secret" "revoke $secret --yes" "restrict $secret --anywhere" \
    "revoke --name $secret --yes" "list --q $secret" "list --after $secret" \
    "list --fields $secret" "list -o $secret" "list --limit $secret" \
    "list $secret" "$secret" "--$secret" "help $secret" "list --timeout $secret"; do
    # shellcheck disable=SC2086 # words
    "$TOKENS" --org http://127.0.0.1:1 --retries 0 --token-file "$tmp/token" $given \
        >"$tmp/out" 2>"$tmp/err" </dev/null && fail "accepted: $given"
    without "what it says to '${given%%00*}...'" "$tmp/out" "$tmp/err"
done
for option in "--org $secret" "--org https://x:$secret@acme.okta.com" \
    "--org https://acme.okta.com/$secret" "--ca-file $tmp/$secret" \
    "--proxy http://x:$secret@127.0.0.1:1" "--token-file $tmp/$secret"; do
    # shellcheck disable=SC2086 # words
    "$TOKENS" --org https://127.0.0.1:1 --retries 0 --token-file "$tmp/token" \
        $option list >"$tmp/out" 2>"$tmp/err" </dev/null && fail "accepted: $option"
    without "what it says to '${option%%00*}...'" "$tmp/out" "$tmp/err"
done

# --- okta-orgd, which gets it where it belongs and where it does not.
org_serve
printf 'cacert = %s\n' "$tmp/ca.pem" >"$tmp/config"
asks() {
    curl -s -o "$tmp/out" -K "$tmp/config" -K - "$@" "$url/api/v1/api-tokens" || :
    without "an answer to $*" "$tmp/out"
}
for value in "SSWS $secret" "SSWS $created" "SSWS$secret" "SSWS $other" \
    "Bearer $bearer" "Bearer $secret" "DPoP $secret" "Basic $secret" "$secret" \
    "SSWS $secret $other" ''; do
    for method in GET DELETE PUT; do
        printf 'header = "Authorization: %s"\n' "$value" | asks -X $method
    done
done
path() {
    printf 'header = "Authorization: SSWS %s"\nuser-agent = "%s"\nheader = "X-Forwarded-For: %s"\n' \
        "$secret" "$secret" "$secret" |
        curl -s -o "$tmp/out" -K "$tmp/config" -K - -X "$1" "$url$2" || :
    without "an answer to $1" "$tmp/out"
}
for method in GET DELETE PUT "$secret"; do
    path "$method" "/api/v1/api-tokens/$secret"
    path "$method" "/api/v1/api-tokens?after=$secret&limit=$secret&q=$secret"
    path "$method" "/api/v1/$secret/api-tokens"
    path "$method" "/$secret"
done
exits 0 tokens list -o json
id=$(jq -r '.[] | select(.name == "created") | .id' "$tmp/out")
exits 0 tokens restrict "$id" --no-zone
without 'the arguments of okta-orgd' "/proc/$pid/cmdline"
if cat "/proc/$pid/environ" >"$tmp/environ" 2>"$tmp/err"; then
    [ "$(id -u)" -eq 0 ] || fail 'another process may look into okta-orgd'
    without 'the environment of okta-orgd' "$tmp/environ"
fi
without 'the log' "$tmp/server.err"
[ -e "$tmp/org/orgd.db-wal" ] || fail 'where is the -wal file?'
find "$tmp/org" -type f >"$tmp/files"
# shellcheck disable=SC2046 # no blanks in them
without 'the data folder as it is served' $(cat "$tmp/files")
exits 0 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/created" \
    revoke-current --yes
stop
find "$tmp/org" -type f >"$tmp/files"
# shellcheck disable=SC2046
without 'the data folder' $(cat "$tmp/files")
without 'the log' "$tmp/server.err"
grep -q 'method=DELETE' "$tmp/server.err" || fail 'there is no log'
