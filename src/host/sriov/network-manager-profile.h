/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/sriov/sriov-map.h"
#include "host/system/setting-lines.h"

G_BEGIN_DECLS

/* A connection profile of NetworkManager's with [sriov], in a keyfile. */
typedef struct {
    char *path;
    GPtrArray *settings; /* VasSettingLine */
    char *doubt;         /* why it may not be activated on the PF, a clause; NULL: it is */
} VasNetworkManagerProfile;

/* Lists the profiles that may be @pf's. GPtrArray of VasNetworkManagerProfile. Returns full. */
GPtrArray *vas_network_manager_profiles(const VasHost *host, const VasMappedPf *pf);

/* A default of NetworkManager.conf(5) for one device. */
typedef struct {
    char *path; /* NULL: there is none */
    guint line;
    char *value;
    gboolean depends; /* [.config] enable= of the file may keep it away */
} VasNetworkManagerDefault;

void vas_network_manager_default_clear(VasNetworkManagerDefault *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VasNetworkManagerDefault, vas_network_manager_default_clear)

/* Looks @key up for @pf in the sections whose names begin with @prefix, "device" or "connection".
 * @ret_found is to be cleared. */
void vas_network_manager_find_default(const VasHost *host, const VasMappedPf *pf,
                                      const char *prefix, const char *key,
                                      VasNetworkManagerDefault *ret_found);

/* Why NetworkManager does nothing with @pf, a clause; NULL: it does. Returns full. */
char *vas_network_manager_absence(const VasHost *host, const VasMappedPf *pf);

/* The last line of @key in a section of this name. @key NULL: any line. Borrowed; NULL: none. */
const VasSettingLine *vas_network_manager_find(const GPtrArray *settings, const char *section,
                                               const char *key);

G_END_DECLS
