#!/bin/sh
# alloc.sh - every allocation of the command and the library failed in turn.
. "$(dirname "$0")/lib.sh"
: "${FAILING:?}"

id=00Tspareaaaaaaaaaaaa
script
reply() {
    { printf 'HTTP/1.1 200 OK\nContent-Type: application/json\n%s\n' "$2" && printf '%s' "$3"; } |
        answer "$1"
}
token=$(token_json $id 'spare \"one\"' ',"added":{"by":"a later release"}')
zone=$(printf %s "$token" |
    sed 's/{"connection":"ANYWHERE"}/{"connection":"ZONE","include":["nzoone"]}/')
reply GET-api-tokens '' "[$token,$token]"
reply GET-$id '' "$token"
reply GET-$id.put '' "$zone"
reply PUT-$id '' "$zone"
printf 'HTTP/1.1 204 No Content\n\n' | answer DELETE-$id
printf 'HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n{"errorCode":"E0000006","errorSummary":"No","errorLink":"","errorId":"oae","errorCauses":[{"errorSummary":"why"}]}' |
    answer GET-00Tforbiddenaaaaaaaa
printf 'HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n{"errorCode":"E0000006","errorSummary":"No","errorLink":"","errorId":"oae","errorCauses":[]}' |
    answer GET-00Tforbiddenaaaaaaaa
reply GET-00uadaaaaaaaaaaaaaaa '' '{"id":"00uadaaaaaaaaaaaaaaa","status":"ACTIVE","profile":{"login":"ada@example.com"}}'
reply GET-roles '' '[{"type":"CUSTOM","label":"Auditors"},{"type":"APP_ADMIN"}]'
reply GET-zones '' '[{"id":"nzoone","name":"One","type":"IP","gateways":[{"value":"10.0.0.0/8"}]}]'
reply GET-logs '' '[{"eventType":"e","published":"2025-11-24T16:00:00.000Z","client":{"ipAddress":"192.0.2.9"},"transaction":{"detail":{"requestApiTokenId":"'$id'"}}}]'
reply GET-00Tzonedaaaaaaaaaaaa '' "$(printf %s "$zone" | sed "s/$id/00Tzonedaaaaaaaaaaaa/")"
script_serve

# all_fail NORMAL ARG...: NORMAL is the exit code where all is well.
all_fail() {
    normal=$1
    shift
    exits "$normal" "$FAILING" "$@"
    cp "$tmp/out" "$tmp/whole"
    n=0
    failures=0
    rm -f "$tmp/done"
    while [ ! -e "$tmp/done" ]; do
        n=$((n + 1))
        [ $n -lt 2000 ] || fail "no end: $*"
        rm -f "$tmp/script/put" "$tmp/script/requests"
        got=0
        FAIL_ALLOC=$n FAIL_ALLOC_DONE="$tmp/done" "$FAILING" "$@" \
            >"$tmp/out" 2>"$tmp/err" </dev/null || got=$?
        no_secret "$tmp/out" "$tmp/err"
        case $got in
        "$normal") ;; # it can do without
        1) failures=$((failures + 1))
            [ -s "$tmp/err" ] || fail "allocation $n: not a word: $*" ;;
        *) fail "allocation $n: exit $got: $*" ;;
        esac
        [ "$got" -ne 0 ] || cmp -s "$tmp/out" "$tmp/whole" ||
            fail "allocation $n: success with another output: $*"
    done
    [ $failures -gt 3 ] || fail "hardly an allocation failed: $*"
    echo "$n allocations, $failures mattered: $1 ..."
}

set -- --org "$url" --token-file "$tmp/token"
all_fail 0 list "$@" -o json
all_fail 0 list "$@" -o table --fields id,name,network
all_fail 0 get $id "$@" -o jsonl
all_fail 0 get 00Tzonedaaaaaaaaaaaa --with owner,roles,zones "$@" -o json
all_fail 0 get 00Tzonedaaaaaaaaaaaa --with owner,roles,zones "$@" -o csv
all_fail 0 zones "$@" -o table
all_fail 0 restrict $id --zone One "$@"
all_fail 6 restrict $id --zone Two "$@"
all_fail 0 revoke $id --yes "$@" -o csv
all_fail 0 revoke $id --dry-run "$@"
all_fail 0 revoke-current --dry-run "$@" -o json
all_fail 0 Invoke-OktaListApiTokens "$@" -Limit 1 -WithHttpInfo
all_fail 0 Get-OktaConfiguration "$@" -o json
all_fail 5 get 00Tforbiddenaaaaaaaa "$@" -o json
all_fail 0 help
