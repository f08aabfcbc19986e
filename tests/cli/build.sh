#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the build makes of the program: hardened, and the same in any folder.
. "${top_srcdir:?}/tests/cli/program.bash"

# hardened DESCRIPTION PATTERN READELF-OPTIONS: as configure says.
hardened()
{
    if [[ ${hardening:?} != yes ]]; then
        number=$((number + 1))
        echo "ok $number - $1 # SKIP configured without"
        return
    fi
    readelf "${@:3}" "$program" >"$scratch/elf"
    ok "$1" grep -qE "$2" "$scratch/elf"
}

has_no_path()
{
    ! grep -qaF -e "$top_builddir" -e "$top_srcdir/src" "$program"
}

hardened "relocations are read-only" GNU_RELRO -lW
hardened "and all made at the start" 'BIND_NOW|Flags:.* NOW' -dW
hardened "the stack is protected" __stack_chk_fail -W --dyn-syms
ok "no path of the build is in the program" has_no_path
finish
