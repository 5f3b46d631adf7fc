#!/bin/sh
# documents.sh - help, man page and completions know the same commands and
# options as the program.
. "$(dirname "$0")/lib.sh"

# Every option that any help tells, and every command.
"$TOKENS" help >"$tmp/help"
commands=$(sed -n '/^Commands/,/^Options/s/^  \([A-Za-z][A-Za-z-]*\).*/\1/p' "$tmp/help")
is 'commands' "$(echo "$commands" | wc -w | tr -d ' ')" 19
for command in $commands; do
    "$TOKENS" help "$command"
done >"$tmp/helps"
options=$(grep -hoE '^  (-[a-z], )?(--[a-z-]+|-[A-Z][A-Za-z]+)' "$tmp/helps" "$tmp/help" |
    sed 's/.* //' | sort -u)
[ "$(echo "$options" | wc -l)" -ge 36 ] || fail "only these options: $options"

# Each command shows two examples, which are told apart from its options, and
# names the options of every command without explaining them again.
for command in $commands; do
    "$TOKENS" "$command" --help >"$tmp/out"
    is "examples of $command" "$(sed -n '/^Examples:/,/^$/p' "$tmp/out" |
        grep -cE "^  okta-tokens $command( |\$)")" 2
    is "--retries in the help of $command" "$(grep -c -e --retries "$tmp/out")" 1
    if grep -q 'send a failed request again' "$tmp/out"; then
        fail "the help of $command explains what every command takes"
    fi
    [ ! -e "${MAN_PAGE-}" ] ||
        is "examples of $command in the man page" \
            "$(sed 's/\\-/-/g; s/\\f[BIRP]//g' "$MAN_PAGE" |
                grep -cE "^okta-tokens $command( |\$)" |
                awk '{ print ($1 >= 2) ? "yes" : "no" }')" yes
done

for shell in bash zsh fish; do
    "$TOKENS" completion $shell >"$tmp/$shell"
done
if [ -e "${MAN_PAGE-}" ]; then
    # Without the marks of roff.
    sed 's/\\-/-/g; s/\\f[BIRP]//g; s/\\&//g' "$MAN_PAGE" >"$tmp/man"
fi

known() {
    for word in $commands $options; do
        grep -qE -e "(^|[^A-Za-z-])$word([^A-Za-z-]|\$)" "$tmp/$1" ||
            fail "$1 does not know $word"
    done
}
known bash
known zsh
[ ! -e "$tmp/man" ] || known man
for word in $commands; do
    grep -q -e "-a $word " "$tmp/fish" || fail "fish does not know $word"
done
for option in $options; do
    case $option in
    --*) grep -q -e " -l ${option#--} " "$tmp/fish" || fail "fish: $option" ;;
    *) grep -q -e " -o ${option#-} " "$tmp/fish" || fail "fish: $option" ;;
    esac
done

# And they know no others.
unknown() {
    for word in $1; do
        case " $(echo "$options" | tr '\n' ' ')" in
        *" $word "*) ;;
        *) fail "there is no option $word, but $2 has it" ;;
        esac
    done
}
unknown "$(grep -hoE -e "[ ']--[a-z][a-z-]+" "$tmp/bash" | sed "s/^[ ']//" | sort -u |
    grep -vxE -e '--')" bash
unknown "$(grep -hoE -e "'\*?--[a-z][a-z-]+\[" "$tmp/zsh" | sed "s/^'\**//; s/\[//" |
    sort -u)" zsh
unknown "$(grep -hoE -e ' -l [a-z-]+' "$tmp/fish" | sed 's/ -l /--/' | sort -u)" fish
if [ -e "$tmp/man" ]; then
    unknown "$(grep -hoE -e '--[a-z][a-z-]+' "$tmp/man" | sort -u |
        grep -vxE -e '--(opt)')" 'the man page'
fi

# Every option is taken by the command whose help has it; and those of others
# are not, for which two commands shall do.
help_options() {
    grep -hoE '^  (-[a-z], )?(--[a-z-]+|-[A-Z][A-Za-z]+)' | sed 's/.* //' | sort -u
}
globals=$(help_options <"$tmp/help")
for command in $commands; do
    own=$("$TOKENS" "$command" --help | help_options)
    for option in $options; do
        case " $(echo "$globals" | tr '\n' ' ')" in *" $option "*) continue ;; esac
        case " $(echo "$own" | tr '\n' ' ')" in
        *" $option "*) refused=no ;;
        *) case $command in list | Get-OktaApiToken) refused=yes ;; *) continue ;; esac ;;
        esac
        "$TOKENS" "$command" "$option" --help >"$tmp/out" 2>"$tmp/err" </dev/null || :
        got=no
        ! grep -qE 'does not take|unknown option' "$tmp/err" || got=yes
        is "whether $command refuses $option" $got $refused
    done
done

# The scripts are ones, where there is such a shell.
for shell in bash zsh fish; do
    ! command -v $shell >/dev/null || $shell -n "$tmp/$shell" ||
        fail "no script for $shell"
done
command -v bash >/dev/null || exit 0
completes() {
    bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _okta_tokens
        echo "${COMPREPLY[*]}"' bash "$tmp/bash" "$@"
}
is completion "$(completes okta-tokens revoke-)" revoke-current
is completion "$(completes okta-tokens get-oktaa)" Get-OktaApiToken
is completion "$(completes okta-tokens ge)" get
is completion "$(completes okta-tokens list --ma)" '--max-wait --max'
is completion "$(completes okta-tokens -o json restrict --no)" \
    '--no-header --no-pager --not-zone --no-zone'
is completion "$(completes okta-tokens list -o js)" 'json jsonl'
is completion "$(completes okta-tokens completion '' | cut -d ' ' -f 1-3)" 'bash zsh fish'
is completion "$(completes okta-tokens help exit)" exit-codes
is completion "$(completes okta-tokens Get-OktaApiToken -Api)" -ApiTokenId
# Lists, whose words are taken once each.
is completion "$(completes okta-tokens list --with '')" 'owner roles zones'
is completion "$(completes okta-tokens list --with owner,)" 'owner,roles owner,zones'
is completion "$(completes okta-tokens list --with owner,z)" 'owner,zones'
is completion "$(completes okta-tokens list --fields id,x.owner.l)" 'id,x.owner.login'
# What the command itself tells; names are the org's text, and no shell's.
mkdir "$tmp/bin"
cat >"$tmp/bin/okta-tokens" <<'END'
#!/bin/sh
case $* in
'profile list') printf '* acme\thttps://acme.okta.com\tbrowser\n  beta\thttps://b\tbrowser\n' ;;
*zones*) printf 'nzo1\tHead Office\nnzo2\t$(touch owned)\nnzo3\t%s\n' "$*" ;;
esac
END
chmod +x "$tmp/bin/okta-tokens"
PATH="$tmp/bin:$PATH"
is completion "$(completes okta-tokens list --profile '')" 'acme beta'
is completion "$(completes okta-tokens list --profile b)" beta
is completion "$(completes okta-tokens restrict --zone H)" 'Head\ Office'
is completion "$(completes okta-tokens restrict --not-zone '$')" '\$\(touch\ owned\)'
is completion "$(completes okta-tokens --profile acme restrict --zone --)" \
    '--profile\ acme\ zones\ -o\ tsv'
[ ! -e owned ] || fail 'the name of a zone was run'
command -v fish >/dev/null || exit 0
fish_completes() {
    fish --no-config -c ". $tmp/fish; complete -C '$1'" | cut -f 1 | tr '\n' ' '
}
is fish "$(fish_completes 'okta-tokens list --with owner,')" 'owner,roles owner,zones '
is fish "$(fish_completes 'okta-tokens list --profile ')" 'acme beta '
