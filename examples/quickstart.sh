#!/bin/bash
# The main job of virt-assign on a machine without any special hardware. See --help.
set -uo pipefail
examples=$(dirname "$(readlink -f "$0")")
top=$(dirname "$examples")
lab=$top/tests/lab/lab
host=debian13

usage() {
    cat <<'U'
usage: examples/quickstart.sh [--host debian13|debian12]

Installs what is missing (root; Debian 12 or 13), builds, and shows the main job on a real kernel with
real libvirt guests: a VF of an SR-IOV network card into a running guest and back out. Card and
host are emulated by QEMU: the machine needs no SR-IOV, no KVM, and 5 GiB of memory.

The first run builds a Debian root file system with libvirt and compiles virt-assign in it, which
takes some minutes. Both are kept in ~/.cache/virt-assign-lab for the next run, which takes about
two; "tests/lab/lab clean" removes them. Nothing else is changed on this machine but the packages
that are installed.
U
}

say() {
    echo "quickstart: $*"
}

die() {
    echo "quickstart: $*" >&2
    exit 1
}

usage_error() {
    echo "quickstart: $*; examples/quickstart.sh --help tells more" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) usage && exit 0 ;;
    --host)
        [ $# -ge 2 ] || usage_error '--host takes a value'
        case $2 in
        debian12 | debian13) host=$2 && shift 2 ;;
        *) usage_error "unknown host '$2': it is debian13 or debian12" ;;
        esac
        ;;
    *) usage_error "unknown argument '$1'" ;;
    esac
done

[ "$(id -u)" = 0 ] || die 'needs root, to install packages and to build a Debian root file system: run it with sudo'
[ "$(uname -m)" = x86_64 ] || die "this machine is $(uname -m): the emulated host needs x86_64"

# with_pulse COMMAND... : with a sign of life for who watches. What the command says goes through.
with_pulse() {
    local started=$SECONDS pid status=0
    "$@" &
    pid=$!
    trap 'kill "$pid" 2>/dev/null; wait "$pid"; exit 130' INT TERM
    while sleep 1 && kill -0 "$pid" 2>/dev/null; do
        [ $(((SECONDS - started) % 20)) != 0 ] || say "... $((SECONDS - started)) s"
    done
    wait "$pid" || status=$?
    trap - INT TERM
    return $status
}

say '1. installs what is missing on this machine'
with_pulse "$top/tests/install-deps" lab || exit 1

say "2. builds the emulated host ($host), and virt-assign in it: minutes at the first time, seconds later"
with_pulse "$lab" build --host "$host" || exit 1

say '3. boots the emulated host, which takes about half a minute, and does the main job in it'
status=0
"$lab" run --host "$host" --time-limit 600 "$examples/quickstart-job.sh" || status=$?
[ "$status" = 0 ] || die "the main job was not done (exit status $status): the reason is above"

cat <<E

What was done: in an emulated $host host, a VF of an Intel 82576 went into a running guest at the guest
address and with the MAC that were asked for; the guest gave the NIC the predicted name and answered
pings through it; then it let the VF go, and its host driver has it again. The emulated host is gone.

On a host of your own, with libvirt, the IOMMU on and VFs created, from this folder ($top):

    tests/install-deps build                what compiling needs, once
    ./autogen.sh && ./configure && make && make install     (autogen.sh in a git checkout only)
    virt-assign list                        devices, and which guests have them
    virt-assign attach GUEST DEVICE         a VF as enp3s0f0/vf2 or 0000:03:10.4
    virt-assign detach GUEST DEVICE

README tells more; "tests/lab/lab shell" gives a console on the emulated host to try things.
E
