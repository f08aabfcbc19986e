#!/bin/bash
# Every file of ours keeps to these: licence line, white space, nothing left open.
. "${0%/*}/tap.sh"
cd "$top_srcdir" || exit 1

mapfile -t sources < <(find src tests examples xml-templates -type f ! -path 'tests/data/*' | sort)
mapfile -t c_files < <(printf '%s\n' "${sources[@]}" | grep '\.[ch]$')

no_licence() {
    grep -L '^/\* SPDX-License-Identifier: LGPL-2.1-or-later \*/' "${c_files[@]}"
    return 0
}

white_space() {
    grep -nE '[[:space:]]+$' "${sources[@]}"
    return 0
}

tabs_in_c() {
    grep -nP '\t' "${c_files[@]}"
    return 0
}

# The words are split so that this file does not find itself.
left_open() {
    grep -nE 'TO''DO|FIX''ME|\bX''XX\b|not (yet )?imple''mented' "${sources[@]}"
    return 0
}

prefix_with_colon_at_the_end() {
    grep -nE 'g_prefix_error\([^"]*"[^"]*[^ ]"' "${c_files[@]}"
    return 0
}

check 'C files name their licence' no_licence
check 'no white space at line ends' white_space
check 'no tabs in C' tabs_in_c
check 'nothing is left open' left_open
check 'an error prefix ends with a space' prefix_with_colon_at_the_end
finish
