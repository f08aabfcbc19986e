# shellcheck shell=bash
# Sourced by tests/corpus/run: whether libvirt can put a device where virt-assign says that it can, and
# whether all others stay where they are.
: "${work:?}" "${corpus_xml:?}" "${program:?}" "${device:?}"

addresses_on_buses() { # FOLDER KIND (free, taken): as ports tells them
    case $2 in
    free) jq -r '.ports[].free[]' "$1/ports.json" ;;
    taken) jq -r '.ports[].taken[].guest_address' "$1/ports.json" ;;
    esac | sort
}

# The slots of buses of $1 that a device of the definition has, as addresses of function 0.
slots_in_use() { # FOLDER
    local buses
    buses=$(jq -r '.ports[] | .bus' "$1/ports.json" | xargs -r printf '%02x\n')
    "$corpus_xml" places "$1/guest.defined" | awk '{ print $NF }' | grep : | sed 's/\..$/.0/' |
        grep -F -e "$(sed 's/.*/0000:&:/' <<<"$buses")" | sort -u
}

# Devices that are elsewhere than before, or gone.
moved() { # FOLDER NAME
    comm -23 <("$corpus_xml" places "$1/guest.defined" | sort) \
        <("$corpus_xml" places "$1/$2.defined" | sort)
}

# Where the new devices are, and controllers that libvirt has added for them.
added() { # FOLDER NAME
    comm -13 <("$corpus_xml" places "$1/guest.defined" | sort) \
        <("$corpus_xml" places "$1/$2.defined" | sort)
}

# What is to be defined to see where libvirt puts devices. Chipset slots are the same for all guests of a
# machine, so that each is asked for once.
declare -A chipset_slots
plan_places() { # FOLDER
    local free slot machine
    free=$(addresses_on_buses "$1" free)
    # shellcheck disable=SC2086 # one word an address
    [ -z "$free" ] || "$corpus_xml" with "$1/guest.defined" $free >"$1/free.xml"
    "$corpus_xml" with "$1/guest.defined" any >"$1/any.xml"
    machine=$(jq -r '.guest.machine' "$1/ports.json")
    while IFS= read -r slot; do
        [ -z "${chipset_slots[$machine $slot]:-}" ] || continue
        chipset_slots[$machine $slot]=asked
        "$corpus_xml" with "$1/guest.defined" "$slot" >"$1/taken-$slot.xml"
    done < <(comm -13 <(slots_in_use "$1") <(addresses_on_buses "$1" taken))
    if "$program" -c "test://$1/host.xml" xml "$device" --guest "corpus-${1##*/}" --json \
        >"$1/own.json" 2>"$1/own.error" </dev/null; then
        jq -r .xml "$1/own.json" >"$1/own.element"
        "$corpus_xml" add "$1/guest.defined" "$1/own.element" >"$1/own.xml"
    fi
}

# When libvirt refuses all free addresses at once, each is asked for alone.
plan_single_places() { # FOLDER
    local address
    [ -e "$1/free.refused" ] || return 0
    while IFS= read -r address; do
        "$corpus_xml" with "$1/guest.defined" "$address" >"$1/single-$address.xml"
    done < <(addresses_on_buses "$1" free)
}

judge_stays() { # FOLDER NAME
    local gone
    gone=$(moved "$1" "$2")
    [ -z "$gone" ] && agree "$1" stays && return
    differ "$1" stays "$2: not where it was: $(paste -sd, <<<"$gone")"
}

judge_free() { # FOLDER
    local path address wrong
    if [ -e "$1/free.defined" ]; then
        judge_stays "$1" free
        wrong=$(diff <(addresses_on_buses "$1" free) <(added "$1" free | awk '{ print $NF }' | sort))
        [ -z "$wrong" ] && agree "$1" free && return
        differ "$1" free "devices for free addresses are elsewhere: $(grep '^[<>]' <<<"$wrong" |
            paste -sd' ')"
        return
    fi
    [ -e "$1/free.refused" ] || return 0
    for path in "$1"/single-*.refused; do
        [ -e "$path" ] || break
        address=${path##*/single-}
        differ "$1" free "${address%.refused} is free here, libvirt: $(cat "$path")"
        wrong=1
    done
    [ -n "${wrong:-}" ] || differ "$1" together "each is free, all at once not, libvirt: $(cat "$1/free.refused")"
}

judge_taken() { # FOLDER
    local slot path missing
    missing=$(comm -23 <(slots_in_use "$1") <(addresses_on_buses "$1" taken))
    if [ -n "$missing" ]; then
        differ "$1" taken "in use, and not taken here: $(paste -sd, <<<"$missing")"
    else
        agree "$1" taken
    fi
    for path in "$1"/taken-*.xml; do
        [ -e "$path" ] || break
        slot=${path##*/taken-}
        slot=${slot%.xml}
        if [ -e "${path%.xml}.refused" ]; then
            agree "$1" taken
        else
            differ "$1" taken "$slot is taken here, libvirt takes a device there"
        fi
    done
}

judge_any() { # FOLDER
    local place free
    [ -e "$1/any.defined" ] || return 0
    judge_stays "$1" any
    place=$(added "$1" any | awk '$1 == "hostdev" { print $NF }')
    # A machine without PCI: libvirt defines the guest all the same, with the device nowhere.
    [ -n "$place" ] || return 0
    free=$(addresses_on_buses "$1" free)
    if grep -q -F -x -e "$place" <<<"$free"; then
        agree "$1" any
        [ -e "$1/own.xml" ] ||
            differ "$1" refused "libvirt chooses $place; here: $(head -n 1 "$1/own.error")"
    elif added "$1" any | grep -q "^controller pci"; then
        agree "$1" any-on-new-bus
    else
        differ "$1" any "libvirt chooses $place, which is not free here"
    fi
}

judge_own() { # FOLDER
    local reason wanted got
    if [ ! -e "$1/own.xml" ]; then
        reason=$(head -n 1 "$1/own.error")
        echo "${reason#*: attach "$device" to corpus-*: }" >>"$work/no-place"
        return
    fi
    wanted=$(jq -r .guest_address "$1/own.json")
    if [ -e "$1/own.refused" ]; then
        differ "$1" own "libvirt refuses $wanted, which is chosen here: $(cat "$1/own.refused")"
        return
    fi
    judge_stays "$1" own
    got=$(added "$1" own | awk '$1 == "hostdev" { print $NF }')
    [ "$got" = "$wanted" ] && agree "$1" own && return
    differ "$1" own "$wanted is chosen here, and libvirt has $(paste -sd, <<<"$got")"
}

judge_places() { # FOLDER
    judge_free "$1"
    judge_taken "$1"
    judge_any "$1"
    judge_own "$1"
}
