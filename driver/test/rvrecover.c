/*
 * rvrecover.c - a second reader of the memory of crashed machines, which shares nothing with the viewer's but layout.h.
 * It is simple where that one is quick: all of the file is in memory, and a ring is judged from its end to its begin.
 *
 *   rvrecover FILE      prints a line for each whole record: CPU REMARKS LENGTH INDEX SEQUENCE POSITION
 *
 * Reads complete and bitmap dumps, small dumps, ELF cores and raw images of x64.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/ringview/layout.h"

#define HEADER_BYTES 0x2000u
#define NOWHERE UINT64_MAX

typedef struct span {
    uint64_t first, pages, offset;
} span;

static const uint8_t *file;
static uint64_t file_bytes;
static span *spans;
static uint64_t span_count;
static bool is_virtual;
static uint64_t top = NOWHERE;

static uint64_t u64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static void add_span(uint64_t first, uint64_t pages, uint64_t offset)
{
    span *last = span_count == 0 ? NULL : &spans[span_count - 1];
    if (last != NULL && last->first + last->pages == first && last->offset + last->pages * RV_PAGE == offset) {
        last->pages += pages;
        return;
    }
    spans = realloc(spans, (span_count + 1) * sizeof *spans);
    if (spans == NULL) {
        exit(1);
    }
    spans[span_count++] = (span){first, pages, offset};
}

/* The page of a frame, or of a virtual page in a small dump; NULL where the file has it not. */
static const uint8_t *page_of(uint64_t frame)
{
    for (uint64_t n = 0; n < span_count; n++) {
        if (frame >= spans[n].first && frame - spans[n].first < spans[n].pages) {
            uint64_t offset = spans[n].offset + (frame - spans[n].first) * RV_PAGE;
            return offset + RV_PAGE <= file_bytes ? file + offset : NULL;
        }
    }
    return NULL;
}

static bool read_spans(void)
{
    if (memcmp(file, "\177ELF", 4) == 0) {
        const uint8_t *entry = file + u64(file + 32);
        for (uint16_t n = 0; n < (uint16_t)(file[56] | file[57] << 8); n++, entry += 56) {
            if (u32(entry) == 1) {
                add_span(u64(entry + 24) / RV_PAGE, u64(entry + 32) / RV_PAGE, u64(entry + 8));
            }
        }
        return true;
    }
    if (memcmp(file, "PAGEDU64", 8) != 0) {
        add_span(0, file_bytes / RV_PAGE, 0);
        return true;
    }
    uint32_t type = u32(file + 0xf98);
    top = u64(file + 0x10) / RV_PAGE;
    if (type == 4) {
        is_virtual = true;
        const uint8_t *entry = file + u32(file + HEADER_BYTES + 0x78);
        for (uint32_t n = 0; n < u32(file + HEADER_BYTES + 0x7c); n++, entry += 16) {
            add_span((u64(entry) / RV_PAGE) & 0xfffffffffull, u32(entry + 12) / RV_PAGE, u32(entry + 8));
        }
        return true;
    }
    if (memcmp(file + HEADER_BYTES + 4, "DUMP", 4) == 0) {
        uint64_t offset = u64(file + HEADER_BYTES + 0x20);
        uint64_t bits = u64(file + HEADER_BYTES + 0x30);
        for (uint64_t frame = 0; frame < bits; frame++) {
            if ((file[HEADER_BYTES + 0x38 + frame / 8] & (1u << frame % 8)) != 0) {
                add_span(frame, 1, offset);
                offset += RV_PAGE;
            }
        }
        return true;
    }
    if (memcmp(file + HEADER_BYTES + 4, "RDMPDUMP", 8) == 0) {
        uint64_t begin = HEADER_BYTES + (type == 8 ? 0x30 : 0x40);
        uint64_t offset = u64(file + HEADER_BYTES + 0x18);
        for (uint64_t at = begin, end = offset; at < end; at += type == 8 ? 1 : 16) {
            for (uint32_t bit = 0; type == 8 && bit < 8; bit++) {
                if ((file[at] & (1u << bit)) != 0) {
                    add_span((at - begin) * 8 + bit, 1, offset);
                    offset += RV_PAGE;
                }
            }
            if (type != 8) {
                add_span(u64(file + at), u64(file + at + 8), offset);
                offset += u64(file + at + 8) * RV_PAGE;
            }
        }
        return true;
    }
    uint64_t offset = HEADER_BYTES;
    for (uint32_t n = 0; n < u32(file + 0x88); n++) {
        const uint8_t *run = file + 0x88 + 16 + n * 16;
        add_span(u64(run), u64(run + 8), offset);
        offset += u64(run + 8) * RV_PAGE;
    }
    return type == 1;
}

static uint64_t entry_of(uint64_t table, uint64_t index)
{
    const uint8_t *page = page_of(table);
    uint64_t entry = page == NULL ? 0 : u64(page + index * 8);
    return (entry & 1) != 0 ? entry : 0;
}

#define FRAME(entry) ((entry) >> 12 & 0xffffffffffull)

/* The frame of a virtual page. */
static uint64_t translate(uint64_t page)
{
    uint64_t l3 = entry_of(top, page >> 27 & 511);
    uint64_t l2 = l3 == 0 ? 0 : entry_of(FRAME(l3), page >> 18 & 511);
    if (l2 == 0) {
        return NOWHERE;
    }
    if ((l2 & 0x80) != 0) {
        return (FRAME(l2) & ~0x3ffffull) + (page & 0x3ffff);
    }
    uint64_t l1 = entry_of(FRAME(l2), page >> 9 & 511);
    if (l1 == 0) {
        return NOWHERE;
    }
    if ((l1 & 0x80) != 0) {
        return (FRAME(l1) & ~0x1ffull) + (page & 0x1ff);
    }
    uint64_t l0 = entry_of(FRAME(l1), page & 511);
    return l0 == 0 ? NOWHERE : FRAME(l0);
}

/* A virtual page of the kernel that means `frame`; NOWHERE where none does. Every address is tried. */
static uint64_t address_of(uint64_t frame)
{
    for (uint64_t a = 256; a < 512; a++) {
        uint64_t l3 = entry_of(top, a);
        if (l3 == 0 || FRAME(l3) == top) {
            continue;
        }
        for (uint64_t b = 0; b < 512; b++) {
            uint64_t l2 = entry_of(FRAME(l3), b);
            if (l2 == 0) {
                continue;
            }
            for (uint64_t c = 0; c < 512; c++) {
                uint64_t page = ((a * 512 + b) * 512 + c) * 512;
                if ((l2 & 0x80) == 0 && entry_of(FRAME(l2), c) == 0) {
                    continue;
                }
                for (uint64_t d = 0; d < 512; d++) {
                    if (translate(page + d) == frame) {
                        return page + d;
                    }
                }
            }
        }
    }
    return NOWHERE;
}

static uint64_t find_top(void)
{
    for (uint64_t n = 0; n < span_count; n++) {
        for (uint64_t frame = spans[n].first; frame < spans[n].first + spans[n].pages; frame++) {
            for (uint64_t index = 256; index < 512; index++) {
                uint64_t entry = entry_of(frame, index);
                if ((entry & 7) == 3 && FRAME(entry) == frame) {
                    return frame;
                }
            }
        }
    }
    return NOWHERE;
}

typedef struct ring {
    uint32_t cpu;
    uint64_t bytes, first, end, published, consumed, consumed_sequence, tail, attempts, next_index, start;
    bool by_clock;
    uint8_t *data;
    bool *present; /* by pages */
} ring;

static const rv_record *header_at(const ring *r, uint64_t position)
{
    return (const rv_record *)(const void *)(r->data + position % r->bytes);
}

static bool is_there(const ring *r, uint64_t position, uint64_t bytes)
{
    for (uint64_t at = position / RV_PAGE; at <= (position + bytes - 1) / RV_PAGE; at++) {
        if (!r->present[at % (r->bytes / RV_PAGE)]) {
            return false;
        }
    }
    return true;
}

static bool is_known_place(const ring *r, uint64_t position)
{
    return position % r->bytes == 0 || position == r->published || position == r->consumed || position == r->tail ||
           position == r->end;
}

static uint64_t most_bytes(const ring *r)
{
    return r->bytes / 4 < RV_MAX_RECORD_BYTES ? r->bytes / 4 : RV_MAX_RECORD_BYTES;
}

/* Bytes of the record or PAD that `position` can be by itself; 0 if none. */
static uint64_t span_at(const ring *r, uint64_t position)
{
    if (!is_there(r, position, 8)) {
        return 0;
    }
    const rv_record *header = header_at(r, position);
    uint64_t most = most_bytes(r);
    uint64_t room = r->bytes - position % r->bytes;
    room = room < r->end - position ? room : r->end - position;
    if (header->cpu != r->cpu || header->length > most) {
        return 0;
    }
    if (header->kind == RV_KIND_PAD) {
        uint64_t bytes = RV_PAD_HEADER_BYTES + (uint64_t)header->length;
        return bytes % RV_ALIGN == 0 && bytes <= room && bytes <= most && header->level == 0 ? bytes : 0;
    }
    uint64_t bytes = rv_record_bytes(header->length);
    if (header->kind != RV_KIND_RECORD || header->length == 0 || bytes > room || bytes > most ||
        !is_there(r, position, bytes)) {
        return 0;
    }
    bool numbered = header->sequence != 0 && header->sequence <= r->attempts + RV_MAX_NESTING;
    bool good = (numbered || (header->sequence == 0 && position >= r->published)) && header->timestamp >= r->start &&
                (r->by_clock ? header->index == 0 : header->index != 0 && header->index < r->next_index);
    for (uint64_t at = RV_RECORD_HEADER_BYTES + header->length; at < bytes; at++) {
        good = good && r->data[(position + at) % r->bytes] == 0;
    }
    return good ? bytes : 0;
}

/* Whether the record at `later` can come behind the one at `earlier`. */
static bool comes_behind(const ring *r, uint64_t later, uint64_t earlier)
{
    const rv_record *a = header_at(r, earlier), *b = header_at(r, later);
    return b->timestamp >= a->timestamp && (r->by_clock || b->index > a->index) &&
           (b->sequence == 0 || b->sequence > a->sequence);
}

/* What lies from a place on, so far as it holds together: each record or PAD begins where the one before it ends. */
typedef struct outlook {
    uint64_t record;        /* the position of the first record there; NOWHERE where none follows */
    uint64_t known;         /* the first known place that this leads up to; 0 where it breaks off before one */
    uint64_t last_sequence; /* of the last record before that; 0 where that is a PAD or has no number yet */
} outlook;

/* The outlook of each place from the first on, found from the end to the begin. */
static outlook *look_ahead(const ring *r)
{
    uint64_t places = (r->end - r->first) / RV_ALIGN;
    outlook *outlooks = calloc(places + 1, sizeof *outlooks);
    if (outlooks == NULL) {
        exit(1);
    }
    outlooks[places].record = NOWHERE;
    for (uint64_t place = places; place-- > 0;) {
        uint64_t position = r->first + place * RV_ALIGN;
        uint64_t bytes = span_at(r, position);
        outlook *mine = &outlooks[place];
        mine->record = NOWHERE;
        if (bytes == 0) {
            continue;
        }
        const outlook *behind = &outlooks[place + bytes / RV_ALIGN];
        bool pad = header_at(r, position)->kind == RV_KIND_PAD;
        mine->record = pad ? behind->record : position;
        mine->last_sequence = pad ? 0 : header_at(r, position)->sequence;
        if (is_known_place(r, position + bytes)) {
            mine->known = position + bytes;
        } else if (pad || behind->record == NOWHERE || comes_behind(r, behind->record, position)) {
            mine->known = behind->known;
            mine->last_sequence = behind->last_sequence != 0 ? behind->last_sequence : mine->last_sequence;
        }
    }
    return outlooks;
}

/* What lies near the end of a lap may be of the lap before, given up by a PAD: only what leads up to a known place without
 * a missing number is of this one. */
static bool is_of_this_lap(const ring *r, const outlook *outlooks, uint64_t place)
{
    const outlook *mine = &outlooks[place];
    if (mine->known == 0) {
        return false;
    }
    uint64_t then = mine->known < r->end ? outlooks[(mine->known - r->first) / RV_ALIGN].record : NOWHERE;
    if (then == NOWHERE) {
        return mine->known >= r->end && mine->last_sequence == r->attempts;
    }
    return header_at(r, then)->sequence == mine->last_sequence + 1;
}

static void print_records(const ring *r)
{
    uint64_t places = (r->end - r->first) / RV_ALIGN;
    outlook *outlooks = look_ahead(r);
    uint64_t last = NOWHERE, last_sequence = 0; /* of what was printed */
    bool known = r->first == r->tail;           /* whether something is sure to begin here */
    for (uint64_t place = 0; place < places;) {
        uint64_t position = r->first + place * RV_ALIGN;
        uint64_t bytes = span_at(r, position);
        known = known || is_known_place(r, position);
        if (r->consumed != NOWHERE && position >= r->consumed && last_sequence < r->consumed_sequence) {
            last_sequence = r->consumed_sequence;
        }
        const rv_record *header = header_at(r, position);
        uint64_t next = place + bytes / RV_ALIGN;
        bool pad = bytes != 0 && header->kind == RV_KIND_PAD;
        bool believed;
        if (bytes == 0) {
            believed = false;
        } else if (pad) {
            believed = known;
        } else {
            believed = (last == NOWHERE || comes_behind(r, position, last)) &&
                       (header->sequence == 0 || header->sequence > last_sequence);
            /* Contradicted by all that comes behind it, which would fit what came before. */
            if (believed && next < places && outlooks[next].record == r->first + next * RV_ALIGN &&
                !comes_behind(r, outlooks[next].record, position) &&
                (last == NOWHERE || comes_behind(r, outlooks[next].record, last))) {
                believed = false;
            }
            if (believed && !known && last_sequence == 0 && position % r->bytes > r->bytes - most_bytes(r)) {
                believed = is_of_this_lap(r, outlooks, place);
            }
        }
        known = believed;
        if (!believed) {
            place++;
            continue;
        }
        if (!pad) {
            printf("%u %u %u %llu %llu %llu\n", r->cpu, header->remarks, header->length,
                   (unsigned long long)header->index, (unsigned long long)header->sequence,
                   (unsigned long long)position);
            last = position;
            last_sequence = header->sequence != 0 ? header->sequence : last_sequence;
        }
        place = next;
    }
    free(outlooks);
}

static const uint8_t *find_page(uint64_t magic, uint64_t session, uint32_t cpu, uint64_t *frame)
{
    for (uint64_t n = 0; n < span_count; n++) {
        for (uint64_t at = 0; at < spans[n].pages; at++) {
            const uint8_t *page = page_of(spans[n].first + at);
            if (page == NULL || u64(page) != magic) {
                continue;
            }
            *frame = spans[n].first + at;
            if (magic == RV_MAGIC_SESSION ||
                (u32(page + 8) == cpu && (magic == RV_MAGIC_CONSUMER || u64(page + 24) == session))) {
                return page;
            }
        }
    }
    return NULL;
}

static void print_ring(const rv_session_page *session, uint32_t cpu)
{
    uint64_t frame, ignored;
    const uint8_t *page = find_page(RV_MAGIC_PRODUCER, session->session_id, cpu, &frame);
    if (page == NULL) {
        return;
    }
    const rv_producer_page *p = (const rv_producer_page *)(const void *)page;
    const uint8_t *found = find_page(RV_MAGIC_CONSUMER, 0, cpu, &ignored);
    const rv_consumer_page *consumer = (const rv_consumer_page *)(const void *)found;
    bool overwrite = session->ring_mode == RV_MODE_OVERWRITE_OLD;
    ring r = {.cpu = cpu,
              .bytes = session->ring_bytes,
              .end = p->reserved,
              .published = p->published,
              .consumed = consumer == NULL ? NOWHERE : consumer->consumed,
              .consumed_sequence = consumer == NULL ? 0 : consumer->consumed_sequence,
              .tail = overwrite ? p->tail : NOWHERE,
              .attempts = p->written + p->lost,
              .next_index = session->next_index,
              .start = session->start_qpc,
              .by_clock = session->order_mode == RV_ORDER_CLOCK};
    r.first = r.end > r.bytes ? r.end - r.bytes : 0;
    if (overwrite && p->tail > r.first) {
        r.first = p->tail;
    }
    uint64_t pages = r.bytes / RV_PAGE;
    r.data = calloc(pages, RV_PAGE);
    r.present = calloc(pages, sizeof *r.present);
    if (r.data == NULL || r.present == NULL) {
        exit(1);
    }
    uint64_t address = is_virtual ? frame : address_of(frame);
    for (uint64_t n = 0; n < pages; n++) {
        uint64_t at = is_virtual ? address + 1 + n : address == NOWHERE ? frame + 1 + n : translate(address + 1 + n);
        const uint8_t *data = at == NOWHERE ? NULL : page_of(at);
        if (data != NULL) {
            memcpy(r.data + n * RV_PAGE, data, RV_PAGE);
            r.present[n] = true;
        }
    }
    print_records(&r);
    free(r.data);
    free(r.present);
}

int main(int count, char **arguments)
{
    FILE *input = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (input == NULL || fseek(input, 0, SEEK_END) != 0) {
        fprintf(stderr, "rvrecover FILE\n");
        return 2;
    }
    file_bytes = (uint64_t)ftell(input);
    rewind(input);
    /* Structures that lie across the end are read as zeroes. */
    uint8_t *bytes = calloc(1, file_bytes + RV_PAGE);
    if (bytes == NULL || fread(bytes, 1, file_bytes, input) != file_bytes) {
        return 1;
    }
    (void)fclose(input);
    file = bytes;
    if (!read_spans()) {
        fprintf(stderr, "rvrecover: a kind of dump that is not known\n");
        return 1;
    }
    if (!is_virtual && top == NOWHERE) {
        top = find_top();
    }
    uint64_t frame;
    const uint8_t *page = find_page(RV_MAGIC_SESSION, 0, 0, &frame);
    if (page == NULL) {
        fprintf(stderr, "rvrecover: no ring session\n");
        return 1;
    }
    const rv_session_page *session = (const rv_session_page *)(const void *)page;
    for (uint32_t cpu = 0; cpu < session->cpu_count; cpu++) {
        print_ring(session, cpu);
    }
    free(bytes);
    free(spans);
    return 0;
}
