#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Guests that are not as most are.
. "${top_srcdir:?}/tests/cli/program.bash"
host=test://$data/rare-guests.xml

# No controller says that the machine has PCI.
run_on_host ports arm
ok "ports of a machine without PCI says that it has none" text_is stdout \
    "arm takes no PCI devices: its machine, vexpress-a9, has no PCI bus; give it a machine with PCI: virsh edit arm"
ok "which is an answer and no failure" status_is 0
run_on_host ports arm --json
ok "and --json says it, too" json '"\(.pci) \(.ports | length)"' "false 0"
run_on_host ports arm --add 1 --dry-run
ok "no port is added to it" status_is 4
ok "for the same reason" text_is stderr \
    "virt-assign: add ports to arm: the guest's machine has no PCI; give it a machine with PCI"
run_on_host ports zlinux --json
ok "a machine with PCI and without ports is another matter" json .pci true
run_on_host attach arm 04:00.0 --config --dry-run
ok "a device for it is refused" status_is 4
ok "and why is said" text_is stderr \
    "virt-assign: attach 0000:04:00.0 to arm: the guest's machine has no PCI; give it a machine with PCI"
run_on_host attach arm 04:00.0 --config --dry-run --guest-address 00:02.0
ok "at a place of one's own, too" status_is 4
ok "with the same reason" has stderr "guest address 0000:00:02.0: the guest's machine has no PCI"

# On s390x a NIC has its name from its channel, or from what <zpci> tells the guest's kernel.
run_on_host names zlinux --json
ok "a NIC on a channel has a name" json '.guest.nics[0].predicted_name' enc1
ok "that of one on PCI cannot be told" json '.guest.nics[1].predicted_name' null
ok "which is said" json '[.findings[].id] | join(" ")' names.unknown
run_on_host names zlinux
ok "the place on the channel is shown" has stdout "fe.0.0001"
run_on_host check zlinux
ok "check has no word of ACPI" test -z "$(grep -i acpi "$scratch/stdout")"
ok "check has no word of q35" test -z "$(grep q35 "$scratch/stdout")"
run_on_host attach zlinux 04:00.0 --config --dry-run --guest-name enp0s2
ok "a name by path is not promised" status_is 4
finish
