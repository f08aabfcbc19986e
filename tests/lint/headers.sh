#!/bin/bash
# Each header stands on its own: it compiles as the first and only thing included.
. "${0%/*}/tap.sh"
cd "$top_srcdir/src" || exit 1

compiles_alone() {
    # shellcheck disable=SC2086 # a list of flags each
    ${CC:-cc} -std=gnu17 -Wall -Werror -fsyntax-only -I. $HEADER_CFLAGS -x c - <<<"#include \"$1\""
}

for header in */*.h */*/*.h; do
    check "$header" compiles_alone "$header"
done
finish
