#!/bin/bash
# core <- xml, host, virt <- engine <- cli: who may include whom, and which library lives where.
. "${0%/*}/tap.sh"
cd "$top_srcdir/src" || exit 1

# includes_of FOLDER: the layers that its files include, as "FILE: LAYER".
includes_of() {
    grep -Ho '^#include "[a-z]*/' -r "$1" | sed 's/:#include "/: /; s,/$,,'
}

only() { # FOLDER LAYER...
    local folder=$1
    shift
    includes_of "$folder" | grep -vE ": ($(IFS='|' && echo "$*"))\$"
    return 0
}

headers_live_in() { # PATTERN FOLDER
    grep -rlE "^#include [<\"]$1" . --include='*.[ch]' | grep -v "^\./$2/"
    return 0
}

check 'core includes core only' only core core
check 'xml includes core and itself' only xml core xml
check 'host includes core and itself' only host core host
check 'virt includes core and itself' only virt core virt
check 'engine includes all but cli' only engine core xml host virt engine
check 'libvirt lives in src/virt' headers_live_in libvirt/ virt
check 'libxml2 lives in src/xml' headers_live_in libxml/ xml
check 'libpci lives in src/host' headers_live_in pci/ host
check 'libnl lives in src/host' headers_live_in '(netlink|linux)/' host
check 'json-glib lives in src/cli' headers_live_in json-glib/ cli
finish
