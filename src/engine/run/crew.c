/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/run/crew.h"

typedef struct {
    const VasContext *context; /* the caller's */
    VasCrewFunc work;
    GAsyncQueue *jobs; /* what nobody has begun yet; borrowed */
    GMutex telling;    /* held while somebody calls the caller's progress */
} Crew;

typedef struct {
    Crew *crew;
    VasHypervisor *hypervisor;
    GThread *thread;
} Member;

static void
member_free(gpointer data)
{
    Member *member = data;

    vas_hypervisor_free(member->hypervisor);
    g_free(member);
}

/* A VasProgressFunc. */
static void
tell(VasProgressKind kind, const char *text, guint elapsed, guint limit, gpointer data)
{
    Crew *crew = data;
    g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&crew->telling);

    crew->context->progress(kind, text, elapsed, limit, crew->context->progress_data);
}

static gboolean
do_job(const Member *member, gpointer job)
{
    VasContext context = *member->crew->context;
    g_autoptr(VasInterrupt) interrupt =
        vas_interrupt_new_follower(context.interrupt, member->hypervisor);

    context.hypervisor = member->hypervisor;
    context.interrupt = interrupt;
    if (context.progress != NULL) {
        context.progress = tell;
        context.progress_data = member->crew;
    }
    return member->crew->work(&context, job);
}

/* A member that has lost libvirt leaves the jobs to the others. */
static gpointer
do_jobs(gpointer data)
{
    const Member *member = data;
    gpointer job = NULL;

    while ((job = g_async_queue_try_pop(member->crew->jobs)) != NULL && do_job(member, job))
        continue;
    return NULL;
}

/* Returns full. */
static GPtrArray *
gather(Crew *crew, guint jobs, GError **error)
{
    VasHypervisor *hypervisor = crew->context->hypervisor;
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func(member_free);

    while (jobs > 1 && members->len < MIN(jobs, VAS_CREW_MAX)) {
        VasHypervisor *clone = hypervisor->clone(hypervisor, error);
        Member *member = NULL;

        if (clone == NULL) {
            g_prefix_error(error, "open a connection for each of %u guests to work on at once: ",
                           MIN(jobs, VAS_CREW_MAX));
            return NULL;
        }
        member = g_new0(Member, 1);
        member->crew = crew;
        member->hypervisor = clone;
        g_ptr_array_add(members, member);
    }
    return g_steal_pointer(&members);
}

static void
work_together(const GPtrArray *members)
{
    for (guint i = 0; i < members->len; i++) {
        Member *member = g_ptr_array_index(members, i);

        member->thread = g_thread_new("crew", do_jobs, member);
    }
    for (guint i = 0; i < members->len; i++)
        g_thread_join(((Member *) g_ptr_array_index(members, i))->thread);
}

gboolean
vas_crew_run(const VasContext *context, const GPtrArray *jobs, VasCrewFunc work, GError **error)
{
    g_autoptr(GAsyncQueue) queue = g_async_queue_new();
    Crew crew = {.context = context, .work = work, .jobs = queue};
    g_autoptr(GPtrArray) members = gather(&crew, jobs->len, error);
    gpointer job = NULL;

    if (members == NULL)
        return FALSE;
    for (guint i = 0; i < jobs->len; i++)
        g_async_queue_push(queue, g_ptr_array_index(jobs, i));
    g_mutex_init(&crew.telling);
    work_together(members);
    g_mutex_clear(&crew.telling);
    while ((job = g_async_queue_try_pop(queue)) != NULL)
        (void) work(context, job);
    return TRUE;
}
