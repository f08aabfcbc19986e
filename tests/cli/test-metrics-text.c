/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/metrics-text.h"

#include "testing.h"

static const char *const labels[] = {"guest", "driver", NULL};
static const char *const no_labels[] = {NULL};

/* Formats one metric with a sample for each pair of values. */
static void
assert_text(const char *const (*pairs)[2], guint length, const char *expected)
{
    g_autoptr(GPtrArray) metrics = g_ptr_array_new_with_free_func((GDestroyNotify) vas_metric_free);
    g_autoptr(GString) text = g_string_new(NULL);
    VasMetric *metric = vas_metric_new("a_b", "Help.", labels);

    for (guint i = 0; i < length; i++)
        vas_metric_add(metric, i + 1, pairs[i]);
    g_ptr_array_add(metrics, metric);
    vas_metrics_text(text, metrics);
    g_assert_cmpstr(text->str, ==, expected);
}

static void
test_samples(void)
{
    static const char *const pairs[][2] = {{"db1", "igbvf"}, {"web", NULL}};

    assert_text(pairs, 2,
                "# HELP a_b Help.\n# TYPE a_b gauge\n"
                "a_b{guest=\"db1\",driver=\"igbvf\"} 1\na_b{guest=\"web\",driver=\"\"} 2\n");
}

/* A value can end neither its quotes nor its line. */
static void
test_escapes(void)
{
    static const char *const pairs[][2] = {{"a\"} 7\n#", "\\n"}, {"\xc3\xa4\t", "a\xff"}};

    assert_text(pairs, 2,
                "# HELP a_b Help.\n# TYPE a_b gauge\n"
                "a_b{guest=\"a\\\"} 7\\n#\",driver=\"\\\\n\"} 1\n"
                "a_b{guest=\"\xc3\xa4\t\",driver=\"a\xef\xbf\xbd\"} 2\n");
}

/* A device can be in a guest as several disks, which no label tells apart. */
static void
test_twice(void)
{
    static const char *const pairs[][2] = {{"db1", ""}, {"db1", NULL}, {"db1", "x"}};

    assert_text(pairs, 3,
                "# HELP a_b Help.\n# TYPE a_b gauge\n"
                "a_b{guest=\"db1\",driver=\"\"} 1\na_b{guest=\"db1\",driver=\"x\"} 3\n");
}

static void
test_nothing(void)
{
    assert_text(NULL, 0, "");
}

static void
test_no_labels(void)
{
    g_autoptr(GPtrArray) metrics = g_ptr_array_new_with_free_func((GDestroyNotify) vas_metric_free);
    g_autoptr(GString) text = g_string_new(NULL);
    VasMetric *metric = vas_metric_new("a", "Help.", no_labels);

    vas_metric_add(metric, -1, NULL);
    g_ptr_array_add(metrics, metric);
    vas_metrics_text(text, metrics);
    g_assert_cmpstr(text->str, ==, "# HELP a Help.\n# TYPE a gauge\na -1\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metrics-text/samples", test_samples);
    g_test_add_func("/metrics-text/escapes", test_escapes);
    g_test_add_func("/metrics-text/twice", test_twice);
    g_test_add_func("/metrics-text/nothing", test_nothing);
    g_test_add_func("/metrics-text/no-labels", test_no_labels);
    return g_test_run();
}
