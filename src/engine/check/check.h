/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/inventory/inventory.h"
#include "core/report/finding.h"
#include "engine/base/context.h"

G_BEGIN_DECLS

/* These functions tell whether all is as an assignment needs it, and what to do where it is not.
 * They make one finding for each thing looked at, also where it is right, except that
 * check-unfinished reports only what it finds. An error in reading is a finding too: these never
 * fail. Nothing is touched. GPtrArray of VasFinding. Return full. */

/* The host. @context->hypervisor may be NULL here: libvirt could not be reached, as @refusal says
 * (else NULL); @context->host NULL: the host is another machine. */
GPtrArray *vas_check_host(const VasContext *context, const GError *refusal);

/* @guest is one that @device is meant for; NULL: none in particular. */
GPtrArray *vas_check_device(const VasContext *context, const VasInventory *inventory,
                            const VasDevice *device, const VasGuest *guest);

GPtrArray *vas_check_guest(const VasContext *context, const VasInventory *inventory,
                           const VasGuest *guest);

G_END_DECLS
