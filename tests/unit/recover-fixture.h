/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/report/recovery.h"
#include "world.h"

G_BEGIN_DECLS

#define VF "0000:01:10.0"
#define OTHER_VF "0000:01:10.2"

/* The fixture kills commands, to see what recover makes of what they left. A killed command is one
 * whose connection is gone for good at that point: it can do nothing more, nor undo anything. */
typedef struct {
    World world; /* first: the functions of world.h take it */
    gboolean force;
    gboolean adopt;
    gboolean only_looks; /* with adopt */
} RecoverWorld;

/* db1 runs; an administrator has set this and that for VF. */
void recover_set_up(RecoverWorld *recover, gconstpointer data);
void recover_tear_down(RecoverWorld *recover, gconstpointer data);

/* The next command dies in the place of the @nth @call from now; right behind the @nth attach to
 * @scope; right behind the first setting of a VF. */
void die_at(RecoverWorld *recover, FakeCall call, guint nth);
void die_behind_attach(RecoverWorld *recover, VasScope scope, guint nth);
void die_behind_write_vf(RecoverWorld *recover);
/* The command is dead: the next one has a connection again. */
void revive(RecoverWorld *recover);

/* The command runs, and dies. @devices is NULL-terminated. */
void kill_attach(RecoverWorld *recover, const char *const *devices);
void kill_detach(RecoverWorld *recover, const char *const *devices);

/* Recovers @guest; NULL: all. */
gboolean run_recover(RecoverWorld *recover, const char *guest);
/* Recovers db1, where one command did not end, and fails the test unless it comes to @outcome;
 * anything but finished and undone leaves its error. Borrowed. */
const VasRecovery *assert_recovered(RecoverWorld *recover, VasRecoveryOutcome outcome);

/* Fails the test unless the PF holds about VF what it held at the start. */
void assert_settings_as_before(const RecoverWorld *recover);
/* Tells whether either definition of db1 has an operation on record. */
gboolean is_on_record(const RecoverWorld *recover);
void assert_nothing_on_record(const RecoverWorld *recover);
gboolean was_noted(const RecoverWorld *recover, const char *part);

G_END_DECLS
