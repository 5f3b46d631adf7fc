#!/bin/sh
# portable.sh SOURCE BUILD: base/, wire/, model/, jose/, lib/ and cli/ are compiled as POSIX of
# 2008, do not switch that off, and include nothing that only Linux has. Nor does
# any room compare the words of a protocol by the locale.
set -eu
cd "$1"
status=0
commands=$2/compile_commands.json
if [ ! -f "$commands" ]; then
    echo "portable: no $commands" >&2
    exit 1
fi
for file in base/*.c wire/*.c model/*.c jose/*.c lib/*.c cli/*.c; do
    if ! jq -e --arg f "/$file" \
        '[.[] | select(.file | endswith($f)) | .command] | length > 0 and
         all(contains("-D_POSIX_C_SOURCE=200809L"))' "$commands" >/dev/null
    then
        echo "$file is not compiled with _POSIX_C_SOURCE=200809L" >&2
        status=1
    fi
done
if grep -nE '_(GNU|DEFAULT|BSD|DARWIN_C)_SOURCE|__linux__|<linux/|<sys/(epoll|eventfd|prctl|random|signalfd|timerfd|inotify|syscall|sendfile)\.h>|<malloc\.h>|<error\.h>' \
    base/*.[ch] wire/*.[ch] model/*.[ch] jose/*.[ch] lib/*.[ch] cli/*.[ch]; then
    echo "what is Linux alone stays in server/" >&2
    status=1
fi
if grep -nE '\bstrn?casecmp\(' base/*.[ch] wire/*.[ch] model/*.[ch] jose/*.[ch] lib/*.[ch] cli/*.[ch] \
    server/*.[ch]; then
    echo "strcasecmp goes by the locale: okt_casecmp does not" >&2
    status=1
fi
exit $status
