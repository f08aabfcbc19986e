#!/bin/bash
# Runs shellcheck over all our shell scripts: it has to find nothing.
. "${0%/*}/tap.sh"
cd "$top_srcdir" || exit 1

mapfile -t scripts < <(find tests examples autogen.sh .ci -type f -print0 2>/dev/null |
    xargs -0 awk 'FNR == 1 { if (/^#!.*sh/ || /^# shellcheck shell=/) print FILENAME; nextfile }' |
    sort)

if ! command -v shellcheck >/dev/null; then
    skip 'shellcheck' 'shellcheck is not installed'
    finish
    exit
fi
for script in "${scripts[@]}"; do
    check "$script" shellcheck --severity=warning -x -P SCRIPTDIR "$script"
done
finish
