#!/bin/bash
# A QEMU without libvirt gets a VF by the arguments that xml --format qemu prints, and another one by the
# commands of both of its monitors, in and out.
# depends on: kernel QEMU
time_limit=600
budget=360
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
first=$(vf "$pf" 0) second=$(vf "$pf" 1)
# The guest of libvirt's lends its kernel and the names of its buses. It gets no device.
start_guest db1 q35
mkdir "$work/plain"

printed() { # FORMAT DEVICE ADDRESS MAC : $work/FORMAT has what is printed
    va xml "$2" --guest db1 --guest-address "$3" --mac "$4" --format "$1"
    is "xml --format $1: exit status" "$status" 0
    cp "$work/out" "$work/$1"
}

# What stands around the lines, as root runs it.
comments() { # FORMAT HEADLINE
    sed -n "/^# $2/,/^[^#]/s/^#   //p" "$work/$1"
}

line() { # FORMAT N : the Nth that is not a comment
    grep -v '^#' "$work/$1" | sed -n "${2}p"
}

as_root() { # FORMAT HEADLINE
    comments "$1" "$2" >"$work/script"
    ok "the commands of \"$2\" run" sh -e "$work/script"
}

nic_at() { # ADDRESS : the guest's name of it and the MAC
    /lab/host/guest-nics "$work/plain" 60 | sed -n "s/ $1 / /p"
}

# There, and not just on the way.
is_in_guest() { # NAME ADDRESS MAC
    is "the guest has $1 at $2" "$(nic_at "$2")" "$1 $3"
    ok "$1 answers" pings "$pf" "$3"
}

has_nic() { # ADDRESS
    [ -n "$(nic_at "$1")" ]
}

lacks_nic() { # ADDRESS
    ! has_nic "$1"
}

has_answers() { # N : QMP has answered that it did so many things
    [ "$(grep -c '"return": {}' "$work/plain/events")" = "$1" ]
}

count_deleted() {
    grep -c DEVICE_DELETED "$work/plain/events"
}

has_deleted_more_than() { # N
    [ "$(count_deleted)" -gt "$1" ]
}

end_qemu() {
    kill "$qemu"
    wait "$qemu"
}

printed qemu "$first" 0000:01:00.0 52:54:00:aa:00:01
as_root qemu before
is 'the first VF is on VFIO' "$(driver "$first")" vfio-pci
read -ra arguments < <(line qemu 1)
initrd=(/var/lib/lab/guests/.initrd-*)
ports=()
for n in 1 2 3 4; do
    ports+=(-device "pcie-root-port,id=pci.$n,bus=pcie.0,chassis=$n,addr=$n")
done
qemu-system-x86_64 -machine q35,accel=kvm -cpu qemu64 -m 320 -nodefaults -display none \
    -kernel /var/lib/lab/vmlinux -initrd "${initrd[0]}" -append "$(xmllint --xpath 'string(/domain/os/cmdline)' - < <(config_xml db1))" \
    -serial "file:$work/plain/console.log" -serial "unix:$work/plain/answers,server=on,wait=off" \
    -qmp "unix:$work/plain/qmp,server=on,wait=off" -monitor "unix:$work/plain/hmp,server=on,wait=off" \
    "${ports[@]}" "${arguments[@]}" 2>"$work/plain/errors" &
qemu=$!
at_end+=(end_qemu)
until_true 300 /lab/host/guest-nics "$work/plain" 20 || give_up "the guest answers: $(cat "$work/plain/errors")"
is_in_guest enp1s0 0000:01:00.0 52:54:00:aa:00:01

# By QMP, whose events go to a file.
mkfifo "$work/plain/commands"
socat - "UNIX-CONNECT:$work/plain/qmp" <"$work/plain/commands" >"$work/plain/events" &
exec {qmp}>"$work/plain/commands"
echo '{"execute": "qmp_capabilities"}' >&"$qmp"
printed qmp "$second" 0000:02:00.0 52:54:00:aa:00:02
as_root qmp before
line qmp 1 >&"$qmp"
# One answer is to qmp_capabilities.
ok 'QMP: plugged in' until_true 60 has_answers 2
until_true 60 has_nic 0000:02:00.0
is_in_guest enp2s0 0000:02:00.0 52:54:00:aa:00:02
line qmp 2 >&"$qmp"
ok 'QMP: out again' until_true 60 grep "DEVICE_DELETED.*\"$(jq -r .arguments.id < <(line qmp 2))\"" "$work/plain/events"
ok 'QMP: the guest has it no more' lacks_nic 0000:02:00.0
as_root qmp when
is 'QMP: the second VF is on its host driver again' "$(driver "$second")" igbvf

# By the monitor for humans.
printed hmp "$second" 0000:03:00.0 52:54:00:aa:00:03
as_root hmp before
deleted=$(count_deleted)
line hmp 1 | socat -t 5 - "UNIX-CONNECT:$work/plain/hmp" >"$work/plain/said"
until_true 60 has_nic 0000:03:00.0 || diag "$(cat "$work/plain/said")"
is_in_guest enp3s0 0000:03:00.0 52:54:00:aa:00:03
line hmp 2 | socat -t 5 - "UNIX-CONNECT:$work/plain/hmp" >"$work/plain/said"
ok 'HMP: out again' until_true 60 has_deleted_more_than "$deleted"
ok 'HMP: the guest has it no more' lacks_nic 0000:03:00.0
as_root hmp when
is 'HMP: the second VF is on its host driver again' "$(driver "$second")" igbvf

exec {qmp}>&-
at_end=()
end_qemu
as_root qemu when
is 'the first VF is on its host driver again' "$(driver "$first")" igbvf
is 'libvirt was not asked for anything: live' "$(element live db1 "$first")$(element live db1 "$second")" ''
finish
