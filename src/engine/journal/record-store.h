/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/guest.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* A guest's record lives in its metadata, live or config. The live one is gone with the run of the
 * guest, the config's comes back with the next. */

/* Reads the record anew, and marks what is proven (engine/journal/proof.h). @scope is one of LIVE,
 * CONFIG. Without a record an empty one is returned. VAS_ERROR of the hypervisor and of
 * vas_metadata_xml_parse. Returns full. */
VasGuestRecord *vas_record_load(const VasContext *context, const VasGuest *guest, VasScope scope,
                                GError **error);

/* Takes the record out of @read (NULL: none), which is @guest's definition in @scope as it was read
 * just now, under the guest's lock: nobody has written since. It is read anew where it could not be
 * read or was taken before. Errors as of vas_record_load. Returns full. */
VasGuestRecord *vas_record_take(const VasContext *context, const VasGuest *guest, VasScope scope,
                                VasGuestDefinition *read, GError **error);

/* Writes the record, with what is proven sealed. It is not read back: libvirt's success says that
 * it has the metadata in the definition and has saved that (qemuDomainSetMetadata in its
 * src/qemu/qemu_driver.c), and an answer would come from the same place. An empty one is removed.
 * Anything else in the metadata stays. */
gboolean vas_record_store(const VasContext *context, const VasGuest *guest, VasScope scope,
                          const VasGuestRecord *record, GError **error);

/* Checks that the guest's metadata can be read, which a scan does not tell. VAS_ERROR as of
 * vas_record_load. */
gboolean vas_record_check_readable(const VasContext *context, const VasGuest *guest,
                                   GError **error);

G_END_DECLS
