unit_tests += \
	tests/unit/test-critical-display \
	tests/unit/test-critical-network \
	tests/unit/test-critical-storage \
	tests/unit/test-device-users \
	tests/unit/test-distribution \
	tests/unit/test-driver \
	tests/unit/test-driver-binding \
	tests/unit/test-endpoint \
	tests/unit/test-host-key \
	tests/unit/test-iommu \
	tests/unit/test-kernel \
	tests/unit/test-libvirt-daemon \
	tests/unit/test-lock \
	tests/unit/test-metrics-file \
	tests/unit/test-module \
	tests/unit/test-network \
	tests/unit/test-network-manager \
	tests/unit/test-origin \
	tests/unit/test-pci-device \
	tests/unit/test-pci-interfaces \
	tests/unit/test-pci-names \
	tests/unit/test-pci-serial \
	tests/unit/test-pci-vpd \
	tests/unit/test-permanent-mac \
	tests/unit/test-qemu-process \
	tests/unit/test-record-text \
	tests/unit/test-replace-file \
	tests/unit/test-run-folder \
	tests/unit/test-saved-vfs \
	tests/unit/test-settings-files \
	tests/unit/test-sriov \
	tests/unit/test-sriov-map \
	tests/unit/test-sysfs \
	tests/unit/test-taken-driver \
	tests/unit/test-vf-netlink \
	tests/unit/test-vf-netlink-requests \
	tests/unit/test-vf-preset \
	tests/unit/test-vf-removal \
	tests/unit/test-vf-rule \
	tests/unit/test-vf-state \
	tests/unit/test-writer-netplan \
	$(NULL)

tests_unit_test_vf_netlink_CFLAGS = $(AM_CFLAGS) $(LIBNL_ROUTE_CFLAGS)
tests_unit_test_vf_netlink_LDADD = $(LDADD) $(LIBNL_ROUTE_LIBS)
tests_unit_test_vf_netlink_requests_CFLAGS = $(AM_CFLAGS) $(LIBNL_ROUTE_CFLAGS)
tests_unit_test_vf_netlink_requests_LDADD = $(LDADD) $(LIBNL_ROUTE_LIBS)
tests_unit_test_permanent_mac_CFLAGS = $(AM_CFLAGS) $(LIBNL_ROUTE_CFLAGS)
tests_unit_test_permanent_mac_LDADD = $(LDADD) $(LIBNL_ROUTE_LIBS)
tests_unit_test_network_CFLAGS = $(AM_CFLAGS) $(LIBNL_ROUTE_CFLAGS)
tests_unit_test_network_LDADD = $(LDADD) $(LIBNL_ROUTE_LIBS)

fake_machine = tests/unit/fake-machine.c tests/unit/fake-machine.h
tests_unit_test_critical_display_SOURCES = tests/unit/test-critical-display.c $(fake_machine)
tests_unit_test_critical_network_SOURCES = tests/unit/test-critical-network.c $(fake_machine)
tests_unit_test_device_users_SOURCES = tests/unit/test-device-users.c $(fake_machine)
tests_unit_test_critical_storage_SOURCES = tests/unit/test-critical-storage.c $(fake_machine)
