/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sriov/saved-vfs.h"

#include "host/sriov/vf-rule.h"
#include "host/sriov/writer-link.h"
#include "host/sriov/writer-modprobe.h"
#include "host/sriov/writer-netplan.h"
#include "host/sriov/writer-network-manager.h"
#include "host/sriov/writer-script.h"
#include "host/sriov/writer-sysfs.h"
#include "host/sriov/writer-udev.h"

static int
compare_certainty(gconstpointer a, gconstpointer b)
{
    const VasVfWriter *left = *(const VasVfWriter *const *) a;
    const VasVfWriter *right = *(const VasVfWriter *const *) b;

    return vas_vf_writer_is_certain(right) - vas_vf_writer_is_certain(left);
}

GPtrArray *
vas_saved_vfs_list(const VasHost *host, const VasMappedPf *pf)
{
    GPtrArray *writers = g_ptr_array_new_with_free_func((GDestroyNotify) vas_vf_writer_free);
    /* A file of that name that virt-assign did not generate is somebody else's. */
    const char *own = vas_vf_rules_check(host, NULL) ? VAS_VF_RULES_FILE : NULL;

    vas_writer_udev_find(host, pf, own, writers);
    vas_writer_link_find(host, pf, writers);
    vas_writer_netplan_find(host, pf, writers);
    vas_writer_network_manager_find(host, pf, writers);
    vas_writer_sysfs_find(host, pf, writers);
    vas_writer_modprobe_find(host, pf, writers);
    vas_writer_script_find(host, pf, writers);
    /* Stable. */
    g_ptr_array_sort(writers, compare_certainty);
    return writers;
}

const VasVfWriter *
vas_saved_vfs_certain(const GPtrArray *writers)
{
    const VasVfWriter *first = writers->len > 0 ? g_ptr_array_index(writers, 0) : NULL;

    return first != NULL && vas_vf_writer_is_certain(first) ? first : NULL;
}
