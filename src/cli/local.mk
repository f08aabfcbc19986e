bin_PROGRAMS += virt-assign
virt_assign_CFLAGS = $(AM_CFLAGS) $(JSON_GLIB_CFLAGS)
virt_assign_LDADD = src/engine/libvas-engine.la src/virt/libvas-virt.la src/host/libvas-host.la \
	src/xml/libvas-xml.la src/core/libvas-core.la $(JSON_GLIB_LIBS) $(GLIB_LIBS)
virt_assign_SOURCES = \
	src/cli/main.c \
	$(NULL)
