/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/terminal.h"

G_BEGIN_DECLS

typedef struct {
    const char *heading;
    gboolean right;    /* numbers */
    gboolean flexible; /* may be cut when the terminal is too narrow */
} VasTableColumn;

typedef enum {
    VAS_TABLE_PLAIN,
    VAS_TABLE_LIVE,     /* in a running guest */
    VAS_TABLE_DIFFERENT /* needs a look */
} VasTableStyle;

/* Records as people read them. */
typedef struct VasTable VasTable;

/* @columns is borrowed and must outlive the table. Returns full. */
VasTable *vas_table_new(const VasTableColumn *columns, guint n_columns);
void vas_table_free(VasTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasTable, vas_table_free)

/* Copies a text for each column; NULL is shown as "-". @depth 0 is a record of its own, deeper ones
 * hang in a tree below the last row of one depth less. */
void vas_table_add(VasTable *table, guint depth, VasTableStyle style, const char *const *cells);

guint vas_table_n_rows(const VasTable *table);

/* Headings and rows, a line each; "" without rows. Returns full. */
char *vas_table_format(const VasTable *table, const VasTerminal *terminal);

G_END_DECLS
