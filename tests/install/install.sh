#!/bin/sh
# install.sh SOURCE BUILD CC [SANITIZE]: installs into a folder of its own and
# builds README.md's example against it, by pkg-config and by find_package, after
# the tree was moved.
set -eu
source=$1 build=$2 cc=$3 sanitize=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/first" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
mv "$work/first" "$work/usr"
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
    $(pkg-config --cflags --libs okta)

# Nothing tells the command where the library lies.
env -u LD_LIBRARY_PATH "$work/usr/bin/okta-tokens" version
readelf -d "$work/usr/bin/okta-tokens" | grep -q 'RUNPATH.*\[$ORIGIN/\.\./lib'

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
# The same by find_package, with the shared library and with the static one.
mkdir "$work/project"
cat >"$work/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(stranger C)
find_package(okta 0.1 REQUIRED)
add_executable(shared ../example.c)
target_link_libraries(shared PRIVATE okta::okta)
add_executable(static ../example.c)
target_link_libraries(static PRIVATE okta::okta_static)
END
PKG_CONFIG_PATH="$source/build/deps/lib/pkgconfig:$PKG_CONFIG_PATH" \
    cmake -S "$work/project" -B "$work/project/build" \
    -D CMAKE_C_COMPILER="$cc" -D CMAKE_C_FLAGS="${sanitize:+-fsanitize=$sanitize}" \
    -D CMAKE_PREFIX_PATH="$work/usr" >"$work/log" 2>&1 &&
    cmake --build "$work/project/build" >>"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
for program in shared static; do
    if env -u OKTA_CLIENT_ORGURL -u OKTA_CLIENT_TOKEN HOME="$work" \
        sh -c "cd '$work' && project/build/$program" 2>"$work/err"; then
        echo "the $program example succeeded without an org" >&2
        exit 1
    fi
    grep -q OKTA_CLIENT_TOKEN "$work/err"
done
if readelf -d "$work/project/build/static" | grep -q 'NEEDED.*libokta'; then
    echo 'the static example needs the shared library' >&2
    exit 1
fi

# Every function has a page.
while read -r name; do
    [ -s "$work/usr/share/man/man3/$name.3" ] || { echo "no $name.3" >&2; exit 1; }
done <"$source/tests/abi/exports.txt"
grep -q okta_api_token_revoke_current "$work/usr/share/man/man3/libokta.3"

for page in man1/okta-tokens.1 man1/okta-orgd.1 man3/libokta.3 \
    man5/okta.yaml.5; do
    [ -s "$work/usr/share/man/$page" ] || { echo "no $page" >&2; exit 1; }
done
"$work/usr/bin/okta-tokens" version | tee "$work/version"
grep -qx "libokta $(pkg-config --modversion okta)" "$work/version"
"$work/usr/bin/okta-orgd" version
