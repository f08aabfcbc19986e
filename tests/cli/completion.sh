#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# __complete answers the shells from the verb rows and the host.
. "${top_srcdir:?}/tests/cli/program.bash"

# completes EXPECTED WORDS...: the candidates for the last word, on one line.
completes()
{
    local expected=$1
    shift
    run __complete "$@"
    ok "\"$*\" completes to ${expected:-nothing}" test "$(paste -sd' ' "$scratch/stdout")" = \
        "$expected"
    ok "\"$*\" completes without a word on standard error" is_empty stderr
    ok "\"$*\" completes with 0" status_is 0
}

vfs="0000:01:10.0 0000:01:10.2 0000:01:10.4"
on_host=(-c "$host")
completes "list show check names topology xml attach detach ports vfs host-detach host-reattach recover boot hook metrics" ""
completes "attach" --json at
completes "--guest --guest-address --guest-name" xml --gu
completes "--verbose --version" --ver
completes "--tree" list --tr
completes "--distinct-card --distinct-pf" attach --dis
completes "--required" attach --req
completes "--keep-going" host-reattach --k
completes "" show --tr
completes "hostdev interface" xml 01:10.0 --as ""
completes "dot svg" topology --format ""
completes "--format=svg" topology --format=s
completes "db1 web1 0000:01:00.0 enp1s0 0000:02:00.0 enp2s0" "${on_host[@]}" topology ""
completes "web1" "${on_host[@]}" topology db1 w
completes "libvirt qemu qmp hmp" xml 01:10.0 --format ""
completes "--as=interface" xml 01:10.0 --as=i
completes "net" list --class n
completes "" attach db1 01:10.4 --mac ""
completes "" xml 01:10.4 --template ""
completes "db1 web1" "${on_host[@]}" attach ""
completes "web1" attach "${on_host[@]}" w
completes "0000:01:10.4" "${on_host[@]}" attach db1 0000:01:10
completes "0000:01:10.0 ua-pci_0000_01_10_0" "${on_host[@]}" detach db1 ""
completes "0000:03:00.0" "${on_host[@]}" detach web1 ua-nic0 0000:03
sed 's|<name>web1</name>|<name>--force</name>|; s|ua-nic0|-c|' "${host#test://}" >"$scratch/dashes.xml"
completes "db1" -c "test://$scratch/dashes.xml" attach ""
completes "" -c "test://$scratch/dashes.xml" attach -- --fo
completes "auto 0000:03:00.0 0000:04:00.0 0000:05:00.0" "${on_host[@]}" attach db1 01:10.4 \
    --guest-address ""
completes "$vfs" "${on_host[@]}" show 0000:01:1
completes "01:10.4" "${on_host[@]}" show 01:10.4
completes "$vfs" "${on_host[@]}" check 0000:01:1
completes "web1" "${on_host[@]}" check w
completes "web1" "${on_host[@]}" names w
completes "--scheme" names db1 --sch
completes "v250 v251 v252 v253 v254 v255 v257 v258 v259" names db1 --scheme v25
completes "--scheme=latest" names db1 --scheme=l
completes "pci_0000_02_00_0" "${on_host[@]}" show pci_0000_02
completes "enp1s0" "${on_host[@]}" list --pf enp1
completes "" "${on_host[@]}" show db1 ""
completes "" "${on_host[@]}" frobnicate ""
completes "enp1s0" "${on_host[@]}" vfs enp1
completes "" "${on_host[@]}" vfs enp1s0 ""
completes "db1 web1" "${on_host[@]}" ports ""
completes "" "${on_host[@]}" ports db1 ""
completes "" ports db1 --add ""
completes "--add" ports db1 --a
completes "db1 web1" "${on_host[@]}" recover ""
completes "" "${on_host[@]}" recover db1 ""
completes "--force" recover --f
completes "--timeout" boot --t
completes "" boot ""
completes "install remove status" hook ""
completes "" hook install ""
completes "--output" metrics --o
completes "" metrics --output ""
completes "" recover --timeout ""
completes "on off" vfs enp1s0 4 --autoprobe ""
completes "" -c nonsense://here attach ""

# The stub for bash, with what it needs of bash-completion.
_init_completion()
{
    words=("${COMP_LINE_WORDS[@]}")
    cword=$((${#words[@]} - 1))
    cur=${words[cword]}
    prev=${words[cword - 1]}
}
__ltrim_colon_completions()
{
    local colon=${1%"${1##*:}"} i
    for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
        COMPREPLY[i]=${COMPREPLY[i]#"$colon"}
    done
}
. "$top_srcdir/src/completion/virt-assign.bash"
# bash_completes EXPECTED WORDS...: what the stub makes of it.
bash_completes()
{
    local expected=$1
    shift
    COMP_LINE_WORDS=("$program" "$@")
    COMPREPLY=()
    _virt_assign
    ok "bash completes \"$*\" to $expected" test "${COMPREPLY[*]}" = "$expected"
}
sed 's|<name>web1</name>|<name>web1;reboot</name>|' "$data/host.xml" >"$scratch/hostile.xml"
completes "db1" -c "test://$scratch/hostile.xml" attach ""
sed 's|<name>web1</name>|<name>web1\&#x9b;31m\&#x202e;</name>|' "$data/host.xml" >"$scratch/hostile.xml"
completes "db1" -c "test://$scratch/hostile.xml" attach ""
run -c "test://$scratch/hostile.xml" show 0000:01:10.2
ok "a name of a guest is spelled out" has stdout 'web1\u009b31m\u202e'
bash_completes "list" li
bash_completes "interface" xml 01:10.0 --as=int
bash_completes "10.0 10.2 10.4" "${on_host[@]}" show 0000:01:1
finish
