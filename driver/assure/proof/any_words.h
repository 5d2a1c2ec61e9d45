/*
 * any_words.h - shared words of which nothing is known: each may have become anything since it was last looked at. All that
 * is asked is that they lie in memory. For analyses that need to know no more; included once by each.
 */
#ifndef RINGVIEW_PROOF_ANY_WORDS_H
#define RINGVIEW_PROOF_ANY_WORDS_H

#include "arbitrary.h"

uint64_t proof_load(const void *p, uint64_t bytes)
{
    //@ assert inside: \valid_read((char *)p + (0 .. bytes - 1));
    return any64();
}

void proof_store(void *p, uint64_t bytes, uint64_t value)
{
    //@ assert inside: \valid((char *)p + (0 .. bytes - 1));
    (void)value;
}

bool proof_exchange(void *p, uint64_t desired)
{
    proof_store(p, sizeof desired, desired);
    return any_bool();
}

#endif
