/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"
#include "xml/document.h"

G_BEGIN_DECLS

/* The assignment that a device element of a domain is; NULL: it hands no host PCI device to the
 * guest. Three elements do: <interface type='hostdev'>, <hostdev type='pci'>, and <disk
 * type='nvme'>, whose controller QEMU drives through VFIO itself (the guest sees a virtio disk): it
 * is returned as a HOSTDEV so that the controller counts as held.
 * An <interface type='network'> is none: which VF it gets of a hostdev network is seen only in live
 * XML, where it is of type hostdev (virDomainNetDefFormat in src/conf/domain_conf.c). Returns
 * full. */
VasAssignment *vas_assignment_xml_read(xmlNode *device);

/* Reads an <interface type='network'>, an assignment without a device if the network is a hostdev
 * one; NULL: it is something else. Returns full. */
VasAssignment *vas_assignment_xml_read_network(xmlNode *device);

G_END_DECLS
