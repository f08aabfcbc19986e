/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/json.h"

#include "cli/assignment-pair.h"
#include "core/error.h"
#include "core/rules-critical.h"

#define SCHEMA 1

static void
add_null(JsonBuilder *json, const char *key)
{
    json_builder_set_member_name(json, key);
    json_builder_add_null_value(json);
}

/* JSON text is UTF-8; what sysfs and libvirt hand out need not be. */
void
vas_json_add_text(JsonBuilder *json, const char *key, const char *value)
{
    g_autofree char *valid = NULL;

    if (value == NULL) {
        add_null(json, key);
        return;
    }
    valid = g_utf8_make_valid(value, -1);
    json_builder_set_member_name(json, key);
    json_builder_add_string_value(json, valid);
}

/* @texts NULL: none. */
static void
add_texts(JsonBuilder *json, const char *key, const GPtrArray *texts)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        g_autofree char *valid = g_utf8_make_valid(g_ptr_array_index(texts, i), -1);

        json_builder_add_string_value(json, valid);
    }
    json_builder_end_array(json);
}

static void
add_number(JsonBuilder *json, const char *key, gint64 value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_int_value(json, value);
}

/* @value where it is at least @minimum, else it stands for unknown. */
static void
add_number_from(JsonBuilder *json, const char *key, gint64 value, gint64 minimum)
{
    if (value >= minimum)
        add_number(json, key, value);
    else
        add_null(json, key);
}

static void
add_boolean(JsonBuilder *json, const char *key, gboolean value)
{
    json_builder_set_member_name(json, key);
    json_builder_add_boolean_value(json, value);
}

static void
begin_member(JsonBuilder *json, const char *key, JsonBuilder *(*begin)(JsonBuilder *) )
{
    json_builder_set_member_name(json, key);
    begin(json);
}

/* Vendor, product and class: four hex digits, six for the class, without "0x", as lspci -n. */
static void
add_id(JsonBuilder *json, const char *key, guint32 id)
{
    g_autofree char *text = g_strdup_printf("%04x", id);

    vas_json_add_text(json, key, text);
}

static void
add_host_address(JsonBuilder *json, const char *key, gboolean known, VasHostAddress address)
{
    vas_json_add_text(json, key, known ? vas_host_address_text(address).text : NULL);
}

static void
add_guest_address(JsonBuilder *json, gboolean known, VasGuestAddress address)
{
    vas_json_add_text(json, "guest_address", known ? vas_guest_address_text(address).text : NULL);
}

static void
add_mac(JsonBuilder *json, gboolean known, VasMacAddress mac)
{
    vas_json_add_text(json, "mac", known ? vas_mac_address_text(mac).text : NULL);
}

JsonBuilder *
vas_json_begin(void)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    add_number(json, "schema", SCHEMA);
    return json;
}

/* JSON lets any character stand for itself but those below space, and a terminal obeys more than
 * these: C1 controls, direction overrides. They are only in strings, where an escape means the same
 * (RFC 8259, 7). */
static char *
escape_unprintable(const char *text)
{
    GString *escaped = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);

        if (letter < 0x7f || g_unichar_isprint(letter))
            g_string_append_unichar(escaped, letter);
        else if (letter < 0x10000)
            g_string_append_printf(escaped, "\\u%04x", letter);
        else
            g_string_append_printf(escaped, "\\u%04x\\u%04x", 0xd7c0 + (letter >> 10),
                                   0xdc00 + (letter & 0x3ff));
    }
    return g_string_free(escaped, FALSE);
}

char *
vas_json_end(JsonBuilder *json)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *text = NULL;
    g_autofree char *escaped = NULL;

    json_builder_end_object(json);
    root = json_builder_get_root(json);
    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, TRUE);
    text = json_generator_to_data(generator, NULL);
    escaped = escape_unprintable(text);
    return g_strconcat(escaped, "\n", NULL);
}

void
vas_json_add_error(JsonBuilder *json, const GError *error)
{
    VasError code = error->domain == VAS_ERROR ? (VasError) error->code : VAS_ERROR_FAILED;
    int libvirt_code = vas_error_libvirt_code(error);

    begin_member(json, "error", json_builder_begin_object);
    vas_json_add_text(json, "code", vas_error_name(code));
    vas_json_add_text(json, "message", error->message);
    vas_json_add_text(json, "hint", vas_error_hint(error));
    add_number_from(json, "libvirt_code", libvirt_code, 1);
    json_builder_end_object(json);
}

void
vas_json_add_preview(JsonBuilder *json, const char *xml, const VasAssignment *assignment)
{
    vas_json_add_text(json, "xml", xml);
    add_host_address(json, "device", assignment->has_device, assignment->device);
    vas_json_add_text(json, "type", vas_assignment_type_name(assignment->type));
    vas_json_add_text(json, "alias", assignment->alias);
    add_guest_address(json, assignment->has_guest_address, assignment->guest_address);
    add_mac(json, assignment->has_mac, assignment->mac);
    add_number_from(json, "vlan", assignment->vlan, 0);
}

static void
add_switch(JsonBuilder *json, const char *key, int value)
{
    if (value >= 0)
        add_boolean(json, key, value > 0);
    else
        add_null(json, key);
}

void
vas_json_add_vf_settings(JsonBuilder *json, const VasVfSettings *settings)
{
    if (settings == NULL) {
        add_null(json, "vf_settings");
        return;
    }
    begin_member(json, "vf_settings", json_builder_begin_object);
    add_mac(json, !vas_mac_address_is_zero(settings->mac), settings->mac);
    add_number(json, "vlan", settings->vlan);
    add_number(json, "qos", settings->qos);
    add_switch(json, "trust", settings->trust);
    add_switch(json, "spoof_check", settings->spoof_check);
    vas_json_add_text(json, "link_state",
                      settings->link_state >= 0 ? vas_vf_link_state_name(settings->link_state)
                                                : NULL);
    add_number(json, "max_rate", settings->max_rate);
    add_number(json, "min_rate", settings->min_rate);
    json_builder_end_object(json);
}

static void
add_holding(JsonBuilder *json, const VasHolding *holding)
{
    const VasAssignment *fact = holding->live != NULL ? holding->live : holding->config;

    json_builder_begin_object(json);
    vas_json_add_text(json, "guest", holding->guest->name);
    add_boolean(json, "live", holding->live != NULL);
    add_boolean(json, "config", holding->config != NULL);
    vas_json_add_text(json, "alias", fact->alias);
    add_guest_address(json, fact->has_guest_address, fact->guest_address);
    vas_json_add_text(json, "type", vas_assignment_type_name(fact->type));
    add_mac(json, fact->has_mac, fact->mac);
    add_number_from(json, "vlan", fact->vlan, 0);
    json_builder_end_object(json);
}

static void
add_holdings(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);

    begin_member(json, "assignments", json_builder_begin_array);
    for (guint i = 0; i < holdings->len; i++)
        add_holding(json, &g_array_index(holdings, VasHolding, i));
    json_builder_end_array(json);
}

static void
add_sriov(JsonBuilder *json, const VasDevice *device)
{
    vas_json_add_text(json, "kind", vas_device_kind_name(device->kind));
    add_host_address(json, "pf", device->kind == VAS_DEVICE_VF, device->pf);
    add_number_from(json, "vf_index", device->vf_index, 0);
    begin_member(json, "vfs", json_builder_begin_array);
    for (guint i = 0; i < device->vfs->len; i++) {
        VasHostAddress vf = g_array_index(device->vfs, VasHostAddress, i);

        json_builder_add_string_value(json, vas_host_address_text(vf).text);
    }
    json_builder_end_array(json);
    if (device->kind == VAS_DEVICE_PF)
        add_number(json, "max_vfs", device->max_vfs);
    else
        add_null(json, "max_vfs");
}

static void
add_device_object(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    g_autofree char *class_code = g_strdup_printf("%06x", device->class_code);
    g_autoptr(GPtrArray) critical = vas_rules_critical_reasons(inventory, device);

    json_builder_begin_object(json);
    add_host_address(json, "address", TRUE, device->address);
    vas_json_add_text(json, "nodedev", device->nodedev);
    vas_json_add_text(json, "class", class_code);
    vas_json_add_text(json, "class_name", device->class_name);
    add_id(json, "vendor_id", device->vendor_id);
    vas_json_add_text(json, "vendor", device->vendor);
    add_id(json, "product_id", device->product_id);
    vas_json_add_text(json, "product", device->product);
    vas_json_add_text(json, "driver", device->driver);
    add_number_from(json, "iommu_group", device->iommu_group, 0);
    add_number_from(json, "numa_node", device->numa_node, 0);
    add_sriov(json, device);
    vas_json_add_text(json, "interface", device->interface);
    vas_json_add_text(json, "state",
                      vas_device_state_name(vas_inventory_device_state(inventory, device)));
    add_texts(json, "critical", critical);
    add_holdings(json, inventory, device);
    json_builder_end_object(json);
}

void
vas_json_add_devices(JsonBuilder *json, const VasInventory *inventory, const GPtrArray *devices)
{
    begin_member(json, "devices", json_builder_begin_array);
    for (guint i = 0; i < devices->len; i++)
        add_device_object(json, inventory, g_ptr_array_index(devices, i));
    json_builder_end_array(json);
}

void
vas_json_add_device(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    json_builder_set_member_name(json, "device");
    add_device_object(json, inventory, device);
}

void
vas_json_add_pf(JsonBuilder *json, const VasPf *pf, const char *outcome)
{
    const VasVfRule *rule = pf->rule;
    gboolean is_there = rule != NULL || pf->rule_error != NULL;

    begin_member(json, "pf", json_builder_begin_object);
    add_host_address(json, "address", TRUE, pf->pf->address);
    vas_json_add_text(json, "interface", pf->pf->interface);
    vas_json_add_text(json, "driver", pf->pf->driver);
    add_number(json, "vfs_now", pf->sriov.now);
    add_number(json, "max_vfs", pf->sriov.maximum);
    add_boolean(json, "autoprobe", pf->sriov.autoprobe);
    add_number_from(json, "persistent_vfs", rule != NULL ? (gint64) rule->count : -1, 0);
    if (rule != NULL)
        add_boolean(json, "persistent_autoprobe", rule->autoprobe);
    else
        add_null(json, "persistent_autoprobe");
    vas_json_add_text(json, "persistent_file", is_there ? pf->rule_path : NULL);
    vas_json_add_text(json, "outcome", outcome);
    begin_member(json, "vfs", json_builder_begin_array);
    for (guint i = 0; i < pf->vfs->len; i++)
        add_device_object(json, pf->inventory, g_ptr_array_index(pf->vfs, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void
add_guest_identity(JsonBuilder *json, const VasGuest *guest)
{
    const VasGuestDefinition *definition = vas_guest_fact(guest);

    vas_json_add_text(json, "name", guest->name);
    vas_json_add_text(json, "uuid", guest->uuid);
    vas_json_add_text(json, "state", vas_guest_state_name(guest->state));
    vas_json_add_text(json, "machine", definition != NULL ? definition->machine : NULL);
}

static void
add_port(JsonBuilder *json, const VasPort *port)
{
    json_builder_begin_object(json);
    add_number(json, "bus", port->bus);
    vas_json_add_text(json, "model", vas_pci_model_name(port->model));
    add_number_from(json, "guest_bus", port->guest_bus, 0);
    add_number_from(json, "numa_node", port->host_node, 0);
    add_boolean(json, "live", port->live);
    add_boolean(json, "config", port->config);
    add_boolean(json, "hotplug", port->hotplug);
    begin_member(json, "free", json_builder_begin_array);
    for (guint i = 0; i < port->free->len; i++)
        json_builder_add_string_value(
            json, vas_guest_address_text(g_array_index(port->free, VasGuestAddress, i)).text);
    json_builder_end_array(json);
    begin_member(json, "taken", json_builder_begin_array);
    for (guint i = 0; i < port->taken->len; i++) {
        const VasPortUse *use = g_ptr_array_index(port->taken, i);

        json_builder_begin_object(json);
        add_guest_address(json, TRUE, use->address);
        vas_json_add_text(json, "live", use->live);
        vas_json_add_text(json, "config", use->config);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
}

static void
add_new_port(JsonBuilder *json, const VasNewPort *port)
{
    json_builder_begin_object(json);
    add_number(json, "bus", port->bus);
    vas_json_add_text(json, "model", vas_pci_model_name(port->model));
    add_guest_address(json, TRUE, port->address);
    add_number_from(json, "guest_bus", port->guest_bus, 0);
    json_builder_end_object(json);
}

void
vas_json_add_ports(JsonBuilder *json, const VasGuestPorts *ports, const char *outcome)
{
    begin_member(json, "guest", json_builder_begin_object);
    add_guest_identity(json, ports->guest);
    json_builder_end_object(json);
    begin_member(json, "ports", json_builder_begin_array);
    for (guint i = 0; i < ports->ports->len; i++)
        add_port(json, g_ptr_array_index(ports->ports, i));
    json_builder_end_array(json);
    begin_member(json, "added", json_builder_begin_array);
    for (guint i = 0; i < ports->added->len; i++)
        add_new_port(json, &g_array_index(ports->added, VasNewPort, i));
    json_builder_end_array(json);
    add_texts(json, "renames", ports->renames);
    vas_json_add_text(json, "outcome", outcome);
}

static void
add_pair(JsonBuilder *json, const VasAssignmentPair *pair)
{
    const VasAssignment *fact = vas_assignment_pair_fact(pair);

    json_builder_begin_object(json);
    add_host_address(json, "device", fact->has_device, fact->device);
    vas_json_add_text(json, "alias", fact->alias);
    add_guest_address(json, fact->has_guest_address, fact->guest_address);
    vas_json_add_text(json, "type", vas_assignment_type_name(fact->type));
    add_mac(json, fact->has_mac, fact->mac);
    add_number_from(json, "vlan", fact->vlan, 0);
    add_boolean(json, "live", pair->live != NULL);
    add_boolean(json, "config", pair->config != NULL);
    vas_json_add_text(json, "difference", pair->difference);
    vas_json_add_text(json, "predicted_name", pair->name != NULL ? pair->name->name : NULL);
    json_builder_end_object(json);
}

static void
add_nic(JsonBuilder *json, const VasGuestNic *nic)
{
    const VasNic *fact = vas_guest_nic_fact(nic);

    json_builder_begin_object(json);
    add_mac(json, fact->has_mac, fact->mac);
    add_guest_address(json, fact->has_guest_address, fact->guest_address);
    add_number_from(json, "acpi_index", fact->acpi_index, 1);
    add_boolean(json, "live", nic->live != NULL);
    add_boolean(json, "config", nic->config != NULL);
    vas_json_add_text(json, "predicted_name", nic->name != NULL ? nic->name->name : NULL);
    vas_json_add_text(json, "why", nic->name != NULL ? nic->name->why : NULL);
    vas_json_add_text(json, "next_name", nic->next != NULL ? nic->next->name : NULL);
    vas_json_add_text(json, "actual_name", nic->actual);
    json_builder_end_object(json);
}

void
vas_json_add_guest(JsonBuilder *json, const VasInventory *inventory, const VasGuest *guest,
                   const GPtrArray *nics)
{
    g_autoptr(GPtrArray) pairs = vas_assignment_pairs(inventory, guest);

    begin_member(json, "guest", json_builder_begin_object);
    add_guest_identity(json, guest);
    begin_member(json, "assignments", json_builder_begin_array);
    for (guint i = 0; i < pairs->len; i++)
        add_pair(json, g_ptr_array_index(pairs, i));
    json_builder_end_array(json);
    begin_member(json, "nics", json_builder_begin_array);
    for (guint i = 0; i < nics->len; i++)
        add_nic(json, g_ptr_array_index(nics, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
}

void
vas_json_add_steps(JsonBuilder *json, const GPtrArray *steps, const GPtrArray *results)
{
    begin_member(json, "steps", json_builder_begin_array);
    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);
        const VasAssignment *assignment = step->assignment;
        const VasResult *result = g_ptr_array_index(results, step->subject);

        json_builder_begin_object(json);
        vas_json_add_text(json, "kind", vas_step_kind_name(step->kind));
        add_host_address(json, "device", assignment != NULL && assignment->has_device,
                         assignment != NULL ? assignment->device : (VasHostAddress){0});
        vas_json_add_text(json, "guest", result->guest);
        vas_json_add_text(json, "text", step->text);
        vas_json_add_text(json, "xml", step->xml);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

/* @error NULL: there is none. */
static void
add_own_error(JsonBuilder *json, const GError *error)
{
    if (error != NULL)
        vas_json_add_error(json, error);
    else
        add_null(json, "error");
}

static void
add_result(JsonBuilder *json, const VasResult *result)
{
    json_builder_begin_object(json);
    add_host_address(json, "device", result->has_device, result->device);
    vas_json_add_text(json, "guest", result->guest);
    vas_json_add_text(json, "alias", result->alias);
    add_guest_address(json, result->has_guest_address, result->guest_address);
    add_mac(json, result->has_mac, result->mac);
    vas_json_add_text(json, "outcome", vas_outcome_name(result->outcome));
    add_boolean(json, "live", result->live);
    add_boolean(json, "config", result->config);
    vas_json_add_text(json, "driver", result->driver);
    vas_json_add_text(json, "predicted_name", result->predicted_name);
    vas_json_add_text(json, "predicted_older_name", result->predicted_older);
    vas_json_add_vf_settings(json, result->has_vf_settings ? &result->vf_settings : NULL);
    add_texts(json, "overridden", result->overridden);
    add_own_error(json, result->error);
    json_builder_end_object(json);
}

void
vas_json_add_results(JsonBuilder *json, const GPtrArray *results)
{
    begin_member(json, "results", json_builder_begin_array);
    for (guint i = 0; i < results->len; i++)
        add_result(json, g_ptr_array_index(results, i));
    json_builder_end_array(json);
}

void
vas_json_add_findings(JsonBuilder *json, const GPtrArray *findings)
{
    begin_member(json, "findings", json_builder_begin_array);
    for (guint i = 0; i < findings->len; i++) {
        const VasFinding *finding = g_ptr_array_index(findings, i);

        json_builder_begin_object(json);
        vas_json_add_text(json, "id", finding->id);
        vas_json_add_text(json, "level", vas_finding_level_name(finding->level));
        vas_json_add_text(json, "subject", finding->subject);
        vas_json_add_text(json, "summary", finding->summary);
        vas_json_add_text(json, "evidence", finding->evidence);
        vas_json_add_text(json, "advice", finding->advice);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

void
vas_json_add_host_results(JsonBuilder *json, const GPtrArray *results)
{
    begin_member(json, "results", json_builder_begin_array);
    for (guint i = 0; i < results->len; i++) {
        const VasResult *result = g_ptr_array_index(results, i);

        json_builder_begin_object(json);
        add_host_address(json, "device", result->has_device, result->device);
        vas_json_add_text(json, "driver_before", result->driver_before);
        vas_json_add_text(json, "driver", result->driver);
        vas_json_add_text(json, "outcome", vas_outcome_name(result->outcome));
        add_texts(json, "overridden", result->overridden);
        add_own_error(json, result->error);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void
add_recovery(JsonBuilder *json, const VasRecovery *recovery)
{
    g_autoptr(GDateTime) start =
        recovery->started_at > 0 ? g_date_time_new_from_unix_utc(recovery->started_at) : NULL;
    g_autofree char *started = start != NULL ? g_date_time_format_iso8601(start) : NULL;

    json_builder_begin_object(json);
    vas_json_add_text(json, "command", recovery->command);
    vas_json_add_text(json, "guest", recovery->guest);
    vas_json_add_text(json, "started", started);
    begin_member(json, "devices", json_builder_begin_array);
    for (guint i = 0; i < recovery->devices->len; i++)
        json_builder_add_string_value(
            json, vas_host_address_text(g_array_index(recovery->devices, VasHostAddress, i)).text);
    json_builder_end_array(json);
    vas_json_add_text(json, "outcome", vas_recovery_outcome_name(recovery->outcome));
    add_own_error(json, recovery->error);
    json_builder_end_object(json);
}

void
vas_json_add_recoveries(JsonBuilder *json, const GPtrArray *recoveries)
{
    begin_member(json, "recoveries", json_builder_begin_array);
    for (guint i = 0; i < recoveries->len; i++)
        add_recovery(json, g_ptr_array_index(recoveries, i));
    json_builder_end_array(json);
}
