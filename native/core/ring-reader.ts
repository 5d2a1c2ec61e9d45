/**
 * The reader of a ring session. In each round it takes the moment, drains every ring, and releases the rows whose order
 * is certain. It owns the watermark; cpu-reader.ts reads one ring, merge.ts orders, batch-writer.ts makes the rows.
 */
import { grownCauses, lossRecord, splitLosses } from './accounting.ts';
import { type BatchSink, BatchWriter } from './batch-writer.ts';
import type { CpuAccount } from './cpu-account.ts';
import { CpuReader, type RoundMoment } from './cpu-reader.ts';
import { type BatchLease, LOSS_CAUSES } from './entry.ts';
import { PRODUCER, RV, recordHeaderBytes, SESSION } from './layout.ts';
import { boundedMemory, type ImageMemory, type ReaderClock } from './memory.ts';
import { before, Merger, type Watermark } from './merge.ts';
import { ok, type Result } from './result.ts';
import { checkProducerPage, type RingSessionHeader } from './ring-session.ts';
import { STACK_TEXT_BYTES } from './stack-text.ts';
import { difference, type Position, setBigInt } from './u64.ts';

export interface RingReaderOptions {
  /** How long a CPU whose writer is stuck within a write may hold back the others; milliseconds. Default 50. */
  readonly holdMs?: number;
  /** Rows and payload bytes of the batch that is handed on. Defaults 8192 and 768 KiB. */
  readonly batchRows?: number;
  readonly batchBytes?: number;
  /** Bytes copied out in one round, over all CPUs. Default 4 MiB. */
  readonly roundBytes?: number;
  /** Noted in the consumer pages, for people. Default 0. */
  readonly readerPid?: number;
}

export interface RoundOutcome {
  readonly rows: number;
  readonly bytes: number;
  /** The share of its ring, 0..1, that was read of the CPU with the most to read. */
  readonly fill: number;
  /** Data was left in a ring although the round made progress: go on without waiting. */
  readonly more: boolean;
  /** Nothing was left in any ring. */
  readonly drained: boolean;
  /** No row released from here on is older; nanoseconds since the ring session began. */
  readonly safeTimeNs: number;
}

/** The part of a round that each CPU gets at least. It fits the longest record, so that every round makes progress. */
const MIN_SHARE = 65536;
const MAX_SHARE = 262144;
/** The most bytes of one CPU that wait for the merge: two shares, less on machines with very many CPUs. */
const MAX_ARENA = 2 * MAX_SHARE;
const MIN_ARENA = 2 * MIN_SHARE;
const ALL_ARENAS = 268435456;
/** If a round copies at least so many bytes, leasing a batch is worth its cost. */
const LEASE_FROM_BYTES = 65536;

export class RingReader {
  private readonly header: RingSessionHeader;
  private readonly memory: ImageMemory;
  private readonly clock: ReaderClock;
  private readonly holdMs: number;
  private readonly roundBytes: number;
  private readonly cpus: CpuReader[];
  private readonly merger: Merger;
  private readonly writer: BatchWriter;
  private readonly keyBase: Position;
  private readonly start: Position;
  private readonly moment: RoundMoment = {
    key: 0,
    index: new Uint32Array(2),
    ticks: new Uint32Array(2),
    milliseconds: 0,
    final: false,
  };
  private readonly limitWords = new Uint32Array(2);
  private readonly counted = new Float64Array(LOSS_CAUSES.length);
  private readonly splitBefore = new Float64Array(LOSS_CAUSES.length);
  private readonly splitAfter = new Float64Array(LOSS_CAUSES.length);
  private firstCpu = 0;
  private promised = 0;

  private constructor(header: RingSessionHeader, memory: ImageMemory, clock: ReaderClock, options: RingReaderOptions) {
    this.header = header;
    this.memory = memory;
    this.clock = clock;
    this.holdMs = options.holdMs ?? 50;
    this.roundBytes = options.roundBytes ?? 4194304;
    const start = new Uint32Array(2);
    setBigInt(start, header.startTicks);
    const [startLo = 0, startHi = 0] = start;
    this.start = { hi: startHi, lo: startLo };
    const base = new Uint32Array(start);
    if (header.orderMode === 'index') memory.read(SESSION.nextIndex, base);
    this.keyBase = { lo: base[0] as number, hi: base[1] as number };
    const arena = Math.min(
      2 * header.ringBytes,
      Math.max(MIN_ARENA, Math.min(MAX_ARENA, Math.floor(ALL_ARENAS / header.cpuCount / 8) * 8)),
    );
    this.cpus = Array.from(
      { length: header.cpuCount },
      (_, cpu) => new CpuReader(cpu, header, memory, arena, this.keyBase),
    );
    this.merger = new Merger(this.cpus.map((cpu) => cpu.run));
    this.writer = new BatchWriter(
      options.batchRows ?? 8192,
      Math.max(options.batchBytes ?? 786432, RV.MAX_RECORD_BYTES + STACK_TEXT_BYTES),
      startHi,
      startLo,
      header.clockFrequency,
      (cpu, lost) => this.explain(this.cpus[cpu] as CpuReader, lost),
      recordHeaderBytes(header.versionMajor),
    );
  }

  /**
   * Checks every ring and takes over from the last reader. Failures: bad-magic, bad-layout. This, `round` and `detach`
   * throw MemoryFault if the memory is gone or the ring session leads outside it; `flush` still hands on what was
   * copied.
   */
  static attach(
    header: RingSessionHeader,
    image: ImageMemory,
    clock: ReaderClock,
    options: RingReaderOptions = {},
  ): Result<RingReader> {
    const memory = boundedMemory(image, header);
    const page = new Uint8Array(PRODUCER.reserved);
    for (let cpu = 0; cpu < header.cpuCount; cpu++) {
      memory.copyOut(header.ringsOffset + cpu * header.ringStride, page, 0, page.length);
      const checked = checkProducerPage(page, cpu, header);
      if (!checked.ok) return checked;
    }
    const reader = new RingReader(header, memory, clock, options);
    for (const cpu of reader.cpus) cpu.attach(options.readerPid ?? 0);
    return ok(reader);
  }

  /**
   * Performs one round. `final`: the producer was known to be stopped or dead before this call. With a `lease`, a round
   * that found much data writes its rows there; for a few rows a lease costs more than it saves.
   */
  round(sink: BatchSink, final: boolean, lease: BatchLease | null = null): RoundOutcome {
    const moment = this.moment;
    moment.final = final;
    moment.milliseconds = this.clock.milliseconds();
    this.memory.read(SESSION.nextIndex, moment.index);
    this.clock.ticks(moment.ticks);
    moment.key = this.keyOf(this.header.orderMode === 'index' ? moment.index : moment.ticks);
    this.memory.barrier();

    const count = this.cpus.length;
    const share = Math.max(MIN_SHARE, Math.min(MAX_SHARE, Math.floor(this.roundBytes / count)));
    let bytes = 0;
    let most = 0;
    let drained = true;
    for (let step = 0; step < count; step++) {
      // Each round begins with another CPU, so that all have their turn even if the budget does not suffice for all.
      const cpu = this.cpus[(this.firstCpu + step) % count] as CpuReader;
      cpu.sample(moment);
      if (cpu.pending > 0 && bytes < this.roundBytes) {
        const read = cpu.drain(share, this.keyLimit);
        bytes += read;
        most = Math.max(most, read);
      }
      cpu.accountTrailing(moment);
      cpu.updateBound(moment);
      if (cpu.pending > 0) drained = false;
    }
    this.firstCpu = (this.firstCpu + 1) % count;

    this.writer.begin(sink, bytes < LEASE_FROM_BYTES ? null : lease);
    this.merger.release(this.watermark(moment), this.writer);
    this.writer.end();
    const { rows } = this.writer;
    const fill = most / this.header.ringBytes;
    return { rows, bytes, fill, more: !drained && bytes + rows > 0, drained, safeTimeNs: this.safeTimeNs(moment) };
  }

  /** Releases everything that was copied out, even though older records may still arrive. */
  flush(sink: BatchSink): number {
    this.writer.begin(sink);
    this.merger.release({ key: Number.POSITIVE_INFINITY, cpu: RV.MAX_CPUS }, this.writer);
    this.writer.end();
    return this.writer.rows;
  }

  /** Removes this reader's pid from the consumer pages. The read position stays there for the next reader. */
  detach(): void {
    for (const cpu of this.cpus) cpu.nameReader(0);
  }

  /** Records that were lost before this reader attached, and that no reader before it has accounted for. */
  get lostBefore(): number {
    return this.cpus.reduce((sum, cpu) => sum + cpu.lostAtAttach, 0);
  }

  /** What this reader delivered and lost so far, and the producer's counters, per CPU. */
  accounts(): CpuAccount[] {
    return this.cpus.map((cpu) => this.account(cpu));
  }

  private keyOf(words: Uint32Array): number {
    return difference(words[1] as number, words[0] as number, this.keyBase.hi, this.keyBase.lo);
  }

  private readonly keyLimit = (): number => {
    if (this.header.orderMode === 'index') this.memory.read(SESSION.nextIndex, this.limitWords);
    else this.clock.ticks(this.limitWords);
    return this.keyOf(this.limitWords);
  };

  private watermark(moment: RoundMoment): Watermark {
    const least = { key: moment.key, cpu: -1 };
    for (const cpu of this.cpus) {
      if (cpu.isStuck(moment.milliseconds, this.holdMs)) continue;
      if (before(cpu.boundKey, cpu.boundCpu, least.key, least.cpu)) {
        least.key = cpu.boundKey;
        least.cpu = cpu.boundCpu;
      }
    }
    return least;
  }

  /**
   * Computes the time below which no row will be released any more. A writer increments the nesting count before it
   * takes the clock, and the moment was taken before the ring was sampled, so a settled CPU writes nothing older than
   * the moment. Any other CPU, also a stuck one, writes nothing older than its last record; how long to wait for a
   * stuck CPU is decided by whoever uses this time. Rows that wait for the merge are in clock order within their CPU,
   * so the first row of each CPU suffices.
   */
  private safeTimeNs(moment: RoundMoment): number {
    const { hi, lo } = this.start;
    let least = difference(moment.ticks[1] as number, moment.ticks[0] as number, hi, lo);
    for (const cpu of this.cpus) {
      const { run } = cpu;
      if (!run.empty) {
        const at = run.offset[run.head] as number;
        least = Math.min(least, difference(run.words[at + 3] as number, run.words[at + 2] as number, hi, lo));
      } else if (!cpu.settled) {
        least = Math.min(least, difference(cpu.lastStamp.hi, cpu.lastStamp.lo, hi, lo));
      }
    }
    // The time never decreases: it was promised to others, even if a CPU is at work again and its last record is older.
    this.promised = Math.max(this.promised, least * (1e9 / this.header.clockFrequency));
    return this.promised;
  }

  private split(cpu: CpuReader, total: number, into: Float64Array): void {
    cpu.countedLosses(this.counted);
    splitLosses(total, this.counted, this.header.ringMode === 'overwrite', cpu.corruptLost, into);
  }

  private explain(cpu: CpuReader, lost: number): number {
    this.split(cpu, cpu.run.deliveredLost, this.splitBefore);
    this.split(cpu, cpu.run.deliveredLost + lost, this.splitAfter);
    return grownCauses(this.splitBefore, this.splitAfter);
  }

  private account(cpu: CpuReader): CpuAccount {
    const { run } = cpu;
    this.split(cpu, run.deliveredLost, this.splitAfter);
    const written = cpu.counter(PRODUCER.written);
    return {
      cpu: run.cpu,
      read: run.delivered,
      lost: run.deliveredLost,
      lostByCause: lossRecord(this.splitAfter),
      late: run.late,
      attempted: written + cpu.counter(PRODUCER.lost),
      written,
      overwritten: cpu.counter(PRODUCER.overwritten),
      wrapped: cpu.counter(PRODUCER.wrapped),
      badConsumer: cpu.counter(PRODUCER.badConsumer),
      indexHoles: cpu.counter(PRODUCER.indexHoles),
      attemptedBefore: cpu.attemptedBefore,
      pendingBytes: Math.min(cpu.pending, this.header.ringBytes),
      ringBytes: this.header.ringBytes,
      peakPendingBytes: cpu.peakPending,
      firstIndex: run.firstIndex,
      lastIndex: run.lastIndex,
    };
  }
}
