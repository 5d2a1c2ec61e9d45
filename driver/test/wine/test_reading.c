/*
 * test_reading.c - what a well-behaved client sees.
 */
#include "checker.h"
#include "tests.h"

static void read_run(ring_reader *reader, checker *check, HANDLE sample, uint32_t pause_ms)
{
    bool ended;
    uint64_t limit = GetTickCount64() + PATIENCE_MS;
    do {
        ended = run_status(sample).running == 0;
        uint64_t got = reader_poll(reader, checker_take, check);
        if (got == 0 || pause_ms != 0) {
            Sleep(pause_ms);
        }
    } while (!ended && GetTickCount64() < limit);
    while (reader_poll(reader, checker_take, check) != 0) {
    }
}

static void account(const char *name, ring_reader *reader, const checker *check, sample_status status, HANDLE device)
{
    char text[160];
    rv_ioctl_statistics total = statistics(device);
    uint64_t lost = reader->gaps + reader_trailing(reader);

    snprintf(text, sizeof text, "%s: attempted = read + lost", name);
    claim(total.written + total.lost == reader->read + lost, text, "%llu = %llu + %llu",
          (unsigned long long)(total.written + total.lost), (unsigned long long)reader->read, (unsigned long long)lost);
    snprintf(text, sizeof text, "%s: the driver that logged counts the same", name);
    claim(status.attempted + check->others == reader->read + lost && status.not_attached == 0, text,
          "%llu + %llu others, %llu unattached", (unsigned long long)status.attempted,
          (unsigned long long)check->others, (unsigned long long)status.not_attached);
    /* What was read just before it was overwritten is in both counts. */
    snprintf(text, sizeof text, "%s: losses by cause add up", name);
    claim(total.lost == total.lost_full + total.lost_too_big + total.lost_zero_length + total.lost_missing_data +
                            total.lost_nesting &&
              lost >= total.lost && lost <= total.lost + total.overwritten,
          text, "lost %llu, overwritten %llu", (unsigned long long)total.lost, (unsigned long long)total.overwritten);
    snprintf(text, sizeof text, "%s: no record torn, repeated or out of order", name);
    claim(check->torn == 0 && reader->broken == 0 && checker_ordered(check), text, "torn %llu, broken %llu %s",
          (unsigned long long)check->torn, (unsigned long long)reader->broken, reader->why);
}

/* A whole session of `messages` from four threads. Returns the records read. */
static uint64_t run_session(const char *name, HANDLE device, HANDLE sample, uint64_t messages, uint32_t burst,
                            uint32_t pause_ms)
{
    ring_reader reader;
    checker check;
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    checker_init(&check, messages + messages / 4 + 65536);
    start_run(sample, messages, 4, burst);
    read_run(&reader, &check, sample, pause_ms);
    account(name, &reader, &check, run_status(sample), device);
    uint64_t read = reader.read;
    need(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach");
    reader_free(&reader);
    checker_free(&check);
    return read;
}

void test_basics(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    rv_ioctl_version version;
    DWORD error = control(device, RV_IOCTL_VERSION, NULL, 0, &version, sizeof version, NULL);
    claim(error == ERROR_SUCCESS && version.protocol == RV_IOCTL_PROTOCOL && version.cpu_count >= 1 &&
              version.layout_major == 2,
          "version", "%.24s, %u CPUs, captures 0x%x", version.driver, version.cpu_count, version.captures);

    claim(configure(device, 12345, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_INVALID_PARAMETER &&
              configure(device, 65536, 7, RV_ORDER_INDEX) == ERROR_INVALID_PARAMETER &&
              configure(device, RV_MAX_RING_BYTES * 2ull, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_INVALID_PARAMETER,
          "impossible configurations are refused", "");
    claim(configure(device, 65536, RV_MODE_OVERWRITE_OLD, RV_ORDER_CLOCK) == ERROR_SUCCESS, "a session is built anew",
          "");

    ring_reader reader;
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    claim(reader.session->magic == RV_MAGIC_SESSION && reader.session->state == RV_STATE_RUNNING &&
              reader.session->ring_bytes == 65536 && reader.session->ring_mode == RV_MODE_OVERWRITE_OLD &&
              reader.session->order_mode == RV_ORDER_CLOCK && reader.session->cpu_count == version.cpu_count,
          "the session page says what was asked for", "");

    bool pages = true;
    for (uint32_t cpu = 0; cpu < reader.cpus; cpu++) {
        const rv_producer_page *producer = (const rv_producer_page *)reader.rings[cpu];
        pages = pages && producer->magic == RV_MAGIC_PRODUCER && producer->cpu == cpu &&
                reader.consumers[cpu].magic == RV_MAGIC_CONSUMER && reader.consumers[cpu].cpu == cpu;
    }
    claim(pages, "every ring page has its magic and CPU", "");

    MEMORY_BASIC_INFORMATION ring = {0}, session = {0}, consumer = {0};
    DWORD old;
    VirtualQuery(reader.rings[0], &ring, sizeof ring);
    VirtualQuery(reader.session, &session, sizeof session);
    VirtualQuery(reader.consumers, &consumer, sizeof consumer);
    claim(ring.Protect == PAGE_READONLY && session.Protect == PAGE_READONLY && consumer.Protect == PAGE_READWRITE,
          "only the consumer pages are writable", "");
    claim(!VirtualProtect((void *)(uintptr_t)reader.rings[0], RV_PAGE, PAGE_READWRITE, &old) &&
              !VirtualProtect((void *)(uintptr_t)reader.session, RV_PAGE, PAGE_READWRITE, &old),
          "a client cannot make the others writable", "");

    claim(configure(device, 65536, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_BUSY,
          "no new session while a reader is attached", "");
    claim(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "detach", "");
    claim(VirtualQuery(reader.rings[0], &ring, sizeof ring) == 0 || ring.State != MEM_COMMIT || ring.Type != MEM_MAPPED,
          "the views are gone after it", "");
    claim(control(device, RV_IOCTL_DETACH, NULL, 0, NULL, 0, NULL) == ERROR_INVALID_FUNCTION, "and only once", "");

    rv_ioctl_attach_request other = {RV_IOCTL_PROTOCOL + 1, RV_VERSION_MAJOR, 0};
    uint8_t answer[RV_IOCTL_ATTACH_HEADER_BYTES + MAX_CPUS * 8];
    claim(control(device, RV_IOCTL_ATTACH, &other, sizeof other, answer, sizeof answer, NULL) ==
              ERROR_REVISION_MISMATCH,
          "another protocol is refused", "");
    claim(configure(device, RV_IOCTL_DEFAULT_RING_BYTES, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS,
          "back to the default", "");
    reader_free(&reader);
    CloseHandle(device);
}

void test_million(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    need(configure(device, 4u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    uint64_t begin = GetTickCount64();
    uint64_t read = run_session("1,000,000 of 4 threads", device, sample, 1000000, 0, 0);
    printf("# %llu read in %llu ms\n", (unsigned long long)read, (unsigned long long)(GetTickCount64() - begin));

    need(configure(device, 16384, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    read = run_session("rings of 16 KiB, slow reader", device, sample, 200000, 0, 5);
    claim(read > 0 && read < 200000, "such rings lose, and are meant to here", "%llu read", (unsigned long long)read);
    CloseHandle(sample);
    CloseHandle(device);
}

void test_overwrite(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    need(configure(device, 65536, RV_MODE_OVERWRITE_OLD, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    uint64_t read = run_session("overwriting rings of 64 KiB, slow reader", device, sample, 300000, 0, 3);
    claim(read > 0 && read < 300000, "the reader was lapped, and is meant to be here", "%llu read",
          (unsigned long long)read);
    CloseHandle(sample);
    CloseHandle(device);
}

void test_embedded(void)
{
    HANDLE device = open_device(L"\\\\.\\RingViewEmbedded", false);
    HANDLE sample = open_sample();
    run_session("a driver that embeds the rings", device, sample, 200000, 0, 0);
    CloseHandle(sample);
    CloseHandle(device);
}

/* ---- being told ------------------------------------------------------------------------------------------------- */

static DWORD begin_wait(HANDLE device, OVERLAPPED *overlapped, rv_ioctl_wait *answer)
{
    ResetEvent(overlapped->hEvent);
    return DeviceIoControl(device, RV_IOCTL_WAIT, NULL, 0, answer, sizeof *answer, NULL, overlapped) ? ERROR_SUCCESS
                                                                                                     : GetLastError();
}

static DWORD end_wait(HANDLE device, OVERLAPPED *overlapped, DWORD ms)
{
    DWORD bytes;
    if (WaitForSingleObject(overlapped->hEvent, ms) != WAIT_OBJECT_0) {
        return WAIT_TIMEOUT;
    }
    return GetOverlappedResult(device, overlapped, &bytes, FALSE) ? ERROR_SUCCESS : GetLastError();
}

void test_waiting(void)
{
    HANDLE device = open_device(RV_DEVICE_PATH, true);
    HANDLE plain = open_device(RV_DEVICE_PATH, false);
    HANDLE sample = open_sample();
    OVERLAPPED first = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    OVERLAPPED second = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    rv_ioctl_wait answer = {0}, answer2 = {0};
    ring_reader reader;
    checker check;

    need(configure(plain, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX) == ERROR_SUCCESS, "configure");
    claim(begin_wait(device, &first, &answer) == ERROR_INVALID_FUNCTION, "only the reader can wait", "");
    need(reader_attach(&reader, device, NULL) == ERROR_SUCCESS, "attach");
    checker_init(&check, 65536);

    claim(begin_wait(device, &first, &answer) == ERROR_IO_PENDING, "a wait on empty rings stays with the driver", "");
    claim(begin_wait(device, &second, &answer2) == ERROR_BUSY, "a second wait is refused", "");
    claim(end_wait(device, &first, 100) == WAIT_TIMEOUT, "nothing happens while nothing is logged", "");
    start_run(sample, 10, 1, 0);
    claim(end_wait(device, &first, PATIENCE_MS) == ERROR_SUCCESS && answer.state == RV_STATE_RUNNING,
          "records end the wait", "");
    claim(begin_wait(device, &first, &answer) != ERROR_IO_PENDING ||
              end_wait(device, &first, PATIENCE_MS) == ERROR_SUCCESS,
          "with unread records a wait ends at once", "");
    need(run_ended(sample), "run ends");
    while (reader_poll(&reader, checker_take, &check) != 0) {
    }
    claim(check.records == 10, "they are there", "%llu", (unsigned long long)check.records);

    claim(begin_wait(device, &first, &answer) == ERROR_IO_PENDING, "all read: the next wait stays", "");
    CancelIo(device);
    claim(end_wait(device, &first, PATIENCE_MS) == ERROR_OPERATION_ABORTED, "a wait can be cancelled", "");

    claim(begin_wait(device, &first, &answer) == ERROR_IO_PENDING, "and another one begins", "");
    need(control(plain, RV_IOCTL_STOP, NULL, 0, NULL, 0, NULL) == ERROR_SUCCESS, "stop");
    claim(end_wait(device, &first, PATIENCE_MS) == ERROR_SUCCESS && answer.state == RV_STATE_STOPPED,
          "the end of the session ends the wait", "");
    answer.state = 0;
    claim((begin_wait(device, &first, &answer) == ERROR_SUCCESS ||
           end_wait(device, &first, PATIENCE_MS) == ERROR_SUCCESS) &&
              answer.state == RV_STATE_STOPPED,
          "after it a wait ends at once", "");

    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    rv_ioctl_register_event request = {(uint64_t)(uintptr_t)event};
    OVERLAPPED third = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD error = DeviceIoControl(device, RV_IOCTL_REGISTER_EVENT, &request, sizeof request, NULL, 0, NULL, &third)
                      ? ERROR_SUCCESS
                      : GetLastError();
    if (error == ERROR_SUCCESS) {
        claim(WaitForSingleObject(event, PATIENCE_MS) == WAIT_OBJECT_0, "the registered event is set", "");
    } else {
        claim(error == ERROR_INVALID_FUNCTION || error == ERROR_CALL_NOT_IMPLEMENTED,
              "no event where the system cannot look one up, and the client is told", "error %lu", error);
    }
    CloseHandle(device);
    need(configure_soon(plain, 1u << 20, RV_MODE_DROP_NEW, RV_ORDER_INDEX), "configure");
    reader_free(&reader);
    checker_free(&check);
    CloseHandle(plain);
    CloseHandle(sample);
}
