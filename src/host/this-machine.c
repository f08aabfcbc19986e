/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/this-machine.h"

#include "host/need/block-device.h"
#include "host/need/network.h"
#include "host/pci/permanent-mac.h"
#include "host/sriov/vf-netlink.h"
#include "host/system/module.h"

VasHost *
vas_this_machine_new(void)
{
    VasHost *host = vas_host_new("/");

    host->read_vf_settings = vas_vf_netlink_read;
    host->write_vf_settings = vas_vf_netlink_write;
    host->read_permanent_mac = vas_permanent_mac_read;
    host->read_network = vas_network_read_kernel;
    host->find_route = vas_network_find_route;
    host->load_module = vas_module_load;
    host->is_claimed = vas_block_device_is_claimed;
    return host;
}
