/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/journal/operation.h"
#include "engine/run/execute.h"

G_BEGIN_DECLS

/* A device was bound like this before it was moved: an undo brings this back. */
typedef struct {
    char *driver;           /* NULL: none */
    char *override;         /* its driver_override; NULL: none */
    gboolean keep_override; /* it is somebody else's */
    char *expected; /* detach: libvirt's choice, vas_vfio_variant_expected; NULL: not told */
    char *wanted;   /* reattach: the driver that it gets; NULL: the one that the kernel finds */
    char *taken; /* reattach: the one that host-detach took it from; NULL: not known, not wanted */
    char *wish;  /* the driver that was wished for each boot; NULL: none */
    GPtrArray *overridden; /* char *: what was critical about the device; NULL: nothing */
} VasHostBinding;

void vas_host_binding_free(VasHostBinding *binding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasHostBinding, vas_host_binding_free)

/* The steps on the host work on this; all of it is borrowed. */
typedef struct {
    const VasContext *context;
    const char *driver;  /* the VFIO driver to detach to; NULL: libvirt's choice */
    GPtrArray *bindings; /* VasHostBinding, by subject */
    GPtrArray *results;
    gboolean persist; /* the driver is wished for each boot, too, or the wish is dropped */
} VasHostDriverRun;

/* Adds the move of @device by a command of @kind, host-detach or host-reattach, to @run and @steps;
 * @is_there: it is on such a driver already. Takes @binding. The result is borrowed. */
VasResult *vas_host_driver_plan(const VasHostDriverRun *run, VasOperationKind kind,
                                VasHostAddress device, VasHostBinding *binding, gboolean is_there,
                                GPtrArray *steps);

/* Runs the steps, and drops behind them what is noted of the devices that are on a host driver. */
gboolean vas_host_driver_execute(VasHostDriverRun *run, VasExecuteMode mode, const GPtrArray *steps,
                                 GError **error);

/* Takes back the steps of a command that was killed, as far as it came with them, likewise. */
gboolean vas_host_driver_undo(VasHostDriverRun *run, const GPtrArray *steps, GError **error);

/* Gives @device, which no guest has, from the VFIO driver that it was left on back to the host
 * driver @before, and proves it. */
gboolean vas_host_driver_return(const VasContext *context, VasHostAddress device,
                                const char *before, GError **error);

G_END_DECLS
