/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-write-fault.h"
#include "host/system/host.h"
#include "testing.h"

G_BEGIN_DECLS

/* The fake is the kernel's driver core, on a tree of plain files: which driver a PCI function gets
 * by what is written to driver_override, unbind, bind and drivers_probe. Any write can go wrong. */

typedef struct {
    const TestingScratch *root;
    GHashTable *native;   /* device -> the driver that knows it by itself; owned by the test */
    const char *dynamic;  /* driver that knows all of them by new_id, and is asked first */
    const char *failing;  /* driver whose probe fails with EIO */
    const char *loadable; /* module that can be loaded, a driver of the same name */
    const char *modalias; /* another name for it */
    GString *log;         /* "unbind=0000:01:10.0 ", ... */
    guint writes;
    guint faulty_write; /* the nth, from 1; 0: none */
    FakeWriteFault fault;
} FakeKernel;

/* Takes the place of the kernel under @host, whose root is @root. */
FakeKernel *fake_kernel_new(VasHost *host, const TestingScratch *root);
void fake_kernel_free(FakeKernel *kernel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeKernel, fake_kernel_free)

/* A driver there is; one that @device is on, or NULL, and its driver_override. */
void fake_kernel_add_driver(FakeKernel *kernel, const char *driver);
void fake_kernel_add_device(FakeKernel *kernel, const char *device, const char *native,
                            const char *driver);

/* These return full; NULL stands for none. */
char *fake_kernel_driver(const FakeKernel *kernel, const char *device);
char *fake_kernel_override(const FakeKernel *kernel, const char *device);

G_END_DECLS
