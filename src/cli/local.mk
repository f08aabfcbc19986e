bin_PROGRAMS += virt-assign
virt_assign_CFLAGS = $(AM_CFLAGS) $(JSON_GLIB_CFLAGS)
virt_assign_LDADD = src/cli/libvas-cli.la \
	src/engine/libvas-engine.la src/virt/libvas-virt.la src/host/libvas-host.la \
	src/xml/libvas-xml.la src/core/libvas-core.la $(JSON_GLIB_LIBS) $(GLIB_LIBS)
virt_assign_SOURCES = \
	src/cli/main.c \
	$(NULL)

# All but main, so that the tests can link it.
noinst_LTLIBRARIES += src/cli/libvas-cli.la
src_cli_libvas_cli_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DVAS_TEMPLATE_FOLDER=\"$(sysconfdir)/virt-assign/xml-templates\"
src_cli_libvas_cli_la_CFLAGS = $(AM_CFLAGS) $(JSON_GLIB_CFLAGS)
src_cli_libvas_cli_la_LIBADD = $(JSON_GLIB_LIBS) $(GLIB_LIBS)
src_cli_libvas_cli_la_SOURCES = \
	src/cli/assignment-options.c \
	src/cli/assignment-options.h \
	src/cli/assignment-pair.c \
	src/cli/assignment-pair.h \
	src/cli/change-options.c \
	src/cli/change-options.h \
	src/cli/check-text.c \
	src/cli/check-text.h \
	src/cli/describe.c \
	src/cli/describe.h \
	src/cli/device-filter.c \
	src/cli/device-filter.h \
	src/cli/device-table.c \
	src/cli/device-table.h \
	src/cli/fields.c \
	src/cli/fields.h \
	src/cli/help.c \
	src/cli/help.h \
	src/cli/invocation.c \
	src/cli/invocation.h \
	src/cli/json-device.c \
	src/cli/json-device.h \
	src/cli/json-guest.c \
	src/cli/json-guest.h \
	src/cli/json-result.c \
	src/cli/json-result.h \
	src/cli/json.c \
	src/cli/json.h \
	src/cli/keep-going.c \
	src/cli/keep-going.h \
	src/cli/nic-table.c \
	src/cli/nic-table.h \
	src/cli/options.c \
	src/cli/options.h \
	src/cli/ports-text.c \
	src/cli/ports-text.h \
	src/cli/progress.c \
	src/cli/progress.h \
	src/cli/result-text.c \
	src/cli/result-text.h \
	src/cli/session.c \
	src/cli/session.h \
	src/cli/show-text.c \
	src/cli/show-text.h \
	src/cli/signals.c \
	src/cli/signals.h \
	src/cli/table.c \
	src/cli/table.h \
	src/cli/terminal.c \
	src/cli/terminal.h \
	src/cli/verb-attach.c \
	src/cli/verb-check.c \
	src/cli/verb-complete.c \
	src/cli/verb-detach.c \
	src/cli/verb-host-detach.c \
	src/cli/verb-host-reattach.c \
	src/cli/verb-list.c \
	src/cli/verb-names.c \
	src/cli/verb-ports.c \
	src/cli/verb-recover.c \
	src/cli/verb-show.c \
	src/cli/verb-vfs.c \
	src/cli/verb-xml.c \
	src/cli/verb.c \
	src/cli/verb.h \
	src/cli/vfs-text.c \
	src/cli/vfs-text.h \
	src/cli/wrap.c \
	src/cli/wrap.h \
	$(NULL)
