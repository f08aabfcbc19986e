#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# boot: what it does on any machine without wishes, and its unit.
. "${top_srcdir:?}/tests/cli/program.bash"
unit=${top_builddir:?}/packaging/virt-assign-boot.service

names_program()
{
    grep -qE '^ExecStart=/.*/virt-assign boot --timeout 60$' "$unit"
}

# systemd-analyze misses the program, which need not be installed, and units of libvirt.
is_valid()
{
    sed 's|^ExecStart=.*|ExecStart=/bin/true|' "$unit" >"$scratch/virt-assign-boot.service"
    systemd-analyze verify --man=no "$scratch/virt-assign-boot.service" 2>"$scratch/stderr"
    ! grep -q virt-assign-boot "$scratch/stderr"
}

# A libvirt that is asked would fail the command.
wishes=/etc/virt-assign/host.xml
if [[ ! -e $wishes ]]; then
    LIBVIRT_DEFAULT_URI=test:///nowhere run boot
    ok "without wishes boot ends with 0" status_is 0
    ok "without wishes it says so" text_is stdout "nothing is wished for each boot: there is no wish in $wishes"
    run boot --dry-run --json
    ok "in JSON there are no results and no steps" json '.schema, (.results | length), (.steps | length)' $'1\n0\n0'
fi

ok "the unit names the program" names_program
if command -v systemd-analyze >/dev/null; then
    ok "the unit is valid" is_valid
fi
finish
