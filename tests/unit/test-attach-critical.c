/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"
#include "engine/verbs/attach.h"
#include "engine/base/scan.h"
#include "fake-hypervisor.h"

#include <string.h>

/* attach meets devices that the host or, through a VF, a guest needs. */

#define XHCI "0000:03:00.0"
#define PF "0000:01:00.0"
#define VF "0000:01:10.0"
#define REASON "mounted file system / (/proc/1/mountinfo: sda)"

/* The root file system lies on a USB disk; the port above the controller is not in libvirt's list.
 */
static FakeHypervisor *
host_on_usb(void)
{
    FakeHypervisor *fake = fake_hypervisor_new();

    testing_scratch_write(fake->root, "/proc/1/mountinfo", "1 1 8:0 / / rw - ext4 /dev/sda rw\n");
    testing_scratch_link(fake->root, "/sys/dev/block/8:0", "../../devices/x/block/sda");
    testing_scratch_link(fake->root, "/sys/class/block/sda",
                         "../../devices/pci0000:00/0000:00:07.0/" XHCI "/usb1/1-1/block/sda");
    fake_add_guest(fake, "db1", TRUE, TRUE);
    return fake;
}

typedef struct {
    GPtrArray *results;
    GPtrArray *steps;
} Answer;

static void
answer_clear(Answer *answer)
{
    g_clear_pointer(&answer->results, g_ptr_array_unref);
    g_clear_pointer(&answer->steps, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static gboolean
run_attach_to(const VasContext *context, VasScope scope, const char *device, gboolean force,
              Answer *answer, GError **error)
{
    g_autoptr(VasAssignmentWish) wish = vas_assignment_wish_new();
    const char *const devices[] = {device, NULL};
    VasAttachRequest request = {
        .guest = "db1", .devices = devices, .wish = wish, .scope = scope, .force = force};

    answer_clear(answer);
    return vas_attach(context, &request, &answer->results, &answer->steps, error);
}

static gboolean
run_attach(const VasContext *context, const char *device, gboolean force, Answer *answer,
           GError **error)
{
    return run_attach_to(context, 0, device, force, answer, error);
}

static void
assert_refused(FakeHypervisor *fake, const char *device, const char *reason)
{
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *message =
        g_strdup_printf("attach %s to db1: %s is critical: %s", device, device, reason);
    g_autofree char *before = fake_driver(fake, device);
    g_autofree char *after = NULL;

    g_assert_false(run_attach(&fake->context, device, FALSE, &answer, &error));
    testing_assert_error(&error, VAS_ERROR_CRITICAL, message);
    g_assert_null(answer.results);
    g_assert_cmpuint(fake->notes->len, ==, 0);
    after = fake_driver(fake, device);
    g_assert_cmpstr(after, ==, before);
    g_assert_false(fake_has(fake_find_guest(fake, "db1"), VAS_SCOPE_LIVE, device));
    g_assert_false(fake_has(fake_find_guest(fake, "db1"), VAS_SCOPE_CONFIG, device));
}

static void
test_scan(void)
{
    g_autoptr(FakeHypervisor) fake = host_on_usb();
    g_autoptr(GError) error = NULL;
    g_autoptr(VasInventory) inventory = vas_scan(&fake->context, &error);

    g_assert_no_error(error);
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);
        gboolean is_xhci = g_str_equal(vas_host_address_text(device->address).text, XHCI);

        g_assert_cmpuint(device->critical->len, ==, is_xhci ? 1 : 0);
        if (is_xhci)
            g_assert_cmpstr(g_ptr_array_index(device->critical, 0), ==, REASON);
    }
}

/* A scan that cannot tell what the host needs fails: nothing is taken for free. */
static void
test_scan_that_cannot_tell(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_autoptr(GError) error = NULL;

    testing_scratch_write(fake->root, "/proc/swaps/is-a-folder", "");
    g_assert_null(vas_scan(&fake->context, &error));
    testing_assert_error(&error, VAS_ERROR_FAILED, "/proc/swaps");
}

static void
test_refused(void)
{
    g_autoptr(FakeHypervisor) fake = host_on_usb();

    assert_refused(fake, XHCI, REASON);
}

static void
test_held_vf(void)
{
    g_autoptr(FakeHypervisor) fake = host_on_usb();
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(run_attach(&fake->context, VF, FALSE, &answer, &error));
    g_assert_no_error(error);
    assert_refused(fake, PF, "its VF " VF " is held by guest db1 (live and config)");
}

static void
test_forced(void)
{
    g_autoptr(FakeHypervisor) fake = host_on_usb();
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;
    const VasResult *result = NULL;

    g_assert_true(run_attach(&fake->context, XHCI, TRUE, &answer, &error));
    g_assert_no_error(error);
    result = g_ptr_array_index(answer.results, 0);
    g_assert_cmpint(result->outcome, ==, VAS_OUTCOME_DONE);
    g_assert_cmpuint(result->overridden->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(result->overridden, 0), ==, REASON);
    g_assert_cmpuint(fake->notes->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(fake->notes, 0), ==,
                    "--force overrides for " XHCI ": " REASON);
    g_assert_true(fake_has(fake_find_guest(fake, "db1"), VAS_SCOPE_LIVE, XHCI));

    /* Once it is in the guest there is nothing to take from the host. */
    g_assert_true(run_attach(&fake->context, XHCI, FALSE, &answer, &error));
    g_assert_no_error(error);
    result = g_ptr_array_index(answer.results, 0);
    g_assert_cmpint(result->outcome, ==, VAS_OUTCOME_ALREADY);
    g_assert_cmpuint(result->overridden->len, ==, 0);
}

/* libvirt would wait with the kernel for the users of its VFs, and without users lose the VFs: no
 * force takes it while it has any. In a config nothing is taken yet. */
static void
test_pf_with_vfs(void)
{
    g_autoptr(FakeHypervisor) fake = host_on_usb();
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;
    g_autofree char *driver = NULL;

    for (guint force = 0; force < 2; force++) {
        g_assert_false(run_attach(&fake->context, PF, force == 1, &answer, &error));
        testing_assert_hint(error, "virt-assign vfs " PF " 0");
        testing_assert_error(&error, VAS_ERROR_NOT_READY,
                             "attach " PF " to db1: " PF " is a PF with 2 VFs");
    }
    g_assert_true(run_attach(&fake->context, VF, FALSE, &answer, &error));
    g_assert_false(run_attach(&fake->context, PF, TRUE, &answer, &error));
    testing_assert_error(&error, VAS_ERROR_NOT_READY, PF " is a PF with 2 VFs");
    g_assert_cmpuint(fake->notes->len, ==, 0);
    driver = fake_driver(fake, PF);
    g_assert_cmpstr(driver, ==, "igb");
    g_assert_true(run_attach_to(&fake->context, VAS_SCOPE_CONFIG, PF, TRUE, &answer, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fake->notes->len, ==, 1);
}

/* The needs of this machine say nothing about another one's devices. */
static void
test_remote(void)
{
    g_autoptr(FakeHypervisor) fake = host_on_usb();
    VasContext remote = fake->context;
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;

    remote.host = NULL;
    g_assert_true(run_attach(&remote, XHCI, FALSE, &answer, &error));
    g_assert_no_error(error);
}

/* The display's card: an unbind would wait for whoever has it open. */
static void
test_used_by_a_process(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;

    fake_add_guest(fake, "db1", TRUE, TRUE);
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/" XHCI "/drm/card0/dev", "226:0\n");
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/" XHCI "/drm/card0/uevent",
                          "DEVNAME=dri/card0\n");
    testing_scratch_write(fake->root, "/proc/812/comm", "Xorg\n");
    testing_scratch_link(fake->root, "/proc/812/fd/5", "/dev/dri/card0");
    g_assert_false(run_attach(&fake->context, XHCI, FALSE, &answer, &error));
    testing_assert_hint(error, "--force");
    testing_assert_error(&error, VAS_ERROR_IN_USE,
                         XHCI " is in use on the host: Xorg (812) has /dev/dri/card0 open");
    g_assert_true(run_attach_to(&fake->context, VAS_SCOPE_CONFIG, XHCI, FALSE, &answer, &error));
    g_assert_true(run_attach(&fake->context, XHCI, TRUE, &answer, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fake->notes->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(fake->notes, 0), "Xorg (812)"));
}

/* 64 GiB of BARs in a q35: at a start the firmware makes room for them, a hot-plug finds 32 GiB. */
static void
test_large_bars(void)
{
    g_autoptr(FakeHypervisor) fake = fake_hypervisor_new();
    g_auto(Answer) answer = {0};
    g_autoptr(GError) error = NULL;

    fake_add_guest(fake, "db1", TRUE, TRUE);
    testing_scratch_write(fake->root, "/sys/bus/pci/devices/" XHCI "/resource",
                          "0x0000004000000000 0x0000004fffffffff 0x000000000014220c\n");
    g_assert_true(run_attach_to(&fake->context, VAS_SCOPE_CONFIG, XHCI, FALSE, &answer, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fake->notes->len, ==, 0);
    g_assert_true(run_attach(&fake->context, XHCI, FALSE, &answer, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(fake->notes->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(fake->notes, 0),
                            XHCI ": hot-plugged it may come without its memory: its 64-bit BARs "
                                 "take 64 GiB"));
    g_assert_nonnull(
        strstr(g_ptr_array_index(fake->notes, 0), "<pcihole64 unit='GiB'>128</pcihole64>"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attach-critical/scan", test_scan);
    g_test_add_func("/attach-critical/scan-fails", test_scan_that_cannot_tell);
    g_test_add_func("/attach-critical/refused", test_refused);
    g_test_add_func("/attach-critical/held-vf", test_held_vf);
    g_test_add_func("/attach-critical/forced", test_forced);
    g_test_add_func("/attach-critical/pf-with-vfs", test_pf_with_vfs);
    g_test_add_func("/attach-critical/remote", test_remote);
    g_test_add_func("/attach-critical/large-bars", test_large_bars);
    g_test_add_func("/attach-critical/used-by-a-process", test_used_by_a_process);
    return g_test_run();
}
