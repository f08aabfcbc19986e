unit_tests += \
	tests/unit/test-assignment \
	tests/unit/test-device \
	tests/unit/test-error \
	tests/unit/test-finding \
	tests/unit/test-guest \
	tests/unit/test-guest-nics \
	tests/unit/test-guest-record \
	tests/unit/test-hook-call \
	tests/unit/test-identity \
	tests/unit/test-inventory \
	tests/unit/test-inventory-metrics \
	tests/unit/test-iommu-group \
	tests/unit/test-mac-address \
	tests/unit/test-machine \
	tests/unit/test-naming-scheme \
	tests/unit/test-nic-name \
	tests/unit/test-nic-name-choice \
	tests/unit/test-nic-name-corpus \
	tests/unit/test-nic-name-effects \
	tests/unit/test-nic-name-findings \
	tests/unit/test-nic-renames \
	tests/unit/test-pasted-name \
	tests/unit/test-pci-address \
	tests/unit/test-port-plan \
	tests/unit/test-ports \
	tests/unit/test-recovery \
	tests/unit/test-result \
	tests/unit/test-rules \
	tests/unit/test-rules-acpi-index \
	tests/unit/test-rules-critical \
	tests/unit/test-rules-distinct \
	tests/unit/test-rules-group \
	tests/unit/test-rules-held \
	tests/unit/test-rules-host \
	tests/unit/test-rules-identity \
	tests/unit/test-rules-rename \
	tests/unit/test-rules-vf-settings \
	tests/unit/test-rules-vfs \
	tests/unit/test-selector \
	tests/unit/test-selector-addresses \
	tests/unit/test-shell-word \
	tests/unit/test-slot-number \
	tests/unit/test-slots \
	tests/unit/test-slots-choose \
	tests/unit/test-slots-firmware \
	tests/unit/test-step \
	tests/unit/test-vf-settings \
	$(NULL)

measuring = tests/unit/measuring.c tests/unit/measuring.h
tests_unit_test_inventory_metrics_SOURCES = tests/unit/test-inventory-metrics.c $(measuring)

rules_fixture = tests/unit/rules-fixture.c tests/unit/rules-fixture.h
tests_unit_test_rules_SOURCES = tests/unit/test-rules.c $(rules_fixture)
tests_unit_test_rules_acpi_index_SOURCES = tests/unit/test-rules-acpi-index.c $(rules_fixture)
tests_unit_test_rules_rename_SOURCES = tests/unit/test-rules-rename.c $(rules_fixture)
tests_unit_test_rules_vf_settings_SOURCES = tests/unit/test-rules-vf-settings.c $(rules_fixture)
tests_unit_test_rules_held_SOURCES = tests/unit/test-rules-held.c $(rules_fixture)

EXTRA_DIST += \
	tests/data/names/pc-10.0-video.txt \
	tests/data/names/pc-10.0-video.xml \
	tests/data/names/pc-10.0.txt \
	tests/data/names/pc-10.0.xml \
	tests/data/names/pc-7.2.txt \
	tests/data/names/pc-7.2.xml \
	tests/data/names/q35-10.0.txt \
	tests/data/names/q35-10.0.xml \
	tests/data/names/q35-6.0-dmi.txt \
	tests/data/names/q35-6.0-dmi.xml \
	tests/data/names/q35-6.0-nested.txt \
	tests/data/names/q35-6.0-nested.xml \
	tests/data/names/q35-6.0.txt \
	tests/data/names/q35-6.0.xml \
	tests/data/names/q35-7.2.txt \
	tests/data/names/q35-7.2.xml \
	$(NULL)
