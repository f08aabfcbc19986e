# Programs test the modules of src/cli, scripts the program as its users run it.
cli_tests = \
	tests/cli/test-check-text \
	tests/cli/test-invocation \
	tests/cli/test-json \
	tests/cli/test-metrics-text \
	tests/cli/test-ports-text \
	tests/cli/test-progress \
	tests/cli/test-result-text \
	tests/cli/test-show-text \
	tests/cli/test-signals \
	tests/cli/test-table \
	tests/cli/test-terminal \
	tests/cli/test-time-budget \
	tests/cli/test-topology \
	tests/cli/test-verb-metrics \
	tests/cli/test-verb-rows \
	tests/cli/test-vfs-text \
	$(NULL)
cli_scripts = \
	tests/cli/bad-input.sh \
	tests/cli/boot.sh \
	tests/cli/build.sh \
	tests/cli/change.sh \
	tests/cli/check.sh \
	tests/cli/completion.sh \
	tests/cli/critical.sh \
	tests/cli/help.sh \
	tests/cli/hook.sh \
	tests/cli/list.sh \
	tests/cli/metrics.sh \
	tests/cli/names.sh \
	tests/cli/output.sh \
	tests/cli/pools.sh \
	tests/cli/ports.sh \
	tests/cli/rare-guests.sh \
	tests/cli/rare-host.sh \
	tests/cli/recover.sh \
	tests/cli/show.sh \
	tests/cli/topology.sh \
	tests/cli/uses.sh \
	tests/cli/xml.sh \
	$(NULL)
check_PROGRAMS += $(cli_tests)
TESTS += $(cli_tests) $(cli_scripts)

cli_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
cli_test_CFLAGS = $(AM_CFLAGS) $(JSON_GLIB_CFLAGS)
cli_test_LDADD = src/cli/libvas-cli.la $(LDADD) $(JSON_GLIB_LIBS)
tests_cli_test_check_text_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_check_text_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_check_text_LDADD = $(cli_test_LDADD)
tests_cli_test_invocation_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_invocation_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_invocation_LDADD = $(cli_test_LDADD)
tests_cli_test_json_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_json_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_json_LDADD = $(cli_test_LDADD)
tests_cli_test_metrics_text_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_metrics_text_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_metrics_text_LDADD = $(cli_test_LDADD)
tests_cli_test_ports_text_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_ports_text_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_ports_text_LDADD = $(cli_test_LDADD)
tests_cli_test_progress_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_progress_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_progress_LDADD = $(cli_test_LDADD)
tests_cli_test_result_text_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_result_text_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_result_text_LDADD = $(cli_test_LDADD)
tests_cli_test_show_text_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_show_text_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_show_text_LDADD = $(cli_test_LDADD)
tests_cli_test_signals_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_signals_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_signals_LDADD = $(cli_test_LDADD)
tests_cli_test_table_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_table_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_table_LDADD = $(cli_test_LDADD)
tests_cli_test_terminal_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_terminal_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_terminal_LDADD = $(cli_test_LDADD)
tests_cli_test_time_budget_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_time_budget_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_time_budget_LDADD = $(cli_test_LDADD)
tests_cli_test_topology_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_topology_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_topology_LDADD = $(cli_test_LDADD)
tests_cli_test_verb_metrics_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_verb_metrics_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_verb_metrics_LDADD = tests/unit/libfake.la $(cli_test_LDADD)
tests_cli_test_verb_rows_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_verb_rows_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_verb_rows_LDADD = $(cli_test_LDADD)
tests_cli_test_vfs_text_CPPFLAGS = $(cli_test_CPPFLAGS)
tests_cli_test_vfs_text_CFLAGS = $(cli_test_CFLAGS)
tests_cli_test_vfs_text_LDADD = $(cli_test_LDADD)
EXTRA_DIST += \
	$(cli_scripts) \
	tests/cli/program.bash \
	tests/data/cli/attach-already.txt \
	tests/data/cli/attach-dry-run.json \
	tests/data/cli/attach-dry-run.txt \
	tests/data/cli/check-findings.json \
	tests/data/cli/check-guest.txt \
	tests/data/cli/check-plain.txt \
	tests/data/cli/check-terminal.txt \
	tests/data/cli/check-vf.json \
	tests/data/cli/check-vf.txt \
	tests/data/cli/detach-already.txt \
	tests/data/cli/detach-dry-run.json \
	tests/data/cli/detach-dry-run.txt \
	tests/data/cli/different-config.xml \
	tests/data/cli/different-live.xml \
	tests/data/cli/host-results.json \
	tests/data/cli/host.xml \
	tests/data/cli/list-all.txt \
	tests/data/cli/list-tree.txt \
	tests/data/cli/list.json \
	tests/data/cli/list.txt \
	tests/data/cli/metrics-rules.yml \
	tests/data/cli/metrics.txt \
	tests/data/cli/names-running-guest.json \
	tests/data/cli/names-running-guest.txt \
	tests/data/cli/names-shut-off-guest.txt \
	tests/data/cli/ports-add.txt \
	tests/data/cli/ports-running.txt \
	tests/data/cli/ports-shut-off.txt \
	tests/data/cli/ports.json \
	tests/data/cli/ports.txt \
	tests/data/cli/rare-guests.xml \
	tests/data/cli/rare-host.xml \
	tests/data/cli/recover.json \
	tests/data/cli/results.json \
	tests/data/cli/show-different-device.txt \
	tests/data/cli/show-different-guest.json \
	tests/data/cli/show-different-guest.txt \
	tests/data/cli/show-identity.json \
	tests/data/cli/show-pf.json \
	tests/data/cli/show-pf.txt \
	tests/data/cli/show-running-guest.json \
	tests/data/cli/show-running-guest.txt \
	tests/data/cli/show-shut-off-guest.json \
	tests/data/cli/show-shut-off-guest.txt \
	tests/data/cli/show-unknown.json \
	tests/data/cli/show-unknown.txt \
	tests/data/cli/show-vf.json \
	tests/data/cli/show-vf.txt \
	tests/data/cli/steps.json \
	tests/data/cli/topology-14x8.dot \
	tests/data/cli/topology-14x8.svg \
	tests/data/cli/topology-2x1.dot \
	tests/data/cli/topology-2x1.svg \
	tests/data/cli/topology-8x4.dot \
	tests/data/cli/topology-8x4.svg \
	tests/data/cli/topology.dot \
	tests/data/cli/topology.svg \
	tests/data/cli/uses-host.xml \
	tests/data/cli/vfs.json \
	tests/data/cli/vfs.txt \
	tests/data/cli/xml-sata.xml \
	tests/data/cli/xml-vf-db1.xml \
	tests/data/cli/xml-vf-given.xml \
	tests/data/cli/xml-vf-hostdev.xml \
	tests/data/cli/xml-vf.hmp \
	tests/data/cli/xml-vf.qemu \
	tests/data/cli/xml-vf.qmp \
	tests/data/cli/xml-vf.xml \
	$(NULL)
