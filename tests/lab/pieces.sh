# shellcheck shell=bash
# What the lab's scripts share: where things are kept, how they talk, and how a piece of the lab is
# built once and only once. For bash; a script sets $lab to its own folder and reads this file.

: "${lab:?}"

# shellcheck disable=SC2034 # its readers use it
cache=${VIRT_ASSIGN_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/virt-assign-lab}

say() {
    echo "lab: $*" >&2
}

# 125, as timeout and env have it: the lab failed, not what it was to run.
die() {
    say "$@"
    exit 125
}

# The Debian suite of a lab host.
suite_of() {
    case $1 in
    debian13) echo trixie ;;
    debian12) echo bookworm ;;
    *) die "unknown host '$1': it is debian13 or debian12" ;;
    esac
}

# recipe_hash FILE... : changes when one of the scripts that build something does.
recipe_hash() {
    cat "$@" | sha256sum | cut -c1-16
}

# build_once WHAT PATH FUNCTION [ARGS]: has FUNCTION make PATH, unless it is there. FUNCTION gets a
# temporary path, renamed at the end: what an interrupted build leaves is never taken for a result.
# Its messages go to PATH.log. Two callers at once: the second waits for the first.
build_once() {
    local what=$1 path=$2 function=$3 started=$SECONDS
    shift 3
    [ ! -e "$path" ] || return 0
    mkdir -p "${path%/*}"
    (
        flock -n 9 || {
            say "$what: another process is building it: waits"
            flock 9
        }
        [ ! -e "$path" ] || exit 0
        say "builds $what"
        remove_tree "$path.tmp"
        trap 'exit 130' INT TERM HUP
        (
            set -eu
            "$function" "$path.tmp" "$@"
        ) >"$path.log" 2>&1 9>&- &
        # In the background and waited for, so that a signal is not kept until the end of a long build.
        job=$!
        trap 'kill "$job" 2>/dev/null || :; wait "$job" || :; remove_tree "$path.tmp"' EXIT
        if ! wait "$job"; then
            tail -n 25 "$path.log" >&2
            die "$what: the build failed (its last words are above, all of them in $path.log)"
        fi
        mv "$path.tmp" "$path"
        say "$what: done in $((SECONDS - started)) s"
    ) 9>"$path.lock"
}

# A tree that mmdebstrap was stopped in can still have /proc or /sys mounted: never remove through that.
remove_tree() {
    local mounted
    [ -e "$1" ] || return 0
    while read -r _ mounted _; do
        case $mounted in "$1"/*) umount -l "$mounted" ;; esac
    done </proc/mounts
    rm -rf --one-file-system "$1"
}

# debootstrap_tree SUITE TARGET VARIANT PACKAGES [OPTIONS]: PACKAGES is separated by commas.
debootstrap_tree() {
    local suite=$1 target=$2 variant=$3 packages=$4 mirror proxy
    shift 4
    mirror=$("$lab/mirror")
    proxy=$(apt-config shell proxy Acquire::http::Proxy && echo "echo \"\${proxy-}\"")
    proxy=$(eval "$proxy")
    mmdebstrap --mode=root --variant="$variant" --components=main --include="$packages" \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' \
        ${proxy:+--aptopt="Acquire::http::Proxy \"$proxy\""} \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt=force-unsafe-io \
        "$@" "$suite" "$target" \
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
}
