#!/bin/sh
# check.sh BUILD [deep] - runs the model in both modes, in which nothing may be found, and with each deliberate mistake,
# which must be found. `deep` adds an interrupt upon the interrupt: some minutes and gigabytes.
model=$(cd "$(dirname "$0")" && pwd)/nesting.pml
mkdir -p "$1" && cd "$1" || exit 1
two="-DATTEMPTS_1=2 -DATTEMPTS_2=1 -DATTEMPTS_3=0"
three="-DATTEMPTS_1=1 -DATTEMPTS_2=1 -DATTEMPTS_3=1"
passed=0
failed=0

# check NAME ERRORS-EXPECTED DEFINES...
check() {
    name=$1
    expected=$2
    shift 2
    rm -f pan.log
    spin -a "$@" "$model" >spin.log 2>&1 && cc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c 2>cc.log && ./pan -m100000 >pan.log 2>&1
    errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.log 2>/dev/null)
    states=$(sed -n 's/ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log 2>/dev/null)
    if grep -qs 'depth too small' pan.log; then errors=unfinished; fi
    if [ "$errors" = "$expected" ]; then
        passed=$((passed + 1))
        echo "$name: $errors errors, $states states"
    else
        failed=$((failed + 1))
        echo "FAILED $name: '$errors' errors, not $expected"
    fi
}

if [ "$2" = deep ]; then
    check "drop-new, two deep" 0 -DOVERWRITE=0 $three
    check "overwrite-old, two deep" 0 -DOVERWRITE=1 $three
else
    check "drop-new" 0 -DOVERWRITE=0 $two
    check "overwrite-old" 0 -DOVERWRITE=1 $two
    for bug in 1 2 5 6 7; do
        check "mistake $bug, drop-new" 1 -DOVERWRITE=0 -DBUG=$bug $two
    done
    for bug in 3 4; do
        check "mistake $bug, overwrite-old" 1 -DOVERWRITE=1 -DBUG=$bug $two
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
