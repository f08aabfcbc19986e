#!/bin/bash
# The guest destroyed at the beginning of each step of attach and detach, which go on or are killed
# as well. Then recover.
# depends on: libvirt QEMU; alternates
# shellcheck disable=SC2016,SC2154 # the single-quoted variables are another shell's; lib-at-steps.sh sets the others
budget=660
time_limit=900
. "$(dirname "$0")/lib-at-steps.sh"

destroy_at_steps() { # KIND ACTION VERB FROM TO ARGUMENTS...
    local kind=$1 action=$2 verb=$3 from=$4 to=$5 n=0 name bad wanted
    shift 5
    while bring_to "$from"; n=$((n + 1)); at_line "$n" "$action" "$@"; do
        bad=$failures
        name="$verb, $kind $(after_line "$n")"
        case $status in
        0) wanted=$to-off ;;
        *) wanted=$from-off ;;
        esac
        [ "$status" = 137 ] || is_one_of "$name: exit status $status" "$wanted"
        recovers_to "$name" "$from-off" "$to-off"
        count_try "$verb: $kind" "$bad"
    done
}

bring_to before
must virsh -q save db1 "$saved"
picture "$work/before-off"
bring_to after
must virsh -q destroy db1
picture "$work/after-off"
destroy='virsh -q destroy db1 >/dev/null'
goes_on=('the guest destroyed' "$destroy")
is_killed=('killed, and the guest destroyed' "kill -KILL \$pid; $destroy")
# Half of it on each of the two hosts: each round starts the guest anew, and all of it takes nearly ten
# minutes.
if [ "$LAB_HOST" = debian12 ]; then
    destroy_at_steps "${goes_on[@]}" attach before after "${attach[@]}"
    destroy_at_steps "${is_killed[@]}" detach after before "${detach[@]}"
else
    destroy_at_steps "${is_killed[@]}" attach before after "${attach[@]}"
    destroy_at_steps "${goes_on[@]}" detach after before "${detach[@]}"
fi
tell_tries
finish
