/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line in the settings of another program that gives a PF its VFs at a boot, or may. */
typedef struct {
    const char *program; /* static: "systemd-udevd", "NetworkManager" */
    char *path;
    guint line; /* from 1; 0: the whole file */
    char *text; /* the line, or what it says */
    gboolean has_count;
    guint count;
    char *doubt;       /* why it cannot be told that it does, a clause; NULL: it does */
    gboolean replaces; /* the program removes all VFs where there is another number */
    gboolean zeroes;   /* and when it lets go of the PF */
} VasVfWriter;

/* Makes one without a doubt. @program is static. */
VasVfWriter *vas_vf_writer_new(const char *program, const char *path, guint line, const char *text);
void vas_vf_writer_free(VasVfWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasVfWriter, vas_vf_writer_free)

/* Reads the count from @text, a decimal number alone; anything else is a doubt. */
void vas_vf_writer_set_count(VasVfWriter *writer, const char *text);

/* The first doubt stays. */
void vas_vf_writer_doubt(VasVfWriter *writer, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Whether it is certain to give the PF a number that is known. */
gboolean vas_vf_writer_is_certain(const VasVfWriter *writer);

/* "PATH:LINE", or "PATH". Returns full. */
char *vas_vf_writer_place(const VasVfWriter *writer);

G_END_DECLS
