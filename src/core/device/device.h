/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/value/pci-address.h"

G_BEGIN_DECLS

typedef enum {
    VAS_DEVICE_FUNCTION, /* has no SR-IOV capability */
    VAS_DEVICE_PF,       /* can have VFs, has them or not */
    VAS_DEVICE_VF,
} VasDeviceKind;

/* `list --class` tells these classes apart; PCI Code and ID Assignment Specification 1.11, section
 * 1. */
typedef enum {
    VAS_CLASS_ALL,
    VAS_CLASS_NET,     /* 02xxxx */
    VAS_CLASS_STORAGE, /* 01xxxx */
    VAS_CLASS_USB,     /* 0c03xx */
    VAS_CLASS_DISPLAY, /* 03xxxx */
} VasDeviceClass;

/* A host PCI function as libvirt's node device, or the kernel itself, describes it. */
typedef struct {
    VasHostAddress address;
    char *nodedev;      /* libvirt's name for it */
    guint32 class_code; /* 24 bits: base class, subclass, programming interface */
    guint16 vendor_id;
    guint16 product_id;
    gboolean has_subsystem; /* libvirt does not tell the two */
    guint16 subsystem_vendor_id;
    guint16 subsystem_id;
    char *vendor;          /* NULL: nobody knows */
    char *product;         /* NULL: nobody knows */
    char *class_name;      /* NULL: nobody knows */
    char *vpd_serial;      /* serial number in its VPD, if libvirt told it; NULL: not told */
    char *kernel_path;     /* below /sys/devices, if libvirt told it; NULL: not told */
    char *driver;          /* host driver bound to it; NULL: none */
    gboolean vfio_serves;  /* the kernel says that its driver, whatever its name, is a VFIO one */
    int iommu_group;       /* -1: none (no IOMMU) */
    GArray *group_members; /* VasHostAddress, as libvirt tells them; empty: not told */
    int numa_node;         /* -1: not tied to one */
    gboolean is_bridge;    /* PCI header type 1: cannot be assigned */
    int secondary_bus;     /* of a bridge: the bus below it; -1: not a bridge, or libvirt's word */
    gboolean is_express;   /* has the PCI Express capability; else a conventional PCI function */
    VasDeviceKind kind;
    VasHostAddress pf; /* of a VF only */
    int vf_index;      /* of a VF: its number under the PF; -1: unknown or no VF */
    GArray *vfs;       /* VasHostAddress, in VF order; empty unless a PF with VFs */
    guint max_vfs;     /* of a PF: sriov_totalvfs */
    char *port;        /* its port's name, "p1", which the driver tells (phys_port_name) and udev
                          appends to the interface's; NULL: none, or not known */
    char *interface;   /* its network interface on the host, of several its uplink; NULL: none */
    GPtrArray *other_names; /* char *: of its other interfaces; of a VF, of its representor */
    /* char *: what this host needs it for, each with its evidence. Empty: for nothing, or it is
     * not for us to see, on another machine. */
    GPtrArray *critical;
} VasDevice;

VasDevice *vas_device_new(void);
void vas_device_free(VasDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VasDevice, vas_device_free)

/* Gives @device its interface @name, which it takes, and its port; NULL: its driver tells none. No
 * port is kept of a VF, whose driver in a guest tells none. */
void vas_device_take_interface(VasDevice *device, char *name, const char *port);

/* Guesses the port by the interface's name that udev has made of it, where nobody tells: "p1" of
 * "enp65s0f1np1"; NULL: none. Borrowed from @name. */
const char *vas_device_port_in_name(const char *name);

/* "pf", "vf", "function". Static. */
const char *vas_device_kind_name(VasDeviceKind kind);

/* Name of the base class or subclass by the PCI specification ("Ethernet controller"): for when
 * libpci has no word for it; never NULL. Static. */
const char *vas_device_class_label(guint32 class_code);

/* Reads "net", "storage", "usb", "display", "all". VAS_ERROR_INVALID lists them. */
gboolean vas_device_class_parse(const char *text, VasDeviceClass *ret_class, GError **error);
gboolean vas_device_in_class(const VasDevice *device, VasDeviceClass device_class);

/* Whether @device is an InfiniBand or fabric port (class 0207, 0208): the kernel sets neither MAC
 * nor VLAN of its VFs (IPoIB has no ndo_set_vf_mac), but node and port GUIDs. */
gboolean vas_device_is_fabric(const VasDevice *device);

/* A guest makes no NIC of a device, or one of either kind. */
typedef enum {
    VAS_NIC_NONE,
    VAS_NIC_ETHERNET,
    VAS_NIC_INFINIBAND, /* by ib_ipoib */
} VasNicKind;

VasNicKind vas_device_nic_kind(const VasDevice *device);

/* Whether @device is a part of the machine itself, which `list` leaves out: a bridge of any kind, a
 * memory controller, a base system peripheral, a processor, SMBus, or signal processing of the
 * chipset. */
gboolean vas_device_is_chipset(const VasDevice *device);

/* Whether @device is an endpoint: neither its PCI header nor its class says that it is a bridge.
 * Host and ISA bridges have the header of an endpoint (base class 06, PCI Code and ID Assignment
 * Specification 1.11, section 1.7). */
gboolean vas_device_is_endpoint(const VasDevice *device);

/* Whether the kernel can have a driver called @name: the characters of module names, with what a
 * few drivers have beside. Such a name is safe in a path and in a udev rule. */
gboolean vas_driver_is_name(const char *name);

/* Whether @driver hands the device to user space through VFIO: vfio-pci or one of the kernel's
 * variants, all of which end in "vfio_pci" or "vfio-pci" (drivers/vfio/pci in Linux). */
gboolean vas_driver_is_vfio(const char *driver);

/* Whether @device is on a VFIO driver, by the driver's name or by the kernel's word. */
gboolean vas_device_is_on_vfio(const VasDevice *device);

/* Whether @driver only keeps host drivers away from the device: a VFIO driver, or pci-stub. */
gboolean vas_driver_is_placeholder(const char *driver);

/* Whether @driver lets the host itself use the device: it is neither of these. NULL, no driver,
 * does not. */
gboolean vas_driver_is_host(const char *driver);

G_END_DECLS
