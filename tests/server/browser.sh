# browser.sh - what a browser does, by curl; sourced after lib.sh.

# browse JAR METHOD PATH [CURL_OPTION...]: as a browser with that cookie jar.
browse() {
    jar=$tmp/$1.jar
    shift
    call "$@" -b "$jar" -c "$jar"
}
# form_token: out of the last page.
form_token() {
    sed -n 's/.*name="form_token" value="\([0-9a-f]*\)".*/\1/p' "$tmp/body" |
        tail -n 1
}
# cookie JAR: its id; cookie_name JAR: how it is called, otherwise in each org.
cookie() { sed -n 's/.*__Host-okta-orgd-[0-9a-f]\{8\}\t//p' "$tmp/$1.jar"; }
cookie_name() { sed -n 's/.*\t\(__Host-okta-orgd-[0-9a-f]*\)\t.*/\1/p' "$tmp/$1.jar"; }
# sign_in JAR LOGIN PASSWORD [CURL_OPTION...]
sign_in() {
    in=$1
    login=$2
    word=$3
    shift 3
    browse "$in" GET /login
    [ "$status" = 200 ] || browse "$in" GET /
    browse "$in" POST /login --data-urlencode "form_token=$(form_token)" \
        --data-urlencode "login=$login" --data-urlencode "password=$word" "$@"
}

# page_headers: every page keeps to itself.
page_headers() {
    is 'the policy' "$(header Content-Security-Policy)" "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    is 'the referrer' "$(header Referrer-Policy)" no-referrer
    is 'sniffing' "$(header X-Content-Type-Options)" nosniff
    is 'frames' "$(header X-Frame-Options)" DENY
    is 'caching' "$(header Cache-Control)" 'no-cache, no-store'
    is 'the type' "$(header Content-Type)" 'text/html; charset=utf-8'
}
