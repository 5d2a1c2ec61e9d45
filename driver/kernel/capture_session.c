/*
 * capture_session.c - creates and destroys the memory of a session.
 */
#include "capture_session.h"

#include "../ring/platform.h"
#include "fault.h"
#include "near.h"
#include "pool.h"
#include "quiesce.h"

/* An id unique enough to tell this session from the one before it; it need not be unpredictable. */
static uint64_t new_session_id(uint64_t clock, uint64_t time)
{
    uint64_t id = clock ^ (time << 1) ^ ((uint64_t)(uintptr_t)PsGetCurrentThreadId() << 48);
    id ^= id >> 33;
    id *= 0xff51afd7ed558ccdull;
    id ^= id >> 33;
    return id != 0 ? id : 1;
}

/*
 * The time of day, to the microsecond. KeQuerySystemTime alone may be a tick of 15.6 ms behind, and every time that is
 * shown is counted from here. The more precise function is looked up at run time, because Wine does not have it.
 */
static uint64_t wall_clock(void)
{
    typedef VOID(NTAPI * query_time)(PLARGE_INTEGER time);
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"KeQuerySystemTimePrecise");
    query_time precise = (query_time)(ULONG_PTR)MmGetSystemRoutineAddress(&name);
    LARGE_INTEGER time;
    if (precise != NULL) {
        precise(&time);
    } else {
        KeQuerySystemTime(&time);
    }
    return (uint64_t)time.QuadPart;
}

static NTSTATUS create_memory(rv_capture_session *session)
{
    uint32_t cpus = session->cpu_count;
    NTSTATUS status = rv_region_create(&session->session, RV_PAGE);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = rv_region_create(&session->consumers, (SIZE_T)cpus * RV_PAGE);
    if (!NT_SUCCESS(status)) {
        return status;
    }

    session->rings_memory = rv_allocate(cpus * sizeof *session->rings_memory);
    session->rings = rv_allocate(cpus * sizeof *session->rings);
    session->slots = rv_allocate(RV_LOG_SLOTS(cpus) * sizeof *session->slots);
    if (session->rings_memory == NULL || session->rings == NULL || session->slots == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    /* The CPU that touches a page first decides on which NUMA node it lies, so this runs near the CPU that will write
     * there. */
    rv_near near = {0};
    for (uint32_t cpu = 0; cpu < cpus && NT_SUCCESS(status); cpu++) {
        rv_near_cpu(&near, cpu);
        status = rv_region_create(&session->rings_memory[cpu], (SIZE_T)(RV_PAGE + session->ring_bytes));
    }
    rv_near_end(&near);
    return status;
}

_Use_decl_annotations_ NTSTATUS rv_capture_session_create(const rv_ioctl_configure *configure, const char *producer,
                                                          rv_capture_session **created)
{
    rv_capture_session *session = rv_allocate(sizeof *session);
    *created = NULL;
    if (session == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    session->cpu_count = rv_cpu_count();
    session->ring_bytes = configure->ring_bytes;

    NTSTATUS status = create_memory(session);
    if (!NT_SUCCESS(status)) {
        rv_capture_session_destroy(session);
        return status;
    }

    LARGE_INTEGER frequency;
    LARGE_INTEGER clock = KeQueryPerformanceCounter(&frequency);
    uint64_t time = wall_clock();
    rv_session_config config = {
        .cpu_count = session->cpu_count,
        .ring_mode = configure->ring_mode,
        .order_mode = configure->order_mode,
        .producer_pid = 0,
        .ring_bytes = session->ring_bytes,
        .session_id = new_session_id((uint64_t)clock.QuadPart, time),
        .qpc_frequency = (uint64_t)frequency.QuadPart,
        .start_qpc = (uint64_t)clock.QuadPart,
        .start_filetime = time,
        .producer = producer,
    };
    rv_session_page *page = rv_region_address(&session->session);
    if (rv_session_init(page, &config) != RV_OK ||
        rv_log_init(&session->log, session->rings, session->cpu_count, session->slots) != RV_OK) {
        rv_capture_session_destroy(session);
        return STATUS_INVALID_PARAMETER;
    }
    for (uint32_t cpu = 0; cpu < session->cpu_count; cpu++) {
        uint8_t *ring = rv_region_address(&session->rings_memory[cpu]);
        uint8_t *consumers = rv_region_address(&session->consumers);
        rv_ring_init(&session->rings[cpu], page, (rv_producer_page *)ring,
                     (rv_consumer_page *)(consumers + (SIZE_T)cpu * RV_PAGE), ring + RV_PAGE, cpu);
    }
    *created = session;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ void rv_capture_session_start(rv_capture_session *session)
{
    rv_session_publish(rv_region_address(&session->session));
    rv_log_attach(&session->log);
}

_Use_decl_annotations_ void rv_capture_session_retire(rv_capture_session *session)
{
    rv_quiesce();
    rv_session_stop(rv_region_address(&session->session));
}

_Use_decl_annotations_ void rv_capture_session_stop(rv_capture_session *session)
{
    rv_log_detach();
    rv_capture_session_retire(session);
}

_Use_decl_annotations_ void rv_capture_session_destroy(rv_capture_session *session)
{
    if (session == NULL) {
        return;
    }
    if (session->rings_memory != NULL) {
        for (uint32_t cpu = session->cpu_count; cpu-- > 0;) {
            rv_region_destroy(&session->rings_memory[cpu]);
        }
    }
    rv_free(session->slots);
    rv_free(session->rings);
    rv_free(session->rings_memory);
    rv_region_destroy(&session->consumers);
    rv_region_destroy(&session->session);
    rv_free(session);
}

_Use_decl_annotations_ uint32_t rv_capture_session_state(const rv_capture_session *session)
{
    const rv_session_page *page = rv_region_address(&session->session);
    return rv_load32_acquire(&page->state);
}

_Use_decl_annotations_ bool rv_capture_session_unread(const rv_capture_session *session)
{
    for (uint32_t cpu = 0; cpu < session->cpu_count; cpu++) {
        const rv_ring *ring = &session->rings[cpu];
        if (rv_load(&ring->producer->published) != rv_load(&ring->consumer->consumed)) {
            return true;
        }
    }
    return false;
}

_Use_decl_annotations_ void rv_capture_session_statistics(const rv_capture_session *session,
                                                          rv_ioctl_statistics *statistics)
{
    const rv_session_page *page = rv_region_address(&session->session);
    statistics->state = rv_load32_acquire(&page->state);
    statistics->cpu_count = session->cpu_count;
    statistics->session_id = page->session_id;
    statistics->no_ring = rv_load(&session->log.no_ring);
    for (uint32_t cpu = 0; cpu < session->cpu_count; cpu++) {
        const rv_producer_page *producer = session->rings[cpu].producer;
        statistics->written += rv_load(&producer->written);
        statistics->written_bytes += rv_load(&producer->written_bytes);
        statistics->lost += rv_load(&producer->lost);
        statistics->lost_full += rv_load(&producer->lost_full);
        statistics->lost_too_big += rv_load(&producer->lost_too_big);
        statistics->lost_zero_length += rv_load(&producer->lost_zero_length);
        statistics->lost_missing_data += rv_load(&producer->lost_missing_data);
        statistics->lost_nesting += rv_load(&producer->lost_nesting);
        statistics->lost_quota += rv_load(&producer->lost_quota);
        statistics->overwritten += rv_load(&producer->overwritten);
        statistics->wrapped += rv_load(&producer->wrapped);
        statistics->bad_consumer += rv_load(&producer->bad_consumer);
        statistics->index_holes += rv_load(&producer->index_holes);
    }
}
