/*
 * host_test.h - the least a host test of the driver needs: counted checks and the line that says how many held. Included
 * once by each test program.
 */
#ifndef RINGVIEW_HOST_TEST_H
#define RINGVIEW_HOST_TEST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int passed;
static int failed;

static inline void check(bool holds, const char *what)
{
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("FAIL %s\n", what);
    }
}

/* What main returns. */
static inline int report(void)
{
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

#endif
