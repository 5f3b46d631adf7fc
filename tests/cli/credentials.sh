#!/bin/sh
# credentials.sh - where the token comes from, and where it may go.
. "$(dirname "$0")/lib.sh"

org_data
org_serve
name='admin'

base() {
    "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" "$@"
}
list() {
    base list -o tsv --fields name "$@"
}

# --token-file: whose it is, and who may read or write it.
exits 0 list --token-file "$tmp/token"
out_is $name
cp "$tmp/token" "$tmp/t"
for mode in 600:0 400:0 640:2 660:2 620:2 602:2 604:2 644:2 666:2; do
    chmod ${mode%:*} "$tmp/t"
    exits ${mode#*:} list --token-file "$tmp/t"
done
chmod 604 "$tmp/t"
exits 2 list --token-file "$tmp/t"
err_has 'others may read it'
err_has 'hint: chmod 600'
chmod 620 "$tmp/t"
exits 2 list --token-file "$tmp/t"
err_has 'others may write it'
exits 2 list --token-file "$tmp/none"
err_has 'No such file'
exits 2 list --token-file "$tmp"
err_has 'neither a file nor a pipe'
exits 2 list --token-file /dev/null
exits 2 list --token-file -
err_has 'there is --token-stdin'
exits 2 list --token-file "$tmp/token" --token-stdin
mkfifo -m 600 "$tmp/fifo"
(cat "$tmp/token" >"$tmp/fifo") &
exits 0 list --token-file "$tmp/fifo"
err_is ''
chmod 604 "$tmp/fifo"
(cat "$tmp/token" >"$tmp/fifo") &
exits 0 list --token-file "$tmp/fifo"
err_has 'warning: --token-file'
if [ "$(id -u)" -eq 0 ]; then
    chmod 600 "$tmp/t"
    chown 65534 "$tmp/t"
    exits 2 list --token-file "$tmp/t"
    err_has 'belongs to somebody else'
    chown 0 "$tmp/t"
fi
# waits: until the client sleeps and takes signals, however slow the machine is.
waits() {
    i=0
    until grep -q '^State:.S' "/proc/$client/status" &&
        [ $((0x$(sed -n 's/^SigCgt:.//p' "/proc/$client/status") >> 14 & 1)) = 1 ]; do
        i=$((i + 1))
        [ $i -lt 300 ] || fail 'the pipe is not waited for'
        sleep 0.05
    done
}
# A wait for a pipe's other end can be interrupted.
"$TOKENS" list --org "$url" --token-file "$tmp/fifo" >"$tmp/out" 2>"$tmp/err" &
client=$!
waits
kill -TERM $client
got=0
wait $client 2>/dev/null || got=$?
is 'exit code after SIGTERM' $got 143
err_is 'okta-tokens: interrupted'
# A link is followed; what counts is the file.
ln -s "$tmp/token" "$tmp/link"
exits 0 list --token-file "$tmp/link"

# What it holds.
put() {
    printf '%b' "$1" >"$tmp/t"
    chmod 600 "$tmp/t"
}
put ''
exits 4 list --token-file "$tmp/t"
put '\n'
exits 4 list --token-file "$tmp/t"
for bad in "$secret\n\n" "$secret\r\r\n" " $secret" "$secret\nx" "x\ty" 'x\0303\0251' \
    "$(printf '%300s' '' | tr ' ' x)"; do
    put "$bad"
    exits 2 list --token-file "$tmp/t"
    exits_from "$tmp/t" 2 base list --token-stdin
done
# What editors, env files and people who copy headers put around it.
for good in "$secret\r\n" "\0357\0273\0277$secret\r\n" "\"$secret\"\n" "'$secret'" \
    "SSWS $secret\n" "ssws  $secret" "\"SSWS $secret\"\r\n"; do
    put "$good"
    exits 0 list --token-file "$tmp/t"
    out_is $name
    exits_from "$tmp/t" 0 base list --token-stdin
done
exits 0 env OKTA_CLIENT_TOKEN="\"SSWS $secret\"" OKTA_CLIENT_ORGURL="'$url/'" "$TOKENS" \
    list --ca-file "$tmp/ca.pem"
exits 0 "$TOKENS" --org "\"$url\"" --ca-file "$tmp/ca.pem" --token-file "$tmp/token" list
put '\0377\0376x'
exits 2 list --token-file "$tmp/t"
err_has 'it is in UTF-16'
put "$(printf '%257s' '' | tr ' ' x)\n"
exits 2 list --token-file "$tmp/t"
err_has 'no token is over 256 bytes'
put "$(printf '%256s' '' | tr ' ' x)\n"
exits 4 list --token-file "$tmp/t"
err_has 'Invalid token provided'

# --token-stdin
exits_from "$tmp/token" 0 list --token-stdin
out_is $name
put "$secret"
exits_from "$tmp/t" 0 list --token-stdin
exits 4 list --token-stdin
exits 2 "$PTY" -- "$TOKENS" --org "$url" list --token-stdin
out_has 'standard input is a terminal'

# The environment and okta.yaml.
exits 0 env OKTA_CLIENT_TOKEN="$secret" OKTA_CLIENT_ORGURL="$url" "$TOKENS" list \
    --ca-file "$tmp/ca.pem" -o tsv --fields name
out_is $name
exits 4 env OKTA_CLIENT_TOKEN="$other" OKTA_CLIENT_ORGURL="$url" "$TOKENS" list \
    --ca-file "$tmp/ca.pem"
mkdir "$HOME/.okta"
(umask 077 && printf 'okta:\n  client:\n    orgUrl: %s\n    token: %s\n' "$url" \
    "$secret" >"$HOME/.okta/okta.yaml")
exits 0 "$TOKENS" list --ca-file "$tmp/ca.pem" -o tsv --fields name
out_is $name
exits 4 env OKTA_CLIENT_TOKEN="$other" OKTA_CLIENT_ORGURL="$url" "$TOKENS" list \
    --ca-file "$tmp/ca.pem"

# What is the caller's mixes freely.
exits 0 "$TOKENS" list --ca-file "$tmp/ca.pem" --token-file "$tmp/token"
exits 0 env OKTA_CLIENT_TOKEN="$secret" "$TOKENS" list --ca-file "$tmp/ca.pem"
exits_from "$tmp/token" 0 "$TOKENS" list --ca-file "$tmp/ca.pem" --token-stdin

# Somebody else's okta.yaml is no reason to stop.
for text in '- a list' 'a: 1\na: 2' 'a: b\n---\nc: d' 'okta: here'; do
    printf '%b\n' "$text" >okta.yaml
    exits 0 "$TOKENS" list --ca-file "$tmp/ca.pem"
    err_has 'the file is passed over'
done
printf 'openapi: 3.1.0\n' >okta.yaml
exits 0 "$TOKENS" list --ca-file "$tmp/ca.pem"
err_is ''
rm -r "$HOME/.okta" okta.yaml

# Org and credential from a folder's file: who changes something is told where.
(umask 077 && printf 'okta:\n  client:\n    orgUrl: %s\n    token: %s\n    caFile: %s\n' \
    "$url" "$secret" "$tmp/ca.pem" >okta.yaml)
exits 0 "$TOKENS" list
err_lacks 'this changes'
exits 6 "$TOKENS" revoke --yes 00Tnosuchaaaaaaaaaaa
err_has "this changes $url: org and credential are from ./okta.yaml:3"
exits 6 env OKTA_CLIENT_ORGURL="$url" OKTA_CLIENT_CAFILE="$tmp/ca.pem" \
    OKTA_CLIENT_TOKEN="$secret" "$TOKENS" revoke --yes 00Tnosuchaaaaaaaaaaa
err_lacks 'this changes'
rm okta.yaml
printf 'okta:\n  client:\n    orgUrl: %s\n' "$url" >okta.yaml
exits 2 env OKTA_CLIENT_TOKEN="$secret" "$TOKENS" list --ca-file "$tmp/ca.pem"
err_has 'okta.yaml:3: orgUrl is ignored'
exits 2 "$TOKENS" list --ca-file "$tmp/ca.pem" --token-file "$tmp/token"
err_has 'okta.yaml:3: orgUrl is ignored'

# A prompt, which shows the org. Nobody types a token for a folder's file.
exits 2 "$PTY" -- "$TOKENS" list --ca-file "$tmp/ca.pem"
out_has 'no organisation is set'
out_has 'the okta.yaml of this folder'
out_lacks 'API token for'
rm okta.yaml
exits 0 "$PTY" -1 "$tmp/stdout" "API token for $url (not shown): " "$secret" -- \
    "$TOKENS" list --org "$url/" --ca-file "$tmp/ca.pem" -o tsv --fields name
is 'the list' "$(cat "$tmp/stdout")" $name
exits 0 "$PTY" -1 "$tmp/stdout" "API token for $url (not shown): " "$secret" -- \
    env OKTA_CLIENT_ORGURL="$url" "$TOKENS" list --ca-file "$tmp/ca.pem"
exits 4 "$PTY" 'API token for' '' -- "$TOKENS" list --org "$url" --ca-file "$tmp/ca.pem"
exits 4 "$PTY" 'API token for' '^D' -- "$TOKENS" list --org "$url" --ca-file "$tmp/ca.pem"
exits 2 "$PTY" 'API token for' "$secret $secret" -- "$TOKENS" list --org "$url"
exits 2 "$PTY" -- "$TOKENS" list --org "$url" --fields nonsense
out_lacks 'API token for'
# Echo is off while it is typed, and on again after Ctrl-C.
exits 130 "$PTY" 'API token for' '^C' 'echo is' '' -- sh -c '
    trap : INT
    "$@"
    code=$?
    stty -a | grep -q " echo " && echo "echo is on"
    read -r line
    exit $code' sh "$TOKENS" list --org "$url"
exits 4 "$TOKENS" list --org "$url"

# What would give the connection away is not followed.
exits 0 env SSLKEYLOGFILE="$tmp/keys" "$TOKENS" --org "$url" --ca-file "$tmp/ca.pem" \
    --token-file "$tmp/token" list
err_has 'warning: SSLKEYLOGFILE is not followed'
[ ! -e "$tmp/keys" ] || fail 'TLS keys were written'
exits 2 env OKTA_TESTING_DISABLE_HTTPS_CHECK=true "$TOKENS" --org http://example.com \
    --token-file "$tmp/token" list
exits 0 env OKTA_TESTING_DISABLE_HTTPS_CHECK=true "$TOKENS" --org "$url" \
    --ca-file "$tmp/ca.pem" --token-file "$tmp/token" list
err_has warning

# The CA: each way of being of no use has an error of its own.
with_ca() {
    want=$1
    shift
    exits "$want" "$TOKENS" --org "$url" --token-file "$tmp/token" --ca-file "$@" list
}
with_ca 2 "$tmp/none.pem"
err_has "the CA file $tmp/none.pem: No such file"
with_ca 2 "$tmp"
err_has 'is a folder'
: >"$tmp/empty.pem"
with_ca 2 "$tmp/empty.pem"
err_has 'is empty'
echo text >"$tmp/text.pem"
with_ca 2 "$tmp/text.pem"
err_has 'holds no certificate, neither as PEM nor as DER'
cp "$tmp/ca.pem" "$tmp/open.pem"
chmod 666 "$tmp/open.pem"
with_ca 2 "$tmp/open.pem"
err_has 'can be written by others'
openssl x509 -in "$tmp/ca.pem" -outform DER -out "$tmp/ca.der"
with_ca 0 "$tmp/ca.der"
cp "$tmp/ca.pem" here.pem
with_ca 0 here.pem
exits 0 env OKTA_CLIENT_CAFILE=here.pem "$TOKENS" --org "$url" --token-file "$tmp/token" list
exits 0 env SSL_CERT_FILE=here.pem "$TOKENS" --org "$url" --token-file "$tmp/token" list
exits 2 env SSL_CERT_FILE=none.pem "$TOKENS" --org "$url" --token-file "$tmp/token" list
mkdir "$tmp/certs"
cp "$tmp/ca.pem" "$tmp/certs/$(openssl x509 -in "$tmp/ca.pem" -noout -hash).0"
exits 0 env SSL_CERT_DIR="$tmp/certs" "$TOKENS" --org "$url" --token-file "$tmp/token" list
exits 8 env SSL_CERT_FILE=here.pem "$TOKENS" --org "$url" --token-file "$tmp/token" \
    --ca-file /etc/ssl/certs/ca-certificates.crt list
exits 2 env SSL_CERT_DIR=here.pem "$TOKENS" --org "$url" --token-file "$tmp/token" list
err_has 'the CA folder here.pem is not a folder'
mkdir "$HOME/.okta"
cp "$tmp/ca.pem" "$HOME/.okta/mine.pem"
printf 'okta: {client: {orgUrl: "%s", caFile: mine.pem}}\n' "$url" >"$HOME/.okta/okta.yaml"
exits 0 "$TOKENS" --token-file "$tmp/token" list
rm -r "$HOME/.okta" here.pem

# The org's certificate is checked.
exits 8 "$TOKENS" --org "$url" --token-file "$tmp/token" list
err_has "hint: the org's certificate is not trusted: --ca-file"
err_lacks 'trying again'
err_has 'okta-orgd ca print'

# A process that holds a secret leaves no core; and loads what it needs alone.
if [ -r /proc/self/limits ]; then
    (ulimit -c unlimited 2>/dev/null || :
        exec "$TOKENS" list --org "$url" --ca-file "$tmp/ca.pem" \
            --token-file "$tmp/fifo" >"$tmp/out" 2>"$tmp/err") &
    client=$!
    waits # for the pipe
    limits=$(grep 'core file' /proc/$client/limits)
    cat /proc/$client/maps >"$tmp/maps"
    cat "$tmp/token" >"$tmp/fifo"
    wait $client || fail 'the pipe was not read'
    if grep -E 'libyaml' "$tmp/maps"; then
        fail 'a library is loaded that a list in a pipe does not need'
    fi
    echo "$limits" | grep -q '  0  *0  ' || fail "cores: $limits"
fi

# An access token that is handed in; it may be longer than an API token.
stop
script
printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n[]' | answer 1
script_serve
put "$(printf '%3000s' '' | tr ' ' y)\n"
exits 0 env OKTA_CLIENT_AUTHORIZATIONMODE=Bearer "$TOKENS" --org "$url" \
    --token-file "$tmp/t" list -o json
grep -q '^Authorization: Bearer yyyyy' "$tmp/script/requests" || fail 'no bearer token'
