# A test program for each module, tests/unit/test-MODULE.c; a layer's list is in its own fragment.
TEST_EXTENSIONS = .sh
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/unit/tap-test
SH_LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_COMPILER = $(LOG_COMPILER)
AM_TESTS_ENVIRONMENT = \
	G_TEST_SRCDIR='$(abs_top_srcdir)' G_TEST_BUILDDIR='$(abs_top_builddir)' \
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
	CC='$(CC)' hardening='$(enable_hardening)' \
	HEADER_CFLAGS='$(GLIB_CFLAGS) $(LIBXML_CFLAGS) $(LIBVIRT_CFLAGS) $(JSON_GLIB_CFLAGS) $(LIBNL_ROUTE_CFLAGS)' \
	LC_ALL=C.UTF-8 G_DEBUG=fatal-warnings; export CC HEADER_CFLAGS G_TEST_SRCDIR G_TEST_BUILDDIR \
	top_srcdir top_builddir hardening LC_ALL G_DEBUG; unset LIBVIRT_DEFAULT_URI NO_COLOR COLUMNS;

check_LTLIBRARIES += tests/unit/libtesting.la
tests_unit_libtesting_la_SOURCES = \
	tests/unit/building.c \
	tests/unit/building.h \
	tests/unit/fake-kernel.c \
	tests/unit/fake-kernel.h \
	tests/unit/fake-write-fault.h \
	tests/unit/host-world.c \
	tests/unit/host-world.h \
	tests/unit/testing.c \
	tests/unit/testing.h \
	$(NULL)

LDADD = tests/unit/libtesting.la \
	src/engine/libvas-engine.la src/virt/libvas-virt.la src/host/libvas-host.la \
	src/xml/libvas-xml.la src/core/libvas-core.la $(GLIB_LIBS)
EXTRA_DIST += tests/unit/tap-test

include tests/unit/core.mk
include tests/unit/xml.mk
include tests/unit/host.mk
include tests/unit/virt.mk
include tests/unit/engine.mk

TESTS += $(unit_tests)
check_PROGRAMS += $(unit_tests)
