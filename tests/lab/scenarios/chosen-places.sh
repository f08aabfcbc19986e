#!/bin/bash
# Where a device goes in a guest that has places of all kinds: PCI Express to a root port, conventional
# PCI to a bridge, and near its NUMA node.
# depends on: libvirt QEMU; alternates
budget=240
time_limit=600
. "${0%/*}/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
first=$(vf "$pf" 0) second=$(vf "$pf" 1)
# A conventional network card; it shares its IOMMU group with a SATA controller.
card=$(lspci -Dn -d 8086:100e | head -n 1 | cut -d " " -f 1)

# ---- kinds

cat >"$work/controllers.xml" <<'X'
<controller type='pci' index='1' model='pcie-root-port'/>
<controller type='pci' index='2' model='pcie-to-pci-bridge'><address type='pci' domain='0' bus='1' slot='0' function='0'/></controller>
<controller type='pci' index='3' model='pcie-root-port'/>
<controller type='pci' index='4' model='pcie-root-port'/>
X
start_guest kinds q35 --controllers "$work/controllers.xml"
wait_guest kinds
succeeds 'PCI Express' attach kinds "$first"
is 'PCI Express: into the first root port' "$(of_element live kinds "$first" guest-address)" 0000:03:00.0
succeeds 'conventional PCI' attach kinds "$card" --group
is 'conventional PCI: into the bridge' "$(of_element live kinds "$card" guest-address)" 0000:02:01.0
is 'conventional PCI: the config agrees' "$(of_element config kinds "$card" guest-address)" 0000:02:01.0
must virt-assign detach kinds "$card"
must virt-assign detach kinds "$first"
must virsh -q destroy kinds

# ---- NUMA: a host of one node can still say that a device is near it

echo 0 >"/sys/bus/pci/devices/$first/numa_node" || give_up 'the kernel takes a NUMA node for a device'
is 'the VF is near node 0' "$(cat "/sys/bus/pci/devices/$first/numa_node")" 0
cat >"$work/controllers.xml" <<'X'
<controller type='pci' index='1' model='pcie-root-port'/>
<controller type='pci' index='2' model='pcie-root-port'/>
<controller type='pci' index='3' model='pcie-expander-bus'><target busNr='64'/></controller>
<controller type='pci' index='4' model='pcie-root-port'><address type='pci' domain='0' bus='3' slot='0' function='0'/></controller>
X
start_guest near q35 --controllers "$work/controllers.xml"
must virsh -q destroy near
config_xml near | sed "s|</cpu>|<numa><cell id='0' cpus='0' memory='320' unit='MiB'/></numa></cpu>|; s|<target busNr='64'/>|<target busNr='64'><node>0</node></target>|" >"$work/near.xml"
must virsh -q define "$work/near.xml"
must virsh -q start near
wait_guest near

va --json ports near
json 'the port below the expander bus: its node, and its number in the guest' '.ports[] | select(.bus == 4) | .numa_node == 0 and .guest_bus == 65'
json 'the other ports are near none' '[.ports[] | select(.bus < 3) | .numa_node] == [null, null, null]'
va --json attach near "$first"
is 'near: exit status' "$status" 0
is 'near: below the expander bus' "$(of_element live near "$first" guest-address)" 0000:04:00.0
is 'near: the guest has it on the bus that was said' "$(lab-guest wait-nic near 0000:41:00.0)" "$(jq -r '.results[0].predicted_name' "$work/out")"
succeeds 'far' attach near "$second"
is 'far: not below the expander bus' "$(of_element live near "$second" guest-address)" 0000:01:00.0
succeeds 'near: out again' detach near "$first"
must virt-assign detach near "$second"

finish
