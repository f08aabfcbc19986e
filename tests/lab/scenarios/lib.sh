# shellcheck shell=bash
# The scenarios share this file. A scenario reads it first, checks, and ends with "finish".
#
# It runs in a lab host (tests/lab/lab run), alone or as one of several in all.sh: it makes the VFs
# and guests it needs, and what it made is gone when it ends, however it ends; only some guests stay (start_guest).
#
# A check believes others: virsh, ip, /sys and the guest itself - never virt-assign, whose word is
# what is checked.

# The scenario as a whole is given this many seconds (a scenario sets it before it reads this file).
: "${time_limit:=420}"
# A scenario is meant to take this many seconds: one that takes more than 80 % of them says that at its end.
: "${budget:=120}"

# The scenario runs in a process group of its own, which timeout ends as a whole: it still says itself
# what it was doing and cleans up, unless it hangs in that too.
if [ -z "${scenario_guarded-}" ]; then
    scenario_guarded=1 exec timeout -k 90 "$time_limit" bash "$0" "$@"
fi

set -uo pipefail
export LC_ALL=C.UTF-8 LIBVIRT_DEFAULT_URI=qemu:///system
work=$(mktemp -d)
checks=0 failures=0 finished='' doing='starting' runs=0 told=0 status=0 command='' out='' err=''
guests=() hosted_pfs=() at_end=()

# ---- virsh

# One virsh answers all questions about guests. A new one takes an emulated processor a fifth of a second
# each time, nearly all of it the dynamic linker's. What changes something gets a virsh of its own.
start_virsh() {
    coproc VIRSH { exec virsh -q 2>&1; }
    virsh_pid=$VIRSH_PID
    # Other than those of the coproc, these are there in subshells, too.
    exec {virsh_in}>&"${VIRSH[1]}" {virsh_out}<&"${VIRSH[0]}"
    disown "$virsh_pid"
}

ask_virsh() { # COMMAND ARGUMENTS... : as "virsh -q COMMAND ARGUMENTS..."
    local line answer='' status=1 sent
    printf -v sent "'%s' " "$@"
    # The mark has no line end of its own: an empty command follows.
    if kill -0 "$virsh_pid" 2>/dev/null && printf '%s\necho @@\n\n' "$sent" >&"$virsh_in"; then
        status=0
        while IFS= read -r -t 60 line <&"$virsh_out"; do
            case $line in
            # An error can be of the connection, which libvirtd's restart has ended: asked again.
            @@*) [ "$status" = 0 ] || break && printf '%s' "$answer" && return ;;
            'virsh # '* | "$sent" | 'echo @@') ;; # it echoes, with its prompt or, having reconnected, without
            'error: '*) status=1 ;;
            *) answer+=$line$'\n' ;;
            esac
        done
    fi
    # It is gone, or stuck: the question is asked as ever.
    virsh -q "$@"
}

# ---- TAP

diag() { # TEXT, of any number of lines
    printf '#   %s\n' "${*//$'\n'/$'\n'#   }"
}

report() { # PASSED(0) NAME
    checks=$((checks + 1))
    if [ "$1" = 0 ]; then
        echo "ok $checks - $2"
        return 0
    fi
    failures=$((failures + 1))
    echo "not ok $checks - $2"
    return 1
}

# The last command run and what it said: to the first failed check after it.
diag_command() {
    [ -n "$command" ] && [ "$told" != "$runs" ] || return 0
    told=$runs
    diag "\$ $command"
    diag "exit status $status"
    [ -z "$out" ] || diag "stdout: $out"
    [ -z "$err" ] || diag "stderr: $err"
}

ok() { # NAME COMMAND...
    local name=$1
    shift
    doing=$name
    if "$@" >"$work/check" 2>&1; then
        report 0 "$name"
    else
        report 1 "$name" || diag "not so: $* $(cat "$work/check")"
        diag_command
        return 1
    fi
}

is() { # NAME GOT WANTED
    doing=$1
    if [ "$2" = "$3" ]; then
        report 0 "$1"
    else
        report 1 "$1" || diag "got:    $2"
        diag "wanted: $3"
        diag_command
        return 1
    fi
}

like() { # NAME TEXT REGEX
    doing=$1
    if [[ $2 =~ $3 ]]; then
        report 0 "$1"
    else
        report 1 "$1" || diag "got:               $2"
        diag "wanted a match of: $3"
        diag_command
        return 1
    fi
}

same() { # NAME FILE-BEFORE FILE-AFTER
    doing=$1
    if diff -u "$2" "$3" >"$work/diff"; then
        report 0 "$1"
    else
        report 1 "$1" || diag "$(cat "$work/diff")"
        diag_command
        return 1
    fi
}

# A scenario that cannot go on: what it had yet to check counts as failed.
give_up() { # WHY
    finished=1
    report 1 "$1"
    diag_command
    exit 1
}

finish() {
    finished=1
    exit
}

# ---- running

run() { # COMMAND... : sets status, out, err
    command=$*
    doing=$*
    runs=$((runs + 1))
    status=0
    timeout --foreground -k 5 200 "$@" >"$work/out" 2>"$work/err" || status=$?
    out=$(<"$work/out") err=$(<"$work/err")
}

va() {
    run virt-assign "$@"
}

# The command has to work for the scenario to have a meaning.
must() { # COMMAND...
    run "$@"
    [ "$status" = 0 ] || give_up "$*"
}

succeeds() { # NAME ARGUMENTS...
    local name=$1
    shift
    va "$@"
    is "$name: exit status" "$status" 0
}

# One line on stderr that begins "virt-assign: " and matches, nothing on stdout, and the exit
# status that stands for this kind of trouble.
refused() { # NAME STATUS REGEX ARGUMENTS...
    local name=$1 wanted=$2 regex=$3
    shift 3
    va "$@"
    refused_so "$name" "$wanted" "$regex"
}

refused_so() { # NAME STATUS REGEX : the same of the last command run
    doing=$1
    if [ "$status" = "$2" ] && [ -z "$out" ] && [ "$(wc -l <"$work/err")" = 1 ] &&
        [[ $err == 'virt-assign: '* ]] && [[ $err =~ $3 ]]; then
        report 0 "$1: one line, exit status $2"
    else
        report 1 "$1: one line, exit status $2" || diag "wanted one line on stderr that matches: $3"
        diag_command
        return 1
    fi
}

# The last command's JSON: is FILTER true of it?
json() { # NAME JQ-FILTER [JQ-OPTIONS...]
    local name=$1 filter=$2
    shift 2
    doing=$name
    if jq -e "$@" "$filter" "$work/out" >/dev/null 2>"$work/check"; then
        report 0 "$name"
    else
        report 1 "$name" || diag "not true of the JSON: $filter $(cat "$work/check")"
        diag_command
        return 1
    fi
}

# in_background NAME ARGUMENTS... : virt-assign, while the scenario goes on; its output is in
# $work/NAME.out and $work/NAME.err. collect NAME waits for its end and sets status, out, err.
declare -A jobs=() job_commands=()
in_background() {
    local name=$1
    shift
    doing="virt-assign $*"
    : >"$work/$name.err"
    timeout --foreground -k 5 200 virt-assign "$@" >"$work/$name.out" 2>"$work/$name.err" &
    jobs[$name]=$!
    job_commands[$name]="virt-assign $* (in the background)"
}

collect() { # NAME
    command=${job_commands[$1]}
    doing=$command
    runs=$((runs + 1))
    status=0
    wait "${jobs[$1]}" || status=$?
    unset "jobs[$1]"
    cp "$work/$1.out" "$work/out"
    cp "$work/$1.err" "$work/err"
    out=$(<"$work/out") err=$(<"$work/err")
}

is_running() { # NAME
    kill -0 "${jobs[$1]}" 2>/dev/null
}

until_true() { # SECONDS COMMAND...
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.3
    done
}

# Until the background command NAME waits for the guest: the request is sent then.
waits_for_guest() { # NAME
    until_true 60 grep -q 'waiting for' "$work/$1.err" || give_up "$1: does not get to waiting for the guest"
}

# ---- what kills a command, and when

# Runs virt-assign up to where it is about to say its line N, and ACTION there, which has its process
# in $pid. FALSE when it ended without a line N.
at_line() { # N ACTION ARGUMENTS...
    local n=$1 action=$2
    shift 2
    rm -f "$work/acted"
    run lab-at-line "$n" "touch $work/acted; $action" virt-assign -v "$@"
    [ -e "$work/acted" ]
}

# The line before that: with -v a command says each of its steps as it begins it.
after_line() { # N
    local line
    line=$(head -n "$(($1 - 1))" "$work/err" | tail -n 1)
    echo "after \"${line:-its record}\""
}

# check [GUEST] has the finding ID where COMMAND is true, and else it has not.
check_tells() { # NAME ID GUEST|"" COMMAND...
    local wanted=false
    ! "${@:4}" || wanted=true
    # shellcheck disable=SC2086 # no argument when there is no guest
    va --json check $3
    is "$1: check has $2" "$(jq "any(.findings[]; .id == \"$2\")" "$work/out")" "$wanted"
}

# Counts the steps that a command has by its own word.
count_steps() { # ARGUMENTS...
    virt-assign "$@" --dry-run | grep -c '^ *[0-9]*\. '
}

# These count, by kind, how often something was tried, and how often no check failed.
declare -A tried=() survived=()
count_try() { # KIND FAILURES-BEFORE
    tried[$1]=$((${tried[$1]-0} + 1))
    [ "$failures" != "$2" ] || survived[$1]=$((${survived[$1]-0} + 1))
}

tell_tries() {
    local kind
    while read -r kind; do
        diag "$kind: ${tried[$kind]} tried, ${survived[$kind]-0} survived"
    done < <(printf '%s\n' "${!tried[@]}" | sort)
}

# ---- reboots

# Ends the scenario in this boot. It runs again from its start, with $LAB_BOOT one higher, and its
# checks are counted on.
reboot_host() {
    doing='rebooting the lab host'
    echo "$checks $failures $SECONDS" >/var/tmp/scenario-before-reboot
    lab-reboot || give_up 'the lab host reboots'
}

[ "${LAB_BOOT:-1}" = 1 ] || read -r checks failures SECONDS </var/tmp/scenario-before-reboot

# ---- the host

pf() { # N : the network interface of the Nth PF
    local all=(/sys/bus/pci/drivers/igb/*/net/*)
    basename "${all[$1 - 1]}"
}

pci_of() { # INTERFACE : its PCI address
    basename "$(readlink -f "/sys/class/net/$1/device")"
}

vf() { # PF N : the PCI address of the PF's VF N
    basename "$(readlink -f "/sys/class/net/$1/device/virtfn$2")"
}

make_vfs() { # PF N
    local file=/sys/class/net/$1/device/sriov_numvfs i
    doing="making $2 VFs of $1"
    hosted_pfs+=("$1")
    ip link set dev "$1" up
    if [ "$(cat "$file")" != "$2" ]; then
        [ "$(cat "$file")" = 0 ] || echo 0 >"$file"
        echo "$2" >"$file" || give_up "$1 takes no $2 VFs"
    fi
    udevadm settle
    for ((i = 0; i < $2; i++)); do
        until_true 20 test -e "/sys/class/net/$1/device/virtfn$i/driver" || give_up "VF $i of $1 gets no driver"
    done
}

driver() { # ADDRESS : its host driver, "none" without one
    local link
    link=$(readlink "/sys/bus/pci/devices/$1/driver") || link=none
    echo "${link##*/}"
}

vf_info() { # PF N JQ-FILTER : what the PF holds about its VF
    ip -j link show dev "$1" | jq -r ".[0].vfinfo_list[] | select(.vf == $2) | $3"
}

# ip calls the VLAN list differently over its versions; none is VLAN 0.
vf_vlan() { # PF N
    vf_info "$1" "$2" '(.vlan_list // [{}])[0].vlan // .vlan // 0'
}

vf_mac() { # PF N
    vf_info "$1" "$2" '.address // .mac'
}

# The link-local address that a NIC with this MAC gives itself (RFC 4291, appendix A).
link_local() { # MAC
    local b
    IFS=: read -ra b <<<"$1"
    printf 'fe80::%02x%s:%sff:fe%s:%s%s\n' $((0x${b[0]} ^ 2)) "${b[1]}" "${b[2]}" "${b[3]}" "${b[4]}" "${b[5]}"
}

pings() { # INTERFACE MAC : a ping from the host's interface to the guest's NIC is answered
    local address
    address=$(link_local "$2")
    # The guest's NIC first has to find out that its address is its own alone (RFC 4862).
    until_true 30 busybox ping -6 -I "$1" -c 1 -W 2 "$address"
}

# ---- guests

start_guest() { # NAME MACHINE [lab-guest's options]
    doing="starting guest $1 ($2)"
    guests+=("$1")
    has_stayed "$@" && return
    must lab-guest start "$@"
    case "$*" in
    *--transient* | *--controllers* | *--devices*) ;;
    'db1 '* | 'db2 '* | 'deaf '*) as_it_is "$@" >"/var/lib/lab/guests/$1/started" ;;
    esac
}

# A guest named db1, db2 or deaf that a scenario leaves as it was started, and that answers, stays for the next
# scenario that starts it in the same way: its boot takes longer than all that some scenarios do with it.
as_it_is() { # as start_guest
    echo "$*"
    { live_xml "$1"; config_xml "$1"; } | sed "s/^<domain type='kvm' id='[0-9]*'/<domain type='kvm'/"
}

has_stayed() { # as start_guest
    as_it_is "$@" 2>/dev/null | cmp -s - "/var/lib/lab/guests/$1/started"
}

may_stay() { # NAME
    local started=/var/lib/lab/guests/$1/started as
    [ "$failures" = 0 ] && [ -e "$started" ] || return 1
    read -ra as <"$started"
    has_stayed "${as[@]}" && [ -z "$(timeout 20 lab-guest nics "$1" || echo silent)" ]
}

wait_guest() { # NAME...
    local name
    for name in "$@"; do
        must lab-guest wait "$name"
    done
}

# A guest that has nothing to boot: shut off, or as one that hears nothing. It has four places for hot-plug.
define_guest() { # NAME
    guests+=("$1")
    {
        echo "<domain type='kvm'><name>$1</name><memory unit='MiB'>64</memory>"
        echo "<os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features><devices>"
        printf "<controller type='pci' index='%d' model='pcie-root-port'/>" 1 2 3 4
        echo '</devices></domain>'
    } >"$work/$1.xml"
    must virsh -q define "$work/$1.xml"
}

# Elements for lab-guest's --controllers and --devices. ADDRESS is BUS:SLOT.FUNCTION.
pci_address() { # ADDRESS [ATTRIBUTES]
    local bus slot function
    IFS=:. read -r bus slot function <<<"$1"
    printf "<address type='pci' domain='0' bus='0x%s' slot='0x%s' function='0x%s' %s/>" "$bus" "$slot" "$function" "${2-}"
}

controller() { # INDEX MODEL ADDRESS [ELEMENTS]
    printf "<controller type='pci' index='%s' model='%s'>%s%s</controller>\n" "$1" "$2" "${4-}" "$(pci_address "$3")"
}

# A virtual NIC, whose MAC ends in its address: 52:54:00:BUS:SLOT:0FUNCTION.
virtual_nic() { # ADDRESS [ACPI-INDEX [ATTRIBUTES]]
    local bus slot function
    IFS=:. read -r bus slot function <<<"$1"
    printf "<interface type='user'><mac address='52:54:00:%s:%s:0%s'/><model type='virtio'/>%s%s</interface>\n" \
        "$bus" "$slot" "$function" "$(pci_address "$1" "${3-}")" "${2:+<acpi index='$2'/>}"
}

# A guest's definition. libvirt 9.0 leaves an empty <metadata/> behind the last element that is taken
# out of it.
live_xml() { # GUEST
    ask_virsh dumpxml "$1" | sed '/^ *<metadata\/>$/d'
}

config_xml() { # GUEST
    ask_virsh dumpxml --inactive "$1" | sed '/^ *<metadata\/>$/d'
}

# Without what is on record of a command that is not over, such as a detach that is pending, and
# without the elements that are empty then. libvirt indents metadata anew when it starts.
config_without_record() { # GUEST
    config_xml "$1" | sed '/<virt-assign:operation /,/<\/virt-assign:operation>/d; s|^ *\(</*virt-assign:\)|\1|' |
        sed -z 's|\n *<metadata>\n *<virt-assign:assignments [^>]*>\n *</virt-assign:assignments>\n *</metadata>||'
}

# Whether a command on the guest is on record as not over, in either definition.
has_operation() { # GUEST
    # To the end: a grep -q that has found it makes what still writes to it fail, and with it the pipe.
    { live_xml "$1"; config_xml "$1"; } 2>/dev/null | grep '<virt-assign:operation ' >/dev/null
}

has_no_operation() { # GUEST
    ! has_operation "$1"
}

# The element that holds a host device, or nothing.
element() { # live|config GUEST ADDRESS
    local xml bus slot function domain
    IFS=:. read -r domain bus slot function <<<"$3"
    xml=$("$1_xml" "$2" 2>/dev/null) || return 0
    xmllint --xpath "/domain/devices/*[(self::hostdev or self::interface) and source/address[@domain='0x$domain' and @bus='0x$bus' and @slot='0x$slot' and @function='0x$function']]" - <<<"$xml" 2>/dev/null
}

has() { # live|config GUEST ADDRESS
    [ -n "$(element "$@")" ]
}

lacks() { # live|config GUEST ADDRESS
    [ -z "$(element "$@")" ]
}

# An attribute of that element: guest-address, mac, vlan, alias.
of_element() { # live|config GUEST ADDRESS WHAT
    local path
    case $4 in
    guest-address) path='concat(/*/address/@domain, ":", /*/address/@bus, ":", /*/address/@slot, ".", /*/address/@function)' ;;
    mac) path='string(/*/mac/@address)' ;;
    vlan) path='string(/*/vlan/tag/@id)' ;;
    alias) path='string(/*/alias/@name)' ;;
    esac
    element "$1" "$2" "$3" | xmllint --xpath "$path" - 2>/dev/null | sed 's/0x//g'
}

# Where the whole of it is: the guest's two definitions, the PFs' word on all VFs, and every driver.
# Two of these are the same when nothing was touched.
snapshot() { # FILE [GUEST...]
    local file=$1 guest
    shift
    {
        for guest in "$@"; do
            echo "== $guest"
            ask_virsh domstate "$guest"
            live_xml "$guest"
            config_xml "$guest"
        done
        echo '== PFs'
        ip -j link show | jq -c '.[] | select(.vfinfo_list) | {ifname, flags, vfinfo_list}'
        echo '== drivers'
        find /sys/bus/pci/devices/*/driver -printf '%h %l\n'
    } >"$file" 2>&1
}

# Checks that all is as one of these pictures of $work, by the scenario's own looks_like, which sets
# $now to the one that it is.
# shellcheck disable=SC2154 # $now is of looks_like
is_one_of() { # NAME PICTURE...
    local name=$1 one
    shift
    if looks_like "$@"; then
        report 0 "$name: all is as $now"
        return
    fi
    report 1 "$name: all is as one of $*" || for one in "$@"; do
        diag "unlike $one: $(diff -U 1 "$work/$one" "$work/now")"
    done
    diag_command
    return 1
}

untouched() { # NAME GUEST... : since the last "remember GUEST..."
    local name=$1
    shift
    snapshot "$work/now" "$@"
    same "$name: nothing was touched" "$work/remembered" "$work/now"
}

remember() { # GUEST...
    snapshot "$work/remembered" "$@"
}

# ---- vfio-pci

# Makes the kernel one without the module, until restore_vfio or the scenario's end.
hide_vfio() {
    doing='hiding the module vfio-pci'
    vfio_release=/lib/modules/$(uname -r)
    vfio_module=$(find "$vfio_release" -name 'vfio-pci.ko*')
    # Its own lists are kept, as depmod takes long in an emulator.
    mkdir "$work/lists"
    cp -p "$vfio_release"/modules.* "$work/lists/"
    at_end+=(restore_vfio)
    must modprobe -r vfio-pci
    must mv "$vfio_module" "$work/"
    depmod
}

restore_vfio() {
    [ ! -e "$work/${vfio_module##*/}" ] || mv "$work/${vfio_module##*/}" "$vfio_module"
    cp -p "$work"/lists/* "$vfio_release/"
}

# ---- libvirtd

libvirtd_answers() {
    timeout 20 virsh -q version
}

# libvirtd writes every command it gives to QEMU into $work/monitor.log: the only witness of how
# often a guest was really asked.
log_monitor() {
    cp /etc/libvirt/libvirtd.conf "$work/libvirtd.conf"
    printf 'log_filters="1:qemu.qemu_monitor"\nlog_outputs="1:file:%s/monitor.log"\n' "$work" >>/etc/libvirt/libvirtd.conf
    at_end+=(unlog_monitor)
    restart_libvirtd
}

unlog_monitor() {
    cp "$work/libvirtd.conf" /etc/libvirt/libvirtd.conf
    systemctl restart libvirtd
    until_true 60 libvirtd_answers
}

restart_libvirtd() {
    # systemd counts restarts, and stops at five in ten seconds.
    systemctl reset-failed libvirtd
    must systemctl restart libvirtd
    until_true 60 libvirtd_answers || give_up 'libvirtd answers after its restart'
}

kill_libvirtd() {
    must kill -KILL "$(systemctl show --property MainPID --value libvirtd)"
}

unplug_requests() { # how many QEMU was sent since log_monitor
    grep -c 'QEMU_MONITOR_IO_WRITE.*"device_del"' "$work/monitor.log"
}

unplug_talk() { # the unplug requests to QEMU and its answers since log_monitor, in order
    sed -nE 's/.*QEMU_MONITOR_IO_WRITE.*"device_del".*/asked/p
        s/.*QEMU_MONITOR_RECV_EVENT.*"DEVICE_DELETED".*"device":.*/out/p' "$work/monitor.log" | tr '\n' ' '
}

# ---- the end

# Tells what helps to understand a failure, once at the end of a scenario that had one.
tell_state() {
    local name
    for name in "${guests[@]}"; do
        virsh -q domstate "$name" >/dev/null 2>&1 || continue
        diag "guest $name ($(virsh -q domstate "$name" 2>&1 | head -n 1)), its assignments:"
        diag "live:   $(live_xml "$name" 2>&1 | xmllint --xpath '//hostdev | //interface' - 2>/dev/null)"
        diag "config: $(config_xml "$name" 2>&1 | xmllint --xpath '//hostdev | //interface' - 2>/dev/null)"
        diag "its console: $(tail -n 6 "/var/lib/lab/guests/$name/console.log" 2>/dev/null | tr -d '\r')"
        diag "its QEMU: $(tail -n 3 "/var/log/libvirt/qemu/$name.log" 2>/dev/null | cut -c 1-300)"
    done
    diag "libvirtd: $(journalctl -q -u libvirtd -n 12 --no-pager -o cat 2>/dev/null)"
    for name in "${hosted_pfs[@]}"; do
        diag "$(ip link show dev "$name")"
    done
}

clean_up() {
    local name undo interface
    for name in "${!jobs[@]}"; do
        kill "${jobs[$name]}" 2>/dev/null
    done
    # The last first: what was changed last is put right first.
    for ((i = ${#at_end[@]} - 1; i >= 0; i--)); do
        undo=${at_end[i]}
        "$undo" >/dev/null 2>&1
    done
    for name in "${guests[@]}"; do
        may_stay "$name" && continue
        timeout 30 virsh -q destroy "$name"
        timeout 30 virsh -q undefine "$name"
    done >/dev/null 2>&1
    udevadm settle
    for interface in "${hosted_pfs[@]}"; do
        ip link set dev "$interface" up
        echo 0 | timeout 30 tee "/sys/class/net/$interface/device/sriov_numvfs"
    done >/dev/null 2>&1
    udevadm settle
}

at_exit() {
    local ended=$?
    trap - EXIT TERM
    if [ -z "$finished" ]; then
        report 1 "ended with status $ended before its end, while: $doing"
    fi
    [ "$failures" = 0 ] || tell_state
    clean_up
    kill "$virsh_pid" 2>/dev/null
    [ $((SECONDS * 5)) -le $((budget * 4)) ] ||
        echo "# BUDGET: $(basename "$0" .sh) took $SECONDS s, more than 80 % of its $budget s"
    echo "1..$checks"
    rm -rf "$work"
    exit $((failures > 0))
}
trap at_exit EXIT
start_virsh
trap 'give_up "ended by its time limit of $time_limit s, while: $doing"' TERM
