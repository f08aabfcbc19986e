unit_tests += \
	tests/unit/test-driver \
	tests/unit/test-pci-names \
	tests/unit/test-sriov \
	tests/unit/test-sysfs \
	tests/unit/test-vf-settings \
	$(NULL)

tests_unit_test_vf_settings_CFLAGS = $(AM_CFLAGS) $(LIBNL_ROUTE_CFLAGS)
tests_unit_test_vf_settings_LDADD = $(LDADD) $(LIBNL_ROUTE_LIBS)
