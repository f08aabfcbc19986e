noinst_LTLIBRARIES += src/host/libvas-host.la
src_host_libvas_host_la_CFLAGS = $(AM_CFLAGS) $(LIBPCI_CFLAGS) $(LIBNL_ROUTE_CFLAGS)
src_host_libvas_host_la_LIBADD = $(LIBPCI_LIBS) $(LIBNL_ROUTE_LIBS) $(GLIB_LIBS)
src_host_libvas_host_la_SOURCES = \
	src/host/block-device.c \
	src/host/block-device.h \
	src/host/critical.c \
	src/host/critical.h \
	src/host/critical-display.c \
	src/host/critical-display.h \
	src/host/critical-network.c \
	src/host/critical-network.h \
	src/host/critical-storage.c \
	src/host/critical-storage.h \
	src/host/device-path.c \
	src/host/device-path.h \
	src/host/distribution.c \
	src/host/distribution.h \
	src/host/driver.c \
	src/host/driver.h \
	src/host/endpoint.c \
	src/host/endpoint.h \
	src/host/host.c \
	src/host/host.h \
	src/host/mounts.c \
	src/host/mounts.h \
	src/host/network.c \
	src/host/network.h \
	src/host/pci-names.c \
	src/host/pci-names.h \
	src/host/remote-session.c \
	src/host/remote-session.h \
	src/host/iommu.c \
	src/host/iommu.h \
	src/host/kernel.c \
	src/host/kernel.h \
	src/host/network-manager.c \
	src/host/network-manager.h \
	src/host/pci-names.c \
	src/host/pci-names.h \
	src/host/qemu-process.c \
	src/host/qemu-process.h \
	src/host/saved-vfs.c \
	src/host/saved-vfs.h \
	src/host/sriov-map.c \
	src/host/sriov-map.h \
	src/host/sriov.c \
	src/host/sriov.h \
	src/host/sysfs.c \
	src/host/sysfs.h \
	src/host/udev.c \
	src/host/udev.h \
	src/host/vf-rule.c \
	src/host/vf-rule.h \
	src/host/vf-settings.c \
	src/host/vf-settings.h \
	$(NULL)
