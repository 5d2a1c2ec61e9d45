# check.sh - what scripts that check sources share: claims that are counted, and their sum at the end. To be sourced.
passed=0
failed=0

# check STATUS WHAT: a claim, true if the command before ended with 0.
check() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $2"
    fi
}

# The sum; fails if a claim did.
report() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
