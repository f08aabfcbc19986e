#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bad input: one line on standard error, nothing on standard output, the right exit status; and with
# --json one object that says the same.
. "${top_srcdir:?}/tests/cli/program.bash"

is_one_line()
{
    [[ $(wc -l <"$scratch/stderr") == 1 ]]
}

# refused STATUS CODE MESSAGE ARGUMENTS...: MESSAGE is a part of the line.
refused()
{
    local wanted=$1 code=$2 message=$3
    shift 3
    run_on_host "$@"
    ok "$*: ends with $wanted" status_is "$wanted"
    ok "$*: prints no result" is_empty stdout
    ok "$*: prints one line" is_one_line
    ok "$*: says $message" has stderr "virt-assign: $message"
    run_on_host "$@" --json
    ok "$*: ends with $wanted, with --json too" status_is "$wanted"
    ok "$*: has a code" json .error.code "$code"
    ok "$*: has the message" test "$(jq -r '.schema, .error.message + (.error.hint // "" |
        if . == "" then . else "; " + . end)' "$scratch/stdout")" = \
        "$(printf '1\n%s' "$(sed 's/^virt-assign: //' "$scratch/stderr")")"
}

vf=0000:01:10.0
refused 2 usage "VERB is missing, usage: virt-assign"
refused 2 usage 'there is no verb "atach"; did you mean attach?' atach
refused 2 usage 'there is no verb "frobnicate"; see virt-assign --help' frobnicate
refused 2 usage "unknown option --bogus; see virt-assign list --help" list --bogus
refused 2 usage "unknown option --force; see virt-assign detach --help" detach db1 $vf --force
refused 2 usage "unknown option --speed; see virt-assign attach --help" attach db1 $vf --speed 1
refused 2 usage 'list: "x" is one argument too many' list x
refused 2 usage "list: --assigned and --free exclude each other" list --free --assigned
refused 2 usage "show: DEVICE|GUEST is missing" show
refused 2 usage "attach: DEVICE is missing" attach db1
refused 2 usage "detach: DEVICE|ALIAS|GUEST-ADDRESS is missing" detach db1
refused 2 invalid '--class: "nic" is not a device class' list --class nic
refused 2 invalid '--id: "" is not VENDOR' list --id ''
refused 2 invalid '--id: "808" is not VENDOR' list --id 808
refused 2 invalid '--id: "8086:10ca:0" is not VENDOR' list --id 8086:10ca:0
refused 2 invalid '--mac: "zz" is not a MAC address' attach db1 $vf --mac zz
refused 2 invalid '--guest-address: "2:0" is not a PCI address' attach db1 $vf --guest-address 2:0
refused 2 invalid '--guest-address: ' xml $vf --guest-address 00:20.0
refused 2 invalid '--as: "nic" is not' xml $vf --as nic
refused 2 invalid '--name: "ua-nic 0" cannot be an alias' xml $vf --name "nic 0"
refused 2 invalid '--name: "ua-" cannot be an alias' xml $vf --name ""
refused 2 invalid '--format: "yaml" is not a format: it is libvirt, qemu, qmp or hmp' xml $vf --format yaml
refused 2 usage "xml: --template goes with --format libvirt" xml $vf --format hmp --template mine.xml
refused 2 usage "unknown option --format; see virt-assign attach --help" attach db1 $vf --format qemu
refused 2 invalid '--output: "vfs.txt" does not end in .prom, and node_exporter reads no other file' metrics --output vfs.txt
refused 2 usage 'metrics: "db1" is one argument too many' metrics db1
refused 2 invalid '--vlan: "4095" is not a number from 0 to 4094' xml $vf --vlan 4095
refused 2 invalid '--qos: "8" is not a number from 0 to 7' attach db1 $vf --qos 8
refused 2 usage "attach $vf to db1: --required is about settings of a VF" attach db1 $vf --required --dry-run
refused 2 usage "attach $vf to db1: --required is about each start of the guest" attach db1 $vf --required --live --dry-run
refused 2 invalid '--max-rate: "fast" is not a number' attach db1 $vf --max-rate fast
refused 2 invalid '--trust: "yes" is not on or off' attach db1 $vf --trust yes
refused 2 invalid '--spoof-check: "0" is not on or off' xml $vf --spoof-check 0
for option in "--link-state auto" "--max-rate 100" "--qos 3" "--spoof-check off" "--trust on"; do
    # shellcheck disable=SC2086 # an option and its value
    refused 2 usage "xml: --link-state, --max-rate, --qos, --spoof-check and --trust are not part" \
        xml $vf --vlan 5 $option
done
refused 2 invalid '--link-state: "up" is not a link state: it is auto, enable or disable' \
    attach db1 $vf --link-state up
refused 1 unsupported "attach $vf to db1: setting what a PF holds about its VFs works on the machine" \
    attach db1 $vf --trust on
refused 2 invalid '--acpi-index: "0" is not a number from 1 to 16383' xml $vf --acpi-index 0
refused 2 invalid '--boot-order: "first" is not a number' xml $vf --boot-order first
refused 2 invalid '--timeout: "-1" is not a number from 0' detach db1 $vf --timeout -1
refused 2 invalid '--timeout: "1m" is not a number from 0' attach db1 $vf --timeout 1m
refused 2 usage 'check: "y" is one argument too many' check $vf db1 y
refused 3 not-found 'no guest "nothing"' check $vf nothing
refused 3 not-found '"db1" is a guest, where a device is to be named' check db1 $vf
refused 3 not-found '"77:00.0" is a device, where a guest is to be named' attach 77:00.0 db1
refused 3 not-found '"enp1s0" is a device, where a guest is to be named' xml $vf --guest enp1s0
refused 3 not-found "" check nothing db1
refused 3 not-found "" check nothing
refused 2 usage "names: GUEST is missing" names
refused 2 usage 'names: "x" is one argument too many' names db1 x
refused 3 not-found "" names nothing
refused 2 invalid '--scheme: "v242" is not a naming scheme of systemd; v238 to v261' names db1 --scheme v242
refused 4 wrong-state "guest web1 is shut off: there is no agent in it to ask; virsh start web1" names web1 --verify
refused 2 invalid '--guest-name: no attached device can get the name "eth0" from systemd' attach db1 $vf --guest-name eth0
refused 2 invalid '--guest-name: no attached device can get the name "ens1f0"' xml $vf --guest-name ens1f0
refused 2 usage "xml: --guest-name goes with --guest" xml $vf --guest-name ens1
refused 2 usage "vfs: PF is missing" vfs
refused 2 usage "vfs: --persist goes with a COUNT" vfs enp1s0 --persist
refused 2 usage "vfs: --dry-run goes with a COUNT" vfs enp1s0 --dry-run
refused 2 usage "vfs: --autoprobe goes with a COUNT" vfs enp1s0 --autoprobe off
refused 2 usage "vfs: --timeout goes with a COUNT" vfs enp1s0 --timeout 5
refused 2 invalid 'COUNT: "many" is not a number from 0 to 65535' vfs enp1s0 many
refused 2 invalid 'COUNT: "-1" is not a number from 0 to 65535' vfs enp1s0 -1
refused 2 invalid 'COUNT: "65536" is not a number from 0 to 65535' vfs enp1s0 65536
refused 2 invalid '--autoprobe: "yes" is not on or off' vfs enp1s0 4 --autoprobe yes
refused 2 invalid '--timeout: "0" is not a number from 1' vfs enp1s0 4 --timeout 0
refused 2 invalid '--timeout: "-1" is not a number from 1' vfs enp1s0 4 --timeout -1
refused 2 invalid '--timeout: "-1" is not a number from 0' host-detach $vf --timeout -1
refused 2 invalid '--timeout: "soon" is not a number from 0' host-reattach $vf --timeout soon
refused 1 unsupported "vfs works on the machine it runs on" vfs enp1s0
refused 1 unsupported "vfs works on the machine it runs on" vfs enp1s0 4
refused 2 usage "ports: GUEST is missing" ports
refused 2 usage 'ports: "x" is one argument too many' ports db1 x
refused 2 usage "ports: --force goes with --add" ports db1 --force
refused 2 usage "ports: --dry-run goes with --add" ports db1 --dry-run
refused 2 usage "ports: --timeout goes with --add" ports db1 --timeout 5
refused 2 invalid '--add: "0" is not a number from 1 to 255' ports db1 --add 0
refused 2 invalid '--add: "256" is not a number from 1 to 255' ports db1 --add 256
refused 2 invalid '--add: "some" is not a number' ports db1 --add some
refused 2 invalid '--timeout: "-1" is not a number from 0' ports db1 --add 1 --timeout -1
refused 3 not-found "" ports nobody
ok "the hint names the connection" has stdout "see the guests: virsh -c test:"
refused 3 not-found "" ports nobody --add 1
refused 4 no-slot "add ports to db1: there are bus numbers for 250 more ports" ports db1 --add 251
refused 2 usage "attach: --group and --keep-going exclude each other" attach db1 $vf --keep-going --group
refused 2 usage "host-detach: --group and --keep-going exclude each other" host-detach $vf --group --keep-going
refused 2 usage "unknown option --keep-going; see virt-assign detach" detach db1 $vf --keep-going
refused 2 usage "host-detach: --force and --persist exclude each other" host-detach $vf --force --persist
refused 2 usage "host-detach: DEVICE is missing" host-detach
refused 2 usage "host-reattach: DEVICE is missing" host-reattach --clear-override
refused 2 usage "unknown option --group; see virt-assign host-reattach" host-reattach $vf --group
refused 1 unsupported "host-detach works on the machine it runs on" host-detach $vf
refused 1 unsupported "host-reattach works on the machine it runs on" host-reattach $vf --dry-run
refused 2 usage 'recover: "x" is one argument too many' recover db1 x
refused 2 usage "unknown option --group; see virt-assign recover" recover --group
refused 2 usage "--dry-run goes with --adopt only" recover --dry-run
refused 2 usage "--adopt is for one guest" recover --adopt
refused 2 usage "--adopt is for one guest" recover --adopt --dry-run
refused 3 not-found "" recover --adopt nobody
refused 2 invalid '--timeout: "-1" is not a number from 0' recover --timeout -1
refused 3 not-found "" recover nobody
refused 2 usage 'hook: install|remove|status is missing' hook
refused 2 usage 'hook is to be followed by install, remove or status, not by "start"' hook start
refused 2 usage "boot works on the machine that it runs on, without libvirt: -c does not go with it" boot
refused 3 not-found "" show nothing
refused 3 not-found "" show 0000:7f:00.0
refused 2 invalid "" show 0000:01:20.0
refused 3 not-found "--guest: " list --guest nobody
refused 3 not-found "--pf: " list --pf eth99
refused 4 unsuitable "--pf: $vf is not an SR-IOV PF" list --pf $vf
refused 3 not-found "" attach nobody $vf
refused 3 not-found "" detach nobody $vf
refused 3 not-found "" xml 0000:7f:00.0
refused 3 not-found "" xml $vf --template no-such

run -c nonsense://here list
ok "an unknown libvirt ends with 1" status_is 1
ok "an unknown libvirt gets one line" is_one_line
run --json --bogus
ok "--json holds before a usage error" json .error.code usage
run list --bogus --json
ok "and behind it" json .error.code usage
run_on_host topology --json
ok "a picture is not JSON" json '.error | "\(.code): \(.message)"' \
    "usage: topology: --json does not go with it: a picture is SVG or DOT"
run list $'\377'
ok "what is not UTF-8 is refused" text_is stderr "virt-assign: argument 2 is not UTF-8"
run_on_host show $'no\033[2Jthing'
ok "what is typed cannot command the terminal" has stderr 'no\x1b[2Jthing'
finish
