/*
 * main.c - runs the test named by the argument; exit code 0 if all its claims hold. Or starts or stops a driver:
 *
 *     client.exe start NAME      exit code 0: done, 1: refused, 2: neither; prints what the manager answered
 *     client.exe stop NAME
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "tests.h"

static void nothing(void)
{
}

static void asleep(void)
{
    printf("asleep\n");
    fflush(stdout);
    Sleep(INFINITE);
}

static int set_service(const char *verb, const char *name)
{
    static const char *const outcomes[] = {"done", "refused", "stuck"};
    wchar_t wide[64] = {0};
    DWORD error;
    (void)mbstowcs(wide, name, 63);
    service_outcome outcome = service_set(wide, strcmp(verb, "start") == 0, &error);
    printf("%s of %s: %s, error %lu\n", verb, name, outcomes[outcome], error);
    return (int)outcome;
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
    {"masks", test_masks},
    {"stacks", test_stacks},
    {"update", test_update},
    {"programs", test_programs},
    {"hostile-program", test_hostile_program},
    {"fuzz", test_fuzz},
    {"hostile", test_hostile},
    {"faults", test_faults},
    {"child-refused", child_refused},
    {"child-reader", child_reader},
    {"child-program", child_program},
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
    if (count == 3 && (strcmp(arguments[1], "start") == 0 || strcmp(arguments[1], "stop") == 0)) {
        return set_service(arguments[1], arguments[2]);
    }
    printf("FAIL usage: client.exe TEST | start NAME | stop NAME\n");
    return 2;
}
