/*
 * test_life.c - readers and drivers that come and go at bad moments.
 */
#include "checker.h"
#include "tests.h"

void child_refused(void)
{
    ring_reader reader;
    uint32_t holder = 0;
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    DWORD error = reader_attach(&reader, device, &holder);
    ExitProcess(error == ERROR_BUSY ? holder : 0);
}

void child_reader(void)
{
    ring_reader reader;
    checker check;
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    checker_init(&check, 4000000);
    for (;;) {
        (void)reader_poll(&reader, checker_take, &check);
    }
}

/* Attaches once whoever reads has been forgotten: a handle that was closed, or a process that died, may take a moment. */
static bool attach_soon(ring_reader *reader, HANDLE device)
{
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; GetTickCount64() < end; Sleep(5)) {
        if (reader_attach(reader, device, NULL) == ERROR_SUCCESS) {
            return true;
        }
    }
    return false;
}

void test_second_reader(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE again = open_device(RV_DEVICE_PATH, false);
    ring_reader reader, other;
    uint32_t holder = 0;
    DWORD code = 0;

    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    claim(reader_attach(&other, again, &holder) == ERROR_BUSY && holder == GetCurrentProcessId(),
          "a second reader is refused and told who reads", "pid %u", holder);
    HANDLE process = child(L"child-refused");
    need(signalled(process), "the child ends");
    GetExitCodeProcess(process, &code);
    claim(code == GetCurrentProcessId(), "in another process too", "pid %lu", code);
    claim(control(again, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_INVALID_FUNCTION,
          "it cannot detach the first", "");
    CloseHandle(device);
    claim(attach_soon(&other, again), "once the first closed its handle, the second gets in", "");
    CloseHandle(again);
    reader_free(&reader);
    reader_free(&other);
}

void test_killed_reader(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;
    checker check;
    uint64_t read_before = 0;

    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    HANDLE process = child(L"child-reader");
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; statistics(device).reader_pid == 0 && GetTickCount64() < end;) {
        Sleep(10);
    }
    need(statistics(device).reader_pid != 0, "the child attaches");
    start_run(sample, 1000000, 4, 500);
    while (statistics(device).written < 100000) {
        Sleep(1);
    }
    TerminateProcess(process, 9);
    need(signalled(process), "the child ends");
    /* Either it is seen to go on, or it was through with all of it before anybody looked. */
    uint64_t attempts = run_status(sample).attempted;
    while (run_status(sample).running != 0 && run_status(sample).attempted == attempts) {
        Sleep(1);
    }
    sample_status after = run_status(sample);
    claim(after.attempted > attempts || after.attempted == 1000000, "the driver logs on after its reader was killed",
          "%llu attempts, then %llu", (unsigned long long)attempts, (unsigned long long)after.attempted);
    need(attach_soon(&reader, device), "a new reader attaches");
    claim(true, "a new reader attaches", "");
    checker_init(&check, 2000000);
    for (uint32_t cpu = 0; cpu < reader.cpus; cpu++) {
        read_before += reader.consumers[cpu].read;
    }
    bool ended;
    do {
        ended = run_status(sample).running == 0;
        (void)reader_poll(&reader, checker_take, &check);
    } while (!ended);
    while (reader_poll(&reader, checker_take, &check) != 0) {
    }
    uint64_t attempted = run_status(sample).attempted;
    uint64_t sequence = 0;
    for (uint32_t cpu = 0; cpu < reader.cpus; cpu++) {
        sequence += reader.sequence[cpu];
    }
    claim(sequence + reader_trailing(&reader) == attempted + check.others && reader.broken == 0 && check.torn == 0,
          "the new reader goes on where the old one stopped", "%llu attempted, %llu read before, %llu after, %llu lost",
          (unsigned long long)attempted, (unsigned long long)read_before, (unsigned long long)reader.read,
          (unsigned long long)(reader.gaps + reader_trailing(&reader)));
    claim(checker_ordered(&check), "in order", "");
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(sample);
    CloseHandle(device);
}

void test_stopped_session(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;
    checker check;
    checker_init(&check, 65536);

    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    start_run(sample, 1000, 2, 0);
    need(run_ended(sample), "run ends");
    need(control(device, RV_IOCTL_STOP, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "stop");
    claim(control(device, RV_IOCTL_STOP, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "a session can be stopped twice",
          "");
    start_run(sample, 100, 1, 0);
    need(run_ended(sample), "run ends");
    claim(run_status(sample).not_attached == 100, "a stopped session takes nothing, and says so to who logs", "");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    claim(reader_state(&reader) == RV_STATE_STOPPED, "its state is STOPPED", "");
    while (reader_poll(&reader, checker_take, &check) != 0) {
    }
    claim(check.records == 1000 && check.torn == 0, "what it held can still be read", "%llu",
          (unsigned long long)check.records);
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    start_run(sample, 100, 1, 0);
    need(run_ended(sample), "run ends");
    claim(run_status(sample).ok == 100, "a new session takes records again", "");
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(sample);
    CloseHandle(device);
}

static DWORD WINAPI stop_driver(void *context)
{
    Sleep(150);
    return *(bool *)context = service_stop(L"ringview");
}

void test_stopped_driver(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;
    checker check;
    bool stopped = false;

    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    checker_init(&check, 40000000);
    start_run(sample, 100000000, 4, 2000);
    HANDLE stopper = CreateThread(NULL, 0, stop_driver, &stopped, 0, NULL);
    uint64_t limit = GetTickCount64() + PATIENCE_MS;
    while (reader_state(&reader) != RV_STATE_STOPPED && GetTickCount64() < limit) {
        (void)reader_poll(&reader, checker_take, &check);
    }
    claim(reader_state(&reader) == RV_STATE_STOPPED, "a driver that is unloaded under load says STOPPED", "");
    while (reader_poll(&reader, checker_take, &check) != 0) {
    }
    claim(signalled(stopper) && stopped, "the service stops with a reader and a logging driver attached", "");
    uint64_t read = reader.read;
    Sleep(50);
    claim(reader_poll(&reader, checker_take, &check) == 0 && reader.read == read,
          "nothing comes after STOPPED, and the views still read", "%llu read", (unsigned long long)read);
    uint64_t produced = 0;
    for (uint32_t cpu = 0; cpu < reader.cpus; cpu++) {
        const rv_producer_page *producer = (const rv_producer_page *)reader.rings[cpu];
        produced += producer->written + producer->lost;
    }
    claim(produced == reader.read + reader.gaps + reader_trailing(&reader) && reader.broken == 0 && check.torn == 0,
          "all of it accounted for", "%llu = %llu + %llu", (unsigned long long)produced,
          (unsigned long long)reader.read, (unsigned long long)(reader.gaps + reader_trailing(&reader)));
    claim(control(device, RV_IOCTL_VERSION, NULL, 0, &(rv_ioctl_version){0}, sizeof(rv_ioctl_version), NULL) !=
              ERROR_SUCCESS,
          "requests to it fail", "error %lu", GetLastError());
    sample_status status = run_status(sample);
    claim(status.running == 4 && !status.attached && status.not_attached > 0, "the logging driver is told and goes on",
          "%llu not attached", (unsigned long long)status.not_attached);
    CloseHandle(device);

    need(looks_for_driver(sample), "the logging driver looks for another one");
    claim(service_start(L"ringview"), "the driver starts again", "");
    claim(attached_again(sample), "the logging driver finds it again by itself", "");
    device = open_device(RV_DEVICE_PATH, false);
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; statistics(device).written == 0 && GetTickCount64() < end;) {
        Sleep(5);
    }
    claim(statistics(device).written > 0 && statistics(device).attached_drivers == 1, "and its records arrive", "%llu",
          (unsigned long long)statistics(device).written);
    claim(service_stop(L"sample"), "the logging driver unloads while it logs", "");
    claim(statistics(device).attached_drivers == 0, "and is forgotten", "");
    claim(service_start(L"sample"), "and starts again", "");
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(sample);
    CloseHandle(device);
}

/* Filters of events are set, listed and refused; captures that Wine lacks are missing, and say so. */
static void event_filters(HANDLE device, uint32_t captures)
{
    static rv_ioctl_event_filter request;
    static rv_ioctl_event_filters listed;
    rv_ioctl_capture capture = {RV_CAPTURE_REGISTRY, 0};
    DWORD error = control(device, RV_IOCTL_CAPTURE, &capture, sizeof capture, &capture, sizeof capture, NULL);
    claim((captures & (RV_CAPTURE_REGISTRY | RV_CAPTURE_HANDLES)) == 0 && error == ERROR_NOT_SUPPORTED,
          "captures that this system lacks are refused by name", "captures 0x%x, error %lu", captures, error);
    request = (rv_ioctl_event_filter){.captures = RV_CAPTURE_REGISTRY | RV_CAPTURE_PROCESS};
    request.filter.path_mode = RV_FILTER_EXCLUDE;
    request.filter.path_count = 1;
    request.filter.paths[0].units = 1;
    request.filter.paths[0].text[0] = 'x';
    error = control(device, RV_IOCTL_EVENT_FILTER, &request, sizeof request, NULL, 0, NULL);
    need(control(device, RV_IOCTL_EVENT_FILTERS, NULL, 0, &listed, sizeof listed, NULL) == ERROR_SUCCESS, "filters");
    claim(error == ERROR_SUCCESS &&
              memcmp(&listed.filters[RV_EVENT_KIND_REGISTRY], &request.filter, sizeof request.filter) == 0 &&
              memcmp(&listed.filters[RV_EVENT_KIND_PROCESS], &request.filter, sizeof request.filter) == 0 &&
              listed.filters[RV_EVENT_KIND_IMAGE].path_mode == RV_FILTER_ALL,
          "a filter is set for the captures that it names, and listed", "error %lu", error);
    request.captures = RV_CAPTURE_HANDLES;
    error = control(device, RV_IOCTL_EVENT_FILTER, &request, sizeof request, NULL, 0, NULL);
    claim(error == ERROR_INVALID_PARAMETER, "paths of what has none are refused", "error %lu", error);
    request = (rv_ioctl_event_filter){.captures = RV_CAPTURE_REGISTRY | RV_CAPTURE_PROCESS};
    need(control(device, RV_IOCTL_EVENT_FILTER, &request, sizeof request, NULL, 0, NULL) == ERROR_SUCCESS, "no filter");
}

void test_sources(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    ring_reader reader;
    checker check;
    checker_init(&check, 65536);
    need(configure(device, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");

    sample_timer timer = {5, 0};
    need(control(sample, SAMPLE_IOCTL_TIMER, &timer, sizeof timer, NULL, 0, NULL) == ERROR_SUCCESS, "timer");
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; check.timer < 5 && GetTickCount64() < end; Sleep(5)) {
        (void)reader_poll(&reader, checker_take, &check);
    }
    timer.period_ms = 0;
    need(control(sample, SAMPLE_IOCTL_TIMER, &timer, sizeof timer, NULL, 0, NULL) == ERROR_SUCCESS, "timer");
    claim(check.timer >= 5, "records from a timer's DPC arrive", "%llu", (unsigned long long)check.timer);

    rv_ioctl_version version;
    rv_ioctl_capture capture = {RV_CAPTURE_DBGPRINT, 0};
    need(control(device, RV_IOCTL_VERSION, NULL, 0, &version, sizeof version, NULL) == ERROR_SUCCESS, "version");
    DWORD error = control(device, RV_IOCTL_CAPTURE, &capture, sizeof capture, &capture, sizeof capture, NULL);
    claim(version.captures & RV_CAPTURE_DBGPRINT ? error == ERROR_SUCCESS : error == ERROR_NOT_SUPPORTED,
          "capture of DbgPrint works where the system has it, and is refused by name elsewhere", "error %lu", error);

    capture = (rv_ioctl_capture){RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE, 0};
    error = control(device, RV_IOCTL_CAPTURE, &capture, sizeof capture, &capture, sizeof capture, NULL);
    claim(error == ERROR_SUCCESS && capture.mask == 14, "capture of processes, threads and images switches on",
          "error %lu, mask %u", error, capture.mask);
    /* Wine tells of images in the drivers' process only: one more driver, which may well refuse to start. */
    (void)service_start(L"sample-embedded");
    HANDLE process = child(L"child-nothing");
    need(signalled(process), "the child ends");
    for (uint64_t end = GetTickCount64() + PATIENCE_MS; check.events == 0 && GetTickCount64() < end; Sleep(5)) {
        (void)reader_poll(&reader, checker_take, &check);
    }
    claim(check.present > 1, "what runs already is told first", "%llu", (unsigned long long)check.present);
    event_filters(device, version.captures);
    claim(check.events > 0, "the loading of an image arrives as a typed record", "%llu events",
          (unsigned long long)check.events);
    capture = (rv_ioctl_capture){0, 0};
    error = control(device, RV_IOCTL_CAPTURE, &capture, sizeof capture, &capture, sizeof capture, NULL);
    claim(error == ERROR_SUCCESS && capture.mask == 0 && statistics(device).capturing == 0, "and off", "");

    sample_events events = {RV_CAPTURE_PROCESS | RV_CAPTURE_THREAD | RV_CAPTURE_IMAGE, 0};
    claim(control(sample, SAMPLE_IOCTL_EVENTS, &events, sizeof events, NULL, 0, NULL) == ERROR_SUCCESS,
          "the sample reports them too", "");
    events.mask = 0;
    need(control(sample, SAMPLE_IOCTL_EVENTS, &events, sizeof events, NULL, 0, NULL) == ERROR_SUCCESS, "events off");
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(sample);
    CloseHandle(device);
}
