/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/ports-steps.h"

#include "core/place/pci-bus.h"
#include "core/value/error.h"
#include "engine/base/scan-guest.h"
#include "xml/controller-xml.h"

static const VasPciController *
find_controller(const VasGuestDefinition *config, guint index)
{
    for (guint i = 0; i < config->controllers->len; i++) {
        const VasPciController *controller = g_ptr_array_index(config->controllers, i);

        if (controller->index == index)
            return controller;
    }
    return NULL;
}

/* Two controllers are the same if they are of one kind and at one place. */
static gboolean
is_same(const VasPciController *a, const VasPciController *b)
{
    return a->index == b->index && a->model == b->model && a->chassis == b->chassis &&
           a->has_address == b->has_address &&
           (!a->has_address || vas_guest_address_equal(a->address, b->address));
}

/* Is @port in @config, as it was sent? */
static gboolean
is_there(const VasGuestDefinition *config, const VasPciController *port)
{
    const VasPciController *there = find_controller(config, port->index);

    return there != NULL && is_same(there, port);
}

static gboolean
is_place_of_added(const VasPortsRun *run, VasGuestAddress address)
{
    for (guint i = 0; i < run->added->len; i++) {
        const VasPciController *port = g_ptr_array_index(run->added, i);

        if (vas_guest_address_equal(port->address, address))
            return TRUE;
    }
    return FALSE;
}

/* Several elements can stand for one device: libvirt shows a guest's first serial device a second
 * time, as <console>, with its address. */
static gboolean
has_occupant(const VasGuestDefinition *config, const VasOccupant *wanted)
{
    for (guint i = 0; i < config->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(config->occupants, i);

        if (vas_guest_address_equal(occupant->address, wanted->address) &&
            g_str_equal(occupant->name, wanted->name))
            return TRUE;
    }
    return FALSE;
}

/* Checks that everything that was in the config is where it was. The new ports can be in it before
 * a recovery. */
static gboolean
check_unmoved(const VasPortsRun *run, const VasGuestDefinition *now, GError **error)
{
    const VasGuestDefinition *before = run->before->config;

    for (guint i = 0; i < before->occupants->len; i++) {
        const VasOccupant *was = g_ptr_array_index(before->occupants, i);

        if (has_occupant(now, was) || is_place_of_added(run, was->address))
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is no longer at guest address %s",
                    was->name, vas_guest_address_text(was->address).text);
        return FALSE;
    }
    for (guint i = 0; i < before->controllers->len; i++) {
        const VasPciController *was = g_ptr_array_index(before->controllers, i);
        const VasPciController *is = find_controller(now, was->index);

        if ((is != NULL && is_same(is, was)) || is_place_of_added(run, was->address))
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "PCI controller %u is not what it was",
                    was->index);
        return FALSE;
    }
    return TRUE;
}

static const VasPciController *
port_of_step(const VasPortsRun *run, const VasStep *step)
{
    for (guint i = 0; i < run->added->len; i++) {
        const VasPciController *port = g_ptr_array_index(run->added, i);
        g_autofree char *xml = vas_controller_xml_format(port);

        if (g_str_equal(xml, step->xml))
            return port;
    }
    g_assert_not_reached();
}

static gboolean
add_port(gpointer data, const VasStep *step, GError **error)
{
    const VasPortsRun *run = data;
    VasHypervisor *hypervisor = run->context->hypervisor;

    if (hypervisor->attach(hypervisor, run->before->uuid, step->xml, VAS_SCOPE_CONFIG, error))
        return TRUE;
    g_prefix_error(error, "%s: ", step->text);
    return FALSE;
}

/* With the last of the new ports everything has to be where it was. */
static gboolean
check_undone(const VasPortsRun *run, const VasPciController *port, const VasGuestDefinition *now,
             GError **error)
{
    if (is_there(now, port)) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "libvirt reported success, but bus %02x is still there", port->index);
        return FALSE;
    }
    for (guint i = 0; i < run->added->len; i++) {
        if (is_there(now, g_ptr_array_index(run->added, i)))
            return TRUE;
    }
    return check_unmoved(run, now, error);
}

/* libvirt takes a controller out of a config whatever sits on it (qemuDomainDetachDeviceConfig in
 * src/qemu/qemu_driver.c). */
static gboolean
check_empty(const VasGuest *now, const VasPciController *port, GError **error)
{
    for (guint i = 0; i < now->config->occupants->len; i++) {
        const VasOccupant *occupant = g_ptr_array_index(now->config->occupants, i);

        if (occupant->address.pci.domain != 0 || occupant->address.pci.bus != port->index)
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_IN_USE,
                    "bus %02x of the config of guest %s is in use by now: %s is on it", port->index,
                    now->name, occupant->name);
        return FALSE;
    }
    return TRUE;
}

/* libvirt finds a controller by its index (virDomainControllerFind in src/conf/domain_conf.c): only
 * a controller that is just as it was sent is taken out. A config that is gone has taken it along.
 */
static gboolean
undo_add_port(gpointer data, const VasStep *step, GError **error)
{
    const VasPortsRun *run = data;
    VasHypervisor *hypervisor = run->context->hypervisor;
    const char *uuid = run->before->uuid;
    const VasPciController *port = port_of_step(run, step);
    g_autoptr(VasGuest) now = vas_scan_guest_for_undo(run->context, uuid, error);
    g_autoptr(VasGuest) after = NULL;

    if (now == NULL)
        return FALSE;
    if (now->config != NULL && is_there(now->config, port) &&
        (!check_empty(now, port, error) ||
         !hypervisor->detach_config(hypervisor, uuid, step->xml, error)))
        return FALSE;
    after = vas_scan_guest_for_undo(run->context, uuid, error);
    return after != NULL &&
           (after->config == NULL || check_undone(run, port, after->config, error));
}

static gboolean
prove_ports(gpointer data, const VasStep *step, GError **error)
{
    const VasPortsRun *run = data;
    g_autoptr(VasGuest) now = vas_scan_guest(run->context, run->before->uuid, error);

    if (now == NULL)
        return FALSE;
    if (now->config == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_WRONG_STATE, "guest %s has no config any more",
                    now->name);
        return FALSE;
    }
    for (guint i = 0; i < run->added->len; i++) {
        const VasPciController *port = g_ptr_array_index(run->added, i);

        if (is_there(now->config, port))
            continue;
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED,
                    "%s: libvirt reported success, but bus %02x is not there as it was sent",
                    step->text, port->index);
        return FALSE;
    }
    if (check_unmoved(run, now->config, error))
        return TRUE;
    g_prefix_error(error, "%s: ", step->text);
    return FALSE;
}

static const VasStepAction ports_actions[] = {
    {VAS_STEP_ADD_PORT, add_port, undo_add_port},
    {VAS_STEP_PROVE_PORTS, prove_ports, NULL},
    {0},
};

void
vas_ports_plan_steps(const VasPortsRun *run, GPtrArray *steps)
{
    for (guint i = 0; i < run->added->len; i++) {
        const VasPciController *port = g_ptr_array_index(run->added, i);
        g_autofree char *xml = vas_controller_xml_format(port);

        vas_step_add_on_guest(steps, VAS_STEP_ADD_PORT, 0, xml,
                              "add bus %02x (%s at %s) to the config of %s", port->index,
                              vas_pci_model_name(port->model),
                              vas_guest_address_text(port->address).text, run->before->name);
    }
    vas_step_add_on_guest(steps, VAS_STEP_PROVE_PORTS, 0, NULL,
                          "prove that the config of %s has them, and everything else where it was",
                          run->before->name);
}

gboolean
vas_ports_execute(VasPortsRun *run, const GPtrArray *steps, GPtrArray *results, GError **error)
{
    return vas_execute(run->context, steps, ports_actions, VAS_EXECUTE_ALL_OR_NONE, run, results,
                       error);
}

gboolean
vas_ports_undo(VasPortsRun *run, GError **error)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);

    vas_ports_plan_steps(run, steps);
    return vas_execute_undo(run->context, steps, ports_actions, run, error);
}

gboolean
vas_ports_are_there(const VasGuestDefinition *config, const GPtrArray *ports)
{
    for (guint i = 0; i < ports->len; i++) {
        if (!is_there(config, g_ptr_array_index(ports, i)))
            return FALSE;
    }
    return TRUE;
}
