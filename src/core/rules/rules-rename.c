/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/rules/rules-rename.h"

#include "core/nic/nic-name-effects.h"
#include "core/value/error.h"

#include <string.h>

/* Takes @definition. */
static VasGuestDefinition *
add_decision(VasGuestDefinition *definition, const VasAttachDecision *decision)
{
    g_autoptr(VasGuestDefinition) before = definition;

    return vas_nic_name_with(before, decision->assignment, vas_device_nic_kind(decision->device));
}

/* @definition as the decisions of the same command leave it. Returns full. */
static VasGuestDefinition *
with_earlier(const VasGuestDefinition *definition, const GPtrArray *earlier, VasScope scope)
{
    const VasAssignment nothing = {0};
    VasGuestDefinition *with = vas_nic_name_with(definition, &nothing, VAS_NIC_NONE);

    for (guint i = 0; earlier != NULL && i < earlier->len; i++) {
        const VasAttachDecision *decision = g_ptr_array_index(earlier, i);

        if ((decision->missing & scope) != 0)
            with = add_decision(with, decision);
    }
    return with;
}

static gboolean
is_said(const GPtrArray *texts, const char *text)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *) texts, text, g_str_equal, NULL);
}

static void
append_changes(GPtrArray *changes, const VasGuestDefinition *definition,
               const VasAttachDecision *decision, const GPtrArray *earlier, VasScope scope)
{
    g_autoptr(VasGuestDefinition) before = NULL;
    g_autoptr(VasGuestDefinition) after = NULL;
    g_autoptr(GPtrArray) found = NULL;

    if ((decision->missing & scope) == 0 || definition == NULL)
        return;
    before = with_earlier(definition, earlier, scope);
    after = vas_nic_name_with(before, decision->assignment, vas_device_nic_kind(decision->device));
    found = vas_nic_name_changes(before, after);
    for (guint i = 0; i < found->len; i++) {
        const char *text = g_ptr_array_index(found, i);

        if (!is_said(changes, text))
            g_ptr_array_add(changes, g_strdup(text));
    }
}

static char *
join(const GPtrArray *changes)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < changes->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "",
                               (char *) g_ptr_array_index(changes, i));
    return g_string_free(text, FALSE);
}

gboolean
vas_rules_check_renames(const VasGuest *guest, const VasAttachDecision *decision,
                        const GPtrArray *earlier, gboolean force, GPtrArray *overridden,
                        GError **error)
{
    g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = NULL;

    append_changes(changes, guest->live, decision, earlier, VAS_SCOPE_LIVE);
    append_changes(changes, guest->config, decision, earlier, VAS_SCOPE_CONFIG);
    if (changes->len == 0)
        return TRUE;
    text = join(changes);
    if (force) {
        g_ptr_array_add(overridden, g_strdup_printf("it renames %s", text));
        return TRUE;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_CONFLICT, "guest address %s renames %s",
                vas_guest_address_text(decision->assignment->guest_address).text, text);
    vas_error_set_hint(error, "take another --guest-address or an --acpi-index; --force does it "
                              "all the same");
    return FALSE;
}
