/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/need/remote-session.h"

#include "host/system/sysfs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* Nobody nests deeper; a /proc that changes while it is read could go round. */
#define MAX_ANCESTORS 64
/* These are the fields of a line in /proc/net/tcp (get_tcp4_sock in net/ipv4/tcp_ipv4.c). */
#define FIELD_LOCAL 1
#define FIELD_REMOTE 2
#define FIELD_STATE 3
#define FIELD_INODE 9
#define STATE_ESTABLISHED "01"

static void
remote_session_free(gpointer data)
{
    VasRemoteSession *session = data;

    g_free(session->address);
    g_free(session->peer);
    g_free(session->evidence);
    g_free(session);
}

/* NULL: @bytes (4 or 16) are a loopback address. Returns full. */
static char *
format_address(const guint8 *bytes, gsize length)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr v6;

    if (length == sizeof v6) {
        memcpy(&v6, bytes, sizeof v6);
        if (IN6_IS_ADDR_LOOPBACK(&v6))
            return NULL;
        if (!IN6_IS_ADDR_V4MAPPED(&v6))
            return g_strdup(inet_ntop(AF_INET6, &v6, text, sizeof text));
        bytes += 12;
    }
    return bytes[0] == IN_LOOPBACKNET ? NULL
                                      : g_strdup(inet_ntop(AF_INET, bytes, text, sizeof text));
}

/* "0100007F:0016", 32 bits at a time as this machine has them in memory. NULL: loopback, or not of
 * that form. Returns full. */
static char *
address_from_table(const char *field)
{
    guint8 bytes[16];
    gsize digits = strcspn(field, ":");

    if (digits != 8 && digits != 32)
        return NULL;
    for (gsize i = 0; i < digits / 8; i++) {
        g_autofree char *word = g_strndup(field + 8 * i, 8);
        guint64 value;
        guint32 stored;

        if (!g_ascii_string_to_unsigned(word, 16, 0, G_MAXUINT32, &value, NULL))
            return NULL;
        stored = (guint32) value;
        memcpy(bytes + 4 * i, &stored, sizeof stored);
    }
    return format_address(bytes, digits / 2);
}

/* An address in text, with or without a scope ("fe80::1%eth0"). NULL: none, or loopback. Returns
 * full. */
static char *
address_from_text(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "%", 2);
    guint8 bytes[16];

    if (parts[0] == NULL)
        return NULL;
    if (inet_pton(AF_INET6, parts[0], bytes) == 1)
        return format_address(bytes, 16);
    return inet_pton(AF_INET, parts[0], bytes) == 1 ? format_address(bytes, 4) : NULL;
}

/* Consumes both addresses. A second connection between the same two says nothing new. */
static void
take_session(GPtrArray *sessions, char *address, char *peer, const char *evidence)
{
    g_autofree char *own = address;
    g_autofree char *other = peer;
    VasRemoteSession *session;

    if (own == NULL || other == NULL)
        return;
    for (guint i = 0; i < sessions->len; i++) {
        const VasRemoteSession *known = g_ptr_array_index(sessions, i);

        if (g_str_equal(known->address, own) && g_str_equal(known->peer, other))
            return;
    }
    session = g_new0(VasRemoteSession, 1);
    session->address = g_steal_pointer(&own);
    session->peer = g_steal_pointer(&other);
    session->evidence = g_strdup(evidence);
    g_ptr_array_add(sessions, session);
}

static char *
process_path(guint64 process, const char *leaf)
{
    return g_strdup_printf("/proc/%" G_GUINT64_FORMAT "/%s", process, leaf);
}

/* "812 (sshd) S 1 ...": the name can have spaces and parentheses in it. 0: gone, or the last. */
static guint64
read_parent(const VasHost *host, guint64 process, char **ret_name)
{
    g_autofree char *path = process_path(process, "stat");
    g_autofree char *text = vas_sysfs_read(host, path, NULL);
    const char *start = text != NULL ? strchr(text, '(') : NULL;
    const char *end = text != NULL ? strrchr(text, ')') : NULL;
    g_auto(GStrv) fields = NULL;
    guint64 parent = 0;

    if (start == NULL || end == NULL || end < start)
        return 0;
    fields = g_strsplit(end, " ", 4);
    if (g_strv_length(fields) < 3 ||
        !g_ascii_string_to_unsigned(fields[2], 10, 0, G_MAXINT32, &parent, NULL))
        return 0;
    *ret_name = g_strndup(start + 1, (gsize) (end - start - 1));
    return parent;
}

/* The sockets of @process, "socket:[NUMBER]", each with @owner as its value. */
static void
add_sockets(const VasHost *host, guint64 process, const char *owner, GHashTable *sockets)
{
    g_autofree char *folder = process_path(process, "fd");
    g_auto(GStrv) descriptors = vas_sysfs_list(host, folder);

    for (guint i = 0; descriptors[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folder, descriptors[i], NULL);
        char *target = vas_sysfs_read_link_name(host, path, NULL);

        if (target != NULL && g_str_has_prefix(target, "socket:["))
            g_hash_table_insert(sockets, target, g_strdup(owner));
        else
            g_free(target);
    }
}

static void
add_from_environment(const VasHost *host, guint64 process, GPtrArray *sessions)
{
    static const char variable[] = "SSH_CONNECTION=";
    g_autofree char *path = process_path(process, "environ");
    g_autofree char *full = vas_host_path(host, path);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (!g_file_get_contents(full, &text, &length, NULL))
        return;
    for (gsize at = 0; at < length; at += strlen(text + at) + 1) {
        g_auto(GStrv) fields = NULL;
        g_autofree char *evidence = NULL;

        if (!g_str_has_prefix(text + at, variable))
            continue;
        /* Address and port of the client, then of the server (ssh(1)). */
        fields = g_strsplit(text + at + strlen(variable), " ", -1);
        evidence = g_strdup_printf("SSH_CONNECTION, %s", path);
        if (g_strv_length(fields) >= 4)
            take_session(sessions, address_from_text(fields[2]), address_from_text(fields[0]),
                         evidence);
    }
}

static void
add_from_table(const VasHost *host, const char *table, GHashTable *sockets, GPtrArray *sessions)
{
    g_autofree char *text = vas_sysfs_read(host, table, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
        g_autofree char *socket = NULL;
        g_autofree char *evidence = NULL;
        const char *owner = NULL;

        for (guint j = 0; words[j] != NULL; j++) {
            if (words[j][0] != '\0')
                g_ptr_array_add(fields, words[j]);
        }
        if (fields->len <= FIELD_INODE ||
            !g_str_equal(g_ptr_array_index(fields, FIELD_STATE), STATE_ESTABLISHED))
            continue;
        socket = g_strdup_printf("socket:[%s]", (char *) g_ptr_array_index(fields, FIELD_INODE));
        owner = g_hash_table_lookup(sockets, socket);
        if (owner == NULL)
            continue;
        evidence = g_strdup_printf("%s, %s", owner, table);
        take_session(sessions, address_from_table(g_ptr_array_index(fields, FIELD_LOCAL)),
                     address_from_table(g_ptr_array_index(fields, FIELD_REMOTE)), evidence);
    }
}

GPtrArray *
vas_remote_sessions_read(const VasHost *host)
{
    GPtrArray *sessions = g_ptr_array_new_with_free_func(remote_session_free);
    g_autoptr(GHashTable) sockets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *self = vas_sysfs_read_link_name(host, "/proc/self", NULL);
    guint64 process = 0;

    if (self == NULL || !g_ascii_string_to_unsigned(self, 10, 1, G_MAXINT32, &process, NULL))
        return sessions;
    /* Process 1 serves all, not this caller. */
    for (guint i = 0; process > 1 && i < MAX_ANCESTORS; i++) {
        g_autofree char *name = NULL;
        g_autofree char *owner = NULL;
        guint64 parent = read_parent(host, process, &name);

        owner =
            g_strdup_printf("%s, process %" G_GUINT64_FORMAT, name != NULL ? name : "?", process);
        add_sockets(host, process, owner, sockets);
        add_from_environment(host, process, sessions);
        process = parent;
    }
    if (g_hash_table_size(sockets) > 0) {
        add_from_table(host, "/proc/net/tcp", sockets, sessions);
        add_from_table(host, "/proc/net/tcp6", sockets, sessions);
    }
    return sessions;
}
