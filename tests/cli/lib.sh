# lib.sh - what the command's tests share; sourced. TOKENS is okta-tokens, ORGD
# okta-orgd, SCRIPTED the server that answers from files, PTY the terminal.
. "$(dirname "$0")/../lib.sh"
: "${TOKENS:?}" "${ORGD:?}" "${SCRIPTED:?}" "${PTY:?}"
unset NO_COLOR COLUMNS
unset XDG_STATE_HOME OKTA_TOKENS_PROFILE DBUS_SESSION_BUS_ADDRESS
unset OKTA_CLIENT_ORGURL OKTA_CLIENT_TOKEN OKTA_CLIENT_AUTHORIZATIONMODE
export LC_ALL=C.UTF-8 no_proxy='*' TERM=dumb
input=
# What no stream may ever show.
secret=00NeverShowThisSecretToAnybodyAtAll0123456
other=00AnotherSecretThatNobodyMayEverSee7890abc

mkdir "$tmp/home" "$tmp/folder"
export HOME="$tmp/home"
cd "$tmp/folder"

no_secret() {
    for s in "$secret" "$other"; do
        if grep -qF -e "$s" "$@"; then
            fail "a secret is shown"
        fi
    done
}

# exits STATUS COMMAND...: runs it; its streams are $tmp/out and $tmp/err.
exits() {
    want=$1
    shift
    got=0
    "$@" >"$tmp/out" 2>"$tmp/err" <"${input:-/dev/null}" || got=$?
    no_secret "$tmp/out" "$tmp/err"
    [ "$got" -eq "$want" ] || fail "exit $got, not $want: $*"
}

# exits_from FILE STATUS COMMAND...: the same with FILE as standard input.
exits_from() {
    input=$1
    shift
    exits "$@"
    input=
}

# out_is TEXT, err_is TEXT: the whole stream, but for the last line's end.
out_is() {
    is 'standard output' "$(cat "$tmp/out")" "$1"
}

err_is() {
    is 'standard error' "$(cat "$tmp/err")" "$1"
}

# out_has TEXT, err_has TEXT, out_lacks TEXT, err_lacks TEXT
out_has() {
    grep -qF -e "$1" "$tmp/out" || fail "no '$1' on standard output"
}

err_has() {
    grep -qF -e "$1" "$tmp/err" || fail "no '$1' on standard error"
}

out_lacks() {
    if grep -qF -e "$1" "$tmp/out"; then
        fail "'$1' on standard output"
    fi
}

err_lacks() {
    if grep -qF -e "$1" "$tmp/err"; then
        fail "'$1' on standard error"
    fi
}

# out_json FILTER WANTED, err_json FILTER WANTED: what jq makes of it.
out_json() {
    is "$1" "$(jq -r "$1" "$tmp/out")" "$2"
}

err_json() {
    is "lines of standard error" "$(wc -l <"$tmp/err" | tr -d ' ')" 1
    is "$1" "$(jq -r "$1" "$tmp/err")" "$2"
}

# --------------------------------------------------------------- Servers --

# background URL_FILE COMMAND...: waits until it has printed its URL.
background() {
    file=$1
    shift
    : >"$file"
    "$@" >"$file" 2>"$tmp/server.err" </dev/null &
    pid=$!
    await "$file" $pid
    url=$(cat "$file")
}

stop() {
    kill "$pid"
    wait "$pid" 2>/dev/null || :
}

# org_data [SEED]: makes the data folder; the admin's token is in $tmp/token.
# The seed is YAML: a list of tokens, as they stand under "tokens:".
org_data() {
    "$ORGD" init --data "$tmp/org" >/dev/null
    "$ORGD" ca print --data "$tmp/org" >"$tmp/ca.pem"
    {
        cat <<END
users:
  - {id: 00uadaaaaaaaaaaaaaaa, login: ada@example.com, role: SUPER_ADMIN}
  - {id: 00ureaderaaaaaaaaaaa, login: bob@example.com, role: READ_ONLY_ADMIN}
zones:
  - {id: nzoone, name: one, gateways: [192.0.2.0/24]}
  - {id: nzotwo, name: two, gateways: [198.51.100.0/24]}
tokens:
  - {id: 00Tadminaaaaaaaaaaaa, name: admin, user: ada@example.com,
     secret: $secret, created: -30d, lastUsed: -2d}
END
        printf '%s\n' "${1-}"
    } >"$tmp/seed.yaml"
    "$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >/dev/null
    (umask 077 && printf '%s\n' "$secret" >"$tmp/token" &&
        printf '%s\n' "$other" >"$tmp/other")
}

# many COUNT: so many tokens of a seed, 00Tnumber0000zzzzzzz and on.
many() {
    awk -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "  - {id: 00Tnumber%04dzzzzzzz, name: t%03d, user: ada@example.com, created: -20d}\n", i, i }'
}

# org_serve [OPTION...]: serves it; sets url.
org_serve() {
    background "$tmp/url" "$ORGD" serve --data "$tmp/org" --dev --rate-limit 0 \
        "$@"
}

# control METHOD PATH: what the org's control API answers.
control() {
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$tmp/org/control.token")" |
        curl -sS -f -K - --cacert "$tmp/ca.pem" -X "$1" "$(cat "$tmp/org/serve.url")/_org/$2"
}

# faulty WORD... [-- WORD...]...: from here on the org does these wrong, and
# nothing else, and what was asked before is forgotten.
faulty() {
    control DELETE faults
    control DELETE requests
    while [ $# -gt 0 ]; do
        words=
        while [ $# -gt 0 ] && [ "$1" != -- ]; do
            words="$words '$1'"
            shift
        done
        [ $# -eq 0 ] || shift
        eval "\"\$ORGD\" dev faults add --data \"\$tmp/org\" $words" >/dev/null
    done
}

# happened TIMES...: how often each of them has.
happened() {
    is 'how often it happened' \
        "$(control GET faults | jq -r 'map(.done) | join(" ")')" "$*"
}

# asked FILTER [QUERY]: what jq makes of the org's request log.
asked() {
    control GET "requests?${2-}" | jq -r "$1"
}

# tokens ARG...: okta-tokens as the admin of that org.
tokens() {
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" \
        "$@"
}

# script: begins a new script in $tmp/script; answer NAME <FILE adds to it;
# script_serve serves it.
script() {
    rm -rf "$tmp/script"
    mkdir "$tmp/script"
    (umask 077 && printf '%s\n' "$secret" >"$tmp/token")
}

answer() {
    cat >"$tmp/script/$1"
}

script_serve() {
    background "$tmp/url" "$SCRIPTED" "$tmp/script"
}

# again: the script from its start.
again() {
    stop
    rm -f "$tmp/script/requests" "$tmp/script/put"
    script_serve
}

requests() {
    tr -d '\r' <"$tmp/script/requests" 2>/dev/null |
        grep -E '^[A-Z]+ [^ ]+ HTTP/' | sed 's, HTTP/.*,,' || :
}

# token_json ID NAME [MORE]: a token as an org sends it; MORE are members.
token_json() {
    printf '{"id":"%s","name":"%s","userId":"00uadaaaaaaaaaaaaaaa",' "$1" "$2"
    printf '"clientName":"Okta API","tokenWindow":"P30D",'
    printf '"network":{"connection":"ANYWHERE"},'
    printf '"expiresAt":"2025-12-02T14:47:13.000Z",'
    printf '"created":"2025-11-02T14:47:13.000Z",'
    printf '"lastUpdated":"2025-11-02T14:47:13.000Z"%s}' "${3-}"
}
