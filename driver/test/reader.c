/*
 * reader.c - see reader.h.
 */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "../ring/platform.h"

bool reader_open(reader_ring *reader, void *image, uint64_t bytes, uint32_t cpu)
{
    uint8_t *base = image;
    const rv_session_page *session = image;
    if (bytes < RV_PAGE || rv_load_acquire(&session->magic) != RV_MAGIC_SESSION || session->image_bytes > bytes ||
        cpu >= session->cpu_count) {
        return false;
    }
    uint8_t *ring = base + session->rings_offset + cpu * session->ring_stride;
    *reader = (reader_ring){
        .session = session,
        .producer = (const rv_producer_page *)ring,
        .consumer = (rv_consumer_page *)(base + session->consumer_offset + (uint64_t)cpu * RV_PAGE),
        .data = ring + RV_PAGE,
        .ring_bytes = session->ring_bytes,
    };
    reader->position = reader->consumer->consumed;
    reader->last_sequence = reader->consumer->consumed_sequence;
    reader->copy = malloc(session->ring_bytes);
    return reader->copy != NULL && reader->producer->magic == RV_MAGIC_PRODUCER &&
           reader->consumer->magic == RV_MAGIC_CONSUMER && reader->producer->cpu == cpu;
}

void reader_close(reader_ring *reader)
{
    free(reader->copy);
}

reader_watch reader_look(const reader_ring *reader)
{
    reader_watch watch;
    /* Barriers A and C. */
    uint32_t nesting = rv_load32_acquire(&reader->producer->nesting);
    uint64_t reserved = rv_load_acquire(&reader->producer->reserved);
    /* Barrier B. */
    watch.published = rv_load_acquire(&reader->producer->published);
    watch.quiet = nesting == 0 && watch.published >= reserved;
    return watch;
}

static void copy_words(reader_ring *reader, uint64_t from, uint64_t to)
{
    for (uint64_t at = from; at < to; at += sizeof(uint64_t)) {
        uint64_t offset = at & (reader->ring_bytes - 1);
        uint64_t word = rv_load((const uint64_t *)(const void *)(reader->data + offset));
        memcpy(reader->copy + offset, &word, sizeof word);
    }
}

/* Hands on one record or skips one PAD at `at` of the copy. Returns its size, 0 if it is neither. */
static uint64_t take(reader_ring *reader, uint64_t at, uint64_t limit, reader_sink *sink, void *context)
{
    uint64_t offset = at & (reader->ring_bytes - 1);
    uint64_t room = limit - at < reader->ring_bytes - offset ? limit - at : reader->ring_bytes - offset;
    rv_record header = {0};
    memcpy(&header, reader->copy + offset, RV_PAD_HEADER_BYTES);
    if (header.kind == RV_KIND_PAD) {
        uint64_t bytes = RV_PAD_HEADER_BYTES + (uint64_t)header.length;
        return bytes <= room && bytes % RV_ALIGN == 0 ? bytes : 0;
    }
    uint64_t bytes = (RV_RECORD_HEADER_BYTES + (uint64_t)header.length + 7) / 8 * 8;
    if (header.kind != RV_KIND_RECORD || bytes > room) {
        return 0;
    }
    memcpy(&header, reader->copy + offset, sizeof header);
    if (header.sequence <= reader->last_sequence) {
        return 0;
    }
    uint64_t lost = header.sequence - reader->last_sequence - 1;
    reader->lost += lost;
    reader->last_sequence = header.sequence;
    reader->read++;
    sink(context, &header, reader->copy + offset + RV_RECORD_HEADER_BYTES, at, lost);
    return bytes;
}

void reader_poll(reader_ring *reader, uint64_t published, bool consume, reader_sink *sink, void *context)
{
    uint64_t from = reader->position;
    uint64_t tail = rv_load_acquire(&reader->producer->tail);
    if (tail > from) {
        reader->lapped += tail - from;
        from = tail;
    }
    if (from < published) {
        copy_words(reader, from, published);
        if (reader->copied != NULL) {
            reader->copied(reader->copied_context);
        }
        /* Barrier E. */
        rv_fence_acquire();
        tail = rv_load(&reader->producer->tail);
        if (tail > from) {
            reader->lapped += tail - from;
            from = tail;
        }
    }
    while (from < published) {
        uint64_t bytes = take(reader, from, published, sink, context);
        if (bytes == 0) {
            reader->corrupt++;
            from = published;
            break;
        }
        from += bytes;
    }
    reader->position = from;
    if (consume) {
        rv_store(&reader->consumer->consumed_sequence, reader->last_sequence);
        rv_store(&reader->consumer->read, reader->read);
        /* Barrier D. */
        rv_store_release(&reader->consumer->consumed, from);
    }
}

uint64_t reader_trailing_losses(const reader_ring *reader)
{
    return rv_load(&reader->producer->written) + rv_load(&reader->producer->lost) - reader->last_sequence;
}
