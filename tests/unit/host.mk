unit_tests += \
	$(NULL)
