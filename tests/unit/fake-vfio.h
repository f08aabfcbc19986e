/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing.h"

G_BEGIN_DECLS

/* A process holds a VFIO group here. Else the kernel alone can say EBUSY of one: a program that is
 * linked with this has an open(2) that says it. */

/* Puts @device into IOMMU group @group of the host at @root, which is held until it is let go. */
void fake_vfio_hold(const TestingScratch *root, const char *device, guint group);
void fake_vfio_let_go(void);
/* Tells how often somebody tried to open it. */
guint fake_vfio_opened(void);

G_END_DECLS
