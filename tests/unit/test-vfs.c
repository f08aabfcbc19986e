/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/vfs.h"

#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "host/sriov/vf-rule.h"
#include "world.h"

#include <glib/gstdio.h>
#include <string.h>

#define PF "0000:01:00.0"
#define RULE VAS_VF_RULES_FILE

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasVfsRequest request;
    VasPf *pf;
} VfsWorld;

static void
set_up(VfsWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    world->base.sriov = fake_sriov_new(world->base.fake);
    world->request = (VasVfsRequest){.pf = "enp1s0", .count = 4, .timeout = 1};
    testing_scratch_write(world->base.fake->root, "/etc/udev/rules.d/99-other.rules",
                          "# another\n");
}

static void
tear_down(VfsWorld *world, gconstpointer data)
{
    g_clear_pointer(&world->pf, vas_pf_free);
    world_tear_down(&world->base, data);
}

static gboolean
set(VfsWorld *world)
{
    g_clear_pointer(&world->pf, vas_pf_free);
    world_forget(&world->base);
    return vas_vfs_set(&world->base.fake->context, &world->request, &world->pf,
                       &world->base.results, &world->base.steps, &world->base.error);
}

static VasOutcome
outcome(const VfsWorld *world)
{
    return ((const VasResult *) g_ptr_array_index(world->base.results, 0))->outcome;
}

static char *
rule_file(const VfsWorld *world)
{
    g_autofree char *path = g_build_filename(world->base.fake->root->path, RULE, NULL);
    char *text = NULL;

    (void) g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static gboolean
was_noted(const VfsWorld *world, const char *part)
{
    for (guint i = 0; i < world->base.fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->base.fake->notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
test_read(VfsWorld *world, gconstpointer data)
{
    g_assert_true(vas_vfs_read(&world->base.fake->context, PF, &world->pf, &world->base.error));
    g_assert_no_error(world->base.error);
    g_assert_cmpuint(world->pf->sriov.now, ==, 2);
    g_assert_cmpuint(world->pf->sriov.maximum, ==, 7);
    g_assert_true(world->pf->sriov.autoprobe);
    g_assert_cmpuint(world->pf->vfs->len, ==, 2);
    g_assert_null(world->pf->rule);
    g_assert_null(world->pf->rule_error);
}

static void
test_through_zero(VfsWorld *world, gconstpointer data)
{
    g_assert_true(set(world));
    g_assert_no_error(world->base.error);
    g_assert_cmpstr(world->base.sriov->log->str, ==, "sriov_numvfs=0 sriov_numvfs=4 ");
    g_assert_cmpuint(world->pf->sriov.now, ==, 4);
    g_assert_cmpuint(world->pf->vfs->len, ==, 4);
    g_assert_cmpint(outcome(world), ==, VAS_OUTCOME_DONE);
}

static void
test_from_and_to_zero(VfsWorld *world, gconstpointer data)
{
    world->request.count = 0;
    g_assert_true(set(world));
    g_assert_cmpstr(world->base.sriov->log->str, ==, "sriov_numvfs=0 ");
    world->request.count = 7;
    g_assert_true(set(world));
    g_assert_cmpstr(world->base.sriov->log->str, ==, "sriov_numvfs=0 sriov_numvfs=7 ");
    g_assert_cmpuint(world->pf->vfs->len, ==, 7);
}

static void
test_already(VfsWorld *world, gconstpointer data)
{
    world->request.count = 2;
    g_assert_true(set(world));
    g_assert_cmpint(outcome(world), ==, VAS_OUTCOME_ALREADY);
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
}

static void
test_dry_run(VfsWorld *world, gconstpointer data)
{
    world->request.dry_run = TRUE;
    world->request.persist = TRUE;
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    g_assert_true(set(world));
    g_assert_cmpuint(world->base.steps->len, ==, 6);
    g_assert_cmpint(outcome(world), ==, VAS_OUTCOME_PLANNED);
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
    g_assert_null(rule_file(world));
}

static void
test_autoprobe(VfsWorld *world, gconstpointer data)
{
    world->request.count = 2;
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    g_assert_true(set(world));
    g_assert_cmpstr(world->base.sriov->log->str, ==, "sriov_drivers_autoprobe=0 ");
    g_assert_false(world->pf->sriov.autoprobe);
}

static void
test_persist(VfsWorld *world, gconstpointer data)
{
    g_autofree char *text = NULL;
    g_autofree char *none = NULL;

    world->request.persist = TRUE;
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    g_assert_true(set(world));
    g_assert_cmpuint(world->pf->rule->count, ==, 4);
    g_assert_true(was_noted(world, "systemctl enable virt-assign-boot"));
    text = rule_file(world);
    g_assert_nonnull(strstr(text, "DRIVERS==\"igb\", ATTR{address}==\"90:e2:ba:"));
    world->request.persist = FALSE;
    world->request.count = 0;
    g_assert_true(set(world));
    g_assert_true(was_noted(world, PF " gets 4 VFs again at the next boot"));
    g_assert_cmpuint(world->pf->rule->count, ==, 4);
    world->request.persist = TRUE;
    g_assert_true(set(world));
    none = rule_file(world);
    g_assert_null(none);
}

static void
test_persist_over_foreign_rule(VfsWorld *world, gconstpointer data)
{
    g_autofree char *text = NULL;

    testing_scratch_write(world->base.fake->root, RULE, "# of the admin\n");
    world->request.persist = TRUE;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, RULE);
    text = rule_file(world);
    g_assert_cmpstr(text, ==, "# of the admin\n");
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
    world->request.persist = FALSE;
    g_assert_true(set(world));
    g_assert_nonnull(world->pf->rule_error);
}

/* A file that cannot be read is not written over. */
static void
test_persist_over_malformed_wish(VfsWorld *world, gconstpointer data)
{
    g_autofree char *path = g_build_filename(world->base.fake->root->path, VAS_WISH_FILE, NULL);
    g_autofree char *text = NULL;

    testing_scratch_write(world->base.fake->root, VAS_WISH_FILE, "<host>\n");
    world->request.persist = TRUE;
    g_assert_false(set(world));
    testing_assert_hint(world->base.error, "mend the file");
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, VAS_WISH_FILE ": it is not XML");
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "<host>\n");
    g_assert_null(rule_file(world));
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
}

static void
test_held(VfsWorld *world, gconstpointer data)
{
    FakeGuest *guest = world->base.guest;
    GPtrArray *side = GPOINTER_TO_INT(data) == VAS_SCOPE_LIVE ? guest->live : guest->config;

    g_ptr_array_add(side, g_strdup("<hostdev mode='subsystem' type='pci' managed='yes'><source>"
                                   "<address domain='0x0000' bus='0x01' slot='0x10' "
                                   "function='0x2'/></source></hostdev>"));
    for (guint i = 0; i < 2; i++) {
        world->request.count = i * 7;
        world->request.persist = TRUE;
        g_assert_false(set(world));
        testing_assert_hint(world->base.error, "virt-assign detach db1 0000:01:10.2");
        testing_assert_error(&world->base.error, VAS_ERROR_IN_USE, "0000:01:10.2 by db1");
    }
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
    g_assert_null(rule_file(world));
}

static void
test_used_by_macvtap(VfsWorld *world, gconstpointer data)
{
    FakeGuest *guest = fake_add_guest(world->base.fake, "mv1", TRUE, TRUE);

    testing_scratch_link(world->base.fake->root, "/sys/class/net/eth7",
                         "../../devices/pci0000:00/0000:01:10.0/net/eth7");
    guest->extra = g_strdup("<interface type='direct'><mac address='52:54:00:aa:00:01'/><source "
                            "dev='eth7' mode='passthrough'/></interface>");
    g_assert_false(set(world));
    testing_assert_hint(world->base.error, "virsh edit mv1");
    testing_assert_error(&world->base.error, VAS_ERROR_IN_USE,
                         "removes all VFs of 0000:01:00.0 first, and 0000:01:10.0 is in use by "
                         "guest mv1, by macvtap: <interface type='direct'> with MAC "
                         "52:54:00:aa:00:01");
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
}

static void
assert_as_before(const VfsWorld *world)
{
    const VasHostAddress pf = {.pci = {.bus = 1}};
    g_autofree char *rule = rule_file(world);
    VasSriovState state;

    g_assert_true(vas_sriov_read(world->base.fake->host, pf, &state, NULL));
    g_assert_cmpuint(state.now, ==, 2);
    g_assert_true(state.autoprobe);
    g_assert_null(rule);
}

/* Each of the three writes - autoprobe, no VFs, the new VFs - goes wrong in each of the ways. */
static void
test_faulty_write_is_undone(VfsWorld *world, gconstpointer data)
{
    world->request.persist = TRUE;
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    for (guint i = 1; i <= 3; i++) {
        for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
            g_ptr_array_set_size(world->base.fake->notes, 0);
            world->base.sriov->writes = 0;
            world->base.sriov->faulty_write = i;
            world->base.sriov->fault = fault;
            g_assert_false(set(world));
            if (fault == FAKE_WRITE_LIES && i > 1)
                testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED,
                                     "ignores sriov_numvfs");
            else if (fault == FAKE_WRITE_LIES)
                testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                                     "took 0 and still says 1");
            else
                testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                                     "Cannot allocate memory");
            assert_as_before(world);
            /* A note tells it where the old VFs may have been gone for a moment. */
            g_assert_cmpint(was_noted(world, PF " has 2 VFs, as before"), ==, i > 1);
        }
    }
}

/* Host drivers took the old VFs, and take them again. */
static void
test_old_autoprobe_is_back_first(VfsWorld *world, gconstpointer data)
{
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    world->base.sriov->faulty_write = 3;
    world->base.sriov->fault = FAKE_WRITE_FAILS;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "Cannot allocate memory");
    g_assert_cmpstr(world->base.sriov->log->str, ==,
                    "sriov_drivers_autoprobe=0 sriov_numvfs=0 sriov_numvfs=4 "
                    "sriov_drivers_autoprobe=1 sriov_numvfs=2 ");
}

/* From one write on all fail, those of the undo too: what is left is said, with exit status 7. */
static void
test_undo_cannot_write(VfsWorld *world, gconstpointer data)
{
    world->request.autoprobe = VAS_AUTOPROBE_OFF;
    world->base.sriov->all_faulty = TRUE;
    for (guint i = 2; i <= 3; i++) {
        fake_sriov_set_count(world->base.sriov, 2);
        testing_scratch_write(world->base.fake->root,
                              "/sys/bus/pci/devices/" PF "/sriov_drivers_autoprobe", "1\n");
        world->base.sriov->writes = 0;
        world->base.sriov->faulty_write = i;
        g_assert_false(set(world));
        testing_assert_hint(world->base.error,
                            "as before: virt-assign vfs " PF " 2 --autoprobe on");
        g_assert_nonnull(
            strstr(world->base.error->message, i == 2 ? "; now it has 2 VFs, autoprobe off"
                                                      : "; now it has 0 VFs, autoprobe off"));
        testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED,
                             i == 2 ? "undo \"set the autoprobe" : "undo \"remove all 2 VFs");
    }
}

/* The rule comes first: when it cannot be written no VF was touched. */
static void
test_rule_cannot_be_written(VfsWorld *world, gconstpointer data)
{
    g_autofree char *folder =
        g_build_filename(world->base.fake->root->path, "/etc/udev/rules.d", NULL);
    g_autofree char *other = g_build_filename(folder, "99-other.rules", NULL);

    g_assert_cmpint(g_unlink(other), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    world->request.persist = TRUE;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "write " RULE ": No such file");
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
    assert_as_before(world);
}

static void
test_undo_fails(VfsWorld *world, gconstpointer data)
{
    world->base.sriov->makes_at_most = 1; /* neither the new count nor the old one comes */
    g_assert_false(set(world));
    testing_assert_hint(world->base.error,
                        "as before: virt-assign vfs " PF " 2; then: virt-assign rec");
    g_assert_nonnull(strstr(world->base.error->message, " VFs, autoprobe on"));
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "asked for 4 VFs and made 1");
}

static void
test_fewer_than_asked(VfsWorld *world, gconstpointer data)
{
    world->base.sriov->makes_at_most = 3;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "asked for 4 VFs and made 3");
    g_assert_cmpuint(world->base.sriov->now, ==, 2);
}

static void
test_ignored(VfsWorld *world, gconstpointer data)
{
    world->base.sriov->ignores = TRUE;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED,
                         "the driver igb of " PF " ignores");
    g_assert_cmpuint(world->base.sriov->now, ==, 2);
}

static void
test_late_node_devices(VfsWorld *world, gconstpointer data)
{
    world->base.sriov->late_looks = 3;
    world->base.sriov->busy_waits = 3;
    world->request.timeout = 60;
    g_assert_true(set(world));
    g_assert_no_error(world->base.error);
    g_assert_cmpuint(world->base.sriov->late_looks, ==, 0);
    g_assert_cmpuint(world->base.sriov->busy_waits, ==, 0);
    g_assert_cmpuint(world->pf->vfs->len, ==, 4);
}

static void
test_node_devices_never_come(VfsWorld *world, gconstpointer data)
{
    world->base.sriov->late_looks = G_MAXUINT;
    g_assert_false(set(world));
    testing_assert_hint(world->base.error, "--timeout");
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                         "libvirt to know VF 0, 0000:01:10.0");
    g_assert_cmpuint(world->base.sriov->now, ==, 2);
}

/* Keeps what is waited for; @data is a char **. */
static void
keep_waiting(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    char **waiting = data;

    (void) elapsed;
    (void) limit;
    if (kind != VAS_PROGRESS_WAITING)
        return;
    g_free(*waiting);
    *waiting = g_strdup(text);
}

static void
test_udev_never_settles(VfsWorld *world, gconstpointer data)
{
    g_autofree char *waiting = NULL;

    world->base.sriov->busy_waits = G_MAXUINT;
    world->base.fake->context.progress = keep_waiting;
    world->base.fake->context.progress_data = &waiting;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED,
                         "in vain for udev to be done with the changed devices");
    g_assert_cmpstr(waiting, ==, "waiting for udev to be done with the changed devices");
    g_assert_cmpuint(world->base.sriov->now, ==, 2);
}

static void
test_reconnects(VfsWorld *world, gconstpointer data)
{
    fake_plan_fault(world->base.fake, FAKE_LIST_NODE_DEVICES, 3, FAKE_DISCONNECTS, 0, NULL);
    g_assert_true(set(world));
    g_assert_no_error(world->base.error);
    g_assert_cmpuint(world->base.fake->calls[FAKE_REOPEN], ==, 1);
    g_assert_cmpuint(world->pf->sriov.now, ==, 4);
}

static void
test_refused(VfsWorld *world, gconstpointer data)
{
    static const struct {
        const char *pf;
        guint count;
        int code;
        const char *part;
    } cases[] = {
        {PF, 8, VAS_ERROR_INVALID, "8 VFs are too many: " PF " can have 7"},
        {"0000:01:10.2", 1, VAS_ERROR_UNSUITABLE, "is a VF, not a PF"},
        {"0000:03:00.0", 1, VAS_ERROR_UNSUITABLE, "is not a PF"},
        {"0000:aa:00.0", 1, VAS_ERROR_NOT_FOUND, "0000:aa:00.0"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        world->request.pf = cases[i].pf;
        world->request.count = cases[i].count;
        g_assert_false(set(world));
        testing_assert_error(&world->base.error, cases[i].code, cases[i].part);
    }
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
}

static void
test_another_machine(VfsWorld *world, gconstpointer data)
{
    VasContext context = world->base.fake->context;

    context.host = NULL;
    g_assert_false(vas_vfs_read(&context, PF, &world->pf, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUPPORTED, "vfs works on the machine");
}

static void
test_pf_on_vfio(VfsWorld *world, gconstpointer data)
{
    fake_sriov_set_count(world->base.sriov, 0);
    fake_set_driver(world->base.fake, PF, "vfio-pci");
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_READY, "is on the driver vfio-pci");
    g_assert_cmpuint(world->base.sriov->writes, ==, 0);
}

/* The kernel leaves VFs behind if the PF's driver goes without removing them (pci_device_remove).
 */
static void
test_persist_without_driver(VfsWorld *world, gconstpointer data)
{
    g_autofree char *rule = NULL;

    fake_set_driver(world->base.fake, PF, NULL);
    world->request.count = 2;
    world->request.persist = TRUE;
    g_assert_false(set(world));
    testing_assert_hint(world->base.error, "virt-assign host-reattach " PF);
    testing_assert_error(&world->base.error, VAS_ERROR_NOT_READY, "is on no driver");
    rule = rule_file(world);
    g_assert_null(rule);
}

static gboolean
is_recorded(const VfsWorld *world)
{
    g_autofree char *path =
        g_build_filename(world->base.fake->root->path, "/run/virt-assign/operation-" PF, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The kernel's writer looks for the record at each write here. */
static const VfsWorld *watched;
static VasAttributeWriter watched_writer;
static guint recorded_writes;

static int
write_watched(const char *path, const char *text, gpointer data)
{
    if (is_recorded(watched))
        recorded_writes++;
    return watched_writer(path, text, data);
}

static void
test_recorded(VfsWorld *world, gconstpointer data)
{
    watched = world;
    watched_writer = world->base.fake->host->write_attribute;
    recorded_writes = 0;
    world->base.fake->host->write_attribute = write_watched;
    g_assert_true(set(world));
    g_assert_cmpuint(recorded_writes, ==, 2);
    g_assert_false(is_recorded(world));
    world->request.count = 1;
    world->base.sriov->writes = 0;
    world->base.sriov->faulty_write = 2;
    g_assert_false(set(world));
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "Cannot allocate memory");
    g_assert_false(is_recorded(world));
    world->base.sriov->writes = 0;
    world->base.sriov->all_faulty = TRUE;
    g_assert_false(set(world));
    testing_assert_hint(world->base.error, "virt-assign recover");
    testing_assert_error(&world->base.error, VAS_ERROR_UNDO_FAILED, "could not be taken back");
    g_assert_true(is_recorded(world));
}

static void
test_cannot_be_recorded(VfsWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.fake->root, "/run/virt-assign", "a file");
    g_assert_true(set(world));
    g_assert_true(was_noted(world, "virt-assign recover will know nothing of this command"));
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/vfs/" name, VfsWorld, data, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("read", NULL, test_read);
    ADD("through-zero", NULL, test_through_zero);
    ADD("from-and-to-zero", NULL, test_from_and_to_zero);
    ADD("already", NULL, test_already);
    ADD("dry-run", NULL, test_dry_run);
    ADD("autoprobe", NULL, test_autoprobe);
    ADD("persist", NULL, test_persist);
    ADD("persist-over-foreign-rule", NULL, test_persist_over_foreign_rule);
    ADD("persist-over-malformed-wish", NULL, test_persist_over_malformed_wish);
    ADD("persist-without-driver", NULL, test_persist_without_driver);
    ADD("held-live", GINT_TO_POINTER(VAS_SCOPE_LIVE), test_held);
    ADD("held-config", GINT_TO_POINTER(VAS_SCOPE_CONFIG), test_held);
    ADD("used-by-macvtap", NULL, test_used_by_macvtap);
    ADD("faulty-write-is-undone", NULL, test_faulty_write_is_undone);
    ADD("old-autoprobe-is-back-first", NULL, test_old_autoprobe_is_back_first);
    ADD("undo-cannot-write", NULL, test_undo_cannot_write);
    ADD("rule-cannot-be-written", NULL, test_rule_cannot_be_written);
    ADD("undo-fails", NULL, test_undo_fails);
    ADD("fewer-than-asked", NULL, test_fewer_than_asked);
    ADD("ignored", NULL, test_ignored);
    ADD("late-node-devices", NULL, test_late_node_devices);
    ADD("node-devices-never-come", NULL, test_node_devices_never_come);
    ADD("udev-never-settles", NULL, test_udev_never_settles);
    ADD("reconnects", NULL, test_reconnects);
    ADD("refused", NULL, test_refused);
    ADD("another-machine", NULL, test_another_machine);
    ADD("pf-on-vfio", NULL, test_pf_on_vfio);
    ADD("recorded", NULL, test_recorded);
    ADD("cannot-be-recorded", NULL, test_cannot_be_recorded);
    return g_test_run();
}
