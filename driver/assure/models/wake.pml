/*
 * wake.pml - waking a reader: a DPC that a periodic timer queues looks at the rings; it sets the reader's event or
 * completes the request the reader left with the driver (driver/kernel/notify.c). Writers take no part in it.
 *
 * The reader looks, and when it found nothing it sleeps, by event or by request. It may leave (detach) and come back, and
 * the session may be stopped once. `control` is the lock that control requests run under, `lock` the spin lock that
 * guards the event.
 *
 * Properties:
 *   ltl woken         a reader that sleeps while records are unread is woken (with a timer that goes on ticking)
 *   ltl told          a reader that sleeps when the session stops is woken
 *   used_after_free   the DPC uses an event that has been released
 */
#ifndef WRITES
#define WRITES 2
#endif

#define TAKE(l) atomic { !l -> l = true }
#define GIVE(l) l = false

hidden byte used_after_free;
bool control, lock;
byte published, consumed;
bool stopped, writer_done;
bool timer, ticking, dpc_queued;      /* the timer runs; what `ticking` of the driver says; its DPC waits to run */
byte event;                           /* registered: 0 none, else which of the reader's two */
bool valid[3], event_set;
bool wait_queued, wait_completed;
bool sleeping;

#define UNREAD (published != consumed)

ltl woken { [] ((sleeping && published != consumed) -> <> !sleeping) }
ltl told { [] ((sleeping && stopped) -> <> !sleeping) }

inline start_ticking()
{
    if
    :: !ticking -> atomic { timer = true; ticking = true }
    :: else
    fi
}

inline complete_waits()
{
    atomic {
        if
        :: wait_queued -> wait_queued = false; wait_completed = true
        :: else
        fi
    }
}

active proctype Writer()
{
    byte n;
    do
    :: n < WRITES -> atomic { published++; n++ }
    :: n < WRITES && stopped -> break
    :: n == WRITES -> break
    od;
    writer_done = true
}

active proctype Clock()
{
end:
    do
    :: atomic { timer && !dpc_queued -> dpc_queued = true }
    od
}

#ifdef M_EVENT_OUTSIDE_LOCK
#define USED seen
#else
#define USED event
#endif

active proctype Look()
{
    bool wake;
#ifdef M_EVENT_OUTSIDE_LOCK
    byte seen;
#endif
end:
    do
    :: dpc_queued ->
        TAKE(lock);
        wake = (stopped || UNREAD);
#ifdef M_EVENT_OUTSIDE_LOCK
        seen = event;
        GIVE(lock);
        if
        :: wake && seen != 0 ->
#else
        if
        :: wake && event != 0 ->
#endif
            atomic {
                if
                :: !valid[USED] ->
                    used_after_free = 1;
                    assert(!used_after_free)
                :: else -> event_set = true
                fi
            }
        :: else
        fi;
#ifdef M_TIMER_NOT_PERIODIC
        timer = false;
#endif
#ifndef M_EVENT_OUTSIDE_LOCK
        GIVE(lock);
#endif
        if
        :: wake ->
#ifdef M_REST_AFTER_WAKE
            /* The timer rests, and nobody says so to start_ticking. */
            timer = false;
#endif
            complete_waits()
        :: else
        fi;
        atomic { wake = false; dpc_queued = false }
    od
}

inline register_event()
{
    TAKE(control);
    found = event == 1;
    valid[1 + found] = true;
    TAKE(lock);
    event = 1 + found;
    GIVE(lock);
    valid[2 - found] = false; /* lets go of the one before */
    found = false;
#ifndef M_NO_TICK_FOR_EVENT
    start_ticking();
#endif
    GIVE(control)
}

inline leave_request()
{
    TAKE(control);
    TAKE(lock);
    found = (stopped || UNREAD);
    GIVE(lock);
    if
    :: found -> wait_completed = true
    :: else ->
#ifndef M_NO_TICK_FOR_WAIT
        start_ticking();
#endif
        wait_queued = true
    fi;
    GIVE(control);
    found = false
}

inline reader_gone()
{
    TAKE(control);
    if
    :: ticking ->
        atomic { timer = false; ticking = false }
        !dpc_queued /* KeFlushQueuedDpcs */
    :: else
    fi;
    TAKE(lock);
    event = 0;
    GIVE(lock);
    atomic { valid[1] = false; valid[2] = false }
    atomic { event_set = false; wait_queued = false; wait_completed = false }
    GIVE(control)
}

active proctype Reader()
{
    bool found, left;
again:
    if
    :: register_event();
        do
        :: UNREAD -> consumed = published
        :: !UNREAD && stopped -> break
        :: !left -> left = true; register_event()
        :: !left -> left = true; reader_gone(); goto again
        :: !UNREAD -> atomic { sleeping = true }
            atomic { event_set -> event_set = false; sleeping = false }
        od
    :: true ->
        do
        :: UNREAD -> consumed = published
        :: !UNREAD && stopped -> break
        :: !left -> left = true; reader_gone(); goto again
        :: !UNREAD ->
            leave_request();
            atomic { sleeping = true }
            atomic { wait_completed -> wait_completed = false; sleeping = false }
        od
    fi;
    reader_gone()
}

/* RV_IOCTL_STOP: last records first, then the state, then who is told. */
active proctype Stop()
{
    writer_done;
    if
    :: true -> goto not_stopped
    :: true
    fi;
    TAKE(control);
    stopped = true;
#ifndef M_STOP_TELLS_NOBODY
    TAKE(lock);
    if
    :: event != 0 -> event_set = true
    :: else
    fi;
    GIVE(lock);
    complete_waits();
#endif
    GIVE(control);
not_stopped:
    skip
}
