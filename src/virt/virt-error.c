/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/virt-error.h"

#include "core/value/error.h"

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
    "give the guest a <channel> org.qemu.guest_agent.0 and install qemu-guest-agent in it "        \
    "(virt-assign check GUEST says how)"
#define START_AGENT                                                                                \
    "start qemu-guest-agent in the guest, or wait until the guest is up, and try again"
#define OTHER_URI "check the URI (-c, LIBVIRT_DEFAULT_URI); that of QEMU is qemu:///system"

/* What libvirt reports, and what it means to a caller. */
typedef struct {
    int number;        /* virErrorNumber */
    int domain;        /* virErrorDomain or ANY_DOMAIN */
    const char *words; /* have to be in the message; NULL: any message */
    VasError code;
    const char *hint; /* NULL: none */
} ErrorMeaning;

/* The first row that fits counts. */
static const ErrorMeaning meanings[] = {
    {VIR_ERR_NO_DOMAIN, ANY_DOMAIN, NULL, VAS_ERROR_NOT_FOUND, NULL},
    {VIR_ERR_NO_NODE_DEVICE, ANY_DOMAIN, NULL, VAS_ERROR_NOT_FOUND, NULL},
    {VIR_ERR_DEVICE_MISSING, ANY_DOMAIN, NULL, VAS_ERROR_NOT_FOUND, NULL},
    /* virDomainDetachDeviceAlias does not use VIR_ERR_DEVICE_MISSING */
    {VIR_ERR_INTERNAL_ERROR, ANY_DOMAIN, "no device found with alias", VAS_ERROR_NOT_FOUND, NULL},

    {VIR_ERR_OPERATION_INVALID, ANY_DOMAIN, "is in use by", VAS_ERROR_IN_USE, NULL},
    {VIR_ERR_OPERATION_INVALID, ANY_DOMAIN, "domain is not running", VAS_ERROR_WRONG_STATE, NULL},
    {VIR_ERR_OPERATION_INVALID, ANY_DOMAIN, "transient domain", VAS_ERROR_WRONG_STATE, NULL},
    {VIR_ERR_XML_ERROR, ANY_DOMAIN, "Attempted double use of PCI Address", VAS_ERROR_TAKEN, NULL},
    {VIR_ERR_CONFIG_UNSUPPORTED, ANY_DOMAIN, "non unique alias", VAS_ERROR_TAKEN, NULL},

    {VIR_ERR_OPERATION_DENIED, ANY_DOMAIN, "read only access", VAS_ERROR_DENIED, READ_WRITE},
    {VIR_ERR_OPERATION_DENIED, ANY_DOMAIN, NULL, VAS_ERROR_DENIED, NULL},
    {VIR_ERR_ACCESS_DENIED, ANY_DOMAIN, NULL, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_AUTH_FAILED, ANY_DOMAIN, NULL, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_AUTH_CANCELLED, ANY_DOMAIN, NULL, VAS_ERROR_DENIED, MAY_MANAGE},
    {VIR_ERR_AUTH_UNAVAILABLE, ANY_DOMAIN, NULL, VAS_ERROR_DENIED, MAY_MANAGE},
    /* strerror(EACCES) behind the socket's path */
    {VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, ": Permission denied", VAS_ERROR_DENIED, MAY_MANAGE},

    {VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, "Failed to connect socket", VAS_ERROR_UNREACHABLE,
     START_LIBVIRT},
    {VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, "unable to connect", VAS_ERROR_UNREACHABLE, NULL},
    /* virnetsocket.c and virnetclient.c have a system error only when the transport breaks */
    {VIR_ERR_SYSTEM_ERROR, VIR_FROM_RPC, NULL, VAS_ERROR_UNREACHABLE, CONNECTION_LOST},
    {VIR_ERR_RPC, ANY_DOMAIN, NULL, VAS_ERROR_UNREACHABLE, CONNECTION_LOST},
    {VIR_ERR_NO_CONNECT, ANY_DOMAIN, NULL, VAS_ERROR_UNREACHABLE, OTHER_URI},
    {VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, "client socket is closed", VAS_ERROR_UNREACHABLE,
     CONNECTION_LOST},
    {VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, "Cannot write data", VAS_ERROR_UNREACHABLE,
     CONNECTION_LOST},
    {VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, "End of file while reading data", VAS_ERROR_UNREACHABLE,
     CONNECTION_LOST},
    {VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, "event on socket", VAS_ERROR_UNREACHABLE,
     CONNECTION_LOST},
    {VIR_ERR_INTERNAL_ERROR, VIR_FROM_RPC, "keepalive timeout", VAS_ERROR_UNREACHABLE,
     CONNECTION_LOST},

    /* qemuDomainAgentAvailable and qemuDomainEnsureAgent in src/qemu/qemu_domain.c */
    {VIR_ERR_ARGUMENT_UNSUPPORTED, ANY_DOMAIN, "guest agent is not configured",
     VAS_ERROR_UNSUPPORTED, ADD_AGENT_CHANNEL},
    {VIR_ERR_AGENT_UNRESPONSIVE, ANY_DOMAIN, NULL, VAS_ERROR_NOT_READY, START_AGENT},
    {VIR_ERR_AGENT_UNSYNCED, ANY_DOMAIN, NULL, VAS_ERROR_NOT_READY, START_AGENT},

    /* Before 9.7 nodes are detached to no driver by name (qemuNodeDeviceDetachFlags). */
    {VIR_ERR_INVALID_ARG, ANY_DOMAIN, "unknown driver name", VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_NO_SUPPORT, ANY_DOMAIN, NULL, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_CONFIG_UNSUPPORTED, ANY_DOMAIN, NULL, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_ARGUMENT_UNSUPPORTED, ANY_DOMAIN, NULL, VAS_ERROR_UNSUPPORTED, NULL},
    {VIR_ERR_OPERATION_UNSUPPORTED, ANY_DOMAIN, NULL, VAS_ERROR_UNSUPPORTED, NULL},

    {VIR_ERR_OPERATION_TIMEOUT, ANY_DOMAIN, "state change lock", VAS_ERROR_FAILED, WAIT_FOR_JOB},
};

static gboolean
meaning_fits(const ErrorMeaning *meaning, const virError *cause, const char *message)
{
    return meaning->number == cause->code &&
           (meaning->domain == ANY_DOMAIN || meaning->domain == cause->domain) &&
           (meaning->words == NULL || strstr(message, meaning->words) != NULL);
}

static const ErrorMeaning *
find_meaning(const virError *cause, const char *message)
{
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (meaning_fits(&meanings[i], cause, message))
            return &meanings[i];
    }
    return NULL;
}

GError *
vas_virt_error_convert(const virError *cause, const char *context)
{
    g_autofree char *message = NULL;
    const ErrorMeaning *meaning;
    GError *error = NULL;

    if (cause == NULL || cause->message == NULL)
        return g_error_new(VAS_ERROR, VAS_ERROR_FAILED, "%s: libvirt gave no reason", context);
    message = g_strchomp(g_strdup(cause->message));
    meaning = find_meaning(cause, message);
    g_set_error(&error, VAS_ERROR, (int) (meaning != NULL ? meaning->code : VAS_ERROR_FAILED),
                "%s: %s", context, message);
    vas_error_set_libvirt(error, cause->domain, cause->code);
    if (meaning != NULL && meaning->hint != NULL)
        vas_error_set_hint(&error, "%s", meaning->hint);
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
