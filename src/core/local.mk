noinst_LTLIBRARIES += src/core/libvas-core.la
src_core_libvas_core_la_CFLAGS = $(AM_CFLAGS)
src_core_libvas_core_la_LIBADD = $(GLIB_LIBS)
src_core_libvas_core_la_SOURCES = \
	src/core/assignment.c \
	src/core/assignment.h \
	src/core/device.c \
	src/core/device.h \
	src/core/error.c \
	src/core/error.h \
	src/core/finding.c \
	src/core/finding.h \
	src/core/guest-record.c \
	src/core/guest-record.h \
	src/core/guest.c \
	src/core/guest.h \
	src/core/inventory.c \
	src/core/inventory.h \
	src/core/iommu-group.c \
	src/core/iommu-group.h \
	src/core/mac-address.c \
	src/core/mac-address.h \
	src/core/nic-name.c \
	src/core/nic-name.h \
	src/core/pci-address.c \
	src/core/pci-address.h \
	src/core/pci-bus.c \
	src/core/pci-bus.h \
	src/core/result.c \
	src/core/result.h \
	src/core/rules-critical.c \
	src/core/rules-critical.h \
	src/core/rules-group.c \
	src/core/rules-group.h \
	src/core/rules-host.c \
	src/core/rules-host.h \
	src/core/rules-vf-settings.c \
	src/core/rules-vf-settings.h \
	src/core/rules-vfs.c \
	src/core/rules-vfs.h \
	src/core/rules-wish.c \
	src/core/rules.c \
	src/core/rules.h \
	src/core/selector-assignment.c \
	src/core/selector.c \
	src/core/selector.h \
	src/core/slots-choose.c \
	src/core/slots-firmware.c \
	src/core/slots.c \
	src/core/slots.h \
	src/core/step.c \
	src/core/step.h \
	src/core/vf-settings.c \
	src/core/vf-settings.h \
	$(NULL)
