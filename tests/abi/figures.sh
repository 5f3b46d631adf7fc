#!/bin/sh
# figures.sh SOURCE: the rows of README.md's table are rows of the last result.
set -eu
cd "$1"
grep -E '^\| .* (met|missed) \|$' README.md >/dev/null ||
    { echo 'README.md has no row of bench/RESULTS.md' >&2; exit 1; }
grep -E '^\| .* (met|missed) \|$' README.md | while IFS= read -r row; do
    grep -qxF "$row" bench/RESULTS.md ||
        { echo "not in bench/RESULTS.md: $row" >&2; exit 1; }
done
