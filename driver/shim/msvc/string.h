/*
 * string.h - what the driver uses of it. The compiler for the Windows targets has no headers of a C library here.
 */
#ifndef RINGVIEW_SHIM_STRING_H
#define RINGVIEW_SHIM_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

#endif
