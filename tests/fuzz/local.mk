# A program for each target and way to run it: replay-TARGET puts the corpus through the target in make
# check, with any compiler; fuzz-TARGET is libFuzzer's (--enable-fuzzing, which needs clang).
check_LTLIBRARIES += tests/fuzz/libfuzzing.la
tests_fuzz_libfuzzing_la_SOURCES = tests/fuzz/fuzzing.c tests/fuzz/fuzzing.h
tests_fuzz_libfuzzing_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_fuzz_libfuzzing_la_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)

fuzz_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
fuzz_LDADD = tests/fuzz/libfuzzing.la $(LDADD) $(LIBXML_LIBS)

# The target guest counts what runs in these.
check_LTLIBRARIES += tests/fuzz/libcounted.la
tests_fuzz_libcounted_la_SOURCES = $(src_core_libvas_core_la_SOURCES) $(src_xml_libvas_xml_la_SOURCES)
nodist_tests_fuzz_libcounted_la_SOURCES = $(nodist_src_xml_libvas_xml_la_SOURCES)
tests_fuzz_libcounted_la_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS) -fsanitize-coverage=trace-pc
counting = -Wl,--wrap=__sanitizer_cov_trace_pc
guest_LDADD = tests/fuzz/libcounted.la tests/fuzz/libfuzzing.la tests/unit/libtesting.la \
	$(LIBXML_LIBS) $(GLIB_LIBS)

replays = \
	tests/fuzz/replay-address \
	tests/fuzz/replay-agent-interface \
	tests/fuzz/replay-capabilities-xml \
	tests/fuzz/replay-domain-xml \
	tests/fuzz/replay-guest \
	tests/fuzz/replay-network-xml \
	tests/fuzz/replay-host-wish \
	tests/fuzz/replay-identity-xml \
	tests/fuzz/replay-nodedev-xml \
	tests/fuzz/replay-record \
	tests/fuzz/replay-saved-vfs \
	tests/fuzz/replay-selector \
	tests/fuzz/replay-template \
	$(NULL)
fuzz_programs = \
	tests/fuzz/fuzz-address \
	tests/fuzz/fuzz-agent-interface \
	tests/fuzz/fuzz-capabilities-xml \
	tests/fuzz/fuzz-domain-xml \
	tests/fuzz/fuzz-guest \
	tests/fuzz/fuzz-network-xml \
	tests/fuzz/fuzz-host-wish \
	tests/fuzz/fuzz-identity-xml \
	tests/fuzz/fuzz-nodedev-xml \
	tests/fuzz/fuzz-record \
	tests/fuzz/fuzz-saved-vfs \
	tests/fuzz/fuzz-selector \
	tests/fuzz/fuzz-template \
	$(NULL)
check_PROGRAMS += $(replays)
TESTS += $(replays)
if FUZZING
check_PROGRAMS += $(fuzz_programs)
endif

tests_fuzz_replay_address_SOURCES = tests/fuzz/fuzz-address.c tests/fuzz/replay.c
tests_fuzz_replay_address_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_address_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_address_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_address_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_address_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_agent_interface_SOURCES = tests/fuzz/fuzz-agent-interface.c tests/fuzz/replay.c
tests_fuzz_replay_agent_interface_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_agent_interface_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_agent_interface_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_agent_interface_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_agent_interface_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_capabilities_xml_SOURCES = tests/fuzz/fuzz-capabilities-xml.c tests/fuzz/replay.c
tests_fuzz_replay_capabilities_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_capabilities_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_capabilities_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_capabilities_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_capabilities_xml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_domain_xml_SOURCES = tests/fuzz/fuzz-domain-xml.c tests/fuzz/replay.c
tests_fuzz_replay_domain_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_domain_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_domain_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_domain_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_domain_xml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_guest_SOURCES = tests/fuzz/fuzz-guest.c tests/fuzz/replay.c
tests_fuzz_replay_guest_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_guest_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
tests_fuzz_replay_guest_LDADD = $(guest_LDADD)
tests_fuzz_replay_guest_LDFLAGS = $(AM_LDFLAGS) $(counting)
tests_fuzz_fuzz_guest_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_guest_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
tests_fuzz_fuzz_guest_LDADD = $(guest_LDADD)
tests_fuzz_fuzz_guest_LDFLAGS = $(AM_LDFLAGS) $(counting) -fsanitize=fuzzer
tests_fuzz_replay_network_xml_SOURCES = tests/fuzz/fuzz-network-xml.c tests/fuzz/replay.c
tests_fuzz_replay_network_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_network_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_network_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_network_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_network_xml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_host_wish_SOURCES = tests/fuzz/fuzz-host-wish.c tests/fuzz/replay.c
tests_fuzz_replay_host_wish_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_host_wish_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_host_wish_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_host_wish_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_host_wish_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_identity_xml_SOURCES = tests/fuzz/fuzz-identity-xml.c tests/fuzz/replay.c
tests_fuzz_replay_identity_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_identity_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_identity_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_identity_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_identity_xml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_nodedev_xml_SOURCES = tests/fuzz/fuzz-nodedev-xml.c tests/fuzz/replay.c
tests_fuzz_replay_nodedev_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_nodedev_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_nodedev_xml_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_nodedev_xml_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_nodedev_xml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_record_SOURCES = tests/fuzz/fuzz-record.c tests/fuzz/replay.c
tests_fuzz_replay_record_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_record_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_record_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_record_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_record_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_saved_vfs_SOURCES = tests/fuzz/fuzz-saved-vfs.c tests/fuzz/replay.c
tests_fuzz_replay_saved_vfs_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_saved_vfs_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_saved_vfs_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_saved_vfs_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_saved_vfs_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_selector_SOURCES = tests/fuzz/fuzz-selector.c tests/fuzz/replay.c
tests_fuzz_replay_selector_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_selector_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_selector_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_selector_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_selector_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_replay_template_SOURCES = tests/fuzz/fuzz-template.c tests/fuzz/replay.c
tests_fuzz_replay_template_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_replay_template_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_template_CPPFLAGS = $(fuzz_CPPFLAGS)
tests_fuzz_fuzz_template_LDADD = $(fuzz_LDADD)
tests_fuzz_fuzz_template_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

# FUZZ_TARGETS='address template' for some, all by default; FUZZ_SECONDS for each.
FUZZ_SECONDS = 600
.PHONY: fuzz
fuzz: all
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=
	$(top_srcdir)/tests/fuzz/run --seconds $(FUZZ_SECONDS) $(FUZZ_TARGETS)

EXTRA_DIST += tests/fuzz/run tests/fuzz/xml.dict
EXTRA_DIST += \
	tests/data/fuzz/address/alias \
	tests/data/fuzz/address/alias-not-ascii \
	tests/data/fuzz/address/blank-before \
	tests/data/fuzz/address/domain-of-nine-digits \
	tests/data/fuzz/address/empty \
	tests/data/fuzz/address/format-string \
	tests/data/fuzz/address/full \
	tests/data/fuzz/address/function-too-high \
	tests/data/fuzz/address/largest \
	tests/data/fuzz/address/mac \
	tests/data/fuzz/address/mac-too-short \
	tests/data/fuzz/address/newline-behind \
	tests/data/fuzz/address/no-digits \
	tests/data/fuzz/address/nodedev \
	tests/data/fuzz/address/nodedev-slot-too-high \
	tests/data/fuzz/address/not-utf8 \
	tests/data/fuzz/address/nul-inside \
	tests/data/fuzz/address/short \
	tests/data/fuzz/address/slot-too-high \
	tests/data/fuzz/address/vmd-domain \
	tests/data/fuzz/agent-interface/cut-inside-a-character \
	tests/data/fuzz/agent-interface/escape \
	tests/data/fuzz/agent-interface/linux \
	tests/data/fuzz/agent-interface/long-not-utf8 \
	tests/data/fuzz/agent-interface/malformed-mac \
	tests/data/fuzz/agent-interface/no-mac \
	tests/data/fuzz/agent-interface/no-name \
	tests/data/fuzz/agent-interface/not-utf8 \
	tests/data/fuzz/agent-interface/windows \
	tests/data/fuzz/capabilities-xml/hostile-billion-laughs.xml \
	tests/data/fuzz/capabilities-xml/hostile-depth.xml \
	tests/data/fuzz/capabilities-xml/hostile-namespace.xml \
	tests/data/fuzz/capabilities-xml/hostile-nul.xml \
	tests/data/fuzz/capabilities-xml/hostile-other-root.xml \
	tests/data/fuzz/capabilities-xml/hostile-xinclude.xml \
	tests/data/fuzz/capabilities-xml/kvm-with-vfio.xml \
	tests/data/fuzz/capabilities-xml/qemu-without-hostdev.xml \
	tests/data/fuzz/domain-xml/character-white-space.xml \
	tests/data/fuzz/domain-xml/hostdev-with-namespaces.xml \
	tests/data/fuzz/domain-xml/hostile-billion-laughs.xml \
	tests/data/fuzz/domain-xml/hostile-depth.xml \
	tests/data/fuzz/domain-xml/hostile-encoding.xml \
	tests/data/fuzz/domain-xml/hostile-external-dtd.xml \
	tests/data/fuzz/domain-xml/hostile-external-entity.xml \
	tests/data/fuzz/domain-xml/hostile-namespace-name.xml \
	tests/data/fuzz/domain-xml/hostile-namespace.xml \
	tests/data/fuzz/domain-xml/hostile-not-utf8.xml \
	tests/data/fuzz/domain-xml/hostile-nul.xml \
	tests/data/fuzz/domain-xml/hostile-numbers.xml \
	tests/data/fuzz/domain-xml/hostile-other-root.xml \
	tests/data/fuzz/domain-xml/hostile-parameter-entity.xml \
	tests/data/fuzz/domain-xml/hostile-truncated.xml \
	tests/data/fuzz/domain-xml/hostile-xinclude.xml \
	tests/data/fuzz/domain-xml/metadata-newer-version.xml \
	tests/data/fuzz/domain-xml/metadata-record.xml \
	tests/data/fuzz/domain-xml/nvme-disk.xml \
	tests/data/fuzz/domain-xml/pc-config.xml \
	tests/data/fuzz/domain-xml/pc-live.xml \
	tests/data/fuzz/domain-xml/q35-config.xml \
	tests/data/fuzz/domain-xml/q35-live.xml \
	tests/data/fuzz/domain-xml/q35-nested-buses.xml \
	tests/data/fuzz/guest/hostile-truncated.xml \
	tests/data/fuzz/guest/long-text.xml \
	tests/data/fuzz/guest/nics-and-uses.xml \
	tests/data/fuzz/guest/numa-ports.xml \
	tests/data/fuzz/guest/record-beside-devices.xml \
	tests/data/fuzz/guest/record-of-ports.xml \
	tests/data/fuzz/network-xml/addresses.xml \
	tests/data/fuzz/network-xml/hostile-billion-laughs.xml \
	tests/data/fuzz/network-xml/hostile-depth.xml \
	tests/data/fuzz/network-xml/hostile-namespace.xml \
	tests/data/fuzz/network-xml/hostile-nul.xml \
	tests/data/fuzz/network-xml/hostile-numbers.xml \
	tests/data/fuzz/network-xml/hostile-other-root.xml \
	tests/data/fuzz/network-xml/hostile-xinclude.xml \
	tests/data/fuzz/network-xml/nat.xml \
	tests/data/fuzz/network-xml/no-name.xml \
	tests/data/fuzz/network-xml/no-pf-name.xml \
	tests/data/fuzz/network-xml/passthrough.xml \
	tests/data/fuzz/network-xml/pf-active.xml \
	tests/data/fuzz/network-xml/pf-inactive.xml \
	tests/data/fuzz/host-wish/attribute-of-another-namespace \
	tests/data/fuzz/host-wish/both \
	tests/data/fuzz/host-wish/count-in-hex \
	tests/data/fuzz/host-wish/count-too-high \
	tests/data/fuzz/host-wish/driver-of-the-host \
	tests/data/fuzz/host-wish/driver-with-newline \
	tests/data/fuzz/host-wish/driver-with-quote \
	tests/data/fuzz/host-wish/driver-with-slash \
	tests/data/fuzz/host-wish/empty \
	tests/data/fuzz/host-wish/entity \
	tests/data/fuzz/host-wish/identity \
	tests/data/fuzz/host-wish/newer-version \
	tests/data/fuzz/host-wish/no-namespace \
	tests/data/fuzz/host-wish/no-vfs \
	tests/data/fuzz/host-wish/no-wishes \
	tests/data/fuzz/host-wish/twice \
	tests/data/fuzz/host-wish/unknown-element \
	tests/data/fuzz/identity-xml/hostile-key.xml \
	tests/data/fuzz/identity-xml/hostile-numbers.xml \
	tests/data/fuzz/identity-xml/hostile-other-root.xml \
	tests/data/fuzz/identity-xml/hostile-place.xml \
	tests/data/fuzz/identity-xml/no-card-key.xml \
	tests/data/fuzz/identity-xml/of-a-vf.xml \
	tests/data/fuzz/identity-xml/other-order.xml \
	tests/data/fuzz/identity-xml/subsystem-without-vendor.xml \
	tests/data/fuzz/nodedev-xml/ahci.xml \
	tests/data/fuzz/nodedev-xml/big-domain.xml \
	tests/data/fuzz/nodedev-xml/hostile-billion-laughs.xml \
	tests/data/fuzz/nodedev-xml/hostile-depth.xml \
	tests/data/fuzz/nodedev-xml/hostile-max-count.xml \
	tests/data/fuzz/nodedev-xml/hostile-namespace-name.xml \
	tests/data/fuzz/nodedev-xml/hostile-namespace.xml \
	tests/data/fuzz/nodedev-xml/hostile-nul.xml \
	tests/data/fuzz/nodedev-xml/hostile-numbers.xml \
	tests/data/fuzz/nodedev-xml/hostile-other-root.xml \
	tests/data/fuzz/nodedev-xml/hostile-xinclude.xml \
	tests/data/fuzz/nodedev-xml/net.xml \
	tests/data/fuzz/nodedev-xml/pf-with-vfs.xml \
	tests/data/fuzz/nodedev-xml/pf.xml \
	tests/data/fuzz/nodedev-xml/root-port.xml \
	tests/data/fuzz/nodedev-xml/unbound.xml \
	tests/data/fuzz/nodedev-xml/vf.xml \
	tests/data/fuzz/record/empty \
	tests/data/fuzz/record/empty-record.xml \
	tests/data/fuzz/record/host-attach.xml \
	tests/data/fuzz/record/host-detach.xml \
	tests/data/fuzz/record/host-driver-not-utf8.xml \
	tests/data/fuzz/record/host-driver-with-newline.xml \
	tests/data/fuzz/record/host-driver-with-slash.xml \
	tests/data/fuzz/record/host-newer-version.xml \
	tests/data/fuzz/record/host-no-device.xml \
	tests/data/fuzz/record/host-reattach.xml \
	tests/data/fuzz/record/host-vfs-count-too-high.xml \
	tests/data/fuzz/record/host-vfs-of-guest.xml \
	tests/data/fuzz/record/host-vfs.xml \
	tests/data/fuzz/record/hostile-alias.xml \
	tests/data/fuzz/record/hostile-billion-laughs.xml \
	tests/data/fuzz/record/hostile-depth.xml \
	tests/data/fuzz/record/hostile-namespace.xml \
	tests/data/fuzz/record/hostile-nul.xml \
	tests/data/fuzz/record/hostile-numbers.xml \
	tests/data/fuzz/record/hostile-other-root.xml \
	tests/data/fuzz/record/hostile-version.xml \
	tests/data/fuzz/record/hostile-xinclude.xml \
	tests/data/fuzz/record/newer-version.xml \
	tests/data/fuzz/record/operation-attach.xml \
	tests/data/fuzz/record/operation-detach-network.xml \
	tests/data/fuzz/record/operation-ports.xml \
	tests/data/fuzz/record/release.xml \
	tests/data/fuzz/record/unknown-entry.xml \
	tests/data/fuzz/record/vf-twice.xml \
	tests/data/fuzz/record/vf-untold-settings.xml \
	tests/data/fuzz/record/vf.xml \
	tests/data/fuzz/record/wish-malformed-identity.xml \
	tests/data/fuzz/record/wish-out-of-range.xml \
	tests/data/fuzz/record/wish-twice.xml \
	tests/data/fuzz/record/wishes.xml \
	tests/data/fuzz/saved-vfs/empty \
	tests/data/fuzz/saved-vfs/link \
	tests/data/fuzz/saved-vfs/link-goes-on \
	tests/data/fuzz/saved-vfs/modprobe \
	tests/data/fuzz/saved-vfs/netplan \
	tests/data/fuzz/saved-vfs/netplan-deep \
	tests/data/fuzz/saved-vfs/netplan-links \
	tests/data/fuzz/saved-vfs/not-utf8 \
	tests/data/fuzz/saved-vfs/presets \
	tests/data/fuzz/saved-vfs/profile \
	tests/data/fuzz/saved-vfs/script \
	tests/data/fuzz/saved-vfs/sysfs \
	tests/data/fuzz/saved-vfs/udev \
	tests/data/fuzz/selector/address \
	tests/data/fuzz/selector/address-of-lshw \
	tests/data/fuzz/selector/alias \
	tests/data/fuzz/selector/alias-of-disk \
	tests/data/fuzz/selector/device-not-on-host \
	tests/data/fuzz/selector/empty \
	tests/data/fuzz/selector/former-interface \
	tests/data/fuzz/selector/guest \
	tests/data/fuzz/selector/guest-address \
	tests/data/fuzz/selector/guest-like-device \
	tests/data/fuzz/selector/guest-not-utf8 \
	tests/data/fuzz/selector/guest-with-escape \
	tests/data/fuzz/selector/interface \
	tests/data/fuzz/selector/malformed-address \
	tests/data/fuzz/selector/many-slashes \
	tests/data/fuzz/selector/nodedev \
	tests/data/fuzz/selector/nul-inside \
	tests/data/fuzz/selector/path-in-sysfs \
	tests/data/fuzz/selector/slot \
	tests/data/fuzz/selector/vf-by-number \
	tests/data/fuzz/selector/vf-number-beyond-64-bit \
	tests/data/fuzz/selector/vf-number-negative \
	tests/data/fuzz/selector/vf-number-too-high \
	tests/data/fuzz/selector/vf-of-address \
	tests/data/fuzz/selector/vf-of-no-pf \
	tests/data/fuzz/template/everything-fixed.xml \
	tests/data/fuzz/template/hostdev-own.xml \
	tests/data/fuzz/template/hostdev-shipped.xml \
	tests/data/fuzz/template/hostile-billion-laughs.xml \
	tests/data/fuzz/template/hostile-depth.xml \
	tests/data/fuzz/template/hostile-encoding.xml \
	tests/data/fuzz/template/hostile-external-dtd.xml \
	tests/data/fuzz/template/hostile-external-entity.xml \
	tests/data/fuzz/template/hostile-namespace.xml \
	tests/data/fuzz/template/hostile-not-utf8.xml \
	tests/data/fuzz/template/hostile-nul.xml \
	tests/data/fuzz/template/hostile-numbers.xml \
	tests/data/fuzz/template/hostile-other-root.xml \
	tests/data/fuzz/template/hostile-parameter-entity.xml \
	tests/data/fuzz/template/hostile-truncated.xml \
	tests/data/fuzz/template/hostile-twice-each.xml \
	tests/data/fuzz/template/hostile-xinclude.xml \
	tests/data/fuzz/template/interface-filled.xml \
	tests/data/fuzz/template/interface-own.xml \
	tests/data/fuzz/template/interface-shipped.xml \
	tests/data/fuzz/template/mixed-content.xml \
	tests/data/fuzz/template/vlan-trunk.xml \
	$(NULL)
