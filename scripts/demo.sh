#!/bin/sh
# demo.sh - every operation on an org of this machine's own, with real output.
# Run by "./run demo [--keep]" from the project's root, after a release build.
set -eu

keep=false
case ${1:-} in
    '') ;;
    --keep) keep=true ;;
    *) echo "usage: ./run demo [--keep]" >&2; exit 2 ;;
esac

bin=$(pwd)/build/release/bin
seed=$(pwd)/scripts/demo-seed.yaml
PATH=$bin:$PATH
umask 077
work=$(mktemp -d)
pid=
cleanup() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    fi
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Nothing of the caller's own org may take part: no files, no environment.
HOME=$work
export HOME
for name in $(env | sed -n 's/^\(OKTA_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done

say() { printf '\n# %s\n' "$*"; }

# Shows a command and runs it. $1: the exit code it must have.
show() {
    expected=$1
    shift
    printf '$'
    for word; do
        case $word in
            *[!-A-Za-z0-9_./:=,]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    code=0
    "$@" 2>&1 || code=$?
    [ "$code" -eq 0 ] || printf '[exit code %d]\n' "$code"
    if [ "$code" -ne "$expected" ]; then
        printf 'demo: expected exit code %d\n' "$expected" >&2
        exit 1
    fi
}

say 'An org of our own: a database, a certificate authority, 33 tokens.'
cd "$work"
show 0 okta-orgd init --data org
show 0 okta-orgd seed --data org "$seed"
okta-orgd ca print --data org >ca.pem
okta-orgd serve --data org --dev >url 2>log &
pid=$!
tries=0
until [ -s url ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$pid" 2>/dev/null; then
        echo 'demo: okta-orgd did not start:' >&2
        cat log >&2
        exit 1
    fi
    sleep 0.1
done
url=$(head -n 1 url)
printf '$ okta-orgd serve --data org --dev &\n%s\n' "$url"

secret() { sed -n "/id: $1/,/secret:/s/.*secret: *//p" "$seed"; }

OKTA_CLIENT_ORGURL=$url
OKTA_CLIENT_CAFILE=$work/ca.pem
OKTA_CLIENT_TOKEN=$(secret 00Tdemoadmin00000001)
export OKTA_CLIENT_ORGURL OKTA_CLIENT_CAFILE OKTA_CLIENT_TOKEN

say 'Which tokens exist, whose are they, which are dangerous?'
show 0 okta-tokens list -o table

say 'Whose is a token, what may that person do, and from where?'
show 0 okta-tokens list --q script -o table --with owner,roles,zones

say 'Only those of the agents, by name or client name.'
show 0 okta-tokens list --q agent -o table

say 'One of them, as the org sends it, with what it means added as x.'
show 0 okta-tokens get 00Tforgotten00000018 -o json

say 'Where may it be used from? From one network zone alone from now on.'
show 0 okta-tokens restrict 00Tforgotten00000018 --zone nzoOfficeBerlin00001

say 'It should not exist at all. First what would happen, then for good.'
show 0 okta-tokens revoke 00Tforgotten00000018 --dry-run
show 0 okta-tokens revoke 00Tforgotten00000018 --yes
show 6 okta-tokens get 00Tforgotten00000018

say 'Agents are guarded: revoking one would cut off a directory.'
show 11 okta-tokens revoke 00Tadagent0000000022 --yes

say 'A token that leaked can kill itself; nobody needs to know its id.'
OKTA_CLIENT_TOKEN=$(secret 00Tdemoself000000002)
show 0 okta-tokens revoke-current --yes
say 'And that is what a revoked token gets from then on.'
show 4 okta-tokens list

say 'The same by the names of the PowerShell module.'
OKTA_CLIENT_TOKEN=$(secret 00Tdemoadmin00000001)
show 0 okta-tokens Invoke-OktaListApiTokens -Limit 2 -Q 'CI ' -o tsv

say 'Or sign in, in a browser. To a program it is told what a person has to do.'
app=0oaOktaTokens0000001
unset OKTA_CLIENT_TOKEN
show 0 okta-tokens login --client-id $app --non-interactive

if ! $keep; then
    say 'Keep the org running and try by hand:  ./run demo --keep'
    exit 0
fi

say 'The org keeps running until you press Ctrl-C. In another terminal:'
cat <<END
export PATH=$bin:\$PATH
export OKTA_CLIENT_ORGURL=$url
export OKTA_CLIENT_CAFILE=$work/ca.pem

# Sign in with a browser, as ada.admin@example.com, password demo-password. (It
# will say that it does not know the org's own certificate authority.)
okta-tokens login --client-id $app
okta-tokens whoami
okta-tokens list

# Or with an API token; another client, too:
export OKTA_CLIENT_TOKEN=$(secret 00Tdemoadmin00000001)
curl --cacert $work/ca.pem -H "Authorization: SSWS \$OKTA_CLIENT_TOKEN" \\
    $url/api/v1/api-tokens

# A token of your own, its secret shown this once:
okta-orgd token create --data $work/org --name mine --user ada.admin@example.com

# The org's log: $work/log
END
wait "$pid"
