noinst_LTLIBRARIES += src/engine/libvas-engine.la
src_engine_libvas_engine_la_CFLAGS = $(AM_CFLAGS)
src_engine_libvas_engine_la_LIBADD = $(GLIB_LIBS)
src_engine_libvas_engine_la_SOURCES = \
	src/engine/attach-steps.c \
	src/engine/attach-steps.h \
	src/engine/attach.c \
	src/engine/attach.h \
	src/engine/check-advice.c \
	src/engine/check-advice.h \
	src/engine/check-device.c \
	src/engine/check-guest.c \
	src/engine/check-host.c \
	src/engine/check-iommu.c \
	src/engine/check-iommu.h \
	src/engine/check-returned-vfs.c \
	src/engine/check-returned-vfs.h \
	src/engine/check.h \
	src/engine/context.c \
	src/engine/context.h \
	src/engine/detach.c \
	src/engine/detach.h \
	src/engine/execute.c \
	src/engine/execute.h \
	src/engine/group-mates.c \
	src/engine/group-mates.h \
	src/engine/host-driver-steps.c \
	src/engine/host-driver-steps.h \
	src/engine/host-driver.c \
	src/engine/host-driver.h \
	src/engine/interrupt.c \
	src/engine/interrupt.h \
	src/engine/names.c \
	src/engine/names.h \
	src/engine/pending.c \
	src/engine/pending.h \
	src/engine/ports-steps.c \
	src/engine/ports-steps.h \
	src/engine/ports.c \
	src/engine/ports.h \
	src/engine/record-store.c \
	src/engine/record-store.h \
	src/engine/release.c \
	src/engine/release.h \
	src/engine/scan.c \
	src/engine/scan.h \
	src/engine/vf-plan.c \
	src/engine/vf-plan.h \
	src/engine/vf-settings.c \
	src/engine/vf-settings.h \
	src/engine/vfio-use.c \
	src/engine/vfio-use.h \
	src/engine/vfs-steps.c \
	src/engine/vfs-steps.h \
	src/engine/vfs.c \
	src/engine/vfs.h \
	$(NULL)
