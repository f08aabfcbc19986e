/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/print/table.h"

#include <string.h>

/* Below this a cut cell says nothing any more. */
#define MIN_FLEXIBLE_WIDTH 8
#define GAP "  "

typedef struct {
    guint depth;
    VasTableStyle style;
    GStrv cells;
} Row;

struct VasTable {
    const VasTableColumn *columns;
    guint n_columns;
    GPtrArray *rows; /* Row */
};

/* The lines of a tree, four ways a level can look. */
typedef struct {
    const char *branch;
    const char *last_branch;
    const char *passing;
    const char *blank;
} TreeSigns;

static const TreeSigns tree_utf8 = {"├─ ", "└─ ", "│  ", "   "};
static const TreeSigns tree_ascii = {"|- ", "`- ", "|  ", "   "};

static void
row_free(gpointer data)
{
    Row *row = data;

    g_strfreev(row->cells);
    g_free(row);
}

VasTable *
vas_table_new(const VasTableColumn *columns, guint n_columns)
{
    VasTable *table = g_new0(VasTable, 1);

    table->columns = columns;
    table->n_columns = n_columns;
    table->rows = g_ptr_array_new_with_free_func(row_free);
    return table;
}

void
vas_table_free(VasTable *table)
{
    if (table == NULL)
        return;
    g_ptr_array_unref(table->rows);
    g_free(table);
}

void
vas_table_add(VasTable *table, guint depth, VasTableStyle style, const char *const *cells)
{
    Row *row = g_new0(Row, 1);

    row->depth = depth;
    row->style = style;
    row->cells = g_new0(char *, table->n_columns + 1);
    for (guint i = 0; i < table->n_columns; i++)
        row->cells[i] = g_strdup(cells[i] != NULL ? cells[i] : "-");
    g_ptr_array_add(table->rows, row);
}

guint
vas_table_n_rows(const VasTable *table)
{
    return table->rows->len;
}

/* Whether another row hangs beside row @index (or its ancestor) at @depth, further down. */
static gboolean
has_later_sibling(const GPtrArray *rows, guint index, guint depth)
{
    for (guint i = index + 1; i < rows->len; i++) {
        const Row *row = g_ptr_array_index(rows, i);

        if (row->depth < depth)
            return FALSE;
        if (row->depth == depth)
            return TRUE;
    }
    return FALSE;
}

static char *
tree_prefix(const GPtrArray *rows, guint index, const TreeSigns *signs)
{
    const Row *row = g_ptr_array_index(rows, index);
    GString *prefix = g_string_new(NULL);

    for (guint depth = 1; depth < row->depth; depth++)
        g_string_append(prefix,
                        has_later_sibling(rows, index, depth) ? signs->passing : signs->blank);
    if (row->depth > 0)
        g_string_append(prefix, has_later_sibling(rows, index, row->depth) ? signs->branch
                                                                           : signs->last_branch);
    return g_string_free(prefix, FALSE);
}

/* The cells as they will be printed, before any cutting: GPtrArray of GStrv. */
static GPtrArray *
printable_rows(const VasTable *table, gboolean utf8)
{
    GPtrArray *printable = g_ptr_array_new_with_free_func((GDestroyNotify) g_strfreev);
    const TreeSigns *signs = utf8 ? &tree_utf8 : &tree_ascii;

    for (guint i = 0; i < table->rows->len; i++) {
        const Row *row = g_ptr_array_index(table->rows, i);
        g_autofree char *prefix = tree_prefix(table->rows, i, signs);
        char **cells = g_new0(char *, table->n_columns + 1);

        for (guint column = 0; column < table->n_columns; column++) {
            g_autofree char *text = vas_terminal_text(row->cells[column], utf8);

            cells[column] = g_strconcat(column == 0 ? prefix : "", text, NULL);
        }
        g_ptr_array_add(printable, cells);
    }
    return printable;
}

static guint
total_width(const guint *widths, guint n_columns)
{
    guint total = (n_columns - 1) * (guint) strlen(GAP);

    for (guint column = 0; column < n_columns; column++)
        total += widths[column];
    return total;
}

/* Takes from the widest flexible column until the table fits or nothing more can be taken. */
static void
fit_widths(const VasTable *table, guint *widths, guint limit)
{
    while (total_width(widths, table->n_columns) > limit) {
        guint *widest = NULL;

        for (guint column = 0; column < table->n_columns; column++) {
            if (!table->columns[column].flexible || widths[column] <= MIN_FLEXIBLE_WIDTH)
                continue;
            if (widest == NULL || widths[column] > *widest)
                widest = &widths[column];
        }
        if (widest == NULL)
            return;
        (*widest)--;
    }
}

/* Returns full: a width for each column. */
static guint *
column_widths(const VasTable *table, const GPtrArray *printable, guint limit)
{
    guint *widths = g_new0(guint, table->n_columns);

    for (guint column = 0; column < table->n_columns; column++) {
        widths[column] = vas_terminal_text_width(table->columns[column].heading);
        for (guint i = 0; i < printable->len; i++) {
            char *const *cells = g_ptr_array_index(printable, i);

            widths[column] = MAX(widths[column], vas_terminal_text_width(cells[column]));
        }
    }
    if (limit > 0)
        fit_widths(table, widths, limit);
    return widths;
}

/* ECMA-48 SGR: bold headings, green for what is in use, yellow for what needs a look. */
static const char *
style_sequence(VasTableStyle style)
{
    switch (style) {
    case VAS_TABLE_LIVE:
        return "\033[32m";
    case VAS_TABLE_DIFFERENT:
        return "\033[33m";
    case VAS_TABLE_PLAIN:
        break;
    }
    return NULL;
}

/* Appends one line: padded cells, no blanks at its end, in @colour unless that is NULL. */
static void
append_line(GString *out, const VasTable *table, const guint *widths, const char *const *cells,
            const char *colour, gboolean utf8)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (guint column = 0; column < table->n_columns; column++) {
        g_autofree char *cell = vas_terminal_cut(cells[column], widths[column], utf8);
        int padding = (int) (widths[column] - vas_terminal_text_width(cell));

        if (column > 0)
            g_string_append(line, GAP);
        if (table->columns[column].right)
            g_string_append_printf(line, "%*s%s", padding, "", cell);
        else
            g_string_append_printf(line, "%s%*s", cell, padding, "");
    }
    g_strchomp(line->str);
    g_string_append_printf(out, "%s%s%s\n", colour != NULL ? colour : "", line->str,
                           colour != NULL ? "\033[0m" : "");
}

char *
vas_table_format(const VasTable *table, const VasTerminal *terminal)
{
    g_autoptr(GPtrArray) printable = printable_rows(table, terminal->utf8);
    g_autofree guint *widths = column_widths(table, printable, terminal->width);
    g_autofree const char **headings = g_new0(const char *, table->n_columns);
    GString *out = g_string_new(NULL);

    if (printable->len == 0)
        return g_string_free(out, FALSE);
    for (guint column = 0; column < table->n_columns; column++)
        headings[column] = table->columns[column].heading;
    append_line(out, table, widths, headings, terminal->colour ? "\033[1m" : NULL, terminal->utf8);
    for (guint i = 0; i < printable->len; i++) {
        const Row *row = g_ptr_array_index(table->rows, i);

        append_line(out, table, widths, g_ptr_array_index(printable, i),
                    terminal->colour ? style_sequence(row->style) : NULL, terminal->utf8);
    }
    return g_string_free(out, FALSE);
}
