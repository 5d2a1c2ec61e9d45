/**
 * Scans on several threads: hands out pieces, watches every thread, and ends one that stays on a row for too long. The
 * threads themselves and the clock are the caller's, so that all decisions can be tested without either.
 *
 * An expression can take longer on one row than anyone lives. A thread that makes no step for a while is therefore ended
 * and its piece looked at once more row by row; only a row that alone takes too long ends the scan, and is named. What
 * the machine does meanwhile (sleep, starve the thread) cannot be mistaken for that: time counts in looks at the thread,
 * never in what a clock says went by between two of them.
 */

import type { Segment } from '../store/segment.ts';
import { describeSegment, shapeOf } from '../store/shared-segment.ts';
import { schemaTexts, schemaVersion } from '../text/schemas.ts';
import { cancelSlot, foundIn, ScanSlots } from './scan-slots.ts';
import { Progress, type ScanMessage, type ScanReply } from './scan-task.ts';
import type { Scan, Scanner, ScanOutcome, ScanPiece, ScanQuery, ScanTrouble } from './scanner.ts';

/** A thread as the pool knows it. */
export interface ScanThreadHandle {
  post(message: ScanMessage): void;
  /** Ends it now, whatever it does. Nothing is heard of it afterwards. */
  end(): void;
}

export interface ScanPoolDependencies {
  /** Number of threads, at least 1. */
  readonly threads: number;
  /** Starts a thread that shares `progress` and runs a `ScanThread`. `died`: it ended by itself, and why. */
  readonly start: (
    progress: Int32Array,
    replied: (reply: ScanReply) => void,
    died: (why: string) => void,
  ) => ScanThreadHandle;
  /** Calls back once, after at least `ms`; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/** Threads for a machine: the page, the capture and the drivers' own work want a core too. */
export function threadsFor(cores: number): number {
  return cores < 2 ? 1 : Math.min(4, Math.max(2, cores - 1));
}

/** Between two looks at the threads, milliseconds. */
const LOOK_MS = 100;
/** Looks without progress before a piece is tried row by row, before a row is given up, and after a cancelled scan. */
const LOOKS_A_STEP = 5;
const LOOKS_A_ROW = 10;
const LOOKS_CANCELLED = 2;
/** How long one row may take, milliseconds: what a person is told. */
export const ROW_MS = LOOK_MS * LOOKS_A_ROW;

const ROWS_A_STEP = 2048;
/** Pieces that had to be tried again before a scan goes row by row from the start. */
const TRIES = 2;
/** Pieces a thread has at a time: one under way, and one so that it does not wait for this thread. */
const DEPTH = 2;
/**
 * A thread gets more pieces at a time if they are quick, so that one message can answer two: a message costs each side
 * a tenth of such a piece. It does not get more slow ones, because an urgent scan has to wait for all of them.
 */
const QUICK_DEPTH = 4;
const QUICK_MS = 4;
/** Segments that a thread remembers. */
const KNOWN_SEGMENTS = 4;

interface Task {
  readonly id: number;
  readonly owner: PoolScan;
  readonly piece: ScanPiece;
  readonly done: (outcome: ScanOutcome | null) => void;
  readonly slot: SharedArrayBuffer;
  step: number;
}

interface Member {
  readonly handle: ScanThreadHandle;
  readonly progress: Int32Array;
  /** Handed over, in order. */
  readonly tasks: Task[];
  /** Pieces it may have at a time. */
  depth: number;
  readonly known: Map<Segment, { readonly id: number; shape: string }>;
  /** The version of the schemas that it was told; 0 before it was told of any. */
  schemas: number;
  beat: number;
  /** Looks since the last step. */
  still: number;
}

export class ScanPool implements Scanner {
  private readonly dependencies: ScanPoolDependencies;
  private members: Member[] = [];
  private scans: PoolScan[] = [];
  private readonly slots = new ScanSlots();
  private lastId = 0;
  private stopLooking: (() => void) | null = null;

  constructor(dependencies: ScanPoolDependencies) {
    this.dependencies = dependencies;
  }

  /** Starts the threads now instead of with the first scan. */
  warm(): void {
    while (this.members.length < this.dependencies.threads) this.startMember();
  }

  open(query: ScanQuery, urgent = false): Scan {
    const scan = new PoolScan(this, this.nextId(), query, urgent);
    this.scans.push(scan);
    return scan;
  }

  forget(): void {
    for (const { handle, known } of this.members) {
      handle.post({ forget: [...known.values()].map(({ id }) => id) });
      known.clear();
    }
    this.slots.clear();
  }

  /** Ends all threads; what was not done is given up. */
  close(): void {
    this.stopLooking?.();
    this.stopLooking = null;
    const { members } = this;
    this.members = [];
    for (const { handle } of members) handle.end();
    for (const scan of [...this.scans]) scan.cancel();
    for (const { tasks } of members) for (const task of tasks) task.done(null);
  }

  /** @internal */
  get capacity(): number {
    return this.dependencies.threads * QUICK_DEPTH;
  }

  /** @internal */
  enqueue(owner: PoolScan, piece: ScanPiece, done: Task['done']): void {
    owner.queue.push({
      id: this.nextId(),
      owner,
      piece,
      done,
      slot: this.slots.take(piece),
      step: owner.tries < TRIES ? ROWS_A_STEP : 1,
    });
    this.dispatch();
  }

  /** @internal */
  drop(scan: PoolScan): void {
    this.scans = this.scans.filter((other) => other !== scan);
    for (const { tasks } of this.members) {
      for (const task of tasks) {
        if (task.owner === scan) cancelSlot(task.slot);
      }
    }
    const { queue } = scan;
    scan.queue = [];
    for (const task of queue) task.done(null);
  }

  private nextId(): number {
    this.lastId = (this.lastId + 1) & 0x7fff_ffff || 1;
    return this.lastId;
  }

  private startMember(): Member {
    const progress = new Int32Array(new SharedArrayBuffer(Progress.Words * 4));
    const handle = this.dependencies.start(
      progress,
      (reply) => this.replied(member, reply),
      (why) => this.died(member, why),
    );
    const member: Member = {
      handle,
      progress,
      tasks: [],
      depth: DEPTH,
      known: new Map(),
      schemas: 0,
      beat: 0,
      still: 0,
    };
    this.members.push(member);
    return member;
  }

  private dispatch(): void {
    for (;;) {
      const scan = this.scans.find(({ queue, urgent }) => urgent && queue.length > 0) ?? this.nextInTurn();
      if (scan === undefined) return;
      let member = this.members.find(({ tasks }) => tasks.length === 0);
      if (member === undefined && this.members.length < this.dependencies.threads) member = this.startMember();
      member ??= this.members.find(({ tasks, depth }) => tasks.length < depth);
      if (member === undefined) return;
      this.hand(member, scan.queue.shift() as Task);
    }
  }

  /** The scan with work that waits longest: whoever is served goes to the end. */
  private nextInTurn(): PoolScan | undefined {
    const at = this.scans.findIndex(({ queue }) => queue.length > 0);
    if (at < 0) return undefined;
    const [scan] = this.scans.splice(at, 1);
    this.scans.push(scan as PoolScan);
    return scan;
  }

  private hand(member: Member, task: Task): void {
    const { id, owner, piece, slot, step } = task;
    const { segment, from, to, offsets } = piece;
    const shape = shapeOf(segment);
    const known = member.known.get(segment);
    const segmentId = known?.id ?? this.nextId();
    // Removed and added again, so that the map is in order of use.
    member.known.delete(segment);
    member.known.set(segment, { id: segmentId, shape });
    member.tasks.push(task);
    this.tellSchemas(member);
    member.handle.post({
      scan: {
        id,
        queryId: owner.id,
        query: owner.query,
        segmentId,
        segment: known?.shape === shape ? null : describeSegment(segment),
        from,
        to,
        count: offsets?.length ?? -1,
        slot,
        step,
        beforeNs: piece.beforeNs ?? Number.NaN,
      },
    });
    if (member.known.size > KNOWN_SEGMENTS) {
      const [oldest, { id: forgotten }] = member.known.entries().next().value as [Segment, { readonly id: number }];
      member.known.delete(oldest);
      member.handle.post({ forget: [forgotten] });
    }
    this.stopLooking ??= this.dependencies.after(LOOK_MS, () => this.look());
  }

  /** A thread that was told of none need not be told that there are none. */
  private tellSchemas(member: Member): void {
    const version = schemaVersion();
    const [toldNone, texts] = [member.schemas === 0, schemaTexts()];
    if (member.schemas !== version && !(toldNone && texts.length === 0)) member.handle.post({ schemas: texts });
    member.schemas = version;
  }

  private replied(member: Member, reply: ScanReply): void {
    const task = member.tasks[0];
    if (!this.members.includes(member) || task?.id !== reply.id) return;
    member.tasks.shift();
    member.depth = reply.ms < QUICK_MS ? QUICK_DEPTH : DEPTH;
    member.still = 0;
    if (task.owner.cancelled) this.finish(task, null);
    else if (reply.error === null) this.finish(task, outcomeOf(task, reply));
    else if (task.step > 1) this.again(task, 1);
    else {
      const trouble: ScanTrouble = { kind: 'broken', offset: reply.error.offset, text: reply.error.text };
      this.finish(task, { offsets: foundIn(task.slot), trouble });
    }
    this.dispatch();
  }

  private look(): void {
    this.stopLooking = null;
    for (const member of [...this.members]) {
      const { progress, tasks } = member;
      const beat = Atomics.load(progress, Progress.Beat);
      const at = tasks.findIndex(({ id }) => id === Atomics.load(progress, Progress.Task));
      const task = tasks[at];
      member.still = beat === member.beat && task !== undefined ? member.still + 1 : 0;
      member.beat = beat;
      if (task === undefined) continue;
      const looks = task.owner.cancelled ? LOOKS_CANCELLED : task.step > 1 ? LOOKS_A_STEP : LOOKS_A_ROW;
      if (member.still < looks) continue;
      const offset = Atomics.load(progress, Progress.Offset);
      tasks.splice(at, 1);
      this.replace(member);
      if (task.step > 1 && !task.owner.cancelled) {
        task.owner.tries++;
        this.again(task, 1);
      } else {
        const trouble: ScanTrouble = { kind: 'slow', offset, text: '' };
        this.abandon(task, { offsets: foundIn(task.slot), trouble });
      }
    }
    this.dispatch();
    if (this.members.some(({ tasks }) => tasks.length > 0)) {
      this.stopLooking ??= this.dependencies.after(LOOK_MS, () => this.look());
    }
  }

  private died(member: Member, why: string): void {
    if (!this.members.includes(member)) return;
    const task = member.tasks.shift();
    this.replace(member);
    // Nothing says that it would not happen again: the scan ends, and the next one starts a new thread.
    if (task !== undefined) {
      this.abandon(task, { offsets: new Uint32Array(0), trouble: { kind: 'broken', offset: null, text: why } });
    }
    this.dispatch();
  }

  /** Ends a thread; what it was handed is handed out again, to one that is started when it is needed. */
  private replace(member: Member): void {
    this.members = this.members.filter((other) => other !== member);
    member.handle.end();
    for (const task of member.tasks.splice(0).reverse()) this.again(task, task.step);
  }

  /** Puts a task back in front of its scan's others. */
  private again(task: Task, step: number): void {
    if (task.owner.cancelled) {
      this.abandon(task, null);
      return;
    }
    task.owner.queue.unshift({ ...task, slot: this.slots.take(task.piece), step });
  }

  private finish(task: Task, outcome: ScanOutcome | null): void {
    this.slots.giveBack(task.slot);
    task.done(outcome);
  }

  /** Like `finish`, after the thread was ended: it may still write to the slot, so that is not used again. */
  private abandon(task: Task, outcome: ScanOutcome | null): void {
    task.done(task.owner.cancelled ? null : outcome);
  }
}

function outcomeOf({ slot }: Task, { id: _, error: _none, ms: _ms, ...told }: ScanReply): ScanOutcome {
  return { offsets: foundIn(slot), trouble: null, ...told };
}

class PoolScan implements Scan {
  readonly id: number;
  readonly query: ScanQuery;
  readonly urgent: boolean;
  queue: Task[] = [];
  /** Pieces that had to be tried again. */
  tries = 0;
  cancelled = false;
  private readonly pool: ScanPool;
  private outstanding = 0;

  constructor(pool: ScanPool, id: number, query: ScanQuery, urgent: boolean) {
    this.pool = pool;
    this.id = id;
    this.query = query;
    this.urgent = urgent;
  }

  get ready(): boolean {
    return !this.cancelled && this.outstanding < this.pool.capacity;
  }

  submit(piece: ScanPiece, done: (outcome: ScanOutcome | null) => void): void {
    if (this.cancelled) throw new Error('the scan was cancelled');
    this.outstanding++;
    // Tried again, the offsets are read again: the caller's array may have changed by then.
    const kept = piece.offsets === null ? piece : { ...piece, offsets: piece.offsets.slice() };
    this.pool.enqueue(this, kept, (outcome) => {
      this.outstanding--;
      done(outcome);
    });
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.pool.drop(this);
  }
}
