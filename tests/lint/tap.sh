# shellcheck shell=bash
# TAP for the lint tests: check NAME COMMAND... runs a command that prints what is wrong, if anything.
: "${top_srcdir:?run by make check, or set it to the source tree}"
top_builddir=${top_builddir:-$top_srcdir}
tap_count=0
tap_failed=0

check() {
    local name=$1 findings
    shift
    tap_count=$((tap_count + 1))
    if findings=$("$@" 2>&1) && [ -z "$findings" ]; then
        echo "ok $tap_count - $name"
        return
    fi
    tap_failed=$((tap_failed + 1))
    sed 's/^/# /' <<<"${findings:-$1 failed and said nothing}"
    echo "not ok $tap_count - $name"
}

skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

finish() {
    echo "1..$tap_count"
    [ "$tap_failed" = 0 ]
}
