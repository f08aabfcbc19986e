/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/invocation.h"
#include "cli/frame/session.h"
#include "cli/output/assignment-pair.h"
#include "cli/output/qemu-lines.h"
#include "core/inventory/selector.h"
#include "core/nic/naming-scheme.h"
#include "core/place/slots.h"
#include "engine/base/scan.h"

#include <string.h>

/* The command line up to the word that is to be completed. */
typedef struct {
    const VasVerb *verb;       /* NULL: none yet, or */
    gboolean verb_is_unknown;  /* one that does not exist */
    GPtrArray *arguments;      /* const char *, borrowed */
    const char *uri;           /* NULL: libvirt's own choice */
    const VasOption *awaiting; /* the option whose value the word is; NULL: it is none */
    gboolean options_ended;    /* "--" was there */
} Line;

/* Candidates begin with what is typed of the word, and go to @candidates behind @lead. */
typedef struct {
    const char *typed;
    const char *lead;
    GString *candidates;
} Word;

/* Shells insert a candidate as it is, to be run with the line: a guest's name can be anything. */
static gboolean
is_plain(const char *candidate)
{
    if (candidate[strcspn(candidate, " \t\n\"'\\`$&|;<>()[]{}*?!#~")] != '\0' ||
        !g_utf8_validate(candidate, -1, NULL))
        return FALSE;
    for (const char *at = candidate; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!g_unichar_isprint(g_utf8_get_char(at)))
            return FALSE;
    }
    return TRUE;
}

static void
offer(const Word *word, const char *candidate)
{
    if (candidate != NULL && is_plain(candidate) && g_str_has_prefix(candidate, word->typed))
        g_string_append_printf(word->candidates, "%s%s\n", word->lead, candidate);
}

/* A name that begins with "-" would be taken for an option. */
static void
offer_name(const Word *word, const char *name)
{
    if (name != NULL && name[0] != '-')
        offer(word, name);
}

static const VasOption *
find_option(const VasVerb *verb, const char *name)
{
    g_autofree const VasOption **tables = vas_verb_option_tables(verb);

    for (guint i = 0; tables[i] != NULL; i++) {
        const VasOption *option = vas_option_find(tables[i], name);

        if (option != NULL)
            return option;
    }
    return NULL;
}

static void
take_option_value(Line *line, const VasOption *option, const char *value)
{
    if (option->offset == G_STRUCT_OFFSET(VasOptions, uri))
        line->uri = value;
}

static void
take_option(Line *line, const char *word)
{
    const char *equals = strchr(word, '=');
    g_autofree char *name =
        equals != NULL ? g_strndup(word, (gsize) (equals - word)) : g_strdup(word);
    const VasOption *option = find_option(line->verb, name);

    if (option == NULL || option->kind == VAS_OPTION_FLAG)
        return;
    if (equals != NULL)
        take_option_value(line, option, equals + 1);
    else
        line->awaiting = option;
}

static void
take_word(Line *line, const char *word)
{
    if (line->awaiting != NULL) {
        take_option_value(line, line->awaiting, word);
        line->awaiting = NULL;
    } else if (line->options_ended || word[0] != '-') {
        if (line->verb != NULL || line->verb_is_unknown) {
            g_ptr_array_add(line->arguments, (gpointer) word);
        } else {
            line->verb = vas_verb_find(word, NULL);
            line->verb_is_unknown = line->verb == NULL;
        }
    } else if (strcmp(word, "--") == 0) {
        line->options_ended = TRUE;
    } else {
        take_option(line, word);
    }
}

/* The ways to name a device that begin as the word does; the long ones only once something is
 * typed. */
static void
offer_device(const Word *word, const VasDevice *device)
{
    VasPciAddressText address = vas_host_address_text(device->address);

    offer(word, address.text);
    offer_name(word, device->interface);
    for (guint i = 0; i < device->other_names->len; i++)
        offer_name(word, g_ptr_array_index(device->other_names, i));
    if (word->typed[0] == '\0')
        return;
    offer(word, device->nodedev);
    if (device->address.pci.domain == 0)
        offer(word, strchr(address.text, ':') + 1);
}

static gboolean
is_offered(const VasInventory *inventory, const VasDevice *device, VasCompleter completer)
{
    if (device->is_bridge)
        return FALSE;
    if (completer == VAS_COMPLETE_PF || completer == VAS_COMPLETE_PF_OR_GUEST)
        return device->kind == VAS_DEVICE_PF;
    if (completer != VAS_COMPLETE_FREE_DEVICE)
        return TRUE;
    return vas_inventory_is_free(inventory, device) && !vas_device_is_chipset(device);
}

static void
offer_devices(const Word *word, const VasInventory *inventory, VasCompleter completer)
{
    for (guint i = 0; i < inventory->devices->len; i++) {
        const VasDevice *device = g_ptr_array_index(inventory->devices, i);

        if (is_offered(inventory, device, completer))
            offer_device(word, device);
    }
}

static void
offer_guests(const Word *word, const VasInventory *inventory)
{
    for (guint i = 0; i < inventory->guests->len; i++)
        offer_name(word, ((const VasGuest *) g_ptr_array_index(inventory->guests, i))->name);
}

static void
offer_assignments(const Word *word, const VasInventory *inventory, const VasGuest *guest)
{
    g_autoptr(GPtrArray) pairs = vas_assignment_pairs(inventory, guest);

    for (guint i = 0; i < pairs->len; i++) {
        const VasAssignment *fact = vas_assignment_pair_fact(g_ptr_array_index(pairs, i));

        if (fact->has_device)
            offer(word, vas_host_address_text(fact->device).text);
        offer_name(word, fact->alias);
    }
}

static void
offer_guest_addresses(const Word *word, const VasGuest *guest)
{
    const VasGuestDefinition *definition = vas_guest_fact(guest);
    g_autoptr(GArray) addresses = NULL;

    if (definition == NULL)
        return;
    addresses = vas_slots_free(definition, vas_guest_is_active(guest));
    for (guint i = 0; i < addresses->len; i++)
        offer(word, vas_guest_address_text(g_array_index(addresses, VasGuestAddress, i)).text);
}

static void
offer_from_inventory(const Line *line, const Word *word, VasCompleter completer)
{
    g_autoptr(VasSession) session = vas_session_open(line->uri, TRUE, NULL);
    g_autoptr(VasInventory) inventory = session != NULL ? vas_scan(&session->context, NULL) : NULL;
    const VasGuest *guest = NULL;

    if (inventory == NULL)
        return;
    if (completer == VAS_COMPLETE_GUEST || completer == VAS_COMPLETE_DEVICE_OR_GUEST ||
        completer == VAS_COMPLETE_PF_OR_GUEST)
        offer_guests(word, inventory);
    if (line->arguments->len > 0)
        guest = vas_selector_guest(inventory, g_ptr_array_index(line->arguments, 0), NULL);
    if (completer == VAS_COMPLETE_ASSIGNMENT && guest != NULL)
        offer_assignments(word, inventory, guest);
    else if (completer == VAS_COMPLETE_GUEST_ADDRESS && guest != NULL)
        offer_guest_addresses(word, guest);
    else if (completer == VAS_COMPLETE_DEVICE || completer == VAS_COMPLETE_FREE_DEVICE ||
             completer == VAS_COMPLETE_PF || completer == VAS_COMPLETE_DEVICE_OR_GUEST ||
             completer == VAS_COMPLETE_PF_OR_GUEST)
        offer_devices(word, inventory, completer);
}

static void
offer_classes(const Word *word)
{
    static const char *const classes[] = {"all", "display", "net", "storage", "usb"};

    for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
        offer(word, classes[i]);
}

static void
offer_schemes(const Word *word)
{
    const VasNamingScheme *scheme;

    offer(word, "latest");
    for (guint i = 0; (scheme = vas_naming_scheme_nth(i)) != NULL; i++)
        offer(word, scheme->name);
}

static void
offer_values(const Line *line, const Word *word, VasCompleter completer)
{
    switch (completer) {
    case VAS_COMPLETE_UNSET:
    case VAS_COMPLETE_NOTHING:
    case VAS_COMPLETE_FILE:
        return;
    case VAS_COMPLETE_CLASS:
        offer_classes(word);
        return;
    case VAS_COMPLETE_TYPE:
        offer(word, vas_assignment_type_name(VAS_ASSIGNMENT_HOSTDEV));
        offer(word, vas_assignment_type_name(VAS_ASSIGNMENT_INTERFACE));
        return;
    case VAS_COMPLETE_FORMAT:
        for (int i = 0; i < VAS_FORMAT_COUNT; i++)
            offer(word, vas_format_name((VasFormat) i));
        return;
    case VAS_COMPLETE_HOOK:
        offer(word, "install");
        offer(word, "remove");
        offer(word, "status");
        return;
    case VAS_COMPLETE_PICTURE:
        offer(word, "dot");
        offer(word, "svg");
        return;
    case VAS_COMPLETE_ON_OFF:
        offer(word, "on");
        offer(word, "off");
        return;
    case VAS_COMPLETE_LINK_STATE:
        for (int i = VAS_VF_LINK_AUTO; i <= VAS_VF_LINK_DISABLE; i++)
            offer(word, vas_vf_link_state_name(i));
        return;
    case VAS_COMPLETE_SCHEME:
        offer_schemes(word);
        return;
    case VAS_COMPLETE_GUEST_ADDRESS:
        offer(word, "auto");
        break;
    case VAS_COMPLETE_GUEST:
    case VAS_COMPLETE_DEVICE:
    case VAS_COMPLETE_FREE_DEVICE:
    case VAS_COMPLETE_PF:
    case VAS_COMPLETE_DEVICE_OR_GUEST:
    case VAS_COMPLETE_PF_OR_GUEST:
    case VAS_COMPLETE_ASSIGNMENT:
        break;
    }
    offer_from_inventory(line, word, completer);
}

static void
offer_options(const Line *line, const Word *word)
{
    g_autofree const VasOption **tables = vas_verb_option_tables(line->verb);

    for (guint i = 0; tables[i] != NULL; i++) {
        for (const VasOption *option = tables[i]; option->name != NULL; option++) {
            g_autofree char *name = g_strconcat("--", option->name, NULL);

            offer(word, name);
        }
    }
}

static void
offer_arguments(const Line *line, const Word *word)
{
    const VasVerb *verb = line->verb;
    guint place = MIN(line->arguments->len, VAS_VERB_MAX_COMPLETERS - 1);

    if (verb->max_arguments < 0 || (int) line->arguments->len < verb->max_arguments)
        offer_values(line, word, verb->completers[place]);
}

static void
complete_word(const Line *line, const char *typed, GString *candidates)
{
    const char *equals = g_str_has_prefix(typed, "--") ? strchr(typed, '=') : NULL;
    Word word = {.typed = typed, .lead = "", .candidates = candidates};

    if (line->awaiting != NULL) {
        offer_values(line, &word, line->awaiting->completer);
    } else if (equals != NULL && !line->options_ended) {
        g_autofree char *name = g_strndup(typed, (gsize) (equals - typed));
        g_autofree char *lead = g_strconcat(name, "=", NULL);
        const VasOption *option = find_option(line->verb, name);

        word.typed = equals + 1;
        word.lead = lead;
        if (option != NULL)
            offer_values(line, &word, option->completer);
    } else if (typed[0] == '-' && !line->options_ended) {
        offer_options(line, &word);
    } else if (line->verb != NULL) {
        offer_arguments(line, &word);
    } else if (!line->verb_is_unknown) {
        for (const VasVerb *const *verb = vas_verbs(); *verb != NULL; verb++)
            offer(&word, (*verb)->name);
    }
}

/* Whatever goes wrong goes wrong silently: nobody wants an error in the middle of typing. */
static gboolean
run_complete(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    g_autoptr(GPtrArray) positional = g_ptr_array_new();
    Line line = {.arguments = positional};
    const char *typed = "";

    (void) error;
    for (guint i = 0; arguments[i] != NULL; i++) {
        typed = arguments[i];
        if (arguments[i + 1] != NULL)
            take_word(&line, typed);
    }
    complete_word(&line, typed, invocation->text);
    return TRUE;
}

static const VasOption options[] = {{0}};

const VasVerb vas_verb_complete = {
    .name = "__complete",
    .arguments = "",
    .max_arguments = -1,
    .options = options,
    .is_hidden = TRUE,
    .completers = {VAS_COMPLETE_NOTHING, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_NONE,
    .run = run_complete,
};
