# The parts of tests/run.sh, and what is tested of them here.
run_scripts = \
	tests/run/test-lab.sh \
	tests/run/test-scenarios.sh \
	tests/run/test-tally.sh \
	$(NULL)
TESTS += $(run_scripts)
EXTRA_DIST += \
	$(run_scripts) \
	tests/run/builds.bash \
	tests/run/lab.bash \
	tests/run/scenarios.bash \
	tests/run/tally.bash \
	$(NULL)
