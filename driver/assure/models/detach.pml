/*
 * detach.pml - the end of a log: rv_log_detach (driver/ring/log.c), then rv_quiesce (driver/kernel/quiesce.c), then its
 * memory goes.
 *
 * A call keeps its CPU from before it looks for the log until it is done, so no thread runs on that CPU in between; an
 * interrupt can, and may log itself.
 *
 * Properties:
 *   used_after_free   a call uses a log whose memory has gone
 * and, without a flag, invalid end states: detaching always ends.
 */
#define CPUS 2
#define CALLS 2

/* IRQL of a CPU: what runs there now. */
#define PASSIVE 0
#define DISPATCH 1
#define DEVICE 2

hidden byte used_after_free;
bool attached = true, freed;
byte irql[CPUS];

inline use()
{
    if
    :: freed ->
        used_after_free = 1;
        assert(!used_after_free)
    :: else
    fi
}

/* A call of LogMessage or SendData from PASSIVE_LEVEL: raises, looks, uses, lowers. */
proctype Caller(byte cpu)
{
    byte calls;
    bool found;
    do
    :: calls < CALLS ->
#ifdef M_LOOK_BEFORE_PIN
        atomic { irql[cpu] == PASSIVE -> found = attached }
        atomic { irql[cpu] == PASSIVE -> irql[cpu] = DISPATCH }
#else
        atomic { irql[cpu] == PASSIVE -> irql[cpu] = DISPATCH }
        atomic { irql[cpu] == DISPATCH -> found = attached }
#endif
        if
        :: found -> atomic { irql[cpu] == DISPATCH -> use() }
        :: else
        fi;
        atomic { irql[cpu] == DISPATCH -> irql[cpu] = PASSIVE; found = false; calls++ }
    :: else -> break
    od
}

/* A device interrupt that logs: lands on anything below it. */
proctype Interrupt(byte cpu)
{
    byte calls, before;
    bool found;
    do
    :: calls < CALLS ->
        atomic { irql[cpu] < DEVICE -> before = irql[cpu]; irql[cpu] = DEVICE }
        found = attached;
        if
        :: found -> use()
        :: else
        fi;
        atomic { irql[cpu] = before; before = 0; found = false; calls++ }
    :: else -> break
    od
}

/* Its memory goes when the detacher has run on every CPU at PASSIVE_LEVEL, where it can only run between calls. */
inline quiesce()
{
    for (c : 0 .. CPUS - 1) {
#ifdef M_ONE_CPU
        (c > 0 || irql[c] == PASSIVE)
#else
        irql[c] == PASSIVE
#endif
    }
}

active proctype Detacher()
{
    byte c;
#ifdef M_QUIESCE_BEFORE_DETACH
    quiesce();
    attached = false;
#else
    attached = false;
#ifndef M_NO_QUIESCE
    quiesce();
#endif
#endif
    freed = true
}

init
{
    atomic {
        run Caller(0);
        run Caller(1);
        run Interrupt(0);
        run Interrupt(1)
    }
}
