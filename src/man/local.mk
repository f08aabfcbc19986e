dist_man1_MANS += src/man/virt-assign.1
