/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fake-hypervisor.h"

#define MODULES "/lib/modules/6.12.1"
#define PF "/sys/bus/pci/devices/0000:01:00.0"
#define VF "/sys/bus/pci/devices/0000:01:10.0"

/* Makes the fake host with what a real one has when all is well: Debian, Intel, two VFs, none
 * saved. Returns full. */
FakeHypervisor *healthy_host_new(void);

/* Has its PF have a VF. */
void healthy_host_make_vf(FakeHypervisor *fake);
