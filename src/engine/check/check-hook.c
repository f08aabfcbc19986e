/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/check/check-hook.h"

#include "core/report/finding.h"
#include "host/files/hook-heard.h"
#include "host/files/hook-link.h"

/* Hooks end at once; libvirt lets nobody touch the guest meanwhile. */
#define HANGS_SECONDS 2

#define CONSEQUENCE "VF settings are not set, and devices not looked at, when a guest starts"

static void
check_hanging(const VasHost *host, const VasLibvirtDaemon *daemon, const char *id,
              const char *subject, GPtrArray *findings)
{
    VasRunningHook hook = {0};
    VasFinding *finding = NULL;

    if (!vas_libvirt_daemon_find_hook(host, daemon, &hook))
        return;
    if (hook.seconds > HANGS_SECONDS) {
        finding = vas_findings_add(findings, id, VAS_FINDING_PROBLEM, subject,
                                   "libvirt waits for its hook %s", hook.program);
        vas_finding_set_evidence(finding, "/proc/%d: runs for %" G_GINT64_FORMAT " s", hook.pid,
                                 hook.seconds);
        vas_finding_set_advice(finding,
                               "nobody can work with the guest that it is called for until it "
                               "ends: see what it does, or end it: kill %d",
                               hook.pid);
    }
    g_free(hook.program);
}

/* A daemon finds hooks when it starts or is told to reload. */
static gboolean
may_be_heard(const VasHost *host, const VasLibvirtDaemon *daemon, const VasHookLink *link)
{
    return daemon->pid == 0 || daemon->started_at > link->made_at ||
           vas_hook_heard_read(host, daemon, NULL);
}

static void
check_sound(const VasHost *host, const VasLibvirtDaemon *daemon, const VasHookLink *link,
            const char *id, const char *subject, GPtrArray *findings)
{
    gboolean is_well = may_be_heard(host, daemon, link);
    VasFinding *finding = vas_findings_add(
        findings, id, is_well ? VAS_FINDING_OK : VAS_FINDING_WARNING, subject,
        is_well ? "libvirt calls virt-assign when a guest starts"
                : "libvirt may not know of virt-assign's hook: it was there before the hook");

    vas_finding_set_evidence(finding, VAS_HOOK_LINK " leads to %s", link->program);
    if (!is_well)
        vas_finding_set_advice(finding, "virt-assign hook install");
}

static void
check_hook(const VasHost *host, const char *id, const char *subject, gboolean is_wished,
           GPtrArray *findings)
{
    g_auto(VasLibvirtDaemon) daemon = {0};
    g_auto(VasHookLink) link = {0};
    g_autoptr(GError) failure = NULL;
    VasFinding *finding = NULL;

    vas_libvirt_daemon_find(host, &daemon);
    check_hanging(host, &daemon, id, subject, findings);
    if (!vas_hook_link_read(host, &link, &failure)) {
        if (!is_wished)
            return;
        finding = vas_findings_add(findings, id, VAS_FINDING_WARNING, subject,
                                   "whether libvirt calls virt-assign cannot be told");
        vas_finding_set_evidence(finding, "%s", failure->message);
        return;
    }
    if (link.state == VAS_HOOK_LINK_SOUND) {
        check_sound(host, &daemon, &link, id, subject, findings);
        return;
    }
    if (!is_wished && link.state != VAS_HOOK_LINK_BROKEN)
        return;
    finding = vas_findings_add(findings, id,
                               link.state == VAS_HOOK_LINK_BROKEN ? VAS_FINDING_PROBLEM
                                                                  : VAS_FINDING_WARNING,
                               subject, "libvirt does not call virt-assign: " CONSEQUENCE);
    vas_finding_set_evidence(finding, VAS_HOOK_LINK "%s%s",
                             link.program != NULL ? " leads to "
                                                  : " is not virt-assign's, or not there",
                             link.program != NULL ? link.program : "");
    vas_finding_set_advice(finding, "virt-assign hook install");
}

void
vas_check_hook_of_host(const VasHost *host, GPtrArray *findings)
{
    check_hook(host, "host.hook", "host", FALSE, findings);
}

void
vas_check_hook_of_guest(const VasContext *context, const VasGuest *guest, GPtrArray *findings)
{
    const VasGuestDefinition *definition = guest->config != NULL ? guest->config : guest->live;
    const VasGuestRecord *record = definition != NULL ? definition->record : NULL;

    if (context->host != NULL && record != NULL && record->wishes->len > 0)
        check_hook(context->host, "guest.hook", guest->name, TRUE, findings);
}
