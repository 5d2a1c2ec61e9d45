/**
 * Reads the ring of one CPU: where it stands, what can be copied out, what was lapped or lost, and how far the merge may
 * go for its sake. The order of the reads here is the protocol; each place says what it relies on.
 */
import { baseCounts } from './accounting.ts';
import { createDecodeState, type DecodeState, decodeChunk } from './decode.ts';
import { CONSUMER, COUNTER_COUNT, maxRecordBytes, PRODUCER, RV } from './layout.ts';
import type { ImageMemory } from './memory.ts';
import type { RingSessionHeader } from './ring-session.ts';
import { CpuRun } from './run.ts';
import { advance, assign, difference, distance, type Position, setNumber, toNumber } from './u64.ts';

/** How long a count of losses at the end of a ring may keep growing before it is shown; milliseconds. */
const TRAILING_SETTLE_MS = 100;

/** The moment of one round, taken before any ring was looked at. */
export interface RoundMoment {
  /** The global counter or the clock, relative to the key base. */
  key: number;
  /** The global counter, low word first. */
  readonly index: Uint32Array;
  /** The session's clock, low word first. */
  readonly ticks: Uint32Array;
  milliseconds: number;
  /** The producer is stopped or dead: nothing changes any more. */
  final: boolean;
}

export class CpuReader {
  readonly run: CpuRun;
  /** The merge may not pass (boundKey, boundCpu) while this CPU can still deliver something up to there. */
  boundKey = Number.NEGATIVE_INFINITY;
  boundCpu: number;
  /** Bytes between this reader and the published position it saw last. */
  pending = 0;
  peakPending = 0;
  /** Attempts that earlier readers accounted for. */
  attemptedBefore = 0;
  /** Losses seen right after a resynchronisation. */
  corruptLost = 0;
  /** Clock of the last record copied out, or of the session's begin: what follows on this CPU is not older. */
  readonly lastStamp: Position;
  /** What earlier readers accounted for of each producer cause. */
  readonly accountedBefore = new Float64Array(5);

  private readonly memory: ImageMemory;
  private readonly page: number;
  private readonly data: number;
  private readonly consumer: number;
  private readonly ringBytes: number;
  private readonly maxRecord: number;
  private readonly overwrite: boolean;
  private readonly decode: DecodeState;
  private readonly position: Position = { hi: 0, lo: 0 };
  private readonly published: Position = { hi: 0, lo: 0 };
  private readonly reserved: Position = { hi: 0, lo: 0 };
  private readonly scratch: Position = { hi: 0, lo: 0 };
  private readonly pair = new Uint32Array(2);
  private readonly account = new Uint32Array(4);
  private readonly counterWords = new Uint32Array(COUNTER_COUNT * 2);
  private copied = 0;
  private resynced = false;
  private quiet = false;
  private stuckSince = -1;
  private trailing = 0;
  private trailingSince = 0;

  /** `arenaBytes`: what this CPU may hold back, at least its longest record. */
  constructor(cpu: number, header: RingSessionHeader, memory: ImageMemory, arenaBytes: number, keyBase: Position) {
    this.boundCpu = cpu;
    this.lastStamp = { hi: Number(header.startTicks >> 32n), lo: Number(header.startTicks & 0xffffffffn) };
    this.memory = memory;
    this.page = header.ringsOffset + cpu * header.ringStride;
    this.data = this.page + RV.PAGE;
    this.consumer = header.consumerOffset + cpu * RV.PAGE;
    this.ringBytes = header.ringBytes;
    this.maxRecord = maxRecordBytes(header.ringBytes);
    this.overwrite = header.ringMode === 'overwrite';
    this.decode = createDecodeState(cpu, header.ringBytes, header.orderMode === 'clock', keyBase.hi, keyBase.lo);
    this.run = new CpuRun(cpu, arenaBytes);
  }

  /** Nobody was writing at the last sample, and all of it was copied out. */
  get settled(): boolean {
    return this.quiet && this.pending === 0;
  }

  /** Producer counter at byte `offset` of its page, `written` to `indexHoles`, as of the last snapshot. */
  counter(offset: number): number {
    const at = (offset - PRODUCER.written) >>> 2;
    return toNumber(this.counterWords[at + 1] as number, this.counterWords[at] as number);
  }

  /** The producer's counts by cause, in the order of LOSS_CAUSES, since this reader attached. */
  countedLosses(into: Float64Array): void {
    for (let cause = 0; cause < this.accountedBefore.length; cause++) {
      into[cause] = this.counter(PRODUCER.lostFull + cause * 8) - (this.accountedBefore[cause] as number);
    }
  }

  /** Resumes where the last reader of this session stopped, as far as its notes can be believed. */
  attach(readerPid: number): void {
    this.readBoundary(this.page + PRODUCER.published, this.published);
    this.readPosition(this.consumer + CONSUMER.consumed, this.position);
    const behind = distance(this.published, this.position);
    if (this.position.lo % RV.ALIGN !== 0 || behind < 0 || (!this.overwrite && behind > this.ringBytes)) {
      // Not a position of this ring. The tail of an overwriting ring is one; of a dropping ring, only its end is known.
      if (this.overwrite) this.readBoundary(this.page + PRODUCER.tail, this.position);
      else this.resynchronise();
    }

    const note = this.readPosition(this.consumer + CONSUMER.consumedSequence, this.scratch);
    this.decode.sequenceHi = note.hi;
    this.decode.sequenceLo = note.lo;
    this.readCounters();
    if (this.unseenAttempts() < 0) {
      // More attempts noted than were made: the only safe claim is what the producer says itself.
      const sequence = this.readPosition(this.page + PRODUCER.sequence, this.scratch);
      this.decode.sequenceHi = sequence.hi;
      this.decode.sequenceLo = sequence.lo;
    }
    this.decode.resuming = true;
    this.attemptedBefore = toNumber(this.decode.sequenceHi, this.decode.sequenceLo);

    const read = this.readPosition(this.consumer + CONSUMER.read, this.scratch);
    this.copied = Math.min(toNumber(read.hi, read.lo), this.attemptedBefore);
    const counts = new Float64Array(5);
    this.countedLosses(counts);
    const lostBefore = this.attemptedBefore - this.copied;
    // Their sum, not the producer's own: a writer at work counts the cause first and the total a moment later.
    const counted = counts.reduce((sum, count) => sum + count, 0);
    baseCounts(counts, counted - lostBefore, this.accountedBefore);

    this.nameReader(readerPid);
    this.store();
  }

  /** Notes who reads, for people who look at the memory; 0 for nobody. */
  nameReader(pid: number): void {
    this.pair[0] = pid;
    this.pair[1] = 0;
    this.memory.writeConsumer(this.consumer + CONSUMER.readerPid, this.pair);
  }

  /**
   * Looks at the ring. The moment was taken before, and nesting, reserved and published are read in this order: if no
   * writer was inside and everything reserved was published, then whatever took its key before the moment is below
   * `published`.
   */
  sample(moment: RoundMoment): void {
    const nesting = this.readNesting();
    // Loads stay in order by themselves on x64; on ARM64 each barrier is the acquire that the writer's stores pair with.
    this.memory.barrier();
    this.readPosition(this.page + PRODUCER.reserved, this.reserved);
    this.memory.barrier();
    const published = this.readBoundary(this.page + PRODUCER.published, this.scratch);
    this.memory.barrier();
    const progress = distance(published, this.published) !== 0;
    assign(this.published, published);
    this.quiet = moment.final || (nesting === 0 && distance(this.reserved, published) === 0);
    if (this.quiet || progress) this.stuckSince = -1;
    else if (this.stuckSince < 0) this.stuckSince = moment.milliseconds;

    this.pending = distance(this.published, this.position);
    if (this.pending < 0 || (!this.overwrite && this.pending > this.ringBytes)) this.resynchronise();
    if (this.pending > 0) {
      this.readCounters();
      this.peakPending = Math.max(this.peakPending, Math.min(this.pending, this.ringBytes));
    }
  }

  /**
   * Copies out and decodes up to `share` bytes, at least the longest record. `keyLimit` gives the key that nothing
   * published so far can exceed. Returns the bytes copied.
   */
  drain(share: number, keyLimit: () => number): number {
    if (this.pending === 0) return 0;
    if (this.overwrite) {
      this.skipLapped(0);
      // A writer moves the tail before it publishes: more than a ring between them is a lie, and not to be copied.
      if (this.pending > this.ringBytes) this.resynchronise();
      if (this.pending === 0) return 0;
    }
    const room = this.run.makeRoom(Math.min(this.pending, share));
    const length = Math.min(this.pending, share, room);
    // Less than a record may be of no use, and what fills the arena leaves it when the merge lets it go.
    if (length < this.pending && length < this.maxRecord) return 0;

    const { run } = this;
    const offset = this.position.lo % this.ringBytes;
    const first = Math.min(length, this.ringBytes - offset);
    this.memory.copyOut(this.data + offset, run.bytes, run.used, first);
    if (first < length) this.memory.copyOut(this.data, run.bytes, run.used + first, length - first);
    this.memory.barrier();
    // A writer moves the tail before it overwrites, so what is not below the tail now was whole when it was copied.
    const lapped = this.overwrite ? this.skipLapped(length) : 0;
    if (lapped < length) this.decodeCopy(offset, lapped, length, keyLimit());
    this.store();
    return length;
  }

  /** Adds what was lost at the end of the ring, once nothing is being written and everything has been read. */
  accountTrailing(moment: RoundMoment): void {
    if (!this.quiet || this.pending !== 0) return;
    // Something newer than the moment was read: the loss would get an index before it. The next moment is later.
    if (this.decode.lastKey >= moment.key && !moment.final) return;
    this.readCounters();
    const trailing = this.unseenAttempts();
    if (trailing <= 0 || !(moment.final || this.undisturbed())) return;
    if (trailing !== this.trailing && !moment.final) {
      if (this.trailing === 0) this.trailingSince = moment.milliseconds;
      this.trailing = trailing;
      if (moment.milliseconds - this.trailingSince < TRAILING_SETTLE_MS) return;
    }
    if (!this.run.hasSpareRow()) return;
    this.trailing = 0;
    // Between the last index taken and the next one, so that it stands after all that came before the moment.
    this.run.pushLoss(Math.max(moment.key - 0.5, this.decode.lastKey), trailing, moment.ticks, moment.index);
    if (this.resynced) this.countCorrupt(trailing);
    const sequence = this.scratch;
    sequence.hi = this.decode.sequenceHi;
    sequence.lo = this.decode.sequenceLo;
    advance(sequence, trailing);
    this.decode.sequenceHi = sequence.hi;
    this.decode.sequenceLo = sequence.lo;
    this.store();
  }

  /** Works out what this CPU allows after `drain`. Bounds never go back: what was safe once stays so. */
  updateBound(moment: RoundMoment): void {
    const { lastKey } = this.decode;
    if (this.settled) {
      if (moment.key > this.boundKey) {
        this.boundKey = moment.key;
        this.boundCpu = -1;
      }
    } else if (lastKey >= this.boundKey) {
      this.boundKey = lastKey;
      this.boundCpu = this.run.cpu;
    }
  }

  /** True if a writer has been inside for longer than `holdMs` without publishing anything. */
  isStuck(milliseconds: number, holdMs: number): boolean {
    return this.stuckSince >= 0 && this.pending === 0 && milliseconds - this.stuckSince >= holdMs;
  }

  private decodeCopy(offset: number, lapped: number, length: number, keyLimit: number): void {
    const state = this.decode;
    const { run } = this;
    // Read after `published`, which is stored after it: no record below is numbered higher.
    const limit = this.readPosition(this.page + PRODUCER.sequence, this.scratch);
    state.sequenceLimitHi = limit.hi;
    state.sequenceLimitLo = limit.lo;
    state.keyLimit = keyLimit;
    state.untilWrap = this.ringBytes - ((offset + lapped) % this.ringBytes);
    state.untilPublished = this.pending;
    const firstRow = run.tail;
    const decoded = decodeChunk(run, run.used + lapped, length - lapped, state);
    run.used += lapped + decoded;
    this.copied += state.records;
    if (state.records > 0) this.trailing = 0;
    if (run.tail > firstRow) {
      const at = run.offset[run.tail - 1] as number;
      this.lastStamp.hi = run.words[at + 3] as number;
      this.lastStamp.lo = run.words[at + 2] as number;
    }
    if (this.resynced && state.records > 0) this.countCorrupt(run.lost[firstRow] as number);
    advance(this.position, decoded);
    this.pending -= decoded;
    if (state.corrupt) this.resynchronise();
  }

  /** Moves past what the writer has reclaimed; `copied` bytes had been copied. Returns how many of those are void. */
  private skipLapped(copied: number): number {
    const tail = this.readBoundary(this.page + PRODUCER.tail, this.scratch);
    const ahead = distance(tail, this.position);
    if (ahead <= 0) return 0;
    if (ahead > this.pending) {
      // The writer went on since the sample; all of that sample is gone. A tail beyond even now is not one.
      const now = this.readBoundary(this.page + PRODUCER.published, this.published);
      if (distance(now, this.position) < ahead) {
        this.resynchronise();
        return copied;
      }
    }
    advance(this.position, ahead);
    this.pending = Math.max(0, this.pending - ahead);
    return Math.min(ahead, copied);
  }

  /** Goes on at the published position; what lay before it shows up as a jump of the sequence. */
  private resynchronise(): void {
    assign(this.position, this.published);
    this.pending = 0;
    this.resynced = true;
  }

  private countCorrupt(lost: number): void {
    this.corruptLost += lost;
    this.resynced = false;
  }

  /** Attempts counted by the producer beyond the last sequence accounted for. */
  private unseenAttempts(): number {
    const words = this.counterWords;
    const written = difference(words[1] as number, words[0] as number, this.decode.sequenceHi, this.decode.sequenceLo);
    return written + this.counter(PRODUCER.lost);
  }

  /** True if the ring is as it was sampled, so that the counters read in between belong together. */
  private undisturbed(): boolean {
    this.memory.barrier();
    if (this.readNesting() !== 0) return false;
    const { hi, lo } = this.readPosition(this.page + PRODUCER.reserved, this.scratch);
    if (hi !== this.reserved.hi || lo !== this.reserved.lo) return false;
    return distance(this.readBoundary(this.page + PRODUCER.published, this.scratch), this.position) === 0;
  }

  /**
   * Tells the producer and the next reader how far this one is. The sequence goes first: a reader killed in between
   * leaves records that its successor passes over, not records counted twice. The position frees room in the ring and
   * so must not be seen before the copy is complete.
   */
  private store(): void {
    const account = this.account;
    account[0] = this.decode.sequenceLo;
    account[1] = this.decode.sequenceHi;
    setNumber(this.pair, this.copied);
    account[2] = this.pair[0] as number;
    account[3] = this.pair[1] as number;
    this.memory.writeConsumer(this.consumer + CONSUMER.consumedSequence, account);
    this.memory.barrier();
    this.pair[0] = this.position.lo;
    this.pair[1] = this.position.hi;
    this.memory.writeConsumer(this.consumer + CONSUMER.consumed, this.pair);
  }

  private readNesting(): number {
    this.memory.read(this.page + PRODUCER.nesting, this.pair);
    return this.pair[0] as number;
  }

  private readCounters(): void {
    this.memory.read(this.page + PRODUCER.written, this.counterWords);
  }

  /** Where a record may begin: only multiples of RV_ALIGN are, whatever a producer stores. */
  private readBoundary(offset: number, into: Position): Position {
    const position = this.readPosition(offset, into);
    position.lo -= position.lo % RV.ALIGN;
    return position;
  }

  private readPosition(offset: number, into: Position): Position {
    this.memory.read(offset, this.pair);
    into.lo = this.pair[0] as number;
    into.hi = this.pair[1] as number;
    return into;
  }
}
