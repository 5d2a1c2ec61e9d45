/*
 * arguments.h - forced in front of format.c: what a caller of LogMessage passes is anything of the type that its format
 * says, each time it is asked for. That the arguments go with the format is the caller's duty, which its compiler checks.
 */
#ifndef RINGVIEW_PROOF_ARGUMENTS_H
#define RINGVIEW_PROOF_ARGUMENTS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Where an argument of this type lies. */
void *proof_argument(const char *type);

#undef va_arg
#undef va_copy
#undef va_end
#define va_arg(list, type) (*(type *)proof_argument(#type))
#define va_copy(to, from) ((to) = (from))
#define va_end(list) ((void)(list))

/* As wide as on Windows. */
#define wchar_t uint16_t

#endif
