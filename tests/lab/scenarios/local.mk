# Scenarios: TAP scripts that run in a lab host. lib.sh is read by them, all.sh runs them together.
EXTRA_DIST += \
	tests/lab/scenarios/addresses-accepted.sh \
	tests/lab/scenarios/all.sh \
	tests/lab/scenarios/attach-lost.sh \
	tests/lab/scenarios/bad-input.sh \
	tests/lab/scenarios/boot-no-iommu.sh \
	tests/lab/scenarios/boot-same-address.sh \
	tests/lab/scenarios/boot-vfs.sh \
	tests/lab/scenarios/check.sh \
	tests/lab/scenarios/chosen-places.sh \
	tests/lab/scenarios/critical.sh \
	tests/lab/scenarios/host-driver.sh \
	tests/lab/scenarios/ignores-unplug.sh \
	tests/lab/scenarios/keep-going.sh \
	tests/lab/scenarios/lib.sh \
	tests/lab/scenarios/libvirtd-restart.sh \
	tests/lab/scenarios/main-job.sh \
	tests/lab/scenarios/names-attach.sh \
	tests/lab/scenarios/names-verify.sh \
	tests/lab/scenarios/names.sh \
	tests/lab/scenarios/pf-down.sh \
	tests/lab/scenarios/plain-hostdev.sh \
	tests/lab/scenarios/ports.sh \
	tests/lab/scenarios/race.sh \
	tests/lab/scenarios/same-address.sh \
	tests/lab/scenarios/same-list.sh \
	tests/lab/scenarios/scopes.sh \
	tests/lab/scenarios/second-guest.sh \
	tests/lab/scenarios/shared-group.sh \
	tests/lab/scenarios/shut-off.sh \
	tests/lab/scenarios/signals.sh \
	tests/lab/scenarios/taken-address.sh \
	tests/lab/scenarios/two-vfs.sh \
	tests/lab/scenarios/vf-settings.sh \
	tests/lab/scenarios/vfs.sh \
	$(NULL)
