/*
 * rig.c - see the header.
 */
#include "rig.h"

#include <stdarg.h>
#include <stdlib.h>

static int failed;

bool claim(bool holds, const char *name, const char *detail, ...)
{
    va_list arguments;
    printf("%s %s", holds ? "ok" : "FAIL", name);
    if (detail[0] != '\0') {
        printf(": ");
        va_start(arguments, detail);
        vprintf(detail, arguments);
        va_end(arguments);
    }
    printf("\n");
    fflush(stdout);
    failed += !holds;
    return holds;
}

int failures(void)
{
    return failed;
}

void need(bool worked, const char *what)
{
    if (!worked) {
        claim(false, what, "error %lu", GetLastError());
        exit(1);
    }
}

HANDLE open_device(const wchar_t *path, bool overlapped)
{
    HANDLE device = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, overlapped ? FILE_FLAG_OVERLAPPED : 0, NULL);
    need(device != INVALID_HANDLE_VALUE, "the device opens");
    return device;
}

DWORD control(HANDLE device, uint32_t code, const void *input, uint32_t input_bytes, void *output,
              uint32_t output_bytes, uint32_t *answered)
{
    DWORD bytes = 0;
    BOOL done =
        DeviceIoControl(device, code, (void *)(uintptr_t)input, input_bytes, output, output_bytes, &bytes, NULL);
    if (answered != NULL) {
        *answered = bytes;
    }
    return done ? ERROR_SUCCESS : GetLastError();
}

DWORD configure(HANDLE device, uint64_t ring_bytes, uint32_t ring_mode, uint32_t order_mode)
{
    rv_ioctl_configure request = {ring_bytes, ring_mode, order_mode};
    return control(device, RV_IOCTL_CONFIGURE, &request, sizeof request, NULL, 0, NULL);
}

rv_ioctl_statistics statistics(HANDLE device)
{
    rv_ioctl_statistics answer;
    need(control(device, RV_IOCTL_STATISTICS, NULL, 0, &answer, sizeof answer, NULL) == ERROR_SUCCESS, "statistics");
    return answer;
}

HANDLE open_sample(void)
{
    return open_device(SAMPLE_DEVICE_PATH, false);
}

sample_status run_status(HANDLE sample)
{
    sample_status status;
    need(control(sample, SAMPLE_IOCTL_STATUS, NULL, 0, &status, sizeof status, NULL) == ERROR_SUCCESS, "sample status");
    return status;
}

void start_run(HANDLE sample, uint64_t messages, uint32_t threads, uint32_t burst)
{
    sample_run run = {messages, threads, burst};
    need(control(sample, SAMPLE_IOCTL_RUN, &run, sizeof run, NULL, 0, NULL) == ERROR_SUCCESS, "a run starts");
}

bool run_ended(HANDLE sample, uint32_t ms)
{
    for (uint64_t end = GetTickCount64() + ms; run_status(sample).running != 0; Sleep(1)) {
        if (GetTickCount64() > end) {
            return false;
        }
    }
    return true;
}

static bool service_reaches(SC_HANDLE service, DWORD state)
{
    SERVICE_STATUS status;
    for (uint64_t end = GetTickCount64() + 20000; GetTickCount64() < end; Sleep(5)) {
        if (!QueryServiceStatus(service, &status)) {
            return false;
        }
        if (status.dwCurrentState == state) {
            return true;
        }
    }
    return false;
}

static bool service(const wchar_t *name, bool start)
{
    SERVICE_STATUS status;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE handle = manager ? OpenServiceW(manager, name, SERVICE_ALL_ACCESS) : NULL;
    bool done = false;
    if (handle != NULL) {
        done = start ? StartServiceW(handle, 0, NULL) : ControlService(handle, SERVICE_CONTROL_STOP, &status);
        done = done && service_reaches(handle, start ? SERVICE_RUNNING : SERVICE_STOPPED);
        CloseServiceHandle(handle);
    }
    if (manager != NULL) {
        CloseServiceHandle(manager);
    }
    return done;
}

bool service_start(const wchar_t *name)
{
    return service(name, true);
}

bool service_stop(const wchar_t *name)
{
    return service(name, false);
}

HANDLE child(const wchar_t *arguments)
{
    wchar_t program[MAX_PATH];
    wchar_t line[MAX_PATH * 2];
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    GetModuleFileNameW(NULL, program, MAX_PATH);
    _snwprintf(line, MAX_PATH * 2, L"\"%ls\" %ls", program, arguments);
    need(CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process), "a child starts");
    CloseHandle(process.hThread);
    return process.hProcess;
}

uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717ull;
}
