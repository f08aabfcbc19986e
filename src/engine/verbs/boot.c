/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/verbs/boot.h"

#include "core/report/step.h"
#include "core/value/error.h"
#include "engine/journal/wish-file.h"
#include "engine/journal/wished-devices.h"
#include "engine/steps/persist.h"
#include "engine/verbs/boot-vfs.h"
#include "engine/verbs/host-driver.h"
#include "host/pci/driver.h"
#include "host/sriov/sriov.h"
#include "host/system/sysfs.h"

/* The devices that are waited for are looked at this often. */
#define LOOK_INTERVAL (G_USEC_PER_SEC / 4)

/* One wish, and how far it is. */
typedef struct {
    const VasWished *of;
    const VasVfRule *rule; /* NULL: a driver is wished */
    const char *driver;
    gboolean is_due;           /* has changed since the last try */
    gboolean was_up;           /* the PF's interface, at the last try */
    gboolean may_be_elsewhere; /* another device may say yet that it is the card that is meant */
    gboolean is_by_place;      /* no key says that it is the card that is meant */
    char *seen;                /* how the device was at the last try; NULL: none yet */
    VasResult *result;         /* NULL: not there yet */
    GError *failure;           /* of the last try */
} Wished;

typedef struct {
    const VasContext *context;
    const VasBootRequest *request;
    const VasHostWish *wish;
    gint64 deadline;
    GPtrArray *wishes; /* Wished */
    GPtrArray *steps;  /* of a dry run */
} Boot;

static void
wished_free(gpointer data)
{
    Wished *wished = data;

    g_free(wished->seen);
    vas_result_free(wished->result);
    g_clear_error(&wished->failure);
    g_free(wished);
}

static void
add_wished(Boot *boot, const VasWished *of, const VasVfRule *rule, const char *driver)
{
    Wished *wished = g_new0(Wished, 1);

    wished->of = of;
    wished->rule = rule;
    wished->driver = driver;
    g_ptr_array_add(boot->wishes, wished);
}

/* VFs come first: one of them may be wished on another driver. */
static void
collect(Boot *boot)
{
    const VasHostWish *wish = boot->wish;

    for (guint i = 0; i < wish->vfs->len; i++) {
        const VasWishedVfs *vfs = g_ptr_array_index(wish->vfs, i);

        add_wished(boot, &vfs->of, vfs->rule, NULL);
    }
    for (guint i = 0; i < wish->drivers->len; i++) {
        const VasWishedDriver *driver = g_ptr_array_index(wish->drivers, i);

        add_wished(boot, &driver->of, NULL, driver->driver);
    }
}

static guint
seconds_left(const Boot *boot)
{
    gint64 left = boot->deadline - g_get_monotonic_time();

    return left > 0 ? (guint) ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC) : 0;
}

/* All that a further try depends on, to be compared. A card that is not at its address may come at
 * another one, and tells its MAC when it has an interface. Returns full. */
static char *
look(const Boot *boot, const Wished *wished, gboolean *ret_up)
{
    const VasHost *host = boot->context->host;
    VasHostAddress device = wished->of->device;
    g_autofree char *driver = NULL;
    g_autofree char *interface = NULL;
    g_autoptr(GArray) vfs = vas_sriov_list_vfs(host, device);
    g_auto(GStrv) devices = vas_sysfs_list(host, "/sys/bus/pci/devices");
    g_auto(GStrv) interfaces = vas_sysfs_list(host, "/sys/class/net");
    gboolean is_sought = wished->of->identity != NULL;
    VasSriovState sriov = {0};
    gboolean is_there = vas_driver_read(host, device, &driver, NULL);

    *ret_up = FALSE;
    (void) vas_sriov_read_link(host, device, &interface, ret_up, NULL);
    (void) vas_sriov_read(host, device, &sriov, NULL);
    return g_strdup_printf("%d %s %s %d %u %u %u %u", is_there, driver, interface, *ret_up,
                           sriov.now, vfs->len, is_sought ? g_strv_length(devices) : 0,
                           is_sought ? g_strv_length(interfaces) : 0);
}

/* Whether the cause of the last failure may pass by itself: device or driver come late, udev has
 * just made the VFs, and there are drivers that make none while the PF is down (bnxt_en takes the
 * number and returns 0: bnxt_sriov_configure). */
static gboolean
may_pass(const Wished *wished)
{
    const GError *failure = wished->failure;

    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_UNSUPPORTED))
        return wished->rule != NULL && !wished->was_up;
    if (g_error_matches(failure, VAS_ERROR, VAS_ERROR_MISMATCH))
        return wished->may_be_elsewhere;
    return g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_FOUND) ||
           g_error_matches(failure, VAS_ERROR, VAS_ERROR_NOT_READY) ||
           (wished->rule != NULL && g_error_matches(failure, VAS_ERROR, VAS_ERROR_IN_USE));
}

static gboolean
run_command(const Boot *boot, const Wished *wished, GPtrArray **ret_results, GPtrArray **ret_steps,
            GError **error)
{
    VasPciAddressText address = vas_host_address_text(wished->of->device);
    const char *const devices[] = {address.text, NULL};
    const VasHostDriverRequest request = {.devices = devices,
                                          .driver = wished->driver,
                                          .timeout = seconds_left(boot),
                                          .dry_run = boot->request->dry_run};

    if (wished->rule != NULL)
        return vas_boot_vfs(boot->context, address.text, wished->rule, seconds_left(boot),
                            boot->request->dry_run, ret_results, ret_steps, error);
    return vas_host_driver_boot(boot->context, &request, ret_results, ret_steps, error);
}

static void
take_steps(Boot *boot, const GPtrArray *steps, guint subject)
{
    for (guint i = 0; i < steps->len; i++) {
        const VasStep *step = g_ptr_array_index(steps, i);
        VasStep *own = vas_step_new(step->kind, subject, step->assignment, step->xml, NULL);

        g_free(own->text);
        own->text = g_strdup(step->text);
        g_ptr_array_add(boot->steps, own);
    }
}

/* Reads the devices once for all wishes of a round, and only if one of them has an identity. */
static gboolean
check_device(const Boot *boot, Wished *wished, VasWishedDevices **devices, GError **error)
{
    if (wished->of->identity != NULL && *devices == NULL)
        *devices = vas_wished_devices_read(boot->context, boot->wish, error);
    if (wished->of->identity == NULL)
        return TRUE;
    if (*devices == NULL)
        return FALSE;
    wished->may_be_elsewhere = !vas_wished_devices_are_told(*devices, wished->of);
    return vas_wished_devices_check(*devices, wished->of, wished->rule, &wished->is_by_place,
                                    error);
}

/* One try; the wish has its result when it is there. */
static void
attempt(Boot *boot, guint place, VasWishedDevices **devices)
{
    Wished *wished = g_ptr_array_index(boot->wishes, place);
    g_autoptr(GPtrArray) results = NULL;
    g_autoptr(GPtrArray) steps = NULL;

    g_clear_error(&wished->failure);
    if (!check_device(boot, wished, devices, &wished->failure) ||
        !run_command(boot, wished, &results, &steps, &wished->failure))
        return;
    wished->result = g_ptr_array_steal_index(results, 0);
    if (steps != NULL)
        take_steps(boot, steps, place);
}

static gboolean
is_open(const Wished *wished)
{
    return wished->result == NULL && (wished->failure == NULL || may_pass(wished));
}

/* Looks at each wish that is not there and has not failed for good. */
static void
look_round(const Boot *boot)
{
    for (guint i = 0; i < boot->wishes->len; i++) {
        Wished *wished = g_ptr_array_index(boot->wishes, i);
        g_autofree char *before = g_steal_pointer(&wished->seen);

        if (is_open(wished))
            wished->seen = look(boot, wished, &wished->was_up);
        wished->is_due = wished->seen != NULL && g_strcmp0(wished->seen, before) != 0;
    }
}

/* Tries each of them that was not tried yet or has changed. It is looked at before anything is
 * read: what changes meanwhile is seen in the next round. TRUE: there is something left to wait
 * for. */
static gboolean
go_round(Boot *boot)
{
    g_autoptr(VasWishedDevices) devices = NULL;
    gboolean is_left = FALSE;

    look_round(boot);
    for (guint i = 0; i < boot->wishes->len; i++) {
        const Wished *wished = g_ptr_array_index(boot->wishes, i);

        if (wished->is_due)
            attempt(boot, i, &devices);
        is_left = is_left || is_open(wished);
    }
    return is_left;
}

static void
tell_waiting(const Boot *boot)
{
    for (guint i = 0; i < boot->wishes->len; i++) {
        const Wished *wished = g_ptr_array_index(boot->wishes, i);

        if (is_open(wished))
            vas_context_progress(boot->context, VAS_PROGRESS_WAITING,
                                 boot->request->timeout - seconds_left(boot),
                                 boot->request->timeout, "waiting: %s", wished->failure->message);
    }
}

static gboolean
fulfil(Boot *boot, GError **error)
{
    while (go_round(boot) && !boot->request->dry_run) {
        gint64 now = g_get_monotonic_time();

        if (now >= boot->deadline)
            break;
        if (!vas_interrupt_check(boot->context->interrupt, error))
            return FALSE;
        tell_waiting(boot);
        vas_interrupt_sleep(boot->context->interrupt, MIN(boot->deadline, now + LOOK_INTERVAL));
    }
    return vas_interrupt_check(boot->context->interrupt, error);
}

/* The driver is not to blame while nobody has brought the PF up. */
static void
explain(Wished *wished)
{
    if (wished->rule != NULL && may_pass(wished) &&
        g_error_matches(wished->failure, VAS_ERROR, VAS_ERROR_UNSUPPORTED))
        vas_error_set_hint(&wished->failure,
                           "its interface is down, and some drivers make VFs only when it is up: "
                           "have the network configuration bring it up");
}

static void
note_by_place(const Boot *boot, const Wished *wished)
{
    if (wished->is_by_place)
        vas_context_progress(boot->context, VAS_PROGRESS_NOTE, 0, 0,
                             "%s is known by its place only: no MAC and no serial number tells it "
                             "from another card of its model",
                             vas_host_address_text(wished->of->device).text);
}

/* Returns full. */
static VasResult *
take_result(const Boot *boot, Wished *wished)
{
    g_autoptr(VasAssignment) subject = NULL;
    VasResult *result = g_steal_pointer(&wished->result);

    if (result != NULL)
        note_by_place(boot, wished);
    if (result == NULL) {
        explain(wished);
        subject = vas_assignment_new(VAS_ASSIGNMENT_HOSTDEV);
        subject->has_device = TRUE;
        subject->device = wished->of->device;
        result = vas_result_new(NULL, subject);
        result->outcome = VAS_OUTCOME_FAILED;
        result->error = g_steal_pointer(&wished->failure);
        (void) vas_driver_read(boot->context->host, wished->of->device, &result->driver, NULL);
    }
    result->vfs = wished->rule != NULL ? wished->rule->count : 0;
    return result;
}

/* A wish that was fulfilled before counts as a part that is done. */
static gboolean
judge(const GPtrArray *results, GError **error)
{
    g_autoptr(GError) failure = vas_results_error(results);
    gboolean has_any = FALSE;

    if (failure == NULL)
        return TRUE;
    for (guint i = 0; i < results->len; i++)
        has_any = has_any || ((const VasResult *) g_ptr_array_index(results, i))->error == NULL;
    g_propagate_error(error, has_any ? vas_error_recode(failure, VAS_ERROR_PARTIAL)
                                     : g_steal_pointer(&failure));
    return FALSE;
}

/* Where somebody edited the wishes by hand the rules are as before. */
static void
refresh_rules(const VasContext *context)
{
    g_autoptr(GError) failure = NULL;

    if (!vas_persist_refresh(context, &failure))
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "the udev rules stay as they are: %s", failure->message);
}

gboolean
vas_boot(const VasContext *context, const VasBootRequest *request, GPtrArray **ret_results,
         GPtrArray **ret_steps, GError **error)
{
    g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func(wished_free);
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func((GDestroyNotify) vas_step_free);
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify) vas_result_free);
    g_autoptr(VasHostWish) wish = NULL;
    Boot boot = {.context = context,
                 .request = request,
                 .deadline = g_get_monotonic_time() + (gint64) request->timeout * G_USEC_PER_SEC,
                 .wishes = wishes,
                 .steps = steps};

    if (!vas_wish_file_read(context->host, &wish, error))
        return FALSE;
    if (!request->dry_run)
        refresh_rules(context);
    boot.wish = wish;
    collect(&boot);
    if (!fulfil(&boot, error))
        return FALSE;
    for (guint i = 0; i < wishes->len; i++)
        g_ptr_array_add(results, take_result(&boot, g_ptr_array_index(wishes, i)));
    *ret_results = g_steal_pointer(&results);
    if (request->dry_run)
        *ret_steps = g_steal_pointer(&steps);
    return judge(*ret_results, error);
}
