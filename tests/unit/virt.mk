unit_tests += \
	tests/unit/test-bounded-calls \
	tests/unit/test-libvirt-agent \
	tests/unit/test-libvirt-callbacks \
	tests/unit/test-libvirt-clone \
	tests/unit/test-libvirt-domains \
	tests/unit/test-libvirt-events \
	tests/unit/test-libvirt-hypervisor \
	tests/unit/test-libvirt-networks \
	tests/unit/test-libvirt-reply \
	tests/unit/test-libvirt-requests \
	tests/unit/test-libvirt-uri \
	tests/unit/test-virt-error \
	tests/unit/test-virt-loop \
	$(NULL)

tests_unit_test_libvirt_agent_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_agent_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_callbacks_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_callbacks_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_clone_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_clone_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_domains_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_domains_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_events_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_events_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_hypervisor_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_hypervisor_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_requests_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_requests_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_libvirt_reply_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_libvirt_reply_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_virt_error_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_virt_error_LDADD = $(LDADD) $(LIBVIRT_LIBS)
tests_unit_test_virt_loop_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_test_virt_loop_LDADD = $(LDADD) $(LIBVIRT_LIBS)

# Also what the command line's tests run on.
EXTRA_DIST += \
	tests/data/virt/host.xml \
	$(NULL)
