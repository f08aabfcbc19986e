#!/bin/bash
# The library never prints, never ends the process, and keeps no mutable globals.
. "${0%/*}/tap.sh"
cd "$top_srcdir/src" || exit 1

forbidden='(exit|_exit|abort|g_error|g_critical|g_warning|g_message|g_info|g_print|g_printerr|printf|fprintf|vprintf|vfprintf|puts|putchar|fputs|perror|system|popen|strcpy|strcat|sprintf|setenv|getenv|g_getenv|g_setenv)'

calls() {
    grep -nE "(^|[^a-z_>.])$forbidden *\(" {core,host,engine}/*/*.c {host,xml,virt}/*.c
    return 0
}

cli_exits() {
    grep -nE '(^|[^a-z_])(exit|_exit|abort) *\(' cli/*/*.c | grep -vE '^cli/frame/(main|time-budget).c:'
    return 0
}

# By the sections .data and .bss of the objects; constants with addresses in them are in .data.rel.ro.
# GLib's own once-initialised statics (quarks, resources) are no state of ours. virt-loop's are:
# libvirt has one event implementation for a process, which cannot be registered twice.
mutable_globals() {
    local archive
    for archive in "$top_builddir"/src/{core,xml,host,engine,virt}/.libs/*.a; do
        [ -e "$archive" ] || { echo "$archive is not there" && return; }
        nm --format=sysv "$archive" | awk -F '|' -v archive="${archive##*/}" '
            /^Symbols from/ { object = $0 }
            { gsub(/ /, "", $1); gsub(/ /, "", $7) }
            $7 ~ /^(\.data|\.bss|\.tbss|\.tdata|COMMON|\*COM\*)$/ &&
            $1 !~ /^(quark|q|initialized|static_resource|once|.*_once)(\.[0-9]+)?$/ &&
            $1 !~ /asan|ubsan|__|^\.L|_private_offset/ &&
            object !~ /virt-loop/ { print archive ": " $1 }'
    done
}

check 'the library neither prints nor ends the process, and asks no environment' calls
check 'only main ends the process, or its time budget' cli_exits
check 'the library keeps no mutable globals' mutable_globals
finish
