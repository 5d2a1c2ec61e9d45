#!/bin/bash
# Installs the drivers in a Wine prefix of its own and runs every test of client.exe against them.
#
#   run.sh [DIR]    DIR holds the built drivers and client.exe; default build/driver/wine
#
# Environment: RV_TESTS: names of tests instead of all; RV_TEST_PREFIX: the Wine prefix, made if it does not exist and kept;
# default: one in a temporary directory that is removed.
# Prints each claim, then `N passed, N failed`; exit code 0 if none failed. Each step has a time limit, far beyond what it
# takes, since the machine may have other things to do, and a test has one for its silence; whatever hangs is ended with the
# prefix's own wineserver.
set -u
here=$(cd "$(dirname "$0")" && pwd)
built=$(cd "${1:-$here/../../../build/driver/wine}" && pwd) || exit 2
work=$(mktemp -d)
export WINEPREFIX=${RV_TEST_PREFIX:-$work/prefix} WINEARCH=win64 WINEDEBUG=${WINEDEBUG:--all} WINEDLLOVERRIDES='mscoree,mshtml='
drivers="$WINEPREFIX/drive_c/windows/system32/drivers"
passed=0
failed=0

end() {
    timeout -k 5 20 wineserver -k 2>/dev/null
    [ -n "${keeper:-}" ] && wait "$keeper" 2>/dev/null
    rm -rf "$work"
}
trap end EXIT

# Wine says on stderr that its 32-bit half is missing; nothing here needs it.
limited() {
    local seconds=$1
    shift
    timeout -k 5 "$seconds" "$@" >"$work/step" 2>/dev/null </dev/null
}

if [ ! -d "$WINEPREFIX/drive_c" ]; then
    mkdir -p "$WINEPREFIX"
    limited 600 wine wineboot -i || { echo "FAIL wine makes a prefix"; exit 2; }
    limited 300 wine winecfg -v win10
fi
# How long services.exe waits for a driver's answer. After the 10 s it has by itself it calls the service failed, although
# the driver goes on, loads or unloads, and its late answer is taken for that to the next request.
limited 300 wine reg add 'HKLM\System\CurrentControlSet\Control' /v ServicesPipeTimeout /t REG_SZ /d 120000 /f
limited 120 wineserver -k
mkdir -p "$drivers"
cp "$built/client.exe" "$WINEPREFIX/drive_c/"

install_driver() {
    cp "$built/${2:-$1}.sys" "$drivers/$1.sys"
    limited 300 wine sc delete "$1"
    # Drivers of one load-order group share a process of Wine: only so can one find the other.
    limited 300 wine sc create "$1" type= kernel group= RingView binPath= "C:\\windows\\system32\\drivers\\$1.sys"
}

# Starts or stops a driver and waits until it has. The client's exit code: 0 done, 1 refused, 2 stuck; what it says of that
# is left in $work/step.
ask() {
    limited 300 wine 'C:\client.exe' "$1" "$2"
}

# The process of a group ends with its last driver. A start that comes just then is still sent to it, and Wine answers with an
# internal error (1359): the next one finds a new process. Nothing of the driver has run then.
service() {
    local try
    for try in 1 2 3 4 5; do
        if ask "$1" "$2"; then
            return 0
        fi
        grep -q 'error 1359' "$work/step" || break
    done
    echo "FAIL $1 of $2: $(tr -d '\r' <"$work/step")"
    failed=$((failed + 1))
    return 1
}

# Adds up what a test printed.
count() {
    grep -E '^(ok|FAIL|#) ' "$work/step" | tr -d '\r'
    passed=$((passed + $(grep -c '^ok ' "$work/step")))
    failed=$((failed + $(grep -c '^FAIL ' "$work/step")))
}

# Runs a test until it ends, or for five minutes has said nothing: how long all of it takes is the machine's affair.
watched() {
    local silent=0 said=0 now
    "$@" >"$work/step" 2>/dev/null </dev/null &
    local test=$!
    while kill -0 "$test" 2>/dev/null; do
        sleep 0.2
        now=$(stat -c %s "$work/step")
        silent=$((now == said ? silent + 1 : 0))
        said=$now
        if [ $silent -gt 1500 ]; then
            kill -9 "$test" 2>/dev/null
            wait "$test" 2>/dev/null
            return 124
        fi
    done
    wait "$test"
}

run_test() {
    echo "# $1"
    watched wine 'C:\client.exe' "$1"
    local code=$?
    count
    if [ $code -eq 124 ] || [ $code -eq 137 ]; then
        echo "FAIL $1: hangs"
        failed=$((failed + 1))
        fresh
    elif [ $code -ne 0 ] && ! grep -q '^FAIL ' "$work/step"; then
        echo "FAIL $1: exit code $code"
        failed=$((failed + 1))
        fresh
    fi
}

# Wine ends every service once the last ordinary process has ended: this one keeps the drivers loaded between two tests. It
# must be there before the first of them ends.
keep_alive() {
    : >"$work/keeper"
    timeout -k 5 3600 wine 'C:\client.exe' child-asleep >"$work/keeper" 2>/dev/null </dev/null &
    keeper=$!
    until grep -q asleep "$work/keeper"; do
        kill -0 "$keeper" 2>/dev/null || { echo 'FAIL a process that keeps the drivers loaded'; exit 2; }
        sleep 0.05
    done
}

# After a hang or a crash the next test begins with drivers just loaded.
fresh() {
    limited 120 wineserver -k
    keep_alive
    service start ringview && service start sample
}

install_driver ringview
install_driver sample
install_driver sample2
install_driver sample-embedded
fresh

for test in ${RV_TESTS:-basics million overwrite waiting second-reader killed-reader stopped-session sources masks stacks programs hostile-program fuzz hostile stopped-driver update}; do
    if [ "$test" = update ]; then
        # One of its two drivers is loaded before ringview.sys is.
        service stop ringview && service start sample2 && service start ringview
    fi
    run_test "$test"
done

if [ -z "${RV_TESTS:-}" ]; then
    service stop sample
    service stop ringview
    service start sample-embedded && run_test embedded && service stop sample-embedded

    # Every acquisition of the driver fails once; the number of the failing one is written into the image.
    if [ -f "$built/ringview-faults.sys" ]; then
        install_driver ringview ringview-faults
        at=$(grep -obUa 'RVFAILNTH:' "$built/ringview-faults.sys" | head -1 | cut -d: -f1)
        refused=0
        reached=0
        past=no
        for nth in $(seq 1 64); do
            printf "\\x$(printf %02x "$nth")\\0\\0\\0" |
                dd of="$drivers/ringview.sys" bs=1 seek=$((at + 12)) conv=notrunc status=none
            ask start ringview
            started=$?
            if [ $started -eq 1 ]; then
                refused=$((refused + 1))
                continue
            elif [ $started -ne 0 ]; then
                echo "FAIL acquisition $nth: $(tr -d '\r' <"$work/step")"
                failed=$((failed + 1))
                break
            fi
            limited 300 wine 'C:\client.exe' faults
            code=$?
            hit=$(grep -c '^# 1 failed' "$work/step")
            reached=$((reached + hit))
            if [ $code -ne 0 ]; then
                echo "# acquisition $nth"
                grep '^FAIL ' "$work/step" | tr -d '\r'
                failed=$((failed + 1))
            fi
            # What stays loaded cannot be loaded with another number: going on would only count refusals.
            service stop ringview || break
            [ "$hit" -eq 0 ] && [ "$reached" -gt 0 ] && past=yes && break
        done
        if [ "$refused" -gt 0 ] && [ "$reached" -gt 0 ] && [ "$past" = yes ]; then
            echo "ok each acquisition failed once: $refused while loading, $reached in requests"
            passed=$((passed + 1))
        else
            echo "FAIL each acquisition failed once: $refused while loading, $reached in requests, last $nth"
            failed=$((failed + 1))
        fi
    fi
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
