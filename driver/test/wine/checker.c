/*
 * checker.c - see the header.
 */
#include "checker.h"

#include <stdlib.h>
#include <string.h>

#include "../../include/ringview/events.h"

void checker_init(checker *check, uint64_t capacity)
{
    *check = (checker){
        .capacity = capacity,
        .thread_at = calloc((size_t)capacity, 1),
        .number_at = calloc((size_t)capacity, sizeof(uint32_t)),
    };
    need(check->thread_at != NULL && check->number_at != NULL, "memory for a checker");
}

void checker_free(checker *check)
{
    free(check->thread_at);
    free(check->number_at);
}

static void place(checker *check, const rv_record *record, uint32_t thread, uint64_t number)
{
    check->records++;
    if (record->index >= check->capacity) {
        check->beyond++;
    } else if (check->thread_at[record->index] != 0) {
        check->torn++; /* an index twice */
    } else {
        check->thread_at[record->index] = (uint8_t)(thread + 1);
        check->number_at[record->index] = (uint32_t)number;
    }
}

static void take_text(checker *check, const rv_record *record, const uint8_t *data)
{
    char text[600];
    char again[600];
    unsigned thread;
    unsigned long long number;
    uint32_t length = record->length < sizeof text - 1 ? record->length : (uint32_t)sizeof text - 1;
    memcpy(text, data, length);
    text[length] = '\0';
    if (sscanf(text, "thread %u message %llu", &thread, &number) != 2) {
        check->timer += strncmp(text, "sample: timer", 13) == 0 || strncmp(text, "sample: DPC", 11) == 0;
        check->others++;
        return;
    }
    snprintf(again, sizeof again, "thread %u message %llu", thread, number);
    if (strcmp(text, again) != 0 || number % 4 != 3) {
        check->torn++;
    }
    place(check, record, thread, number);
}

void checker_take(void *context, const rv_record *record, const uint8_t *data)
{
    checker *check = context;
    sample_payload payload;
    if (record->type == RV_TYPE_TEXT) {
        take_text(check, record, data);
        return;
    }
    if (record->type != SAMPLE_TYPE_DATA || record->length < sizeof payload) {
        rv_event_image image;
        if (record->type == RV_TYPE_IMAGE && record->length >= sizeof image) {
            memcpy(&image, data, sizeof image);
            check->torn += record->length != sizeof image + image.name_bytes || image.bytes == 0;
        }
        uint32_t action = 0;
        memcpy(&action, data, record->length < sizeof action ? record->length : sizeof action);
        bool present = record->type >= RV_TYPE_RESERVED && action == RV_EVENT_RUNDOWN;
        check->present += present;
        check->events += record->type >= RV_TYPE_RESERVED && !present;
        check->others++;
        return;
    }
    memcpy(&payload, data, sizeof payload);
    if (payload.magic != SAMPLE_MAGIC || payload.length != record->length || payload.thread != record->remarks ||
        payload.length != sample_length(payload.number) || payload.checksum != sample_checksum(data, record->length)) {
        check->torn++;
        return;
    }
    place(check, record, payload.thread, payload.number);
}

bool checker_ordered(const checker *check)
{
    uint64_t next[SAMPLE_MAX_THREADS] = {0};
    for (uint64_t index = 0; index < check->capacity; index++) {
        if (check->thread_at[index] != 0) {
            uint32_t thread = (uint32_t)(check->thread_at[index] - 1) % SAMPLE_MAX_THREADS;
            if (check->number_at[index] < next[thread]) {
                return false;
            }
            next[thread] = (uint64_t)check->number_at[index] + 1;
        }
    }
    return check->beyond == 0;
}
