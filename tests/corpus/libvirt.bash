# shellcheck shell=bash
# Sourced by tests/corpus/run: libvirt's own QEMU driver, run inside virsh below $work, so that no
# libvirtd is needed and none is left. It defines guests, starts none, and keeps none.
: "${work:?}"

mkdir "$work/libvirt"

# The embedded driver of root would need a user of its own on this machine. In a user namespace root is
# nobody to it, and still the owner of the files.
as_user=()
[ "$(id -u)" != 0 ] || as_user=(unshare --user --map-user=65534 --map-group=65534)

embedded() { # COMMANDS of virsh, in one string
    "${as_user[@]}" env HOME="$work/libvirt" XDG_RUNTIME_DIR="$work/libvirt" XDG_CACHE_HOME="$work/libvirt" \
        XDG_CONFIG_HOME="$work/libvirt" virsh -c "qemu:///embed?root=$work/libvirt" "$1" 2>&1 </dev/null
}

has_qemu_driver() {
    command -v virsh >/dev/null && embedded domcapabilities | grep -q '^<domainCapabilities>'
}

# A definition's folder is named for its number, which is in the guest's name, too.
commands_for() { # DEFINITION.xml
    local guest=${1%/*}
    guest=corpus-${guest##*/}
    printf 'echo @@%s; define %s; dumpxml --inactive %s; undefine --keep-nvram %s; ' \
        "$1" "$1" "$guest" "$guest"
}

# What follows "Failed to define" is the reason; that there is nothing to dump then is none.
split_answers() {
    awk '/^@@/ { path = substr($0, 3); sub(/\.xml$/, "", path); failed = 0; next }
        /^<domain/ { inside = 1 }
        inside { print > (path ".defined") }
        /^<\/domain>/ { inside = 0; close(path ".defined") }
        inside { next }
        failed && /^error: / { print substr($0, 8) > (path ".refused"); close(path ".refused") }
        { failed = /^error: Failed to define/ }'
}

# ask_libvirt DEFINITION.xml...: each leaves DEFINITION.defined, as libvirt has it then, or
# DEFINITION.refused with the reason. Hundreds are asked in one process: the driver takes long to start.
ask_libvirt() {
    local -a batch
    local path commands
    while [ $# -gt 0 ]; do
        batch=("${@:1:200}")
        shift "${#batch[@]}"
        commands=$(for path in "${batch[@]}"; do commands_for "$path"; done)
        embedded "$commands" | split_answers
        for path in "${batch[@]%.xml}"; do
            [ -e "$path.defined" ] || [ -e "$path.refused" ] ||
                echo 'no answer: it died, or one before it made it die' >"$path.refused"
        done
    done
}
