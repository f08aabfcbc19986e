bin_PROGRAMS += virt-assign
virt_assign_CFLAGS = $(AM_CFLAGS) $(JSON_GLIB_CFLAGS)
virt_assign_LDADD = src/cli/libvas-cli.la \
	src/engine/libvas-engine.la src/virt/libvas-virt.la src/host/libvas-host.la \
	src/xml/libvas-xml.la src/core/libvas-core.la $(JSON_GLIB_LIBS) $(GLIB_LIBS)
virt_assign_SOURCES = \
	src/cli/frame/main.c \
	$(NULL)

# All but main, so that the tests can link it.
noinst_LTLIBRARIES += src/cli/libvas-cli.la
src_cli_libvas_cli_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DVAS_TEMPLATE_FOLDER=\"$(sysconfdir)/virt-assign/xml-templates\"
src_cli_libvas_cli_la_CFLAGS = $(AM_CFLAGS) $(JSON_GLIB_CFLAGS)
src_cli_libvas_cli_la_LIBADD = $(JSON_GLIB_LIBS) $(GLIB_LIBS)
src_cli_libvas_cli_la_SOURCES = \
	src/cli/frame/assignment-options.c \
	src/cli/frame/assignment-options.h \
	src/cli/frame/change-options.c \
	src/cli/frame/change-options.h \
	src/cli/frame/help.c \
	src/cli/frame/help.h \
	src/cli/frame/invocation.c \
	src/cli/frame/invocation.h \
	src/cli/frame/keep-going.c \
	src/cli/frame/keep-going.h \
	src/cli/frame/options.c \
	src/cli/frame/options.h \
	src/cli/frame/progress.c \
	src/cli/frame/progress.h \
	src/cli/frame/session.c \
	src/cli/frame/session.h \
	src/cli/frame/signals.c \
	src/cli/frame/signals.h \
	src/cli/frame/time-budget.c \
	src/cli/frame/time-budget.h \
	src/cli/frame/verb.c \
	src/cli/frame/verb.h \
	src/cli/output/assignment-pair.c \
	src/cli/output/assignment-pair.h \
	src/cli/output/check-text.c \
	src/cli/output/check-text.h \
	src/cli/output/describe.c \
	src/cli/output/describe.h \
	src/cli/output/device-table.c \
	src/cli/output/device-table.h \
	src/cli/output/hook-text.c \
	src/cli/output/hook-text.h \
	src/cli/output/json-device.c \
	src/cli/output/json-device.h \
	src/cli/output/json-guest.c \
	src/cli/output/json-guest.h \
	src/cli/output/json-result.c \
	src/cli/output/json-result.h \
	src/cli/output/metrics-text.c \
	src/cli/output/metrics-text.h \
	src/cli/output/nic-table.c \
	src/cli/output/nic-table.h \
	src/cli/output/ports-text.c \
	src/cli/output/ports-text.h \
	src/cli/output/qemu-lines.c \
	src/cli/output/qemu-lines.h \
	src/cli/output/result-text.c \
	src/cli/output/result-text.h \
	src/cli/output/show-text.c \
	src/cli/output/show-text.h \
	src/cli/output/topology-dot.c \
	src/cli/output/topology-dot.h \
	src/cli/output/topology-layout.c \
	src/cli/output/topology-layout.h \
	src/cli/output/topology-svg.c \
	src/cli/output/topology-svg.h \
	src/cli/output/topology.c \
	src/cli/output/topology.h \
	src/cli/output/vfs-text.c \
	src/cli/output/vfs-text.h \
	src/cli/print/fields.c \
	src/cli/print/fields.h \
	src/cli/print/json.c \
	src/cli/print/json.h \
	src/cli/print/table.c \
	src/cli/print/table.h \
	src/cli/print/terminal.c \
	src/cli/print/terminal.h \
	src/cli/print/wrap.c \
	src/cli/print/wrap.h \
	src/cli/verbs/device-filter.c \
	src/cli/verbs/device-filter.h \
	src/cli/verbs/verb-attach.c \
	src/cli/verbs/verb-boot.c \
	src/cli/verbs/verb-check.c \
	src/cli/verbs/verb-complete.c \
	src/cli/verbs/verb-detach.c \
	src/cli/verbs/verb-hook.c \
	src/cli/verbs/verb-hooked.c \
	src/cli/verbs/verb-host-detach.c \
	src/cli/verbs/verb-host-reattach.c \
	src/cli/verbs/verb-list.c \
	src/cli/verbs/verb-metrics.c \
	src/cli/verbs/verb-names.c \
	src/cli/verbs/verb-ports.c \
	src/cli/verbs/verb-recover.c \
	src/cli/verbs/verb-show.c \
	src/cli/verbs/verb-topology.c \
	src/cli/verbs/verb-vfs.c \
	src/cli/verbs/verb-xml.c \
	$(NULL)
