#!/bin/sh
# portable.sh SOURCE BUILD: every room but server/ is compiled as POSIX of 2008,
# does not switch that off, and includes nothing that only Linux has. No room
# compares the words of a protocol by the locale.
set -eu
cd "$1"
status=0
commands=$2/compile_commands.json
if [ ! -f "$commands" ]; then
    echo "portable: no $commands" >&2
    exit 1
fi
portable='base sys wire model jose lib cli'
# shellcheck disable=SC2086 # a list of folders
for file in $(find $portable -name '*.c'); do
    if ! jq -e --arg f "/$file" \
        '[.[] | select(.file | endswith($f)) | .command] | length > 0 and
         all(contains("-D_POSIX_C_SOURCE=200809L"))' "$commands" >/dev/null
    then
        echo "$file is not compiled with _POSIX_C_SOURCE=200809L" >&2
        status=1
    fi
done
# shellcheck disable=SC2086
if grep -rnE --include='*.[ch]' '_(GNU|DEFAULT|BSD|DARWIN_C)_SOURCE|__linux__|<linux/|<sys/(epoll|eventfd|prctl|random|signalfd|timerfd|inotify|syscall|sendfile)\.h>|<malloc\.h>|<error\.h>' \
    $portable; then
    echo "what is Linux alone stays in server/" >&2
    status=1
fi
# shellcheck disable=SC2086
if grep -rnE --include='*.[ch]' '\bstrn?casecmp\(' $portable server; then
    echo "strcasecmp goes by the locale: okt_casecmp does not" >&2
    status=1
fi
exit $status
