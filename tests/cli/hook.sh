#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# hook: what libvirt runs, by its name and words. A libvirt that is asked would fail it.
. "${top_srcdir:?}/tests/cli/program.bash"
export LIBVIRT_DEFAULT_URI=test:///nowhere

# hooked WORDS...: as libvirt does, with standard input as it is.
hooked()
{
    (exec -a /etc/libvirt/hooks/qemu.d/50-virt-assign "$program" "$@") >"$scratch/stdout" 2>"$scratch/stderr"
    status=$?
}

silent()
{
    ok "$1: it ends with 0" status_is 0
    ok "$1: it says nothing" test ! -s "$scratch/stdout" -a ! -s "$scratch/stderr"
}

hooked db1 reconnect begin - <<<"<domain"
silent "reconnect"
hooked --help <<<""
silent "words that are not libvirt's"
hooked </dev/null
silent "no words"
hooked db1 prepare begin - <<<"<domain"
silent "XML that cannot be read"
hooked db1 start begin - <"$data/different-live.xml"
silent "a guest without wishes"

# Its writer does not come to an end, and the hook does.
mkfifo "$scratch/input"
exec 3<>"$scratch/input"
hooked db1 prepare begin - <&3
silent "input without end"

run -c "$host" hook status
ok "hook is for a libvirt of this machine" status_is 1
finish
