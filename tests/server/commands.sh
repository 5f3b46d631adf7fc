#!/bin/sh
# commands.sh - the commands but serve: what they print, refuse and leave behind.
. "$(dirname -- "$0")/lib.sh"

# --- help, version, misuse
exits 0 "$ORGD" --help
has help "$out" 'token create'
is 'stderr of help' "$err" ''
help=$out
exits 0 "$ORGD" help
is 'help' "$out" "$help"
exits 0 "$ORGD" token create --help
has 'help of a command' "$out" '--window P30D'
lacks 'help of a command' "$out" '--listen'
exits 0 "$ORGD" version
has version "$out" 'okta-orgd '
exits 0 "$ORGD" --version

misuse() {
    wanted=$1
    shift
    exits 2 "$ORGD" "$@"
    is "stdout of $*" "$out" ''
    has "stderr of $*" "$err" "okta-orgd: "
    has "stderr of $*" "$err" "$wanted"
    is "lines of $*" "$(printf '%s\n' "$err" | wc -l)" 1
}
misuse 'which command' # nothing at all
misuse 'unknown command frob' frob
misuse 'user what? There is: add, list' user
misuse 'token what? There is: create' token frob
misuse '--data DIR is missing' init
misuse '--data takes a value' init --data
misuse 'given twice' init --data a --data b
misuse 'unknown option --frob' init --data a --frob
misuse 'unknown option --login' init --data a --login b
misuse 'takes no value' serve --data a --dev=yes
misuse 'init: takes no argument' init --data a x
misuse 'what is "y"' seed --data a x y
misuse 'FILE is missing' seed --data a
misuse '--user L is missing' token create --data a --name n
misuse 'not an ISO 8601 duration' token create --data a --name n --user u \
    --window 30D
misuse 'unknown; there are SUPER_ADMIN' user add --data a --login l --role BOSS
misuse 'not a time' seed --data a --now yesterday x
misuse '1 to 255 bytes' user add --data a --login ''
for login in '@' a@ @b a@b@c a@.b a@b. a@b..c; do
    misuse 'an address such as' user add --data a --login "$login"
done
for login in 'a b' "$(printf 'a\tb')" "$(printf 'a\342\200\256b')"; do
    misuse 'no space and no invisible' user add --data a --login "$login"
done
misuse '1 to 100 characters' user add --data a --login "$(head -c 101 /dev/zero | tr '\0' n)"
misuse '1 to 255 bytes' token create --data a --user u \
    --name "$(head -c 256 /dev/zero | tr '\0' n)"
misuse 'not UTF-8' token create --data a --user u --name "$(printf 'a\377')"
misuse '\u{202e}' frob"$(printf '\342\200\256')" # escaped on a terminal

# A secret where it should not be is not repeated.
secret=00abcdefghijabcdefghijabcdefghijabcdefghij
misuse 'looks like a secret' token create --data a --user u --name "x $secret"
lacks 'a secret in a name' "$err" "$secret"
misuse 'not shown' init --data a --$secret
lacks 'a secret as an option' "$err" "$secret"
misuse 'not shown' $secret
lacks 'a secret as a command' "$err" "$secret"

# --- init
exits 0 "$ORGD" init --data "$tmp/a"
is 'stdout of init' "$out" ''
is 'mode of the folder' "$(stat -c %a "$tmp/a")" 700
for file in "$tmp"/a/*; do
    is "mode of $file" "$(stat -c %a "$file")" 600
done
for file in orgd.db ca.pem ca.key cursor.key; do
    [ -s "$tmp/a/$file" ] || fail "init made no $file"
done
exits 1 "$ORGD" init --data "$tmp/a"
has 'init again' "$err" 'it is not empty'
mkdir -m 755 "$tmp/b"
exits 0 "$ORGD" init --data "$tmp/b"
is 'mode of a folder that was there' "$(stat -c %a "$tmp/b")" 700
exits 1 "$ORGD" init --data "$tmp/none/c"
has 'init nowhere' "$err" 'no such file or folder'
touch "$tmp/file"
exits 1 "$ORGD" init --data "$tmp/file"
has 'init on a file' "$err" 'is no folder'
if cmp -s "$tmp/a/ca.key" "$tmp/b/ca.key"; then fail 'two CAs, one key'; fi
if cmp -s "$tmp/a/cursor.key" "$tmp/b/cursor.key"; then
    fail 'two orgs, one cursor key'
fi

# --- a folder that is no org's, or open to others
exits 1 "$ORGD" user add --data "$tmp/none" --login l
has 'no folder' "$err" 'okta-orgd init makes one'
chmod 750 "$tmp/b"
exits 1 "$ORGD" user add --data "$tmp/b" --login l
has 'open folder' "$err" 'others may enter it (chmod 0700)'
exits 1 "$ORGD" serve --data "$tmp/b"
has 'open folder' "$err" 'others may enter it (chmod 0700)'
chmod 700 "$tmp/b"
chmod 644 "$tmp/b/ca.key"
exits 1 "$ORGD" serve --data "$tmp/b"
has 'open key' "$err" 'ca.key in the data folder: everybody may read it'
chmod 600 "$tmp/b/ca.key"
chmod 620 "$tmp/b/cursor.key"
exits 1 "$ORGD" serve --data "$tmp/b"
has 'open cursor key' "$err" 'others may write it'
mkdir -m 700 "$tmp/empty"
exits 1 "$ORGD" serve --data "$tmp/empty"
has 'empty folder' "$err" 'okta-orgd init makes one'

# --- user add
exits 0 "$ORGD" user add --data "$tmp/a" --login ada@example.com
case $out in 00u?????????????????) ;; *) fail "user add printed '$out'" ;; esac
is 'the default role' "$(sql a 'SELECT role FROM user')" SUPER_ADMIN
exits 1 "$ORGD" user add --data "$tmp/a" --login ADA@example.com
has 'a login twice' "$err" 'that login is taken'
exits 0 "$ORGD" user add --data="$tmp/a" --login=rita --role=READ_ONLY_ADMIN
is 'the role' "$(sql a "SELECT role FROM user WHERE login = 'rita'")" \
    READ_ONLY_ADMIN

# --- token create
exits 0 "$ORGD" token create --data "$tmp/a" --name ci --user ada@example.com
is 'stderr of token create' "$err" ''
is 'length of a secret' "${#out}" 42
case $out in *[!A-Za-z0-9_-]*) fail "a secret with odd characters" ;; esac
case $out in 00*) ;; *) fail "a secret that does not begin with 00" ;; esac
secret=$out
row=$(sql a "SELECT name, client_name, token_window, connection,
    expires - created, last_updated - created FROM token")
is 'the token' "$row" 'ci|Okta API|P30D|ANYWHERE|2592000|0'
hash=$(printf %s "$secret" | openssl dgst -sha256 | sed 's/.* //')
is 'its hash' "$(sql a 'SELECT lower(hex(hash)) FROM token')" "$hash"
if grep -rqF -e "$secret" "$tmp/a"; then fail 'the secret is on the disk'; fi
exits 0 "$ORGD" token create --data "$tmp/a" --name 'five minutes' \
    --user rita --window PT5M
is 'its window' "$(sql a "SELECT expires - created, token_window FROM token
    WHERE name = 'five minutes'")" '300|PT5M'
exits 1 "$ORGD" token create --data "$tmp/a" --name x --user nobody
has 'no such user' "$err" 'okta-orgd user add makes one'
exits 0 "$ORGD" token create --data "$tmp/a" --name then --user rita \
    --now 2025-01-01T00:00:00Z
is 'its time' "$(sql a "SELECT created FROM token WHERE name = 'then'")" \
    1735689600

# Output that could not be written is no success.
if "$ORGD" token create --data "$tmp/a" --name x --user rita >/dev/full \
    2>"$tmp/err"; then
    fail 'a secret that nobody got'
fi
has 'full disk' "$(cat "$tmp/err")" 'could not write to stdout'
exits 0 "$ORGD" user suspend --data "$tmp/a" --user rita
exits 1 "$ORGD" token create --data "$tmp/a" --name x --user rita
has 'a user who is suspended' "$err" 'not active'
exits 0 "$ORGD" user activate --data "$tmp/a" --user rita
is 'a secret that nobody got' \
    "$(sql a "SELECT count(*) FROM token WHERE name = 'x'")" 0

# --- token list, token revoke, group list
"$ORGD" init --data "$tmp/l"
ada=$("$ORGD" user add --data "$tmp/l" --login ada@example.com)
bob=$("$ORGD" user add --data "$tmp/l" --login bob@example.com)
exits 0 "$ORGD" token list --data "$tmp/l"
is 'no tokens' "$out" ''
for name in one two; do create l "$name" >/dev/null; done
create l "$(printf 'a\033[2J')" bob@example.com >/dev/null
tab=$(printf '\t')
exits 0 "$ORGD" token list --data "$tmp/l"
is 'all tokens' "$(printf '%s\n' "$out" | cut -f 4-)" \
    "$bob${tab}ANYWHERE${tab}Okta API${tab}a\\x1b[2J
$ada${tab}ANYWHERE${tab}Okta API${tab}one
$ada${tab}ANYWHERE${tab}Okta API${tab}two"
exits 0 "$ORGD" token list --data "$tmp/l" --user ada@example.com
ids=$(printf '%s\n' "$out" | cut -f 1)
is 'those of a user' "$(printf '%s\n' "$out" | cut -f 7 | paste -sd' ' -)" 'one two'
exits 1 "$ORGD" token list --data "$tmp/l" --user nobody
exits 1 "$ORGD" token revoke --data "$tmp/l" 00Tnone $ids
has 'one that does not exist' "$err" 'no token has the id 00Tnone; okta-orgd token list'
is 'the others are revoked' "$(sql l 'SELECT count(*) FROM token')" 1
is 'events' "$(sql l "SELECT count(*) FROM event WHERE type = 'system.api_token.revoke'")" 2
exits 2 "$ORGD" token revoke --data "$tmp/l"
exits 0 "$ORGD" group add --data "$tmp/l" --name Ops --role ORG_ADMIN
ops=$out
exits 0 "$ORGD" group add --data "$tmp/l" --name Auditors
exits 0 "$ORGD" group list --data "$tmp/l"
is 'groups' "$out" "$(printf '%s\n' "$out" | sed -n 's/\tnone\tAuditors$//p')${tab}none${tab}Auditors
$ops${tab}ORG_ADMIN${tab}Ops"

# --- the keys of a fault
exits 0 "$ORGD" dev faults add --help
for key in do method path token client status code summary cause header.NAME reset ms bytes \
    when skip count probability seed; do
    printf '%s\n' "$out" | grep -q "^  $key=" || fail "help of faults lacks $key"
done
has 'what do may be' "$out" 'half-close'
exits 0 "$ORGD" dev faults list --help
lacks 'of another command' "$out" 'do='

# --- help, where one looks for it
exits 0 "$ORGD" help serve
has 'help serve' "$out" --listen
exits 0 "$ORGD" token --help
has 'token --help' "$out" 'token create'
exits 2 "$ORGD" token
has 'token' "$err" 'token what? There is: create'
exits 2 "$ORGD" help nonsense
has 'help nonsense' "$err" 'unknown command nonsense'

# --- ca print
exits 0 "$ORGD" ca print --data "$tmp/a"
is 'ca print' "$out" "$(cat "$tmp/a/ca.pem")"
lacks 'ca print' "$out" PRIVATE

# --- a database of another kind
cp "$tmp/a/orgd.db" "$tmp/copy"
sql a 'PRAGMA user_version = 99'
exits 1 "$ORGD" token create --data "$tmp/a" --name x --user rita
has 'another version' "$err" 'none of this version'
