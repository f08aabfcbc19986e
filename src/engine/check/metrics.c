/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/metrics.h"

#include "core/inventory/inventory-metrics.h"
#include "engine/base/scan.h"
#include "engine/journal/operation.h"
#include "engine/journal/pending.h"
#include "engine/journal/proof.h"
#include "engine/journal/record-file.h"
#include "engine/journal/wish-file.h"
#include "host/sriov/saved-vfs.h"

static const char *const pf_labels[] = {"pf", "pci_address", NULL};
static const char *const release_labels[] = {"pci_address", "guest", "uuid", "alias", NULL};
static const char *const guest_labels[] = {"guest", "uuid", NULL};
static const char *const what_labels[] = {"what", NULL};
static const char *const no_labels[] = {NULL};

/* Counts the things of each kind that could not be read. */
typedef struct {
    guint records;
    guint wishes;
} Unreadable;

static void
note_unreadable(const VasContext *context, const GError *refusal, guint *count)
{
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0, "left out: %s", refusal->message);
    (*count)++;
}

/* @pf NULL: it is not there. */
static void
add_saved(VasMetric *metric, const VasDevice *pf, VasHostAddress device, guint count)
{
    VasPciAddressText address = vas_host_address_text(device);
    VasPciAddressText name;
    const char *const values[] = {pf != NULL ? vas_inventory_metrics_pf(pf, &name) : address.text,
                                  address.text};

    G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(pf_labels));
    vas_metric_add(metric, count, values);
}

/* A PF that another program than virt-assign gives its VFs. */
static void
add_kept(VasMetric *metric, const VasHost *host, const VasDevice *pf)
{
    g_autoptr(VasMappedPf) mapped = vas_mapped_pf_read(host, pf->address);
    g_autoptr(GPtrArray) writers = mapped != NULL ? vas_saved_vfs_list(host, mapped) : NULL;
    const VasVfWriter *certain = writers != NULL ? vas_saved_vfs_certain(writers) : NULL;

    if (certain != NULL)
        add_saved(metric, pf, pf->address, certain->count);
}

static VasMetric *
measure_saved(const VasContext *context, const VasInventory *inventory, Unreadable *unreadable)
{
    VasMetric *metric = vas_metric_new(
        "virt_assign_vfs_saved",
        "VFs that a PF is certain to get at the next boot, by virt-assign's or other settings.",
        pf_labels);
    g_autoptr(VasHostWish) wish = NULL;
    g_autoptr(GError) refusal = NULL;

    if (!vas_wish_file_read(context->host, &wish, &refusal))
        note_unreadable(context, refusal, &unreadable->wishes);
    for (guint i = 0; wish != NULL && i < wish->vfs->len; i++) {
        const VasWishedVfs *wished = g_ptr_array_index(wish->vfs, i);

        add_saved(metric, vas_inventory_find_device(inventory, wished->of.device),
                  wished->of.device, wished->rule->count);
    }
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);
        gboolean is_wished = wish != NULL && vas_host_wish_vfs(wish, device->address) != NULL;

        if (device->kind == VAS_DEVICE_PF && !is_wished)
            add_kept(metric, context->host, device);
    }
    return metric;
}

static void
add_releases(VasMetric *metric, const VasGuest *guest, gint64 now)
{
    const VasGuestRecord *record = guest->live != NULL ? guest->live->record : NULL;

    for (guint i = 0; record != NULL && i < record->releases->len; i++) {
        const VasPendingRelease *release = g_ptr_array_index(record->releases, i);
        VasPciAddressText address = vas_host_address_text(release->device);
        const char *const values[] = {address.text, guest->name, guest->uuid, release->alias};

        G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(release_labels));
        if (release->is_proven && vas_pending_is_current(release, guest))
            vas_metric_add(metric, MAX(now - release->asked_at, 0), values);
    }
}

static VasMetric *
measure_releases(const VasInventory *inventory, gint64 now)
{
    VasMetric *metric = vas_metric_new(
        "virt_assign_release_pending_seconds",
        "Seconds since a guest was asked to release a device that it still has.", release_labels);

    for (guint i = 0; i < inventory->guests->len; i++)
        add_releases(metric, g_ptr_array_index(inventory->guests, i), now);
    return metric;
}

static gboolean
has_unreadable_record(const VasGuest *guest)
{
    return (guest->live != NULL && guest->live->record == NULL) ||
           (guest->config != NULL && guest->config->record == NULL);
}

/* The commands of the host stand beside those of the guests, without a guest. */
static void
add_host_operations(VasMetric *metric, const VasContext *context, Unreadable *unreadable)
{
    static const char *const values[] = {NULL, NULL};
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GArray) firsts = vas_record_file_list(context->host, &refusal);

    G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(guest_labels));
    if (firsts != NULL)
        vas_metric_add(metric, firsts->len, values);
    else
        note_unreadable(context, refusal, &unreadable->records);
}

static VasMetric *
measure_operations(const VasContext *context, const VasInventory *inventory, Unreadable *unreadable)
{
    VasMetric *metric = vas_metric_new(
        "virt_assign_unfinished_operations",
        "Commands on record that did not end, or still run; those of the host have no guest.",
        guest_labels);

    if (context->host != NULL)
        add_host_operations(metric, context, unreadable);
    for (guint i = 0; i < inventory->guests->len; i++) {
        const VasGuest *guest = g_ptr_array_index(inventory->guests, i);
        g_autoptr(GPtrArray) operations = vas_operation_list(guest);
        const char *const values[] = {guest->name, guest->uuid};

        G_STATIC_ASSERT(G_N_ELEMENTS(values) + 1 == G_N_ELEMENTS(guest_labels));
        vas_metric_add(metric, operations->len, values);
        if (!has_unreadable_record(guest))
            continue;
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "left out: what is on record of guest %s cannot be read; see "
                             "virt-assign check %s",
                             guest->name, guest->word);
        unreadable->records++;
    }
    return metric;
}

static VasMetric *
measure_unreadable(const VasInventory *inventory, const Unreadable *unreadable)
{
    VasMetric *metric = vas_metric_new("virt_assign_unreadable",
                                       "What could not be read, and is missing here.", what_labels);
    const struct {
        const char *what;
        guint count;
    } rows[] = {
        {"device", inventory->unreadable_devices->len},
        {"guest", inventory->unreadable_guests->len},
        {"record", unreadable->records},
        {"wish", unreadable->wishes},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        vas_metric_add(metric, rows[i].count, &rows[i].what);
    return metric;
}

static VasMetric *
measure_run(gint64 now)
{
    VasMetric *metric = vas_metric_new("virt_assign_last_run_timestamp_seconds",
                                       "When all of this was read.", no_labels);

    vas_metric_add(metric, now, NULL);
    return metric;
}

GPtrArray *
vas_metrics(const VasContext *context, GError **error)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(VasInventory) inventory = vas_scan(context, error);
    Unreadable unreadable = {0};
    GPtrArray *metrics = NULL;

    if (inventory == NULL)
        return NULL;
    for (guint i = 0; i < inventory->guests->len; i++)
        vas_proof_check_guest(context, g_ptr_array_index(inventory->guests, i));
    metrics = vas_inventory_metrics(inventory);
    if (context->host != NULL)
        g_ptr_array_add(metrics, measure_saved(context, inventory, &unreadable));
    g_ptr_array_add(metrics, measure_releases(inventory, now));
    g_ptr_array_add(metrics, measure_operations(context, inventory, &unreadable));
    g_ptr_array_add(metrics, measure_unreadable(inventory, &unreadable));
    g_ptr_array_add(metrics, measure_run(now));
    return metrics;
}
