/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files/operation-file.h"

#include "core/value/error.h"
#include "host/files/run-folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "operation-"
#define VERSION 1
/* A device has some 250 bytes: enough for every function of a large host. */
#define MAX_LENGTH ((gsize) 256 * 1024)

#define COMMAND "operation"
#define BEFORE "before"
#define WISHED "wished"
#define DEVICE "device "

static char *
file_name(VasHostAddress device)
{
    return g_strconcat(PREFIX, vas_host_address_text(device).text, NULL);
}

char *
vas_operation_file_path(VasHostAddress device)
{
    g_autofree char *name = file_name(device);

    return vas_run_file_path(name);
}

/* EPERM comes from host/files/run-folder, too, not only from the kernel. */
static void
hint_at_denial(int failure, GError **error)
{
    if (geteuid() != 0 && (failure == EACCES || failure == EPERM))
        vas_error_set_hint(error, "run as root");
    else if (failure == EPERM)
        vas_error_set_hint(error, "it has to be root's, open to nobody else, and no link: see who "
                                  "made it so");
}

static gboolean
fail(const char *what, VasHostAddress device, int failure, GError **error)
{
    g_autofree char *path = vas_operation_file_path(device);
    gboolean denied = failure == EACCES || failure == EPERM || failure == EROFS;

    g_set_error(error, VAS_ERROR, denied ? VAS_ERROR_DENIED : VAS_ERROR_FAILED, "%s %s: %s", what,
                path, g_strerror(failure));
    hint_at_denial(failure, error);
    return FALSE;
}

/* A key that is not there says that there is no value. */
static void
put(GKeyFile *file, const char *group, const char *key, const char *text)
{
    if (text != NULL)
        g_key_file_set_string(file, group, key, text);
}

static void
put_device(GKeyFile *file, const VasHostOperationDevice *device)
{
    g_autofree char *group = g_strconcat(DEVICE, vas_host_address_text(device->device).text, NULL);

    /* This key is always written, for the group has to be there even if all of it is unknown. */
    g_key_file_set_string(file, group, "identity",
                          device->identity != NULL ? device->identity : "");
    put(file, group, "driver", device->driver);
    put(file, group, "override", device->override);
    put(file, group, "wanted", device->wanted);
    put(file, group, "wanted-override", device->wanted_override);
}

static void
put_state(GKeyFile *file, const char *group, const VasVfsState *state)
{
    g_key_file_set_integer(file, group, "vfs", (int) state->count);
    g_key_file_set_boolean(file, group, "autoprobe", state->autoprobe);
    if (state->rule == NULL)
        return;
    g_key_file_set_integer(file, group, "rule-vfs", (int) state->rule->count);
    g_key_file_set_boolean(file, group, "rule-autoprobe", state->rule->autoprobe);
    put(file, group, "rule-driver", state->rule->driver);
}

gboolean
vas_operation_file_write(const VasHost *host, const VasHostOperation *operation, GError **error)
{
    const VasHostOperationDevice *first = g_ptr_array_index(operation->devices, 0);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *name = file_name(first->device);
    g_autofree char *text = NULL;
    int failure;

    g_key_file_set_integer(file, COMMAND, "version", VERSION);
    put(file, COMMAND, "command", vas_host_operation_name(operation->kind));
    g_key_file_set_int64(file, COMMAND, "started", operation->started_at);
    put(file, COMMAND, "driver", operation->driver);
    if (operation->kind == VAS_HOST_OPERATION_VFS) {
        put_state(file, BEFORE, &operation->before);
        put_state(file, WISHED, &operation->wished);
    }
    for (guint i = 0; i < operation->devices->len; i++)
        put_device(file, g_ptr_array_index(operation->devices, i));
    text = g_key_file_to_data(file, NULL, NULL);
    failure = strlen(text) <= MAX_LENGTH ? vas_run_file_write(host, name, text) : EFBIG;
    return failure == 0 || fail("write", first->device, failure, error);
}

static gboolean
get_kind(GKeyFile *file, VasHostOperationKind *ret_kind, GError **error)
{
    g_autofree char *name = g_key_file_get_string(file, COMMAND, "command", error);

    if (name == NULL)
        return FALSE;
    if (vas_host_operation_kind_parse(name, ret_kind))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "there is no command %s", name);
    return FALSE;
}

static gboolean
get_count(GKeyFile *file, const char *group, const char *key, guint *ret_count, GError **error)
{
    GError *refusal = NULL;
    int count = g_key_file_get_integer(file, group, key, &refusal);

    if (refusal == NULL && count >= 0 && count <= G_MAXUINT16) {
        *ret_count = (guint) count;
        return TRUE;
    }
    if (refusal == NULL)
        g_set_error(&refusal, VAS_ERROR, VAS_ERROR_FAILED, "%d is not a number of VFs", count);
    g_propagate_error(error, refusal);
    return FALSE;
}

static gboolean
get_flag(GKeyFile *file, const char *group, const char *key, gboolean *ret_flag, GError **error)
{
    GError *refusal = NULL;
    gboolean flag = g_key_file_get_boolean(file, group, key, &refusal);

    if (refusal != NULL) {
        g_propagate_error(error, refusal);
        return FALSE;
    }
    *ret_flag = flag;
    return TRUE;
}

static gboolean
get_state(GKeyFile *file, const char *group, VasVfsState *state, GError **error)
{
    VasVfRule *rule = NULL;

    if (!get_count(file, group, "vfs", &state->count, error) ||
        !get_flag(file, group, "autoprobe", &state->autoprobe, error))
        return FALSE;
    if (!g_key_file_has_key(file, group, "rule-vfs", NULL))
        return TRUE;
    rule = g_new0(VasVfRule, 1);
    state->rule = rule;
    rule->driver = g_key_file_get_string(file, group, "rule-driver", error);
    return rule->driver != NULL && get_count(file, group, "rule-vfs", &rule->count, error) &&
           get_flag(file, group, "rule-autoprobe", &rule->autoprobe, error);
}

/* The name becomes a path, or is written to sysfs: it has no "/", no line end and no dot in
 * front. */
static gboolean
get_name(GKeyFile *file, const char *group, const char *key, char **ret_name, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autofree char *text = g_key_file_get_string(file, group, key, &refusal);

    if (refusal != NULL &&
        !g_error_matches(refusal, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (text != NULL && (*text == '\0' || strpbrk(text, "/\n") != NULL || text[0] == '.')) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "\"%s\" is not the name of a driver", text);
        return FALSE;
    }
    *ret_name = g_steal_pointer(&text);
    return TRUE;
}

static gboolean
get_device(GKeyFile *file, const char *group, VasHostOperation *operation, GError **error)
{
    VasHostOperationDevice *device = NULL;
    VasHostAddress address;

    if (!vas_host_address_parse(group + strlen(DEVICE), &address, error))
        return FALSE;
    device = vas_host_operation_add(operation, address);
    device->identity = g_key_file_get_string(file, group, "identity", NULL);
    if (device->identity != NULL && *device->identity == '\0')
        g_clear_pointer(&device->identity, g_free);
    return get_name(file, group, "driver", &device->driver, error) &&
           get_name(file, group, "override", &device->override, error) &&
           get_name(file, group, "wanted", &device->wanted, error) &&
           get_name(file, group, "wanted-override", &device->wanted_override, error);
}

static gboolean
get_devices(GKeyFile *file, VasHostAddress first, VasHostOperation *operation, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    const VasHostOperationDevice *device = NULL;

    for (guint i = 0; groups[i] != NULL; i++) {
        if (g_str_has_prefix(groups[i], DEVICE) && !get_device(file, groups[i], operation, error))
            return FALSE;
    }
    device = operation->devices->len > 0 ? g_ptr_array_index(operation->devices, 0) : NULL;
    if (device != NULL && vas_host_address_equal(device->device, first))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_FAILED, "%s is not its first device",
                vas_host_address_text(first).text);
    return FALSE;
}

static gboolean
check_version(GKeyFile *file, GError **error)
{
    GError *refusal = NULL;
    int version = g_key_file_get_integer(file, COMMAND, "version", &refusal);

    if (refusal == NULL && version == VERSION)
        return TRUE;
    if (refusal == NULL)
        g_set_error(&refusal, VAS_ERROR,
                    version > VERSION ? VAS_ERROR_UNSUPPORTED : VAS_ERROR_FAILED,
                    "it is of version %d, and this virt-assign knows %d", version, VERSION);
    g_propagate_error(error, refusal);
    return FALSE;
}

static VasHostOperation *
parse(const char *text, VasHostAddress first, GError **error)
{
    g_autoptr(VasHostOperation) operation = vas_host_operation_new(VAS_HOST_OPERATION_VFS);
    g_autoptr(GKeyFile) file = g_key_file_new();

    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, error) ||
        !check_version(file, error) || !get_kind(file, &operation->kind, error) ||
        !get_name(file, COMMAND, "driver", &operation->driver, error) ||
        !get_devices(file, first, operation, error))
        return NULL;
    operation->started_at = g_key_file_get_int64(file, COMMAND, "started", NULL);
    if (operation->kind == VAS_HOST_OPERATION_VFS &&
        (!get_state(file, BEFORE, &operation->before, error) ||
         !get_state(file, WISHED, &operation->wished, error)))
        return NULL;
    return g_steal_pointer(&operation);
}

/* A message of GLib's can have a piece of the file in it, which is made valid to be printed. */
static gboolean
refuse(VasHostAddress device, const GError *cause, GError **error)
{
    g_autofree char *path = vas_operation_file_path(device);
    g_autofree char *why = g_utf8_make_valid(cause->message, -1);
    gboolean newer = g_error_matches(cause, VAS_ERROR, VAS_ERROR_UNSUPPORTED);

    g_set_error(error, VAS_ERROR, newer ? VAS_ERROR_UNSUPPORTED : VAS_ERROR_FAILED,
                "%s cannot be read as the record of a command: %s", path, why);
    if (newer)
        vas_error_set_hint(error, "use the virt-assign that wrote it, or a newer one");
    else
        vas_error_set_hint(error, "see that its device is as it should be, then remove the file");
    return FALSE;
}

gboolean
vas_operation_file_read(const VasHost *host, VasHostAddress device,
                        VasHostOperation **ret_operation, GError **error)
{
    g_autofree char *name = file_name(device);
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    int failure = vas_run_file_read(host, name, MAX_LENGTH, &text);
    VasHostOperation *operation = NULL;

    if (failure != 0 && failure != ENOENT)
        return fail("read", device, failure, error);
    if (failure == 0) {
        operation = parse(text, device, &cause);
        if (operation == NULL)
            return refuse(device, cause, error);
    }
    *ret_operation = operation;
    return TRUE;
}

gboolean
vas_operation_file_remove(const VasHost *host, VasHostAddress device, GError **error)
{
    g_autofree char *name = file_name(device);
    int failure = vas_run_file_remove(host, name);

    return failure == 0 || failure == ENOENT || fail("remove", device, failure, error);
}

GArray *
vas_operation_file_list(const VasHost *host, GError **error)
{
    g_autoptr(GArray) devices = g_array_new(FALSE, FALSE, sizeof(VasHostAddress));
    g_auto(GStrv) files = NULL;
    int failure = vas_run_file_list(host, PREFIX, &files);

    if (failure != 0) {
        g_autofree char *folder = vas_run_file_path("");

        g_set_error(error, VAS_ERROR,
                    failure == EACCES || failure == EPERM ? VAS_ERROR_DENIED : VAS_ERROR_FAILED,
                    "look for unfinished commands in %s: %s", folder, g_strerror(failure));
        hint_at_denial(failure, error);
        return NULL;
    }
    /* A file that was being written has an ending (vas_replace_file) and counts for nothing. */
    for (guint i = 0; files[i] != NULL; i++) {
        VasHostAddress device;

        if (vas_host_address_parse(files[i] + strlen(PREFIX), &device, NULL) &&
            g_str_equal(vas_host_address_text(device).text, files[i] + strlen(PREFIX)))
            g_array_append_val(devices, device);
    }
    return g_steal_pointer(&devices);
}
