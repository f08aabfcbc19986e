/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/boot.h"

#include "building.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/steps/persist.h"
#include "host-driver-fixture.h"
#include "host/sriov/vf-rule.h"

#include <stdio.h>
#include <string.h>

#define PF "0000:01:00.0"
#define FLAGS "/sys/class/net/enp1s0/flags"

typedef struct {
    DriverWorld base; /* first: the functions of host-driver-fixture.h take it */
    VasContext context;
    VasBootRequest request;
    VasHostWish *wish;
} BootWorld;

/* The kernel has to tell what libvirt tells elsewhere. */
static void
describe(const BootWorld *world, const char *device, const char *class_code, const char *group)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *modalias = g_strdup_printf("/sys/bus/pci/devices/%s/modalias", device);
    g_autofree char *link = g_strdup_printf("/sys/bus/pci/devices/%s/iommu_group", device);
    g_autofree char *target = g_strconcat("../../kernel/iommu_groups/", group, NULL);
    g_autofree char *text =
        g_strconcat("pci:v00008086d000010C9sv00000000sd00000000", class_code, "\n", NULL);

    testing_scratch_write(root, modalias, text);
    testing_scratch_link(root, link, target);
}

/* Without the hypervisor of the fake any call of libvirt ends the test. */
static void
finish_set_up(BootWorld *world)
{
    world->context = world->base.base.fake->context;
    world->context.hypervisor = NULL;
    world->request = (VasBootRequest){.timeout = 1};
    world->wish = vas_host_wish_new();
    testing_scratch_write(world->base.base.fake->root, "/etc/udev/rules.d/99-other.rules", "#\n");
}

/* The PF has no VFs, as behind a boot. */
static void
set_up(BootWorld *world, gconstpointer data)
{
    world_set_up(&world->base.base, data);
    world->base.base.sriov = fake_sriov_new(world->base.base.fake);
    fake_sriov_set_count(world->base.base.sriov, 0);
    finish_set_up(world);
    describe(world, PF, "bc02sc00i00", "1");
}

static void
set_up_drivers(BootWorld *world, gconstpointer data)
{
    driver_world_set_up(&world->base, data);
    finish_set_up(world);
    describe(world, USB, "bc0Csc03i30", "3");
    describe(world, NIC, "bc02sc00i00", "4");
}

static void
tear_down(BootWorld *world, gconstpointer data)
{
    vas_host_wish_free(world->wish);
    world_tear_down(&world->base.base, data);
}

static VasHostAddress
address_of(const char *text)
{
    VasHostAddress address = {0};

    g_assert_true(vas_host_address_parse(text, &address, NULL));
    return address;
}

static void
wish_vfs(BootWorld *world, guint count, gboolean autoprobe)
{
    char driver[] = "igb";
    const VasVfRule rule = {count, autoprobe, driver};

    vas_host_wish_set_vfs(world->wish, address_of(PF), &rule);
}

static gboolean
boot(BootWorld *world)
{
    World *base = &world->base.base;

    world_forget(base);
    g_assert_true(vas_wish_file_write(base->fake->host, world->wish, NULL));
    if (vas_boot(&world->context, &world->request, &base->results, &base->steps, &base->error))
        return TRUE;
    g_test_message("%s", base->error->message);
    return FALSE;
}

static void
assert_outcome(const BootWorld *world, guint index, VasOutcome outcome, int code)
{
    const VasResult *result = result_at(&world->base.base, index);

    g_assert_cmpint(result->outcome, ==, outcome);
    if (code < 0)
        g_assert_no_error(result->error);
    else
        g_assert_error(result->error, VAS_ERROR, code);
}

static const char *
writes(const BootWorld *world)
{
    return world->base.base.sriov->log->str;
}

/* The card of the fake host's PF, which has this MAC. */
#define CARD_MAC "52:54:00:00:01:00"
static const char *card_mac;

static gboolean
read_card_mac(const char *interface, VasMacAddress *ret_mac, gpointer data)
{
    if (!g_str_equal(interface, "enp1s0") || card_mac == NULL)
        return FALSE;
    *ret_mac = building_mac(card_mac);
    return TRUE;
}

/* The interface's folder is where the kernel has it. */
static void
show_interface(const BootWorld *world)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *folder = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);
    g_autofree char *flags = g_build_filename(folder, "flags", NULL);

    g_assert_cmpint(remove(flags), ==, 0);
    g_assert_cmpint(remove(folder), ==, 0);
    testing_scratch_link(root, "/sys/class/net/enp1s0", "../../bus/pci/devices/" PF "/net/enp1s0");
    testing_scratch_write(root, "/sys/bus/pci/devices/" PF "/net/enp1s0/flags", "0x1003\n");
}

/* Wishes 4 VFs for the PF with @identity, which was at @address. */
static void
wish_for(BootWorld *world, const char *address, const VasIdentity *identity)
{
    char driver[] = "igb";
    const VasVfRule rule = {4, TRUE, driver};

    card_mac = CARD_MAC;
    world->base.base.fake->host->read_permanent_mac = read_card_mac;
    show_interface(world);
    vas_host_wish_set_vfs(world->wish, address_of(address), &rule);
    vas_host_wish_set_identity(world->wish->vfs, address_of(address), identity);
}

static VasIdentity *
card(void)
{
    VasIdentity *identity = g_new0(VasIdentity, 1);

    *identity = (VasIdentity){.vendor_id = 0x8086, .product_id = 0x10c9, .vf_index = -1};
    identity->keys[VAS_CARD_KEY_MAC] = g_strdup(CARD_MAC);
    return identity;
}

static gboolean
was_noted(const BootWorld *world, const char *part)
{
    for (guint i = 0; i < world->base.base.fake->notes->len; i++) {
        if (strstr(g_ptr_array_index(world->base.base.fake->notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
test_same_card(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, PF, identity);
    g_assert_true(boot(world));
    assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
    g_assert_false(was_noted(world, "by its place only"));
}

static void
test_moved(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, "0000:77:00.0", identity);
    g_assert_false(boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign vfs " PF " 4 --persist");
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         "is not at 0000:77:00.0 but at " PF);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* Also in a dry run. */
static void
test_replaced(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, PF, identity);
    card_mac = "52:54:00:00:09:00";
    g_assert_false(boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign vfs " PF " 4 --persist");
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH, "there is another card");
    world->request.dry_run = TRUE;
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH, "there is another card");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

static void
test_other_model(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    identity->product_id = 0x1521;
    wish_for(world, PF, identity);
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         "there is a device of another model");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* Nobody has told the MAC yet: what cannot be compared is waited for, and not touched. */
static void
test_key_not_there_yet(BootWorld *world, gconstpointer data)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *interface = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, PF, identity);
    g_assert_cmpint(remove(interface), ==, 0);
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_NOT_READY,
                         "whether " PF " is the card that is meant");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
    testing_scratch_link(root, "/sys/class/net/enp1s0", "../../bus/pci/devices/" PF "/net/enp1s0");
    g_assert_true(boot(world));
    assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
}

static void
show_card_while_waiting(VasProgressKind kind, const char *text, guint elapsed, guint limit,
                        gpointer data)
{
    TestingScratch *root = data;
    g_autofree char *interface = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);

    (void) text, (void) elapsed, (void) limit;
    if (kind == VAS_PROGRESS_WAITING && !g_file_test(interface, G_FILE_TEST_EXISTS))
        testing_scratch_link(root, "/sys/class/net/enp1s0",
                             "../../bus/pci/devices/" PF "/net/enp1s0");
}

/* A device of another model is where the card was, and the card itself tells late that it is
 * elsewhere. */
static void
test_moved_and_late(BootWorld *world, gconstpointer data)
{
    TestingScratch *root = world->base.base.fake->root;
    g_autofree char *interface = g_build_filename(root->path, "/sys/class/net/enp1s0", NULL);
    g_autoptr(VasIdentity) identity = card();

    wish_for(world, "0000:03:00.0", identity);
    describe(world, "0000:03:00.0", "bc02sc00i00", "3");
    testing_scratch_write(root, "/sys/bus/pci/devices/0000:03:00.0/modalias",
                          "pci:v00008086d000010D3sv00000000sd00000000bc02sc00i00\n");
    g_assert_cmpint(remove(interface), ==, 0);
    world->context.progress = show_card_while_waiting;
    world->context.progress_data = root;
    world->request.timeout = 60;
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         "is not at 0000:03:00.0 but at " PF);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

static void
test_by_place(BootWorld *world, gconstpointer data)
{
    g_autoptr(VasIdentity) identity = card();

    g_clear_pointer(&identity->keys[VAS_CARD_KEY_MAC], g_free);
    wish_for(world, PF, identity);
    g_assert_true(boot(world));
    assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
    g_assert_true(was_noted(world, PF " is known by its place only"));
}

static void
test_nothing_wished(BootWorld *world, gconstpointer data)
{
    g_assert_true(boot(world));
    g_assert_cmpuint(world->base.base.results->len, ==, 0);
}

static void
test_vfs(BootWorld *world, gconstpointer data)
{
    wish_vfs(world, 4, FALSE);
    g_assert_true(boot(world));
    g_assert_no_error(world->base.base.error);
    g_assert_cmpstr(writes(world), ==, "sriov_drivers_autoprobe=0 sriov_numvfs=4 ");
    assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
    g_assert_cmpuint(result_at(&world->base.base, 0)->vfs, ==, 4);
    g_assert_true(boot(world));
    assert_outcome(world, 0, VAS_OUTCOME_ALREADY, -1);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 2);
}

static void
test_dry_run(BootWorld *world, gconstpointer data)
{
    g_autofree char *rules =
        g_build_filename(world->base.base.fake->root->path, VAS_VF_RULES_FILE, NULL);

    wish_vfs(world, 4, TRUE);
    world->request.dry_run = TRUE;
    g_assert_true(boot(world));
    assert_outcome(world, 0, VAS_OUTCOME_PLANNED, -1);
    g_assert_cmpuint(world->base.base.steps->len, ==, 2);
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
    g_assert_false(g_file_test(rules, G_FILE_TEST_EXISTS));
}

/* The wishes were edited by hand: the rules follow. */
static void
test_rules_follow(BootWorld *world, gconstpointer data)
{
    g_autofree char *rules =
        g_build_filename(world->base.base.fake->root->path, VAS_VF_RULES_FILE, NULL);
    g_autofree char *text = NULL;

    wish_vfs(world, 4, TRUE);
    g_assert_true(boot(world));
    g_assert_true(g_file_get_contents(rules, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "ATTR{sriov_numvfs}=\"4\""));
}

/* The VFs may be held by guests, of which boot knows nothing. */
static void
test_another_number(BootWorld *world, gconstpointer data)
{
    fake_sriov_set_count(world->base.base.sriov, 2);
    wish_vfs(world, 4, FALSE);
    g_assert_false(boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign vfs " PF " 4");
    testing_assert_error(&world->base.base.error, VAS_ERROR_CONFLICT,
                         PF " has 2 VFs, and 4 are wished");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* bnxt_en: the number is taken, and there are no VFs, as long as the interface is down. */
static BootWorld *watched;
static VasAttributeWriter obeying_writer;

static int
bring_up_behind_write(const char *path, const char *text, gpointer data)
{
    int answer = obeying_writer(path, text, data);

    watched->base.base.sriov->ignores = FALSE;
    testing_scratch_write(watched->base.base.fake->root, FLAGS, "0x1003\n");
    return answer;
}

static void
test_down_at_first(BootWorld *world, gconstpointer data)
{
    watched = world;
    obeying_writer = world->base.base.fake->host->write_attribute;
    world->base.base.fake->host->write_attribute = bring_up_behind_write;
    world->base.base.sriov->ignores = TRUE;
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1002\n");
    wish_vfs(world, 4, TRUE);
    world->request.timeout = 60;
    g_assert_true(boot(world));
    g_assert_cmpstr(writes(world), ==, "sriov_numvfs=4 sriov_numvfs=4 ");
    assert_outcome(world, 0, VAS_OUTCOME_DONE, -1);
}

/* Nothing changes: it is tried once, and the time is up in the end. */
static void
test_down_for_good(BootWorld *world, gconstpointer data)
{
    world->base.base.sriov->ignores = TRUE;
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1002\n");
    wish_vfs(world, 4, TRUE);
    g_assert_false(boot(world));
    testing_assert_hint(world->base.base.error, "its interface is down");
    testing_assert_error(&world->base.base.error, VAS_ERROR_UNSUPPORTED, "ignores sriov_numvfs");
    g_assert_cmpstr(writes(world), ==, "sriov_numvfs=4 ");
}

/* There is nothing to wait for: the test would take an hour. */
static void
test_ignored_while_up(BootWorld *world, gconstpointer data)
{
    world->base.base.sriov->ignores = TRUE;
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1003\n");
    wish_vfs(world, 4, TRUE);
    world->request.timeout = 3600;
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_UNSUPPORTED, "ignores sriov_numvfs");
}

static void
test_on_another_driver(BootWorld *world, gconstpointer data)
{
    fake_set_driver(world->base.base.fake, PF, "vfio-pci");
    wish_vfs(world, 4, TRUE);
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_NOT_READY,
                         PF " is on vfio-pci, and igb is to make its VFs");
    g_assert_cmpuint(world->base.base.sriov->writes, ==, 0);
}

/* The missing PF keeps nobody from the other one, and the exit status is that of a part. */
static void
test_partly(BootWorld *world, gconstpointer data)
{
    char driver[] = "igb";
    const VasVfRule rule = {4, TRUE, driver};

    fake_sriov_set_count(world->base.base.sriov, 4);
    wish_vfs(world, 4, TRUE);
    vas_host_wish_set_vfs(world->wish, address_of("0000:77:00.0"), &rule);
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_PARTIAL, "0000:77:00.0");
    assert_outcome(world, 0, VAS_OUTCOME_ALREADY, -1);
    assert_outcome(world, 1, VAS_OUTCOME_FAILED, VAS_ERROR_NOT_FOUND);
}

/* A write goes wrong in each of the ways, which also leaves what a boot that was killed there would
 * leave. VFs never go, and the next boot makes what is missing. */
static void
test_swept(BootWorld *world, gconstpointer data)
{
    FakeSriov *sriov = world->base.base.sriov;

    wish_vfs(world, 4, FALSE);
    testing_scratch_write(world->base.base.fake->root, FLAGS, "0x1003\n");
    for (guint i = 1; i <= 2; i++) {
        for (FakeWriteFault fault = FAKE_WRITE_FAILS; fault <= FAKE_WRITE_LIES; fault++) {
            fake_sriov_set_count(sriov, 0);
            testing_scratch_write(world->base.base.fake->root,
                                  "/sys/bus/pci/devices/" PF "/sriov_drivers_autoprobe", "1\n");
            g_string_truncate(sriov->log, 0);
            sriov->writes = 0;
            sriov->faulty_write = i;
            sriov->fault = fault;
            g_assert_false(boot(world));
            g_clear_error(&world->base.base.error);
            assert_outcome(world, 0, VAS_OUTCOME_FAILED,
                           (int) result_at(&world->base.base, 0)->error->code);
            sriov->faulty_write = 0;
            g_assert_true(boot(world));
            g_assert_null(strstr(writes(world), "sriov_numvfs=0"));
            g_assert_cmpuint(sriov->now, ==, 4);
        }
    }
}

/* Fewer VFs came than are wished: they stay, and so at the next boot. */
static void
test_fewer(BootWorld *world, gconstpointer data)
{
    world->base.base.sriov->makes_at_most = 3;
    wish_vfs(world, 4, TRUE);
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_FAILED, "asked for 4 VFs and made 3");
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_CONFLICT, "has 3 VFs");
    g_assert_cmpstr(writes(world), ==, "sriov_numvfs=4 ");
}

static void
test_malformed(BootWorld *world, gconstpointer data)
{
    World *base = &world->base.base;

    testing_scratch_write(base->fake->root, VAS_WISH_FILE, "<host/>");
    g_assert_false(
        vas_boot(&world->context, &world->request, &base->results, &base->steps, &base->error));
    g_assert_null(base->results);
    testing_assert_error(&base->error, VAS_ERROR_INVALID, VAS_WISH_FILE ": line 1");
}

static void
test_driver(BootWorld *world, gconstpointer data)
{
    vas_host_wish_set_driver(world->wish, address_of(USB), "vfio-pci");
    g_assert_true(boot(world));
    g_assert_no_error(world->base.base.error);
    assert_bound(&world->base, USB, "vfio-pci", "vfio-pci");
    assert_result(&world->base, 0, VAS_OUTCOME_DONE, "xhci_hcd", "vfio-pci");
    g_assert_true(boot(world));
    assert_outcome(world, 0, VAS_OUTCOME_ALREADY, -1);
}

/* Nobody asks libvirt which networks may give the VF away, nor for its version. */
static void
test_driver_of_vf(BootWorld *world, gconstpointer data)
{
    describe(world, PF, "bc02sc00i00", "5");
    describe(world, VF, "bc02sc00i00", "6");
    testing_scratch_link(world->base.base.fake->root, "/sys/bus/pci/devices/" VF "/physfn",
                         "../" PF);
    vas_host_wish_set_driver(world->wish, address_of(VF), "vfio-pci");
    g_assert_true(boot(world));
    g_assert_no_error(world->base.base.error);
    assert_bound(&world->base, VF, "vfio-pci", "vfio-pci");
}

/* Somebody else's driver_override is refused, as host-detach does, and the other device is taken.
 */
static void
test_driver_refused(BootWorld *world, gconstpointer data)
{
    fake_set_override(world->base.base.fake, USB, "xhci_hcd");
    vas_host_wish_set_driver(world->wish, address_of(USB), "vfio-pci");
    vas_host_wish_set_driver(world->wish, address_of(NIC), "vfio-pci");
    g_assert_false(boot(world));
    testing_assert_error(&world->base.base.error, VAS_ERROR_PARTIAL, "somebody wants " USB);
    assert_bound(&world->base, USB, "xhci_hcd", "xhci_hcd");
    assert_bound(&world->base, NIC, "vfio-pci", "vfio-pci");
}

/* Another device stands where the one that is meant was. */
static void
test_driver_of_other_device(BootWorld *world, gconstpointer data)
{
    const VasIdentity identity = {.vendor_id = 0x1b36, .product_id = 0xd, .vf_index = -1};

    vas_host_wish_set_driver(world->wish, address_of(USB), "vfio-pci");
    vas_host_wish_set_identity(world->wish->drivers, address_of(USB), &identity);
    g_assert_false(boot(world));
    testing_assert_hint(world->base.base.error, "virt-assign host-detach " USB " --persist");
    testing_assert_error(&world->base.base.error, VAS_ERROR_MISMATCH,
                         USB " is not the device that is meant");
    assert_bound(&world->base, USB, "xhci_hcd", NULL);
}

/* A write goes wrong: the host driver has the device again, and the next boot takes it. */
static void
test_driver_swept(BootWorld *world, gconstpointer data)
{
    vas_host_wish_set_driver(world->wish, address_of(USB), "vfio-pci");
    for (guint i = 1; i <= 3; i++) {
        world->base.base.kernel->writes = 0;
        world->base.base.kernel->faulty_write = i;
        world->base.base.kernel->fault = FAKE_WRITE_FAILS;
        g_assert_false(boot(world));
        g_clear_error(&world->base.base.error);
        assert_bound(&world->base, USB, "xhci_hcd", NULL);
        world->base.base.kernel->faulty_write = 0;
        g_assert_true(boot(world));
        assert_bound(&world->base, USB, "vfio-pci", "vfio-pci");
        put_on(&world->base, USB, "xhci_hcd", NULL);
    }
}

#define ADD(name, function) g_test_add("/boot/" name, BootWorld, NULL, set_up, function, tear_down)
#define ADD_DRIVER(name, function)                                                                 \
    g_test_add("/boot/" name, BootWorld, NULL, set_up_drivers, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("nothing-wished", test_nothing_wished);
    ADD("vfs", test_vfs);
    ADD("dry-run", test_dry_run);
    ADD("rules-follow", test_rules_follow);
    ADD("another-number", test_another_number);
    ADD("down-at-first", test_down_at_first);
    ADD("down-for-good", test_down_for_good);
    ADD("ignored-while-up", test_ignored_while_up);
    ADD("on-another-driver", test_on_another_driver);
    ADD("partly", test_partly);
    ADD("swept", test_swept);
    ADD("fewer", test_fewer);
    ADD("malformed", test_malformed);
    ADD("same-card", test_same_card);
    ADD("moved", test_moved);
    ADD("replaced", test_replaced);
    ADD("other-model", test_other_model);
    ADD("key-not-there-yet", test_key_not_there_yet);
    ADD("moved-and-late", test_moved_and_late);
    ADD("by-place", test_by_place);
    ADD_DRIVER("driver", test_driver);
    ADD_DRIVER("driver/of-vf", test_driver_of_vf);
    ADD_DRIVER("driver/refused", test_driver_refused);
    ADD_DRIVER("driver/of-other-device", test_driver_of_other_device);
    ADD_DRIVER("driver/swept", test_driver_swept);
    return g_test_run();
}
