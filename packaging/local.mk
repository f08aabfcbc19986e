# systemd's services have the path of the program in them. None is enabled by the installation.
services = packaging/virt-assign-boot.service packaging/virt-assign-metrics.service
EXTRA_DIST += \
	packaging/virt-assign-boot.service.in \
	packaging/virt-assign-metrics.service.in \
	packaging/virt-assign-metrics.timer \
	$(NULL)
CLEANFILES += $(services)
systemdunit_DATA = $(services) packaging/virt-assign-metrics.timer
packaging/virt-assign-boot.service: packaging/virt-assign-boot.service.in
packaging/virt-assign-metrics.service: packaging/virt-assign-metrics.service.in
$(services): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && sed 's|@bindir[@]|$(bindir)|' $(srcdir)/$@.in >$@
