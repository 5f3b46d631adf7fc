# oauth.sh - the rows of OAuth; sourced by bench.sh.
#
# A row of okta-orgd is the CPU that a request costs, at 64 connections; a rate
# is what a processor that does nothing else could answer. Requests that may
# come once only, such as proofs, are made before and sent once.

service=0oaBenchService00001
bound=0oaBenchBound0000001

new_key() {
    openssl ecparam -name prime256v1 -genkey -noout |
        openssl pkcs8 -topk8 -nocrypt -out "$work/$1.pem"
}

make_oauth_org() {
    [ ! -d "$work/oauth-org" ] || return 0
    new_key service
    new_key proof
    pem=$(openssl pkey -in "$work/service.pem" -pubout | sed 's/^/      /')
    {
        seed | head -n 4
        echo 'apps:'
        for app in "$service:optional" "$bound:required"; do
            cat <<END
  - id: ${app%:*}
    name: bench ${app%:*}
    type: service
    role: SUPER_ADMIN
    scopes: [okta.apiTokens.read, okta.apiTokens.manage]
    dpop: ${app#*:}
    key: |
$pem
END
        done
    } >"$work/oauth.yaml"
    "$bin/okta-orgd" init --data "$work/oauth-org" >/dev/null
    "$bin/okta-orgd" seed --data "$work/oauth-org" "$work/oauth.yaml" >/dev/null
    oauth_secret=$("$bin/okta-orgd" token create --data "$work/oauth-org" \
        --name caller --user bench@example.com)
    serve oauth "$bin/okta-orgd" serve --data "$work/oauth-org" --tls off \
        --rate-limit 0
    oauth_pid=$pid
    oauth_url=$(cat "$work/oauth")
    endpoint=$oauth_url/oauth2/v1/token
    path=/api/v1/api-tokens/$id
    jwt=urn:ietf:params:oauth:client-assertion-type:jwt-bearer
}

# ask CLIENT ASSERTION [CURL_OPTION...]: the token endpoint's answer.
ask() {
    client=$1
    with=$2
    shift 2
    curl -sS "$@" "$endpoint" -d grant_type=client_credentials \
        -d scope=okta.apiTokens.read -d client_id="$client" \
        -d client_assertion_type=$jwt -d client_assertion="$with"
}
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
assertion() {
    "$tools/oauth_make" assertions 1 "$work/service.pem" "$1" "$endpoint"
}
token_of() { ask "$1" "$(assertion "$1")" | member access_token; }

# bound_token: one that is bound to proof.pem, with the nonce that is asked for.
bound_token() {
    proof=$("$tools/oauth_make" proofs 1 "$work/proof.pem" POST "$endpoint" -)
    ask $bound "$(assertion $bound)" -o "$work/asked" -D "$work/nonce" \
        -H "DPoP: $proof"
    nonce=$(tr -d '\r' <"$work/nonce" | sed -n 's/^[Dd][Pp]o[Pp]-[Nn]once: //p')
    proof=$("$tools/oauth_make" proofs 1 "$work/proof.pem" POST "$endpoint" - \
        "$nonce")
    ask $bound "$(assertion $bound)" -H "DPoP: $proof" | member access_token
}

# load_lines FILE: microseconds of CPU a request, the lines sent for a second.
load_lines() {
    before=$(ticks "$oauth_pid")
    wrk -t1 -c64 -d1s -s bench/lines.lua "$oauth_url" -- "$1" \
        >"$work/wrk"
    after=$(ticks "$oauth_pid")
    ! grep -q -e 'Non-2xx' -e 'Socket errors' "$work/wrk" ||
        fail "$(cat "$work/wrk")"
    awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
        / requests in / { printf "%.3f\n", ticks * 1e6 / hz / $1 }' "$work/wrk"
}

# lines SCHEME <TOKENS
lines() {
    awk -v path="$path" -v scheme="$1" '
        { printf "GET\t%s\t\tAuthorization: %s %s\n", path, scheme, $0 }'
}

# per_second MICROSECONDS: what one processor could do.
per_second() { awk -v us="$1" 'BEGIN { printf "%.0f/s", 1e6 / us }'; }

load_bearer() { load_lines "$work/bearer"; }
load_ssws() { load_lines "$work/ssws"; }

row_oauth() {
    make_oauth_org
    token=$(token_of $service)
    tied=$(bound_token)
    [ -n "$token" ] && [ -n "$tied" ] || fail "no token: $(cat "$work/asked")"
    echo "$oauth_secret" | lines SSWS >"$work/ssws"
    echo "$token" | lines Bearer >"$work/bearer"
    for kind in distinct proofs issued; do : >"$work/$kind.us"; done
    in_pairs $((2 * turns)) load_bearer load_ssws
    mv "$work/ours" "$work/bearer.us"
    mv "$work/theirs" "$work/ssws.us"
    turn=0
    while [ "$turn" -lt "$turns" ]; do
        "$tools/oauth_make" tokens 12000 "$work/oauth-org"/signing-*.jwk "$token" |
            lines Bearer >"$work/distinct"
        "$tools/oauth_make" proofs 30000 "$work/proof.pem" GET \
            "$oauth_url$path" "$tied" |
            awk -v path="$path" -v token="$tied" '{
                printf "GET\t%s\t\tAuthorization: DPoP %s\tDPoP: %s\n", path,
                       token, $0 }' >"$work/proofs"
        "$tools/oauth_make" assertions 20000 "$work/service.pem" $service \
            "$endpoint" | awk -v client=$service -v type=$jwt '{
                printf "POST\t/oauth2/v1/token\tgrant_type=client_credentials" \
                       "&scope=okta.apiTokens.read&client_id=%s" \
                       "&client_assertion_type=%s&client_assertion=%s\t" \
                       "Content-Type: application/x-www-form-urlencoded\n",
                       client, type, $0 }' >"$work/issued"
        load_lines "$work/distinct" >>"$work/distinct.us"
        load_lines "$work/proofs" >>"$work/proofs.us"
        load_lines "$work/issued" >>"$work/issued.us"
        turn=$((turn + 1))
    done
    note_oauth
}

note_oauth() {
    for kind in ssws bearer distinct proofs issued; do
        eval "$kind=\$(median <\"\$work/$kind.us\")"
    done
    read -r verify_es sign_es <<END
$("$tools/oauth_make" speed "$work/proof.pem")
END
    read -r verify_rs sign_rs <<END
$("$tools/oauth_make" speed "$work/oauth-org"/signing-*.jwk)
END
    # shellcheck disable=SC2154 # set by eval
    note 'okta-orgd, one bearer token: rate' 'an API token' \
        "$(per_second "$bearer")" "$(per_second "$ssws")" \
        "$(paired "$work/ssws.us" "$work/bearer.us")" ge 0.8 x
    # shellcheck disable=SC2154
    note 'okta-orgd, each token another: rate' 'an API token' \
        "$(per_second "$distinct")" "$(per_second "$ssws")" \
        "$(ratio "$ssws" "$distinct")" - - x
    # shellcheck disable=SC2154
    note 'okta-orgd, DPoP: rate' 'ES256 verification alone' \
        "$(per_second "$proofs")" "$(per_second "$verify_es")" \
        "$(ratio "$verify_es" "$proofs")" ge 0.5 x
    # shellcheck disable=SC2154
    note 'okta-orgd, private_key_jwt: CPU' 'ES256 check, RS256 sign' \
        "$(div "$issued" 1 0) µs" \
        "$(awk -v a="$verify_es" -v b="$sign_rs" \
            'BEGIN { printf "%.0f", a + b }') µs" \
        "$(awk -v o="$issued" -v a="$verify_es" -v b="$sign_rs" \
            'BEGIN { printf "%.2f", o / (a + b) }')" le 1.5 x
}

# What a stored OAuth token costs a command's start, beside a stored API token.
row_login() {
    make_oauth_org
    for way in ssws oauth; do
        mkdir -p "$work/home-$way"
    done
    printf '%s\n' "$oauth_secret" >"$work/caller"
    HOME=$work/home-ssws "$bin/okta-tokens" login --org "$oauth_url" \
        --token-file "$work/caller" >/dev/null
    HOME=$work/home-oauth "$bin/okta-tokens" login --org "$oauth_url" \
        --client-id $service --key "$work/service.pem" >/dev/null
    as="env -i PATH=$PATH"
    $as HOME="$work/home-oauth" "$bin/okta-tokens" get $id >/dev/null
    $clean "$tools/turns" "$turns" 20 "$work/out" \
        -- $as HOME="$work/home-oauth" "$bin/okta-tokens" get $id -o json \
        -- $as HOME="$work/home-ssws" "$bin/okta-tokens" get $id -o json \
        >"$work/took"
    note_pair 'get ID, OAuth token that is kept' 'API token that is kept' 1.15 ''
}
