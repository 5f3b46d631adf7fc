#!/bin/sh
# password.sh - setting a user's password: from standard input, at a terminal,
# out of a seed; and where it does not stay.
. "$(dirname -- "$0")/lib.sh"

new_org a
password='correct horse ä'
row() { sql a "SELECT count(*) || substr(max(hash), 1, 3) FROM password"; }

# set_password TEXT [LOGIN]: its line on standard input; exit code and streams.
set_password() {
    got=0
    printf '%b' "$1" | "$ORGD" user password --data "$tmp/a" \
        --user "${2:-ada@example.com}" >"$tmp/out" 2>"$tmp/err" || got=$?
    out=$(cat "$tmp/out")
    err=$(cat "$tmp/err")
}

set_password "$password\\n"
is 'a password that is set' "$got$out$err" 0
is 'what is kept' "$(row)" '1$y$'
before=$(sql a 'SELECT hash FROM password')
set_password "$password\\n"
[ "$before" != "$(sql a 'SELECT hash FROM password')" ] || fail 'the same salt'
before=$(sql a 'SELECT hash FROM password')

# --- what is none changes nothing
for text in '' '\n' 'short\n' 'two lines\nof them\n' 'two lines\n\n' \
    'a control \001 character\n' 'not UTF-8 \377\377\377\n' 'a \003 Ctrl-C\n' \
    "$(head -c 257 /dev/zero | tr '\0' a)\\n" \
    "$(head -c 5000 /dev/zero | tr '\0' a)\\n"; do
    set_password "$text"
    is "exit code of '$text'" "$got" 1
    has "why '$text' is none" "$err" 'the password stays as it is: '
    lacks 'stderr' "$err" 'horse'
done
is 'the hash' "$(sql a 'SELECT hash FROM password')" "$before"
set_password "$password\\n" nobody
is 'exit code for nobody' "$got" 1
has 'nobody' "$err" 'no user has the login'
exits 2 "$ORGD" user password --data "$tmp/a"
exits 2 "$ORGD" user password --data "$tmp/a" --user ada@example.com "$password"
lacks 'stderr' "$err" 'horse'

# --- the longest, without a line's end, and with a carriage return
set_password "$(head -c 256 /dev/zero | tr '\0' a)"
is 'the longest' "$got$err" 0
set_password "$password\\r\\n"
is 'with a carriage return' "$got$err" 0

# --- at a terminal nothing that is typed shows
at_terminal() {
    got=0
    "$PTY" "$@" -- "$ORGD" user password --data "$tmp/a" \
        --user ada@example.com >"$tmp/shown" 2>&1 || got=$?
    shown=$(cat "$tmp/shown")
    lacks 'the terminal' "$shown" 'typed'
}
before=$(sql a 'SELECT hash FROM password')
at_terminal 'New password: ' 'typed one' 'Once more: ' 'typed two'
is 'exit code of two that differ' $got 1
has 'the terminal' "$shown" 'the two differ'
at_terminal 'New password: ' '^C'
is 'exit code of ^C' $got 1
has 'the terminal' "$shown" 'cancelled'
is 'the hash' "$(sql a 'SELECT hash FROM password')" "$before"
at_terminal 'New password: ' 'typed twice' 'Once more: ' 'typed twice'
is 'exit code of two that are the same' $got 0
[ "$before" != "$(sql a 'SELECT hash FROM password')" ] || fail 'not set'

# --- out of a seed
seed() {
    cat >"$tmp/seed.yaml"
    exits "$1" "$ORGD" seed --data "$tmp/a" "$tmp/seed.yaml"
}
seed 1 <<'END'
users:
  - login: bob
    password: short
END
has 'why' "$err" 'seed.yaml:3: users[0].password: it is shorter than 8'
is 'nobody came' "$(sql a 'SELECT count(*) FROM user')" 1
seed 0 <<'END'
users:
  - login: bob
    password: a seed for bob
END
is 'what is kept' "$(row)" '2$y$'
exits 1 "$ORGD" serve --data "$tmp/a"
has 'without --dev' "$err" '--dev'

# --- nowhere as it is
for secret in "$password" 'typed twice' 'a seed for bob'; do
    if grep -rqF -e "$secret" "$tmp/a"; then fail 'a password on the disk'; fi
done
