#!/bin/sh
# install.sh SOURCE BUILD CC [SANITIZE]: installs into a folder of its own and
# builds README.md's example against it, by pkg-config alone.
set -eu
source=$1 build=$2 cc=$3 sanitize=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/usr" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
pc=$(find "$work/usr" -name okta.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH

diff -r "$source/include" "$work/usr/include"

awk '/^```c$/ { in_c = 1; next } /^```$/ { in_c = 0 } in_c' \
    "$source/README.md" >"$work/example.c"
grep -q okta_iter_next "$work/example.c"
# shellcheck disable=SC2046 # a list of words
"$cc" -std=c17 -Wall -Werror ${sanitize:+-fsanitize="$sanitize"} \
    "$work/example.c" -o "$work/example" \
    $(pkg-config --define-variable=prefix="$work/usr" --cflags --libs okta)

LD_LIBRARY_PATH=$(dirname "$(find "$work/usr" -name libokta.so)")
export LD_LIBRARY_PATH
# Nothing is configured: the example must say so and fail.
if env -u OKTA_CLIENT_ORGURL -u OKTA_CLIENT_TOKEN HOME="$work" \
    sh -c "cd '$work' && ./example" >"$work/out" 2>"$work/err"; then
    echo "the example succeeded without an org" >&2
    exit 1
fi
cat "$work/err"
grep -q OKTA_CLIENT_TOKEN "$work/err"
for page in man1/okta-tokens.1 man1/okta-orgd.1 man3/libokta.3 \
    man5/okta.yaml.5; do
    [ -s "$work/usr/share/man/$page" ] || { echo "no $page" >&2; exit 1; }
done
"$work/usr/bin/okta-tokens" version | tee "$work/version"
grep -qx "libokta $(pkg-config --modversion okta)" "$work/version"
"$work/usr/bin/okta-orgd" version
