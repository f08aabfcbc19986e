#!/bin/bash
# The table in HACKING says who may include whom: each folder's row bears the letters of the folders
# that it includes. Each library lives in one folder.
. "${0%/*}/tap.sh"
cd "$top_srcdir/src" || exit 1

declare -A folder_of # by letter
declare -A row_of    # by folder: its place in the table
declare -A allowed   # "FOLDER FOLDER"
declare -A used      # the same, as "FILE" that includes
folders=()
wrong_letters=

read_table() {
    local letter folder marks i mark
    while read -r letter folder marks; do
        marks=${marks// /}
        row_of[$folder]=${#folders[@]}
        for ((i = 0; i < ${#marks}; i++)); do
            mark=${marks:i:1}
            [ "$mark" = . ] && continue
            if [ "${folder_of[$mark]}" = '' ] || [ "${row_of[${folder_of[$mark]}]}" != "$i" ]; then
                wrong_letters+="$folder: $mark in column $((i + 1))"$'\n'
                continue
            fi
            allowed[$folder ${folder_of[$mark]}]=1
        done
        folders+=("$folder")
        folder_of[$letter]=$folder
    done < <(grep -E '^    [A-Za-z-] (core|xml|virt|host|engine|cli)(/[a-z]+)?( [a-zA-Z. ]*)?$' ../HACKING)
}

read_includes() {
    local file included folder
    while IFS=: read -r file included; do
        folder=${file%/*}
        included=${included#*\"}
        included=${included%/*}
        [ "$folder" = "$included" ] || used[$folder $included]=$file
    done < <(grep -rHo '^#include "[a-z/-]*/' --include='*.[ch]' -- * | sed 's,/$,/x,')
}

unlisted_folders() {
    local folder
    for folder in $(find . -name '*.[ch]' -printf '%h\n' | sed 's,^\./,,' | sort -u); do
        [ -n "${row_of[$folder]}" ] || echo "$folder has no row in HACKING"
    done
    for folder in "${folders[@]}"; do
        compgen -G "$folder/*.[ch]" >/dev/null || echo "$folder of HACKING has no file"
    done
    printf '%s\n' "${folders[@]}" | sort | uniq -d
}

# A letter stands in the column of its row, and only rows above have one: no row can include itself
# or one below, which is what a circle would take.
circles() {
    printf '%s' "$wrong_letters"
}

layer_rank() {
    case ${1%%/*} in
    core) echo 0 ;;
    xml | virt | host) echo 1 ;;
    engine) echo 2 ;;
    cli) echo 3 ;;
    esac
}

against_layers() {
    local arrow from to
    for arrow in "${!allowed[@]}"; do
        read -r from to <<<"$arrow"
        [ "${from%%/*}" = "${to%%/*}" ] || [ "$(layer_rank "$to")" -lt "$(layer_rank "$from")" ] ||
            echo "$from may include $to"
    done
}

not_allowed() {
    local arrow
    for arrow in "${!used[@]}"; do
        [ -n "${allowed[$arrow]}" ] || echo "${used[$arrow]} includes ${arrow#* }"
    done
}

not_used() {
    local arrow
    for arrow in "${!allowed[@]}"; do
        [ -n "${used[$arrow]}" ] || echo "nothing in ${arrow% *} includes ${arrow#* }"
    done
}

headers_live_in() { # PATTERN FOLDER
    grep -rlE "^#include [<\"]$1" . --include='*.[ch]' | grep -v "^\./$2/"
    return 0
}

# Records are no change of what they tell of; hence set_metadata is not among these.
changes_elsewhere() {
    local changes='->(attach|detach|detach_node_device|reattach_node_device)'
    changes+='|vas_sriov_set_[a-z]+|vas_vf_state_write|vas_vf_rules_write'
    changes+='|vas_driver_(write_override|bind|probe_anew|offer)'
    grep -rnE -e "($changes)\(" engine cli --include='*.c' | grep -v '^engine/steps/'
    return 0
}

read_table
read_includes
check 'the table of HACKING has a row for each folder' unlisted_folders
check 'the table has no circle' circles
check 'the table keeps to the layers: core <- xml, virt, host <- engine <- cli' against_layers
check 'each include is in the table' not_allowed
check 'each arrow of the table is an include' not_used
check 'only engine/steps changes guests, devices and PFs' changes_elsewhere
check 'libvirt lives in src/virt' headers_live_in libvirt/ virt
check 'libxml2 lives in src/xml' headers_live_in libxml/ xml
check 'libpci lives in src/host/pci' headers_live_in pci/ host/pci
check 'libnl lives in src/host' headers_live_in '(netlink|linux)/' host
check 'json-glib lives in src/cli' headers_live_in json-glib/ cli
finish
