#!/bin/sh
# memory.sh - a secret that has been used is not left lying in the server's
# memory. Over TLS the copies of GnuTLS are out of reach, so without it.
. "$(dirname -- "$0")/lib.sh"

new_org a
openssl ecparam -name prime256v1 -genkey -noout -out "$tmp/app.pem"
service=$("$ORGD" app add --data "$tmp/a" --name Audit --type service \
    --scopes okta.apiTokens.read --role READ_ONLY_ADMIN --key "$tmp/app.pem")
native=$("$ORGD" app add --data "$tmp/a" --name CLI --type native \
    --scopes okta.apiTokens.read)
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
ask() { # METHOD PATH CREDENTIAL
    send '%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n' "$1" "$2" "$3"
}
post() { # PATH FORM [HEADER\r\n]
    send 'POST %s HTTP/1.1\r\nHost: x\r\n'"${3-}"'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" ${#2} "$2"
}
answered() {
    i=0
    while [ "$(grep -c '^time=' "$tmp/a.err")" -lt $n ]; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail 'no answers'
        sleep 0.05
    done
}
member() { # NAME: of the last answer, once it is whole
    i=0
    while ! grep -q "\"$1\":" "$tmp/out$n"; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail "no $1 in $(cat "$tmp/out$n")"
        sleep 0.05
    done
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$tmp/out$n"
}
unknown=00unknown-unknown-unknown-unknown-un-00006
ask GET $list "SSWS $one"
ask GET $list/00Tnone "SSWS $two"
ask GET $list "SSWS $unknown"
ask DELETE $list/$two_id "SSWS $one"
now=$(date +%s)
assertion=$("$JWT" sign "$tmp/app.pem" '' "{\"iss\":\"$service\",\"sub\":\"$service\",\"aud\":\"$url/oauth2/v1/token\",\"exp\":$((now + 300)),\"jti\":\"once\"}")
jwt=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer
post /oauth2/v1/token "grant_type=client_credentials&scope=okta.apiTokens.read&client_assertion_type=$jwt&client_assertion=$assertion"
access=$(member access_token)
post /oauth2/v1/device/authorize "client_id=$native&scope=okta.apiTokens.read"
device_code=$(member device_code)
user_code=$(member user_code)
post /oauth2/v1/token "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=$native&device_code=$device_code"
post /oauth2/v1/revoke "client_id=$native&token=$device_code"
ask GET $list "Bearer $access"
# Somebody who signs in: the id before, the password, and the id from then on.
before=before-before-before-before-before-before-0
cookie=$(curl -s -D - -o "$tmp/page" "$url/login" | sed -n 's/^set-cookie: \([^=]*\)=.*/\1/p')
n=$((n + 1))
form_token=$(curl -s -H "Cookie: $cookie=$before" "$url/login" |
    sed -n 's/.*name="form_token" value="\([0-9a-f]*\)".*/\1/p')
n=$((n + 1))
form="form_token=$form_token&login=ada@example.com&password=$password"
post /login "$form" "Cookie: $cookie=$before\r\n"
n=$((n + 1))
after=$(curl -s -D - -H "Cookie: $cookie=$before" -d "$form" "$url/login" |
    sed -n 's/^set-cookie: [^=]*=\([^;]*\);.*/\1/p')
is 'length of the new id' ${#after} 43
answered
holds api-tokens || fail 'this test would find nothing'
signature=${access##*.}
# The first bytes of what was freed may be the allocator's by now.
for secret in "$one" "$two" $unknown "${assertion##*.}" "$signature" \
    "$device_code" "$user_code" $before $password "${after#?????????}" \
    "$form_token"; do
    [ -n "$secret" ] || fail 'there is no secret'
    if holds "$secret"; then
        fail "in memory after its request: $secret"
    fi
done
stop
for client in $clients; do
    wait "$client" || :
done
