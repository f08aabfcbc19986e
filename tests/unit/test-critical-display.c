/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-machine.h"

#define INTEGRATED "pci0000:00/0000:00:02.0"
#define CARD "pci0000:00/0000:00:01.0/0000:01:00.0"

static void
add_display(const FakeMachine *machine, const char *address, gboolean boot)
{
    g_autofree char *path = g_strdup_printf("/sys/bus/pci/devices/%s/boot_vga", address);

    testing_scratch_write(machine->root, path, boot ? "1\n" : "0\n");
}

static void
add_console(const FakeMachine *machine, const char *name, const char *driver, gboolean bound)
{
    g_autofree char *name_path = g_strdup_printf("/sys/class/vtconsole/%s/name", name);
    g_autofree char *bind_path = g_strdup_printf("/sys/class/vtconsole/%s/bind", name);

    testing_scratch_write(machine->root, name_path, driver);
    testing_scratch_write(machine->root, bind_path, bound ? "1\n" : "0\n");
}

/* The machine has two displays; the console is where the test puts it. */
static FakeMachine *
two_displays(void)
{
    FakeMachine *machine = fake_machine_new();

    add_display(machine, "0000:00:02.0", TRUE);
    add_display(machine, "0000:01:00.0", FALSE);
    add_console(machine, "vtcon0", "(S) dummy device\n", FALSE);
    return machine;
}

static void
test_headless(void)
{
    g_autoptr(FakeMachine) machine = two_displays();

    assert_critical(machine, (const char *const[]){NULL});
    /* fbcon lets go of the terminals when the last user unbinds it. */
    add_console(machine, "vtcon1", "(M) frame buffer device\n", FALSE);
    fake_class(machine, "graphics", INTEGRATED "/graphics/fb0");
    assert_critical(machine, (const char *const[]){NULL});
}

static void
test_frame_buffer(void)
{
    g_autoptr(FakeMachine) machine = two_displays();

    add_console(machine, "vtcon1", "(M) frame buffer device\n", TRUE);
    fake_class(machine, "graphics", "virtual/graphics/fbcon");
    fake_class(machine, "graphics", CARD "/graphics/fb0");
    fake_class(machine, "graphics", CARD "/graphics/fb1");
    assert_critical(machine,
                    (const char *const[]){"0000:01:00.0 the only display with a console "
                                          "(/sys/class/vtconsole/vtcon1, /sys/class/graphics/fb0)",
                                          NULL});
}

static void
test_another_has_a_console_too(void)
{
    g_autoptr(FakeMachine) machine = two_displays();

    add_console(machine, "vtcon1", "(M) frame buffer device\n", TRUE);
    fake_class(machine, "graphics", INTEGRATED "/graphics/fb0");
    fake_class(machine, "graphics", CARD "/graphics/fb1");
    assert_critical(machine, (const char *const[]){NULL});
}

static void
test_frame_buffer_of_the_firmware(void)
{
    g_autoptr(FakeMachine) machine = two_displays();

    add_console(machine, "vtcon1", "(M) frame buffer device\n", TRUE);
    fake_class(machine, "graphics", "platform/efi-framebuffer.0/graphics/fb0");
    assert_critical(machine,
                    (const char *const[]){"0000:00:02.0 the only display with a console "
                                          "(/sys/class/vtconsole/vtcon1, /sys/class/graphics/fb0)",
                                          NULL});
}

static void
test_text_mode(void)
{
    g_autoptr(FakeMachine) machine = two_displays();

    add_console(machine, "vtcon1", "(S) VGA+\n", TRUE);
    assert_critical(machine, (const char *const[]){"0000:00:02.0 the only display with a console "
                                                   "(/sys/class/vtconsole/vtcon1, boot_vga)",
                                                   NULL});
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/critical-display/headless", test_headless);
    g_test_add_func("/critical-display/frame-buffer", test_frame_buffer);
    g_test_add_func("/critical-display/two", test_another_has_a_console_too);
    g_test_add_func("/critical-display/firmware", test_frame_buffer_of_the_firmware);
    g_test_add_func("/critical-display/text-mode", test_text_mode);
    return g_test_run();
}
