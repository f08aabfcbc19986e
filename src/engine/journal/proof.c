/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/journal/proof.h"

#include "core/journal/operation.h"
#include "core/value/error.h"
#include "engine/journal/guest-note.h"
#include "engine/journal/record-store.h"
#include "host/files/host-key.h"
#include "xml/metadata-xml.h"

#include <string.h>

/* Takes @text, what an entry says. Returns full. */
static char *
seal_of(const char *key, const char *uuid, char *text)
{
    g_autofree char *said = text;
    g_autofree char *sealed = g_strconcat(VAS_METADATA_URI "\n", uuid, "\n", said, NULL);

    return g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *) key, strlen(key), sealed,
                                     -1);
}

static char *
seal_of_release(const char *key, const char *uuid, const VasPendingRelease *release)
{
    return seal_of(key, uuid, vas_metadata_xml_format_release(release));
}

static char *
seal_of_operation(const char *key, const char *uuid, const VasOperation *operation)
{
    return seal_of(key, uuid, vas_metadata_xml_format_operation(operation));
}

static char *
seal_of_wish(const char *key, const char *uuid, const VasWish *wish)
{
    return seal_of(key, uuid, vas_metadata_xml_format_wish(wish));
}

static void
check_release(const char *key, gboolean is_hidden, const char *uuid, VasPendingRelease *release)
{
    g_autofree char *seal = key != NULL ? seal_of_release(key, uuid, release) : NULL;

    release->is_proven =
        release->is_proven || is_hidden || (seal != NULL && g_strcmp0(release->seal, seal) == 0);
}

static void
check_operation(const char *key, const char *uuid, VasOperation *operation)
{
    g_autofree char *seal = key != NULL ? seal_of_operation(key, uuid, operation) : NULL;

    operation->is_proven =
        operation->is_proven || (seal != NULL && g_strcmp0(operation->seal, seal) == 0);
}

static void
check_wish(const char *key, const char *uuid, VasWish *wish)
{
    g_autofree char *seal = key != NULL ? seal_of_wish(key, uuid, wish) : NULL;

    wish->is_proven = wish->is_proven || (seal != NULL && g_strcmp0(wish->seal, seal) == 0);
}

void
vas_proof_check(const VasContext *context, const char *uuid, VasGuestRecord *record)
{
    g_autofree char *key = NULL;
    gboolean is_hidden;

    if (record == NULL || vas_guest_record_is_empty(record))
        return;
    is_hidden = context->host == NULL || !vas_host_key_read(context->host, &key, NULL);
    for (guint i = 0; i < record->releases->len; i++)
        check_release(key, is_hidden, uuid, g_ptr_array_index(record->releases, i));
    for (guint i = 0; i < record->operations->len; i++)
        check_operation(key, uuid, g_ptr_array_index(record->operations, i));
    for (guint i = 0; i < record->wishes->len; i++)
        check_wish(key, uuid, g_ptr_array_index(record->wishes, i));
}

void
vas_proof_check_guest(const VasContext *context, const VasGuest *guest)
{
    if (guest->live != NULL)
        vas_proof_check(context, guest->uuid, guest->live->record);
    if (guest->config != NULL)
        vas_proof_check(context, guest->uuid, guest->config->record);
}

gboolean
vas_proof_accepts(const VasContext *context, const VasGuest *guest, const VasOperation *operation)
{
    return operation->is_proven || vas_guest_note_knows(context, guest->uuid, operation->id);
}

/* Tells why no seal can be checked; NULL: they can. Returns full. */
static char *
find_obstacle(const VasContext *context)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *key = NULL;

    if (context->host == NULL)
        return g_strdup("its seal can be checked on the guest's own host only");
    return vas_host_key_read(context->host, &key, &failure) ? NULL : g_strdup(failure->message);
}

gboolean
vas_proof_can_be_had(const VasContext *context)
{
    g_autofree char *obstacle = find_obstacle(context);

    return obstacle == NULL;
}

GError *
vas_proof_refusal(const VasContext *context, const VasGuest *guest)
{
    g_autofree char *obstacle = find_obstacle(context);
    GError *refusal = NULL;

    g_set_error(&refusal, VAS_ERROR, VAS_ERROR_UNPROVEN,
                "its record is not known to be ours, and nothing is done by it: %s",
                obstacle != NULL ? obstacle : "it bears no seal of this host for this guest");
    vas_error_set_hint(&refusal,
                       "see what it would do, then do it by leaving out --dry-run: virt-assign "
                       "recover --adopt %s --dry-run",
                       guest->word);
    return refusal;
}

void
vas_proof_seal(const VasContext *context, const char *uuid, const VasGuestRecord *record)
{
    g_autofree char *key = context->host != NULL && !vas_guest_record_is_empty(record)
                               ? vas_host_key_have(context->host, NULL)
                               : NULL;

    for (guint i = 0; key != NULL && i < record->releases->len; i++) {
        VasPendingRelease *release = g_ptr_array_index(record->releases, i);

        if (!release->is_proven)
            continue;
        g_free(release->seal);
        release->seal = seal_of_release(key, uuid, release);
    }
    for (guint i = 0; key != NULL && i < record->operations->len; i++) {
        VasOperation *operation = g_ptr_array_index(record->operations, i);

        if (!operation->is_proven)
            continue;
        g_free(operation->seal);
        operation->seal = seal_of_operation(key, uuid, operation);
    }
    for (guint i = 0; key != NULL && i < record->wishes->len; i++) {
        VasWish *wish = g_ptr_array_index(record->wishes, i);

        if (!wish->is_proven)
            continue;
        g_free(wish->seal);
        wish->seal = seal_of_wish(key, uuid, wish);
    }
}

void
vas_proof_prepare(const VasContext *context)
{
    g_autoptr(GError) failure = NULL;

    if (context->host != NULL)
        g_free(vas_host_key_have(context->host, &failure));
    if (failure != NULL)
        vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                             "should this command be killed, and the host be booted or the guest "
                             "move then, virt-assign recover needs --adopt: %s",
                             failure->message);
}

static void
adopt_wish(const VasContext *context, const VasGuest *guest, VasScope scope, gboolean write,
           VasWish *wish)
{
    if (wish->is_proven)
        return;
    wish->is_proven = TRUE;
    vas_context_progress(context, VAS_PROGRESS_NOTE, 0, 0,
                         "what the %s of guest %s says is wished for %s %s this host's seal",
                         scope == VAS_SCOPE_LIVE ? "live metadata" : "metadata", guest->name,
                         vas_host_address_text(wish->device).text, write ? "has" : "would get");
}

static gboolean
adopt(const VasContext *context, const VasGuest *guest, VasScope scope, gboolean write,
      GError **error)
{
    const VasGuestDefinition *definition = scope == VAS_SCOPE_LIVE ? guest->live : guest->config;
    const VasGuestRecord *record = definition != NULL ? definition->record : NULL;

    if (record == NULL || vas_guest_record_is_empty(record))
        return TRUE;
    for (guint i = 0; i < record->releases->len; i++)
        ((VasPendingRelease *) g_ptr_array_index(record->releases, i))->is_proven = TRUE;
    for (guint i = 0; i < record->operations->len; i++)
        ((VasOperation *) g_ptr_array_index(record->operations, i))->is_proven = TRUE;
    for (guint i = 0; i < record->wishes->len; i++)
        adopt_wish(context, guest, scope, write, g_ptr_array_index(record->wishes, i));
    return !write || vas_record_store(context, guest, scope, record, error);
}

gboolean
vas_proof_adopt(const VasContext *context, const VasGuest *guest, gboolean write, GError **error)
{
    return adopt(context, guest, VAS_SCOPE_LIVE, write, error) &&
           adopt(context, guest, VAS_SCOPE_CONFIG, write, error);
}
