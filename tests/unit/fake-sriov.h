/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-hypervisor.h"
#include "fake-write-fault.h"

G_BEGIN_DECLS

#define FAKE_SRIOV_MAXIMUM 7

/* Makes a kernel of the PF 0000:01:00.0 (enp1s0, 2 VFs at first) of the fake host: what is written
 * to its SR-IOV attributes has the effects that drivers/pci/iov.c has, and libvirt's node devices
 * follow. One at a time, since libvirt's port has no room for it. */
typedef struct {
    FakeHypervisor *fake;
    guint now;
    guint faulty_write;  /* the nth goes wrong, from 1; 0: none */
    gboolean all_faulty; /* and all after it */
    FakeWriteFault fault;
    gboolean ignores;    /* numbers are taken and nothing is made of them */
    guint makes_at_most; /* what the driver makes of a greater number */
    guint late_looks;    /* as often libvirt does not list a change yet; G_MAXUINT: never */
    guint busy_waits;    /* as often udev is busy after a change */
    guint writes;
    GString *log; /* "sriov_numvfs=4 " of each write */
} FakeSriov;

FakeSriov *fake_sriov_new(FakeHypervisor *fake);
void fake_sriov_free(FakeSriov *sriov);

/* Sets the number of VFs that the kernel has now. */
void fake_sriov_set_count(FakeSriov *sriov, guint count);

G_END_DECLS
