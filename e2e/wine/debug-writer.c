/*
 * debug-writer.c - a Windows program that writes debug output, for a viewer to prove that it misses nothing.
 *
 *     debug-writer NAME COUNT    COUNT messages "NAME <number>", then prints its process id
 *     debug-writer TEXT          that one message
 *     debug-writer               says "asleep" and sleeps: as long as one ordinary process lives, Wine keeps the drivers loaded
 */
#include <stdio.h>
#include <stdlib.h>

#include <windows.h>

int main(int argc, char **argv)
{
    char text[512];
    if (argc == 1) {
        printf("asleep\n");
        fflush(stdout);
        Sleep(INFINITE);
        return 0;
    }
    if (argc == 2) {
        OutputDebugStringA(argv[1]);
        return 0;
    }
    for (int number = 0, count = atoi(argv[2]); number < count; number++) {
        snprintf(text, sizeof text, "%s %d\n", argv[1], number);
        OutputDebugStringA(text);
    }
    printf("pid %lu\n", GetCurrentProcessId());
    return 0;
}
