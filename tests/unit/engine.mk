unit_tests += \
	tests/unit/test-attach \
	tests/unit/test-attach-critical \
	tests/unit/test-attach-faults \
	tests/unit/test-attach-names \
	tests/unit/test-attach-presets \
	tests/unit/test-attach-vendor \
	tests/unit/test-attach-vf \
	tests/unit/test-attach-wish \
	tests/unit/test-boot \
	tests/unit/test-boot-identity \
	tests/unit/test-check-device \
	tests/unit/test-check-guest \
	tests/unit/test-check-host \
	tests/unit/test-check-host-vfs \
	tests/unit/test-check-unfinished \
	tests/unit/test-claim \
	tests/unit/test-command \
	tests/unit/test-context \
	tests/unit/test-cost \
	tests/unit/test-crafted-record \
	tests/unit/test-crew \
	tests/unit/test-detach \
	tests/unit/test-detach-several \
	tests/unit/test-device-identity \
	tests/unit/test-execute \
	tests/unit/test-group-mates \
	tests/unit/test-guest-note \
	tests/unit/test-guest-ports \
	tests/unit/test-guest-uses \
	tests/unit/test-hook \
	tests/unit/test-hook-run \
	tests/unit/test-host-driver \
	tests/unit/test-host-driver-keep-going \
	tests/unit/test-host-driver-persist \
	tests/unit/test-host-driver-taken \
	tests/unit/test-interrupt \
	tests/unit/test-interrupted-steps \
	tests/unit/test-keep-going \
	tests/unit/test-locked \
	tests/unit/test-metrics \
	tests/unit/test-names \
	tests/unit/test-operation \
	tests/unit/test-pending \
	tests/unit/test-pools \
	tests/unit/test-record-file \
	tests/unit/test-recover \
	tests/unit/test-recover-attach \
	tests/unit/test-recover-binding \
	tests/unit/test-recover-detach \
	tests/unit/test-recover-first \
	tests/unit/test-recover-gone \
	tests/unit/test-recover-host \
	tests/unit/test-recover-several \
	tests/unit/test-recover-vfs \
	tests/unit/test-rival \
	tests/unit/test-scan \
	tests/unit/test-scan-near \
	tests/unit/test-sealed-record \
	tests/unit/test-swept-attach \
	tests/unit/test-swept-detach \
	tests/unit/test-swept-host \
	tests/unit/test-swept-recover \
	tests/unit/test-swept-several \
	tests/unit/test-translated \
	tests/unit/test-unanswered \
	tests/unit/test-vf-faults \
	tests/unit/test-vf-note \
	tests/unit/test-vfio-use \
	tests/unit/test-vfio-variant \
	tests/unit/test-vfs \
	tests/unit/test-vfs-taken \
	tests/unit/test-vfs-kept \
	tests/unit/test-wish-file \
	$(NULL)

checking = tests/unit/checking.c tests/unit/checking.h
tests_unit_test_check_device_SOURCES = tests/unit/test-check-device.c tests/unit/fake-vfio.c \
	tests/unit/fake-vfio.h $(checking)
tests_unit_test_check_guest_SOURCES = tests/unit/test-check-guest.c $(checking)
healthy_host = tests/unit/healthy-host.c tests/unit/healthy-host.h
tests_unit_test_check_host_SOURCES = tests/unit/test-check-host.c $(checking) $(healthy_host)
tests_unit_test_check_host_vfs_SOURCES = \
	tests/unit/test-check-host-vfs.c $(checking) $(healthy_host)

tests_unit_test_hook_SOURCES = tests/unit/test-hook.c $(checking) tests/unit/fake-clock.c \
	tests/unit/fake-clock.h
check_LTLIBRARIES += tests/unit/libfake.la
tests_unit_libfake_la_SOURCES = \
	tests/unit/fake-clone.c \
	tests/unit/fake-faults.c \
	tests/unit/fake-guest-xml.c \
	tests/unit/fake-host.c \
	tests/unit/fake-host.h \
	tests/unit/fake-hypervisor.c \
	tests/unit/fake-hypervisor.h \
	tests/unit/fake-networks.c \
	tests/unit/fake-private.h \
	tests/unit/fake-sriov.c \
	tests/unit/fake-sriov.h \
	tests/unit/fake-vf-settings.c \
	tests/unit/world.c \
	tests/unit/world.h \
	$(NULL)
tests_unit_libfake_la_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
engine_test_libs = tests/unit/libfake.la $(LDADD)
tests_unit_test_attach_LDADD = $(engine_test_libs)
tests_unit_test_attach_critical_LDADD = $(engine_test_libs)
tests_unit_test_attach_faults_SOURCES = \
	tests/unit/test-attach-faults.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h
tests_unit_test_attach_faults_LDADD = $(engine_test_libs)
tests_unit_test_attach_names_LDADD = $(engine_test_libs)
tests_unit_test_attach_presets_LDADD = $(engine_test_libs)
tests_unit_test_attach_vendor_LDADD = $(engine_test_libs)
tests_unit_test_device_identity_LDADD = $(engine_test_libs)
tests_unit_test_attach_vf_LDADD = $(engine_test_libs)
tests_unit_test_check_device_LDADD = $(engine_test_libs)
tests_unit_test_check_guest_LDADD = $(engine_test_libs)
tests_unit_test_check_host_LDADD = $(engine_test_libs)
tests_unit_test_check_host_vfs_LDADD = $(engine_test_libs)
tests_unit_test_claim_LDADD = $(engine_test_libs)
tests_unit_test_hook_LDADD = $(engine_test_libs)
tests_unit_test_hook_run_LDADD = $(engine_test_libs)
tests_unit_test_pools_SOURCES = tests/unit/test-pools.c $(checking)
tests_unit_test_pools_LDADD = $(engine_test_libs)
tests_unit_test_command_SOURCES = tests/unit/test-command.c $(recover_fixture)
tests_unit_test_command_LDADD = $(engine_test_libs)
tests_unit_test_context_LDADD = $(engine_test_libs)
tests_unit_test_cost_LDADD = $(engine_test_libs)
tests_unit_test_crew_LDADD = $(engine_test_libs)
tests_unit_test_detach_SOURCES = \
	tests/unit/test-detach.c tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_detach_LDADD = $(engine_test_libs)
tests_unit_test_detach_several_SOURCES = \
	tests/unit/test-detach-several.c tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_detach_several_LDADD = $(engine_test_libs)
tests_unit_test_execute_LDADD = $(engine_test_libs)
tests_unit_test_group_mates_LDADD = $(engine_test_libs)
tests_unit_test_guest_ports_LDADD = $(engine_test_libs)
tests_unit_test_guest_uses_LDADD = $(engine_test_libs)
tests_unit_test_metrics_SOURCES = tests/unit/test-metrics.c $(measuring)
tests_unit_test_metrics_LDADD = $(engine_test_libs)
host_driver_fixture = tests/unit/host-driver-fixture.c tests/unit/host-driver-fixture.h
boot_fixture = tests/unit/boot-fixture.c tests/unit/boot-fixture.h $(host_driver_fixture)
tests_unit_test_boot_SOURCES = tests/unit/test-boot.c $(boot_fixture)
tests_unit_test_boot_LDADD = $(engine_test_libs)
tests_unit_test_boot_identity_SOURCES = tests/unit/test-boot-identity.c $(boot_fixture)
tests_unit_test_boot_identity_LDADD = $(engine_test_libs)
tests_unit_test_host_driver_SOURCES = tests/unit/test-host-driver.c $(host_driver_fixture)
tests_unit_test_host_driver_persist_SOURCES = \
	tests/unit/test-host-driver-persist.c $(host_driver_fixture)
tests_unit_test_host_driver_persist_LDADD = $(engine_test_libs)
tests_unit_test_host_driver_keep_going_SOURCES = \
	tests/unit/test-host-driver-keep-going.c $(host_driver_fixture)
tests_unit_test_host_driver_keep_going_LDADD = $(engine_test_libs)
tests_unit_test_host_driver_taken_LDADD = $(engine_test_libs)
tests_unit_test_host_driver_LDADD = $(engine_test_libs)
tests_unit_test_guest_note_LDADD = $(engine_test_libs)
tests_unit_test_operation_LDADD = $(engine_test_libs)
tests_unit_test_interrupt_LDADD = $(engine_test_libs)
tests_unit_test_interrupted_steps_LDADD = $(engine_test_libs)
tests_unit_test_keep_going_LDADD = $(engine_test_libs)
tests_unit_test_locked_SOURCES = \
	tests/unit/test-locked.c tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_locked_LDADD = $(engine_test_libs)
tests_unit_test_names_LDADD = $(engine_test_libs)
tests_unit_test_vf_faults_SOURCES = \
	tests/unit/test-vf-faults.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h
tests_unit_test_vf_faults_LDADD = $(engine_test_libs)
tests_unit_test_vf_note_LDADD = $(engine_test_libs)
tests_unit_test_vfio_use_SOURCES = \
	tests/unit/test-vfio-use.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h
tests_unit_test_vfio_use_LDADD = $(engine_test_libs)
tests_unit_test_vfio_variant_LDADD = $(engine_test_libs)
tests_unit_test_translated_SOURCES = \
	tests/unit/test-translated.c tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_translated_LDADD = $(engine_test_libs)
tests_unit_test_pending_LDADD = $(engine_test_libs)
recover_fixture = tests/unit/recover-fixture.c tests/unit/recover-fixture.h \
	tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_attach_wish_SOURCES = tests/unit/test-attach-wish.c $(recover_fixture)
tests_unit_test_attach_wish_LDADD = $(engine_test_libs)
tests_unit_test_crafted_record_SOURCES = tests/unit/test-crafted-record.c $(recover_fixture)
tests_unit_test_crafted_record_LDADD = $(engine_test_libs)
tests_unit_test_sealed_record_SOURCES = tests/unit/test-sealed-record.c $(recover_fixture)
tests_unit_test_sealed_record_LDADD = $(engine_test_libs)
tests_unit_test_recover_SOURCES = tests/unit/test-recover.c $(recover_fixture)
tests_unit_test_recover_LDADD = $(engine_test_libs)
tests_unit_test_recover_attach_SOURCES = \
	tests/unit/test-recover-attach.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h \
	$(recover_fixture)
tests_unit_test_recover_attach_LDADD = $(engine_test_libs)
tests_unit_test_unanswered_SOURCES = tests/unit/test-unanswered.c $(recover_fixture)
tests_unit_test_unanswered_LDADD = $(engine_test_libs)
tests_unit_test_recover_detach_SOURCES = tests/unit/test-recover-detach.c $(recover_fixture)
tests_unit_test_recover_detach_LDADD = $(engine_test_libs)
tests_unit_test_check_unfinished_SOURCES = \
	tests/unit/test-check-unfinished.c $(checking) $(recover_fixture)
tests_unit_test_check_unfinished_LDADD = $(engine_test_libs)
tests_unit_test_recover_first_SOURCES = tests/unit/test-recover-first.c $(recover_fixture)
tests_unit_test_recover_first_LDADD = $(engine_test_libs)
tests_unit_test_recover_gone_SOURCES = tests/unit/test-recover-gone.c $(recover_fixture)
tests_unit_test_recover_gone_LDADD = $(engine_test_libs)
tests_unit_test_recover_binding_SOURCES = \
	tests/unit/test-recover-binding.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h \
	$(host_driver_fixture)
tests_unit_test_recover_binding_LDADD = $(engine_test_libs)
tests_unit_test_recover_host_SOURCES = tests/unit/test-recover-host.c $(host_driver_fixture)
tests_unit_test_recover_host_LDADD = $(engine_test_libs)
several = tests/unit/several-fixture.c tests/unit/several-fixture.h
tests_unit_test_recover_several_SOURCES = tests/unit/test-recover-several.c $(several)
tests_unit_test_recover_several_LDADD = $(engine_test_libs)
tests_unit_test_swept_several_SOURCES = tests/unit/test-swept-several.c $(several) \
	tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_swept_several_LDADD = $(engine_test_libs)
tests_unit_test_recover_vfs_SOURCES = \
	tests/unit/test-recover-vfs.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h
tests_unit_test_recover_vfs_LDADD = $(engine_test_libs)
tests_unit_test_rival_LDADD = $(engine_test_libs)
tests_unit_test_scan_LDADD = $(engine_test_libs)
tests_unit_test_scan_near_LDADD = $(engine_test_libs)
swept = tests/unit/sweep.c tests/unit/sweep.h tests/unit/sweep-killed.c tests/unit/sweep-pairs.c \
	tests/unit/sweep-picture.c tests/unit/sweep-private.h tests/unit/sweep-run.c \
	tests/unit/fake-clock.c tests/unit/fake-clock.h
tests_unit_test_swept_attach_SOURCES = tests/unit/test-swept-attach.c $(swept)
tests_unit_test_swept_attach_LDADD = $(engine_test_libs)
tests_unit_test_swept_detach_SOURCES = tests/unit/test-swept-detach.c $(swept)
tests_unit_test_swept_detach_LDADD = $(engine_test_libs)
tests_unit_test_swept_host_SOURCES = tests/unit/test-swept-host.c $(swept)
tests_unit_test_swept_host_LDADD = $(engine_test_libs)
tests_unit_test_swept_recover_SOURCES = tests/unit/test-swept-recover.c $(swept)
tests_unit_test_swept_recover_LDADD = $(engine_test_libs)
tests_unit_test_vfs_taken_SOURCES = \
	tests/unit/test-vfs-taken.c tests/unit/fake-vfio.c tests/unit/fake-vfio.h
tests_unit_test_vfs_taken_LDADD = $(engine_test_libs)
tests_unit_test_vfs_LDADD = $(engine_test_libs)
tests_unit_test_vfs_kept_LDADD = $(engine_test_libs)
