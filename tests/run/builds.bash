# shellcheck shell=bash
# The builds of a test run. Each compiler goes over the tree once, the two side by side.
#
# gcc builds the tarball, in "make distcheck": read-only sources, a folder elsewhere, and all checks in
# it, where a test misses a file that is not distributed. The same checks of a build with gcc in the
# tree would show nothing that these do not.
#
# clang builds the tree with the sanitizers and libFuzzer, and all checks but lint run under the sanitizers.
: "${top:?is the source tree}" "${logs:?is the folder of the logs}"

# step NAME COMMAND...: one thing that passes or fails as a whole, with its log.
step() {
    local name=$1 log started=$SECONDS status=0
    log=$logs/$(tr -c 'a-z0-9\n' - <<<"$name").log
    shift
    say "$name ..."
    "$@" >"$log" 2>&1 || status=1
    tally took "$((SECONDS - started))" "$name"
    if [ "$status" = 0 ]; then
        tally passed 1
        say "$name: ok ($((SECONDS - started)) s)"
        return 0
    fi
    tally_failed "$name"
    grep -E '^(FAIL|ERROR|XPASS): ' "$log" | head -n 40
    tail -n 40 "$log"
    say "$name: FAILED ($((SECONDS - started)) s; all of it in $log)"
    return 1
}

# With ccache, if it is there, another clone of the tree finds what this one compiled: paths below
# the tree count as relative ones, and the folder that a compiler is run in does not count.
export CCACHE_BASEDIR=$top CCACHE_NOHASHDIR=1

compiler() { # NAME
    if command -v ccache >/dev/null; then
        echo "ccache $1"
    else
        echo "$1"
    fi
}

# More than a hundred test programs are linked, each by libtool, which is a shell script: dash, if that
# is sh, runs it twice as fast as the bash that configure would choose, and lld links in a fifth of the time.
export CONFIG_SHELL=/bin/sh
linker() {
    ! command -v ld.lld >/dev/null || echo -fuse-ld=lld
}

# Configures a folder below build/, again only when configure is newer. The path to the sources is a
# relative one, and with it those that the compiler is told.
configure() ( # FOLDER CONFIGURE-ARGS...
    mkdir -p "$top/build/$1" && cd "$top/build/$1" || return 1
    shift
    [ ! -e config.status ] || [ "$top/configure" -nt config.status ] || return 0
    rm -f config.cache
    ../../configure --cache-file="$PWD/config.cache" --enable-werror "$@"
)

# A make with checks in it, which are counted one by one.
check() { # NAME STEP MAKE-ARGS...
    local name=$1 step=$2 status=0
    shift 2
    rm -f "$logs/$name.times"
    VAS_TEST_TIMES=$logs/$name.times step "$step" make -O -j"$(nproc)" "$@" || status=1
    tally_suite "$name" "$logs/$(tr -c 'a-z0-9\n' - <<<"$step").log"
    tally_test_times "$name" "$logs/$name.times"
    return "$status"
}

# What is made of the tarball in a folder of its own, deeper and called otherwise, is the same program and the
# same tarball. Its folder has entries of its own in ccache, which would give the same object to both.
build_elsewhere() ( # FOLDER CONFIGURE-ARGS...: FOLDER has the tarball
    folder=$1 elsewhere=$top/build/elsewhere/in/a/deeper/folder
    shift
    rm -rf "$top/build/elsewhere" && mkdir -p "$elsewhere" &&
        tar -C "$elsewhere" -xf "$folder"/virt-assign-*.tar.xz && make -C "$folder" -j"$(nproc)" all &&
        cd "$elsewhere"/virt-assign-* && ./configure "$@" &&
        CCACHE_NAMESPACE=elsewhere make -j"$(nproc)" all dist XZ_OPT=-1 &&
        cmp virt-assign "$folder/virt-assign" &&
        cmp virt-assign-*.tar.xz "$folder"/virt-assign-*.tar.xz
)

# The configure of the tarball starts from the answers of the first one.
build_with_gcc() {
    local folder=$top/build/gcc compiler linker
    compiler=$(compiler gcc) linker=$(linker)
    step 'configure with gcc' configure gcc CC="$compiler" CFLAGS=-O2 LDFLAGS="$linker" || return
    check gcc 'make distcheck with gcc' -C "$folder" distcheck XZ_OPT=-1 \
        DISTCHECK_CONFIGURE_FLAGS="--cache-file='$folder/config.cache' --enable-werror CC='$compiler' CFLAGS=-O2 LDFLAGS='$linker'" || return
    step 'the same elsewhere' build_elsewhere "$folder" --cache-file="$folder/config.cache" \
        --enable-werror CC="$compiler" CFLAGS=-O2 LDFLAGS="$linker"
}

build_with_clang() {
    local folder=$top/build/clang
    step 'configure with clang' configure clang CC="$(compiler clang)" --enable-sanitizers --enable-fuzzing \
        CFLAGS='-O0 -gline-tables-only' LDFLAGS="$(linker)" || return
    step 'build with clang' make -C "$folder" -j"$(nproc)" all || return
    check clang 'make check with clang' -C "$folder" check-code
    step 'fuzz targets' "$top/tests/fuzz/run" --build "$folder" --runs 10000
}

builds() {
    build_with_gcc &
    build_with_clang &
    wait
}
