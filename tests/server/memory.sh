#!/bin/sh
# memory.sh - a secret that has been used is not left lying in the server's
# memory. Over TLS the copies of GnuTLS are out of reach, so without it.
. "$(dirname -- "$0")/lib.sh"

new_org a
one=$(create a one)
two=$(create a two)
two_id=$(sql a "SELECT id FROM token WHERE name = 'two'")
password='correct-horse-battery'
echo $password | "$ORGD" user password --data "$tmp/a" --user ada@example.com
start a --tls off
[ -r "/proc/$pid/mem" ] || exit 77
dd if="/proc/$pid/mem" of=/dev/null bs=1 count=0 2>/dev/null || exit 77
list=/api/v1/api-tokens

# In all that it can write to, but for what is too large to be anything but a
# sanitizer's own.
holds() { # TEXT
    sed -n 's/^\([0-9a-f]*\)-\([0-9a-f]*\) rw.*/\1 \2/p' "/proc/$pid/maps" |
        while read -r from to; do
            pages=$(((0x$to - 0x$from) / 4096))
            [ $pages -le 16384 ] || continue
            dd if="/proc/$pid/mem" bs=4096 skip=$((0x$from / 4096)) \
                count=$pages 2>/dev/null
        done | grep -aqF -e "$1"
}

# Connections that stay open: their memory is not given back.
n=0
ask() { # METHOD PATH SECRET
    send '%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS %s\r\n\r\n' "$@"
}
send() { # FORMAT ARGUMENT...
    n=$((n + 1))
    mkfifo "$tmp/in$n"
    "$RAW" "$port" 60000 <"$tmp/in$n" >"$tmp/out$n" &
    clients="${clients-} $!"
    exec 3>"$tmp/in$n"
    # shellcheck disable=SC2059 # the formats are the requests
    printf "$@" >&3
    exec 3>&-
}
unknown=00unknown-unknown-unknown-unknown-un-00006
ask GET $list "$one"
ask GET $list/00Tnone "$two"
ask GET $list $unknown
ask DELETE $list/$two_id "$one"
# Somebody who signs in: the id before, the password, and the id from then on.
before=before-before-before-before-before-before-0
form_token=$(curl -s -H "Cookie: okta-orgd=$before" "$url/login" |
    sed -n 's/.*name="form_token" value="\([0-9a-f]*\)".*/\1/p')
n=$((n + 1))
form="form_token=$form_token&login=ada@example.com&password=$password"
send 'POST /login HTTP/1.1\r\nHost: x\r\nCookie: okta-orgd=%s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %s\r\n\r\n%s' \
    $before ${#form} "$form"
n=$((n + 1))
after=$(curl -s -D - -H "Cookie: okta-orgd=$before" -d "$form" "$url/login" |
    sed -n 's/^Set-Cookie: okta-orgd=\([^;]*\);.*/\1/p')
is 'length of the new id' ${#after} 43
i=0
while [ "$(grep -c '^time=' "$tmp/a.err")" -lt $n ]; do
    i=$((i + 1))
    [ $i -lt 100 ] || fail 'no answers'
    sleep 0.05
done
holds api-tokens || fail 'this test would find nothing'
# The first bytes of what was freed may be the allocator's by now.
for secret in "$one" "$two" $unknown $before $password "${after#?????????}" \
    "$form_token"; do
    if holds "$secret"; then fail 'a secret is in memory after its request'; fi
done
stop
for client in $clients; do
    wait "$client" || :
done
