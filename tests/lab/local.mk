# The lab: a lab host with SR-IOV cards in QEMU, and guests in it. It is run, not built.
EXTRA_DIST += \
	tests/lab/boot \
	tests/lab/build-booted \
	tests/lab/build-image \
	tests/lab/build-program \
	tests/lab/build-qemu \
	tests/lab/build-udev \
	tests/lab/guest/init \
	tests/lab/host/guest-nics \
	tests/lab/host/lab-at-line \
	tests/lab/host/lab-guest \
	tests/lab/host/lab-machine \
	tests/lab/host/lab-reboot \
	tests/lab/host/lab-run \
	tests/lab/hosts.sh \
	tests/lab/lab \
	tests/lab/mirror \
	tests/lab/pieces.sh \
	$(NULL)
