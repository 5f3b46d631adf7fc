#!/bin/sh
# usage.sh - reading the command line, help and version.
. "$(dirname "$0")/lib.sh"

id=00Tabcdefghijklmnopq
# What is let through by mistake ends otherwise: there is no credential (4).
export OKTA_CLIENT_ORGURL=https://127.0.0.1:1

# Nothing asked, and all kinds of help.
exits 2 "$TOKENS"
out_is ''
err_has 'usage: okta-tokens'
exits 0 "$TOKENS" help
err_is ''
for word in list get restrict revoke revoke-current version completion \
    Get-OktaApiToken Invoke-OktaListApiTokens Revoke-OktaApiToken \
    Revoke-OktaCurrentApiToken Get-OktaConfiguration --token-file environment; do
    out_has "$word"
done
exits 0 "$TOKENS" --help
out_has 'usage: okta-tokens'
exits 0 "$TOKENS" -h
exits 0 "$TOKENS" restrict --help
out_has 'usage: okta-tokens restrict [OPTION...] ID...'
out_has '--not-zone ZONE'
exits 0 "$TOKENS" help restrict
out_has '--not-zone ZONE'
exits 0 "$TOKENS" help get-oktaapitoken
out_has '[-ApiTokenId] ID'
for topic in environment exit-codes output security with; do
    exits 0 "$TOKENS" help $topic
    [ -s "$tmp/out" ] || fail "help $topic is empty"
    awk 'length > 79 { exit 1 }' "$tmp/out" || fail "help $topic is too wide"
done
exits 0 "$TOKENS" help exit-codes
for code in 0 1 2 4 5 6 7 8 9 10 11 '128 + n'; do
    grep -q "^  $code  " "$tmp/out" || fail "exit code $code is not told"
done
exits 2 "$TOKENS" help nonsense
err_has "no command or topic 'nonsense'"
version=$(sed -n 's/^#define OKTA_VERSION_[A-Z]* \([0-9]*\)$/\1/p' \
    "$(dirname "$0")/../../include/okta/base.h" |
    paste -s -d .)
exits 0 "$TOKENS" version
out_is "okta-tokens $version
libokta $version"
exits 0 "$TOKENS" --version
out_has 'libokta'

# Slips, each with what was meant.
exits 2 "$TOKENS" lsit
err_has 'unknown command lsit; did you mean list?'
for word in revok revokes revoke-curent Revoke-OktaApiTokn; do
    exits 2 "$TOKENS" $word
    err_lacks 'did you mean revoke'
    err_lacks 'did you mean Revoke'
done
exits 2 "$TOKENS" get-oktaapitokn $id
err_has 'did you mean Get-OktaApiToken?'
exits 2 "$TOKENS" frobnicate
err_is 'okta-tokens: unknown command frobnicate
hint: okta-tokens help'
exits 2 "$TOKENS" list --fileds id
err_has 'unknown option --fileds; did you mean --fields?'
exits 2 "$TOKENS" Invoke-OktaListApiTokens -Limt 3
err_has 'unknown option -Limt; did you mean -Limit?'
exits 2 "$TOKENS" list --frobnicate
err_is 'okta-tokens: unknown option --frobnicate'
exits 2 "$TOKENS" list -x
err_has 'unknown option -x'
exits 2 "$TOKENS" get $id --zone nzo1
err_has 'get does not take --zone'
exits 2 "$TOKENS" --max 3 list
err_has '--max belongs after the name of a command'
exits 2 "$TOKENS" list --max
err_has '--max needs a value: N'
exits 2 "$TOKENS" list --no-header=1
err_has '--no-header takes no value'
exits 2 "$TOKENS" list --limit 1 --limit 2
err_has '--limit is given twice'
exits 2 "$TOKENS" list --limit=1 --max 5
err_has 'which one?'
exits 2 "$TOKENS" list extra
err_has "list does not take 'extra'"
err_has "--q 'extra'"
exits 2 "$TOKENS" list -q CI
err_has 'unknown option -q; did you mean --q?'
exits 2 "$TOKENS" --q CI list
err_has 'hint: okta-tokens list --q TEXT'
exits 2 "$TOKENS" get
err_has 'get needs ID...'
err_has 'hint: "okta-tokens list" shows the ids'
exits 2 "$TOKENS" completion
exits 2 "$TOKENS" completion tcsh
err_has "not 'tcsh'"
exits 2 "$TOKENS" list --org ''
err_has '--org may not be empty'

# Values out of range.
for bad in 0 201 -1 1x ' 1' 99999999999999999999 ''; do
    exits 2 "$TOKENS" list --limit "$bad"
    err_has '--limit takes a whole number from 1 to 200'
done
exits 2 "$TOKENS" list --max 0
exits 2 "$TOKENS" list --timeout 0
exits 2 "$TOKENS" list --timeout 3601
exits 2 "$TOKENS" list --retries 101
exits 2 "$TOKENS" list --max-wait 86401
exits 2 "$TOKENS" list --reserve 100
err_has '--reserve takes a whole number from 0 to 99'
exits 2 "$TOKENS" list -o xml
err_has "--output takes table|json|jsonl|csv|tsv, not 'xml'"
exits 2 "$TOKENS" list -oxml
exits 2 "$TOKENS" list --time soon
exits 2 "$TOKENS" list --color maybe
exits 2 "$TOKENS" list --fields nonsense
err_has nonsense
exits 2 "$TOKENS" Invoke-OktaListApiTokens -Limit 201
err_has '-Limit takes a whole number'
exits 2 "$TOKENS" list --proxy http://me:hunter2@proxy:3128
err_lacks hunter2
err_has 'must not hold a user or a password'
exits 2 "$TOKENS" list --org http://acme.okta.com
grep -q '^okta-tokens: --org is not usable: ' "$tmp/err" || fail 'no plain message'
err_lacks orgUrl
exits 2 "$TOKENS" list --proxy 'http://a b'


# What is no id. Nothing is sent: there is no org here.
for bad in '' . .. current abc 00Tabcdefghijklmnop_ 00Tabcdefghijklmnopqr \
    00T 'a/b' '00Tabcdefghijklmnop%71' 00uabcdefghijklmnopq; do
    for command in get revoke restrict; do
        more=
        [ $command != restrict ] || more=--anywhere
        exits 2 "$TOKENS" $command "$bad" $more
        err_has 'okta-tokens:'
        err_lacks 'no credential'
    done
done
exits 2 "$TOKENS" revoke current --yes
err_has 'revoke-current'
exits 2 "$TOKENS" get 00Tabc
err_has "'00Tabc' is no whole token id"
exits 2 "$TOKENS" get --name ci
err_has 'no terminal'
exits 2 "$TOKENS" get -- --name
err_has "'--name' is no token id"

# What has the shape of a secret, wherever it stands.
exits 2 "$TOKENS" get "$secret"
err_has 'has the shape of an API token'
exits 2 "$TOKENS" "$secret"
exits 2 "$TOKENS" list --q "$secret"
exits 2 "$TOKENS" list --token-file="$secret"
exits 2 "$TOKENS" list "--$secret"
exits 2 "$TOKENS" list --org "https://acme.okta.com/$secret"
exits 2 "$TOKENS" get "x/$secret"
exits 2 "$TOKENS" Get-OktaApiToken "-ApiTokenId:$secret"
exits 2 "$TOKENS" list -o json --after "$secret"
err_json .error.code usage

# restrict: exactly one way.
exits 2 "$TOKENS" restrict $id
err_has 'takes one of --zone'
exits 2 "$TOKENS" restrict $id --anywhere --no-zone
exits 2 "$TOKENS" restrict $id --zone nzo1 --not-zone nzo2
exits 2 "$TOKENS" restrict $id --zone ''

# Errors in JSON, wherever -o stands, and what is foreign escaped.
exits 2 "$TOKENS" -o jsonl lsit
err_json '.error | keys_unsorted | join(" ")' \
    'code message http oktaErrorCode errorId requestId causes hint'
err_json .error.message 'unknown command lsit; did you mean list?'
exits 2 "$TOKENS" lsit --output=json
err_json .error.code usage
exits 2 "$TOKENS" lsit -ojson
err_json .error.code usage
exits 2 "$TOKENS" "$(printf 'l\033[31m\342\200\256')"
err_has 'unknown command l\x1b[31m\u{202e}'
exits 2 "$TOKENS" -o json "$(printf 'l\033\342\200\256')"
err_has 'l\\x1b\\u{202e}'

# Settings that lack, before anything else.
unset OKTA_CLIENT_ORGURL
exits 2 "$TOKENS" list
err_has 'no organisation is set'
err_has 'give --org https://acme.okta.com'
exits 2 env OKTA_CLIENT_TOKEN=x "$TOKENS" list
err_has 'no organisation is set'
err_has 'give --org https://acme.okta.com'
exits 0 "$TOKENS" help environment
out_has OKTA_CLIENT_CAFILE
exits 4 "$TOKENS" list --org https://acme.okta.com
err_has 'no credential'
exits 4 "$TOKENS" list --org https://acme.okta.com -o json
err_json .error.code auth
# What was not begun is no empty list.
exits 4 "$TOKENS" get $id 00Tabcdefghijklmnopr -o json --org https://acme.okta.com
out_is '['
exits 4 "$TOKENS" list -o json --org https://acme.okta.com
out_is '['
