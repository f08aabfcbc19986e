#!/bin/bash
# libvirtd restarted at the beginning of each step of attach and detach, which go on: they come to
# their end, or say what is left, and recover puts that right.
# depends on: libvirt; alternates
# shellcheck disable=SC2154 # lib-at-steps.sh sets the variables
budget=450
time_limit=900
. "$(dirname "$0")/lib-at-steps.sh"

restart_at_steps() { # VERB FROM TO ARGUMENTS...
    local verb=$1 from=$2 to=$3 n=0 name bad wanted
    shift 3
    # systemd counts restarts, and stops at five in ten seconds.
    while bring_to "$from"; n=$((n + 1)); at_line "$n" 'systemctl reset-failed libvirtd; systemctl restart libvirtd' "$@"; do
        bad=$failures
        name="$verb, libvirtd restarted $(after_line "$n")"
        until_true 60 libvirtd_answers || give_up 'libvirtd answers after its restart'
        case $status in
        0) wanted=$to ;;
        *) wanted=$from ;;
        esac
        # Pending and partly done are neither.
        [[ $status == [56] ]] || is_one_of "$name: exit status $status" "$wanted"
        recovers_to "$name" "$from" "$to"
        count_try "$verb: libvirtd restarted" "$bad"
    done
    is_one_of "$verb, libvirtd not restarted" "$to"
}

restart_at_steps attach before after "${attach[@]}"
restart_at_steps detach after before "${detach[@]}"

tell_tries
finish
