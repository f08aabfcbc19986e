/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/time-budget.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* A signal handler reads it. */
static const char *volatile late_line;

static void
give_up(int signal)
{
    const char *line = late_line;

    (void) signal;
    if (line != NULL)
        (void) !write(STDERR_FILENO, line, strlen(line));
    _exit(line != NULL ? 1 : 0);
}

void
vas_time_budget_begin(guint seconds)
{
    const struct sigaction action = {.sa_handler = give_up};
    const struct itimerval timer = {.it_value = {.tv_sec = (time_t) seconds}};

    (void) sigaction(SIGALRM, &action, NULL);
    (void) setitimer(ITIMER_REAL, &timer, NULL);
}

void
vas_time_budget_fail_with(const char *line)
{
    late_line = line;
}
