#!/bin/sh
# hardening.sh - what is installed is hardened, and check-hardening.sh would say
# if it were not; the service is shut in, as far as systemd can tell.
set -eu
: "${BUILD:?}" "${SOURCE:?}" "${CC:?}"
check=$SOURCE/scripts/check-hardening.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

DESTDIR=$tmp cmake --install "$BUILD" --prefix /usr >"$tmp/log" 2>&1 ||
    fail "$(tail -n 5 "$tmp/log")"
set -- "$tmp/usr/bin/okta-tokens" "$tmp/usr/bin/okta-orgd"
for library in $(find "$tmp/usr" -name 'libokta.so.*' -type f); do
    set -- "$@" "$library"
done
[ $# -eq 3 ] || fail "not two programs and a library: $*"
sh "$check" "$@" || fail 'not hardened'

# --- the service
unit=$tmp/usr/lib/systemd/system/okta-orgd.service
grep -qx 'ExecStart=/usr/bin/okta-orgd serve .*' "$unit" || fail "$(cat "$unit")"
[ -s "$tmp/usr/lib/sysusers.d/okta-orgd.conf" ] || fail 'no user for it'
if command -v systemd-analyze >/dev/null; then
    sed -i "s|/usr/bin/okta-orgd|$tmp&|" "$unit"
    SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$unit" \
        >"$tmp/said" 2>&1 || fail "$(cat "$tmp/said")"
    systemd-analyze security --offline=true --threshold=15 "$unit" \
        >"$tmp/said" 2>&1 || fail "$(tail -n 1 "$tmp/said")"
fi

# --- each of its complaints, by a program that lacks the one thing
cat >"$tmp/a.c" <<'END'
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    char text[64];

    snprintf(text, (size_t)argc, "%s", argv[argc - 1]);
    return (int)strlen(text);
}
END
all='-O2 -D_FORTIFY_SOURCE=2 -fPIE -pie -fstack-protector-all -Wl,-z,relro,-z,now,-z,noexecstack'
# build FLAG...: more of them, behind those.
build() {
    # shellcheck disable=SC2086 # a list of flags
    "$CC" $all "$@" -o "$tmp/a" "$tmp/a.c"
}
# lacks WHAT FLAG...: it says so, and nothing else.
lacks() {
    what=$1
    shift
    build "$@"
    if sh "$check" "$tmp/a" 2>"$tmp/said"; then fail "$*: no complaint"; fi
    grep -q "$what" "$tmp/said" || fail "$*: $(cat "$tmp/said")"
}
build
sh "$check" "$tmp/a" || fail 'complains of a hardened program'
lacks 'not position-independent' -fno-pie -no-pie
lacks 'no RELRO' -Wl,-z,norelro
lacks 'not bound at its start' -Wl,-z,lazy
lacks 'its stack can be executed' -Wl,-z,execstack
lacks 'no stack protector' -fno-stack-protector
lacks 'no checked functions' -U_FORTIFY_SOURCE
lacks 'a folder of the builder' -Wl,-rpath,/tmp
if sh "$check" "$tmp/none" 2>"$tmp/said"; then fail 'takes a file that is none'; fi
