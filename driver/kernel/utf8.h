/*
 * utf8.h - the names that notifications carry, as UTF-8. Pure: tested on a host.
 */
#ifndef RINGVIEW_UTF8_H
#define RINGVIEW_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Converts UTF-16 of `units` units; a lone surrogate becomes U+FFFD. What does not fit is dropped at the front, whole
 * characters at a time: the end of a path tells images apart. Returns the bytes written, at most `capacity`.
 */
uint32_t rv_utf8_tail(char *to, uint32_t capacity, const uint16_t *from, uint32_t units);

/* The same; and sets `*cut` if anything was dropped. */
uint32_t rv_utf8_end(char *to, uint32_t capacity, const uint16_t *from, uint32_t units, bool *cut);

#endif
