/*
 * tests.h - the tests by name; each prints its claims. Two are helpers that other tests run as child processes.
 */
#ifndef RINGVIEW_WINE_TESTS_H
#define RINGVIEW_WINE_TESTS_H

void test_basics(void);
void test_million(void);
void test_overwrite(void);
void test_embedded(void);
void test_waiting(void);
void test_second_reader(void);
void test_killed_reader(void);
void test_stopped_session(void);
void test_stopped_driver(void);
void test_sources(void);
void test_masks(void);
void test_stacks(void);
void test_update(void);
void test_programs(void);
void test_hostile_program(void);
void test_fuzz(void);
void test_hostile(void);
void test_faults(void);

/* Child: attaches, expects to be refused, exits with the pid that holds the session. */
void child_refused(void);
/* Child: logs half a million records as a program. */
void child_program(void);
/* Child: reads until it is killed. */
void child_reader(void);

#endif
