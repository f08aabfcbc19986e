/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/virt-error.h"

#include "core/value/error.h"

#include <errno.h>
#include <string.h>

#define ANY_DOMAIN (-1)

#define START_LIBVIRT                                                                              \
    "start libvirt: `systemctl start libvirtd`, or `systemctl start virtqemud` where its daemons " \
    "are split"
#define MAY_MANAGE                                                                                 \
    "run as root, or as a user who may manage libvirt (group libvirt, polkit action "              \
    "org.libvirt.unix.manage)"
#define READ_WRITE                                                                                 \
    "use a read-write connection: run as root, or with -c qemu:///system as a user who may "       \
    "manage it"
#define WAIT_FOR_JOB                                                                               \
    "another operation on this guest is under way: try again when it is done "                     \
    "(`virsh domjobinfo` shows it)"
#define CONNECTION_LOST                                                                            \
    "the connection to libvirt was lost: see that its daemon runs (systemctl status libvirtd), "   \
    "then "                                                                                        \
    "run the command again"
#define ADD_AGENT_CHANNEL                                                                          \
    "give the guest a <channel> org.qemu.guest_agent.0 and install qemu-guest-agent in it"
#define START_AGENT                                                                                \
    "start qemu-guest-agent in the guest, or wait until the guest is up, and try again"
#define OTHER_URI "check the URI (-c, LIBVIRT_DEFAULT_URI); that of QEMU is qemu:///system"

/* A number of libvirt's, and what it means to a caller. */
typedef struct {
    int number; /* virErrorNumber */
    int domain; /* virErrorDomain or ANY_DOMAIN */
    int system; /* errno, of VIR_ERR_SYSTEM_ERROR; 0: any */
    VasError code;
    const char *hint; /* NULL: none */
} ErrorMeaning;

/* The first row that fits counts. */
static const ErrorMeaning meanings[] = {
    {VIR_ERR_NO_DOMAIN, ANY_DOMAIN, 0, VAS_ERROR_NOT_FOUND, NULL},
    {VIR_ERR_NO_NODE_DEVICE, ANY_DOMAIN, 0, VAS_ERROR_NOT_FOUND, NULL},
    {VIR_ERR_NO_NETWORK, ANY_DOMAIN, 0, VAS_ERROR_NOT_FOUND, NULL},
    {VIR_ERR_DEVICE_MISSING, ANY_DOMAIN, 0, VAS_ERROR_NOT_FOUND, NULL},

    /* A guest that does not run or is transient, and a device that another guest has: nothing was
     * done. */
    {VIR_ERR_OPERATION_INVALID, ANY_DOMAIN, 0, VAS_ERROR_WRONG_STATE, NULL},

    {VIR_ERR_OPERATION_DENIED, ANY_DOMAIN, 0, VAS_ERROR_DENIED, NULL},
    {VIR_ERR_ACCESS_DENIED, ANY_DOMAIN, 0, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_AUTH_FAILED, ANY_DOMAIN, 0, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_AUTH_CANCELLED, ANY_DOMAIN, 0, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_AUTH_UNAVAILABLE, ANY_DOMAIN, 0, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, EACCES, VAS_ERROR_DENIED, MAY_MANAGE},

    /* virnetsocket.c and virnetclient.c have a system or an internal error only when the transport
     * breaks. */
    {VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, 0, VAS_ERROR_UNREACHABLE, CONNECTION_LOST},
    {VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, 0, VAS_ERROR_UNREACHABLE, CONNECTION_LOST},
    {VIR_ERR_RPC, ANY_DOMAIN, 0, VAS_ERROR_UNREACHABLE, CONNECTION_LOST},
    {VIR_ERR_NO_CONNECT, ANY_DOMAIN, 0, VAS_ERROR_UNREACHABLE, OTHER_URI},

    {VIR_ERR_AGENT_UNRESPONSIVE, ANY_DOMAIN, 0, VAS_ERROR_NOT_READY, START_AGENT},
    {VIR_ERR_AGENT_UNSYNCED, ANY_DOMAIN, 0, VAS_ERROR_NOT_READY, START_AGENT},

    /* Before 9.7 nodes are detached to no driver by name (qemuNodeDeviceDetachFlags). */
    {VIR_ERR_INVALID_ARG, ANY_DOMAIN, 0, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_NO_SUPPORT, ANY_DOMAIN, 0, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_CONFIG_UNSUPPORTED, ANY_DOMAIN, 0, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_ARGUMENT_UNSUPPORTED, ANY_DOMAIN, 0, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_OPERATION_UNSUPPORTED, ANY_DOMAIN, 0, VAS_ERROR_UNSUPPORTED, NULL},
};

/* Words of libvirt's that make a better hint possible. Nothing else rests on them: its daemon
 * speaks the language of its own locale. */
typedef struct {
    int number;
    VasError code; /* the words are looked at where the number means this */
    const char *words;
    const char *hint; /* NULL: none */
} ErrorAdvice;

static const ErrorAdvice advices[] = {
    {VIR_ERR_OPERATION_DENIED, VAS_ERROR_DENIED, "read only access", READ_WRITE},
    {VIR_ERR_SYSTEM_ERROR, VAS_ERROR_UNREACHABLE, "Failed to connect socket", START_LIBVIRT},
    {VIR_ERR_SYSTEM_ERROR, VAS_ERROR_UNREACHABLE, "unable to connect", NULL},
    /* qemuDomainAgentAvailable and qemuDomainEnsureAgent in src/qemu/qemu_domain.c */
    {VIR_ERR_ARGUMENT_UNSUPPORTED, VAS_ERROR_UNSUPPORTED, "guest agent is not configured",
     ADD_AGENT_CHANNEL},
    {VIR_ERR_OPERATION_TIMEOUT, VAS_ERROR_FAILED, "state change lock", WAIT_FOR_JOB},
};

static const ErrorMeaning *
find_meaning(const virError *cause)
{
    static const ErrorMeaning unknown = {.code = VAS_ERROR_FAILED};

    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        const ErrorMeaning *meaning = &meanings[i];

        if (meaning->number == cause->code &&
            (meaning->domain == ANY_DOMAIN || meaning->domain == cause->domain) &&
            (meaning->system == 0 || meaning->system == cause->int1))
            return meaning;
    }
    return &unknown;
}

static const char *
find_hint(const ErrorMeaning *meaning, int number, const char *message)
{
    for (gsize i = 0; i < G_N_ELEMENTS(advices); i++) {
        const ErrorAdvice *advice = &advices[i];

        if (advice->number == number && advice->code == meaning->code &&
            strstr(message, advice->words) != NULL)
            return advice->hint;
    }
    return meaning->hint;
}

GError *
vas_virt_error_convert(const virError *cause, const char *context)
{
    g_autofree char *message = NULL;
    const ErrorMeaning *meaning = NULL;
    const char *hint = NULL;
    GError *error = NULL;

    if (cause == NULL || cause->message == NULL)
        return g_error_new(VAS_ERROR, VAS_ERROR_FAILED, "%s: libvirt gave no reason", context);
    message = g_strchomp(g_strdup(cause->message));
    meaning = find_meaning(cause);
    hint = find_hint(meaning, cause->code, message);
    g_set_error(&error, VAS_ERROR, (int) meaning->code, "%s: %s", context, message);
    vas_error_set_libvirt(error, cause->domain, cause->code);
    if (hint != NULL)
        vas_error_set_hint(&error, "%s", hint);
    return error;
}

void
vas_virt_error_set(GError **error, const char *format, ...)
{
    g_autofree char *context = NULL;
    va_list arguments;

    va_start(arguments, format);
    context = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_propagate_error(error, vas_virt_error_convert(virGetLastError(), context));
}
