#!/bin/sh
# deps.sh build|test|torture|analyze|coverage|fuzz|compat|bench - install what
# that takes and this machine lacks. Where nothing is lacking it asks dpkg once and
# is done.
#
# Two things Debian 12 has to get from Debian 13: yyjson as it is there, and
# libmicrohttpd 1.0, built from its source package into build/deps. apt fetches
# and verifies both, with a configuration made for the moment out of the mirror
# and the key that this machine uses. Its own sources stay as they are, so
# nothing else can ever come from Debian 13.
#
# shellcheck disable=SC1091,SC2016
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

packages='gcc libc6-dev cmake ninja-build pkgconf ca-certificates scdoc
    libcrypt-dev libcurl4-openssl-dev libgnutls28-dev
    libsqlite3-dev libssl-dev libyaml-dev'
case ${1-} in
test | torture | coverage | analyze)
    packages="$packages
    bsdutils clang-format-19 curl g++ gdb jq libcmocka-dev openssl pmccabe procps
    sqlite3"
    [ "$1" != torture ] || packages="$packages slowhttptest wrk"
    [ "$1" != coverage ] || packages="$packages gcovr"
    [ "$1" != analyze ] || packages="$packages clang clang-tidy cppcheck"
    ;;
fuzz)
    packages="$packages clang libclang-rt-dev"
    ;;
compat | bench)
    [ "$1" = compat ] || packages="$packages
    curl nghttp2-client openssl sqlite3 time wrk"
    [ "$1" = bench ] ||
        packages="$packages chromium dbus-daemon gnome-keyring libglib2.0-bin libsecret-1-0"
    # A Node.js that no package brought will do as well.
    command -v npm >/dev/null || packages="$packages nodejs npm"
    ;;
esac
yyjson='libyyjson0 libyyjson-dev'
log=build/deps.log

fail() {
    printf 'run: %s\n' "$1" >&2
    exit 1
}

fail_log() {
    tail -n 20 "$log" >&2
    fail "$1 (all of it: $log).
Mend that and run this again, or install by hand and say SKIP_DEPS=1."
}

# missing PACKAGE...: those that are not installed.
missing() {
    dpkg-query -W -f '${db:Status-Abbrev}\t${Package}\n' "$@" 2>/dev/null |
        awk -v wanted="$*" '
            /^.i/ { have[$NF] }
            END {
                n = split(wanted, name)
                for (i = 1; i <= n; i++)
                    if (!(name[i] in have))
                        print name[i]
            }'
}

# install WHAT...: packages, by name or file.
install() {
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
        --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" \
        >>"$log" 2>&1 </dev/null || fail_log "could not install $*"
}

# Debian 12's own archive as this machine's apt knows it, with trixie in its
# place: a deb822 stanza, or else a line of the old kind.
write_source() {
    # $G: no file's last stanza runs into the next one's first.
    sed -s '$G' /etc/apt/sources.list.d/debian.sources \
        /etc/apt/sources.list.d/*.sources 2>/dev/null | awk -v RS= '
        function has(field, word) {
            return match("\n" $0 "\n",
                         "\n" field ":([^\n]*[ \t])?" word "[ \t\n]")
        }
        has("Types", "deb") && has("Suites", "bookworm") &&
        has("Components", "main") && !has("Enabled", "no") {
            n = split($0, line, "\n")
            for (i = 1; i <= n; i++) {
                if (line[i] ~ /^[^ \t]/)
                    skip = line[i] ~ /^(#|(Types|Suites|Components|Enabled):)/
                if (!skip)
                    print line[i]
            }
            print "Types: deb deb-src\nSuites: trixie\nComponents: main"
            exit
        }' >"$tmp/sources/trixie.sources"
    [ ! -s "$tmp/sources/trixie.sources" ] || return 0
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk '
        { gsub(/[ \t]+/, " ") }
        $1 == "deb" && / bookworm (.* )?main( |$)/ && !/ cdrom:/ {
            sub(/^ ?deb /, "")
            sub(/ bookworm .*/, " trixie main")
            print "deb " $0 "\ndeb-src " $0
            exit
        }' >"$tmp/sources/trixie.list"
    [ -s "$tmp/sources/trixie.list" ] ||
        fail 'no source in /etc/apt has bookworm, main; without one there is no
mirror to take yyjson and libmicrohttpd of Debian 13 from'
}

trixie_apt() {
    (cd "$tmp" && apt-get -q -o Dir::Etc::SourceList=/dev/null \
        -o Dir::Etc::SourceParts="$tmp/sources" \
        -o Dir::Etc::Preferences=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State::Lists="$tmp/lists" -o Dir::Cache="$tmp/cache" \
        -o Acquire::Languages=none "$@") >>"$log" 2>&1 </dev/null ||
        fail_log "from Debian 13: apt-get $1 failed"
}

open_trixie() {
    tmp=$(mktemp -d)
    trap 'rm -rf "$tmp"' EXIT
    trap 'exit 1' HUP INT TERM
    chmod 755 "$tmp" # apt fetches as a user of its own
    mkdir -p "$tmp/sources" "$tmp/lists/partial" "$tmp/cache/archives/partial"
    write_source
    trixie_apt update
}

compile_libmicrohttpd() {
    cd "$tmp"/libmicrohttpd-*/
    flags=$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --export=sh)
    eval "$flags"
    ./configure -q --prefix=/usr --disable-shared --with-pic --disable-doc \
        --disable-examples --disable-tools --disable-curl --enable-https=yes
    make -s -j"$(nproc)" -C src/microhttpd
    make -s -C src/include DESTDIR="$tmp/out" install
    make -s -C src/microhttpd DESTDIR="$tmp/out" install
    make -s DESTDIR="$tmp/out" install-pkgconfigDATA
    cd "$tmp/out/usr/lib"
    rm libmicrohttpd.la
    # Found wherever the folder moves to, with all that a static library needs.
    sed -i -e 's|^prefix=.*|prefix=${pcfiledir}/../..|' -e '/^Requires:/d' \
        -e 's|^Requires.private:|Requires:|' -e 's|^Libs:.*|& -lpthread|' \
        -e '/^Libs.private:/d' pkgconfig/libmicrohttpd.pc
}

# Static, so that what is built with it runs without build/.
build_libmicrohttpd() {
    echo 'run: building libmicrohttpd 1.0 (once, about 20 seconds)'
    trixie_apt source libmicrohttpd
    set +e # tested by "if" or "||", the inner set -e would not count
    (
        set -e
        compile_libmicrohttpd
    ) >>"$log" 2>&1
    status=$?
    set -e
    [ "$status" -eq 0 ] || fail_log 'could not build libmicrohttpd'
    rm -rf build/deps build/deps.new
    cp -R "$tmp/out/usr" build/deps.new
    mv build/deps.new build/deps
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "no apt here to install what this takes. By Debian's names that is:
    $packages
    libmicrohttpd-dev (1.0 or newer) libyyjson-dev
Install what this system calls them, then run this again with SKIP_DEPS=1."
fi

build_it=
if [ "$(. /etc/os-release && echo "${VERSION_CODENAME-}")" != bookworm ]; then
    packages="$packages libmicrohttpd-dev libyyjson-dev"
    yyjson=
elif [ ! -e build/deps/lib/pkgconfig/libmicrohttpd.pc ]; then
    packages="$packages dpkg-dev"
    build_it=1
fi

# Names hold no blanks: from here on they are split on purpose.
# shellcheck disable=SC2086,SC2046
{
    set -- $(missing $packages $yyjson)
    [ "$#$build_it" != 0 ] || exit 0
    mkdir -p build
    : >"$log"
    fetch=
    for name; do
        shift
        case " $yyjson " in
        *" $name "*) fetch=$yyjson ;;
        *) set -- "$@" "$name" ;;
        esac
    done
    sudo=
    if [ "$#$fetch" != 0 ] && [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
        command -v sudo >/dev/null ||
            fail "it takes root, or sudo, to install $* $fetch"
    fi
    if [ $# -gt 0 ]; then
        echo "run: installing $* (log: $log)"
        $sudo apt-get update -q >>"$log" 2>&1 </dev/null ||
            echo "run: apt-get update complains; going on with what it has"
        install "$@"
    fi
    [ -n "$fetch$build_it" ] || exit 0
    open_trixie
    if [ -n "$fetch" ]; then
        echo "run: installing $fetch from Debian 13 (log: $log)"
        trixie_apt download $fetch
        install "$tmp"/libyyjson*.deb
    fi
    [ -z "$build_it" ] || build_libmicrohttpd
}
