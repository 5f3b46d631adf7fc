#!/bin/sh
# document.sh - docs/orgd.md: each of its commands does what it says, and there
# is no call and no command of "dev" that it does not show.
. "$(dirname -- "$0")/lib.sh"

document=$here/../../docs/orgd.md
mkdir "$tmp/bin"
cat >"$tmp/bin/okta-orgd" <<END
#!/bin/sh
echo "\$*" >>"$tmp/commands"
[ "\$1-\$without" != dev-dev ] || exit 0
exec "$ORGD" "\$@"
END
# What is refused ends the run.
cat >"$tmp/bin/curl" <<END
#!/bin/sh
exec $(command -v curl) --fail-with-body "\$@"
END
chmod +x "$tmp/bin/okta-orgd" "$tmp/bin/curl"
ln -s "$OKTA_TOKENS" "$tmp/bin/okta-tokens"
export HOME="$tmp/home"
mkdir "$HOME"

{
    echo 'set -eu; trap "kill \$! 2>/dev/null; wait" EXIT'
    awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' "$document"
} >"$tmp/script"
lines=$(grep -c . "$tmp/script")
[ "$lines" -gt 20 ] || fail "only $lines lines in the document"

# seed: the one that is shown.
seed() {
    awk '/^```/ { on = 0 } $0 == "# seed.yaml" { on = 1 } on' "$document"
}

# run WITHOUT: all of it, or without the commands of "dev": then it is curl alone
# that asks.
run() {
    rm -rf "$tmp/work"
    mkdir "$tmp/work"
    seed >"$tmp/work/seed.yaml"
    (cd "$tmp/work" && without=$1 PATH=$tmp/bin:$PATH exec sh "$tmp/script") \
        >"$tmp/out" 2>"$tmp/run.err" ||
        fail "the document: exit $?: $(tail -n 5 "$tmp/out")"
}

# asked: all calls are there: what was asked is what the org says it has.
asked() {
    grep -o '{"calls":\[[^]]*\]}' "$tmp/out" | head -n 1 | jq -r '.calls[]' |
        sort >"$tmp/there"
    [ -s "$tmp/there" ] || fail 'the org lists no calls'
    sed -n 's,.*method=\([A-Z]*\) route=\(/_org/[^ ]*\) .*,\1 \2,p' "$tmp/run.err" |
        sort -u >"$tmp/asked"
    is 'calls' "$(cat "$tmp/asked")" "$(cat "$tmp/there")"
}

run nothing
asked
run dev
asked

# --- and so are all commands
"$ORGD" help | sed -n 's/^  \(dev [a-z ]*[a-z]\)   *.*/\1/p' >"$tmp/known"
[ -s "$tmp/known" ] || fail 'the help has no dev'
while read -r command; do
    grep -q "^$command --data" "$tmp/commands" || fail "the document lacks $command"
done <"$tmp/known"

# --- the seed has all keys that the man page has
sed -n '/^# SEED FILES/,/^# WHAT/p' "$here/../../docs/man/okta-orgd.1.scd" |
    sed -n 's/^ *\(- \)\{0,1\}\([a-zA-Z]*\):.*/\2/p' | sort -u >"$tmp/keys"
[ "$(wc -l <"$tmp/keys")" -gt 20 ] || fail 'the man page has no keys of seeds'
while read -r key; do
    seed | grep -q "^ *\(- \)\{0,1\}$key:" || fail "the seed lacks $key"
done <"$tmp/keys"
