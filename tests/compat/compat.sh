#!/bin/sh
# compat.sh [--write] [FILE...] - our client and server against other people's.
# Run by "./run compat" from the project's root, after a release build. What npm
# brings lies in build/compat; once it is there nothing asks for a network.
set -eu

here=tests/compat
there=build/compat
log=$there/npm.log

if ! cmp -s $here/package-lock.json $there/installed; then
    echo "run: installing what is tested against, with npm (log: $log)"
    mkdir -p $there
    cp $here/package.json $here/package-lock.json $here/.npmrc $there/
    (cd $there && npm ci >npm.log 2>&1) || {
        tail -n 20 $log >&2
        echo "run: npm ci failed (all of it: $log)" >&2
        exit 1
    }
    cp $here/package-lock.json $there/installed
fi

NODE_PATH=$(pwd)/$there/node_modules
export NODE_PATH
unset NODE_EXTRA_CA_CERTS NODE_OPTIONS
exec node $here/run.js "$@"
