/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/selector.h"

#include "core/error.h"

#include <string.h>

/* More names than this are no help in a message. */
#define LISTED_MAX 8

/* "enp1s0 (0000:01:00.0)". Returns full. */
static char *
device_label(const VasDevice *device)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    if (device->interface == NULL)
        return g_strdup(address.text);
    return g_strdup_printf("%s (%s)", device->interface, address.text);
}

/* "a, b, c"; NULL if there are none or too many to read. Returns full. */
static char *
join_names(const GPtrArray *names)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (names->len == 0 || names->len > LISTED_MAX)
        return NULL;
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                               (const char *) g_ptr_array_index(names, i));
    return g_strdup(text->str);
}

static VasDevice *
find_by_address(const VasInventory *inventory, VasHostAddress address, GError **error)
{
    VasDevice *device = vas_inventory_find_device(inventory, address);
    g_autoptr(GPtrArray) neighbours = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *there = NULL;

    if (device != NULL)
        return device;
    for (guint i = 0; i < inventory->devices->len; i++) {
        VasHostAddress other =
            ((const VasDevice *) g_ptr_array_index(inventory->devices, i))->address;

        if (other.pci.domain == address.pci.domain && other.pci.bus == address.pci.bus)
            g_ptr_array_add(neighbours, g_strdup(vas_host_address_text(other).text));
    }
    there = join_names(neighbours);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no PCI device %s on the host%s%s",
                vas_host_address_text(address).text,
                there != NULL ? "; on that bus there are " : "", there != NULL ? there : "");
    return NULL;
}

static void
set_no_such_name(const VasInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GPtrArray) interfaces = g_ptr_array_new();
    g_autofree char *there = NULL;

    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (device->interface != NULL)
            g_ptr_array_add(interfaces, device->interface);
    }
    there = join_names(interfaces);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                "no PCI device or network interface \"%s\" on the host%s%s", name,
                there != NULL ? "; its interfaces are " : "", there != NULL ? there : "");
    vas_error_set_hint(error, "virt-assign list shows the devices");
}

/* By the name of its interface or its node device. */
static VasDevice *
find_by_name(const VasInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    VasDevice *found = NULL;
    g_autofree char *candidates = NULL;

    for (guint i = 0; i < inventory->devices->len; i++) {
        VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (g_strcmp0(device->interface, name) == 0 || g_strcmp0(device->nodedev, name) == 0) {
            found = device;
            g_ptr_array_add(labels, g_strdup(vas_host_address_text(device->address).text));
        }
    }
    if (labels->len == 1)
        return found;
    if (labels->len == 0) {
        set_no_such_name(inventory, name, error);
        return NULL;
    }
    candidates = join_names(labels);
    g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS, "\"%s\" is the name of %u devices%s%s", name,
                labels->len, candidates != NULL ? ": " : "", candidates != NULL ? candidates : "");
    return NULL;
}

/* A device by a name without a '/'. */
static VasDevice *
find_plain(const VasInventory *inventory, const char *name, GError **error)
{
    VasHostAddress address;

    if (vas_pci_address_is_shaped(name)) {
        if (!vas_host_address_parse(name, &address, error))
            return NULL;
        return find_by_address(inventory, address, error);
    }
    if (vas_pci_address_from_nodedev(name, &address.pci))
        return find_by_address(inventory, address, error);
    if (g_str_has_prefix(name, "pci_")) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID, "\"%s\" is not the name of a PCI device",
                    name);
        vas_error_set_hint(error, "write it as pci_0000_03_10_3");
        return NULL;
    }
    return find_by_name(inventory, name, error);
}

static void
set_no_vfs(const VasDevice *pf, const char *what, GError **error)
{
    g_autofree char *label = device_label(pf);

    if (pf->kind != VAS_DEVICE_PF) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no %s under %s: it is no PF", what,
                    label);
        return;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no %s under %s: it has no VFs", what,
                label);
    if (pf->interface != NULL)
        vas_error_set_hint(error,
                           "create them: echo N > /sys/class/net/%s/device/sriov_numvfs, N up to "
                           "%u",
                           pf->interface, pf->max_vfs);
    else
        vas_error_set_hint(error,
                           "create them: echo N > /sys/bus/pci/devices/%s/sriov_numvfs, N up to %u",
                           vas_host_address_text(pf->address).text, pf->max_vfs);
}

static VasDevice *
find_vf_by_index(const VasInventory *inventory, const VasDevice *pf, guint64 index, GError **error)
{
    g_autofree char *what = g_strdup_printf("VF %" G_GUINT64_FORMAT, index);
    g_autofree char *label = device_label(pf);
    VasDevice *vf;

    if (pf->vfs->len == 0) {
        set_no_vfs(pf, what, error);
        return NULL;
    }
    if (index >= pf->vfs->len) {
        g_autofree char *range = pf->vfs->len == 1
                                     ? g_strdup("VF 0 only")
                                     : g_strdup_printf("VFs 0 to %u", pf->vfs->len - 1);

        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no %s under %s: it has %s", what, label,
                    range);
        return NULL;
    }
    vf = vas_inventory_find_device(inventory, g_array_index(pf->vfs, VasHostAddress, index));
    if (vf == NULL)
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "%s of %s has just gone", what, label);
    return vf;
}

/* @vf was named as one of @pf's: is it? */
static gboolean
check_vf_of(const VasInventory *inventory, const VasDevice *vf, const VasDevice *pf, GError **error)
{
    const VasDevice *real_pf = vas_inventory_pf_of(inventory, vf);
    VasPciAddressText address = vas_host_address_text(vf->address);
    VasPciAddressText pf_address = vas_host_address_text(pf->address);
    const char *named = pf->interface != NULL ? pf->interface : pf_address.text;
    g_autofree char *pf_label = NULL;

    if (vf->kind == VAS_DEVICE_VF && vas_host_address_equal(vf->pf, pf->address))
        return TRUE;
    if (vf->kind != VAS_DEVICE_VF) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "%s is not a VF of %s: it is no VF",
                    address.text, named);
        return FALSE;
    }
    pf_label =
        real_pf != NULL ? device_label(real_pf) : g_strdup(vas_host_address_text(vf->pf).text);
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "%s is not a VF of %s but VF %d of %s",
                address.text, named, vf->vf_index, pf_label);
    return FALSE;
}

/* PF/vfN or PF/DEVICE. */
static VasDevice *
find_below_pf(const VasInventory *inventory, const char *pf_name, const char *vf_name,
              GError **error)
{
    const VasDevice *pf = find_plain(inventory, pf_name, error);
    VasDevice *vf;
    guint64 index;

    if (pf == NULL)
        return NULL;
    if (g_str_has_prefix(vf_name, "vf") &&
        g_ascii_string_to_unsigned(vf_name + strlen("vf"), 10, 0, G_MAXUINT, &index, NULL))
        return find_vf_by_index(inventory, pf, index, error);
    vf = find_plain(inventory, vf_name, error);
    if (vf == NULL || !check_vf_of(inventory, vf, pf, error))
        return NULL;
    return vf;
}

VasDevice *
vas_selector_device(const VasInventory *inventory, const char *name, GError **error)
{
    const char *slash = strrchr(name, '/');
    g_autofree char *pf_name = NULL;

    if (slash == NULL)
        return find_plain(inventory, name, error);
    pf_name = g_strndup(name, (gsize) (slash - name));
    return find_below_pf(inventory, pf_name, slash + 1, error);
}

static void
set_no_such_guest(const VasInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *there = NULL;

    for (guint i = 0; i < inventory->guests->len; i++)
        g_ptr_array_add(names, ((VasGuest *) g_ptr_array_index(inventory->guests, i))->name);
    there = join_names(names);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no guest \"%s\"%s%s", name,
                there != NULL ? "; there are " : "", there != NULL ? there : "");
}

VasGuest *
vas_selector_guest(const VasInventory *inventory, const char *name, GError **error)
{
    VasGuest *by_name = NULL;
    VasGuest *by_uuid = NULL;

    for (guint i = 0; i < inventory->guests->len; i++) {
        VasGuest *guest = g_ptr_array_index(inventory->guests, i);

        if (strcmp(guest->name, name) == 0)
            by_name = guest;
        if (guest->uuid != NULL && g_ascii_strcasecmp(guest->uuid, name) == 0)
            by_uuid = guest;
    }
    if (by_name != NULL && by_uuid != NULL && by_name != by_uuid) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS,
                    "\"%s\" is the name of one guest and the UUID of %s", name, by_uuid->name);
        return NULL;
    }
    if (by_name == NULL && by_uuid == NULL)
        set_no_such_guest(inventory, name, error);
    return by_name != NULL ? by_name : by_uuid;
}

gboolean
vas_selector_any(const VasInventory *inventory, const char *name, VasDevice **ret_device,
                 VasGuest **ret_guest, GError **error)
{
    g_autoptr(GError) device_error = NULL;
    g_autoptr(GError) guest_error = NULL;
    VasDevice *device = vas_selector_device(inventory, name, &device_error);
    VasGuest *guest = vas_selector_guest(inventory, name, &guest_error);

    if (device != NULL && guest != NULL) {
        g_autofree char *label = device_label(device);

        g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS,
                    "\"%s\" is both the guest %s and the device %s", name, guest->name, label);
        vas_error_set_hint(error, "name the guest by its UUID or the device by its address");
        return FALSE;
    }
    if (device != NULL || guest != NULL) {
        *ret_device = device;
        *ret_guest = guest;
        return TRUE;
    }
    if (g_error_matches(guest_error, VAS_ERROR, VAS_ERROR_AMBIGUOUS)) {
        g_propagate_error(error, g_steal_pointer(&guest_error));
        return FALSE;
    }
    /* What is written like a device was meant as one: its error says more. */
    if (!g_error_matches(device_error, VAS_ERROR, VAS_ERROR_NOT_FOUND) ||
        vas_pci_address_is_shaped(name) || g_str_has_prefix(name, "pci_") ||
        strchr(name, '/') != NULL) {
        g_propagate_error(error, g_steal_pointer(&device_error));
        return FALSE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no device and no guest \"%s\"", name);
    vas_error_set_hint(error, "virt-assign list shows the devices, virsh list --all the guests");
    return FALSE;
}

/* What a name can mean to `detach`. */
typedef struct {
    const char *name;
    gboolean is_address; /* @address is what @name says: of the host or of the guest */
    VasPciAddress address;
    gboolean has_device; /* @device is the host's */
    VasHostAddress device;
} Subject;

static gboolean
matches_alias(const VasAssignment *assignment, const Subject *subject)
{
    return g_strcmp0(assignment->alias, subject->name) == 0;
}

static gboolean
matches_device(const VasAssignment *assignment, const Subject *subject)
{
    return subject->has_device && assignment->has_device &&
           vas_host_address_equal(assignment->device, subject->device);
}

static gboolean
matches_guest_address(const VasAssignment *assignment, const Subject *subject)
{
    return subject->is_address && assignment->has_guest_address &&
           vas_pci_address_equal(assignment->guest_address.pci, subject->address);
}

typedef gboolean (*SubjectMatch)(const VasAssignment *assignment, const Subject *subject);

static const VasAssignment *
find_in_definition(const VasGuestDefinition *definition, SubjectMatch matches,
                   const Subject *subject)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);

        if (matches(assignment, subject))
            return assignment;
    }
    return NULL;
}

/* One intent, as it stands in both definitions. */
typedef struct {
    const VasAssignment *live;
    const VasAssignment *config;
} Pair;

static Pair
find_pair(const VasGuest *guest, SubjectMatch matches, const Subject *subject)
{
    Pair pair = {0};

    pair.live = find_in_definition(guest->live, matches, subject);
    if (pair.live != NULL) {
        if (guest->config != NULL)
            pair.config = vas_guest_definition_counterpart(guest->config, pair.live);
        return pair;
    }
    pair.config = find_in_definition(guest->config, matches, subject);
    if (pair.config != NULL && guest->live != NULL)
        pair.live = vas_guest_definition_counterpart(guest->live, pair.config);
    return pair;
}

/* "ua-x (0000:01:10.0 at 0000:02:00.0)". Returns full. */
static char *
assignment_label(const VasAssignment *assignment)
{
    g_autoptr(GString) text = g_string_new(assignment->alias);
    gboolean has_alias = assignment->alias != NULL;

    if (assignment->has_device)
        g_string_append_printf(text, "%s%s", has_alias ? " (" : "",
                               vas_host_address_text(assignment->device).text);
    else
        g_string_append_printf(text, "%s%s", has_alias ? " (" : "",
                               assignment->network != NULL ? assignment->network : "no device yet");
    if (assignment->has_guest_address)
        g_string_append_printf(text, " at %s",
                               vas_guest_address_text(assignment->guest_address).text);
    g_string_append(text, has_alias ? ")" : "");
    return g_strdup(text->str);
}

static void
append_labels(GPtrArray *labels, const VasGuestDefinition *definition,
              const VasGuestDefinition *except)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);

        if (except == NULL || vas_guest_definition_counterpart(except, assignment) == NULL)
            g_ptr_array_add(labels, assignment_label(assignment));
    }
}

static void
set_no_assignment(const VasGuest *guest, const char *name, GError **error)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *there = NULL;

    append_labels(labels, guest->live, NULL);
    append_labels(labels, guest->config, guest->live);
    if (labels->len == 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "%s is not assigned to %s, which has no assigned device", name, guest->name);
        return;
    }
    there = join_names(labels);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "%s is not assigned to %s%s%s", name,
                guest->name, there != NULL ? ", which has " : "", there != NULL ? there : "");
    vas_error_set_hint(error, "virt-assign show %s lists them", guest->name);
}

/* What is called or sits where @subject says, though it is no assignment. NULL: nothing. */
static const char *
other_element(const VasGuestDefinition *definition, const Subject *subject)
{
    const VasOccupant *occupant;

    if (definition == NULL)
        return NULL;
    if (vas_guest_definition_has_alias(definition, subject->name))
        return subject->name;
    if (!subject->is_address)
        return NULL;
    occupant =
        vas_guest_definition_occupant(definition, (VasGuestAddress){.pci = subject->address});
    return occupant != NULL ? occupant->name : NULL;
}

static void
set_not_matched(const VasInventory *inventory, const VasGuest *guest, const Subject *subject,
                GError **error)
{
    const char *other = other_element(guest->live, subject);

    if (other == NULL)
        other = other_element(guest->config, subject);
    /* An address of a device that the host has was most likely meant as that. */
    if (other == NULL ||
        (subject->is_address && vas_inventory_find_device(inventory, subject->device) != NULL)) {
        set_no_assignment(guest, subject->name, error);
        return;
    }
    if (strcmp(other, subject->name) == 0)
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE, "%s of %s is no assigned host device",
                    other, guest->name);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s in %s is %s, which is no assigned host device", subject->name, guest->name,
                    other);
}

/* Fails only for what can be nothing at all: a malformed address. */
static gboolean
subject_read(const VasInventory *inventory, const char *name, Subject *subject, GError **error)
{
    const VasDevice *device;

    *subject = (Subject){.name = name};
    if (vas_pci_address_is_shaped(name)) {
        if (!vas_pci_address_parse(name, &subject->address, error))
            return FALSE;
        subject->is_address = TRUE;
        subject->has_device = TRUE;
        subject->device.pci = subject->address;
        return TRUE;
    }
    if (vas_pci_address_from_nodedev(name, &subject->device.pci)) {
        subject->has_device = TRUE;
        return TRUE;
    }
    device = vas_selector_device(inventory, name, NULL);
    if (device != NULL) {
        subject->has_device = TRUE;
        subject->device = device->address;
    }
    return TRUE;
}

static gboolean
is_same_pair(Pair a, Pair b)
{
    return a.live == b.live && a.config == b.config;
}

gboolean
vas_selector_assignment(const VasInventory *inventory, const VasGuest *guest, const char *name,
                        const VasAssignment **ret_live, const VasAssignment **ret_config,
                        GError **error)
{
    static const SubjectMatch ways[] = {matches_alias, matches_device, matches_guest_address};
    Subject subject;
    Pair found = {0};

    if (!subject_read(inventory, name, &subject, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        Pair pair = find_pair(guest, ways[i], &subject);
        gboolean first = found.live == NULL && found.config == NULL;

        if (pair.live == NULL && pair.config == NULL)
            continue;
        if (!first && !is_same_pair(found, pair)) {
            g_autofree char *one = assignment_label(found.live != NULL ? found.live : found.config);
            g_autofree char *other = assignment_label(pair.live != NULL ? pair.live : pair.config);

            g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS, "%s in %s fits %s and %s", name,
                        guest->name, one, other);
            vas_error_set_hint(error, "name it by its alias");
            return FALSE;
        }
        found = pair;
    }
    if (found.live == NULL && found.config == NULL) {
        set_not_matched(inventory, guest, &subject, error);
        return FALSE;
    }
    *ret_live = found.live;
    *ret_config = found.config;
    return TRUE;
}
