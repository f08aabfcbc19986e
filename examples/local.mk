# Things that run as they are, and templates to start one's own from.
EXTRA_DIST += \
	examples/quickstart-job.sh \
	examples/quickstart.sh \
	examples/templates/hostdev-no-rom.xml \
	examples/templates/hostdev-parked.xml \
	examples/templates/interface-storage-vlan.xml \
	$(NULL)
