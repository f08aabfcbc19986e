# What a compiler does not see: layers, manners, sizes, text, words.
lint_tests = \
	tests/lint/format.sh \
	tests/lint/headers.sh \
	tests/lint/layers.sh \
	tests/lint/manners.sh \
	tests/lint/scenarios.sh \
	tests/lint/shell.sh \
	tests/lint/sizes.sh \
	tests/lint/text.sh \
	tests/lint/words.sh \
	$(NULL)
TESTS += $(lint_tests)
EXTRA_DIST += $(lint_tests) tests/lint/tap.sh .ci/run .clang-format .editorconfig

# What a compiler and its options make a difference to: for a second build of the same sources.
.PHONY: check-code
check-code:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(unit_tests) $(replays) $(cli_tests) $(cli_scripts)'
