#!/bin/sh
# zones.sh - from where a token may be used, in all five modes.
. "$(dirname -- "$0")/lib.sh"

new_org a
list=/api/v1/api-tokens
zone() {
    "$ORGD" zone add --data "$tmp/a" "$@"
}

# --- the commands
exits 0 "$ORGD" zone list --data "$tmp/a"
is 'no zones' "$out" ''
near=$(zone --name Near --gateway 127.0.0.0/29 --gateway ::1/128)
range=$(zone --name Range --gateway=127.0.0.16-127.0.0.20)
far=$(zone --name 'Far away' --gateway 192.0.2.0/24)
off=$(zone --name Off --gateway 127.0.0.0/8 --inactive)
case $near in nzo?????????????????) ;; *) fail "the id $near" ;; esac
exits 0 "$ORGD" zone list --data "$tmp/a"
is 'the zones' "$out" "$far	ACTIVE	IP	Far away	192.0.2.0/24
$near	ACTIVE	IP	Near	127.0.0.0/29 ::1/128
$off	INACTIVE	IP	Off	127.0.0.0/8
$range	ACTIVE	IP	Range	127.0.0.16-127.0.0.20"
exits 1 "$ORGD" zone add --data "$tmp/a" --name NEAR --gateway 10.0.0.0/8
has 'a name twice' "$err" 'that name is taken'
exits 2 "$ORGD" zone add --data "$tmp/a" --name x
has 'no gateway' "$err" '--gateway'
exits 2 "$ORGD" zone add --data "$tmp/a" --name x --gateway 10.0.0.0/8 --gateway 10.0.0.0/99
has 'no gateway' "$err" 'not a CIDR'
exits 2 "$ORGD" zone add --data "$tmp/a" --name x --gateway 10.0.0.0/8 --inactive --inactive
exits 2 "$ORGD" zone add --data "$tmp/a" --name "$(printf %0129d 0)" --gateway 10.0.0.0/8
set --
while [ $# -lt 302 ]; do set -- "$@" --gateway 10.0.0.0/8; done
exits 2 "$ORGD" zone add --data "$tmp/a" --name x "$@"
has 'too many' "$err" 'at most 150'

admin=$(create a admin)
probe=$(create a probe)
probe_id=$(sql a "SELECT id FROM token WHERE name = 'probe'")
start a --rate-limit 0 --tls off

# network JSON: sets the probe's condition.
network() {
    token=$admin
    gets 200 PUT $list/$probe_id -d "{\"network\":$1}"
    is 'the condition' "$(jq -c .network "$tmp/body")" "$1"
    token=$probe
}
# from ADDRESS...: the probe works from these and no others of the five.
from() {
    for address in 127.0.0.1 127.0.0.7 127.0.0.8 127.0.0.16 127.0.0.20; do
        case " $* " in
        *" $address "*) gets 200 GET $list --interface $address ;;
        *) refused 401 E0000011 GET $list --interface $address ;;
        esac
    done
}

# --- the five modes
token=$probe
from 127.0.0.1 127.0.0.7 127.0.0.8 127.0.0.16 127.0.0.20
network '{"connection":"ZONE","include":["ALL_ZONES"]}'
from 127.0.0.1 127.0.0.7 127.0.0.16 127.0.0.20
network "{\"connection\":\"ZONE\",\"include\":[\"$far\",\"$range\"]}"
from 127.0.0.16 127.0.0.20
network "{\"connection\":\"ZONE\",\"include\":[\"$far\"]}"
from
network '{"connection":"ZONE","exclude":["ALL_ZONES"]}'
from # 127.0.0.8, too, is in one that is not active, and stays out
network "{\"connection\":\"ZONE\",\"exclude\":[\"$far\",\"$near\"]}"
from 127.0.0.8 127.0.0.16 127.0.0.20
network '{"connection":"ANYWHERE"}'
from 127.0.0.1 127.0.0.7 127.0.0.8 127.0.0.16 127.0.0.20

# --- a zone that is added counts from the next request on
network '{"connection":"ZONE","include":["ALL_ZONES"]}'
refused 401 E0000011 GET $list --interface 127.0.0.99
zone --name Late --gateway 127.0.0.99/32 >/dev/null
gets 200 GET $list --interface 127.0.0.99

# --- no header says where one is
network "{\"connection\":\"ZONE\",\"include\":[\"$far\"]}"
refused 401 E0000011 GET $list -H 'X-Forwarded-For: 192.0.2.1' \
    -H 'Forwarded: for=192.0.2.1' -H 'X-Real-IP: 192.0.2.1'
# --- it can't revoke itself from there either, nor is it used up or renewed
refused 401 E0000011 DELETE $list/current
before=$(sql a "SELECT last_updated || ' ' || expires FROM token WHERE id = '$probe_id'")
sql a "UPDATE token SET created = created - 1000, last_updated = last_updated - 1000,
    expires = expires - 1000 WHERE id = '$probe_id'"
refused 401 E0000011 GET $list
sleep 1.5
is 'times after a refused use' "$(sql a "SELECT (last_updated + 1000) || ' ' ||
    (expires + 1000) FROM token WHERE id = '$probe_id'")" "$before"

# --- what a PUT may name
# bad NETWORK CAUSE...
bad() {
    token=$admin
    refused 400 E0000001 PUT $list/$probe_id -d "{\"network\":$1}"
    shift
    is summary "$(jq -r .errorSummary "$tmp/body")" 'Api validation failed: network'
    is causes "$(jq -r '.errorCauses[].errorSummary' "$tmp/body")" \
        "$(printf '%s\n' "$@")"
}
sql a "INSERT INTO zone VALUES ('nzodyn', 'dyn', 'DYNAMIC', 'ACTIVE', '', 1, 1)"
bad '{"connection":"ZONE","include":["nzonone"]}' \
    'network.include: the zone nzonone does not exist'
bad "{\"connection\":\"ZONE\",\"exclude\":[\"$off\"]}" \
    "network.exclude: the zone $off is not active"
bad "{\"connection\":\"ZONE\",\"include\":[\"$near\",\"nzodyn\",\"$off\",\"Near\",\"all_zones\"]}" \
    'network.include: the zone nzodyn is no IP zone' \
    "network.include: the zone $off is not active" \
    'network.include: the zone Near does not exist' \
    'network.include: the zone all_zones does not exist'
bad "{\"connection\":\"ZONE\",\"include\":[\"00abcdefghijabcdefghijabcdefghijabcdefghij\"]}" \
    'network.include: the zone *** does not exist'
gets 200 GET $list/$probe_id
is 'nothing changed' "$(jq -c .network "$tmp/body")" \
    "{\"connection\":\"ZONE\",\"include\":[\"$far\"]}"
stop

# --- behind a proxy: its word counts, and nobody else's
start a --rate-limit 0 --tls off --trusted-proxy 127.0.0.1/32 --trusted-proxy 127.0.0.2-127.0.0.3
network "{\"connection\":\"ZONE\",\"include\":[\"$far\"]}"
gets 200 GET $list -H 'X-Forwarded-For: 192.0.2.1'
gets 200 GET $list -H 'X-Forwarded-For: ::ffff:192.0.2.1'
gets 200 GET $list -H 'X-Forwarded-For: 203.0.113.1' -H 'x-forwarded-for: 192.0.2.7, 127.0.0.3'
logs a 'token=00T[A-Za-z0-9]* address=192.0.2.7 status=200'
gets 200 GET $list -H 'X-Forwarded-For: 192.0.2.1' -H 'X-Forwarded-For: 127.0.0.2'
gets 200 GET $list -H 'X-Forwarded-For: 192.0.2.1:4711'
refused 401 E0000011 GET $list -H 'X-Forwarded-For: 192.0.2.1, 203.0.113.1'
refused 401 E0000011 GET $list -H 'X-Forwarded-For: 192.0.2.1' -H 'X-Forwarded-For: 203.0.113.1'
refused 401 E0000011 GET $list -H 'X-Forwarded-For: 192.0.2.1' --interface 127.0.0.9
refused 401 E0000011 GET $list -H 'Forwarded: for=192.0.2.1' -H 'X-Real-IP: 192.0.2.1'
refused 401 E0000011 GET $list
refused 401 E0000011 GET $list -H 'X-Forwarded-For: 127.0.0.3, 127.0.0.2'

# --- what a proxy says of its caller is read, or the request is refused: a zone
# that holds the proxy is no way in
network "{\"connection\":\"ZONE\",\"include\":[\"$near\"]}"
refused 401 E0000011 GET $list -H 'X-Forwarded-For: 203.0.113.9:4711'
for header in "$(printf '%05000d' 0)" "$(printf '%05000d' 0), 192.0.2.1" \
    "$(printf '9.9.9.9, %.0s' $(seq 460))" 'unknown' '203.0.113.9, unknown' \
    '203.0.113.9,' 'unknown, 127.0.0.2' '203.0.113.9:x'; do
    gets 400 GET $list -H "X-Forwarded-For: $header"
done
gets 400 GET $list -H 'X-Forwarded-For;'
gets 400 PUT $list/$probe_id -H 'X-Forwarded-For: unknown' -d '{"network":{"connection":"ANYWHERE"}}'
gets 400 GET $list -H 'X-Forwarded-For: 192.0.2.1' -H "X-Forwarded-For: $(printf '%05000d' 0)"
gets 200 GET $list
refused 401 E0000011 GET $list -H 'X-Forwarded-For: unknown' --interface 127.0.0.9
stop
exits 2 "$ORGD" serve --data "$tmp/a" --trusted-proxy localhost
has 'no proxy' "$err" '--trusted-proxy: localhost: not a CIDR'

# --- over IPv6
if start a --rate-limit 0 --tls off --listen '[::1]:0'; then
    network "{\"connection\":\"ZONE\",\"include\":[\"$near\"]}"
    gets 200 GET $list
    network "{\"connection\":\"ZONE\",\"include\":[\"$range\"]}"
    refused 401 E0000011 GET $list
    network "{\"connection\":\"ZONE\",\"exclude\":[\"$near\"]}"
    refused 401 E0000011 GET $list
    stop
fi
