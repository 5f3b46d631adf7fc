#!/bin/sh
# tls.sh - the org's authority, its certificates, and where it listens at all.
. "$(dirname -- "$0")/lib.sh"

new_org a
token=$(create a admin)
start a
list=/api/v1/api-tokens
handshake() { # OPTION...: as openssl s_client says it
    openssl s_client -connect "127.0.0.1:$port" -CAfile "$cacert" "$@" \
        </dev/null 2>&1 || :
}

# --- the authority: its names, and nobody else's
text=$(openssl x509 -in "$cacert" -noout -text)
has 'the CA' "$text" 'CA:TRUE, pathlen:0'
has 'the CA' "$text" 'X509v3 Name Constraints: critical'
for name in DNS:localhost IP:127.0.0.0/255.0.0.0; do
    has 'the CA' "$text" "$name"
done
has 'the CA' "$text" 'Certificate Sign'
lacks 'the CA' "$text" 'Digital Signature'
openssl verify -CAfile "$cacert" "$cacert" >/dev/null || fail 'the CA is none'

# --- a certificate: for loopback, short-lived, of this authority
handshake -showcerts | sed -n '/BEGIN/,/END/p' >"$tmp/leaf.pem"
openssl verify -x509_strict -purpose sslserver -CAfile "$cacert" \
    "$tmp/leaf.pem" >/dev/null || fail 'the certificate does not hold'
text=$(openssl x509 -in "$tmp/leaf.pem" -noout -text)
has 'its names' "$text" \
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'
has 'its use' "$text" 'TLS Web Server Authentication'
has 'it' "$text" 'CA:FALSE'
openssl x509 -in "$tmp/leaf.pem" -noout -checkend $((59 * 86400)) >/dev/null ||
    fail 'the certificate ends too soon'
if openssl x509 -in "$tmp/leaf.pem" -noout -checkend $((90 * 86400)) >/dev/null; then
    fail 'the certificate lives longer than 90 days'
fi
serial=$(openssl x509 -in "$tmp/leaf.pem" -noout -serial)

# --- what else the authority's key would sign is worth nothing
sign_other() { # NAMES
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$tmp/other.key" -subj /CN=x -out "$tmp/other.csr" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$1" >"$tmp/ext"
    openssl x509 -req -in "$tmp/other.csr" -CA "$cacert" \
        -CAkey "$tmp/a/ca.key" -CAcreateserial -CAserial "$tmp/serial" \
        -extfile "$tmp/ext" -days 10 -out "$tmp/other.pem" 2>/dev/null
}
sign_other DNS:localhost
openssl verify -CAfile "$cacert" "$tmp/other.pem" >/dev/null ||
    fail 'one for localhost does not hold'
for names in DNS:example.com DNS:acme.okta.com IP:10.0.0.1 \
    DNS:localhost,DNS:example.com IP:fe80::1; do
    sign_other $names
    if openssl verify -CAfile "$cacert" "$tmp/other.pem" >/dev/null 2>&1; then
        fail "the CA is good for $names"
    fi
done

# --- versions: 1.2 and 1.3, nothing before
for version in tls1_2 tls1_3; do
    has "$version" "$(handshake -$version)" 'Verify return code: 0 (ok)'
done
for version in tls1 tls1_1; do
    said=$(handshake -$version -cipher ALL:@SECLEVEL=0)
    lacks "$version" "$said" 'BEGIN CERTIFICATE'
done

# --- clients: with the CA yes, without it no; all three names
gets 200 GET $list
for name in localhost 127.0.0.1; do
    curl -s --cacert "$cacert" -o /dev/null "https://$name:$port$list" ||
        fail "curl does not take $name"
done
if curl -s -o /dev/null "$url$list"; then fail 'curl takes an unknown CA'; fi
if curl -s --cacert "$cacert" --connect-to "example.com::127.0.0.1:$port" \
    -o /dev/null "https://example.com$list"; then
    fail 'curl takes another name'
fi
# Plain http on the TLS port gets nothing.
printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' | "$RAW" "$port" 700 >"$tmp/raw"
if grep -aq 'HTTP/1.1 [1-5]' "$tmp/raw"; then fail 'plain http is answered'; fi
stop

# --- another start, another certificate; its key is nowhere on the disk
start a
handshake -showcerts | sed -n '/BEGIN/,/END/p' >"$tmp/leaf.pem"
[ "$(openssl x509 -in "$tmp/leaf.pem" -noout -serial)" != "$serial" ] ||
    fail 'the same certificate again'
is 'files of the org' "$(ls "$tmp/a" | grep -v '^orgd.db' | sed 's/^signing-.*/signing key/' | paste -sd' ' -)" \
    'ca.key ca.pem cursor.key signing key'
stop

# --- IPv6, where there is any
if [ -e /proc/net/if_inet6 ] && grep -q '^0*1 ' /proc/net/if_inet6; then
    start a --listen '[::1]:0'
    has 'URL' "$url" 'https://[::1]:'
    gets 200 GET $list
    has 'its links' "$body" "\"href\":\"$url/api/v1"
    stop
fi

# --- the address it listens on, and the host of its public URL
names() { # HOST:PORT: of the certificate that is shown there
    openssl s_client -connect "$1" </dev/null 2>/dev/null |
        openssl x509 -noout -ext subjectAltName
}
start a --listen 127.0.0.2:0
has 'URL' "$url" 'https://127.0.0.2:'
gets 200 GET $list
lacks 'no other authority' "$(cat "$tmp/a.err")" 'another authority'
kill -HUP "$pid"
sleep 0.5
gets 200 GET $list
stop
public() { # HOST: curl takes it, by the authority that there is now
    curl -s --cacert "$tmp/a/ca.pem" -o /dev/null -f -H "Authorization: SSWS $token" \
        --connect-to "$1:443:127.0.0.1:$port" "https://$1$list" || fail "curl does not take $1"
}
cp "$tmp/a/ca.pem" "$tmp/before.pem"
start a --public-url https://org.test
logs a 'made another authority, which is for org.test too; give clients ca.pem'
has 'its names' "$(names "127.0.0.1:$port")" 'DNS:org.test'
public org.test
public localhost
public 127.0.0.1
lacks 'hosts of the authority' "$(openssl x509 -in "$tmp/a/ca.pem" -noout -text)" example
if openssl verify -CAfile "$tmp/before.pem" "$tmp/a/ca.pem" >/dev/null 2>&1; then
    fail 'the authority was kept, and is for more hosts'
fi
stop
cp "$tmp/a/ca.pem" "$tmp/kept.pem"
start a --public-url https://org.test
cmp -s "$tmp/a/ca.pem" "$tmp/kept.pem" || fail 'a third authority'
stop
start a --public-url https://10.1.2.3:8443
has 'its names' "$(names "127.0.0.1:$port")" 'IP Address:10.1.2.3'
stop
cp "$tmp/a/ca.pem" "$tmp/kept.pem"
is 'mode of the key' "$(stat -c %a "$tmp/a/ca.key")" 600
# Behind a proxy, which shows a certificate of its own, the authority stays.
start a --public-url https://proxy.test --trusted-proxy 127.0.0.1/32
cmp -s "$tmp/a/ca.pem" "$tmp/kept.pem" || fail 'another authority behind a proxy'
lacks 'its names' "$(names "127.0.0.1:$port")" proxy.test
gets 200 GET $list
stop
# Named at the beginning, it is there at once.
exits 2 "$ORGD" init --data "$tmp/p" --public-url https://org.test/x
"$ORGD" init --data "$tmp/p" --public-url https://org.test:8443
cp "$tmp/p/ca.pem" "$tmp/kept.pem"
start p --public-url https://org.test:8443
has 'its names' "$(names "127.0.0.1:$port")" 'DNS:org.test'
cmp -s "$tmp/p/ca.pem" "$tmp/kept.pem" || fail 'another authority for the same host'
stop
cacert=$tmp/a.pem

# --- a certificate of one's own
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 \
    -keyout "$tmp/own.key" -out "$tmp/own.pem" -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
chmod 600 "$tmp/own.key"
start a --tls-cert "$tmp/own.pem" --tls-key "$tmp/own.key"
cacert=$tmp/own.pem
gets 200 GET $list
stop
chmod 644 "$tmp/own.key"
exits 1 "$ORGD" serve --data "$tmp/a" --tls-cert "$tmp/own.pem" --tls-key "$tmp/own.key"
has 'a key for everybody' "$err" 'everybody may read it'
chmod 600 "$tmp/own.key"
exits 1 "$ORGD" serve --data "$tmp/a" --tls-cert "$tmp/own.pem" --tls-key "$tmp/a/ca.key"
has 'the wrong key' "$err" 'key and certificate'
exits 1 "$ORGD" serve --data "$tmp/a" --tls-cert "$tmp/none" --tls-key "$tmp/own.key"
has 'no certificate' "$err" 'no such file'

# --- misuse
misuse() {
    wanted=$1
    shift
    exits 2 "$ORGD" serve --data "$tmp/a" "$@"
    has "serve $*" "$err" "$wanted"
}
misuse 'go together' --tls-cert "$tmp/own.pem"
misuse 'not both' --tls auto --tls-cert a --tls-key b
misuse 'auto or off' --tls on
misuse 'without TLS only a loopback' --tls off --listen 0.0.0.0:0 --public-url http://x
misuse 'without TLS only a loopback' --tls off --listen '[::]:0'
misuse 'takes a --public-url' --listen 0.0.0.0:0
for where in 127.0.0.1 127.0.0.1:x 127.0.0.1:65536 :0 example.com:80 ::1:80 \
    '[127.0.0.1:80' '' 127.1:80; do
    misuse --listen --listen "$where"
done
for where in org.example ftp://x https:// https://user@x https://x/path \
    'https://x?q' 'https://x y' "https://x\"" https://x#f; do
    misuse --public-url --public-url "$where"
done
misuse --rate-limit --rate-limit -1
misuse --rate-limit --rate-limit ''
misuse --rate-limit --rate-limit 1e3
misuse --now --now 2026-13-01T00:00:00Z

# --- a port that is taken
start a
exits 1 "$ORGD" serve --data "$tmp/a" --listen "127.0.0.1:$port"
has 'a port that is taken' "$err" 'could not listen'

# --- links go by a name that the certificate has, at the port that is listened
# on; any other Host changes nothing
self() { # HOST: what a token's link begins with
    gets 200 GET "$list?limit=1" -H "Host: $1"
    link=$(header link | head -n 1)
    jq -r '.[0]._links.self.href' "$tmp/body" | sed 's|/api/.*||'
    case $link in "<$(jq -r '.[0]._links.self.href' "$tmp/body" | sed 's|/api/.*||')/"*) ;;
    *) fail "Link of $1: $link" ;; esac
}
for host in "localhost:$port" "[::1]:$port" "127.0.0.1:$port"; do
    is "links for $host" "$(self "$host")" "https://$host"
done
is 'letter case' "$(self "LOCALHOST:$port")" "https://localhost:$port"
for host in evil.example "evil.example:$port" localhost "localhost:1" "localhost:$port:" \
    "localhost.:$port" "127.0.0.2:$port" "[::2]:$port" "::1:$port" "localhost@evil:$port" \
    "localhost:${port}0" "sub.localhost:$port" '[' '[]' ":$port" "localhost:x"; do
    is "links for $host" "$(self "$host")" "$url"
done
gets 200 GET /.well-known/openid-configuration -H "Host: localhost:$port"
is 'issuer' "$(jq -r '.issuer, .token_endpoint' "$tmp/body" | paste -sd' ' -)" \
    "https://localhost:$port https://localhost:$port/oauth2/v1/token"
stop
start a --public-url https://org.example:443
is 'another name' "$(self "localhost:$port")" "https://localhost:$port"
is 'the default port is none' "$(self x)" https://org.example
stop
start a --public-url https://org.example --trusted-proxy 127.0.0.1/32
gets 200 GET $list -H 'X-Forwarded-For: 192.0.2.1'
is 'by a proxy that has a Host of its own' "$(jq -r '.[0]._links.self.href' "$tmp/body" | sed 's|/api/.*||')" https://org.example
stop

# --- no core files, no memory for others to look into; files for a crowd
ulimit -S -n 256
start a
files=$(awk '/Max open files/ { print ($4 >= 4096 || $4 == $5) }' "/proc/$pid/limits")
is 'open files' "$files" 1
is 'core files' "$(awk '/core file/ { print $5, $6 }' "/proc/$pid/limits")" '0 0'
stop

# The kernel gives the files in /proc of a process that must not be looked into
# to root; of root's own that can't be told, so it runs as nobody.
as_nobody=
mkdir "$tmp/nobody"
if [ "$(id -u)" -eq 0 ]; then
    as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
    chmod 711 "$tmp"
    cp "$ORGD" "$tmp/nobody/orgd"
    chown -R 65534:65534 "$tmp/nobody"
    ORGD=$tmp/nobody/orgd
fi
$as_nobody "$ORGD" init --data "$tmp/nobody/b"
$as_nobody "$ORGD" serve --data "$tmp/nobody/b" >"$tmp/b.url" 2>"$tmp/b.err" &
pid=$!
await "$tmp/b.url" $pid
is 'who may look into it' "$(stat -c %u "/proc/$pid/mem")" 0
stop

# --- SIGHUP: another certificate, and no connection or request is lost
serial_of() {
    handshake -showcerts | sed -n '/BEGIN/,/END/p' >"$tmp/leaf.pem"
    openssl x509 -in "$tmp/leaf.pem" -noout -serial
}
# waits_for WHAT SERIAL: until that is shown
waits_for() {
    i=0
    until [ "$(serial_of)" = "$2" ]; do
        i=$((i + 1))
        [ $i -lt 50 ] || fail "$1"
        sleep 0.1
    done
}
make_own() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 \
        -keyout "$tmp/$1.key" -out "$tmp/$1.pem" -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
    chmod 600 "$tmp/$1.key"
}
make_own own
make_own other
first=$(openssl x509 -in "$tmp/own.pem" -noout -serial)
second=$(openssl x509 -in "$tmp/other.pem" -noout -serial)
start a --tls-cert "$tmp/own.pem" --tls-key "$tmp/own.key"
is 'the first' "$(serial_of)" "$first"
mv "$tmp/other.key" "$tmp/own.key"
kill -HUP "$pid" # the key alone does not match
sleep 0.5
is 'a key without its certificate' "$(serial_of)" "$first"
grep -q 'key and certificate do not match' "$tmp/a.err" || fail 'it does not say why'
grep -q 'the certificate stays as it is' "$tmp/a.err" || fail 'nor what it does'
mv "$tmp/other.pem" "$tmp/own.pem"
kill -HUP "$pid"
waits_for 'the second is not shown' "$second"
rm "$tmp/own.pem"
kill -HUP "$pid"
sleep 0.5
is 'without a file' "$(serial_of)" "$second"
stop
start a
first=$(serial_of)
kill -HUP "$pid"
i=0
while [ "$(serial_of)" = "$first" ]; do
    i=$((i + 1))
    [ $i -lt 50 ] || fail 'no other certificate of the authority'
    sleep 0.1
done
cacert=$tmp/a.pem
gets 200 GET $list
stop
start a --tls off
kill -HUP "$pid"
sleep 0.2
gets 200 GET $list
stop
