#!/bin/bash
# virt-assign says of guest addresses what libvirt and QEMU do: over guests of many machines
# and controllers every address that is free according to `ports` is accepted, and every other one is
# refused - cold, for the config, and hot, in a guest that runs (paused, so that none needs to boot).
# usage: addresses-accepted.sh [GUEST...]     those of the corpus only
# depends on: libvirt QEMU; alternates
budget=900
time_limit=1500
. "${0%/*}/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 1
vf=$(vf "$pf" 0)
# A conventional PCI device: it has no config space beyond 256 bytes (PCI Local Bus 3.0, 6.1).
conventional=
for config in /sys/bus/pci/drivers/e1000/*/config; do
    conventional=$(basename "$(dirname "$config")")
    [ "$(stat -c %s "$config")" = 256 ] || conventional=
done
[ -n "$conventional" ] || give_up 'the host has a conventional PCI device'
mkdir "$work/elements"

# controller INDEX MODEL [SLOT[.FUNCTION] [BUS [MORE]]]
controller() {
    local slot=${3-} bus=${4-0} function=0 more=${5-} address=
    case $slot in
    *.*) function=${slot#*.} slot=${slot%.*} ;;
    esac
    [ -z "$slot" ] || address="<address type='pci' domain='0' bus='$bus' slot='0x$slot' function='$function'/>"
    echo "<controller type='pci' index='$1' model='$2'>$more$address</controller>"
}

# The corpus: a name, a machine, and the controllers.
corpus() {
    local i
    case $1 in
    q35-bare | q35-old-bare | pc-bare) ;;
    q35-ports | q35-old-ports) for i in 1 2 3; do controller $i pcie-root-port; done ;;
    q35-shared)
        controller 1 pcie-root-port 5.0
        controller 2 pcie-root-port 5.1
        controller 3 pcie-root-port 2.0
        ;;
    q35-bridge)
        controller 1 pcie-root-port
        controller 2 pcie-root-port
        controller 3 pcie-to-pci-bridge
        ;;
    q35-dmi)
        controller 1 dmi-to-pci-bridge 1e
        controller 2 pci-bridge 1 1
        controller 3 pcie-root-port
        ;;
    q35-switch)
        controller 1 pcie-root-port
        controller 2 pcie-switch-upstream-port 0 1
        controller 3 pcie-switch-downstream-port 0 2
        controller 4 pcie-switch-downstream-port 1 2
        controller 5 pcie-root-port
        ;;
    q35-expander)
        controller 1 pcie-root-port
        controller 2 pcie-expander-bus 4 0 "<target busNr='64'/>"
        controller 3 pcie-root-port 0 2
        controller 4 pcie-root-port 1 2
        ;;
    q35-off)
        controller 1 pcie-root-port 2 0 "<target hotplug='off'/>"
        controller 2 pcie-root-port 3
        ;;
    q35-gap)
        controller 2 pcie-root-port 7
        controller 4 pcie-root-port 3
        ;;
    pc-bridges)
        controller 1 pci-bridge
        controller 2 pci-bridge 1 1
        ;;
    pc-expander)
        controller 1 pci-expander-bus 6 0 "<target busNr='64'/>"
        controller 2 pci-bridge 5 1
        ;;
    pc-off)
        controller 0 pci-root '' '' "<target hotplug='off'/>"
        controller 1 pci-bridge 5
        ;;
    esac
}
machine_of() { # NAME
    case $1 in
    q35-old-*) echo pc-q35-6.0 ;;
    q35-*) echo q35 ;;
    pc-*) echo pc ;;
    esac
}
names=(q35-bare q35-ports q35-shared q35-bridge q35-dmi q35-switch q35-expander q35-off q35-gap
    q35-old-bare q35-old-ports pc-bare pc-bridges pc-expander pc-off)
[ $# = 0 ] || names=("$@")

define() { # NAME
    guests+=("$1")
    cat >"$work/guest.xml" <<X
<domain type='kvm'><name>$1</name><memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='$(machine_of "$1")'>hvm</type></os><features><acpi/></features>
  <devices>$(corpus "$1")<controller type='usb' model='none'/><memballoon model='none'/></devices>
</domain>
X
    must virsh -q define "$work/guest.xml"
}

# The element of a device, and where it is to sit. Cold it is a host device, which nothing is done to
# then; hot it is a random number generator of QEMU's, of which there are as many as one likes.
element_at() { # cold|hot HOST-ADDRESS ADDRESS
    local domain bus slot function at
    IFS=:. read -r domain bus slot function <<<"$3"
    at="<address type='pci' domain='0x$domain' bus='0x$bus' slot='0x$slot' function='0x$function'/>"
    if [ "$1" = hot ]; then
        echo "<rng model='virtio'><backend model='random'>/dev/urandom</backend>$at</rng>"
        return
    fi
    IFS=:. read -r domain bus slot function <<<"$2"
    echo "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x$domain' bus='0x$bus' slot='0x$slot' function='0x$function'/></source>$at</hostdev>"
}

# The addresses from those on stdin that libvirt takes, sorted, by one virsh that is fed all of them;
# cold each is taken out again, so that none stands in the way of another. What is to be refused is not: a
# request to take out what is not there costs as much as the one before.
libvirt_takes() { # cold|refused|hot HOST-ADDRESS NAME
    local address file scope=--config
    [ "$1" != hot ] || scope=--live
    : >"$work/virsh.in"
    sort >"$work/asked"
    while read -r address; do
        file=$work/elements/$address.xml
        element_at "$1" "$2" "$address" >"$file"
        echo "attach-device $3 $file $scope"
        [ "$1" != cold ] || echo "detach-device $3 $file $scope"
    done <"$work/asked" >"$work/virsh.in"
    virsh -q <"$work/virsh.in" >"$work/virsh.out" 2>&1
    sed -n 's,.*[Ff]ailed to attach device from .*/\(.*\)\.xml.*,\1,p' "$work/virsh.out" | sort |
        comm -23 "$work/asked" -
}

# Every slot of every bus there is, but for the very first: libvirt takes that for "choose one"
# (virPCIDeviceAddressIsEmpty in src/util/virpci.c).
all_addresses() { # LAST-BUS
    local bus slot
    for ((bus = 0; bus <= $1; bus++)); do
        for ((slot = bus == 0; slot < 32; slot++)); do
            printf '0000:%02x:%02x.0\n' "$bus" "$slot"
        done
    done
}

last_bus() { # NAME
    config_xml "$1" | xmllint --xpath '//controller[@type="pci"]/@index' - | grep -o '[0-9]*' | sort -n | tail -n 1
}

# Lists what `ports` says is free, of buses that take a hot-plug, or of all.
says_free() { # JQ-FILTER-OF-A-PORT
    jq -r ".ports[] | select($1) | .free[]" "$work/out" | sort
}

probed=0
for name in "${names[@]}"; do
    define "$name"
    last=$(last_bus "$name")
    config_xml "$name" >"$work/before.xml"

    va --json ports "$name"
    is "$name: ports: exit status" "$status" 0
    cp "$work/out" "$work/ports"
    says_free true >"$work/said"
    all_addresses "$last" | sort | comm -23 - "$work/said" >"$work/others"
    libvirt_takes refused "$vf" "$name" <"$work/others" >"$work/taken"
    libvirt_takes cold "$vf" "$name" <"$work/said" | sort -o "$work/taken" - "$work/taken"
    same "$name: cold, libvirt takes what is said to be free, and nothing else" "$work/said" "$work/taken"
    probed=$((probed + 32 * (last + 1) - 1))
    # The order of the controllers may be another.
    config_xml "$name" >"$work/after.xml"
    same "$name: cold, the config is as it was" <(sort "$work/before.xml") <(sort "$work/after.xml")

    # The address that is chosen, for either kind of device.
    for device in "$vf" "$conventional"; do
        va --json xml "$device" --guest "$name"
        address=$(jq -r .guest_address "$work/out")
        if [ "$status" = 4 ] && [ "$device" = "$conventional" ] && ! jq -e '.ports[] | select(.hotplug)' "$work/ports" >/dev/null; then
            json "$name: cold, $device: without a port there is no address for a conventional device" '.error.code == "no-slot"'
            continue
        fi
        is "$name: cold, $device: libvirt takes the chosen address $address" "$(libvirt_takes cold "$device" "$name" <<<"$address")" "$address"
        must virsh -q define "$work/before.xml"
    done

    # The bus behind the last one: libvirt adds it, as far as is said.
    for slot in 00 01; do
        address=$(printf '0000:%02x:%s.0' "$((last + 1))" "$slot")
        va attach "$name" "$vf" --as hostdev --config --guest-address "$address" --dry-run
        said=$([ "$status" != 0 ] || echo "$address")
        is "$name: cold, a new bus: $address is taken if it is said so" "$(libvirt_takes cold "$vf" "$name" <<<"$address")" "$said"
        must virsh -q define "$work/before.xml"
    done
done
diag "$probed addresses of ${#names[@]} guests probed cold"

for name in "${names[@]}"; do
    must virsh -q start "$name" --paused
    last=$(last_bus "$name")
    va --json ports "$name"
    says_free '.hotplug and .live' >"$work/said"
    all_addresses "$last" | sort | comm -23 - "$work/said" >"$work/others"
    is "$name: hot, libvirt refuses what is not said to be free" "$(libvirt_takes hot - "$name" <"$work/others")" ''
    libvirt_takes hot - "$name" <"$work/said" >"$work/taken"
    same "$name: hot, it takes all of what is, until nothing is free" "$work/said" "$work/taken"
    va ports "$name"
    like "$name: hot, nothing is free then" "$out" 'free for a hot-plug: 0$'
    must virsh -q destroy "$name"
done

finish
