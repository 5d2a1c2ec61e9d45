/*
 * batch.h - what a program sends, judged. Pure: fixed-width types only, built, fuzzed and proved on a host too. The batch is
 * memory that its sender can no longer change.
 */
#ifndef RINGVIEW_BATCH_H
#define RINGVIEW_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/ringview/write.h"

/* Whether `bytes` are a whole batch and nothing else. Nothing of it may be followed before this says so. */
bool rv_batch_check(const uint8_t *batch, uint32_t bytes);

/* Copies the head of the record at `at` of a batch of so many bytes. False: none lies there whole. */
bool rv_batch_record(const uint8_t *batch, uint32_t bytes, uint32_t at, rv_write_record *record);

#endif
