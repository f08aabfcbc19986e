/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/device/assignment.h"

G_BEGIN_DECLS

/* A device element to fill: <interface type='hostdev'> or <hostdev type='pci'>, an ordinary libvirt
 * element in which everything that virt-assign does not fill stays as the administrator wrote it.
 */
typedef struct VasTemplate VasTemplate;

void vas_template_free(VasTemplate *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasTemplate, vas_template_free)

/* @name is a file if it has a '/' or ends in ".xml", else a template NAME: NAME.xml in @folder (the
 * administrator's, may be NULL), then the shipped ones, which are part of the program. NULL: the
 * administrator's own or the shipped "interface" or "hostdev", by *@type.
 * @type NULL: whatever the template is (@name is not NULL then); else it has to be that.
 * VAS_ERROR_NOT_FOUND names the places that were looked at; VAS_ERROR_INVALID if it is not an
 * element of this kind. Returns full. */
VasTemplate *vas_template_load(const char *folder, const char *name, const VasAssignmentType *type,
                               GError **error);

/* The type a template's element is of, for a command that names a template and no --as. */
VasAssignmentType vas_template_type(const VasTemplate *template);

/* Whether libvirt is told to move the device to its own VFIO driver and back: unless the element
 * says managed='no', as an interface does by itself. */
gboolean vas_template_is_managed(const VasTemplate *template);

/* The VFIO driver that libvirt is told to take, <driver model=>; NULL: libvirt's choice. Returns
 * full. */
char *vas_template_driver_model(const VasTemplate *template);

/* Puts into @wish what the template itself fixes (MAC, VLAN, alias, guest address, acpi index, boot
 * order, team, who takes the device from its host driver), where @wish says nothing.
 * VAS_ERROR_INVALID if a value in it is malformed, or is nothing that an assignment can have
 * (several VLAN tags, a guest address that is not PCI); @wish may then be completed in part. */
gboolean vas_template_complete_wish(const VasTemplate *template, VasAssignmentWish *wish,
                                    GError **error);

/* The element that libvirt gets: @template, without its comments, filled with what @assignment has.
 * What @assignment lacks is left as it is in the template. Built on the tree, never by pasting
 * text. Indented by two, ends with a newline. VAS_ERROR_INVALID if @assignment is of another type
 * or has no device, or has a MAC or VLAN that a <hostdev> cannot hold. Returns full. */
char *vas_template_fill(const VasTemplate *template, const VasAssignment *assignment,
                        GError **error);

G_END_DECLS
