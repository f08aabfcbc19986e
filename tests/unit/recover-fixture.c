/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recover-fixture.h"

#include "core/value/error.h"
#include "engine/verbs/recover.h"
#include "fake-clock.h"
#include "fake-private.h"

#include <string.h>

/* These say where the command is to die, and keep the calls that its death takes the place of. */
static FakeHypervisor *dying;
static gboolean (*true_attach)(VasHypervisor *port, const char *uuid, const char *xml,
                               VasScope scope, GError **error);
static VasScope deadly_scope;
static guint attaches_left;
static VasVfSettingsWriter true_writer;

static const VasVfSettings before = {.mac = {{0x52, 0x54, 0, 0xbb, 0, 1}},
                                     .vlan = 42,
                                     .qos = 3,
                                     .vlan_protocol = VAS_VLAN_PROTOCOL,
                                     .max_rate = 100,
                                     .spoof_check = 1};

void
recover_set_up(RecoverWorld *recover, gconstpointer data)
{
    world_set_up(&recover->world, data);
    recover->world.fake->pass_time = fake_clock_pass;
    *fake_vf_settings(recover->world.fake, VF) = before;
}

void
recover_tear_down(RecoverWorld *recover, gconstpointer data)
{
    g_clear_pointer(&recover->world.recoveries, g_ptr_array_unref);
    world_tear_down(&recover->world, data);
}

void
die_at(RecoverWorld *recover, FakeCall call, guint nth)
{
    fake_plan_fault(recover->world.fake, call, nth, FAKE_CUTS_OFF, 0, NULL);
}

static gboolean
die(GError **error)
{
    Fake *fake = (Fake *) dying;

    fake->cut_off = TRUE;
    fake_disconnect(fake);
    return fake_fail_unreachable(error);
}

static gboolean
attach_and_die(VasHypervisor *port, const char *uuid, const char *xml, VasScope scope,
               GError **error)
{
    if (!true_attach(port, uuid, xml, scope, error))
        return FALSE;
    return scope != deadly_scope || --attaches_left > 0 || die(error);
}

void
die_behind_attach(RecoverWorld *recover, VasScope scope, guint nth)
{
    dying = recover->world.fake;
    true_attach = dying->port.attach;
    deadly_scope = scope;
    attaches_left = nth;
    dying->port.attach = attach_and_die;
}

static gboolean
write_and_die(const char *pf_interface, int vf_index, VasVfField field,
              const VasVfSettings *settings, gpointer data, GError **error)
{
    return true_writer(pf_interface, vf_index, field, settings, data, error) && die(error);
}

void
die_behind_write_vf(RecoverWorld *recover)
{
    dying = recover->world.fake;
    true_writer = dying->host->write_vf_settings;
    dying->host->write_vf_settings = write_and_die;
}

void
revive(RecoverWorld *recover)
{
    Fake *fake = (Fake *) recover->world.fake;

    g_assert_true(fake->cut_off);
    fake->cut_off = FALSE;
    fake->connection.disconnected = FALSE;
    if (true_attach != NULL)
        fake->public.port.attach = g_steal_pointer(&true_attach);
    if (true_writer != NULL)
        fake->public.host->write_vf_settings = g_steal_pointer(&true_writer);
    g_clear_error(&recover->world.error);
    g_ptr_array_set_size(fake->public.notes, 0);
}

void
kill_attach(RecoverWorld *recover, const char *const *devices)
{
    (void) run_attach(&recover->world, devices);
    revive(recover);
}

void
kill_detach(RecoverWorld *recover, const char *const *devices)
{
    (void) run_detach(&recover->world, devices);
    revive(recover);
}

gboolean
run_recover(RecoverWorld *recover, const char *guest)
{
    VasRecoverRequest request = {.guest = guest,
                                 .timeout = 1,
                                 .force = recover->force,
                                 .adopt = recover->adopt,
                                 .dry_run = recover->only_looks};

    g_clear_pointer(&recover->world.recoveries, g_ptr_array_unref);
    return vas_recover(&recover->world.fake->context, &request, &recover->world.recoveries,
                       &recover->world.error);
}

const VasRecovery *
assert_recovered(RecoverWorld *recover, VasRecoveryOutcome outcome)
{
    gboolean ok = run_recover(recover, "db1");
    const VasRecovery *recovery = NULL;

    g_assert_nonnull(recover->world.recoveries);
    g_assert_cmpuint(recover->world.recoveries->len, ==, 1);
    recovery = g_ptr_array_index(recover->world.recoveries, 0);
    g_assert_cmpstr(vas_recovery_outcome_name(recovery->outcome), ==,
                    vas_recovery_outcome_name(outcome));
    g_assert_cmpstr(recovery->guest, ==, "db1");
    g_assert_cmpint(ok, ==, outcome < VAS_RECOVERY_PENDING);
    return recovery;
}

void
assert_settings_as_before(const RecoverWorld *recover)
{
    const VasVfSettings *now = fake_vf_settings(recover->world.fake, VF);
    g_autofree char *differ = vas_vf_settings_text(now, vas_vf_settings_differ(now, &before));

    g_assert_cmpstr(differ, ==, "");
}

static gboolean
has_operation(const char *metadata)
{
    return metadata != NULL && strstr(metadata, "<operation ") != NULL;
}

gboolean
is_on_record(const RecoverWorld *recover)
{
    return has_operation(recover->world.guest->metadata) ||
           has_operation(recover->world.guest->config_metadata);
}

void
assert_nothing_on_record(const RecoverWorld *recover)
{
    g_assert_false(fake_has_unfinished(recover->world.guest));
    assert_nothing_noted(&recover->world);
}

gboolean
was_noted(const RecoverWorld *recover, const char *part)
{
    const GPtrArray *notes = recover->world.fake->notes;

    for (guint i = 0; i < notes->len; i++) {
        if (strstr(g_ptr_array_index(notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}
