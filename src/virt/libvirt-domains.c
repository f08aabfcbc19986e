/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/libvirt-domains.h"

struct VasLibvirtDomains {
    GMutex lock;
    GHashTable *by_uuid; /* owned texts to owned VasVirDomain */
};

VasLibvirtDomains *
vas_libvirt_domains_new(void)
{
    VasLibvirtDomains *domains = g_new0(VasLibvirtDomains, 1);

    g_mutex_init(&domains->lock);
    domains->by_uuid = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) vas_libvirt_domain_free);
    return domains;
}

void
vas_libvirt_domains_free(VasLibvirtDomains *domains)
{
    g_hash_table_unref(domains->by_uuid);
    g_mutex_clear(&domains->lock);
    g_free(domains);
}

void
vas_libvirt_domains_forget(VasLibvirtDomains *domains)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&domains->lock);

    g_hash_table_remove_all(domains->by_uuid);
}

void
vas_libvirt_domains_add(VasLibvirtDomains *domains, virDomainPtr domain)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&domains->lock);
    char uuid[VIR_UUID_STRING_BUFLEN];

    if (virDomainGetUUIDString(domain, uuid) < 0 || virDomainRef(domain) < 0)
        return;
    g_hash_table_replace(domains->by_uuid, g_strdup(uuid), domain);
}

/* NULL: libvirt has not told of it yet. Returns full. */
static VasVirDomain *
known(VasLibvirtDomains *domains, const char *uuid)
{
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&domains->lock);
    VasVirDomain *domain = (VasVirDomain *) g_hash_table_lookup(domains->by_uuid, uuid);

    return domain != NULL && virDomainRef(domain) == 0 ? domain : NULL;
}

VasVirDomain *
vas_libvirt_domains_find(VasLibvirtDomains *domains, virConnectPtr connection, const char *uuid,
                         GError **error)
{
    VasVirDomain *domain = known(domains, uuid);

    return domain != NULL ? domain : vas_libvirt_domains_look_up(domains, connection, uuid, error);
}

VasVirDomain *
vas_libvirt_domains_look_up(VasLibvirtDomains *domains, virConnectPtr connection, const char *uuid,
                            GError **error)
{
    VasVirDomain *domain = vas_libvirt_find_domain(connection, uuid, error);

    if (domain != NULL)
        vas_libvirt_domains_add(domains, domain);
    return domain;
}
