/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/print/json.h"
#include "engine/verbs/preview.h"

G_BEGIN_DECLS

/* The language that an assignment is printed in. */
typedef enum {
    VAS_FORMAT_LIBVIRT, /* the element of XML */
    VAS_FORMAT_QEMU,    /* QEMU's command line */
    VAS_FORMAT_QMP,     /* QEMU's monitor, in JSON */
    VAS_FORMAT_HMP,     /* QEMU's monitor, for humans */
    VAS_FORMAT_COUNT,
} VasFormat;

/* "libvirt", "qemu", "qmp", "hmp". Static. */
const char *vas_format_name(VasFormat format);
/* VAS_ERROR_INVALID lists them. */
gboolean vas_format_parse(const char *text, VasFormat *ret_format, GError **error);

/* The lines that give a device to a QEMU without libvirt, and take it back: GPtrArray of char *. */
typedef struct {
    GPtrArray *before; /* for root's shell */
    GPtrArray *plug;
    GPtrArray *unplug; /* empty: on QEMU's command line the device is there to its end */
    GPtrArray *after;  /* for root's shell */
    char *mates;       /* other devices that VFIO must have as well; NULL: none */
} VasQemuLines;

void vas_qemu_lines_free(VasQemuLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasQemuLines, vas_qemu_lines_free)

/* @format is not VAS_FORMAT_LIBVIRT. Returns full. */
VasQemuLines *vas_qemu_lines(const VasPreview *preview, VasFormat format);

/* Appends them, all but @plug and @unplug as comments. */
void vas_qemu_text(GString *text, const VasPreview *preview, const VasQemuLines *lines);
/* Adds "qemu": {...}; @lines NULL is null. */
void vas_json_add_qemu(JsonBuilder *json, const VasQemuLines *lines);

G_END_DECLS
