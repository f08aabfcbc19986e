#!/bin/bash
# One responsibility a file: under 500 lines, a test's under 600; a function under 60.
. "${0%/*}/tap.sh"
cd "$top_srcdir" || exit 1

mapfile -t sources < <(find src tests -name '*.[ch]' | sort)

long_files() {
    wc -l "${sources[@]}" | awk '{ limit = $2 ~ /^src/ ? 500 : 600 }
        $2 != "total" && $1 >= limit { print $2 ": " $1 " lines" }'
}

# A body opens and closes with a brace in the first column.
long_functions() {
    awk 'FNR == 1 { opened = 0 }
        /^{/ { opened = FNR }
        /^}/ { if (opened && FNR - opened >= 60)
                   print FILENAME ":" opened ": " FNR - opened " lines"
               opened = 0 }' "${sources[@]}"
}

check 'files are under 500 lines, those of tests under 600' long_files
check 'functions are under 60 lines' long_functions
finish
