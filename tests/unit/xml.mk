unit_tests += \
	tests/unit/test-capabilities-xml \
	tests/unit/test-controller-xml \
	tests/unit/test-device-schema \
	tests/unit/test-document \
	tests/unit/test-domain-xml \
	tests/unit/test-host-wish-xml \
	tests/unit/test-identity-xml \
	tests/unit/test-mate-xml \
	tests/unit/test-metadata-xml \
	tests/unit/test-network-xml \
	tests/unit/test-nodedev-xml \
	tests/unit/test-operation-xml \
	tests/unit/test-platform-xml \
	tests/unit/test-template \
	tests/unit/test-vf-record-xml \
	$(NULL)
tests_unit_test_document_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_test_document_LDADD = $(LDADD) $(LIBXML_LIBS)
tests_unit_test_device_schema_CPPFLAGS = $(AM_CPPFLAGS) -DLIBVIRT_SCHEMAS='"$(LIBVIRT_SCHEMAS)"'
tests_unit_test_device_schema_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_test_device_schema_LDADD = $(LDADD) $(LIBXML_LIBS)
EXTRA_DIST += \
	tests/data/xml/domain-pc-config.xml \
	tests/data/xml/domain-pc-live.xml \
	tests/data/xml/domain-q35-config.xml \
	tests/data/xml/domain-q35-live.xml \
	tests/data/xml/host-wish.xml \
	tests/data/xml/nodedev-ahci.xml \
	tests/data/xml/nodedev-big-domain.xml \
	tests/data/xml/nodedev-net.xml \
	tests/data/xml/nodedev-pf-with-vfs.xml \
	tests/data/xml/nodedev-pf.xml \
	tests/data/xml/nodedev-root-port.xml \
	tests/data/xml/nodedev-unbound.xml \
	tests/data/xml/nodedev-vf.xml \
	tests/data/xml/template-hostdev-filled.xml \
	tests/data/xml/template-hostdev-own.xml \
	tests/data/xml/template-interface-filled.xml \
	tests/data/xml/template-interface-own.xml \
	$(NULL)
