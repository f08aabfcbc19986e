/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/steps/vfs-steps.h"

#include "core/value/error.h"
#include "engine/base/vfio-use.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "host/sriov/sriov.h"
#include "host/system/udev.h"

/* Kernel, udev and libvirt are looked at this often. */
#define LOOK_INTERVAL (G_USEC_PER_SEC / 4)
/* udevd, and libvirt behind it, hear of an event a moment after the kernel has sent it. */
#define QUIET_LOOKS 2

static gboolean
persist(gpointer data, const VasStep *step, GError **error)
{
    const VasVfsRun *run = data;

    (void) step;
    return vas_persist_vfs(run->context, run->pf, run->wished.rule, run->identity, error);
}

static gboolean
undo_persist(gpointer data, const VasStep *step, GError **error)
{
    const VasVfsRun *run = data;

    (void) step;
    return vas_persist_vfs(run->context, run->pf, run->before.rule, run->identity, error);
}

static gboolean
set_autoprobe(gpointer data, const VasStep *step, GError **error)
{
    const VasVfsRun *run = data;

    (void) step;
    return vas_sriov_set_autoprobe(run->context->host, run->pf, run->wished.autoprobe, error);
}

static gboolean
undo_set_autoprobe(gpointer data, const VasStep *step, GError **error)
{
    const VasVfsRun *run = data;
    gboolean before = run->before.autoprobe;
    VasSriovState now;

    (void) step;
    if (!run->wished.autoprobe == !before)
        return TRUE;
    if (!vas_sriov_read(run->context->host, run->pf, &now, error))
        return FALSE;
    return !now.autoprobe == !before ||
           vas_sriov_set_autoprobe(run->context->host, run->pf, before, error);
}

/* A guest may have been started since the decision, and in an undo it may have got a VF that this
 * command made: they are looked at right before they are removed. */
static gboolean
check_all_let_go(const VasVfsRun *run, GError **error)
{
    g_autoptr(GArray) vfs = vas_sriov_list_vfs(run->context->host, run->pf);

    for (guint i = 0; i < vfs->len; i++) {
        if (!vas_vfio_use_check_let_go(run->context, g_array_index(vfs, VasHostAddress, i),
                                       error)) {
            g_prefix_error(error, "the VFs of %s stay, the kernel would wait without end: ",
                           vas_host_address_text(run->pf).text);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
remove_vfs(gpointer data, const VasStep *step, GError **error)
{
    VasVfsRun *run = data;

    (void) step;
    if (!check_all_let_go(run, error))
        return FALSE;
    run->disturbed = TRUE;
    return vas_sriov_set_count(run->context->host, run->pf, 0, error);
}

static gboolean
create_vfs(gpointer data, const VasStep *step, GError **error)
{
    VasVfsRun *run = data;

    (void) step;
    run->disturbed = TRUE;
    return vas_sriov_set_count(run->context->host, run->pf, run->wished.count, error);
}

/* The old VFs come back by the old autoprobe: host drivers take them as before. The way from one
 * number to another leads through 0 (vas_sriov_set_count). */
static gboolean
undo_count(gpointer data, const VasStep *step, GError **error)
{
    const VasVfsRun *run = data;
    const VasHost *host = run->context->host;
    guint before = run->before.count;
    VasSriovState now;

    if (!undo_set_autoprobe(data, step, error) || !vas_sriov_read(host, run->pf, &now, error))
        return FALSE;
    if (now.now == before)
        return TRUE;
    if (now.now > 0 &&
        (!check_all_let_go(run, error) || !vas_sriov_set_count(host, run->pf, 0, error)))
        return FALSE;
    return before == 0 || vas_sriov_set_count(host, run->pf, before, error);
}

static gboolean
has_node_device(GStrv names, VasHostAddress device)
{
    return g_strv_contains((const char *const *) names, vas_pci_address_nodedev(device.pci).text);
}

/* libvirt may know too few VFs or too many: names the first that is waited for; NULL: none. Returns
 * full. */
static char *
find_disagreement(const VasVfsRun *run, const GArray *vfs, GStrv names)
{
    const GArray *before = run->vfs;

    for (guint i = 0; i < vfs->len; i++) {
        VasHostAddress vf = g_array_index(vfs, VasHostAddress, i);

        if (!has_node_device(names, vf))
            return g_strdup_printf("libvirt to know VF %u, %s", i, vas_host_address_text(vf).text);
    }
    for (guint i = 0; i < before->len; i++) {
        VasHostAddress vf = g_array_index(before, VasHostAddress, i);

        if (!vas_host_addresses_have(vfs, vf) && has_node_device(names, vf))
            return g_strdup_printf("libvirt to forget VF %u, %s", i,
                                   vas_host_address_text(vf).text);
    }
    return NULL;
}

/* *ret_missing NULL: kernel, udev and libvirt agree. */
static gboolean
look(const VasVfsRun *run, char **ret_missing, GError **error)
{
    VasHypervisor *hypervisor = run->context->hypervisor;
    g_autoptr(GArray) vfs = NULL;
    g_auto(GStrv) names = NULL;
    VasSriovState now;

    if (!vas_sriov_read(run->context->host, run->pf, &now, error))
        return FALSE;
    vfs = vas_sriov_list_vfs(run->context->host, run->pf);
    if (vfs->len != now.now) {
        *ret_missing = g_strdup_printf("the kernel to list %u VFs, now %u", now.now, vfs->len);
        return TRUE;
    }
    /* At a boot udev is busy with all devices. */
    if (!run->only_adds && vas_udev_is_busy(run->context->host)) {
        *ret_missing = g_strdup("udev to be done with the changed devices");
        return TRUE;
    }
    if (hypervisor == NULL) {
        *ret_missing = NULL;
        return TRUE;
    }
    names = hypervisor->list_node_devices(hypervisor, VAS_NODE_DEVICE_PCI, error);
    if (names == NULL)
        return FALSE;
    *ret_missing = find_disagreement(run, vfs, names);
    return TRUE;
}

static gboolean
look_or_reconnect(const VasVfsRun *run, gint64 deadline, char **ret_missing, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (look(run, ret_missing, &failure))
        return TRUE;
    if (!g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNREACHABLE)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return vas_context_reconnect(run->context, deadline, error) && look(run, ret_missing, error);
}

static gboolean
give_up(const VasVfsRun *run, const char *missing, GError **error)
{
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "waited %u s in vain for %s", run->timeout,
                missing != NULL ? missing : "udev to settle");
    vas_error_set_hint(error, "see what udev is at (udevadm monitor, journalctl -u systemd-udevd), "
                              "or wait longer: --timeout");
    return FALSE;
}

static gboolean
await_vfs(gpointer data, const VasStep *step, GError **error)
{
    const VasVfsRun *run = data;
    gint64 begin = g_get_monotonic_time();
    gint64 deadline = begin + (gint64) run->timeout * G_USEC_PER_SEC;
    guint quiet = 0;

    (void) step;
    for (;;) {
        g_autofree char *missing = NULL;
        g_autoptr(VasEvent) event = NULL;
        gint64 now;

        if (!look_or_reconnect(run, deadline, &missing, error))
            return FALSE;
        quiet = missing == NULL ? quiet + 1 : 0;
        if (quiet == QUIET_LOOKS)
            return TRUE;
        now = g_get_monotonic_time();
        if (now >= deadline)
            return give_up(run, missing, error);
        if (!vas_interrupt_check(run->context->interrupt, error))
            return FALSE;
        if (missing != NULL)
            vas_context_progress(run->context, VAS_PROGRESS_WAITING,
                                 (guint) ((now - begin) / G_USEC_PER_SEC), run->timeout,
                                 "waiting for %s", missing);
        /* No event is waited for: this paces the looks. */
        event = vas_context_next_event(run->context, MIN(deadline, now + LOOK_INTERVAL));
    }
}

static const VasStepAction vfs_actions[] = {
    {VAS_STEP_PERSIST_VFS, persist, undo_persist},
    {VAS_STEP_SET_AUTOPROBE, set_autoprobe, undo_set_autoprobe},
    {VAS_STEP_REMOVE_VFS, remove_vfs, undo_count},
    {VAS_STEP_CREATE_VFS, create_vfs, undo_count},
    {VAS_STEP_AWAIT_VFS, await_vfs, NULL},
    {0},
};

static const char *
on_off(gboolean on)
{
    return on ? "on" : "off";
}

static void
plan_rule(GPtrArray *steps, const VasVfsRun *run)
{
    const VasVfRule *rule = run->wished.rule;
    VasPciAddressText pf = vas_host_address_text(run->pf);

    if (vas_vf_rule_equal(rule, run->before.rule))
        return;
    if (rule == NULL)
        vas_step_add_on_host(steps, VAS_STEP_PERSIST_VFS, 0, run->pf,
                             "take the VFs of %s out of %s, and out of the udev rules", pf.text,
                             VAS_WISH_FILE);
    else
        vas_step_add_on_host(steps, VAS_STEP_PERSIST_VFS, 0, run->pf,
                             "write into %s, and into the udev rules: %u VFs for %s at each boot, "
                             "autoprobe %s",
                             VAS_WISH_FILE, rule->count, pf.text, on_off(rule->autoprobe));
}

/* The cheap steps come first: a failure there has disturbed no VF. */
void
vas_vfs_plan(const VasVfsRun *run, GPtrArray *steps)
{
    VasPciAddressText pf = vas_host_address_text(run->pf);
    guint now = run->before.count;
    guint count = run->wished.count;

    plan_rule(steps, run);
    if (!run->wished.autoprobe != !run->before.autoprobe)
        vas_step_add_on_host(steps, VAS_STEP_SET_AUTOPROBE, 0, run->pf,
                             "set the autoprobe of %s's VFs %s", pf.text,
                             on_off(run->wished.autoprobe));
    if (count == now)
        return;
    if (now > 0) {
        vas_step_add_on_host(steps, VAS_STEP_REMOVE_VFS, 0, run->pf, "remove all %u VFs of %s", now,
                             pf.text);
        vas_step_add_on_host(steps, VAS_STEP_AWAIT_VFS, 0, run->pf,
                             "wait until udev and libvirt know %s without VFs", pf.text);
    }
    if (count > 0) {
        vas_step_add_on_host(steps, VAS_STEP_CREATE_VFS, 0, run->pf, "make %u VFs of %s", count,
                             pf.text);
        vas_step_add_on_host(steps, VAS_STEP_AWAIT_VFS, 0, run->pf,
                             "wait until udev and libvirt know all VFs of %s", pf.text);
    }
}

/* Tells behind an undo that failed how the PF is now, and the command that makes it what it was. */
static void
tell_what_is_left(const VasVfsRun *run, GError **error)
{
    const VasVfsState *before = &run->before;
    VasPciAddressText pf = vas_host_address_text(run->pf);
    gboolean other_autoprobe = !run->wished.autoprobe != !before->autoprobe;
    VasVfRule rule = {before->count, before->autoprobe, (char *) run->driver};
    gboolean same_rule = !vas_vf_rule_equal(run->wished.rule, before->rule) &&
                         before->rule != NULL && vas_vf_rule_equal(before->rule, &rule);
    VasSriovState now;

    if (vas_sriov_read(run->context->host, run->pf, &now, NULL)) {
        g_autofree char *message = (*error)->message;

        (*error)->message = g_strdup_printf("%s; now it has %u VFs, autoprobe %s", message, now.now,
                                            on_off(now.autoprobe));
    }
    vas_error_set_hint(error, "as before: virt-assign vfs %s %u%s%s%s", pf.text, before->count,
                       other_autoprobe ? " --autoprobe " : "",
                       other_autoprobe ? on_off(before->autoprobe) : "",
                       same_rule ? " --persist" : "");
}

static void
note_undone(const VasVfsRun *run)
{
    VasSriovState now;

    if (!vas_sriov_read(run->context->host, run->pf, &now, NULL) || now.now != run->before.count)
        return;
    vas_context_progress(run->context, VAS_PROGRESS_NOTE, 0, 0, "%s has %u VFs, as before",
                         vas_host_address_text(run->pf).text, now.now);
}

gboolean
vas_vfs_execute(VasVfsRun *run, const GPtrArray *steps, GPtrArray *results, GError **error)
{
    g_autoptr(GError) failure = NULL;

    if (vas_execute(run->context, steps, vfs_actions,
                    run->only_adds ? VAS_EXECUTE_EACH : VAS_EXECUTE_ALL_OR_NONE, run, results,
                    &failure))
        return TRUE;
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNDO_FAILED))
        tell_what_is_left(run, &failure);
    if (run->disturbed)
        note_undone(run);
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean
vas_vfs_undo(VasVfsRun *run, GError **error)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);

    vas_vfs_plan(run, steps);
    return vas_execute_undo(run->context, steps, vfs_actions, run, error);
}
