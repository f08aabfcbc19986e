noinst_LTLIBRARIES += src/virt/libvas-virt.la
src_virt_libvas_virt_la_CFLAGS = $(AM_CFLAGS) $(LIBVIRT_CFLAGS)
src_virt_libvas_virt_la_LIBADD = $(LIBVIRT_LIBS) $(GLIB_LIBS)
src_virt_libvas_virt_la_SOURCES = \
	src/virt/bounded-calls.c \
	src/virt/bounded-calls.h \
	src/virt/hypervisor.c \
	src/virt/hypervisor.h \
	src/virt/libvirt-domains.c \
	src/virt/libvirt-domains.h \
	src/virt/libvirt-events.c \
	src/virt/libvirt-events.h \
	src/virt/libvirt-hypervisor.c \
	src/virt/libvirt-hypervisor.h \
	src/virt/libvirt-networks.c \
	src/virt/libvirt-networks.h \
	src/virt/libvirt-objects.c \
	src/virt/libvirt-objects.h \
	src/virt/libvirt-requests.c \
	src/virt/libvirt-requests.h \
	src/virt/libvirt-try-start.c \
	src/virt/libvirt-try-start.h \
	src/virt/libvirt-uri.c \
	src/virt/libvirt-uri.h \
	src/virt/libvirt-version.c \
	src/virt/libvirt-version.h \
	src/virt/virt-error.c \
	src/virt/virt-error.h \
	src/virt/virt-loop.c \
	src/virt/virt-loop.h \
	$(NULL)
