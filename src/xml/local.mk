noinst_LTLIBRARIES += src/xml/libvas-xml.la
src_xml_libvas_xml_la_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
src_xml_libvas_xml_la_LIBADD = $(LIBXML_LIBS) $(GLIB_LIBS)
src_xml_libvas_xml_la_SOURCES = \
	src/xml/address-xml.c \
	src/xml/address-xml.h \
	src/xml/assignment-xml.c \
	src/xml/assignment-xml.h \
	src/xml/capabilities-xml.c \
	src/xml/capabilities-xml.h \
	src/xml/controller-xml.c \
	src/xml/controller-xml.h \
	src/xml/device-xml.c \
	src/xml/device-xml.h \
	src/xml/document.c \
	src/xml/document.h \
	src/xml/domain-xml.c \
	src/xml/domain-xml.h \
	src/xml/hook-probe-xml.c \
	src/xml/hook-probe-xml.h \
	src/xml/host-wish-xml.c \
	src/xml/host-wish-xml.h \
	src/xml/identity-xml.c \
	src/xml/identity-xml.h \
	src/xml/mate-xml.c \
	src/xml/mate-xml.h \
	src/xml/metadata-xml.c \
	src/xml/metadata-xml.h \
	src/xml/network-xml.c \
	src/xml/network-xml.h \
	src/xml/nodedev-xml.c \
	src/xml/nodedev-xml.h \
	src/xml/numa-xml.c \
	src/xml/numa-xml.h \
	src/xml/operation-xml.c \
	src/xml/operation-xml.h \
	src/xml/platform-xml.c \
	src/xml/platform-xml.h \
	src/xml/template-file.c \
	src/xml/template-file.h \
	src/xml/template.c \
	src/xml/template.h \
	src/xml/use-xml.c \
	src/xml/use-xml.h \
	src/xml/vf-record-xml.c \
	src/xml/vf-record-xml.h \
	src/xml/vf-settings-xml.c \
	src/xml/vf-settings-xml.h \
	src/xml/wish-xml.c \
	src/xml/wish-xml.h \
	$(NULL)
# Made from xml-templates/ (xml-templates/local.mk).
nodist_src_xml_libvas_xml_la_SOURCES = src/xml/shipped-templates.c
