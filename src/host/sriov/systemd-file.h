/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"
#include "host/system/setting-lines.h"

G_BEGIN_DECLS

/* A .link or .network file with its drop-ins. */
typedef struct {
    char *path;
    GPtrArray *settings; /* VasSettingLine, in their order; borrowed from @parts */
    GPtrArray *paths;    /* char*, of the setting with the same index; borrowed */
    GPtrArray *parts;    /* GPtrArray of VasSettingLine */
    GPtrArray *drop_ins; /* char*; NULL: not looked at */
    char *doubt;         /* why another file may count in its place, a clause; NULL: it counts */
} VasSystemdFile;

/* Reads the files "*SUFFIX" (".link", ".network") in the order of their names up to the first whose
 * [Match] fits @interface of @pf: that one counts. Before it come those of which this cannot be
 * told, and then all behind them are in doubt. GPtrArray of VasSystemdFile. Returns full. */
GPtrArray *vas_systemd_files_for(const VasHost *host, const VasMappedPf *pf, const char *interface,
                                 const char *suffix);

G_END_DECLS
