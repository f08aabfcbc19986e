noinst_LTLIBRARIES += src/engine/libvas-engine.la
src_engine_libvas_engine_la_CFLAGS = $(AM_CFLAGS)
src_engine_libvas_engine_la_LIBADD = $(GLIB_LIBS)
src_engine_libvas_engine_la_SOURCES = \
	src/engine/attach.c \
	src/engine/attach.h \
	src/engine/context.c \
	src/engine/context.h \
	src/engine/detach.c \
	src/engine/detach.h \
	src/engine/scan.c \
	src/engine/scan.h \
	$(NULL)
