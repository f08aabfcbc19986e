#!/bin/bash
# Which of the two lab hosts a scenario runs on, with alternation and without.
. "${top_srcdir:?}/tests/lint/tap.sh"
. "$top_srcdir/tests/run/scenarios.bash"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export GIT_CEILING_DIRECTORIES=$folder

scenario() { # NAME HEAD
    printf '#!/bin/bash\n# It does this and that.\n# %s\nbudget=1\n' "$2" >"$folder/$1.sh"
}

scenario all distribution-independent
scenario lib distribution-independent
scenario lib-more distribution-independent
scenario boot-free distribution-independent
scenario boot-kernel 'depends on: kernel'
scenario first distribution-independent
scenario hypervisor 'depends on: libvirt QEMU'
scenario second distribution-independent
scenario speaks-of-it 'distribution-independent but for its versions'

runs() { # HOST COMMITS NAME...
    local got
    got=$(scenarios_of "$folder" "$1" "$2" | tr '\n' ' ')
    [ "$got" = "${*:3} " ] || echo "$1 runs: $got"
}

all=(boot-free boot-kernel first hypervisor second speaks-of-it)
check 'nothing alternates: the first host runs all' runs debian13 '' "${all[@]}"
check 'nothing alternates: the second host runs all' runs debian12 '' "${all[@]}"
check 'an even number of commits: the first host' runs debian13 40 boot-free boot-kernel hypervisor second speaks-of-it
check 'an even number of commits: the second host' runs debian12 40 boot-kernel first hypervisor speaks-of-it
check 'an odd number of commits: the first host has what the second had' runs debian13 41 boot-kernel first hypervisor speaks-of-it
check 'an odd number of commits: the second host has what the first had' runs debian12 41 boot-free boot-kernel hypervisor second speaks-of-it

# ---- how many commits there are

git_in() { # FOLDER ARGUMENTS...
    git -c init.defaultBranch=main -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false -C "$@"
}

counts() { # FOLDER NUMBER, or "unknown"
    local got
    got=$(commits_of "$1") || got=unknown
    [ "$got" = "$2" ] || echo "it says $got"
}

if command -v git >/dev/null; then
    mkdir "$folder/tree"
    git_in "$folder/tree" init -q
    git_in "$folder/tree" commit -q --allow-empty -m one
    git_in "$folder/tree" commit -q --allow-empty -m two
    git clone -q --depth 1 "file://$folder/tree" "$folder/shallow"
    check 'a checkout tells the number of its commits' counts "$folder/tree" 2
    check 'a shallow clone does not know it' counts "$folder/shallow" unknown
else
    skip 'a checkout tells the number of its commits' 'git is not installed'
    skip 'a shallow clone does not know it' 'git is not installed'
fi
mkdir "$folder/plain"
check 'a folder that is no checkout does not know it' counts "$folder/plain" unknown
finish
