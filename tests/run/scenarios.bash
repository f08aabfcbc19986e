# shellcheck shell=bash
# Which scenarios a lab host runs.
#
# A scenario says in its head which versions it depends on ("# depends on: libvirt kernel QEMU"), or that
# it is "# distribution-independent". The first kind runs on every lab host. The second kind can
# alternate: each runs on one host, on the other one after the next commit. A long scenario of the first
# kind alternates, too, where its head ends in "; alternates": both hosts have it within two commits.

lab_hosts=(debian13 debian12)

alternates() { # FILE
    grep -qxE '# distribution-independent|# depends on: .*; alternates' "$1"
}

budget_of() { # FILE
    sed -n 's/^budget=//p' "$1"
}

# The names, one a line. COMMITS is how many there are if scenarios are to alternate, else empty.
scenarios_of() { # FOLDER HOST COMMITS
    local folder=$1 host=$2 commits=$3 file name n=0 turn
    for file in "$folder"/*.sh; do
        name=$(basename "$file" .sh)
        case $name in
        all | lib | lib-*) continue ;;
        esac
        if [ -n "$commits" ] && alternates "$file"; then
            turn=$(((n + commits) % ${#lab_hosts[@]}))
            n=$((n + 1))
            [ "${lab_hosts[turn]}" = "$host" ] || continue
        fi
        echo "$name"
    done
}

# How many commits lead to the tree. A tarball has none and a shallow clone does not know all: the
# status is 1 there.
commits_of() { # TREE
    local shallow
    shallow=$(git -c safe.directory='*' -C "$1" rev-parse --is-shallow-repository 2>/dev/null) || return 1
    [ "$shallow" = false ] || return 1
    git -c safe.directory='*' -C "$1" rev-list --count HEAD
}
