#!/bin/bash
# A guest address that is taken: refused with what has it and what is free, before libvirt, which
# looks at it after it has taken the VF from its host driver.
# distribution-independent
budget=120
. "$(dirname "$0")/lib.sh"

pf=$(pf 1)
make_vfs "$pf" 2
first=$(vf "$pf" 0) second=$(vf "$pf" 1)
start_guest taken q35 --ports 3
wait_guest taken

must virt-assign attach taken "$first" --guest-address 0000:02:00.0
remember taken
refused 'taken by another VF' 4 "$second.*0000:02:00\.0.*$(of_element live taken "$first" alias).*0000:01:00\.0.*0000:03:00\.0" \
    attach taken "$second" --guest-address 0000:02:00.0
untouched 'taken by another VF' taken
refused 'taken in config' 4 '0000:02:00\.0' attach taken "$second" --guest-address 0000:02:00.0 --config
untouched 'taken in config' taken
refused 'the same device at another address' 4 "$first.*already.*0000:02:00\.0" attach taken "$first" --guest-address 0000:03:00.0
untouched 'the same device at another address' taken

# An address that is free in live but not in config, and the other way round.
must virt-assign detach taken "$first"
must virt-assign attach taken "$first" --guest-address 0000:02:00.0 --config
remember taken
refused 'taken in config only' 4 '0000:02:00\.0' attach taken "$second" --guest-address 0000:02:00.0
untouched 'taken in config only' taken
va --json attach taken "$second"
is 'the automatic choice: exit status' "$status" 0
json 'the automatic choice is free in both' '.results[0].guest_address == "0000:01:00.0"'
is 'the automatic choice: live' "$(of_element live taken "$second" guest-address)" 0000:01:00.0
is 'the automatic choice: config' "$(of_element config taken "$second" guest-address)" 0000:01:00.0
must virt-assign detach taken "$second"
must virt-assign detach taken "$first"

succeeds 'the address, now free' attach taken "$second" --guest-address 0000:02:00.0
is 'it is there' "$(of_element live taken "$second" guest-address)" 0000:02:00.0
succeeds 'detach' detach taken "$second"
is 'the driver, in the end' "$(driver "$second")" igbvf

finish
