/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/hook.h"

#include "checking.h"
#include "core/value/error.h"
#include "core/value/hook-call.h"
#include "engine/check/check-hook.h"
#include "engine/verbs/hook-run.h"
#include "fake-clock.h"
#include "host/files/hook-link.h"
#include "world.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The hook is installed, proven and taken away. The daemon of libvirt's is this process. */

#define PROGRAM "/usr/bin/virt-assign"

typedef struct {
    World base; /* first: the functions of world.h take it */
    VasHookStatus status;
    guint deaf; /* so many questions are not heard */
    guint asked;
    int refusal; /* what libvirt answers: VAS_ERROR_FAILED if it is about the guest */
} HookWorld;

static HookWorld *current;
static volatile sig_atomic_t reloads;

static void
count_reload(int number)
{
    (void) number;
    reloads++;
}

/* libvirt runs the hook only if there is one. */
static gboolean
try_start(VasHypervisor *port, const char *name, const char *xml, GError **error)
{
    g_autofree char *link = g_build_filename(current->base.fake->root->path, VAS_HOOK_LINK, NULL);

    g_assert_nonnull(strstr(xml, name));
    current->asked++;
    g_set_error(error, VAS_ERROR, current->refusal, "libvirt: no such disk");
    if (current->asked > current->deaf && g_file_test(link, G_FILE_TEST_IS_SYMLINK))
        g_assert_false(vas_hook_answer(&current->base.fake->context, name, NULL));
    return FALSE;
}

static char *
path_of(const HookWorld *world, const char *path)
{
    return g_build_filename(world->base.fake->root->path, path, NULL);
}

static void
write_program(HookWorld *world, const char *path)
{
    g_autofree char *full = path_of(world, path);

    testing_scratch_write(world->base.fake->root, path, "");
    g_assert_cmpint(g_chmod(full, 0755), ==, 0);
}

/* Field 22 is the start: 100 s behind the boot. */
static void
write_daemon(HookWorld *world, const char *profile)
{
    TestingScratch *root = world->base.fake->root;
    g_autofree char *pid = g_strdup_printf("%d", getpid());
    g_autofree char *comm = g_strdup_printf("/proc/%s/comm", pid);
    g_autofree char *stat = g_strdup_printf("/proc/%s/stat", pid);
    g_autofree char *attr = g_strdup_printf("/proc/%s/attr/current", pid);
    g_autofree char *text =
        g_strdup_printf("%s (libvirtd) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %ld 0 0\n", pid,
                        100 * sysconf(_SC_CLK_TCK));

    testing_scratch_write(root, "/run/libvirt/qemu/driver.pid", pid);
    testing_scratch_write(root, comm, "libvirtd\n");
    testing_scratch_write(root, stat, text);
    testing_scratch_write(root, attr, profile);
    testing_scratch_write(root, "/proc/stat", "cpu 1\nbtime 1000\n");
}

static void
set_up(HookWorld *world, gconstpointer data)
{
    world_set_up(&world->base, data);
    current = world;
    reloads = 0;
    world->refusal = VAS_ERROR_FAILED;
    world->base.fake->port.try_start = try_start;
    (void) signal(SIGHUP, count_reload);
    write_program(world, PROGRAM);
    write_daemon(world, "unconfined\n");
}

static void
tear_down(HookWorld *world, gconstpointer data)
{
    vas_hook_status_clear(&world->status);
    (void) signal(SIGHUP, SIG_DFL);
    world_tear_down(&world->base, data);
}

static gboolean
install(HookWorld *world)
{
    vas_hook_status_clear(&world->status);
    return vas_hook_install(&world->base.fake->context, PROGRAM, &world->status,
                            &world->base.error);
}

static VasHookState
look(HookWorld *world)
{
    vas_hook_status_clear(&world->status);
    g_assert_true(vas_hook_look(&world->base.fake->context, &world->status, &world->base.error));
    return world->status.state;
}

static char *
link_target(const HookWorld *world)
{
    g_autofree char *link = path_of(world, VAS_HOOK_LINK);

    return g_file_read_link(link, NULL);
}

static void
assert_link(const HookWorld *world, const char *wanted)
{
    g_autofree char *target = link_target(world);

    g_assert_cmpstr(target, ==, wanted);
}

/* The daemon hears of the hook some time after the signal. */
static void
test_install(HookWorld *world, gconstpointer data)
{
    world->deaf = 3;
    g_assert_cmpint(look(world), ==, VAS_HOOK_NOT_INSTALLED);
    g_assert_cmpuint(world->asked, ==, 0);
    g_assert_true(install(world));
    g_assert_true(world->status.is_changed);
    g_assert_cmpint(world->status.state, ==, VAS_HOOK_HEARD);
    g_assert_cmpuint(world->asked, ==, 4);
    g_assert_cmpint(reloads, ==, 1);
    assert_link(world, PROGRAM);
    g_assert_true(install(world));
    g_assert_false(world->status.is_changed);
    g_assert_cmpint(look(world), ==, VAS_HOOK_HEARD);
    g_assert_cmpstr(world->status.program, ==, PROGRAM);
}

static void
test_remove(HookWorld *world, gconstpointer data)
{
    g_assert_true(install(world));
    vas_hook_status_clear(&world->status);
    g_assert_true(vas_hook_remove(&world->base.fake->context, &world->status, &world->base.error));
    g_assert_true(world->status.is_changed);
    g_assert_cmpint(reloads, ==, 2);
    assert_link(world, NULL);
    g_assert_cmpint(look(world), ==, VAS_HOOK_NOT_INSTALLED);
    g_assert_true(vas_hook_remove(&world->base.fake->context, &world->status, &world->base.error));
    g_assert_false(world->status.is_changed);
}

/* @data: where the link led before; NULL: there was none. */
static void
test_unheard(HookWorld *world, gconstpointer data)
{
    if (data != NULL)
        testing_scratch_link(world->base.fake->root, VAS_HOOK_LINK, data);
    world->deaf = G_MAXUINT;
    g_assert_false(install(world));
    testing_assert_hint(world->base.error, "journalctl");
    testing_assert_error(&world->base.error, VAS_ERROR_FAILED, "libvirt does not run");
    g_assert_cmpuint(world->asked, >, 10);
    assert_link(world, data);
    g_assert_cmpint(reloads, ==, 2);
}

/* Another hook stands still: libvirt does not come back. */
static void
test_hanging(HookWorld *world, gconstpointer data)
{
    world->deaf = G_MAXUINT;
    world->refusal = VAS_ERROR_TIMED_OUT;
    g_assert_false(install(world));
    testing_assert_error(&world->base.error, VAS_ERROR_TIMED_OUT,
                         "ask libvirt whether it runs the hook");
    g_assert_cmpuint(world->asked, ==, 1);
    assert_link(world, NULL);
}

static void
test_foreign(HookWorld *world, gconstpointer data)
{
    testing_scratch_write(world->base.fake->root, VAS_HOOK_LINK, "#!/bin/sh\n");
    g_assert_false(install(world));
    testing_assert_hint(world->base.error, "move it away");
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, "is not virt-assign's");
    g_assert_false(vas_hook_remove(&world->base.fake->context, &world->status, &world->base.error));
    testing_assert_error(&world->base.error, VAS_ERROR_CONFLICT, "left alone");
    g_assert_cmpint(look(world), ==, VAS_HOOK_FOREIGN);
    g_assert_cmpuint(world->asked, ==, 0);
    g_assert_cmpint(reloads, ==, 0);
}

static void
test_confined(HookWorld *world, gconstpointer data)
{
    const char *elsewhere = "/usr/local/bin/virt-assign";

    write_program(world, elsewhere);
    write_daemon(world, "libvirtd (enforce)\n");
    g_assert_false(vas_hook_install(&world->base.fake->context, elsewhere, &world->status,
                                    &world->base.error));
    testing_assert_hint(world->base.error, "--prefix=/usr");
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUITABLE, "AppArmor lets libvirtd run");
    assert_link(world, NULL);
    g_assert_true(install(world));
}

static void
test_writable_program(HookWorld *world, gconstpointer data)
{
    g_autofree char *program = path_of(world, PROGRAM);

    g_assert_cmpint(g_chmod(program, 0775), ==, 0);
    g_assert_false(install(world));
    testing_assert_error(&world->base.error, VAS_ERROR_UNSUITABLE, "others may write to it");
    assert_link(world, NULL);
}

static GPtrArray *
check(const HookWorld *world)
{
    GPtrArray *findings = vas_findings_new();

    vas_check_hook_of_host(world->base.fake->host, findings);
    return findings;
}

/* The daemon is older than the link: it may not know of it until it proved to. */
static void
test_check(HookWorld *world, gconstpointer data)
{
    g_autoptr(GPtrArray) none = check(world);
    g_autoptr(GPtrArray) unproven = NULL;
    g_autoptr(GPtrArray) proven = NULL;
    g_autoptr(GPtrArray) broken = NULL;
    g_autofree char *program = path_of(world, PROGRAM);

    g_assert_cmpuint(none->len, ==, 0);
    testing_scratch_link(world->base.fake->root, VAS_HOOK_LINK, PROGRAM);
    unproven = check(world);
    checking_assert(unproven, "host.hook", VAS_FINDING_WARNING, "virt-assign hook install");
    g_assert_true(install(world));
    proven = check(world);
    checking_assert(proven, "host.hook", VAS_FINDING_OK, PROGRAM);
    g_assert_cmpint(g_unlink(program), ==, 0);
    broken = check(world);
    checking_assert(broken, "host.hook", VAS_FINDING_PROBLEM, "leads to " PROGRAM);
    g_assert_cmpint(look(world), ==, VAS_HOOK_BROKEN);
}

/* A hook runs since 100 s behind the boot, which was long ago. */
static void
test_check_hanging(HookWorld *world, gconstpointer data)
{
    TestingScratch *root = world->base.fake->root;
    g_autofree char *stat =
        g_strdup_printf("4242 (50 (a)) S %d 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %ld 0 0\n",
                        getpid(), 100 * sysconf(_SC_CLK_TCK));
    g_autofree char *command = path_of(world, "/proc/4242/cmdline");
    const char words[] = "/bin/sh\0/etc/libvirt/hooks/qemu\0db1\0prepare";
    g_autoptr(GPtrArray) findings = NULL;

    testing_scratch_write(root, "/proc/4242/stat", stat);
    g_assert_true(g_file_set_contents(command, words, sizeof words, NULL));
    findings = check(world);
    checking_assert(findings, "host.hook", VAS_FINDING_PROBLEM,
                    "libvirt waits for its hook /etc/libvirt/hooks/qemu");
    checking_assert(findings, "host.hook", VAS_FINDING_PROBLEM, "kill 4242");
}

/* A guest with wishes needs the hook. */
static void
test_check_guest(HookWorld *world, gconstpointer data)
{
    g_autoptr(VasGuest) guest = vas_guest_new("db1", "6695eb01-f6a4-4304-89aa-97f2502e193f");
    g_autoptr(GPtrArray) findings = vas_findings_new();

    guest->config = vas_guest_definition_new();
    vas_guest_record_free(guest->config->record);
    guest->config->record = vas_guest_record_new();
    vas_check_hook_of_guest(&world->base.fake->context, guest, findings);
    g_assert_cmpuint(findings->len, ==, 0);
    g_ptr_array_add(guest->config->record->wishes, vas_wish_new((VasHostAddress){0}));
    vas_check_hook_of_guest(&world->base.fake->context, guest, findings);
    checking_assert(findings, "guest.hook", VAS_FINDING_WARNING, "virt-assign hook install");
}

#define ADD(name, data, function)                                                                  \
    g_test_add("/hook/" name, HookWorld, data, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("install", NULL, test_install);
    ADD("remove", NULL, test_remove);
    ADD("unheard/new", NULL, test_unheard);
    ADD("unheard/led-elsewhere", "/opt/bin/virt-assign", test_unheard);
    ADD("hanging", NULL, test_hanging);
    ADD("foreign", NULL, test_foreign);
    ADD("confined", NULL, test_confined);
    ADD("writable-program", NULL, test_writable_program);
    ADD("check", NULL, test_check);
    ADD("check/hanging", NULL, test_check_hanging);
    ADD("check/guest", NULL, test_check_guest);
    return g_test_run();
}
