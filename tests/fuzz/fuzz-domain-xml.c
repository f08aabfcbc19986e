/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "xml/domain-xml.h"

const char fuzzing_corpus[] = "domain-xml";

/* A detach has to send to libvirt the assignment that was read. */
static void
assert_element(const VasAssignment *assignment)
{
    g_autofree char *xml =
        g_strconcat("<domain><devices>", assignment->element, "</devices></domain>", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestDefinition) definition = NULL;
    g_autofree char *difference = NULL;
    const VasAssignment *again = NULL;

    if (!fuzzing_assert_written(assignment->element))
        return;
    definition = vas_domain_xml_parse(xml, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(definition->assignments->len, ==, 1);
    again = g_ptr_array_index(definition->assignments, 0);
    difference = vas_assignment_difference(assignment, again);
    g_assert_cmpstr(difference, ==, NULL);
    g_assert_cmpstr(assignment->alias, ==, again->alias);
    g_assert_cmpint(assignment->boot_order, ==, again->boot_order);
    fuzzing_assert_same_words(assignment->element, again->element);
}

static void
assert_is_one(const VasGuestDefinition *definition)
{
    fuzzing_assert_utf8(definition->machine);
    fuzzing_assert_utf8(definition->platform.architecture);
    for (guint i = 0; i < definition->assignments->len; i++)
        assert_element(g_ptr_array_index(definition->assignments, i));
    for (guint i = 0; i < definition->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(definition->controllers, i);
        const VasPciController *before =
            g_ptr_array_index(definition->controllers, i > 0 ? i - 1 : i);

        g_assert_cmpuint(controller->index, <=, 255);
        g_assert_cmpuint(before->index, <=, controller->index);
    }
    for (guint i = 0; i < definition->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(definition->occupants, i);

        g_assert_nonnull(occupant->name);
        fuzzing_assert_utf8(occupant->name);
        g_assert_true(vas_guest_definition_is_occupied(definition, occupant->address));
    }
}

static void
assert_same(const VasGuestDefinition *a, const VasGuestDefinition *b)
{
    g_assert_cmpstr(a->machine, ==, b->machine);
    g_assert_cmpint(a->acpi, ==, b->acpi);
    g_assert_cmpuint(a->platform.memory, ==, b->platform.memory);
    g_assert_cmpint(a->platform.agent_channel, ==, b->platform.agent_channel);
    g_assert_cmpuint(a->assignments->len, ==, b->assignments->len);
    g_assert_cmpuint(a->controllers->len, ==, b->controllers->len);
    g_assert_cmpuint(a->occupants->len, ==, b->occupants->len);
    g_assert_cmpuint(a->nics->len, ==, b->nics->len);
    g_assert_cmpuint(a->aliases->len, ==, b->aliases->len);
    g_assert_cmpuint(a->boot_orders->len, ==, b->boot_orders->len);
    g_assert_true((a->record == NULL) == (b->record == NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *xml = fuzzing_text(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestDefinition) definition = vas_domain_xml_parse(xml, &error);
    g_autoptr(VasGuestDefinition) again = NULL;
    g_autofree char *respelt = NULL;

    fuzzing_assert_outcome(definition != NULL, error);
    if (definition == NULL)
        return 0;
    assert_is_one(definition);
    respelt = fuzzing_respell_xml(xml);
    again = vas_domain_xml_parse(respelt, &error);
    g_assert_no_error(error);
    assert_same(definition, again);
    return 0;
}
