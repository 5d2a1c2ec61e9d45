/*
 * main.c - runs the test named by the argument; exit code 0 if all its claims hold.
 */
#include <string.h>

#include "rig.h"
#include "tests.h"

static void nothing(void)
{
}

static void asleep(void)
{
    Sleep(INFINITE);
}

static const struct {
    const char *name;
    void (*run)(void);
} tests[] = {
    {"basics", test_basics},
    {"million", test_million},
    {"overwrite", test_overwrite},
    {"embedded", test_embedded},
    {"waiting", test_waiting},
    {"second-reader", test_second_reader},
    {"killed-reader", test_killed_reader},
    {"stopped-session", test_stopped_session},
    {"stopped-driver", test_stopped_driver},
    {"sources", test_sources},
    {"fuzz", test_fuzz},
    {"hostile", test_hostile},
    {"faults", test_faults},
    {"child-refused", child_refused},
    {"child-reader", child_reader},
    {"child-nothing", nothing},
    {"child-asleep", asleep},
};

int main(int count, char **arguments)
{
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (count == 2 && strcmp(arguments[1], tests[i].name) == 0) {
            tests[i].run();
            return failures() != 0;
        }
    }
    printf("FAIL usage: client.exe TEST\n");
    return 2;
}
