#!/bin/sh
# streams.sh - outputs that can't be written, closed streams, signals.
. "$(dirname "$0")/lib.sh"

org_data "$(many 250)"
org_serve
id=00Tnumber0001zzzzzzz

# A full disk.
full() {
    want=$1
    shift
    got=0
    "$@" >/dev/full 2>"$tmp/err" </dev/null || got=$?
    [ $got -eq "$want" ] || fail "exit $got, not $want, on a full disk: $*"
    err_has 'the output could not be written: No space left'
}
for format in table json jsonl csv tsv; do
    full 1 tokens list -o $format
    full 1 tokens get $id -o $format
    full 1 tokens revoke $id --dry-run -o $format
done
# What is done and can't be printed is told all the same.
full 1 tokens revoke 00Tnumber0002zzzzzzz 00Tnumber0003zzzzzzz --yes
err_has 'okta-tokens: 00Tnumber0002zzzzzzz: revoked'
err_has 'okta-tokens: 00Tnumber0003zzzzzzz: revoked'
full 1 tokens restrict 00Tnumber0004zzzzzzz --any-zone -o json
err_has '{"note":"00Tnumber0004zzzzzzz: restricted"}'
full 1 tokens Revoke-OktaApiToken 00Tnumber0005zzzzzzz -WithHttpInfo
err_has 'okta-tokens: revoked'
full 1 "$TOKENS" help
full 1 "$TOKENS" version
full 1 "$TOKENS" completion bash
full 1 "$TOKENS" Get-OktaConfiguration --org https://acme.okta.com
full 1 tokens Get-OktaApiToken $id -WithHttpInfo
full 1 tokens -o json list --max 1

# A closed stream: neither success, nor is anything else written to.
exits 1 sh -c '"$@" >&-' sh "$TOKENS" version
exits 1 sh -c '"$@" >&-' sh "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" list
err_has 'the output could not be written'
exits 0 sh -c '"$@" <&- 2>&-' sh "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" get $id
exits 2 sh -c '"$@" <&-' sh "$TOKENS" --org "$url" --token-stdin list

# A closed pipe: 141, and not a word.
got=0
{ tokens list -o jsonl 2>"$tmp/err" || echo $? >"$tmp/code"; } | head -n 1 >"$tmp/out"
is 'exit code with a closed pipe' "$(cat "$tmp/code")" 141
err_is ''
{ "$TOKENS" help 2>"$tmp/err" || echo $? >"$tmp/code"; } | :
is 'exit code with a closed pipe' "$(cat "$tmp/code")" 141

# Ctrl-C and SIGTERM while the org keeps us waiting for the second page.
faulty do=delay ms=60000 skip=1
"$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" list \
    -o json >"$tmp/out" 2>"$tmp/err" </dev/null &
client=$!
i=0
while ! grep -q $id "$tmp/out"; do
    i=$((i + 1))
    [ $i -lt 200 ] || fail 'the first page is not shown before the last is read'
    sleep 0.05
done
kill -TERM $client
got=0
wait $client 2>/dev/null || got=$?
is 'exit code after SIGTERM' $got 143
if jq . "$tmp/out" >"$tmp/jq" 2>&1; then
    fail 'an interrupted list is valid JSON'
fi
err_json .error.code signal

faulty do=delay ms=60000 skip=1
exits 130 "$PTY" -1 "$tmp/stdout" 'api-tokens?limit=200 200' '^C' -- "$TOKENS" \
    --org "$url" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" list -v -o json
if jq . "$tmp/stdout" >"$tmp/jq" 2>&1; then
    fail 'an interrupted list is valid JSON'
fi
# It dies of the signal, so that a shell's loop around it ends too.
err_is 'pty: died of signal 2'

# --- A pager: on a terminal alone, and where one is wanted.
faulty
cat >"$tmp/pager" <<END
#!/bin/sh
printf '%s\n' "\$@" >"$tmp/pager.args"
env >"$tmp/pager.env"
cat >"$tmp/paged"
END
chmod +x "$tmp/pager"
# run_paged [NAME=VALUE...] -- ARG...
run_paged() (
    export TERM=xterm PAGER="$tmp/pager"
    while [ "$1" != -- ]; do
        export "$1"
        shift
    done
    shift
    exec "$PTY" -- "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
        --token-file "$tmp/token" "$@"
)
# paged WANTED [NAME=VALUE...] -- ARG...: whether it goes through the pager.
paged() {
    want_paged=$1
    shift
    rm -f "$tmp/paged"
    exits 0 run_paged "$@"
    got=no
    [ ! -e "$tmp/paged" ] || got=yes
    is "whether this is paged: $*" $got "$want_paged"
}
paged yes -- list
is 'lines in the pager' "$(wc -l <"$tmp/paged" | tr -d " ")" 249
out_is ''
paged yes -- get $id
grep -q '^id  *00T' "$tmp/paged" || fail 'no record in the pager'
paged yes -- help output
paged yes -- revoke --help
paged yes -- Get-OktaApiToken $id
paged no -- revoke $id --dry-run
paged no -- list --no-pager
paged no TERM=dumb -- list
paged no PAGER= -- list
paged no PAGER=cat -- list
out_has 'LAST USED'
paged no OKTA_TOKENS_PAGER= -- list
paged yes PAGER=false OKTA_TOKENS_PAGER="$tmp/pager" -- list
paged yes PAGER="$tmp/pager -a  b" -- list
is arguments "$(tr '\n' ' ' <"$tmp/pager.args")" '-a b '
paged yes PAGER="\"$tmp/pager\" \"a b\"" -- list
is arguments "$(cat "$tmp/pager.args")" 'a b'
rm "$tmp/paged"
exits 0 env TERM=xterm PAGER="$tmp/pager" "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" list
[ ! -e "$tmp/paged" ] || fail 'a pager off a terminal'

# It is told how less is to behave, unless LESS is set, and no secret.
paged yes OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_PRIVATEKEY=x -- help
no_secret "$tmp/pager.env"
if grep -qE '^OKTA_CLIENT_(TOKEN|PRIVATEKEY)=' "$tmp/pager.env"; then
    fail 'variables of secrets in the environment of the pager'
fi
grep -qx LESS=FRX "$tmp/pager.env" || fail 'LESS is not set'
paged yes LESS=i -- help
grep -qx LESS=i "$tmp/pager.env" || fail 'LESS is not left alone'

# Who leaves it early has seen enough: no error. One that is not there is none.
paged no PAGER='head -n 1' -- list
is lines "$(wc -l <"$tmp/out" | tr -d ' ')" 1
paged no PAGER='head -n 1' -- help
paged no PAGER=false -- list
out_is ''
paged no PAGER=/nonexistent/pager -- list
out_has 'LAST USED'
# But what a shell can't run has swallowed the output.
exits 1 run_paged PAGER='/nonexistent/pager "x"' -- list
out_has 'the pager that OKTA_TOKENS_PAGER or PAGER names could not be run'

# What goes wrong is told behind what was printed, and the exit code is its own.
faulty do=status status=403 skip=1
exits 5 run_paged -- list
tail -n 3 "$tmp/paged" | grep -q 'okta-tokens: list: ' || fail 'no error in the pager'
faulty
