/*
 * ring_reader.c - copy, recheck the tail, parse; everything that is not exactly as layout.h says counts as broken.
 */
#include "ring_reader.h"

#include <stdlib.h>
#include <string.h>

static uint64_t load(const uint64_t *p)
{
    return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static const rv_producer_page *producer(const ring_reader *reader, uint32_t cpu)
{
    return (const rv_producer_page *)reader->rings[cpu];
}

DWORD reader_attach(ring_reader *reader, HANDLE device, uint32_t *holder)
{
    union {
        rv_ioctl_attach answer;
        uint8_t bytes[RV_IOCTL_ATTACH_HEADER_BYTES + MAX_CPUS * 8];
    } answer = {.bytes = {0}};
    rv_ioctl_attach_request request = {RV_IOCTL_PROTOCOL, RV_VERSION_MAJOR, 0};
    DWORD error = control(device, RV_IOCTL_ATTACH, &request, sizeof request, &answer, sizeof answer, NULL);
    if (holder != NULL) {
        *holder = answer.answer.reader_pid;
    }
    if (error != ERROR_SUCCESS) {
        return error;
    }
    *reader = (ring_reader){
        .device = device,
        .cpus = answer.answer.cpu_count,
        .ring_bytes = answer.answer.ring_bytes,
        .session = (const rv_session_page *)(uintptr_t)answer.answer.session,
        .consumers = (rv_consumer_page *)(uintptr_t)answer.answer.consumers,
        .copy = malloc((size_t)answer.answer.ring_bytes),
    };
    need(reader->copy != NULL && reader->cpus <= MAX_CPUS, "memory for a reader");
    for (uint32_t cpu = 0; cpu < reader->cpus; cpu++) {
        rv_consumer_page *consumer = &reader->consumers[cpu];
        reader->rings[cpu] = (const uint8_t *)(uintptr_t)answer.answer.ring_views[cpu];
        uint64_t tail = load(&producer(reader, cpu)->tail);
        reader->position[cpu] = consumer->consumed > tail ? consumer->consumed : tail;
        reader->sequence[cpu] = consumer->consumed_sequence;
        consumer->reader_pid = GetCurrentProcessId();
    }
    return ERROR_SUCCESS;
}

static void broken(ring_reader *reader, const char *what, uint32_t cpu, uint64_t position)
{
    if (reader->broken++ == 0) {
        snprintf(reader->why, sizeof reader->why, "%s, CPU %u, position %llu", what, cpu, (unsigned long long)position);
    }
}

static void copy_out(ring_reader *reader, uint32_t cpu, uint64_t from, uint64_t to)
{
    const uint8_t *data = reader->rings[cpu] + RV_PAGE;
    uint64_t mask = reader->ring_bytes - 1;
    uint64_t first = reader->ring_bytes - (from & mask);
    uint64_t bytes = to - from;
    if (first > bytes) {
        first = bytes;
    }
    memcpy(reader->copy, data + (from & mask), (size_t)first);
    memcpy(reader->copy + first, data, (size_t)(bytes - first));
}

static void take(ring_reader *reader, uint32_t cpu, const rv_record *record, uint64_t position, record_sink *sink,
                 void *context)
{
    const uint8_t *data = (const uint8_t *)(record + 1);
    if (record->cpu != cpu) {
        broken(reader, "another CPU's number", cpu, position);
    }
    if (record->sequence <= reader->sequence[cpu]) {
        broken(reader, "sequence does not grow", cpu, position);
    } else {
        reader->gaps += record->sequence - reader->sequence[cpu] - 1;
        reader->sequence[cpu] = record->sequence;
    }
    if (reader->session->order_mode == RV_ORDER_INDEX && record->index <= reader->index[cpu]) {
        broken(reader, "index does not grow", cpu, position);
    }
    reader->index[cpu] = record->index;
    /* Thread 0 is that of an idle CPU, which only an interrupt can find there. */
    if ((record->tid == 0 && record->irql < RV_IRQL_BORROWED) || record->reserved != 0) {
        broken(reader, "no thread, or bits that nobody sets", cpu, position);
    }
    if (record->frames > (record->type == RV_TYPE_TEXT ? RV_MAX_FRAMES : 0) || record->frames * 8u > record->length) {
        broken(reader, "a stack that cannot be", cpu, position);
    }
    for (uint32_t i = record->length; i < rv_record_bytes(record->length) - RV_RECORD_HEADER_BYTES; i++) {
        if (data[i] != 0) {
            broken(reader, "padding is not zero", cpu, position);
            break;
        }
    }
    reader->read++;
    sink(context, record, data);
}

static uint64_t poll_cpu(ring_reader *reader, uint32_t cpu, record_sink *sink, void *context)
{
    const rv_producer_page *page = producer(reader, cpu);
    uint64_t before = reader->read;
    uint64_t published = load(&page->published);
    uint64_t position = reader->position[cpu];
    uint64_t tail = load(&page->tail);

    if (position < tail) {
        position = tail;
    }
    if (published - position > reader->ring_bytes) {
        if (page->ring_mode == RV_MODE_DROP_NEW) {
            broken(reader, "more unread than the ring holds", cpu, position);
        }
        return 0;
    }
    copy_out(reader, cpu, position, published);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    tail = load(&page->tail);
    uint64_t copied_from = position;
    if (tail > position) {
        position = tail < published ? tail : published; /* lapped: the copy below the tail is worthless */
    }

    while (position < published) {
        const rv_record *record = (const rv_record *)(reader->copy + (position - copied_from));
        uint64_t left = published - position;
        uint64_t bytes = 0;
        if (record->kind == RV_KIND_PAD) {
            bytes = RV_PAD_HEADER_BYTES + (uint64_t)record->length;
        } else if (record->kind == RV_KIND_RECORD && left >= RV_RECORD_HEADER_BYTES) {
            bytes = rv_record_bytes(record->length);
        }
        if (bytes == 0 || bytes > left || bytes % RV_ALIGN != 0) {
            broken(reader, "no record", cpu, position);
            position = published;
            break;
        }
        if (record->kind == RV_KIND_RECORD) {
            take(reader, cpu, record, position, sink, context);
        }
        position += bytes;
    }
    reader->position[cpu] = position;
    rv_consumer_page *consumer = &reader->consumers[cpu];
    consumer->read += reader->read - before;
    __atomic_store_n(&consumer->consumed_sequence, reader->sequence[cpu], __ATOMIC_RELEASE);
    __atomic_store_n(&consumer->consumed, position, __ATOMIC_RELEASE);
    return reader->read - before;
}

uint64_t reader_poll(ring_reader *reader, record_sink *sink, void *context)
{
    uint64_t total = 0;
    for (uint32_t cpu = 0; cpu < reader->cpus; cpu++) {
        total += poll_cpu(reader, cpu, sink, context);
    }
    return total;
}

uint64_t reader_trailing(const ring_reader *reader)
{
    uint64_t trailing = 0;
    for (uint32_t cpu = 0; cpu < reader->cpus; cpu++) {
        const rv_producer_page *page = producer(reader, cpu);
        trailing += load(&page->written) + load(&page->lost) - reader->sequence[cpu];
    }
    return trailing;
}

uint32_t reader_state(const ring_reader *reader)
{
    return __atomic_load_n(&reader->session->state, __ATOMIC_ACQUIRE);
}

void reader_free(ring_reader *reader)
{
    free(reader->copy);
    reader->copy = NULL;
}
