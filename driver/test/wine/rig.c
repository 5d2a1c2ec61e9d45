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

bool run_ended(HANDLE sample)
{
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; run_status(sample).running != 0; Sleep(1)) {
        if (GetTickCount64() > end) {
            return false;
        }
    }
    return true;
}

bool attached_again(HANDLE sample)
{
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; !run_status(sample).attached; Sleep(5)) {
        if (GetTickCount64() > end) {
            return false;
        }
    }
    return true;
}

bool looks_for_driver(HANDLE sample)
{
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; !run_status(sample).looking; Sleep(5)) {
        if (GetTickCount64() > end) {
            return false;
        }
    }
    return true;
}

bool signalled(HANDLE handle)
{
    return WaitForSingleObject(handle, PATIENCE_MS) == WAIT_OBJECT_0;
}

bool configure_soon(HANDLE device, uint64_t ring_bytes, uint32_t ring_mode, uint32_t order_mode)
{
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; GetTickCount64() < end; Sleep(5)) {
        DWORD error = configure(device, ring_bytes, ring_mode, order_mode);
        if (error != ERROR_BUSY) {
            return error == ERROR_SUCCESS;
        }
    }
    return false;
}

static bool pending(DWORD state)
{
    return state != SERVICE_RUNNING && state != SERVICE_STOPPED;
}

/* The state of a service once it is one that lasts, or `wanted`; whatever it is when patience ends. */
static DWORD settled(SC_HANDLE service, DWORD wanted, bool only_wanted)
{
    SERVICE_STATUS status = {0};
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; GetTickCount64() < end; Sleep(5)) {
        if (!QueryServiceStatus(service, &status)) {
            return 0;
        }
        if (status.dwCurrentState == wanted || (!only_wanted && !pending(status.dwCurrentState))) {
            break;
        }
    }
    return status.dwCurrentState;
}

static service_outcome set(SC_HANDLE service, bool start, DWORD *error)
{
    SERVICE_STATUS status;
    DWORD wanted = start ? SERVICE_RUNNING : SERVICE_STOPPED;
    /* Asked while it is still starting or stopping, the manager refuses; asked to stop twice, it kills the process. */
    if (pending(settled(service, wanted, false))) {
        *error = ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
        return SERVICE_STUCK;
    }
    BOOL taken = start ? StartServiceW(service, 0, NULL) : ControlService(service, SERVICE_CONTROL_STOP, &status);
    *error = taken ? ERROR_SUCCESS : GetLastError();
    if (*error == ERROR_SERVICE_ALREADY_RUNNING) {
        return SERVICE_STUCK;
    }
    if (!taken && *error != ERROR_SERVICE_REQUEST_TIMEOUT) {
        return SERVICE_REFUSED;
    }
    /* A stop that was taken leads to STOPPED and nowhere else; a start may lead back there. */
    DWORD state = settled(service, wanted, !start);
    return state == wanted ? SERVICE_DONE : state == SERVICE_STOPPED ? SERVICE_REFUSED : SERVICE_STUCK;
}

service_outcome service_set(const wchar_t *name, bool start, DWORD *error)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE handle = manager ? OpenServiceW(manager, name, SERVICE_ALL_ACCESS) : NULL;
    service_outcome outcome = SERVICE_STUCK;
    *error = GetLastError();
    if (handle != NULL) {
        outcome = set(handle, start, error);
        CloseServiceHandle(handle);
    }
    if (manager != NULL) {
        CloseServiceHandle(manager);
    }
    return outcome;
}

bool service_start(const wchar_t *name)
{
    DWORD error;
    return service_set(name, true, &error) == SERVICE_DONE;
}

bool service_stop(const wchar_t *name)
{
    DWORD error;
    return service_set(name, false, &error) == SERVICE_DONE;
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
