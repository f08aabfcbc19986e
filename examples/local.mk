# Things that run as they are, and templates to start one's own from.
EXTRA_DIST += \
	examples/guest-bond/README \
	examples/guest-bond/ifupdown/bond0 \
	examples/guest-bond/systemd-networkd/10-bond0.netdev \
	examples/guest-bond/systemd-networkd/20-bond0-ports.network \
	examples/guest-bond/systemd-networkd/30-bond0.network \
	examples/metrics/README \
	examples/metrics/virt-assign.rules.yml \
	examples/quickstart-job.sh \
	examples/quickstart.sh \
	examples/templates/hostdev-no-rom.xml \
	examples/templates/hostdev-parked.xml \
	examples/templates/interface-storage-vlan.xml \
	$(NULL)
