/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/report/step.h"

/* The device as people know it, or by what else the assignment has. */
static char *
subject_text(const VasAssignment *assignment)
{
    if (assignment->has_device)
        return g_strdup(vas_host_address_text(assignment->device).text);
    if (assignment->alias != NULL)
        return g_strdup(assignment->alias);
    if (assignment->has_mac)
        return g_strdup_printf("the NIC %s", vas_mac_address_text(assignment->mac).text);
    if (assignment->network != NULL)
        return g_strdup_printf("the NIC on network %s", assignment->network);
    if (assignment->has_guest_address)
        return g_strdup_printf("the device at %s",
                               vas_guest_address_text(assignment->guest_address).text);
    return g_strdup("a device");
}

/* " at 0000:02:00.0 as ua-x", as far as known. */
static char *
place_text(const VasAssignment *assignment)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (assignment->has_guest_address)
        g_string_append_printf(text, " at %s",
                               vas_guest_address_text(assignment->guest_address).text);
    if (assignment->alias != NULL && assignment->has_device)
        g_string_append_printf(text, " as %s", assignment->alias);
    return g_strdup(text->str);
}

static char *
step_text(VasStepKind kind, const VasAssignment *assignment, const char *counterpart)
{
    g_autofree char *subject = subject_text(assignment);
    g_autofree char *place = place_text(assignment);

    switch (kind) {
    case VAS_STEP_ATTACH_LIVE:
        return g_strdup_printf("attach %s to running %s%s", subject, counterpart, place);
    case VAS_STEP_PROVE_LIVE:
        return g_strdup_printf("prove that running %s has %s%s", counterpart, subject, place);
    case VAS_STEP_ATTACH_CONFIG:
        return g_strdup_printf("add %s to the config of %s%s", subject, counterpart, place);
    case VAS_STEP_PROVE_CONFIG:
        return g_strdup_printf("prove that the config of %s has %s%s", counterpart, subject, place);
    case VAS_STEP_PROVE_ALONE:
        return g_strdup_printf("prove that no guest but %s was given %s", counterpart, subject);
    case VAS_STEP_ASK_RELEASE:
        return g_strdup_printf("ask running %s to release %s%s", counterpart, subject, place);
    case VAS_STEP_AWAIT_RELEASE:
        return g_strdup_printf("wait until %s has released %s", counterpart, subject);
    case VAS_STEP_PROVE_RELEASED:
        return g_strdup_printf("prove that %s is out of running %s", subject, counterpart);
    case VAS_STEP_DETACH_CONFIG:
        return g_strdup_printf("remove %s from the config of %s", subject, counterpart);
    case VAS_STEP_HOST_DETACH:
        return g_strdup_printf("take %s from its host driver, onto %s", subject, counterpart);
    case VAS_STEP_PROVE_HOST_DETACHED:
        return g_strdup_printf("prove that %s is on %s", subject, counterpart);
    case VAS_STEP_HOST_REATTACH:
        return g_strdup_printf("give %s back to its host driver, from %s", subject, counterpart);
    case VAS_STEP_PROVE_HOST_REATTACHED:
        return g_strdup_printf("prove that %s is off %s", subject, counterpart);
    case VAS_STEP_RECORD_VF:
    case VAS_STEP_SET_VF:
    case VAS_STEP_KEEP_WISH:
    case VAS_STEP_DROP_WISH:
    case VAS_STEP_SET_VF_PRIORITY:
    case VAS_STEP_PUT_VF_BACK:
    case VAS_STEP_PERSIST_VFS:
    case VAS_STEP_SET_AUTOPROBE:
    case VAS_STEP_REMOVE_VFS:
    case VAS_STEP_CREATE_VFS:
    case VAS_STEP_AWAIT_VFS:
    case VAS_STEP_PERSIST_DRIVER:
    case VAS_STEP_ADD_PORT:
    case VAS_STEP_PROVE_PORTS:
        break;
    }
    return g_strdup(subject);
}

VasStep *
vas_step_new(VasStepKind kind, guint subject, const VasAssignment *assignment, const char *xml,
             const char *counterpart)
{
    VasStep *step = g_new0(VasStep, 1);

    step->kind = kind;
    step->subject = subject;
    step->assignment = vas_assignment_copy(assignment);
    step->xml = g_strdup(xml);
    step->text = step_text(kind, assignment, counterpart);
    return step;
}

void
vas_step_set_driver(VasStep *step, const char *driver)
{
    g_autofree char *text = g_steal_pointer(&step->text);

    step->driver = g_strdup(driver);
    step->text = driver != NULL ? g_strdup_printf("%s, on %s", text, driver) : g_strdup(text);
}

void
vas_step_add_on_host(GPtrArray *steps, VasStepKind kind, guint subject, VasHostAddress device,
                     const char *text, ...)
{
    VasStep *step = g_new0(VasStep, 1);
    va_list arguments;

    step->kind = kind;
    step->subject = subject;
    step->assignment = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
    step->assignment->has_device = TRUE;
    step->assignment->device = device;
    va_start(arguments, text);
    step->text = g_strdup_vprintf(text, arguments);
    va_end(arguments);
    g_ptr_array_add(steps, step);
}

void
vas_step_add_on_guest(GPtrArray *steps, VasStepKind kind, guint subject, const char *xml,
                      const char *text, ...)
{
    VasStep *step = g_new0(VasStep, 1);
    va_list arguments;

    step->kind = kind;
    step->subject = subject;
    step->xml = g_strdup(xml);
    va_start(arguments, text);
    step->text = g_strdup_vprintf(text, arguments);
    va_end(arguments);
    g_ptr_array_add(steps, step);
}

void
vas_step_free(VasStep *step)
{
    if (step == NULL)
        return;
    vas_assignment_free(step->assignment);
    g_free(step->xml);
    g_free(step->driver);
    g_free(step->text);
    g_free(step);
}

static const char *const names[] = {
    [VAS_STEP_RECORD_VF] = "record-vf",
    [VAS_STEP_SET_VF] = "set-vf",
    [VAS_STEP_ATTACH_LIVE] = "attach-live",
    [VAS_STEP_SET_VF_PRIORITY] = "set-vf-priority",
    [VAS_STEP_PROVE_LIVE] = "prove-live",
    [VAS_STEP_ATTACH_CONFIG] = "attach-config",
    [VAS_STEP_PROVE_CONFIG] = "prove-config",
    [VAS_STEP_KEEP_WISH] = "keep-wish",
    [VAS_STEP_PROVE_ALONE] = "prove-alone",
    [VAS_STEP_ASK_RELEASE] = "ask-release",
    [VAS_STEP_AWAIT_RELEASE] = "await-release",
    [VAS_STEP_PROVE_RELEASED] = "prove-released",
    [VAS_STEP_PUT_VF_BACK] = "put-vf-back",
    [VAS_STEP_DETACH_CONFIG] = "detach-config",
    [VAS_STEP_DROP_WISH] = "drop-wish",
    [VAS_STEP_PERSIST_VFS] = "persist-vfs",
    [VAS_STEP_SET_AUTOPROBE] = "set-autoprobe",
    [VAS_STEP_REMOVE_VFS] = "remove-vfs",
    [VAS_STEP_CREATE_VFS] = "create-vfs",
    [VAS_STEP_AWAIT_VFS] = "await-vfs",
    [VAS_STEP_HOST_DETACH] = "host-detach",
    [VAS_STEP_PROVE_HOST_DETACHED] = "prove-host-detached",
    [VAS_STEP_HOST_REATTACH] = "host-reattach",
    [VAS_STEP_PROVE_HOST_REATTACHED] = "prove-host-reattached",
    [VAS_STEP_PERSIST_DRIVER] = "persist-driver",
    [VAS_STEP_ADD_PORT] = "add-port",
    [VAS_STEP_PROVE_PORTS] = "prove-ports",
};

const char *
vas_step_kind_name(VasStepKind kind)
{
    return names[kind];
}
