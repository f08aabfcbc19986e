/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzzing.h"

#include "core/value/error.h"
#include "xml/domain-xml.h"
#include "xml/template.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char fuzzing_corpus[] = "template";

/* Templates are files: this one is in memory, and its name is the way to it. */
static VasTemplate *
load(const void *data, gsize size, GError **error)
{
    int file = memfd_create("template", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file);
    VasTemplate *template = NULL;

    g_assert_cmpint(file, >=, 0);
    g_assert_cmpint(write(file, data, size), ==, (gssize) size);
    template = vas_template_load(NULL, path, NULL, error);
    close(file);
    return template;
}

/* Makes an assignment of what the template fixes, to a device of the host. */
static VasAssignment *
assignment_of(const VasTemplate *template, const VasAssignmentWish *wish)
{
    VasAssignment *assignment = vas_assignment_new(vas_template_type(template));

    assignment->has_device = TRUE;
    assignment->device.pci = (VasPciAddress){0x10000, 0xe1, 0x1f, 7};
    assignment->has_guest_address = wish->has_guest_address;
    assignment->guest_address = wish->guest_address;
    assignment->has_mac = wish->has_mac;
    assignment->mac = wish->mac;
    assignment->vlan = wish->vlan;
    assignment->acpi_index = wish->acpi_index;
    assignment->boot_order = wish->boot_order;
    assignment->alias = g_strdup(wish->alias != NULL ? wish->alias : "ua-fuzz");
    return assignment;
}

/* libvirt gets the assignment, in whatever the template has around it. */
static void
assert_reads_as(const char *filled, const VasAssignment *assignment)
{
    g_autofree char *xml = g_strconcat("<domain><devices>", filled, "</devices></domain>", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(VasGuestDefinition) definition = vas_domain_xml_parse(xml, &error);
    g_autofree char *difference = NULL;
    const VasAssignment *read = NULL;

    /* The two elements around it can be those that go beyond libxml2's depth. */
    if (error != NULL && strstr(error->message, "Excessive depth") != NULL)
        return;
    g_assert_no_error(error);
    g_assert_cmpuint(definition->assignments->len, ==, 1);
    read = g_ptr_array_index(definition->assignments, 0);
    g_assert_true(read->has_device);
    difference = vas_assignment_difference(assignment, read);
    g_assert_cmpstr(difference, ==, NULL);
    g_assert_cmpint(read->boot_order, ==, assignment->boot_order);
}

static void
fill(const VasTemplate *template)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    g_autoptr(VasAssignmentWish) wish_again = vas_assignment_wish_new();
    g_autoptr(VasAssignment) assignment = NULL;
    g_autoptr(VasTemplate) again = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *filled = NULL;
    g_autofree char *refilled = NULL;
    gboolean complete = vas_template_complete_wish(template, wish, &error);

    fuzzing_assert_outcome(complete, error);
    if (!complete) {
        g_assert_cmpint(error->code, ==, VAS_ERROR_INVALID);
        return;
    }
    assignment = assignment_of(template, wish);
    filled = vas_template_fill(template, assignment, &error);
    g_assert_no_error(error);
    if (!fuzzing_assert_written(filled))
        return;
    assert_reads_as(filled, assignment);

    again = load(filled, strlen(filled), &error);
    g_assert_no_error(error);
    vas_template_complete_wish(again, wish_again, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(wish_again->alias, ==, assignment->alias);
    refilled = vas_template_fill(again, assignment, &error);
    g_assert_no_error(error);
    fuzzing_assert_same_words(refilled, filled);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VasTemplate) template = load(data, size, &error);

    fuzzing_assert_outcome(template != NULL, error);
    if (template == NULL) {
        g_assert_cmpint(error->code, ==, VAS_ERROR_INVALID);
        return 0;
    }
    fill(template);
    return 0;
}
