/**
 * Reads the ring of one CPU: it knows the read position, copies out what was published, notices what was overwritten or
 * lost, and says up to which key the merge may proceed as far as this CPU is concerned. The order of the memory
 * accesses is the protocol between writer and reader; each place says what it relies on.
 */
import { baseCounts, COUNTED_CAUSES, COUNTER_OFFSETS } from './accounting.ts';
import { createDecodeState, type DecodeState, decodeChunk } from './decode.ts';
import { LOSS_CAUSES } from './entry.ts';
import { CONSUMER, COUNTER_COUNT, maxRecordBytes, PRODUCER, RV, recordHeaderBytes } from './layout.ts';
import type { ImageMemory } from './memory.ts';
import type { RingSessionHeader } from './ring-session.ts';
import { CpuRun } from './run.ts';
import { advance, assign, difference, distance, type Position, setNumber, toNumber } from './u64.ts';

/** How long a count of losses at the end of a ring may keep growing before the loss is shown anyway; milliseconds. */
const TRAILING_SETTLE_MS = 100;

/** The moment of one round: index and clock as they were before any ring was looked at. */
export interface RoundMoment {
  /** The global counter or the clock, whichever the ring session orders by, relative to the key base. */
  key: number;
  /** The global counter, low word first. */
  readonly index: Uint32Array;
  /** The ring session's clock, low word first. */
  readonly ticks: Uint32Array;
  milliseconds: number;
  /** The producer is stopped or dead: nothing changes any more. */
  final: boolean;
}

export class CpuReader {
  readonly run: CpuRun;
  /**
   * As long as this CPU may still deliver a record at or below (boundKey, boundCpu), the merge must not pass that
   * point.
   */
  boundKey = Number.NEGATIVE_INFINITY;
  boundCpu: number;
  /** Bytes between the read position and the published position that was seen last. */
  pending = 0;
  peakPending = 0;
  /** Attempts that earlier readers accounted for. */
  attemptedBefore = 0;
  /** Of the attempts since then, those that were lost already when this reader attached. */
  lostAtAttach = 0;
  /** Losses that were found right after a resynchronisation, and are therefore put down to corruption. */
  corruptLost = 0;
  /** Clock of the last record copied out, or of the begin of the ring session. No later record of this CPU is older. */
  readonly lastStamp: Position;
  /** What earlier readers accounted for, one number for each cause that the producer counts. */
  readonly accountedBefore = new Float64Array(LOSS_CAUSES.length);

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

  /** `arenaBytes`: the most bytes that wait for the merge, at least the length of this CPU's longest record. */
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
    this.decode = createDecodeState(
      cpu,
      header.ringBytes,
      header.orderMode === 'clock',
      keyBase.hi,
      keyBase.lo,
      recordHeaderBytes(header.versionMajor),
    );
    this.run = new CpuRun(cpu, arenaBytes);
  }

  /** True if no writer was at work at the last sample and everything it showed was copied out. */
  get settled(): boolean {
    return this.quiet && this.pending === 0;
  }

  /**
   * The producer's counter at byte `offset` of its page (one of `written` to `lostQuota`), as of the last snapshot.
   */
  counter(offset: number): number {
    const at = (offset - PRODUCER.written) >>> 2;
    return toNumber(this.counterWords[at + 1] as number, this.counterWords[at] as number);
  }

  /** The producer's counts by cause, in the order of LOSS_CAUSES, since this reader attached. */
  countedLosses(into: Float64Array): void {
    for (let at = 0; at < COUNTED_CAUSES.length; at++) {
      const cause = COUNTED_CAUSES[at] as number;
      into[cause] = this.counter(COUNTER_OFFSETS[at] as number) - (this.accountedBefore[cause] as number);
    }
  }

  /** Resumes where the last reader of this ring session stopped, as far as its notes can be believed. */
  attach(readerPid: number): void {
    this.readBoundary(this.page + PRODUCER.published, this.published);
    this.readPosition(this.consumer + CONSUMER.consumed, this.position);
    const behind = distance(this.published, this.position);
    if (this.position.lo % RV.ALIGN !== 0 || behind < 0 || (!this.overwrite && behind > this.ringBytes)) {
      // The noted position cannot be one of this ring. In an overwriting ring, reading goes on at the tail, which the
      // producer publishes; in a dropping ring, the only position known is its published end.
      if (this.overwrite) this.readBoundary(this.page + PRODUCER.tail, this.position);
      else this.resynchronise();
    }

    const note = this.readPosition(this.consumer + CONSUMER.consumedSequence, this.scratch);
    this.decode.sequenceHi = note.hi;
    this.decode.sequenceLo = note.lo;
    this.readCounters();
    if (this.unseenAttempts() < 0) {
      // The notes claim more attempts than were made, so they are not to be trusted: the producer's sequence is used
      // instead.
      const sequence = this.readPosition(this.page + PRODUCER.sequence, this.scratch);
      this.decode.sequenceHi = sequence.hi;
      this.decode.sequenceLo = sequence.lo;
    }
    this.decode.resuming = true;
    this.attemptedBefore = toNumber(this.decode.sequenceHi, this.decode.sequenceLo);

    const read = this.readPosition(this.consumer + CONSUMER.read, this.scratch);
    this.copied = Math.min(toNumber(read.hi, read.lo), this.attemptedBefore);
    const counts = new Float64Array(LOSS_CAUSES.length);
    this.countedLosses(counts);
    const lostBefore = this.attemptedBefore - this.copied;
    // The causes are summed up here because a writer at work counts the cause first and the producer's own total a
    // moment later.
    const counted = counts.reduce((sum, count) => sum + count, 0);
    baseCounts(counts, counted - lostBefore, this.accountedBefore);
    this.lostAtAttach = Math.max(0, counted + this.counter(PRODUCER.overwritten) - lostBefore);

    this.nameReader(readerPid);
    this.store();
  }

  /** Notes the reader's process for people who look at the memory; 0 means that nobody reads. */
  nameReader(pid: number): void {
    this.pair[0] = pid;
    this.pair[1] = 0;
    this.memory.writeConsumer(this.consumer + CONSUMER.readerPid, this.pair);
  }

  /**
   * Looks at the ring. The moment must have been taken before. Nesting, reserved and published are read in this order.
   * If no writer was inside and everything reserved was published, then every record that took its key before the
   * moment lies below `published`.
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
      // A writer moves the tail before it publishes, so an honest ring never has more than its size between the two.
      // Data that claims otherwise must not be copied.
      if (this.pending > this.ringBytes) this.resynchronise();
      if (this.pending === 0) return 0;
    }
    const room = this.run.makeRoom(Math.min(this.pending, share));
    const length = Math.min(this.pending, share, room);
    // A chunk shorter than a record may hold no whole record. The arena will have room again once the merge has
    // released some rows.
    if (length < this.pending && length < this.maxRecord) return 0;

    const { run } = this;
    const offset = this.position.lo % this.ringBytes;
    const first = Math.min(length, this.ringBytes - offset);
    this.memory.copyOut(this.data + offset, run.bytes, run.used, first);
    if (first < length) this.memory.copyOut(this.data, run.bytes, run.used + first, length - first);
    this.memory.barrier();
    // A writer moves the tail before it overwrites. What still lies at or above the tail now was therefore whole when
    // it was copied.
    const lapped = this.overwrite ? this.skipLapped(length) : 0;
    if (lapped < length) this.decodeCopy(offset, lapped, length, keyLimit());
    this.store();
    return length;
  }

  /** Adds the loss at the end of the ring, once no writer is at work and everything has been read. */
  accountTrailing(moment: RoundMoment): void {
    if (!this.quiet || this.pending !== 0) return;
    // A record newer than the moment was already read, and the loss would get an index before it. The next round has a
    // later moment and adds the loss then.
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
    // The key lies between the last index taken and the next one, so that the loss follows everything that came before
    // the moment.
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

  /**
   * After `drain`, works out up to where the merge may proceed as far as this CPU is concerned. Bounds never decrease,
   * because what was safe once stays safe.
   */
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
    // The sequence is read after `published`, and the writer stores it before: no record below `published` has a higher
    // sequence.
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

  /**
   * Moves the read position past records that the writer has reclaimed. `copied` bytes had been copied from there;
   * returns how many of those must be thrown away.
   */
  private skipLapped(copied: number): number {
    const tail = this.readBoundary(this.page + PRODUCER.tail, this.scratch);
    const ahead = distance(tail, this.position);
    if (ahead <= 0) return 0;
    if (ahead > this.pending) {
      // The writer has gone on since the sample and has overwritten all of it. If the tail lies even beyond what is
      // published now, it is not a valid tail.
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

  /**
   * Continues at the published position. Whatever lay before it appears as a jump of the sequence, and so as a loss.
   */
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

  /** True if the ring has not changed since it was sampled, so that counters read in between belong together. */
  private undisturbed(): boolean {
    this.memory.barrier();
    if (this.readNesting() !== 0) return false;
    const { hi, lo } = this.readPosition(this.page + PRODUCER.reserved, this.scratch);
    if (hi !== this.reserved.hi || lo !== this.reserved.lo) return false;
    return distance(this.readBoundary(this.page + PRODUCER.published, this.scratch), this.position) === 0;
  }

  /**
   * Tells the producer and the next reader how far this one has read. The sequence is stored first: if the reader is
   * killed in between, its successor skips the records already delivered and counts none twice. The position is stored
   * last, because it frees room in the ring, which must not happen before the copy is complete.
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

  /**
   * Reads a position at which a record may begin. Records begin only at multiples of RV_ALIGN, so anything else is
   * rounded, whatever a producer stores.
   */
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
