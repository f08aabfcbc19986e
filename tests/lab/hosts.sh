# shellcheck shell=bash disable=SC2154 # its reader sets the options
# The hosts of one run: one, or two with a network between them. A host is a folder of $dir, host1 or
# host2: its image, the share, which it sees as /lab, the state, which it writes, and the logs and control
# pipes of its QEMU. For bash; its reader has the options (distributions, nvme, append, locale, limit).

: "${lab:?}"

homes=() qemus=() names=() boot=()

new_dir() {
    dir=$(mktemp -d "${TMPDIR:-/tmp}/virt-assign-lab.XXXXXX")
    followers=()
    trap 'kill "${qemus[@]}" "${followers[@]}" 2>/dev/null || :; wait; rm -rf "$dir"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# Builds what a host needs, and sets image, booted, program, udev252 and udev257 to where it is. The host's
# image and what goes into a host are two lines of work, one for each core of a small machine.
prepare() { # DISTRIBUTION
    local line
    [ "$(id -u)" = 0 ] || die 'it needs root, to build Debian root file systems and to keep their owners'
    "$lab/../install-deps" lab || exit 125
    "$lab/build-booted" "$1" >/dev/null &
    line=$!
    udev252=$("$lab/build-udev" 252) && udev257=$("$lab/build-udev" 257) || exit 125
    program=
    case ${VIRT_ASSIGN_LAB_PROGRAM-} in
    '') program=$("$lab/build-program" "$1") || exit 125 ;;
    none) ;;
    *) die "VIRT_ASSIGN_LAB_PROGRAM is '$VIRT_ASSIGN_LAB_PROGRAM': it is none, or not set" ;;
    esac
    wait "$line" || exit 125
    booted=$("$lab/build-booted" "$1") && image=$("$lab/build-image" "$1") || exit 125
}

# ---- before the boot

# A host goes on from the frozen one where nothing is asked for that the frozen one does not have.
is_thawed() { # MODE
    [ "$1" = run ] && [ ${#distributions[@]} = 1 ] && [ -z "$nvme$append" ]
}

make_host() { # DISTRIBUTION MODE NUMBER
    local home=$dir/host$3 number=''
    prepare "$1"
    [ -z "$locale" ] || grep -qxF -e "$locale" "$image/locales" ||
        die "--locale '$locale': $1 has $(paste -sd , "$image/locales" | sed 's/,/, /g')"
    mkdir -p "$home"/share/{state,script,guest,ssh} "$home/state/out"
    ! is_thawed "$2" || image=$booted
    ln -s "$image" "$home/image"
    cp -r "$lab/host" "$home/share/"
    cp --reflink=auto "$udev252" "$home/share/guest/udev-252.cpio"
    cp --reflink=auto "$udev257" "$home/share/guest/udev-257.cpio"
    (cd "$lab/guest" && echo init | cpio --quiet -o -H newc) >"$home/share/guest/init.cpio"
    [ -z "$program" ] || cp --reflink=auto "$program" "$home/share/program.tar"
    [ ${#distributions[@]} = 1 ] || number=$3
    printf '%s=%q\n' host "$1" mode "$2" number "$number" nvme "$nvme" locale "$locale" >"$home/share/settings"
    touch "$home"/state/{stdout,stderr,boots} "$home"/{console,control,qemu,end}.log
    mkfifo "$home"/{control,line}.{in,out}
    homes+=("$home")
    names+=("${number:+host$number (}$1${number:+)}")
}

# The first has the MODE, run or shell; the second waits for the first one's end.
make_hosts() { # MODE
    local home deadline
    make_host "${distributions[0]}" "$1" 1
    [ ${#distributions[@]} = 1 ] || make_host "${distributions[1]}" wait 2
    introduce
    deadline=$(($(date +%s) + limit)) # only now: builds can take long
    for home in "${homes[@]}"; do
        echo "deadline=$deadline" >>"$home/share/settings"
    done
}

# Each host lets the other in by ssh, and knows its key.
introduce() {
    local home other
    for home in "${homes[@]}"; do
        for other in "${homes[@]}"; do
            cat "$other/image/ssh-root.pub" >>"$home/share/ssh/authorized_keys"
            echo "${other##*/} $(cat "$other/image/ssh-host.pub")" >>"$home/share/ssh/known_hosts"
        done
    done
}

# ---- the boot

boot_of() { # INDEX FOLDER MODE : sets boot, the command that boots the host
    local mode=$3
    ! is_thawed "$mode" || mode=thaw
    boot=("$lab/boot" "${homes[$1]}" "$2" "$mode" "$nvme" "$append")
    [ ${#homes[@]} = 1 ] || boot+=($(($1 + 1)))
}

start_host() { # INDEX FOLDER MODE
    open_control "$1"
    boot_of "$@"
    timeout --foreground -k 5 "$limit" "${boot[@]}" </dev/null >"${homes[$1]}/qemu.log" 2>&1 &
    qemus[$1]=$!
}

# QEMU's control pipes (QMP) and the way into the host's second serial line, opened both ways so that neither
# side waits for the other.
controls=() answers=() lines=() boots=()
open_control() { # INDEX
    local control answer line home=${homes[$1]}
    exec {control}<>"$home/control.in" {answer}<>"$home/control.out" {line}<>"$home/line.in"
    controls[$1]=$control answers[$1]=$answer lines[$1]=$line boots[$1]=1
    echo '{"execute":"qmp_capabilities"}' >&"$control"
}

on_reset() { # INDEX reset|shutdown : what QEMU does when the host resets itself
    echo "{\"execute\":\"set-action\",\"arguments\":{\"reboot\":\"$2\"}}" >&"${controls[$1]}"
}

# Reads what QEMU has said, tells a host that goes on from its freeze the time, gives QEMU what lab-machine
# asks of it, and lets the host reboot once when lab-reboot asks: until it has booted again, since the BIOS,
# too, resets the machine on its way.
attend() { # INDEX
    local said home=${homes[$1]}
    while read -r -t 0.2 -u "${answers[$1]}" said; do
        echo "$said" >>"$home/control.log"
        [[ $said != *'"RESUME"'* ]] || date +%s >&"${lines[$1]}"
        [[ $said != *'"return"'* ]] || [ ! -e "$home/state/reboot" ] || touch "$home/state/reboot-allowed"
    done
    if [ -e "$home/state/machine" ]; then
        cat "$home/state/machine" >&"${controls[$1]}"
        rm "$home/state/machine"
    fi
    if [ -e "$home/state/reboot" ] && [ ! -e "$home/state/reboot-allowed" ]; then
        on_reset "$1" reset
    fi
    if [ "$(wc -l <"$home/state/boots")" -gt "${boots[$1]}" ]; then
        boots[$1]=$((boots[$1] + 1))
        on_reset "$1" shutdown
    fi
}

# ---- the end

all_run() {
    local qemu
    for qemu in "${qemus[@]}"; do
        kill -0 "$qemu" 2>/dev/null || return 1
    done
}

# Ends those that are still there. Sets ended: the status of each other's QEMU, by its host's index.
end_hosts() {
    local i lost status
    ended=()
    for i in "${!qemus[@]}"; do
        lost=1 status=0
        ! kill "${qemus[i]}" 2>/dev/null || lost=''
        wait "${qemus[i]}" || status=$?
        [ -z "$lost" ] || ended[i]=$status
    done
    qemus=()
}

tell_loss() { # INDEX SECONDS : why a host that was not to end is no more
    local home=${homes[$1]} name=${names[$1]}
    if [ -s "$home/state/failed" ]; then
        say "$name: $(cat "$home/state/failed")"
    elif grep -q '"SHUTDOWN".*"guest-reset"' "$home/control.log"; then
        say "$name: the lab host rebooted by itself after $2 s"
        say 'the trace of its end:'
        tail -n 60 "$home/end.log" >&2
    else
        say "$name: ended after $2 s without the script's exit status (QEMU's: ${ended[$1]})"
        say 'the trace of its end:'
        tail -n 60 "$home/end.log" >&2
    fi
    cat "$home/qemu.log" >&2
}

tell_where() { # INDEX : what a host that was ended, or died, was doing
    local home=${homes[$1]}
    say "${names[$1]}: when it ended, $(cat "$home/state/phase" 2>/dev/null || echo 'the host was booting its kernel')"
    [ ! -s "$home/state/hang" ] || cat "$home/state/hang" >&2
    say 'the last lines of its console:'
    tail -n 45 "$home/console.log" | tr -cd '[:print:]\t\n' >&2
}

bring_back() { # FOLDER : of two hosts each has a folder of its own there
    local home to=$1
    for home in "${homes[@]}"; do
        [ ${#homes[@]} = 1 ] || to=$1/${home##*/}
        mkdir -p "$to" && cp -a "$home/state/out/." "$home"/{console,end}.log "$to/" ||
            say "could not bring all back to $to"
    done
}
