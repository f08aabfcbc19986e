/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/signals.h"

#include <signal.h>
#include <unistd.h>

/* This is far beyond what a test may take: what ends in time was not ended by it. */
#define PATIENCE (60 * G_USEC_PER_SEC)

static void
hurry(VasHypervisor *self, gboolean hurries)
{
    (void) self;
    (void) hurries;
}

static void
wake(VasHypervisor *self)
{
    (void) self;
}

/* Sends @signal to this very process; says which one raised the interrupt. */
static int
signal_raised_by(int signal)
{
    VasHypervisor hypervisor = {.wake = wake, .hurry = hurry};
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&hypervisor);
    g_autoptr(VasSignals) signals G_GNUC_UNUSED = vas_signals_new(interrupt);

    g_assert_cmpint(kill(getpid(), signal), ==, 0);
    vas_interrupt_sleep(interrupt, g_get_monotonic_time() + PATIENCE);
    return vas_interrupt_signal(interrupt);
}

static void
test_raises(void)
{
    g_assert_cmpint(signal_raised_by(SIGHUP), ==, SIGHUP);
    g_assert_cmpint(signal_raised_by(SIGINT), ==, SIGINT);
    g_assert_cmpint(signal_raised_by(SIGTERM), ==, SIGTERM);
}

/* A signal was ignored before: another one, sent after it, is the first to arrive. */
static void
test_ignored_stays_ignored(void)
{
    VasHypervisor hypervisor = {.wake = wake, .hurry = hurry};
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&hypervisor);
    VasSignals *signals = NULL;

    signal(SIGHUP, SIG_IGN);
    signals = vas_signals_new(interrupt);
    g_assert_cmpint(kill(getpid(), SIGHUP), ==, 0);
    g_assert_cmpint(kill(getpid(), SIGTERM), ==, 0);
    vas_interrupt_sleep(interrupt, g_get_monotonic_time() + PATIENCE);
    vas_signals_free(signals);
    g_assert_cmpint(vas_interrupt_signal(interrupt), ==, SIGTERM);
    g_assert_true(signal(SIGHUP, SIG_DFL) == SIG_IGN);
}

static void
test_given_back(void)
{
    VasHypervisor hypervisor = {.wake = wake, .hurry = hurry};
    g_autoptr(VasInterrupt) interrupt = vas_interrupt_new(&hypervisor);

    vas_signals_free(vas_signals_new(interrupt));
    g_assert_true(signal(SIGTERM, SIG_DFL) == SIG_DFL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signals/raises", test_raises);
    g_test_add_func("/signals/ignored-stays-ignored", test_ignored_stays_ignored);
    g_test_add_func("/signals/given-back", test_given_back);
    return g_test_run();
}
