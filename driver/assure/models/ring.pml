/*
 * ring.pml - one per-CPU ring: a thread, the interrupts that land on it, and a reader, with driver/ring/ring.c's steps.
 *
 * A unit stands for the eight bytes of a word, a record is one or two units, and the ring has UNITS of them. Each STEP
 * is one access to memory that another party can see; its name is the test point of points.h that follows the access.
 * An exchange or an addition is one step although it takes no lock (local.h): interrupts come before or after it, and the
 * reader, which only loads, sees one store.
 * Memory is sequentially consistent here: what barriers are for is checked by the litmus programs (../order).
 *
 * Choices: OVERWRITE (else drop-new); TRAILING and RESUME (drop-new) let the reader account for losses at the end of
 * the ring while writers are at work, and die once to be followed by another; LEVELS of writers (1 = no interrupts); W1..W3 writes of each level; MAXN stands for
 * RV_MAX_NESTING; ABANDON lets a writer leave its reservation without commit (counted as a loss); HOSTILE replaces the reader by a client that stores anything in the consumer page.
 *
 * Properties, each a flag that an assertion watches:
 *   torn_record      a delivered record has a part that is not its own
 *   overlap          a reservation covers a record that is still live
 *   miscount         attempted = delivered + lost does not hold when quiet
 *   disorder         sequence or index of a CPU's records does not rise with position
 *   unpublished      everything is quiet, and something reserved is not published
 *   not_counted      a loss is not in the counters, or a reclaimed record not in `overwritten`
 *   misplaced        a loss that came before a record is not in the gap before it, but somewhere later (drop-new)
 *   accepted_fell    the accepted consumer position went back
 * and, without a flag, invalid end states (deadlock).
 *
 * A macro M_* removes or weakens one guarding step; models.mjs says which property must then fail.
 */
#ifndef UNITS
#define UNITS 4
#endif
#ifndef LEVELS
#define LEVELS 2
#endif
#ifndef MAXN
#define MAXN 8
#endif
#ifndef W1
#define W1 2
#endif
#ifndef W2
#define W2 2
#endif
#ifndef W3
#define W3 1
#endif

#define NONE 0
#define RECORD 1
#define PAD 2
#define AT(position) ((position) % UNITS)
/* Interrupts are last in, first out: a writer moves only while it is the innermost one. */
#define STEP(point) (running == level)

hidden byte torn_record, overlap, miscount, disorder, unpublished, not_counted, misplaced, accepted_fell;
#define REQUIRE(flag, condition) \
    if                           \
    :: (condition)               \
    :: else ->                   \
        flag = 1;             \
        assert(!flag)            \
    fi

/* The producer page. */
byte reserved, nesting, published, tail, sequence, written, lost;
#ifdef OVERWRITE
byte overwritten;
#endif
byte next_index = 1;
/* The consumer page, and its private shadow. */
byte consumed, accepted;
/* The ring: first word, the words after it, and the two words of the header that order records. */
byte kind[UNITS], span[UNITS], owner_word[UNITS], seq_word[UNITS], index_word[UNITS];
/* Not in the ring: who owns a unit from reservation until it is consumed or reclaimed (0 is free), and the losses so far. */
byte owner[UNITS], lost_then[UNITS];

byte running; /* level of the innermost writer */
byte attempted, finished;

inline release_units(from, to)
{
    u = from;
    do
    :: u < to ->
        owner[AT(u)] = 0;
        lost_then[AT(u)] = 0;
        u++
    :: else -> break
    od;
    u = 0
}

inline count_loss()
{
    atomic { STEP(COUNT_LOSS) -> lost++ }
}

inline accept(position)
{
#ifndef M_TRUST_CONSUMER
    REQUIRE(accepted_fell, position >= accepted);
#endif
    accepted = position;
    acc = position
}

inline accept_consumer()
{
    atomic { STEP(ACCEPTED_LOADED) -> acc = accepted }
    atomic { STEP(CONSUMED_LOADED) -> seen = consumed }
    atomic {
        STEP(ACCEPTED) ->
        if
        :: seen == acc
#ifdef M_TRUST_CONSUMER
        :: seen != acc -> accept(seen)
#else
#ifdef M_ACCEPT_BACKWARD
        :: seen != acc && seen > published
#else
        :: seen < acc || seen > published /* refused */
#endif
#ifdef M_ACCEPT_BACKWARD
        :: seen != acc && seen <= published -> accept(seen)
#else
#ifdef M_ACCEPT_NO_CAS
        :: seen > acc && seen <= published -> accept(seen)
#else
        :: seen > acc && seen <= published && accepted == acc -> accept(seen)
        :: seen > acc && seen <= published && accepted != acc -> acc = accepted
#endif
#endif
#endif
        fi;
        seen = 0
    }
}

inline room_behind_consumer()
{
    atomic { STEP(ACCEPTED_GLANCE) -> acc = accepted; room = (end - acc <= UNITS && acc <= end) }
    if
    :: room
    :: else ->
        accept_consumer();
        /* Unsigned arithmetic: an accepted position above `end` would look like endless room. */
        room = (end - acc <= UNITS || acc > end)
    fi;
    acc = 0
}

inline room_by_reclaiming()
{
#ifdef M_TAIL_PAST_PUBLISHED
    atomic { STEP(PUBLISHED_LOADED) -> acc = reserved; room = true }
#else
    atomic { STEP(PUBLISHED_LOADED) -> acc = published; room = (end - acc <= UNITS) }
#endif
    if
    :: !room
    :: room ->
        atomic { STEP(TAIL_LOADED) -> old = tail }
        do
        :: end - old > UNITS ->
#ifdef M_TAIL_AFTER_DATA
            break
#else
            /* What lies at a stale tail may be anything, a size included: the exchange decides. */
            atomic {
                STEP(TAIL_SIZED) ->
                size = (kind[AT(old)] != NONE && span[AT(old)] <= acc - old -> span[AT(old)] : acc - old);
                was = kind[AT(old)]
            }
#ifdef M_TAIL_NO_CAS
            atomic {
                STEP(TAIL_MOVED) ->
                release_units(old, old + size);
                tail = old + size
#else
            atomic {
                STEP(TAIL_MOVED) ->
                if
                :: tail == old ->
                    release_units(old, old + size);
                    tail = old + size;
#ifndef M_OVERWRITTEN_NOT_COUNTED
                    if
                    :: was == RECORD -> overwritten++
                    :: else
                    fi
#endif
                :: else
                fi;
#endif
                old = tail;
                size = 0;
                was = 0
            }
#endif
        :: else -> break
        od;
        old = 0
    fi;
    acc = 0
}

#ifdef M_TAIL_AFTER_DATA
inline late_tail()
{
    old = tail;
    do
    :: end - old > UNITS -> old = old + 1
    :: else -> break
    od;
    tail = old;
    old = 0
}
#endif

/* rv_ring_reserve up to and including the exchange; `room` says whether it succeeded. */
inline reserve()
{
    do
    :: atomic {
        STEP(RESERVED_LOADED) ->
        begin = reserved;
        pad = (AT(begin) + need > UNITS -> UNITS - AT(begin) : 0);
        end = begin + pad + need
    };
#ifdef M_NO_ROOM_CHECK
        room = true;
#else
#ifdef OVERWRITE
        room_by_reclaiming();
#else
        room_behind_consumer();
#endif
#endif
        if
        :: !room -> break
        :: room ->
            atomic { STEP(INDEX_TAKEN) -> index = next_index; next_index++ }
            atomic {
                STEP(RESERVED) ->
#ifdef M_RESERVE_NO_CAS
                if
                :: true ->
#else
                if
                :: reserved == begin ->
#endif
                    reserved = end;
#ifdef HOSTILE
                    /* What a client says is consumed is its own loss. What is not published yet is ours. */
                    REQUIRE(overlap, end <= published + UNITS);
#else
                    u = begin;
                    do
                    :: u < end ->
#ifndef M_TAIL_AFTER_DATA
                        REQUIRE(overlap, owner[AT(u)] == 0);
#endif
                        owner[AT(u)] = me;
                        lost_then[AT(u)] = lost;
                        u++
                    :: else -> break
                    od;
                    u = 0;
#endif
                    break
                :: else -> index = 0 /* an index hole */
                fi
            }
        fi
    od
}

/* The reservation is a PAD until it is committed, so that the ring can be walked whatever becomes of this writer. */
inline mark()
{
    if
    :: pad != 0 -> atomic { STEP(PADDED) -> kind[AT(begin)] = PAD; span[AT(begin)] = pad }
    :: else
    fi;
#ifdef M_NO_MARK
    skip;
#else
    atomic { STEP(MARKED) -> kind[AT(begin + pad)] = PAD; span[AT(begin + pad)] = need }
#endif
}

/* Marks, copies, commits. The owner's name stands for the bytes of its record. */
inline fill()
{
    mark();
    if
    :: need == 2 -> atomic { STEP(COPIED) -> owner_word[AT(begin + pad + 1)] = me }
    :: else
    fi;
    atomic {
        STEP(DESCRIBED) ->
        owner_word[AT(begin + pad)] = me;
        index_word[AT(begin + pad)] = index;
        seq_word[AT(begin + pad)] = 0
    }
    atomic { STEP(COMMITTED) -> kind[AT(begin + pad)] = RECORD; span[AT(begin + pad)] = need }
#ifdef M_TAIL_AFTER_DATA
    atomic { STEP(TAIL_MOVED) -> late_tail() }
#endif
}

inline number(at)
{
    written++;
#ifdef M_SEQUENCE_WITHOUT_LOST
    sequence = written;
#else
    sequence = written + lost;
#endif
    seq_word[at] = sequence
}

/*
 * Only the outermost writer comes here. `own` units at `own_at` are what it has just committed and not published; when so
 * many wait they are all that waits, and are numbered without a look at the ring.
 */
inline publish()
{
    old = published;
    if
#ifdef M_OWN_KEPT_BY_ADDRESS
    :: own != 0 && end - old == own && AT(old) == own_at ->
#else
    :: own != 0 && end - old == own ->
#endif
        atomic { STEP(STAMPED) -> number(own_at); old = end }
    :: else
    fi;
    do
    :: old < end ->
        atomic {
            STEP(STAMPED) ->
            if
            :: kind[AT(old)] == RECORD -> number(AT(old))
            :: else
            fi;
            old = old + (span[AT(old)] > 0 -> span[AT(old)] : 1)
        }
    :: else -> break
    od;
    old = 0;
#if !defined(M_OWN_KEPT) && !defined(M_OWN_KEPT_BY_ADDRESS)
    /* What interrupts leave to a later turn may be as long, or lie at the same address, a lap on. */
    own = 0;
    own_at = 0;
#endif
    atomic { STEP(PUBLISHED) -> published = end }
}

inline leave()
{
    atomic { STEP(DEPTH_LOADED) -> depth = nesting }
    if
#ifndef M_PUBLISH_NESTED
    :: depth > 1 -> atomic { STEP(LEFT) -> nesting = depth - 1 }
#endif
    :: else ->
        do
        :: atomic { STEP(END_LOADED) -> end = reserved };
            publish();
#ifdef M_RECHECK_BEFORE_QUIET
            atomic { STEP(QUIET) -> again = (reserved != end) }
            atomic { STEP(RECHECKED) -> nesting = depth - 1 }
#else
            atomic { STEP(QUIET) -> nesting = depth - 1 }
            atomic { STEP(RECHECKED) -> again = (reserved != end) }
#endif
#ifdef M_NO_RECHECK
            again = false;
#endif
            if
            :: !again -> break
            :: again -> atomic { STEP(RESUMED) -> nesting = depth; again = false }
            fi
        od
    fi;
    depth = 0
}

inline write()
{
    atomic { STEP(NESTING_LOADED) -> depth = nesting; attempted++ }
    if
    :: depth >= MAXN -> count_loss()
    :: else ->
        atomic { STEP(ENTERED) -> nesting = depth + 1; me = attempted }
        depth = 0;
        if
        :: need = 1
        :: need = 2
        fi;
        reserve();
        if
        :: room -> fill(); own = need; own_at = AT(begin + pad)
#ifdef ABANDON
        :: room -> mark(); count_loss()
#endif
        :: else ->
#ifdef M_LOSS_NOT_COUNTED
            skip
#else
            count_loss()
#endif
        fi;
        atomic { room = 0; begin = 0; pad = 0; need = 0; index = 0; end = 0; me = 0 }
        leave()
    fi;
    depth = 0;
    own = 0;
    own_at = 0;
    end = 0
}

#define WRITER_LOCALS                                                                               \
    byte depth, begin, end, pad, need, own, own_at, index, acc, seen, old, size, was, me, u, landed_on;         \
    bool room, again

proctype Writer(byte level; byte writes)
{
    WRITER_LOCALS;
    do
    :: writes > 0 ->
        /* An interrupt lands on any writer of a lower level, or on none. */
        atomic { running < level -> landed_on = running; running = level }
        write();
        atomic { STEP(RETURN) -> writes--; running = landed_on; landed_on = 0 }
    :: else -> break
    od;
    atomic { finished++; level = 0 }
}

#define ALL_QUIET (finished == LEVELS)

#ifdef HOSTILE
/*
 * A client that stores what it likes. The positions it may think of are all that can tell a decision apart: 0, within a
 * record, at a record's end, beyond `published`, far beyond `reserved`.
 */
active proctype Client()
{
    byte i;
    do
    :: !ALL_QUIET && i < 5 ->
        if
        :: consumed = 0
        :: consumed = accepted
        :: atomic { published > 0 -> consumed = published - 1 }
        :: consumed = published
        :: consumed = published + 1
        :: consumed = reserved + 1
        :: consumed = 255
        fi;
        i++
    :: ALL_QUIET -> break
    od
}
#endif

#ifdef RESUME
#define ALREADY_NOTED(seq) (killed && seq <= noted)
#else
#define ALREADY_NOTED(seq) false
#endif

#ifndef HOSTILE
inline deliver(the_kind, the_span, first, second, the_seq, the_index)
{
    if
    :: the_kind == RECORD && ALREADY_NOTED(the_seq) -> skip
    :: the_kind == RECORD && !ALREADY_NOTED(the_seq) ->
        REQUIRE(torn_record, first != 0 && (the_span == 1 || second == first) && the_seq != 0);
        REQUIRE(disorder, the_seq > last_seq && the_index > last_index);
        known_lost = known_lost + (the_seq - last_seq - 1);
        last_seq = the_seq;
        last_index = the_index;
        delivered++
    :: else -> REQUIRE(torn_record, the_kind == PAD)
    fi
}

#ifdef RESUME
inline note()
{
    noted = last_seq;
    sure_delivered = delivered;
    sure_lost = known_lost
}

/* Once, at any moment, the reader dies; the next one starts from the consumer page. */
inline may_be_killed()
{
    if
    :: !killed -> atomic {
        killed = true;
        pos = consumed;
        last_seq = noted;
        last_index = 0;
        delivered = sure_delivered;
        known_lost = sure_lost;
        limit = published
    }
    :: true
    fi
}
#endif

#ifdef M_NO_UNDISTURBED
#define UNDISTURBED true
#else
#define UNDISTURBED (nesting == 0 && reserved == limit && published == limit)
#endif

/* Losses at the end of the ring, while writers may come and go: the counters must belong to the sample. */
inline account_trailing()
{
    atomic { sampled = nesting }
    atomic { limit = reserved }
    if
    :: sampled == 0 && limit == pos && published == pos ->
        atomic { sampled = written }
        atomic { trailing = sampled + lost - last_seq }
        atomic {
            if
            :: trailing > 0 && UNDISTURBED ->
                known_lost = known_lost + trailing;
                last_seq = last_seq + trailing
            :: else
            fi;
            trailing = 0
        }
    :: else
    fi;
    sampled = 0;
    limit = 0
}

active proctype Reader()
{
    byte pos, limit, delivered, known_lost, last_seq, last_index, u;
#ifdef TRAILING
    byte sampled, trailing;
    bool accounted;
#endif
#ifdef RESUME
    byte noted, sure_delivered, sure_lost; /* what the consumer page tells the next reader, and what is accounted by it */
    bool killed;
#endif
#ifdef OVERWRITE
    byte copy_kind[UNITS], copy_span[UNITS], copy_owner[UNITS], copy_seq[UNITS], copy_index[UNITS], i, t;
#endif
    do
    :: pos != published ->
#ifdef OVERWRITE
        atomic { pos = (tail > pos -> tail : pos) }
        atomic { limit = published; i = pos }
        /* Everything up to `limit`, a unit at a time: the writer may be lapping us. */
        do
        :: i < limit ->
            atomic {
                copy_kind[AT(i)] = kind[AT(i)];
                copy_span[AT(i)] = span[AT(i)];
                copy_seq[AT(i)] = seq_word[AT(i)];
                copy_index[AT(i)] = index_word[AT(i)];
                copy_owner[AT(i)] = owner_word[AT(i)];
                i++
            }
        :: else -> break
        od;
        atomic {
#ifndef M_NO_TAIL_RECHECK
            /* Then the tail again: below it nothing of the copy counts. */
            t = tail;
            pos = (t > pos -> t : pos);
#endif
            do
            :: pos < limit ->
                deliver(copy_kind[AT(pos)], copy_span[AT(pos)], copy_owner[AT(pos)], copy_owner[AT(pos + 1)],
                    copy_seq[AT(pos)], copy_index[AT(pos)]);
                pos = pos + (copy_span[AT(pos)] > 0 -> copy_span[AT(pos)] : 1)
            :: else -> break
            od;
            i = 0;
            do
            :: i < UNITS ->
                copy_kind[i] = 0; copy_span[i] = 0; copy_seq[i] = 0; copy_index[i] = 0; copy_owner[i] = 0;
                i++
            :: else -> break
            od;
            i = 0; t = 0; limit = 0
        }
#else
        atomic { limit = published }
        do
        :: pos < limit ->
            /* Nobody changes a record that has not been consumed: `overlap` sees to that, so one look is enough. */
            atomic {
                deliver(kind[AT(pos)], span[AT(pos)], owner_word[AT(pos)], owner_word[AT(pos + 1)],
                    seq_word[AT(pos)], index_word[AT(pos)]);
                REQUIRE(misplaced, kind[AT(pos)] != RECORD || known_lost >= lost_then[AT(pos)]);
                pos = pos + span[AT(pos)]
            }
#ifdef RESUME
#ifdef M_NOTE_AFTER_CONSUMED
            atomic { release_units(consumed, pos); consumed = pos }
            may_be_killed();
            atomic { note() }
#else
            atomic { note() }
            may_be_killed();
            atomic { release_units(consumed, pos); consumed = pos }
#endif
            may_be_killed()
#else
            atomic { release_units(consumed, pos); consumed = pos }
#endif
        :: else -> break
        od;
        limit = 0
#endif
#ifdef TRAILING
    :: !accounted -> accounted = true; account_trailing()
#endif
    :: pos == published && ALL_QUIET -> break
    od;
    atomic {
        REQUIRE(unpublished, published == reserved && nesting == 0 && running == 0);
#if defined(M_TAIL_AFTER_DATA) || defined(M_TAIL_NO_CAS)
        /* These break the counters too, which is not what they are here to show. */
#else
        /* Trailing losses: what the counters know beyond the last record. */
        known_lost = known_lost + (written + lost - last_seq);
        REQUIRE(miscount, attempted == delivered + known_lost && attempted == written + lost);
#ifdef OVERWRITE
        REQUIRE(not_counted, known_lost <= lost + overwritten && overwritten <= written);
#else
        REQUIRE(not_counted, known_lost == lost);
#endif
#endif
        skip
    }
}
#endif

init
{
    atomic {
        run Writer(1, W1);
#if LEVELS > 1
        run Writer(2, W2);
#endif
#if LEVELS > 2
        run Writer(3, W3);
#endif
        skip
    }
}
