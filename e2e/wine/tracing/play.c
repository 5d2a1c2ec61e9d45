/*
 * play.c - the events of a trace file as Windows hands them over: an EVENT_RECORD each, in the order of time over all CPUs,
 * stamped as if they happened now. Of files whose buffers are not compressed, of one logging session.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stand-in.h"

#define BUFFER_HEADER 72u
#define MOST_LANES 2048
#define MOST_ITEMS 32
#define NOBODY 0xffffffffu

typedef struct {
    const BYTE *bytes;
    ULONG end;
    ULONGLONG sequence;
    ULONG order;
    USHORT cpu;
} Buffer;

typedef struct {
    USHORT cpu;
    ULONG *buffers;
    ULONG count;
    ULONG next;
    const Buffer *open;
    ULONG at;
    const BYTE *event;
    ULONG size;
    LONGLONG time;
} Lane;

struct Player {
    BYTE *file;
    ULONG fileBytes;
    Buffer *buffers;
    ULONG bufferCount;
    Lane lanes[MOST_LANES];
    ULONG laneCount;
    LONGLONG startTicks;
    LONGLONG shift;
    LONGLONG frequency;
    ULONG cpus;
    ULONG pointerBytes;
    EVENT_HEADER_EXTENDED_DATA_ITEM items[MOST_ITEMS];
    EVENT_EXTENDED_ITEM_INSTANCE instance;
};

static USHORT u16(const BYTE *at) { USHORT value; memcpy(&value, at, sizeof value); return value; }
static ULONG u32(const BYTE *at) { ULONG value; memcpy(&value, at, sizeof value); return value; }
static LONGLONG s64(const BYTE *at) { LONGLONG value; memcpy(&value, at, sizeof value); return value; }

/* The classes of the system logger by their groups: MOF classes of the NT kernel logger. */
static const GUID groups[] = {
    {0x68fdd900, 0x4a3e, 0x11d1, {0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3}}, /* EventTrace */
    {0x3d6fa8d4, 0xfe05, 0x11d0, {0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c}}, /* DiskIo */
    {0x3d6fa8d3, 0xfe05, 0x11d0, {0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c}}, /* PageFault */
    {0x3d6fa8d0, 0xfe05, 0x11d0, {0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c}}, /* Process */
    {0x90cbdc39, 0x4a3e, 0x11d1, {0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3}}, /* FileIo */
    {0x3d6fa8d1, 0xfe05, 0x11d0, {0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c}}, /* Thread */
    {0x9a280ac0, 0xc8e0, 0x11d1, {0x84, 0xe2, 0x00, 0xc0, 0x4f, 0xb9, 0x98, 0xa2}}, /* TcpIp */
    {0x3282fc76, 0xfeed, 0x498e, {0x8a, 0xa7, 0xe7, 0x0f, 0x45, 0x9d, 0x43, 0x0e}}, /* Job */
    {0xbf3a50c5, 0xa9c9, 0x4988, {0xa0, 0x05, 0x2d, 0xf0, 0xb7, 0xc8, 0x0f, 0x80}}, /* UdpIp */
    {0xae53722e, 0xc863, 0x11d2, {0x86, 0x59, 0x00, 0xc0, 0x4f, 0xa3, 0x21, 0xa1}}, /* Registry */
    {0x13976d09, 0xa327, 0x438c, {0x95, 0x0b, 0x7f, 0x03, 0x19, 0x28, 0x15, 0xc7}}, /* DbgPrint */
    {0x01853a65, 0x418f, 0x4f36, {0xae, 0xfc, 0xdc, 0x0f, 0x1d, 0x2f, 0xd2, 0x35}}, /* EventTraceConfig */
    {0x99134383, 0x5248, 0x43fc, {0x83, 0x4b, 0x52, 0x94, 0x54, 0xe7, 0x5d, 0xf3}}, /* spare */
    {0x42695762, 0xea50, 0x497a, {0x90, 0x68, 0x5c, 0xbb, 0xb3, 0x5e, 0x0b, 0x95}}, /* Wnf */
    {0x0268a8b6, 0x74fd, 0x4302, {0x9d, 0xd0, 0x6e, 0x8f, 0x17, 0x95, 0xc0, 0xcf}}, /* Pool */
    {0xce1dbfb4, 0x137e, 0x4da6, {0x87, 0xb0, 0x3f, 0x59, 0xaa, 0x10, 0x2c, 0xbc}}, /* PerfInfo */
    {0x222962ab, 0x6180, 0x4b88, {0xa8, 0x25, 0x34, 0x6b, 0x75, 0xf2, 0xa2, 0x4a}}, /* Heap */
    {0x89497f50, 0xeffe, 0x4440, {0x8c, 0xf2, 0xce, 0x6b, 0x1c, 0xdc, 0xac, 0xa7}}, /* Object */
    {0xe43445e0, 0x0903, 0x48c3, {0xb8, 0x78, 0xff, 0x0f, 0xcc, 0xeb, 0xdd, 0x04}}, /* Power */
    {0xa9152f00, 0x3f58, 0x4bee, {0x92, 0xa1, 0x70, 0xc7, 0xd0, 0x79, 0xd5, 0xdd}}, /* ModBound */
    {0x2cb15d1d, 0x5fc1, 0x11d2, {0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18}}, /* Image */
    {0xb2d14872, 0x7c5b, 0x463d, {0x84, 0x19, 0xee, 0x9b, 0xf7, 0xd2, 0x3e, 0x04}}, /* Dpc */
    {0x7687a439, 0xf752, 0x45b8, {0xb7, 0x41, 0x32, 0x1a, 0xec, 0x0f, 0x8d, 0xf9}}, /* Cc */
    {0x3ac66736, 0xcc59, 0x4cff, {0x81, 0x15, 0x8d, 0xf5, 0x0e, 0x39, 0x81, 0x6b}}, /* CritSec */
    {0xdef2fe46, 0x7bd6, 0x4b80, {0xbd, 0x94, 0xf5, 0x7f, 0xe2, 0x0d, 0x0c, 0xe3}}, /* StackWalk */
    {0x9aec974b, 0x5b8e, 0x4118, {0x9b, 0x92, 0x31, 0x86, 0xd8, 0x00, 0x2c, 0xe5}}, /* Ums */
    {0x45d8cccd, 0x539f, 0x4b72, {0xa8, 0xb7, 0x5c, 0x68, 0x31, 0x42, 0x60, 0x9a}}, /* Alpc */
    {0xd837ca92, 0x12b9, 0x44a5, {0xad, 0x6a, 0x3a, 0x65, 0xb3, 0x57, 0x8a, 0xa8}}, /* SplitIo */
    {0xc861d0e2, 0xa2c1, 0x4d36, {0x9f, 0x9c, 0x97, 0x0b, 0xab, 0x94, 0x3a, 0x12}}, /* ThreadPool */
};

static const BYTE *last_of(const Player *player) { return player->file + player->fileBytes; }

/* Whole of the file; NULL if it cannot be read. */
static BYTE *read_file(const WCHAR *path, ULONG *bytes)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    const DWORD size = GetFileSize(file, NULL);
    BYTE *memory = size == INVALID_FILE_SIZE || size == 0 ? NULL : malloc(size);
    DWORD read = 0;
    const BOOL whole = memory != NULL && ReadFile(file, memory, size, &read, NULL) && read == size;
    CloseHandle(file);
    if (whole) {
        *bytes = size;
        return memory;
    }
    free(memory);
    return NULL;
}

static Lane *lane_of(Player *player, USHORT cpu)
{
    for (ULONG at = 0; at < player->laneCount; at++)
        if (player->lanes[at].cpu == cpu) return &player->lanes[at];
    if (player->laneCount == MOST_LANES) return NULL;
    Lane *lane = &player->lanes[player->laneCount++];
    lane->cpu = cpu;
    lane->buffers = calloc(player->bufferCount, sizeof *lane->buffers);
    lane->time = player->startTicks;
    return lane;
}

/* Buffers lie one behind the other; a CPU's come in the order of their numbers. */
static BOOL find_buffers(Player *player)
{
    player->buffers = calloc(player->fileBytes / BUFFER_HEADER + 1, sizeof *player->buffers);
    for (ULONG at = 0; at + BUFFER_HEADER <= player->fileBytes;) {
        const BYTE *bytes = player->file + at;
        const ULONG size = u32(bytes);
        const ULONG saved = u32(bytes + 4);
        const USHORT flags = u16(bytes + 52);
        Buffer *buffer = &player->buffers[player->bufferCount];
        if (size < BUFFER_HEADER || size > player->fileBytes - at || (flags & 0x40)) return FALSE;
        buffer->bytes = bytes;
        buffer->end = saved >= BUFFER_HEADER ? saved : u32(bytes + 48);
        buffer->sequence = (ULONGLONG)s64(bytes + 24);
        buffer->order = player->bufferCount;
        buffer->cpu = (flags & 0x20) ? u16(bytes + 40) & 0x7ff : bytes[40];
        if (buffer->end > size) return FALSE;
        player->bufferCount++;
        at += size;
    }
    return player->bufferCount > 0;
}

static const Buffer *sorted;

static int by_sequence(const void *a, const void *b)
{
    const Buffer *first = &sorted[*(const ULONG *)a];
    const Buffer *second = &sorted[*(const ULONG *)b];
    if (first->sequence != second->sequence) return first->sequence < second->sequence ? -1 : 1;
    return first->order < second->order ? -1 : 1;
}

/* Time of an event by its header; FALSE for what has none. */
static BOOL time_of(const BYTE *event, LONGLONG *time)
{
    if ((event[3] & 0xf0) == 0x90) {
        const USHORT options = u16(event + 6);
        ULONG at = 8 + ((options & 1) ? 4 : 0) + ((options & 2) ? 16 : 0) + ((options & 4) ? 4 : 0);
        if (!(options & 8)) return FALSE;
        *time = s64(event + at);
        return TRUE;
    }
    *time = s64(event + (event[2] == 0x10 || event[2] == 0x11 ? 8 : 16));
    return TRUE;
}

static ULONG size_of(const BYTE *event)
{
    if ((event[3] & 0xf0) == 0x90) return u16(event);
    return event[2] <= 4 || event[2] == 0x10 || event[2] == 0x11 ? u16(event + 4) : u16(event);
}

/* Finds the next event of a CPU; `event` is NULL once there is none. */
static void advance(Player *player, Lane *lane)
{
    lane->event = NULL;
    for (;;) {
        if (lane->open == NULL) {
            if (lane->next == lane->count) return;
            lane->open = &player->buffers[lane->buffers[lane->next++]];
            lane->at = BUFFER_HEADER;
        }
        const BYTE *event = lane->open->bytes + lane->at;
        if (lane->at + 8 > lane->open->end || !(event[3] & 0x80) || u32(event) == NOBODY ||
            lane->at + size_of(event) > lane->open->end || size_of(event) < 8) {
            lane->open = NULL;
            continue;
        }
        lane->event = event;
        lane->size = size_of(event);
        time_of(event, &lane->time);
        lane->at = (lane->at + lane->size + 7) & ~7u;
        return;
    }
}

/* The first event of the file is its header: whose clock it is. */
static BOOL read_header(Player *player)
{
    const BYTE *event = player->file + BUFFER_HEADER;
    if (player->fileBytes < BUFFER_HEADER + 32 + 280 || event[7] != 0) return FALSE;
    const BYTE *data = event + (event[2] <= 2 ? 32 : 24);
    player->pointerBytes = u32(data + 44) == 4 ? 4 : 8;
    player->cpus = u32(data + 12);
    const BYTE *after = data + 56 + player->pointerBytes * 2 + 176;
    const ULONG clock = u32(after + 24);
    player->frequency = clock == 2 ? 10000000 : clock == 3 ? (LONGLONG)u32(data + 52) * 1000000 : s64(after + 8);
    player->startTicks = s64(event + 16);
    return player->frequency > 0;
}

Player *open_player(const WCHAR *path)
{
    Player *player = calloc(1, sizeof *player);
    player->file = read_file(path, &player->fileBytes);
    if (!expect(player->file != NULL && read_header(player) && find_buffers(player), "the file cannot be played")) {
        close_player(player);
        return NULL;
    }
    for (ULONG at = 0; at < player->bufferCount; at++) {
        Lane *lane = lane_of(player, player->buffers[at].cpu);
        if (lane != NULL) lane->buffers[lane->count++] = at;
    }
    enter();
    sorted = player->buffers;
    for (ULONG at = 0; at < player->laneCount; at++)
        qsort(player->lanes[at].buffers, player->lanes[at].count, sizeof(ULONG), by_sequence);
    leave();
    for (ULONG at = 0; at < player->laneCount; at++) advance(player, &player->lanes[at]);
    LARGE_INTEGER now;
    QueryPerformanceCounter(&now);
    player->shift = now.QuadPart - player->startTicks;
    return player;
}

void close_player(Player *player)
{
    for (ULONG at = 0; at < player->laneCount; at++) free(player->lanes[at].buffers);
    free(player->buffers);
    free(player->file);
    free(player);
}

void describe_events(const Player *player, TRACE_LOGFILE_HEADER *header)
{
    header->PerfFreq.QuadPart = player->frequency;
    header->PointerSize = player->pointerBytes;
    header->NumberOfProcessors = player->cpus;
}

static void of_system(Player *player, const BYTE *event, EVENT_RECORD *record, ULONG header)
{
    const BYTE group = event[7];
    const BYTE opcode = event[6];
    EVENT_HEADER *head = &record->EventHeader;
    const BOOL long_one = header >= 24;
    head->Flags = (USHORT)(EVENT_HEADER_FLAG_CLASSIC_HEADER |
                           ((event[2] & 1) == (long_one ? 1 : 0) ? EVENT_HEADER_FLAG_32_BIT_HEADER
                                                                 : EVENT_HEADER_FLAG_64_BIT_HEADER));
    head->ThreadId = long_one ? u32(event + 8) : NOBODY;
    head->ProcessId = long_one ? u32(event + 12) : NOBODY;
    /* Images that a process loads are logged as events of processes. */
    const ULONG class = group == 3 && opcode == 10 ? 20 : group;
    if (class < sizeof groups / sizeof groups[0]) head->ProviderId = groups[class];
    head->EventDescriptor.Opcode = opcode;
    head->EventDescriptor.Version = (UCHAR)u16(event);
    record->UserData = (PVOID)(event + header);
    record->UserDataLength = (USHORT)(u16(event + 4) - header);
    (void)player;
}

static void of_provider(Player *player, const BYTE *event, EVENT_RECORD *record, BOOL instance)
{
    EVENT_HEADER *head = &record->EventHeader;
    const ULONG header = instance ? 72 : 48;
    head->Flags = (USHORT)(EVENT_HEADER_FLAG_CLASSIC_HEADER |
                           (event[2] < 0x10 ? EVENT_HEADER_FLAG_32_BIT_HEADER : EVENT_HEADER_FLAG_64_BIT_HEADER));
    head->ThreadId = u32(event + 8);
    head->ProcessId = u32(event + 12);
    memcpy(&head->ProviderId, event + 24, sizeof head->ProviderId);
    head->EventDescriptor.Opcode = event[4];
    head->EventDescriptor.Level = event[5];
    head->EventDescriptor.Version = (UCHAR)u16(event + 6);
    record->UserData = (PVOID)(event + header);
    record->UserDataLength = (USHORT)(u16(event) - header);
    if (!instance) return;
    memset(&player->instance, 0, sizeof player->instance);
    player->instance.InstanceId = u32(event + 48);
    player->items[0].ExtType = EVENT_HEADER_EXT_TYPE_INSTANCE_INFO;
    player->items[0].DataSize = sizeof player->instance;
    player->items[0].DataPtr = (ULONGLONG)(ULONG_PTR)&player->instance;
    record->ExtendedDataCount = 1;
}

static void of_manifest(Player *player, const BYTE *event, EVENT_RECORD *record)
{
    EVENT_HEADER *head = &record->EventHeader;
    memcpy(head, event, sizeof *head);
    ULONG at = 80;
    BOOL more = (head->Flags & EVENT_HEADER_FLAG_EXTENDED_INFO) != 0;
    while (more && record->ExtendedDataCount < MOST_ITEMS && at + 8 <= u16(event)) {
        EVENT_HEADER_EXTENDED_DATA_ITEM *item = &player->items[record->ExtendedDataCount++];
        item->ExtType = u16(event + at + 2);
        item->DataSize = u16(event + at + 6);
        item->DataPtr = (ULONGLONG)(ULONG_PTR)(event + at + 8);
        more = (u16(event + at + 4) & 1) != 0;
        at += 8 + ((item->DataSize + 7u) & ~7u);
    }
    record->UserData = (PVOID)(event + at);
    record->UserDataLength = (USHORT)(u16(event) - at);
}

static void of_message(const BYTE *event, EVENT_RECORD *record)
{
    EVENT_HEADER *head = &record->EventHeader;
    const USHORT options = u16(event + 6);
    ULONG at = 8 + ((options & 1) ? 4 : 0);
    head->Flags = (USHORT)(EVENT_HEADER_FLAG_TRACE_MESSAGE | ((options & 64) ? EVENT_HEADER_FLAG_32_BIT_HEADER : 0) |
                           ((options & 128) ? EVENT_HEADER_FLAG_64_BIT_HEADER : 0));
    head->EventDescriptor.Id = u16(event + 4);
    if (options & 2) memcpy(&head->ProviderId, event + at, sizeof head->ProviderId);
    at += ((options & 2) ? 16 : 0) + ((options & 4) ? 4 : 0) + ((options & 8) ? 8 : 0);
    head->ThreadId = (options & 32) ? u32(event + at) : NOBODY;
    head->ProcessId = (options & 32) ? u32(event + at + 4) : NOBODY;
    at += (options & 32) ? 8 : 0;
    record->UserData = (PVOID)(event + at);
    record->UserDataLength = (USHORT)(u16(event) - at);
}

BOOL next_event(Player *player, EVENT_RECORD *record)
{
    Lane *first = NULL;
    for (ULONG at = 0; at < player->laneCount; at++) {
        Lane *lane = &player->lanes[at];
        if (lane->event != NULL && (first == NULL || lane->time < first->time)) first = lane;
    }
    if (first == NULL) return FALSE;
    const BYTE *event = first->event;
    memset(record, 0, sizeof *record);
    memset(player->items, 0, sizeof player->items);
    if ((event[3] & 0xf0) == 0x90) of_message(event, record);
    else if (event[2] == 0x12 || event[2] == 0x13) of_manifest(player, event, record);
    else if (event[2] <= 4) of_system(player, event, record, event[2] <= 2 ? 32 : 24);
    else if (event[2] == 0x10 || event[2] == 0x11) of_system(player, event, record, 16);
    else of_provider(player, event, record, event[2] == 0x0b || event[2] == 0x15);
    record->EventHeader.Size = sizeof record->EventHeader;
    record->EventHeader.Flags |= EVENT_HEADER_FLAG_PROCESSOR_INDEX;
    if (record->ExtendedDataCount > 0) {
        record->EventHeader.Flags |= EVENT_HEADER_FLAG_EXTENDED_INFO;
        record->ExtendedData = player->items;
    }
    record->EventHeader.TimeStamp.QuadPart = first->time + player->shift;
    memcpy(&record->BufferContext, &first->cpu, sizeof first->cpu);
    expect((const BYTE *)record->UserData + record->UserDataLength <= last_of(player), "an event lies outside the file");
    advance(player, first);
    return TRUE;
}
