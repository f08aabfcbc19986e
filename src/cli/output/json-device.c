/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output/json-device.h"

#include "cli/print/json.h"
#include "core/rules/rules-critical.h"
#include "engine/journal/wish-file.h"

/* Vendor, product and class: four hex digits, six for the class, without "0x", as lspci -n. */
static void
add_id(JsonBuilder *json, const char *key, guint32 id)
{
    g_autofree char *text = g_strdup_printf("%04x", id);

    vas_json_add_text(json, key, text);
}

static void
add_switch(JsonBuilder *json, const char *key, int value)
{
    if (value >= 0)
        vas_json_add_boolean(json, key, value > 0);
    else
        vas_json_add_null(json, key);
}

void
vas_json_add_vf_settings(JsonBuilder *json, const VasVfSettings *settings)
{
    if (settings == NULL) {
        vas_json_add_null(json, "vf_settings");
        return;
    }
    vas_json_begin_member(json, "vf_settings", json_builder_begin_object);
    vas_json_add_mac(json, !vas_mac_address_is_zero(settings->mac), settings->mac);
    vas_json_add_number(json, "vlan", settings->vlan);
    vas_json_add_number(json, "qos", settings->qos);
    add_switch(json, "trust", settings->trust);
    add_switch(json, "spoof_check", settings->spoof_check);
    vas_json_add_text(json, "link_state",
                      settings->link_state >= 0 ? vas_vf_link_state_name(settings->link_state)
                                                : NULL);
    vas_json_add_number(json, "max_rate", settings->max_rate);
    vas_json_add_number(json, "min_rate", settings->min_rate);
    json_builder_end_object(json);
}

void
vas_json_add_pools(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GPtrArray) pools = vas_inventory_pools_of(inventory, device);

    vas_json_begin_member(json, "pools", json_builder_begin_array);
    for (guint i = 0; i < pools->len; i++) {
        const VasPool *pool = g_ptr_array_index(pools, i);

        json_builder_begin_object(json);
        vas_json_add_text(json, "network", pool->name);
        vas_json_add_boolean(json, "active", pool->is_active);
        vas_json_add_boolean(json, "autostarted", pool->is_autostarted);
        vas_json_add_text(json, "pf_interface", pool->pf);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void
add_keys(JsonBuilder *json, const VasIdentity *identity)
{
    vas_json_begin_member(json, "card_keys", json_builder_begin_array);
    for (guint i = 0; i < VAS_N_CARD_KEYS; i++) {
        if (identity->keys[i] == NULL)
            continue;
        json_builder_begin_object(json);
        vas_json_add_text(json, "kind", vas_card_key_name(i));
        vas_json_add_text(json, "value", identity->keys[i]);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

void
vas_json_add_identity(JsonBuilder *json, const VasIdentity *identity)
{
    if (identity == NULL) {
        vas_json_add_null(json, "identity");
        return;
    }
    vas_json_begin_member(json, "identity", json_builder_begin_object);
    add_id(json, "vendor_id", identity->vendor_id);
    add_id(json, "product_id", identity->product_id);
    if (identity->has_subsystem) {
        add_id(json, "subsystem_vendor_id", identity->subsystem_vendor_id);
        add_id(json, "subsystem_id", identity->subsystem_id);
    } else {
        vas_json_add_null(json, "subsystem_vendor_id");
        vas_json_add_null(json, "subsystem_id");
    }
    add_keys(json, identity);
    vas_json_add_boolean(json, "may_have_more_keys", identity->may_have_more_keys);
    vas_json_add_text(json, "place", identity->place);
    vas_json_add_number_from(json, "function",
                             identity->place != NULL ? (gint64) identity->function : -1, 0);
    vas_json_add_number_from(json, "vf_index", identity->vf_index, 0);
    json_builder_end_object(json);
}

void
vas_json_add_wish(JsonBuilder *json, const VasWish *wish)
{
    const VasVfWish *settings = wish != NULL ? &wish->settings : NULL;

    if (wish == NULL) {
        vas_json_add_null(json, "wish");
        return;
    }
    vas_json_begin_member(json, "wish", json_builder_begin_object);
    vas_json_add_boolean(json, "required", wish->is_required);
    vas_json_add_number_from(json, "qos", settings->qos, 0);
    add_switch(json, "trust", settings->trust);
    add_switch(json, "spoof_check", settings->spoof_check);
    vas_json_add_text(json, "link_state",
                      settings->link_state >= 0 ? vas_vf_link_state_name(settings->link_state)
                                                : NULL);
    vas_json_add_number_from(json, "max_rate", settings->max_rate, 0);
    vas_json_add_identity(json, wish->identity);
    json_builder_end_object(json);
}

static void
add_holding(JsonBuilder *json, const VasHolding *holding)
{
    const VasAssignment *fact = holding->live != NULL ? holding->live : holding->config;

    json_builder_begin_object(json);
    vas_json_add_text(json, "guest", holding->guest->name);
    vas_json_add_boolean(json, "live", holding->live != NULL);
    vas_json_add_boolean(json, "config", holding->config != NULL);
    vas_json_add_text(json, "alias", fact->alias);
    vas_json_add_guest_address(json, fact->has_guest_address, fact->guest_address);
    vas_json_add_text(json, "type", vas_assignment_type_name(fact->type));
    vas_json_add_mac(json, fact->has_mac, fact->mac);
    vas_json_add_number_from(json, "vlan", fact->vlan, 0);
    json_builder_end_object(json);
}

static void
add_holdings(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GArray) holdings = vas_inventory_holdings(inventory, device);

    vas_json_begin_member(json, "assignments", json_builder_begin_array);
    for (guint i = 0; i < holdings->len; i++)
        add_holding(json, &g_array_index(holdings, VasHolding, i));
    json_builder_end_array(json);
}

static void
add_usings(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    g_autoptr(GArray) usings = vas_inventory_usings(inventory, device);

    vas_json_begin_member(json, "uses", json_builder_begin_array);
    for (guint i = 0; i < usings->len; i++) {
        const VasUsing *using = &g_array_index(usings, VasUsing, i);

        json_builder_begin_object(json);
        vas_json_add_text(json, "guest", using->guest->name);
        vas_json_add_boolean(json, "live", using->live);
        vas_json_add_boolean(json, "config", using->config);
        vas_json_add_boolean(json, "shared", !using->takes);
        vas_json_add_text(json, "element", using->use->element);
        vas_json_add_text(json, "source", using->use->source);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void
add_sriov(JsonBuilder *json, const VasDevice *device)
{
    vas_json_add_text(json, "kind", vas_device_kind_name(device->kind));
    vas_json_add_host_address(json, "pf", device->kind == VAS_DEVICE_VF, device->pf);
    vas_json_add_number_from(json, "vf_index", device->vf_index, 0);
    vas_json_begin_member(json, "vfs", json_builder_begin_array);
    for (guint i = 0; i < device->vfs->len; i++) {
        VasHostAddress vf = g_array_index(device->vfs, VasHostAddress, i);

        json_builder_add_string_value(json, vas_host_address_text(vf).text);
    }
    json_builder_end_array(json);
    if (device->kind == VAS_DEVICE_PF)
        vas_json_add_number(json, "max_vfs", device->max_vfs);
    else
        vas_json_add_null(json, "max_vfs");
}

static void
add_device_object(JsonBuilder *json, const VasInventory *inventory, const VasDevice *device)
{
    g_autofree char *class_code = g_strdup_printf("%06x", device->class_code);
    g_autoptr(GPtrArray) critical = vas_rules_critical_reasons(inventory, device);

    json_builder_begin_object(json);
    vas_json_add_host_address(json, "address", TRUE, device->address);
    vas_json_add_text(json, "nodedev", device->nodedev);
    vas_json_add_text(json, "class", class_code);
    vas_json_add_text(json, "class_name", device->class_name);
    add_id(json, "vendor_id", device->vendor_id);
    vas_json_add_text(json, "vendor", device->vendor);
    add_id(json, "product_id", device->product_id);
    vas_json_add_text(json, "product", device->product);
    vas_json_add_text(json, "driver", device->driver);
    vas_json_add_number_from(json, "iommu_group", device->iommu_group, 0);
    vas_json_add_number_from(json, "numa_node", device->numa_node, 0);
    add_sriov(json, device);
    vas_json_add_text(json, "interface", device->interface);
    vas_json_add_texts(json, "other_names", device->other_names);
    vas_json_add_text(json, "state",
                      vas_device_state_name(vas_inventory_device_state(inventory, device)));
    vas_json_add_texts(json, "critical", critical);
    add_holdings(json, inventory, device);
    add_usings(json, inventory, device);
    json_builder_end_object(json);
}

void
vas_json_add_devices(JsonBuilder *json, const VasInventory *inventory, const GPtrArray *devices)
{
    vas_json_begin_member(json, "devices", json_builder_begin_array);
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

static void
add_writers(JsonBuilder *json, const GPtrArray *writers)
{
    vas_json_begin_member(json, "kept_by", json_builder_begin_array);
    for (guint i = 0; i < writers->len; i++) {
        const VasVfWriter *writer = g_ptr_array_index(writers, i);

        json_builder_begin_object(json);
        vas_json_add_text(json, "program", writer->program);
        vas_json_add_text(json, "file", writer->path);
        vas_json_add_number_from(json, "line", writer->line, 1);
        vas_json_add_number_from(json, "vfs", writer->has_count ? (gint64) writer->count : -1, 0);
        vas_json_add_text(json, "doubt", writer->doubt);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

void
vas_json_add_pf(JsonBuilder *json, const VasPf *pf, const char *outcome)
{
    const VasVfRule *rule = pf->rule;
    gboolean is_there = rule != NULL || pf->rule_error != NULL;

    vas_json_begin_member(json, "pf", json_builder_begin_object);
    vas_json_add_host_address(json, "address", TRUE, pf->pf->address);
    vas_json_add_text(json, "interface", pf->pf->interface);
    vas_json_add_text(json, "driver", pf->pf->driver);
    vas_json_add_number(json, "vfs_now", pf->sriov.now);
    vas_json_add_number(json, "max_vfs", pf->sriov.maximum);
    vas_json_add_boolean(json, "autoprobe", pf->sriov.autoprobe);
    vas_json_add_number_from(json, "persistent_vfs", rule != NULL ? (gint64) rule->count : -1, 0);
    if (rule != NULL)
        vas_json_add_boolean(json, "persistent_autoprobe", rule->autoprobe);
    else
        vas_json_add_null(json, "persistent_autoprobe");
    vas_json_add_text(json, "persistent_file", is_there ? VAS_WISH_FILE : NULL);
    add_writers(json, pf->writers);
    vas_json_add_text(json, "outcome", outcome);
    vas_json_begin_member(json, "vfs", json_builder_begin_array);
    for (guint i = 0; i < pf->vfs->len; i++)
        add_device_object(json, pf->inventory, g_ptr_array_index(pf->vfs, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
}
