# Benches: run on request, in lab hosts made for them.
EXTRA_DIST += tests/bench/beside-others.sh tests/bench/detach.sh tests/bench/list.sh tests/bench/measure.sh

bench_run = $(top_srcdir)/tests/lab/lab run --time-limit 1800

# All are run, whatever one of them misses.
.PHONY: bench
bench:
	status=0; \
	$(bench_run) --nvme 4:100 $(top_srcdir)/tests/bench/list.sh || status=1; \
	$(bench_run) $(top_srcdir)/tests/bench/beside-others.sh || status=1; \
	$(bench_run) --nvme 4:100 $(top_srcdir)/tests/bench/beside-others.sh || status=1; \
	$(bench_run) $(top_srcdir)/tests/bench/detach.sh || status=1; \
	exit $$status
