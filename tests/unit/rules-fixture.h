/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/error.h"
#include "core/rules/rules.h"
#include "testing.h"

G_BEGIN_DECLS

#define VF0 "0000:01:10.0"
#define VF1 "0000:01:10.2"
#define MAC1 "52:54:00:00:00:01"
#define MAC2 "52:54:00:00:00:02"
#define LIVE VAS_SCOPE_LIVE
#define CONFIG VAS_SCOPE_CONFIG
#define BOTH ((VasScope) (VAS_SCOPE_LIVE | VAS_SCOPE_CONFIG))

/* The fixture has the host of building_host, the running and persistent guest db with six root
 * ports, and a wish that wishes nothing. */
typedef struct {
    VasInventory *inventory;
    VasGuest *guest;
    VasAssignmentWish *wish;
    VasPfLink pf_link;
    GPtrArray *earlier;
} RulesFixture;

/* g_test_add calls these around each test. */
void rules_fixture_set_up(RulesFixture *fixture, gconstpointer data);
void rules_fixture_tear_down(RulesFixture *fixture, gconstpointer data);

void wish_address(RulesFixture *fixture, const char *address);
void wish_mac(RulesFixture *fixture, const char *mac);
void wish_type(RulesFixture *fixture, VasAssignmentType type);

/* Expects a decision. Returns full. */
VasAttachDecision *accept_attach(const RulesFixture *fixture, const char *device, VasScope scope);

/* Expects a refusal; @hint NULL: whatever it says. */
void refuse_attach(const RulesFixture *fixture, const char *device, VasScope scope, VasError code,
                   const char *message, const char *hint);

void assert_place(const VasAttachDecision *decision, const char *address, const char *alias);

#define ADD(name, function)                                                                        \
    g_test_add("/rules/" name, RulesFixture, NULL, rules_fixture_set_up, function,                 \
               rules_fixture_tear_down)

G_END_DECLS
