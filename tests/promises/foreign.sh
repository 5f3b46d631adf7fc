#!/bin/sh
# foreign.sh - nothing goes to a foreign origin: whatever names it, nobody comes
# to LISTENER, which writes down who does.
. "$(dirname "$0")/../cli/lib.sh"
: "${LISTENER:?}"
unset no_proxy NO_PROXY
proxies='http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY'
# shellcheck disable=SC2086 # names
unset $proxies

background "$tmp/port" "$LISTENER" "$tmp/came"
foreign=127.0.0.1:$url
page=/api/v1/api-tokens?after=x
id=00Tspareaaaaaaaaaaaa

nobody_came() {
    [ ! -s "$tmp/came" ] || fail "it went to the foreign one: $*"
}
# home STATUS COMMAND...: that exit code, with at least one request at home.
home() {
    want=$1
    shift
    rm -f "$tmp/script/requests"
    exits "$want" "$@"
    nobody_came "$@"
    [ -s "$tmp/script/requests" ] || fail "nothing came home: $*"
}
# nowhere STATUS COMMAND...: that exit code, and no request at all.
nowhere() {
    want=$1
    shift
    rm -f "$tmp/script/requests"
    exits "$want" "$@"
    nobody_came "$@"
    [ ! -e "$tmp/script/requests" ] || fail "it came home: $*"
}
by_file() {
    "$TOKENS" --org "$url" --token-file "$tmp/token" "$@"
}

# --- The next page.
script
script_serve
for link in "http://$foreign$page" "http://localhost:${foreign#*:}$page" \
    "https://$foreign$page" "//$foreign$page" "http:$foreign$page" \
    "@URL@@$foreign$page" "http://x@$foreign$page" "@URL@.$foreign$page" \
    "http://[::ffff:127.0.0.1]:${foreign#*:}$page" "HTTP://$foreign$page" \
    "http:\\\\$foreign$page" "  http://$foreign$page"; do
    {
        printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n'
        printf 'Link: <%s>; rel="next"\n\n[%s]' "$link" "$(token_json $id spare)"
    } | answer GET-api-tokens
    home 9 by_file list -o json
    home 9 by_file list --max 1000 -o tsv
done

# --- Redirects, and what else a header may ask for.
for status in 300 301 302 303 305 307 308; do
    for place in "http://$foreign$page" "//$foreign/" "https://$foreign/"; do
        for method in GET DELETE PUT; do
            printf 'HTTP/1.1 %s Elsewhere\nLocation: %s\nRefresh: 0; url=%s\n\n' \
                "$status" "$place" "$place" | answer "$method-$id"
        done
        answer GET-api-tokens <"$tmp/script/GET-$id"
        answer DELETE-current <"$tmp/script/GET-$id"
        home 8 by_file list
        home 8 by_file get $id
        home 8 by_file revoke-current --yes
    done
done
{
    printf 'HTTP/1.1 200 OK\nAlt-Svc: http/1.1="%s"; ma=9999\n' "$foreign"
    printf 'Content-Location: http://%s/\n\n%s' "$foreign" "$(token_json $id spare)"
} | answer GET-$id
for how in DELETE PUT; do
    printf 'HTTP/1.1 307 Elsewhere\nLocation: http://%s%s\n\n' "$foreign" "$page" |
        answer $how-$id
done
home 8 by_file revoke $id --yes
home 9 by_file restrict $id --no-zone
printf 'HTTP/1.1 503 Elsewhere\nRetry-After: 0\nAlt-Svc: http/1.1="%s"\nLocation: http://%s/\n\n' \
    "$foreign" "$foreign" | answer GET-api-tokens
home 9 by_file list --retries 2

# --- A URL that is given.
for place in "http://$foreign$page" "https://$foreign$page" "//$foreign$page" \
    "$url@$foreign$page" "http://localhost:${foreign#*:}/api/v1/api-tokens"; do
    nowhere 2 by_file Invoke-OktaListApiTokens -Uri "$place"
done

# --- Proxies: a loopback org over http is reached without one.
printf 'HTTP/1.1 200 OK\n\n[%s]' "$(token_json $id spare)" | answer GET-api-tokens
for variable in $proxies; do
    for scheme in http socks5h; do
        home 0 env "$variable=$scheme://$foreign" "$TOKENS" --org "$url" \
            --token-file "$tmp/token" list
    done
done
home 0 by_file list --proxy "http://$foreign"
home 0 env OKTA_CLIENT_PROXY_HOST="${foreign%:*}" \
    OKTA_CLIENT_PROXY_PORT="${foreign#*:}" "$TOKENS" --org "$url" \
    --token-file "$tmp/token" list
home 0 "$TOKENS" --org "http://localhost:${url##*:}" --token-file "$tmp/token" \
    --proxy "http://$foreign" list

# --- A folder's file names the foreign one, for a credential from elsewhere.
folder_file() {
    rm -f okta.yaml .okta.yaml
    (umask 077 && printf 'okta:\n  client:\n%s\n' "$2" >"$1")
}
org_line="    orgUrl: http://$foreign"
proxy_lines="    proxy:
      host: ${foreign%:*}
      port: ${foreign#*:}"
for name in okta.yaml .okta.yaml; do
    folder_file $name "$org_line"
    nowhere 2 env OKTA_CLIENT_TOKEN="$secret" "$TOKENS" list
    nowhere 2 "$TOKENS" --token-file "$tmp/token" list
    exits_from "$tmp/token" 2 "$TOKENS" --token-stdin list
    nobody_came 'standard input'
    home 0 env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" "$TOKENS" list
    home 0 by_file list
    mkdir -p "$HOME/.okta"
    (umask 077 && printf 'okta:\n  client:\n    orgUrl: %s\n    token: %s\n' "$url" \
        "$secret" >"$HOME/.okta/okta.yaml")
    home 0 "$TOKENS" list
    rm -r "$HOME/.okta"
    folder_file $name "$proxy_lines"
    home 0 env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" "$TOKENS" list
done
stop

# --- The same over TLS, where a proxy could be used.
org_data
org_serve
for name in okta.yaml .okta.yaml; do
    folder_file $name "$proxy_lines"
    exits 0 tokens list
    exits 0 env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" "$TOKENS" \
        --ca-file "$tmp/ca.pem" list
    folder_file $name "    orgUrl: https://$foreign"
    exits 0 tokens list
    nobody_came 'a folder over TLS'
done
rm -f okta.yaml .okta.yaml

# --- And it would have been written down.
sleep 0.3
nobody_came 'late'
exits 8 env https_proxy="http://$foreign" "$TOKENS" --org "$url" --retries 0 \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" list
sleep 0.3
[ -s "$tmp/came" ] || fail 'the listener writes nothing down'
