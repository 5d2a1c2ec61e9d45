/*
 * nesting.pml - the ring's protocol for the Spin model checker: one CPU whose writer is interrupted by writers that are
 * interrupted themselves, another CPU that takes indices, and a reader. Every interleaving of single memory accesses is
 * tried. Memory is sequentially consistent here: barriers are not modelled, only the order of accesses they enforce.
 *
 * Records are one slot long; PADs and sizes are left to the C tests. Checked:
 *   - the reader never takes a slot that is not the whole record it should be (torn, unpublished, or lapped);
 *   - indices rise by position, and `published` never goes back;
 *   - once the reader has taken a safe value from the CPU, no record with a smaller index comes from it;
 *   - when all are done, everything reserved is published, the CPU is quiet, and attempts = records + losses.
 *
 * OVERWRITE selects overwrite-old. BUG selects a deliberate mistake, which the checker must find:
 *   1 leave without looking at `reserved` again      2 nesting := 0 before published
 *   3 data before tail (overwrite)                   4 no recheck of the tail by the reader (overwrite)
 *   5 the reader takes the global index last         6 the reader takes reserved before nesting
 *   7 index taken before `reserved` is loaded
 */
#ifndef OVERWRITE
#define OVERWRITE 0
#endif
#ifndef BUG
#define BUG 0
#endif

#define SLOTS 2
#define POSITIONS 5
#define TORN 255
#define LEVELS 3

/* Attempts of the writer, of its interrupts, and of theirs. */
#ifndef ATTEMPTS_1
#define ATTEMPTS_1 1
#define ATTEMPTS_2 1
#define ATTEMPTS_3 1
#endif
/* Before the last one, which the reader makes when all are done. */
#define POLLS 1

byte level = 1; /* who runs on the CPU: interrupts are last in, first out */
byte next_index = 1;
byte nesting, reserved, published, tail, accepted, consumed;
byte slot[SLOTS]; /* position + 1 of the whole record in it */
byte lost;
byte finished;

byte index_of[POSITIONS]; /* what the record at a position carries */

/* One access to memory by the writer of level L. */
#define STEP(statement) atomic { level == L -> statement }

inline write(L)
{
    dropped = false;
    STEP(n = nesting);
    STEP(nesting = n + 1);
    do
    ::
#if BUG == 7
        STEP(i = next_index; next_index++);
#endif
        STEP(h = reserved);
#if OVERWRITE
        STEP(p = published);
        if
        :: h + 1 - p > SLOTS -> dropped = true; break
        :: else
        fi;
#if BUG != 3
        STEP(t = tail);
        do
        :: h + 1 - t > SLOTS ->
            STEP(if :: tail == t -> tail = t + 1 :: else fi);
            STEP(t = tail)
        :: else -> break
        od;
#endif
#else
        STEP(t = accepted);
        if
        :: h + 1 - t > SLOTS ->
            STEP(c = consumed);
            assert(c >= t && c <= published);
            STEP(if :: accepted == t -> accepted = c; t = c :: else t = accepted fi)
        :: else
        fi;
        if
        :: h + 1 - t > SLOTS -> dropped = true; break
        :: else
        fi;
#endif
#if BUG != 7
        STEP(i = next_index; next_index++);
#endif
        STEP(ok = (reserved == h); if :: ok -> reserved = h + 1 :: else fi);
        if
        :: ok -> break
        :: else
        fi
    od;
    if
    :: dropped -> STEP(lost++)
    :: else ->
        STEP(slot[h % SLOTS] = TORN);
#if OVERWRITE && BUG == 3
        STEP(if :: h + 1 > SLOTS && tail < h + 1 - SLOTS -> tail = h + 1 - SLOTS :: else fi);
#endif
        STEP(slot[h % SLOTS] = h + 1; index_of[h] = i)
    fi;
    STEP(n = nesting);
    if
    :: n > 1 -> STEP(nesting = n - 1)
    :: else ->
        do
        ::
            STEP(e = reserved);
#if BUG == 2
            STEP(nesting = 0);
            STEP(assert(e >= published); published = e);
#else
            STEP(assert(e >= published); published = e);
            STEP(nesting = 0);
#endif
#if BUG == 1
            break;
#endif
            STEP(ok = (reserved == e));
            if
            :: ok -> break
            :: else -> STEP(nesting = 1)
            fi
        od
    fi;
    /* What is no longer needed must not tell states apart. */
    atomic { n = 0; h = 0; p = 0; t = 0; c = 0; i = 0; e = 0; ok = false; dropped = false }
}

proctype writer()
{
    byte n, h, p, t, c, i, e, k;
    bool ok, dropped;
    for (k : 1 .. ATTEMPTS_1) {
        write(1)
    }
    finished++
}

proctype interrupt(byte L; byte attempts)
{
    byte n, h, p, t, c, i, e, k, interrupted;
    bool ok, dropped;
    for (k : 1 .. attempts) {
        atomic { level < L -> interrupted = level; level = L };
        write(L);
        STEP(level = interrupted)
    }
    finished++
}

proctype other_cpu()
{
    next_index++;
    finished++
}

proctype reader()
{
    byte global, n, r, p, from, at, k, polls;
    byte position, last, promised, read, gaps;
    byte copy[SLOTS];
    bool quiet, final;
    do
    :: polls < POLLS || finished == LEVELS + 1 ->
        polls++;
        final = (finished == LEVELS + 1);
#if BUG != 5
        global = next_index;
#endif
#if BUG == 6
        r = reserved;
        n = nesting;
#else
        n = nesting;
        r = reserved;
#endif
        p = published;
#if BUG == 5
        global = next_index;
#endif
        quiet = (n == 0 && p >= r);
        from = position;
#if OVERWRITE
        k = tail;
        if :: k > from -> from = k :: else fi;
#endif
        at = from;
        do
        :: at < p -> copy[at % SLOTS] = slot[at % SLOTS]; at++
        :: else -> break
        od;
#if OVERWRITE && BUG != 4
        k = tail;
        if :: k > from -> from = k :: else fi;
#endif
        atomic {
            gaps = gaps + from - position;
            at = from;
            do
            :: at < p ->
                assert(copy[at % SLOTS] == at + 1);
                assert(index_of[at] > last);
                assert(index_of[at] >= promised);
                last = index_of[at];
                read++;
                at++
            :: else -> break
            od;
            position = at;
            if
            :: quiet && global > promised -> promised = global
            :: !quiet && last + 1 > promised -> promised = last + 1
            :: else
            fi;
            for (k : 0 .. SLOTS - 1) {
                copy[k] = 0
            }
            global = 0; n = 0; r = 0; p = 0; from = 0; at = 0; k = 0
        };
        consumed = position;
        if
        :: final ->
            assert(quiet && published == reserved && position == published);
            assert(read + gaps + lost == ATTEMPTS_1 + ATTEMPTS_2 + ATTEMPTS_3);
            assert(OVERWRITE || gaps == 0);
            break
        :: else
        fi
    od
}

init
{
    atomic {
        run writer();
        run interrupt(2, ATTEMPTS_2);
        run interrupt(3, ATTEMPTS_3);
        run other_cpu();
        run reader()
    }
}
