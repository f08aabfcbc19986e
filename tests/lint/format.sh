#!/bin/bash
# C is formatted as .clang-format says. Versions of clang-format differ in details: 14 decides.
. "${0%/*}/tap.sh"
cd "$top_srcdir" || exit 1

formatter=
for candidate in clang-format-14 clang-format; do
    if "$candidate" --version 2>/dev/null | grep -q 'version 14\.'; then
        formatter=$candidate
        break
    fi
done
if [ -z "$formatter" ]; then
    skip 'clang-format' 'clang-format 14 is not installed'
    finish
    exit
fi

unformatted() {
    find src tests -name '*.[ch]' -print0 | xargs -0 "$formatter" --dry-run --Werror 2>&1 |
        grep -o '^[^ ]*: error' | sort | uniq -c
    return 0
}

check 'C files are formatted' unformatted
finish
