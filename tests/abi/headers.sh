#!/bin/sh
# headers.sh INCLUDE CC: each of libokta's headers says in its first line what is
# in it, is short, does alone in C and in C++, and comes with okta.h.
set -eu
include=$1 cc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

wrong() {
    echo "headers: $*" >&2
    status=1
}

# alone LANGUAGE STANDARD HEADER: nothing before it, and it twice.
alone() {
    printf '#include <okta/%s>\n#include <okta/%s>\n' "$3" "$3" >"$work/a.c"
    "$cc" -x "$1" -std="$2" -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
        -I "$include" "$work/a.c" || wrong "$3 does not do alone in $2"
}

# The options' initialisers, in C++ with all warnings.
for standard in c++11 c++17 c++20; do
    {
        echo '#include <okta/okta.h>'
        grep -hoE '^#define OKTA_[A-Z_]+_INIT' "$include"/okta/*.h |
            sed 's/^#define //' | while read -r init; do
            type=$(echo "${init%_INIT}" | tr '[:upper:]' '[:lower:]')
            printf '%s f_%s(); %s f_%s() { %s o = %s; return o; }\n' "$type" "$type" \
                "$type" "$type" "$type" "$init"
        done
    } >"$work/b.cc"
    grep -q f_okta_client_options "$work/b.cc" || wrong 'no initialiser was found'
    "$cc" -x c++ -std=$standard -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
        -I "$include" "$work/b.cc" || wrong "initialisers do not do in $standard"
done

for header in "$include"/okta/*.h; do
    name=${header##*/}
    head -n 3 "$header" | grep -qE "^(/\*| \*) $name - .+\.( \*/)?$" ||
        wrong "$name does not say what is in it"
    [ "$(wc -l <"$header")" -lt 400 ] || wrong "$name has 400 lines or more"
    [ "$name" = okta.h ] || grep -qxF "#include <okta/$name>" "$include/okta/okta.h" ||
        wrong "okta.h does not include $name"
    alone c c99 "$name"
    alone c++ c++11 "$name"
done
exit $status
