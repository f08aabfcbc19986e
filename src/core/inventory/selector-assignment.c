/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/inventory/selector.h"

#include "core/inventory/pasted-name.h"
#include "core/value/error.h"

#include <string.h>

/* The subject holds the meanings that a name can have for `detach`. */
typedef struct {
    const char *name;
    gboolean is_address; /* @address is what @name says: of the host or of the guest */
    VasPciAddress address;
    gboolean has_device; /* @device is the host's */
    VasHostAddress device;
    gboolean is_mac; /* @mac is what @name says */
    VasMacAddress mac;
} Subject;

static gboolean
matches_alias(const VasAssignment *assignment, const Subject *subject)
{
    return g_strcmp0(assignment->alias, subject->name) == 0;
}

/* "up" is "ua-up", as it is for attach. */
static gboolean
matches_short_alias(const VasAssignment *assignment, const Subject *subject)
{
    g_autofree char *alias = vas_alias_complete(subject->name);

    return g_strcmp0(assignment->alias, alias) == 0;
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

static gboolean
is_nothing(Pair pair)
{
    return pair.live == NULL && pair.config == NULL;
}

static gboolean
is_same_pair(Pair a, Pair b)
{
    return a.live == b.live && a.config == b.config;
}

static Pair
pair_of_live(const VasGuest *guest, const VasAssignment *live)
{
    return (Pair){.live = live, .config = vas_guest_counterpart(guest, live)};
}

static Pair
pair_of_config(const VasGuest *guest, const VasAssignment *config)
{
    return (Pair){.live = vas_guest_counterpart(guest, config), .config = config};
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
    if (assignment->disk != NULL)
        g_string_append_printf(text, ", disk %s,", assignment->disk);
    if (assignment->has_guest_address)
        g_string_append_printf(text, " at %s",
                               vas_guest_address_text(assignment->guest_address).text);
    g_string_append(text, has_alias ? ")" : "");
    return g_strdup(text->str);
}

static void
append_labels(GPtrArray *labels, const VasGuest *guest, const VasGuestDefinition *definition)
{
    for (guint i = 0; definition != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *assignment = g_ptr_array_index(definition->assignments, i);

        if (definition == guest->live || vas_guest_counterpart(guest, assignment) == NULL)
            g_ptr_array_add(labels, assignment_label(assignment));
    }
}

static void
set_no_assignment(const VasGuest *guest, const char *name, GError **error)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *there = NULL;

    append_labels(labels, guest, guest->live);
    append_labels(labels, guest, guest->config);
    if (labels->len == 0) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "%s is not assigned to %s, which has no assigned device", name, guest->name);
        return;
    }
    there = vas_error_name_list(labels);
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "%s is not assigned to %s%s%s", name,
                guest->name, there != NULL ? ", which has " : "", there != NULL ? there : "");
    vas_error_set_hint(error, "virt-assign show %s lists them", guest->word);
}

static gboolean
matches_mac(const VasAssignment *assignment, const Subject *subject)
{
    return assignment->has_mac && vas_mac_address_equal(assignment->mac, subject->mac);
}

/* Two assignments, of one guest or of several, may have one MAC: it does not name any. */
static void
set_is_mac(const VasInventory *inventory, const VasGuest *guest, const Subject *subject,
           GError **error)
{
    const VasAssignment *found = find_in_definition(guest->live, matches_mac, subject);
    const VasGuest *owner = vas_inventory_find_mac(inventory, subject->mac, NULL, NULL);
    g_autofree char *label = NULL;

    if (found == NULL)
        found = find_in_definition(guest->config, matches_mac, subject);
    if (found != NULL) {
        label = assignment_label(found);
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "%s is the MAC of %s in %s, and a MAC cannot stand for an assigned device",
                    subject->name, label, guest->name);
    } else {
        g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND,
                    "%s is a MAC that no assigned device of %s has%s%s", subject->name, guest->name,
                    owner != NULL ? ": it is in use by guest " : "",
                    owner != NULL ? owner->name : "");
    }
    vas_error_set_hint(error,
                       "name the device by its alias or an address: virt-assign show %s "
                       "lists them",
                       guest->word);
}

/* Names the element that is called or sits where @subject says, though it is not an assignment.
 * NULL: there is none. */
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

    if (subject->is_mac) {
        set_is_mac(inventory, guest, subject, error);
        return;
    }
    if (other == NULL)
        other = other_element(guest->config, subject);
    /* An address at which the host has a device was most likely meant as the host's. */
    if (other == NULL ||
        (subject->is_address && vas_inventory_find_device(inventory, subject->device) != NULL)) {
        set_no_assignment(guest, subject->name, error);
        return;
    }
    if (strcmp(other, subject->name) == 0)
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s of %s is not an assigned host device", other, guest->name);
    else
        g_set_error(error, VAS_ERROR, VAS_ERROR_UNSUITABLE,
                    "%s in %s is %s, which is not an assigned host device", subject->name,
                    guest->name, other);
}

/* Reads @name, which may be nearly anything: only a malformed address is an error. */
static gboolean
subject_read(const VasInventory *inventory, const char *name, Subject *subject, GError **error)
{
    g_autofree char *pasted = vas_pasted_name(name);
    const VasDevice *device;

    *subject = (Subject){.name = name};
    subject->is_mac = vas_mac_address_parse(name, &subject->mac, NULL);
    if (vas_pci_address_is_shaped(name)) {
        if (!vas_pci_address_parse(name, &subject->address, error))
            return FALSE;
        subject->is_address = TRUE;
        subject->has_device = TRUE;
        subject->device.pci = subject->address;
        return TRUE;
    }
    if (vas_pci_address_from_nodedev(name, &subject->device.pci) ||
        (pasted != NULL && vas_host_address_parse(pasted, &subject->device, NULL))) {
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

static void
set_ambiguous(const VasGuest *guest, const Subject *subject, Pair one, Pair other, GError **error)
{
    g_autofree char *one_label = assignment_label(one.live != NULL ? one.live : one.config);
    g_autofree char *other_label = assignment_label(other.live != NULL ? other.live : other.config);

    g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS, "%s in %s fits %s and %s", subject->name,
                guest->name, one_label, other_label);
    vas_error_set_hint(error, "name it by its %s", subject->is_address ? "alias" : "device");
}

/* Whether the user may have meant the host's device at an address that fits only as a guest
 * address. A detach by host address that is given once more must not take out another device, which
 * merely has this guest address. A PF or another device on a host driver is not one that a guest
 * had. */
static gboolean
may_mean_host_device(const VasInventory *inventory, const Subject *subject)
{
    const VasDevice *device = vas_inventory_find_device(inventory, subject->device);

    return device != NULL && (device->kind == VAS_DEVICE_VF || vas_device_is_on_vfio(device));
}

static gboolean
refuse_host_device(const VasGuest *guest, const Subject *subject, Pair found, GError **error)
{
    const VasAssignment *assignment = found.live != NULL ? found.live : found.config;
    g_autofree char *label = assignment_label(assignment);

    g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS,
                "%s is a device of the host that is not assigned to %s, and in %s the guest "
                "address of %s",
                subject->name, guest->name, guest->name, label);
    vas_error_set_hint(error, "name the assignment by its %s",
                       assignment->alias != NULL ? "alias" : "device");
    return FALSE;
}

/* Takes @pair as the meaning of @subject. FALSE: it means another pair already. */
static gboolean
take_pair(const VasGuest *guest, const Subject *subject, Pair pair, Pair *found, GError **error)
{
    if (!is_nothing(*found) && !is_same_pair(*found, pair)) {
        set_ambiguous(guest, subject, *found, pair, error);
        return FALSE;
    }
    *found = pair;
    return TRUE;
}

/* The NIC of a hostdev network has a device only while the guest runs. */
static gboolean
take_device(const VasGuest *guest, const Subject *subject, Pair *found, GError **error)
{
    Pair pair = {.live = find_in_definition(guest->live, matches_device, subject),
                 .config = find_in_definition(guest->config, matches_device, subject)};
    const VasAssignment *other =
        pair.live != NULL && pair.config == NULL ? vas_guest_counterpart(guest, pair.live) : NULL;

    if (other != NULL && !other->has_device)
        pair.config = other;
    return is_nothing(pair) || take_pair(guest, subject, pair, found, error);
}

/* Both definitions are searched: an edit of the config can have moved an alias or a guest address
 * to another device than the one that is live there. */
static gboolean
take_matches(const VasGuest *guest, const Subject *subject, SubjectMatch matches, Pair *found,
             GError **error)
{
    const VasAssignment *live = find_in_definition(guest->live, matches, subject);
    const VasAssignment *config = find_in_definition(guest->config, matches, subject);

    return (live == NULL || take_pair(guest, subject, pair_of_live(guest, live), found, error)) &&
           (config == NULL ||
            take_pair(guest, subject, pair_of_config(guest, config), found, error));
}

/* Refuses an element of a device that has several in @definition: the device, its driver and what
 * stands on record of it leave a guest as a whole only. */
static gboolean
check_whole(const VasGuest *guest, const VasGuestDefinition *definition,
            const VasAssignment *assignment, GError **error)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *parts = NULL;

    for (guint i = 0; assignment != NULL && i < definition->assignments->len; i++) {
        const VasAssignment *other = g_ptr_array_index(definition->assignments, i);

        if (assignment->has_device && other->has_device &&
            vas_host_address_equal(assignment->device, other->device))
            g_ptr_array_add(labels, assignment_label(other));
    }
    if (labels->len < 2)
        return TRUE;
    parts = vas_error_name_list(labels);
    g_set_error(error, VAS_ERROR, VAS_ERROR_AMBIGUOUS, "%s is in %s%s %u times%s%s",
                vas_host_address_text(assignment->device).text,
                definition == guest->live ? "" : "the config of ", guest->name, labels->len,
                parts != NULL ? ": " : "", parts != NULL ? parts : "");
    if (assignment->disk != NULL)
        vas_error_set_hint(error, "take out disk by disk: virsh detach-disk %s %s --%s",
                           guest->word, assignment->disk,
                           definition == guest->live ? "live" : "config");
    else
        vas_error_set_hint(error, "remove all but one of them: virsh edit %s", guest->word);
    return FALSE;
}

gboolean
vas_selector_assignment(const VasInventory *inventory, const VasGuest *guest, const char *name,
                        const VasAssignment **ret_live, const VasAssignment **ret_config,
                        GError **error)
{
    Subject subject;
    Pair found = {0};
    gboolean is_guest_address = FALSE;

    if (!subject_read(inventory, name, &subject, error))
        return FALSE;
    if (!take_matches(guest, &subject, matches_alias, &found, error) ||
        !take_device(guest, &subject, &found, error))
        return FALSE;
    if (is_nothing(found) && !take_matches(guest, &subject, matches_short_alias, &found, error))
        return FALSE;
    is_guest_address = is_nothing(found);
    if (!take_matches(guest, &subject, matches_guest_address, &found, error))
        return FALSE;
    if (is_nothing(found)) {
        set_not_matched(inventory, guest, &subject, error);
        return FALSE;
    }
    if (is_guest_address && may_mean_host_device(inventory, &subject))
        return refuse_host_device(guest, &subject, found, error);
    if (!check_whole(guest, guest->live, found.live, error) ||
        !check_whole(guest, guest->config, found.config, error))
        return FALSE;
    *ret_live = found.live;
    *ret_config = found.config;
    return TRUE;
}
