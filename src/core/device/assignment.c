/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/device/assignment.h"

#include "core/value/error.h"

#include <string.h>

/* virDomainDefPostParse in libvirt's src/conf/domain_conf.c: USER_ALIAS_PREFIX and
 * USER_ALIAS_CHARS. */
#define USER_ALIAS_PREFIX "ua-"
#define USER_ALIAS_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-"

VasAssignment *
vas_assignment_new(VasAssignmentType type)
{
    VasAssignment *assignment = g_new0(VasAssignment, 1);

    assignment->type = type;
    assignment->vlan = -1;
    return assignment;
}

VasAssignment *
vas_assignment_copy(const VasAssignment *assignment)
{
    VasAssignment *copy = g_memdup2(assignment, sizeof *assignment);

    copy->alias = g_strdup(assignment->alias);
    copy->disk = g_strdup(assignment->disk);
    copy->network = g_strdup(assignment->network);
    copy->element = g_strdup(assignment->element);
    return copy;
}

void
vas_assignment_free(VasAssignment *assignment)
{
    if (assignment == NULL)
        return;
    g_free(assignment->alias);
    g_free(assignment->disk);
    g_free(assignment->network);
    g_free(assignment->element);
    g_free(assignment);
}

const char *
vas_assignment_type_name(VasAssignmentType type)
{
    switch (type) {
    case VAS_ASSIGNMENT_HOSTDEV:
        return "hostdev";
    case VAS_ASSIGNMENT_INTERFACE:
        return "interface";
    }
    return "hostdev";
}

gboolean
vas_assignment_type_parse(const char *text, VasAssignmentType *ret_type, GError **error)
{
    if (strcmp(text, "interface") == 0) {
        *ret_type = VAS_ASSIGNMENT_INTERFACE;
        return TRUE;
    }
    if (strcmp(text, "hostdev") == 0) {
        *ret_type = VAS_ASSIGNMENT_HOSTDEV;
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "\"%s\" is not a type of assignment: it is interface or hostdev", text);
    return FALSE;
}

static gboolean
is_user_alias(const char *alias)
{
    return alias != NULL && g_str_has_prefix(alias, USER_ALIAS_PREFIX);
}

static gboolean
is_other_disk(const VasAssignment *a, const VasAssignment *b)
{
    return a->disk != NULL && b->disk != NULL && strcmp(a->disk, b->disk) != 0;
}

VasTie
vas_assignment_tie(const VasAssignment *a, const VasAssignment *b)
{
    if (a->has_device && b->has_device && vas_host_address_equal(a->device, b->device) &&
        !is_other_disk(a, b))
        return VAS_TIE_DEVICE;
    if (is_user_alias(a->alias) && g_strcmp0(a->alias, b->alias) == 0)
        return VAS_TIE_ALIAS;
    return a->has_mac && b->has_mac && vas_mac_address_equal(a->mac, b->mac) ? VAS_TIE_MAC
                                                                             : VAS_TIE_NONE;
}

/* No VLAN and VLAN 0 are the same to the PF: libvirt sets 0 when none is given
 * (virNetDevSetVfConfig in src/util/virnetdev.c). */
static int
effective_vlan(int vlan)
{
    return MAX(vlan, 0);
}

static char *
number_text(int number)
{
    return number > 0 ? g_strdup_printf("%d", number) : g_strdup("none");
}

static char *
guest_address_text(const VasAssignment *assignment)
{
    if (!assignment->has_guest_address)
        return g_strdup("none");
    return g_strdup(vas_guest_address_text(assignment->guest_address).text);
}

static char *
mac_text(const VasAssignment *assignment)
{
    return g_strdup(assignment->has_mac ? vas_mac_address_text(assignment->mac).text : "none");
}

/* Frees both texts. */
static void
note_difference(GString *differences, const char *what, char *live, char *config)
{
    if (strcmp(live, config) != 0)
        g_string_append_printf(differences, "%s%s %s, config %s", differences->len > 0 ? "; " : "",
                               what, live, config);
    g_free(live);
    g_free(config);
}

char *
vas_assignment_difference(const VasAssignment *live, const VasAssignment *config)
{
    g_autoptr(GString) differences = g_string_new(NULL);

    if (live->has_device && config->has_device)
        note_difference(differences, "device", g_strdup(vas_host_address_text(live->device).text),
                        g_strdup(vas_host_address_text(config->device).text));
    note_difference(differences, "type", g_strdup(vas_assignment_type_name(live->type)),
                    g_strdup(vas_assignment_type_name(config->type)));
    note_difference(differences, "guest address", guest_address_text(live),
                    guest_address_text(config));
    note_difference(differences, "MAC", mac_text(live), mac_text(config));
    /* The VLAN of a hostdev network is written in the network, not in the guest's config. */
    if (config->network == NULL)
        note_difference(differences, "VLAN", number_text(effective_vlan(live->vlan)),
                        number_text(effective_vlan(config->vlan)));
    if (is_user_alias(live->alias) && is_user_alias(config->alias))
        note_difference(differences, "alias", g_strdup(live->alias), g_strdup(config->alias));
    note_difference(differences, "acpi index", number_text(live->acpi_index),
                    number_text(config->acpi_index));
    if (differences->len == 0)
        return NULL;
    return g_strdup(differences->str);
}

gboolean
vas_alias_check(const char *alias, GError **error)
{
    if (g_str_has_prefix(alias, USER_ALIAS_PREFIX)) {
        const char *name = alias + strlen(USER_ALIAS_PREFIX);

        if (*name != '\0' && name[strspn(name, USER_ALIAS_CHARACTERS)] == '\0')
            return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_INVALID,
                "\"%s\" cannot be an alias: libvirt keeps only those of ua- and letters, digits, "
                "\"-\" and \"_\"",
                alias);
    return FALSE;
}

char *
vas_alias_complete(const char *name)
{
    return g_strconcat(is_user_alias(name) ? "" : USER_ALIAS_PREFIX, name, NULL);
}

char *
vas_alias_for_device(VasHostAddress device)
{
    return g_strconcat(USER_ALIAS_PREFIX, vas_pci_address_nodedev(device.pci).text, NULL);
}

VasAssignmentWish *
vas_assignment_wish_new(void)
{
    VasAssignmentWish *wish = g_new0(VasAssignmentWish, 1);

    wish->vlan = -1;
    wish->vf = VAS_VF_WISH_NOTHING;
    return wish;
}

VasAssignmentWish *
vas_assignment_wish_copy(const VasAssignmentWish *wish)
{
    VasAssignmentWish *copy = g_memdup2(wish, sizeof *wish);

    copy->guest_name = g_strdup(wish->guest_name);
    copy->alias = g_strdup(wish->alias);
    copy->team = g_strdup(wish->team);
    copy->template = g_strdup(wish->template);
    return copy;
}

void
vas_assignment_wish_free(VasAssignmentWish *wish)
{
    if (wish == NULL)
        return;
    g_free(wish->guest_name);
    g_free(wish->alias);
    g_free(wish->team);
    g_free(wish->template);
    g_free(wish);
}

static char *
mismatch(const char *what, const char *is, const char *wished)
{
    return g_strdup_printf("%s %s instead of %s", what, is, wished);
}

static char *
number_mismatch(const char *what, int is, int wished)
{
    g_autofree char *is_text = number_text(is);
    g_autofree char *wished_text = number_text(wished);

    return mismatch(what, is_text, wished_text);
}

char *
vas_assignment_wish_mismatch(const VasAssignmentWish *wish, const VasAssignment *assignment)
{
    g_autofree char *address = guest_address_text(assignment);
    g_autofree char *mac = mac_text(assignment);

    if (wish->has_type && wish->type != assignment->type)
        return mismatch("type", vas_assignment_type_name(assignment->type),
                        vas_assignment_type_name(wish->type));
    if (wish->has_guest_address &&
        strcmp(vas_guest_address_text(wish->guest_address).text, address) != 0)
        return mismatch("guest address", address, vas_guest_address_text(wish->guest_address).text);
    if (wish->alias != NULL && g_strcmp0(wish->alias, assignment->alias) != 0)
        return mismatch("alias", assignment->alias != NULL ? assignment->alias : "none",
                        wish->alias);
    if (wish->has_mac && strcmp(vas_mac_address_text(wish->mac).text, mac) != 0)
        return mismatch("MAC", mac, vas_mac_address_text(wish->mac).text);
    /* An assignment without a device comes from a hostdev network that has yet to choose one: its
     * VLAN is the network's. */
    if (assignment->has_device && wish->vlan >= 0 &&
        effective_vlan(wish->vlan) != effective_vlan(assignment->vlan))
        return number_mismatch("VLAN", assignment->vlan, wish->vlan);
    if (wish->acpi_index > 0 && wish->acpi_index != assignment->acpi_index)
        return number_mismatch("acpi index", assignment->acpi_index, wish->acpi_index);
    if (wish->boot_order > 0 && wish->boot_order != assignment->boot_order)
        return number_mismatch("boot order", assignment->boot_order, wish->boot_order);
    return NULL;
}
