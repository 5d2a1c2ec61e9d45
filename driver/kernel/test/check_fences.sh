#!/bin/sh
# check_fences.sh - what the compiler makes of the fence before the clock, for each target: a fence of memory does not order the
# reading of a counter, so there must be the instruction that does. CLANG and FLAGS come from the Makefile.
passed=0
failed=0

# fence TARGET INSTRUCTION FLAG...: it comes in the writer's code.
fence() {
    target=$1
    instruction=$2
    shift 2
    if $CLANG --target="$target" -std=gnu11 -O1 -S -o - "$@" ../ring/ring.c | grep -qE "^[[:space:]]+$instruction"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL no $instruction for $target"
    fi
}

fence x86_64-pc-windows-msvc lfence $FLAGS
fence aarch64-pc-windows-msvc 'dsb[[:space:]]+ish$' $FLAGS
fence aarch64-pc-windows-msvc isb $FLAGS
fence aarch64-linux-gnu 'dsb[[:space:]]+ish$' -ffreestanding -nostdlibinc -isystem ../shim/msvc
fence aarch64-linux-gnu isb -ffreestanding -nostdlibinc -isystem ../shim/msvc
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
