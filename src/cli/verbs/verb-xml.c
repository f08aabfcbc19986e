/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/frame/assignment-options.h"
#include "cli/frame/invocation.h"
#include "cli/output/json-result.h"
#include "cli/output/qemu-lines.h"
#include "core/value/error.h"

/* A user who gives one of these options would look for it in the element. */
static gboolean
check_has_effect(const VasAssignmentWish *wish, GError **error)
{
    if (vas_vf_wish_is_empty(&wish->vf))
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                "xml: --link-state, --max-rate, --qos, --spoof-check and --trust are not part of "
                "the XML");
    vas_error_set_hint(error, "attach sets them at the VF's PF");
    return FALSE;
}

/* *@format stays as it is where the user names none. */
static gboolean
read_format(const VasOptions *options, VasFormat *format, GError **error)
{
    if (options->format == NULL)
        return TRUE;
    if (!vas_format_parse(options->format, format, error)) {
        g_prefix_error(error, "--format: ");
        return FALSE;
    }
    if (*format == VAS_FORMAT_LIBVIRT || options->template == NULL)
        return TRUE;
    g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE,
                "xml: --template goes with --format libvirt: its words are libvirt's");
    return FALSE;
}

static gboolean
run_xml(VasInvocation *invocation, const char *const *arguments, GError **error)
{
    const VasOptions *options = invocation->options;
    g_autoptr(VasAssignmentWish) wish = vas_assignment_options_wish(options, error);
    g_autoptr(VasPreview) preview = NULL;
    g_autoptr(VasQemuLines) lines = NULL;
    VasFormat format = VAS_FORMAT_LIBVIRT;

    if (wish == NULL || !read_format(options, &format, error) || !check_has_effect(wish, error))
        return FALSE;
    if (wish->guest_name != NULL && options->guest == NULL) {
        g_set_error(error, VAS_ERROR, VAS_ERROR_USAGE, "xml: --guest-name goes with --guest");
        vas_error_set_hint(error, "see virt-assign xml --help");
        return FALSE;
    }
    preview = vas_attach_preview(invocation->context, options->guest, arguments[0], wish, error);
    if (preview == NULL)
        return FALSE;
    if (format != VAS_FORMAT_LIBVIRT)
        lines = vas_qemu_lines(preview, format);
    vas_json_add_preview(invocation->json, preview->xml, preview->assignment);
    vas_json_add_qemu(invocation->json, lines);
    if (lines != NULL)
        vas_qemu_text(invocation->text, preview, lines);
    else
        g_string_append(invocation->text, preview->xml);
    return TRUE;
}

static const VasOption options[] = {
    VAS_TEXT_OPTION("format", format, "FORMAT", VAS_COMPLETE_FORMAT,
                    "libvirt (the default), or for a QEMU without libvirt: qemu (its command "
                    "line), qmp or hmp (its monitors)"),
    VAS_TEXT_OPTION("guest", guest, "GUEST", VAS_COMPLETE_GUEST,
                    "the guest it is for: chooses the guest address and MAC as attach would"),
    {0},
};

static const char *const examples[] = {
    "virt-assign xml enp1s0/vf0 --guest db1",
    "virt-assign xml 0000:01:10.0 --guest-address 0000:02:00.0 --vlan 100",
    "virt-assign xml 0000:01:10.0 --format qemu",
    NULL,
};

const VasVerb vas_verb_xml = {
    .name = "xml",
    .arguments = "DEVICE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "print the XML that attach would give to libvirt",
    .description = "Prints the device element that attach would send, and touches nothing. Without "
                   "--guest what only a guest can decide, its PCI address and an unused MAC, is "
                   "left out unless it is given. VF settings that libvirt does not know are not "
                   "part of the XML, and refused: attach sets them at the PF.\n\n"
                   "With --format qemu, qmp or hmp the same assignment is printed for a QEMU that "
                   "libvirt does not manage, with what root has to do before and afterwards as "
                   "comments. --guest names the buses as libvirt does for that guest. A guest of "
                   "libvirt's must not be given a device in this way: libvirt would not know.",
    .examples = examples,
    .options = options,
    .takes_assignment_options = TRUE,
    .completers = {VAS_COMPLETE_DEVICE, VAS_COMPLETE_NOTHING},
    .connection = VAS_CONNECTION_READ,
    .run = run_xml,
};
