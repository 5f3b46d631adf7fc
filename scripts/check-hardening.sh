#!/bin/sh
# check-hardening.sh FILE... - whether programs and shared libraries were built
# so that a mistake in them is hard to make use of: position-independent, the
# tables of the loader read-only before they run, no stack that can be executed,
# stack protector and checked string functions, no folder of the builder's to
# load from.
set -eu
export LC_ALL=C
status=0

complain() {
    echo "check-hardening: $file: $*" >&2
    status=1
}

# need WHAT PATTERN: it is in what readelf says of the file.
need() {
    echo "$elf" | grep -Eq "$2" || complain "$1"
}

for file; do
    elf=$(readelf -hldW --dyn-syms "$file" 2>&1) || {
        complain 'readelf can not read it'
        continue
    }
    need 'not position-independent' '^ *Type: *DYN '
    case $file in
    *.so*) ;;
    *) need 'no program that is position-independent (PIE)' 'Flags:.* PIE' ;;
    esac
    need 'no RELRO' '^ *GNU_RELRO '
    need 'not bound at its start (BIND_NOW)' '\(FLAGS\).*BIND_NOW|Flags:.* NOW'
    need 'its stack can be executed' '^ *GNU_STACK .* RW +0x'
    need 'no stack protector' ' __stack_chk_fail(@| |$)'
    need 'no checked functions (FORTIFY)' ' __[a-z]+_chk(@| |$)'
    # Beside the program itself is no folder of the builder's.
    if echo "$elf" | grep -E '\((RPATH|RUNPATH)\)' |
        grep -Evq '\(RUNPATH\) .*\[\$ORIGIN/\.\./lib[^]:]*\]'; then
        complain 'looks for libraries in a folder of the builder (RPATH)'
    fi
done
exit $status
