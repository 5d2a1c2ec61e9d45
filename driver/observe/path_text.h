/*
 * path_text.h - a path as a record holds it: UTF-8, and its end where it is longer than it may be. Pure.
 */
#ifndef RINGVIEW_OBSERVE_PATH_TEXT_H
#define RINGVIEW_OBSERVE_PATH_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Converts UTF-16 of `units` units, which do not change meanwhile; returns the bytes written, at most `capacity`. `*cut` says
 * whether the begin of the path is missing.
 */
uint32_t rv_path_utf8(char *to, uint32_t capacity, const uint16_t *from, uint32_t units, bool *cut);

#endif
