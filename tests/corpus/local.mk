# On request: "run" holds the program against libvirt, on folders of XML. make check has it look at some of
# our own files.
check_PROGRAMS += tests/corpus/corpus-xml
tests_corpus_corpus_xml_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)
tests_corpus_corpus_xml_LDADD = $(LIBXML_LIBS) $(GLIB_LIBS)
TESTS += tests/corpus/test-run.sh
EXTRA_DIST += \
	tests/corpus/libvirt.bash \
	tests/corpus/places.bash \
	tests/corpus/run \
	tests/corpus/test-run.sh \
	$(NULL)
