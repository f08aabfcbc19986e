/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing.h"

G_BEGIN_DECLS

/* A VFIO group that a process holds, of which the kernel alone can say EBUSY: whoever is linked
 * with this has open(2) say so. */

/* Puts @device into IOMMU group @group of the host at @root, which is held until it is let go. */
void fake_vfio_hold(const TestingScratch *root, const char *device, guint group);
void fake_vfio_let_go(void);
/* How often somebody tried to open it. */
guint fake_vfio_opened(void);

G_END_DECLS
