#!/bin/sh
# recorded.sh - answers as real orgs gave them, byte for byte: their tokens are
# seeded, and the org's clock is set to when they were asked. Needs the
# recordings, which are not part of this project.
. "$(dirname -- "$0")/lib.sh"

recorded=${OKTA_SPEC_DIR:-}/recorded/exchanges.json
[ -f "$recorded" ] || exit 77
secret=00replay-replay-replay-replay-replay-00001

# seed_from BODY: a seed that has each of its tokens, and one to ask with.
seed_from() {
    jq --arg secret $secret '(if type == "array" then . else [.] end) as $tokens |
        { users: (($tokens | map(.userId) | unique | map({ id: ., login: . }))
            + [{ login: "asker" }]),
          zones: ["nzo1", "nzonkw1sfwwiH9Hxt1d7" |
              { id: ., name: ., gateways: ["192.0.2.0/24"] }],
          tokens: (($tokens | map({ id, name, user: .userId, clientName,
              tokenWindow, created, expiresAt, lastUpdated, network }))
            + [{ name: "~asker", user: "asker", secret: $secret }]) }' "$1"
}

# replay BODY_FILE NOW: serves what that body shows, at that time.
replay() {
    sql a 'DELETE FROM token; DELETE FROM user; DELETE FROM zone'
    "$ORGD" seed --data "$tmp/a" --now "$2" "$1" >/dev/null
    start a --dev --now "$2" --public-url https://org.example --tls off
}

time_of() {
    date -u -d "$(jq -r '.headers.date[0]' "$1")" +%Y-%m-%dT%H:%M:%SZ
}

# Every GET with 200; those that show the same once.
new_org a
token=$secret
count=0
jq -c 'map(select(.method == "GET" and .status == 200)) | unique_by(.path, .body)[]' \
    "$recorded" >"$tmp/exchanges"
while read -r exchange; do
    printf '%s\n' "$exchange" >"$tmp/exchange"
    path=$(jq -r .path "$tmp/exchange")
    jq -j .body "$tmp/exchange" >"$tmp/want"
    seed_from "$tmp/want" >"$tmp/seed.json"
    replay "$tmp/seed.json" "$(time_of "$tmp/exchange")"
    gets 200 GET "${path%%\?*}"
    stop
    # The one that asks is in a list too; and names of people were replaced in
    # the recordings, so that they no longer tell the order.
    if jq -e 'type == "array"' "$tmp/want" >/dev/null; then
        jq -c '.[]' "$tmp/want" | sort >"$tmp/1"
        jq -c '.[] | select(.name != "~asker")' "$tmp/body" | sort >"$tmp/2"
        is "objects of $path" "$(cat "$tmp/2")" "$(cat "$tmp/1")"
        part=$(jq -r '.[-1].id' "$tmp/want")
        has "bytes of $path" "$body" "$(sed "s/.*{\"id\":\"$part/{\"id\":\"$part/; s/]\$//" "$tmp/want")"
    else
        is "$path" "$body" "$(cat "$tmp/want")"
    fi
    count=$((count + 1))
done <"$tmp/exchanges"
[ $count -ge 8 ] || fail "only $count exchanges were held against"

# The errors: all of it but the random id.
token=$(sql a "DELETE FROM token; INSERT INTO user (id, login, role, status, created) VALUES ('00uada00000000000000',
    'ada@example.com', 'SUPER_ADMIN', 'ACTIVE', 1)" && create a admin)
start a --dev --tls off
errors=0
jq -c '.[] | select(.status == 404)' "$recorded" >"$tmp/exchanges"
while read -r exchange; do
    printf '%s\n' "$exchange" >"$tmp/exchange"
    path=$(jq -r .path "$tmp/exchange")
    gets 404 "$(jq -r .method "$tmp/exchange")" "$path"
    is "error of $path" "$(jq -c 'del(.errorId)' "$tmp/body")" \
        "$(jq -r .body "$tmp/exchange" | jq -c 'del(.errorId)')"
    for name in $(jq -r '.headers | keys[]' "$tmp/exchange"); do
        [ "$name" = vary ] || [ -n "$(header "$name")" ] || fail "no header $name"
    done
    errors=$((errors + 1))
done <"$tmp/exchanges"
[ $errors -gt 0 ] || fail 'no recorded error'
stop

# A change: as recorded but for its time.
jq 'map(select(.method == "PUT"))[0]' "$recorded" >"$tmp/exchange"
path=$(jq -r .path "$tmp/exchange")
jq -j .body "$tmp/exchange" >"$tmp/want"
seed_from "$tmp/want" | jq '.tokens[0].network = { connection: "ZONE",
    exclude: ["nzo1"] }' >"$tmp/seed.json"
token=$secret
replay "$tmp/seed.json" "$(time_of "$tmp/exchange")"
gets 200 PUT "$path" -d "$(jq -r .request_body "$tmp/exchange")"
is "PUT $path" "$(printf %s "$body" | sed 's/"lastUpdated":"[^"]*"/X/')" \
    "$(sed 's/"lastUpdated":"[^"]*"/X/' "$tmp/want")"
gets 204 DELETE "$path"
stop
