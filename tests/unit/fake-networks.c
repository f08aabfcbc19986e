/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-private.h"

#include "core/value/error.h"

static void
fake_network_free(gpointer data)
{
    FakeNetwork *network = data;

    g_free(network->name);
    g_free(network->xml);
    g_free(network);
}

static GStrv
list_networks(VasHypervisor *port, GError **error)
{
    Fake *fake = fake_of(port);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    Course course = fake_begin_call(fake, FAKE_LIST_NETWORKS, error);

    if (course != GO_ON && course != RETURN_SUCCESS)
        return NULL;
    for (guint i = 0; course == GO_ON && i < fake->public.networks->len; i++) {
        const FakeNetwork *network = g_ptr_array_index(fake->public.networks, i);

        g_strv_builder_add(names, network->name);
    }
    return g_strv_builder_end(names);
}

static const FakeNetwork *
find_network(const Fake *fake, const char *name, GError **error)
{
    for (guint i = 0; i < fake->public.networks->len; i++) {
        const FakeNetwork *network = g_ptr_array_index(fake->public.networks, i);

        if (g_str_equal(network->name, name))
            return network;
    }
    g_set_error(error, VAS_ERROR, VAS_ERROR_NOT_FOUND, "no network with matching name '%s'", name);
    return NULL;
}

static char *
network_xml(VasHypervisor *port, const char *name, GError **error)
{
    Fake *fake = fake_of(port);
    const FakeNetwork *network = NULL;

    if (fake_begin_call(fake, FAKE_NETWORK_XML, error) != GO_ON)
        return NULL;
    network = find_network(fake, name, error);
    return network != NULL ? g_strdup(network->xml) : NULL;
}

static gboolean
network_state(VasHypervisor *port, const char *name, gboolean *ret_active,
              gboolean *ret_autostarted, GError **error)
{
    Fake *fake = fake_of(port);
    const FakeNetwork *network = NULL;

    if (fake_begin_call(fake, FAKE_NETWORK_STATE, error) != GO_ON)
        return FALSE;
    network = find_network(fake, name, error);
    if (network == NULL)
        return FALSE;
    *ret_active = network->active;
    *ret_autostarted = network->autostarted;
    return TRUE;
}

void
fake_networks_build(Fake *fake)
{
    fake->public.networks = g_ptr_array_new_with_free_func(fake_network_free);
    fake->public.port.list_networks = list_networks;
    fake->public.port.network_xml = network_xml;
    fake->public.port.network_state = network_state;
}

FakeNetwork *
fake_add_network(FakeHypervisor *public, const char *name, const char *forward)
{
    FakeNetwork *network = g_new0(FakeNetwork, 1);

    network->name = g_strdup(name);
    network->xml = g_strdup_printf("<network><name>%s</name>%s</network>", name, forward);
    network->active = TRUE;
    g_ptr_array_add(public->networks, network);
    return network;
}
