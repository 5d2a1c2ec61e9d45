#!/bin/sh
# run.sh PROGRAM ATTEMPTS - the runs of the stress that belong to every test of the ring: both modes and orders, small rings
# and large ones, an honest reader and a hostile client; texts among the records of all of them.
program=$1
attempts=$2
passed=0
failed=0

stress() {
    if "$program" --attempts "$attempts" --texts 11 --signal-ns 200000 --seed $$ "$@"; then
        passed=$((passed + 1))
    else
        echo "FAIL $*"
        failed=$((failed + 1))
    fi
}

stress --mode drop --ring-bytes 4096
stress --mode drop --order clock --ring-bytes 65536
stress --mode drop --ring-bytes 1048576
stress --mode overwrite --ring-bytes 4096
stress --mode overwrite --order clock --ring-bytes 65536
stress --mode overwrite --ring-bytes 1048576
stress --mode drop --ring-bytes 4096 --hostile 1
stress --mode overwrite --ring-bytes 4096 --hostile 1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
