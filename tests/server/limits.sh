#!/bin/sh
# limits.sh - what the headers promise is what happens.
. "$(dirname -- "$0")/lib.sh"

new_org a
one=$(create a one)
two=$(create a two)
list=/api/v1/api-tokens
start a --rate-limit 10

# --- a token has half; every answer counts and says so
token=$one
gets 200 GET $list
is limit "$(header x-rate-limit-limit)" 5
is remaining "$(header x-rate-limit-remaining)" 4
reset=$(header x-rate-limit-reset)
gets 404 GET $list/00Tnone
is remaining "$(header x-rate-limit-remaining)" 3
gets 400 GET "$list?limit=0"
is remaining "$(header x-rate-limit-remaining)" 2
gets 404 DELETE $list/00Tnone
is remaining "$(header x-rate-limit-remaining)" 1
gets 200 HEAD $list --head
is remaining "$(header x-rate-limit-remaining)" 0
is 'reset stays' "$(header x-rate-limit-reset)" "$reset"
refused 429 E0000047 GET $list
is summary "$(jq -r .errorSummary "$tmp/body")" \
    'API call exceeded rate limit due to too many requests.'
is 'limit of a 429' "$(header x-rate-limit-limit)" 5
is 'remaining of a 429' "$(header x-rate-limit-remaining)" 0
is 'reset of a 429' "$(header x-rate-limit-reset)" "$reset"
[ "$reset" -gt "$(date -d "$(header date)" +%s)" ] || fail 'a reset in the past'

# --- nothing happens on a 429
id=$(sql a "SELECT id FROM token WHERE name = 'two'")
refused 429 E0000047 DELETE $list/$id
refused 429 E0000047 DELETE $list/current

# --- another token has its own
token=$two
gets 200 GET $list
is 'what another has' "$(header x-rate-limit-remaining)" 4
is 'nobody was revoked' "$(jq length "$tmp/body")" 2

# --- callers without a good token share one by address, and harm nobody else
token=
for left in 4 3 2 1 0; do
    gets 401 GET $list -H "Authorization: SSWS 00nobody-nobody-nobody-nobody-nobody-00000"
    is 'left for an address' "$(header x-rate-limit-remaining)" $left
done
refused 429 E0000047 GET $list
refused 429 E0000047 GET /nothing
gets 429 GET $list -H 'Authorization: Bearer x'
is 'no challenge on a 429' "$(header www-authenticate)" ''
token=$two
gets 200 GET $list
stop

# --- an endpoint has all of it, whoever asks: three tokens share that
three=$(create a three)
start a --rate-limit 4
for token in "$one" "$two"; do
    gets 200 GET $list
    is 'the tighter one' "$(header x-rate-limit-limit)" 2
    gets 404 GET $list/00Tnone
done
token=$three
refused 429 E0000047 GET $list
is 'limit of the endpoint' "$(header x-rate-limit-limit)" 4
is 'remaining of the endpoint' "$(header x-rate-limit-remaining)" 0
gets 200 GET /api/v1/users/me
is 'another endpoint, the limit' "$(header x-rate-limit-limit)" 2
is 'another endpoint' "$(header x-rate-limit-remaining)" 1
stop

# --- a new minute, by a clock that is set close to it
start a --rate-limit 2
token=$one
gets 200 GET $list
gets 429 GET $list
stop

# --- no limit: the headers never count down
start a --rate-limit 0
for round in 1 2 3; do
    gets 200 GET $list
    is "limit, round $round" "$(header x-rate-limit-limit)" 1000000
    is "remaining, round $round" "$(header x-rate-limit-remaining)" 1000000
done
stop
