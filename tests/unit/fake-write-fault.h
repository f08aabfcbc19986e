/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A write to an attribute of a fake kernel goes wrong in one of these ways. */
typedef enum {
    FAKE_WRITE_FAILS,      /* nothing happens, an error comes back */
    FAKE_WRITE_FAILS_LATE, /* it happens, and still an error comes back */
    FAKE_WRITE_LIES,       /* nothing happens, success comes back */
} FakeWriteFault;
