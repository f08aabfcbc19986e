noinst_LTLIBRARIES += src/xml/libvas-xml.la
src_xml_libvas_xml_la_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
src_xml_libvas_xml_la_LIBADD = $(LIBXML_LIBS) $(GLIB_LIBS)
src_xml_libvas_xml_la_SOURCES = \
	src/xml/document.c \
	src/xml/document.h \
	src/xml/domain-xml.c \
	src/xml/domain-xml.h \
	src/xml/metadata-xml.c \
	src/xml/metadata-xml.h \
	src/xml/nodedev-xml.c \
	src/xml/nodedev-xml.h \
	src/xml/template.c \
	src/xml/template.h \
	$(NULL)
