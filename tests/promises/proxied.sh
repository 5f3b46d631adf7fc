#!/bin/sh
# proxied.sh - behind nginx and haproxy, which let no DELETE through: requests
# that could be read in two ways get none to the org either, and who comes next
# is answered as ever. ORGD is okta-orgd, RAW sends bytes.
set -eu
: "${ORGD:?}" "${RAW:?}"
tmp=$(mktemp -d)
pids=
cleanup() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null || :
    done
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM
list=/api/v1/api-tokens
canary=00Tcanary00000000000

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# until_answer PORT: it takes connections.
until_answer() {
    i=0
    until curl -s -o /dev/null "http://127.0.0.1:$1/"; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail "nothing on port $1"
        sleep 0.1
    done
}

serve_org() {
    "$ORGD" init --data "$tmp/org"
    cat >"$tmp/seed.yaml" <<END
users:
  - {login: ada@example.com}
tokens:
  - {id: $canary, name: canary, user: ada@example.com}
END
    "$ORGD" seed --data "$tmp/org" "$tmp/seed.yaml" >/dev/null
    token=$("$ORGD" token create --data "$tmp/org" --name admin \
        --user ada@example.com)
    "$ORGD" serve --data "$tmp/org" --tls off --rate-limit 0 \
        --trusted-proxy 127.0.0.1/32 >"$tmp/url" 2>"$tmp/err" &
    pids=$!
    i=0
    until [ -s "$tmp/url" ]; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail 'the org does not start'
        sleep 0.1
    done
    org=$(sed 's/.*:\([0-9]*\)$/\1/' "$tmp/url")
}

# A port that nobody has now. (Neither can be told to take any.)
free_port() {
    port=$((20000 + $$ % 20000 + $1))
    while curl -s -o /dev/null "http://127.0.0.1:$port/"; do
        port=$((port + 7))
    done
    echo "$port"
}

serve_nginx() {
    nginx=$(free_port 1)
    cat >"$tmp/nginx.conf" <<END
daemon off;
pid $tmp/nginx.pid;
error_log $tmp/nginx.log;
events {}
http {
    access_log off;
    client_body_temp_path $tmp/nb;
    proxy_temp_path $tmp/np;
    fastcgi_temp_path $tmp/nf;
    uwsgi_temp_path $tmp/nu;
    scgi_temp_path $tmp/ns;
    upstream org { server 127.0.0.1:$org; keepalive 4; }
    server {
        listen 127.0.0.1:$nginx;
        location / {
            limit_except GET PUT { deny all; }
            proxy_pass http://org;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_request_buffering off;
        }
    }
}
END
    nginx -c "$tmp/nginx.conf" -e "$tmp/nginx.log" 2>/dev/null &
    pids="$pids $!"
    until_answer "$nginx"
}

serve_haproxy() {
    haproxy=$(free_port 2)
    cat >"$tmp/haproxy.cfg" <<END
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
    option http-keep-alive
frontend in
    bind 127.0.0.1:$haproxy
    http-request deny unless { method GET PUT HEAD }
    default_backend org
backend org
    http-reuse always
    server org 127.0.0.1:$org
END
    haproxy -f "$tmp/haproxy.cfg" >/dev/null 2>&1 &
    pids="$pids $!"
    until_answer "$haproxy"
}

# Who comes next on the proxy's connections to the org.
others() {
    for n in 1 2 3; do
        status=$(curl -s -o "$tmp/body" -w '%{http_code}' \
            -H "Authorization: SSWS $token" "http://127.0.0.1:$port$list/$canary")
        [ "$status" = 200 ] || fail "$name, after $1: the next got $status"
        grep -q '"name":"canary"' "$tmp/body" ||
            fail "$name, after $1: the next got another's answer"
    done
    ! grep -q 'method=DELETE' "$tmp/err" || fail "$name: $1 got a DELETE through"
}

# attack FORMAT: a head, behind which a DELETE stands.
attack() {
    # shellcheck disable=SC2059 # the formats are the requests
    printf "$1$smuggled" | "$RAW" "$port" 300 >"$tmp/raw" || :
    others "$1"
}

# Each is a head and what of a body it may be taken to have.
attacks() {
    host='Host: x\r\n'
    auth="Authorization: SSWS $token\\r\\n"
    smuggled="DELETE $list/$canary HTTP/1.1\\r\\n$host$auth\\r\\n"
    put="PUT $list/$canary HTTP/1.1\\r\\n$host$auth"
    get="GET $list HTTP/1.1\\r\\n$host$auth"
    attack "${put}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    attack "${put}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
    attack "${put}Content-Length: 0\r\nContent-Length: 4\r\n\r\n"
    attack "${put}Content-Length: 4\r\nContent-Length: 0\r\n\r\naaaa"
    attack "${put}Content-Length: 4, 0\r\n\r\naaaa"
    attack "${put}Content-Length: +0\r\n\r\n"
    attack "${put}Content-Length: 0x0\r\n\r\n"
    attack "${put}Content-Length : 0\r\n\r\n"
    attack "${put}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
    attack "${put}Transfer-Encoding:\013chunked\r\n\r\n0\r\n\r\n"
    attack "${put}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
    attack "${put}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"
    attack "${put}X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    attack "${put}Transfer-Encoding: chunked\r\n\r\n0;a=\rb\r\n\r\n"
    attack "${put}Transfer-Encoding: chunked\r\n\r\n0\n\n"
    attack "${put}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff0\r\n"
    attack "${put}Transfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n\r\n"
    attack "${get}Content-Length: 3\r\n\r\n"
    attack "${get}Content-Length: 0\r\n\r\n"
    attack "${get}X: a\n\n"
    attack "${get}X: a\000\r\n\r\n"
    attack "${get}Host: y\r\n\r\n"
    attack "${get}Connection: close, Content-Length\r\nContent-Length: 3\r\n\r\n"
    attack "${get}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    attack "GET http://y$list HTTP/1.1\r\n$host$auth\r\n"
    attack "GET $list HTTP/1.0\r\n${auth}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    attack "GET $list HTTP/0.9\r\n\r\n"
    attack "GET $list/%%0d%%0aX: HTTP/1.1\r\n$host$auth\r\n"
    attack "GET $list/..%%2f.. HTTP/1.1\r\n$host$auth\r\n"
    attack "GET $list?a=%%00 HTTP/1.1\r\n$host$auth\r\n"
}

serve_org
serve_nginx
serve_haproxy
for name in nginx haproxy; do
    eval "port=\$$name"
    # What would be seen, if it could be: a DELETE by itself is refused here.
    status=$(curl -s -o /dev/null -w '%{http_code}' -X DELETE \
        -H "Authorization: SSWS $token" "http://127.0.0.1:$port$list/$canary")
    [ "$status" = 403 ] || fail "$name lets a DELETE through: $status"
    attacks
    echo "$name: nothing was smuggled"
done
# And it is no DELETE that the org would not have done.
status=$(curl -s -o /dev/null -w '%{http_code}' -X DELETE \
    -H "Authorization: SSWS $token" "http://127.0.0.1:$org$list/$canary")
[ "$status" = 204 ] || fail "the org itself answers $status"
