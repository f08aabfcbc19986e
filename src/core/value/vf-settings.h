/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/mac-address.h"

G_BEGIN_DECLS

/* IEEE 802.1Q-2018, 9.6: the priority code point has three bits. */
#define VAS_QOS_MAX 7
/* The ethertype of 802.1Q's tags, which libvirt sets. */
#define VAS_VLAN_PROTOCOL 0x8100
/* The ethertype of 802.1ad's tags, in which others can be nested. */
#define VAS_VLAN_PROTOCOL_AD 0x88a8

/* Whether a VF has a link: as the PF's own link is, always, or never. The numbers are the kernel's
 * (IFLA_VF_LINK_STATE_AUTO ... in linux/if_link.h). */
typedef enum {
    VAS_VF_LINK_AUTO,
    VAS_VF_LINK_ENABLE,
    VAS_VF_LINK_DISABLE,
} VasVfLinkState;

/* The settings are what the PF holds about a VF. -1 in any of the last three: the PF's driver does
 * not tell. */
typedef struct {
    VasMacAddress mac;     /* all zero: none was set */
    int vlan;              /* 0: none */
    int qos;               /* priority of the VLAN tag, 0..7 */
    guint16 vlan_protocol; /* its ethertype: 0x8100 (802.1Q), 0x88a8 (802.1ad) */
    int min_rate;          /* Mbit/s; 0: none promised */
    int max_rate;          /* Mbit/s; 0: no limit */
    int spoof_check;       /* 0, 1 */
    int trust;             /* 0, 1 */
    int link_state;        /* VasVfLinkState */
} VasVfSettings;

/* The settings that a PF's driver takes one at a time; a set of them has one bit each. */
typedef enum {
    VAS_VF_SPOOF_CHECK = 1 << 0,
    VAS_VF_TRUST = 1 << 1,
    VAS_VF_LINK_STATE = 1 << 2,
    VAS_VF_RATE = 1 << 3, /* both rates */
    VAS_VF_VLAN = 1 << 4, /* the tag with its priority and protocol */
    VAS_VF_MAC = 1 << 5,
} VasVfField;
#define VAS_VF_FIELDS 6
/* libvirt sets these fields itself, and takes them back when the guest ends. */
#define VAS_VF_OF_LIBVIRT ((guint) (VAS_VF_VLAN | VAS_VF_MAC))

/* The wish holds what is asked of the settings that libvirt does not know; -1: nothing is asked. */
typedef struct {
    int qos;
    int max_rate; /* Mbit/s; 0: no limit */
    int spoof_check;
    int trust;
    int link_state;
} VasVfWish;

#define VAS_VF_WISH_NOTHING ((VasVfWish){-1, -1, -1, -1, -1})

gboolean vas_vf_wish_is_empty(const VasVfWish *wish);

/* Joins both wishes; @later counts where both ask. */
VasVfWish vas_vf_wish_with(const VasVfWish *earlier, const VasVfWish *later);
gboolean vas_vf_wish_equal(const VasVfWish *a, const VasVfWish *b);
/* "trust on, priority 3"; empty if nothing is asked for. Returns full. */
char *vas_vf_wish_text(const VasVfWish *wish);

/* @settings with what @wish asks for. */
VasVfSettings vas_vf_settings_with(const VasVfSettings *settings, const VasVfWish *wish);

/* The fields in which @settings is not as @wanted; what @wanted does not know is never among them.
 * A set of VasVfField. */
guint vas_vf_settings_differ(const VasVfSettings *settings, const VasVfSettings *wanted);

/* The fields that are asked for. A set of VasVfField. */
guint vas_vf_wish_fields(const VasVfWish *wish);

/* The part of @fields that @settings does not know: the driver does not tell. */
guint vas_vf_settings_unknown(const VasVfSettings *settings, guint fields);

/* "trust on, VLAN 100 with priority 3": the @fields of @settings. Returns full. */
char *vas_vf_settings_text(const VasVfSettings *settings, guint fields);

/* "trust", "link state" ...: a single field. Static. */
const char *vas_vf_field_name(VasVfField field);

/* "auto", "enable", "disable"; "unknown" for any other number. Static. */
const char *vas_vf_link_state_name(int link_state);
/* VAS_ERROR_INVALID lists them. */
gboolean vas_vf_link_state_parse(const char *text, int *ret_link_state, GError **error);

G_END_DECLS
