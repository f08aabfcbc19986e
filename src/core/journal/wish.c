/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/journal/wish.h"

VasWish *
vas_wish_new(VasHostAddress device)
{
    VasWish *wish = g_new0(VasWish, 1);

    wish->device = device;
    wish->settings = VAS_VF_WISH_NOTHING;
    wish->is_proven = TRUE;
    return wish;
}

VasWish *
vas_wish_copy(const VasWish *wish)
{
    VasWish *copy = g_memdup2(wish, sizeof *wish);

    copy->identity = wish->identity != NULL ? vas_identity_copy(wish->identity) : NULL;
    copy->seal = g_strdup(wish->seal);
    return copy;
}

void
vas_wish_free(VasWish *wish)
{
    if (wish == NULL)
        return;
    vas_identity_free(wish->identity);
    g_free(wish->seal);
    g_free(wish);
}
