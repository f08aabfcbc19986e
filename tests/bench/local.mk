# Benches: run on request, in a lab host made for them.
EXTRA_DIST += tests/bench/list.sh

.PHONY: bench
bench:
	$(top_srcdir)/tests/lab/lab run --nvme 4:100 --time-limit 1800 $(top_srcdir)/tests/bench/list.sh
