# lib.sh - what the server's tests share; sourced. ORGD is the program, RAW the
# client that sends bytes as they are.
. "$(dirname "$0")/../lib.sh"
: "${ORGD:?}" "${RAW:?}"
export LC_ALL=C no_proxy='*'
here=$(cd -- "$(dirname -- "$0")" && pwd)
token=
url=

# has WHAT TEXT PART: the part occurs in it.
has() {
    case $2 in *"$3"*) ;; *) fail "$1: no '$3' in '$2'" ;; esac
}

lacks() {
    case $2 in *"$3"*) fail "$1: '$3' in '$2'" ;; esac
}

# exits STATUS COMMAND...: runs it, both streams in $out and $err.
exits() {
    want=$1
    shift
    got=0
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || got=$?
    out=$(cat "$tmp/out")
    err=$(cat "$tmp/err")
    [ "$got" -eq "$want" ] ||
        fail "exit $got, not $want: $* (stdout '$out', stderr '$err')"
}

# new_org NAME [OPTION...]: makes $tmp/NAME, an org with the user ada.
new_org() {
    name=$1
    shift
    "$ORGD" init --data "$tmp/$name" "$@"
    ada=$("$ORGD" user add --data "$tmp/$name" --login ada@example.com)
    "$ORGD" ca print --data "$tmp/$name" >"$tmp/$name.pem"
}

# create NAME NAME_OF_TOKEN [LOGIN]: prints the secret.
create() {
    "$ORGD" token create --data "$tmp/$1" --name "$2" \
        --user "${3:-ada@example.com}"
}

# sql NAME STATEMENT: another process changes or reads the database.
sql() {
    sqlite3 -cmd '.timeout 5000' "$tmp/$1/orgd.db" "$2"
}

# start NAME [OPTION...]: serves it; sets url, port, pid and cacert.
start() {
    name=$1
    shift
    : >"$tmp/$name.url"
    "$ORGD" serve --data "$tmp/$name" "$@" >"$tmp/$name.url" \
        2>>"$tmp/$name.err" </dev/null &
    pid=$!
    await "$tmp/$name.url" $pid
    url=$(cat "$tmp/$name.url")
    port=${url##*:}
    cacert=$tmp/$name.pem
    [ ! -e "$tmp/$name/ca.pem" ] || cp "$tmp/$name/ca.pem" "$cacert"
}

# logs NAME PATTERN: a line of its log has it; lines come a moment after the
# answer.
logs() {
    i=0
    until grep -q -e "$2" "$tmp/$1.err"; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail "$1: no '$2' in its log"
        sleep 0.02
    done
}

# stop: by SIGTERM; the exit code tells of leaks too.
stop() {
    kill -TERM "$pid"
    code=0
    wait "$pid" || code=$?
    is 'exit code after SIGTERM' $code 0
}

# call METHOD PATH [CURL_OPTION...]: with $token; sets status, body and headers.
call() {
    method=$1
    path=$2
    shift 2
    status=$(curl -s -o "$tmp/body" -D "$tmp/headers" -w '%{http_code}' \
        --path-as-is --cacert "$cacert" -X "$method" \
        ${token:+-H "Authorization: SSWS $token"} "$@" "$url$path") ||
        fail "curl: exit $? for $method $path"
    body=$(cat "$tmp/body")
    headers=$(tr -d '\r' <"$tmp/headers")
}

# header NAME: its values, a line each.
header() {
    tr -d '\r' <"$tmp/headers" | sed -n "s/^$1: //Ip"
}

# gets STATUS METHOD PATH [CURL_OPTION...]: calls, and holds the status.
gets() {
    want=$1
    shift
    call "$@"
    is "$1 $2" "$status" "$want"
}

# refused STATUS CODE METHOD PATH [...]: the same, with Okta's error body.
refused() {
    want=$1
    want_code=$2
    shift 2
    gets "$want" "$@"
    is "$1 $2: errorCode" "$(jq -r .errorCode "$tmp/body")" "$want_code"
    is "$1 $2: keys" "$(jq -r 'keys_unsorted | join(" ")' "$tmp/body")" \
        'errorCode errorSummary errorLink errorId errorCauses'
    is "$1 $2: errorLink" "$(jq -r .errorLink "$tmp/body")" "$want_code"
    jq -e '.errorId | test("^oae[A-Za-z0-9_-]{22}$")' "$tmp/body" >/dev/null ||
        fail "$1 $2: errorId in $body"
    is "$1 $2: type" "$(header content-type)" application/json
}

# id_of SECRET: the id of the token that has it, by the org's own answer.
id_by_name() {
    jq -r --arg name "$1" '.[] | select(.name == $name) | .id' "$tmp/body"
}
