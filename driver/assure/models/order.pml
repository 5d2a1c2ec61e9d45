/*
 * order.pml - one global order out of several CPUs: what a writer does around its index, and what the reader may conclude
 * from next_index (or the clock), nesting, reserved and published, taken in this order (native/core/cpu-reader.ts,
 * `sample` and `updateBound`; merge.ts, `release`).
 *
 * Each atomic step of a writer is one access that the other CPU can see. What only its own interrupts change beside it
 * (`reserved`) is exchanged in one step too, without a lock: the other CPU only loads it. next_index needs the lock.
 *
 * A record is nothing but its index here; room, copying and wrapping belong to ring.pml. CPU 0 has a thread and, unless
 * NO_INTERRUPT, an interrupt that lands on it at any step; CPU 1 has a thread. Positions count records.
 *
 * LATE: the reader may at any time stop waiting for a CPU that is inside a write, as it does after its holding time; what
 * that CPU delivers below what was already emitted is then flagged late.
 *
 * Properties:
 *   disorder        an entry that is not flagged late comes out after one with a greater index
 *   cpu_disorder    the entries of one CPU do not come out in ring order
 *   held_back       everything is quiet and read, and something has not been emitted
 */
#ifndef WRITES0
#define WRITES0 2
#endif
#ifndef WRITES1
#define WRITES1 2
#endif
#ifndef ROUNDS
#define ROUNDS 3 /* in which the reader looks while writers are at work */
#endif
#define CPUS 2
#define SLOTS 6
#define STEP(point) (running[cpu] == level)

hidden byte disorder, cpu_disorder, held_back;
#define REQUIRE(flag, condition) \
    if                           \
    :: (condition)               \
    :: else ->                   \
        flag = 1;                \
        assert(!flag)            \
    fi

byte next_index = 1;
byte nesting[CPUS], reserved[CPUS], published[CPUS], running[CPUS];
typedef Ring { byte index[SLOTS] };
Ring ring[CPUS];
byte finished, writers;

proctype Writer(byte cpu; byte level; byte writes)
{
    byte depth, begin, index, end, landed_on;
    bool done, again;
    do
    :: writes > 0 ->
        atomic { running[cpu] < level -> landed_on = running[cpu]; running[cpu] = level }
#ifdef M_ENTER_AFTER_INDEX
        atomic { STEP(INDEX_TAKEN) -> index = next_index; next_index++ }
#endif
        atomic { STEP(NESTING_LOADED) -> depth = nesting[cpu] }
        atomic { STEP(ENTERED) -> nesting[cpu] = depth + 1 }
        done = false;
        do
        :: !done ->
#ifdef M_INDEX_BEFORE_RESERVED_LOADED
            atomic { STEP(INDEX_TAKEN) -> index = next_index; next_index++ }
            atomic { STEP(RESERVED_LOADED) -> begin = reserved[cpu] }
#else
            atomic { STEP(RESERVED_LOADED) -> begin = reserved[cpu] }
#ifdef M_INDEX_WITHOUT_LOCK
            atomic { STEP(INDEX_LOADED) -> index = next_index }
            atomic { STEP(INDEX_TAKEN) -> next_index = index + 1 }
#else
#ifndef M_ENTER_AFTER_INDEX
            atomic { STEP(INDEX_TAKEN) -> index = next_index; next_index++ }
#endif
#endif
#endif
            atomic {
                STEP(RESERVED) ->
                if
                :: reserved[cpu] == begin -> reserved[cpu] = begin + 1; done = true
                :: else
                fi
            }
        :: done -> break
        od;
        atomic { STEP(COMMITTED) -> ring[cpu].index[begin] = index; index = 0 }
        atomic { STEP(DEPTH_LOADED) -> depth = nesting[cpu] }
        if
        :: depth > 1 -> atomic { STEP(LEFT) -> nesting[cpu] = depth - 1 }
        :: else ->
            do
            :: atomic { STEP(END_LOADED) -> end = reserved[cpu] };
#ifdef M_QUIET_BEFORE_PUBLISHED
                atomic { STEP(QUIET) -> nesting[cpu] = 0 }
                atomic { STEP(PUBLISHED) -> published[cpu] = end }
#else
                atomic { STEP(PUBLISHED) -> published[cpu] = end }
                atomic { STEP(QUIET) -> nesting[cpu] = 0 }
#endif
                atomic { STEP(RECHECKED) -> again = (reserved[cpu] != end) }
                if
                :: !again -> break
                :: again -> atomic { STEP(RESUMED) -> nesting[cpu] = 1; again = false }
                fi
            od
        fi;
        atomic {
            STEP(RETURN) ->
            writes--;
            depth = 0; begin = 0; end = 0;
            running[cpu] = landed_on;
            landed_on = 0
        }
    :: else -> break
    od;
    atomic { finished++; cpu = 0; level = 0; done = 0 }
}

#define QUIET_ALL (finished == writers)

proctype Reader()
{
    byte moment, c, head[CPUS], got[CPUS], bound, watermark, last, low, lowest_cpu, last_of[CPUS];
    byte is_nested, r, p, rounds;
    bool waived, final;
    do
    :: rounds < ROUNDS || QUIET_ALL ->
        final = QUIET_ALL;
#ifndef M_MOMENT_LAST
        atomic { moment = next_index }
#endif
        watermark = 255;
        c = 0;
        do
        :: c < CPUS ->
#ifdef M_NESTING_LAST
            atomic { r = reserved[c] }
            atomic { p = published[c] }
            atomic { is_nested = nesting[c] }
#else
#ifdef M_NO_NESTING
            is_nested = 0;
#else
            atomic { is_nested = nesting[c] }
#endif
#ifdef M_PUBLISHED_FIRST
            atomic { p = published[c] }
            atomic { r = reserved[c] }
#else
            atomic { r = reserved[c] }
            atomic { p = published[c] }
#endif
#endif
#ifdef M_MOMENT_LAST
            atomic { moment = next_index }
#endif
            atomic {
                got[c] = p;
#ifdef M_NO_RESERVED
                r = p;
#endif
                bound = (is_nested == 0 && r == p -> moment : (p > 0 -> ring[c].index[p - 1] + 1 : 0));
#ifdef LATE
                if
                :: bound < moment -> bound = moment; waived = true /* its holding time is over */
                :: true
                fi;
#endif
                watermark = (bound < watermark -> bound : watermark);
                bound = 0; p = 0; r = 0; is_nested = 0;
                c++
            }
        :: else -> break
        od;
        /* Emits what lies below the watermark, smallest index first. Nobody else looks on. */
        atomic {
            do
            :: true ->
                low = 255;
                c = 0;
                do
                :: c < CPUS ->
                    if
                    :: head[c] < got[c] && ring[c].index[head[c]] < low ->
                        low = ring[c].index[head[c]];
                        lowest_cpu = c
                    :: else
                    fi;
                    c++
                :: else -> break
                od;
                if
                :: low < watermark ->
                    REQUIRE(disorder, low > last || waived);
                    REQUIRE(cpu_disorder, low > last_of[lowest_cpu]);
                    last = (low > last -> low : last);
                    last_of[lowest_cpu] = low;
                    head[lowest_cpu] = head[lowest_cpu] + 1
                :: else -> break
                fi
            od;
            low = 0; lowest_cpu = 0; c = 0; moment = 0; watermark = 0; got[0] = 0; got[1] = 0;
            rounds = (rounds < ROUNDS -> rounds + 1 : ROUNDS)
        }
        if
        :: final ->
            REQUIRE(held_back, head[0] == reserved[0] && head[1] == reserved[1]);
            break
        :: else -> final = false
        fi
    od
}

init
{
    atomic {
#ifdef NO_INTERRUPT
        writers = 2;
#else
        writers = 3;
        run Writer(0, 2, 1);
#endif
        run Writer(0, 1, WRITES0);
        run Writer(1, 1, WRITES1);
        run Reader()
    }
}
