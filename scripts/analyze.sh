#!/bin/sh
# analyze.sh - what other tools than the tests see: clang's and gcc's warnings and
# analyzers, clang-tidy, cppcheck, the thread sanitizer. No finding is let pass
# but for the kinds that .clang-tidy and the lines below name, with the reason.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
jobs=$(getconf _NPROCESSORS_ONLN)

configure() {
    echo "analyze: $1"
    name=$1
    shift
    cmake --preset dev -B "build/$name" "$@" >"build/$name.log" 2>&1 ||
        { cat "build/$name.log" >&2; exit 1; }
}

configure analyze-clang -D CMAKE_C_COMPILER=clang
cmake --build build/analyze-clang -- --quiet

# gcc 12 does not see that what memcpy reads was written by dlsym. The tests'
# longest arrays are too much for it.
configure analyze-gcc -D OKTA_TESTS=OFF \
    -D CMAKE_C_FLAGS='-fanalyzer -Wno-analyzer-use-of-uninitialized-value'
cmake --build build/analyze-gcc -- --quiet

echo 'analyze: clang-tidy'
find base sys wire model jose lib cli server -name '*.c' |
    xargs -P "$jobs" -n 6 clang-tidy -p build/analyze-clang --quiet

# cppcheck 2.10 does not follow __attribute__((cleanup)): its leaks and what it
# says of variables that only a cleanup reads are none.
echo 'analyze: cppcheck'
cppcheck --quiet --error-exitcode=1 --std=c11 -j "$jobs" \
    --enable=warning,performance,portability --inline-suppr \
    --suppress=memleak --suppress=resourceLeak --suppress=missingIncludeSystem \
    -I . -I include base sys wire model jose lib cli server

echo 'analyze: thread sanitizer'
cmake --preset tsan >build/tsan.log 2>&1 || { cat build/tsan.log >&2; exit 1; }
cmake --build --preset tsan -- --quiet
ctest --preset tsan -j "$jobs" -R 'unit_http|unit_oauth|unit_orgd|^orgd_'
