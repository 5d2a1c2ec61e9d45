/*
 * test.h - the smallest test macros that do: a test is a function, a failed check names its place and values, and the
 * program ends with one line, `N passed, N failed`.
 */
#ifndef RINGVIEW_TEST_H
#define RINGVIEW_TEST_H

#include <stdint.h>
#include <stdio.h>

static int test_checks_failed;
static int tests_passed;
static int tests_failed;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition) && test_checks_failed++ < 20) {                                                               \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                     \
        }                                                                                                              \
    } while (0)

#define CHECK_EQUAL(actual, expected)                                                                                  \
    do {                                                                                                               \
        unsigned long long actual_value = (unsigned long long)(actual);                                                \
        unsigned long long expected_value = (unsigned long long)(expected);                                            \
        if (actual_value != expected_value && test_checks_failed++ < 20) {                                             \
            printf("%s:%d: %s is %llu, not %llu\n", __FILE__, __LINE__, #actual, actual_value, expected_value);        \
        }                                                                                                              \
    } while (0)

#define RUN(test)                                                                                                      \
    do {                                                                                                               \
        test_checks_failed = 0;                                                                                        \
        test();                                                                                                        \
        if (test_checks_failed == 0) {                                                                                 \
            tests_passed++;                                                                                            \
        } else {                                                                                                       \
            tests_failed++;                                                                                            \
            printf("FAILED %s (%d checks)\n", #test, test_checks_failed);                                              \
        }                                                                                                              \
    } while (0)

#define REPORT() (printf("%d passed, %d failed\n", tests_passed, tests_failed), tests_failed == 0 ? 0 : 1)

#endif
