# systemd's unit has the path of the program in it.
EXTRA_DIST += packaging/virt-assign-boot.service.in
CLEANFILES += packaging/virt-assign-boot.service
systemdunit_DATA = packaging/virt-assign-boot.service
packaging/virt-assign-boot.service: packaging/virt-assign-boot.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && sed 's|@bindir[@]|$(bindir)|' $(srcdir)/packaging/virt-assign-boot.service.in >$@
