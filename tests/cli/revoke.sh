#!/bin/sh
# revoke.sh - revoke and revoke-current: asking, dry runs, what is gone.
. "$(dirname "$0")/lib.sh"

more() {
    for i in a b c d e f g h k; do
        printf '  - {id: 00Tspare%szzzzzzzzzzz, name: spare %s, user: ada@example.com, ' \
            $i $i
        printf 'created: -20d, lastUsed: -9d}\n'
    done
}
spare() {
    echo "00Tspare${1}zzzzzzzzzzz"
}

org_data "$(more)"
org_serve

there() {
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" \
        get "$@" >/dev/null 2>&1
}
pty_tokens() {
    "$PTY" -1 "$tmp/stdout" "$@"
}

# Without a terminal and --yes: nothing is sent, whatever there is to say.
exits 11 "$TOKENS" revoke "$(spare a)" --org https://127.0.0.1:1
err_has 'no terminal to ask on'
exits 11 tokens revoke "$(spare a)"
exits 11 tokens revoke-current
there "$(spare a)" || fail 'revoked without a yes'

# A dry run changes nothing.
exits 0 tokens revoke "$(spare a)" --dry-run -o json
err_json .note "$(spare a) spare a: of ada@example.com (ACTIVE), roles: SUPER_ADMIN"
is result "$(jq -c . "$tmp/out")" \
    "[{\"id\":\"$(spare a)\",\"name\":\"spare a\",\"result\":\"would-revoke\",\"error\":null}]"
exits 0 tokens revoke-current --dry-run -o json
out_json '.[0].result' would-revoke
there "$(spare a)" || fail 'revoked by a dry run'
exits 6 tokens revoke 00Tgonegonegonegoneg --dry-run

# --yes
exits 0 tokens revoke "$(spare a)" "$(spare b)" --dry-run -v
is 'reads of one owner' "$(grep -c '/users/' "$tmp/err")" 2
for name in a b; do
    err_has "$(spare $name) spare $name: of ada@example.com (ACTIVE), roles: SUPER_ADMIN"
done
exits 0 tokens Revoke-OktaApiToken "$(spare a)" --dry-run -v
is 'reads of the owner' "$(grep -c '/users/' "$tmp/err" || :)" 0

exits 0 tokens revoke "$(spare a)" --yes -o json
is result "$(jq -c . "$tmp/out")" \
    "[{\"id\":\"$(spare a)\",\"name\":\"spare a\",\"result\":\"revoked\",\"error\":null}]"
err_is ''
if there "$(spare a)"; then
    fail 'still there'
fi
exits 6 tokens revoke "$(spare a)" --yes -o json
out_json '.[0].result' failed
is 'the error' "$(jq -c '.[0].error' "$tmp/out")" "$(jq -c .error "$tmp/err")"
err_json .error.code not_found
err_json '.error.hint | length > 9' true
exits 0 tokens revoke "$(spare a)" --yes --if-exists -o json
out_json '.[0].result' already-gone
err_is ''
exits 10 tokens revoke "$(spare b)" "$(spare a)" "$(spare c)" --yes -o jsonl
is results "$(jq -r .result "$tmp/out" | tr '\n' ' ')" 'revoked failed revoked '
exits 0 tokens revoke "$(spare d)" "$(spare d)" --yes
is 'one line for what was given twice' "$(wc -l <"$tmp/out" | tr -d ' ')" 1

# Asked on the terminal: only y and yes are a yes.
for answer in n '' no yess Y-no '^D'; do
    exits 11 pty_tokens '[y/N]' "$answer" -- "$TOKENS" --org "$url" \
        --ca-file "$tmp/ca.pem" --token-file "$tmp/token" revoke "$(spare e)"
    out_has 'not confirmed; nothing was revoked'
    there "$(spare e)" || fail "revoked after '$answer'"
done
# What was typed before the question does not answer it; what is typed beyond
# an answer's length is not left to the shell.
exits 11 pty_tokens ready yes '[y/N]' n -- sh -c 'echo ready >/dev/tty && sleep 1 && exec "$@"' \
    sh "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" \
    revoke "$(spare e)"
there "$(spare e)" || fail 'revoked by what was typed ahead'
exits 0 "$PTY" '[y/N]' "no, I would rather keep that token" next last -- sh -c '
    "$@"
    echo next
    read -r line
    echo "[$line]"' sh "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" revoke "$(spare e)"
out_has '[last]'
exits 11 pty_tokens '[y/N]' n -- "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" revoke "$(spare e)"
# What is asked about is shown: name, owner, roles, network, last use.
for word in 'spare e' ada@example.com ACTIVE SUPER_ADMIN anywhere '9d ago' \
    "Revoke this token of $url for good? [y/N]"; do
    out_has "$word"
done
exits 0 pty_tokens '[y/N]' y -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" revoke "$(spare e)"
is result "$(cat "$tmp/stdout")" "$(spare e)	spare e	revoked"
exits 0 pty_tokens 'Revoke these 2 tokens of' YES -- "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" revoke 00Tsparef \
    --name 'spare g'
is results "$(cut -f 3 "$tmp/stdout" | tr '\n' ' ')" 'revoked revoked '
out_has 'okta-tokens: 2 revoked'

out_has '2 tokens of 1 owner'
# How many owners there are, and of which status but ACTIVE.
"$ORGD" user add --data "$tmp/org" --login cy@example.com >/dev/null
"$ORGD" token create --data "$tmp/org" --name 'of cy' --user cy@example.com >/dev/null
"$ORGD" user suspend --data "$tmp/org" --user cy@example.com >/dev/null
exits 11 pty_tokens 'Revoke these 3 tokens of' n -- "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" revoke "$(spare h)" \
    "$(spare k)" --name 'of cy'
tr -d '\r' <"$tmp/out" | grep -qx '3 tokens of 2 owners, 1 SUSPENDED' ||
    fail 'the owners are not counted'

# With the secret on stdin the question is asked on /dev/tty.
exits 0 "$PTY" -0 "$tmp/token" -1 "$tmp/stdout" '[y/N]' y -- "$TOKENS" \
    --org "$url" --ca-file "$tmp/ca.pem" --token-stdin revoke "$(spare h)"
exits_from "$tmp/token" 11 setsid "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-stdin revoke "$(spare k)"

# Ctrl-C at the question.
exits 130 pty_tokens '[y/N]' '^C' -- "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" revoke "$(spare k)"
there "$(spare k)" || fail 'revoked after Ctrl-C'

# Forbidden: the role that it takes is named.
"$ORGD" token create --data "$tmp/org" --name weak --user bob@example.com \
    >"$tmp/weak"
chmod 600 "$tmp/weak"
exits 5 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    revoke "$(spare k)" --yes
err_has 'You do not have permission to perform the requested action (request '
err_has 'hint: it takes a token of a super administrator, or an access token with the scope okta.apiTokens.manage'

# The token in use.
exits 11 pty_tokens 'Revoke the token in use (from --token-file) of' n -- \
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    revoke-current
exits 0 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    list --max 1
exits 0 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    revoke-current --yes -o json
is result "$(jq -c '.[0] | [.id, .name, .result, .error]' "$tmp/out")" \
    '[null,null,"revoked",null]'
exits 4 "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/weak" \
    revoke-current --yes -o json
out_json '.[0].result' failed
is 'the error' "$(jq -c '.[0].error' "$tmp/out")" "$(jq -c .error "$tmp/err")"
err_json .error.code auth
exits 2 env OKTA_CLIENT_AUTHORIZATIONMODE=Bearer "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" revoke-current --yes

# An owner who can't be read is unknown, and told by id; a failure that is none
# of right ends it before anything is revoked.
stop
script
reply() {
    { printf 'HTTP/1.1 %s\nContent-Type: application/json\n\n' "$2" && printf %s "$3"; } |
        answer "$1"
}
id=$(spare e)
reply "GET-$id" '200 OK' "$(token_json "$id" spare)"
reply GET-00uadaaaaaaaaaaaaaaa '403 Forbidden' '{"errorSummary":"No way"}'
reply GET-roles '200 OK' '[{"type":"APP_ADMIN"}]'
printf 'HTTP/1.1 204 No Content\n\n' | answer "DELETE-$id"
script_serve
exits 11 pty_tokens '[y/N]' n -- "$TOKENS" --org "$url" --token-file "$tmp/token" \
    revoke "$id"
for word in 00uadaaaaaaaaaaaaaaa unknown APP_ADMIN \
    'warning: not known of 1 token: the owner: No way (HTTP 403)'; do
    out_has "$word"
done
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" revoke "$id" --dry-run
err_has "$id spare: of 00uadaaaaaaaaaaaaaaa (unknown), roles: APP_ADMIN"
reply "GET-$id" '200 OK' "{\"id\":\"$id\",\"name\":\"spare\"}"
again
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" revoke "$id" --dry-run --allow-agents
err_has "$id spare: of unknown (unknown), roles: unknown"
reply "GET-$id" '200 OK' "$(token_json "$id" spare)"
again
exits 0 "$TOKENS" --org "$url" --token-file "$tmp/token" revoke "$id" --yes
is 'requests' "$(requests | cut -d ' ' -f 1 | tr '\n' ' ')" 'GET DELETE '
reply GET-roles '503 Service Unavailable' ''
again
exits 9 "$PTY" -- "$TOKENS" --org "$url" --token-file "$tmp/token" \
    revoke "$id" --retries 0
is 'what was revoked' "$(requests | grep -c DELETE || :)" 0
