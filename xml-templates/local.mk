# Part of the program; the installed copies are for administrators to start their own from.
templatesdir = $(pkgdatadir)/xml-templates
dist_templates_DATA = \
	xml-templates/hostdev.xml \
	xml-templates/interface.xml \
	$(NULL)

EXTRA_DIST += src/xml/shipped-templates.gresource.xml
CLEANFILES += src/xml/shipped-templates.c
src/xml/shipped-templates.c: src/xml/shipped-templates.gresource.xml $(dist_templates_DATA)
	$(AM_V_at)$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(GLIB_COMPILE_RESOURCES) --generate-source --c-name=vas_shipped_templates \
		--sourcedir='$(top_srcdir)/xml-templates' --target=$@ \
		'$(top_srcdir)/src/xml/shipped-templates.gresource.xml'
