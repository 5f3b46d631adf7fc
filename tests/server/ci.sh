#!/bin/sh
# ci.sh - the jobs for CI that README and docs/orgd.md show do what they say:
# each step is run, but for what fetches and installs.
. "$(dirname -- "$0")/lib.sh"

root=$here/../..
mkdir "$tmp/bin"
for command in apt-get git; do
    printf '#!/bin/sh\n' >"$tmp/bin/$command"
done
printf '#!/bin/sh\nexec "%s" "$@"\n' "$ORGD" >"$tmp/bin/okta-orgd"
ln -s "$OKTA_TOKENS" "$tmp/bin/okta-tokens"
export HOME="$tmp/home"
mkdir "$HOME"
# A user's own tests: okta-tokens, and curl by CURL_CA_BUNDLE.
cat >"$tmp/bin/make" <<'END'
#!/bin/sh
set -e
okta-tokens list -o tsv --fields name,x.status >listed
okta-tokens auth token --header | curl -sS -f -H @- "$OKTA_CLIENT_ORGURL/api/v1/api-tokens" \
    >tested
[ "$NODE_EXTRA_CA_CERTS-$REQUESTS_CA_BUNDLE" = "$OKTA_CLIENT_CAFILE-$OKTA_CLIENT_CAFILE" ]
END
chmod +x "$tmp/bin"/*

# job DOCUMENT FILE: prints the job that is shown as that file.
job() {
    awk -v name="# $2" '/^```/ { on = 0 } $0 == name { on = 1 } on' "$1"
}

# steps: the commands of a job, a step's after the other's. What a step of
# GitHub's leaves in GITHUB_ENV the next one has.
steps() {
    awk '
        function indent() { match($0, /^ */); return RLENGTH }
        open && (indent() > at || $0 == "") { print substr($0, at + 3); next }
        open { open = 0; print "set -a; . \"$GITHUB_ENV\"; set +a" }
        /^ *- (run: )?\|$/ { open = 1; at = indent(); if (/run/) at += 2; next }
        /^ *- run: / { sub(/^ *- run: /, ""); print }
        script && /^ *- / { sub(/^ *- /, ""); print }
        /^ *script:$/ { script = 1 }'
}

# does DOCUMENT FILE
does() {
    what="$2 in ${1##*/}"
    rm -rf "$tmp/work"
    mkdir -p "$tmp/work/okta-tokens"
    printf '#!/bin/sh\n[ "$1" = install ]\n' >"$tmp/work/okta-tokens/run"
    chmod +x "$tmp/work/okta-tokens/run"
    : >"$tmp/work/env"
    job "$root/docs/orgd.md" seed.yaml >"$tmp/work/seed.yaml"
    job "$1" "$2" >"$tmp/job.yaml"
    exits 1 "$ORGD" check-config "$tmp/job.yaml"
    lacks "$what is YAML" "$err" 'not YAML'
    {
        echo 'set -eu; trap "kill \$! 2>/dev/null; wait" EXIT'
        steps <"$tmp/job.yaml"
    } >"$tmp/script"
    (cd "$tmp/work" && GITHUB_ENV=$tmp/work/env OKTA_TOKENS_URL=x PATH=$tmp/bin:$PATH \
        exec sh "$tmp/script") >"$tmp/out" 2>"$tmp/job.err" || fail "$what: exit $?"
    has "$what: okta-tokens" "$(cat "$tmp/work/listed")" 'ci	'
    is "$what: the tests' answer" "$(jq -r 'any(.[]; .name == "ci")' "$tmp/work/tested")" true
}

for document in "$root/README.md" "$root/docs/orgd.md"; do
    for file in .github/workflows/test.yml .gitlab-ci.yml; do
        does "$document" $file
    done
done

# --- what is shown twice is the same
for file in .github/workflows/test.yml .gitlab-ci.yml; do
    is "$file" "$(job "$root/README.md" $file)" "$(job "$root/docs/orgd.md" $file)"
done
