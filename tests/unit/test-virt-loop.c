/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/virt-loop.h"

#include <libvirt/libvirt.h>

static void
push_thread(int timer, void *threads)
{
    virEventUpdateTimeout(timer, -1);
    g_async_queue_push(threads, g_thread_self());
}

/* A timer that is due now fires on the loop's thread; without one this waits until the test
 * driver's own time limit. */
static void
assert_runs(void)
{
    GAsyncQueue *threads = g_async_queue_new();
    int timer = virEventAddTimeout(0, push_thread, threads, NULL);

    g_assert_cmpint(timer, >=, 0);
    g_assert_true(g_async_queue_pop(threads) != g_thread_self());
    virEventRemoveTimeout(timer);
    g_async_queue_unref(threads);
}

/* Nobody turns it but who asks: that is us. */
static void
assert_stopped(void)
{
    GAsyncQueue *threads = g_async_queue_new();
    int timer = virEventAddTimeout(0, push_thread, threads, NULL);

    g_assert_cmpint(virEventRunDefaultImpl(), ==, 0);
    g_assert_true(g_async_queue_pop(threads) == g_thread_self());
    virEventRemoveTimeout(timer);
    g_async_queue_unref(threads);
}

static void
acquire(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(vas_virt_loop_acquire(&error));
    g_assert_no_error(error);
}

static void
test_runs(void)
{
    acquire();
    assert_runs();
    vas_virt_loop_release();
    assert_stopped();
}

static void
test_shared(void)
{
    acquire();
    acquire();
    vas_virt_loop_release();
    assert_runs();
    vas_virt_loop_release();
    assert_stopped();
}

static void
test_again(void)
{
    for (int i = 0; i < 20; i++)
        test_runs();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/virt-loop/runs", test_runs);
    g_test_add_func("/virt-loop/shared", test_shared);
    g_test_add_func("/virt-loop/again", test_again);
    return g_test_run();
}
