/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/value/error.h"

typedef struct {
    char *hint;
    int libvirt_domain;
    int libvirt_code;
} VasErrorPrivate;

static void
vas_error_private_init(VasErrorPrivate *detail)
{
    (void) detail; /* GLib hands it over zeroed */
}

/* GLib's accessor, which finds the detail for these two, answers NULL for a foreign error. */
static void
vas_error_private_copy(const VasErrorPrivate *source, VasErrorPrivate *target)
{
    if (source == NULL || target == NULL)
        return;
    target->hint = g_strdup(source->hint);
    target->libvirt_domain = source->libvirt_domain;
    target->libvirt_code = source->libvirt_code;
}

static void
vas_error_private_clear(VasErrorPrivate *detail)
{
    if (detail != NULL)
        g_free(detail->hint);
}

/* The macro finds the detail by stepping bytes back from the GError, which GLib aligns for it;
 * clang sees only a cast from bytes. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR(VasError, vas_error)
#pragma GCC diagnostic pop

static const struct {
    const char *name;
    int exit_status;
} codes[] = {
    [VAS_ERROR_FAILED] = {"failed", 1},
    [VAS_ERROR_USAGE] = {"usage", 2},
    [VAS_ERROR_INVALID] = {"invalid", 2},
    [VAS_ERROR_NOT_FOUND] = {"not-found", 3},
    [VAS_ERROR_AMBIGUOUS] = {"ambiguous", 3},
    [VAS_ERROR_IN_USE] = {"in-use", 4},
    [VAS_ERROR_TAKEN] = {"taken", 4},
    [VAS_ERROR_NO_SLOT] = {"no-slot", 4},
    [VAS_ERROR_UNUSABLE] = {"unusable", 4},
    [VAS_ERROR_UNSUITABLE] = {"unsuitable", 4},
    [VAS_ERROR_NOT_READY] = {"not-ready", 4},
    [VAS_ERROR_WRONG_STATE] = {"wrong-state", 4},
    [VAS_ERROR_CONFLICT] = {"conflict", 4},
    [VAS_ERROR_MISMATCH] = {"mismatch", 4},
    [VAS_ERROR_CRITICAL] = {"critical", 4},
    [VAS_ERROR_LOCKED] = {"locked", 4},
    [VAS_ERROR_UNPROVEN] = {"unproven", 4},
    [VAS_ERROR_UNSUPPORTED] = {"unsupported", 1},
    [VAS_ERROR_DENIED] = {"denied", 1},
    [VAS_ERROR_UNREACHABLE] = {"unreachable", 1},
    [VAS_ERROR_TIMED_OUT] = {"timed-out", 5},
    [VAS_ERROR_PARTIAL] = {"partial", 6},
    [VAS_ERROR_UNDO_FAILED] = {"undo-failed", 7},
    [VAS_ERROR_INTERRUPTED] = {"interrupted", 128},
};

const char *
vas_error_name(VasError code)
{
    return codes[code].name;
}

int
vas_error_exit_status(const GError *error)
{
    if (error == NULL)
        return 0;
    if (error->domain == G_OPTION_ERROR)
        return 2;
    if (error->domain != VAS_ERROR)
        return 1;
    return codes[error->code].exit_status;
}

/* NULL for an error of another domain: it has no room for ours. */
static VasErrorPrivate *
detail_of(const GError *error)
{
    if (error == NULL || error->domain != VAS_ERROR)
        return NULL;
    return vas_error_get_private(error);
}

const char *
vas_error_hint(const GError *error)
{
    const VasErrorPrivate *detail = detail_of(error);

    return detail != NULL ? detail->hint : NULL;
}

void
vas_error_set_hint(GError **error, const char *format, ...)
{
    VasErrorPrivate *detail = error != NULL ? detail_of(*error) : NULL;
    g_autofree char *earlier = NULL;
    va_list arguments;

    if (detail == NULL)
        return;
    /* Freed last: the arguments may come from it. */
    earlier = detail->hint;
    va_start(arguments, format);
    detail->hint = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

int
vas_error_libvirt_code(const GError *error)
{
    const VasErrorPrivate *detail = detail_of(error);

    return detail != NULL ? detail->libvirt_code : 0;
}

int
vas_error_libvirt_domain(const GError *error)
{
    const VasErrorPrivate *detail = detail_of(error);

    return detail != NULL ? detail->libvirt_domain : 0;
}

void
vas_error_set_libvirt(GError *error, int domain, int code)
{
    VasErrorPrivate *detail = detail_of(error);

    if (detail == NULL)
        return;
    detail->libvirt_domain = domain;
    detail->libvirt_code = code;
}

GError *
vas_error_recode(const GError *error, VasError code)
{
    GError *recoded;

    if (error->domain != VAS_ERROR)
        return g_error_new_literal(VAS_ERROR, code, error->message);
    recoded = g_error_copy(error);
    recoded->code = code;
    return recoded;
}

/* More names than this are no help in a message. */
#define NAMES_MAX 8
#define REASONS_MAX 3

static GString *
join(const GPtrArray *parts, guint most)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < parts->len && i < most; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                               (const char *) g_ptr_array_index(parts, i));
    return text;
}

char *
vas_error_name_list(const GPtrArray *names)
{
    return names->len > 0 && names->len <= NAMES_MAX ? g_string_free(join(names, NAMES_MAX), FALSE)
                                                     : NULL;
}

char *
vas_error_reasons(const GPtrArray *reasons, const char *verb, const char *subject)
{
    GString *text = join(reasons, REASONS_MAX);

    if (reasons->len > REASONS_MAX)
        g_string_append_printf(text, ", and %u more (virt-assign %s %s)",
                               reasons->len - REASONS_MAX, verb, subject);
    return g_string_free(text, FALSE);
}
