/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/progress.h"

/* Seconds between two lines about the same wait in a log. */
#define LOG_INTERVAL 10

struct VasProgress {
    FILE *stream;
    VasTerminal terminal;
    VasProgressLevel level;
    GHashTable *notes;  /* char *: those that were written: each scan finds the same again */
    gboolean line_open; /* a waiting line stands on the terminal, without its end */
    GHashTable *waits;  /* char * to elapsed seconds: those in the log, when they were last written;
                           several guests may be waited for at once */
};

VasProgress *
vas_progress_new(FILE *stream, VasTerminal terminal, VasProgressLevel level)
{
    VasProgress *progress = g_new0(VasProgress, 1);

    progress->stream = stream;
    progress->terminal = terminal;
    progress->level = level;
    progress->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    progress->waits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return progress;
}

/* Goes back to column one and erases to the end of the line (ECMA-48 EL). */
static void
wipe_line(VasProgress *progress)
{
    if (progress->line_open)
        fputs("\r\033[K", progress->stream);
    progress->line_open = FALSE;
}

void
vas_progress_free(VasProgress *progress)
{
    if (progress == NULL)
        return;
    wipe_line(progress);
    fflush(progress->stream);
    g_hash_table_unref(progress->waits);
    g_hash_table_unref(progress->notes);
    g_free(progress);
}

/* The last column stays free: a letter there makes many terminals wrap. */
static void
rewrite_line(VasProgress *progress, const char *line)
{
    g_autofree char *cut = NULL;

    cut = vas_terminal_cut(line, progress->terminal.width - 1, progress->terminal.utf8);
    wipe_line(progress);
    fputs(cut, progress->stream);
    fflush(progress->stream);
    progress->line_open = TRUE;
}

/* A wait that begins anew counts from 0 again. */
static gboolean
is_due_in_log(const VasProgress *progress, const char *text, guint elapsed)
{
    gpointer written = NULL;

    if (!g_hash_table_lookup_extended(progress->waits, text, NULL, &written))
        return TRUE;
    return elapsed < GPOINTER_TO_UINT(written) ||
           elapsed >= GPOINTER_TO_UINT(written) + LOG_INTERVAL;
}

static void
report_waiting(VasProgress *progress, const char *text, guint elapsed, guint limit)
{
    g_autofree char *line = g_strdup_printf("%s: %u s of at most %u s", text, elapsed, limit);

    if (progress->terminal.is_terminal) {
        rewrite_line(progress, line);
        return;
    }
    if (!is_due_in_log(progress, text, elapsed))
        return;
    fprintf(progress->stream, "%s\n", line);
    fflush(progress->stream);
    g_hash_table_replace(progress->waits, g_strdup(text), GUINT_TO_POINTER(elapsed));
}

void
vas_progress_report(VasProgressKind kind, const char *text, guint elapsed, guint limit,
                    gpointer data)
{
    VasProgress *progress = data;
    g_autofree char *safe = NULL;

    if (progress->level == VAS_PROGRESS_QUIET)
        return;
    if (kind == VAS_PROGRESS_STEP && progress->level < VAS_PROGRESS_VERBOSE)
        return;
    if (kind == VAS_PROGRESS_NOTE && !g_hash_table_add(progress->notes, g_strdup(text)))
        return;
    safe = vas_terminal_text(text, progress->terminal.utf8);
    if (kind == VAS_PROGRESS_WAITING) {
        report_waiting(progress, safe, elapsed, limit);
        return;
    }
    wipe_line(progress);
    fprintf(progress->stream, "%s%s\n", kind == VAS_PROGRESS_NOTE ? "note: " : "", safe);
    fflush(progress->stream);
}
