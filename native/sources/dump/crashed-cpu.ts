/**
 * The ring of one CPU of a crashed machine: which pages of the dump it lies in, what its own page says of it, and its whole records
 * as rows of a run, which the merge takes.
 */
import { baseCounts, COUNTED_CAUSES, COUNTER_OFFSETS, splitLosses } from '../../core/accounting.ts';
import { LOSS_CAUSES } from '../../core/entry.ts';
import { CONSUMER, PRODUCER, RECORD, RV, recordHeaderBytes } from '../../core/layout.ts';
import type { RingSessionHeader } from '../../core/ring-session.ts';
import { CpuRun } from '../../core/run.ts';
import { type SalvagedRecord, type SalvageReport, type StoppedRing, salvage } from './salvage.ts';

/** Bytes of records that wait for the merge, at least the longest record. */
const RUN_BYTES = 1 << 18;

/** The pages of one ring, as they were found. */
export interface RingPages {
  /** The producer's page. */
  readonly producer: Uint8Array;
  /** The consumer's page; null where it was not found. */
  readonly consumer: Uint8Array | null;
  /** A page of the data; null where it is missing. */
  data(number: number): Uint8Array | null;
}

const numberAt = (page: Uint8Array, at: number): number =>
  Number(new DataView(page.buffer, page.byteOffset, page.byteLength).getBigUint64(at, true));

export class CrashedCpu {
  readonly run: CpuRun;
  readonly report: SalvageReport = { damaged: [], unfinished: [] };
  readonly cpu: number;
  /** All records are in the run or were handed on. */
  finished = false;
  /** Records that nobody had published. */
  unpublished = 0;
  /** Attempts before the first record that a reader had read, so that they are not lost. */
  attemptedBefore = 0;
  private readonly ring: StoppedRing;
  private readonly header: RingSessionHeader;
  private readonly records: Generator<SalvagedRecord>;
  private readonly counts = new Float64Array(LOSS_CAUSES.length);
  private readonly base = new Float64Array(LOSS_CAUSES.length);
  private readonly counted = new Float64Array(LOSS_CAUSES.length);
  private readonly written: number;
  private readonly consumedSequence: number;
  private readonly alreadyRead: number;
  private corruptLost = 0;
  private sequence = 0;
  private lastKey = 0;
  private first = true;
  private held: SalvagedRecord | null = null;
  private readonly stamp = new Uint32Array(2);
  private readonly index = new Uint32Array(2);

  /** `nextIndex`: the index that no record of the session has yet. */
  constructor(cpu: number, header: RingSessionHeader, nextIndex: number, pages: RingPages) {
    this.cpu = cpu;
    this.header = header;
    this.run = new CpuRun(cpu, RUN_BYTES);
    const { producer, consumer } = pages;
    COUNTED_CAUSES.forEach((cause, at) => {
      this.counts[cause] = numberAt(producer, COUNTER_OFFSETS[at] as number);
    });
    this.written = numberAt(producer, PRODUCER.written);
    const lost = numberAt(producer, PRODUCER.lost);
    const published = numberAt(producer, PRODUCER.published);
    const consumed = consumer === null ? null : numberAt(consumer, CONSUMER.consumed);
    const believed = consumed !== null && consumed <= published && consumed % RV.ALIGN === 0;
    this.consumedSequence =
      believed && consumer ? Math.min(numberAt(consumer, CONSUMER.consumedSequence), this.written + lost) : 0;
    this.alreadyRead = believed && consumer ? Math.min(numberAt(consumer, CONSUMER.read), this.consumedSequence) : 0;
    this.ring = {
      cpu,
      ringBytes: header.ringBytes,
      headerBytes: recordHeaderBytes(header.versionMajor),
      overwrite: header.ringMode === 'overwrite',
      byClock: header.orderMode === 'clock',
      reserved: numberAt(producer, PRODUCER.reserved),
      published,
      tail: numberAt(producer, PRODUCER.tail),
      consumed: believed ? consumed : null,
      consumedSequence: this.consumedSequence,
      startTicks: Number(header.startTicks),
      nextIndex,
      attempts: this.written + lost,
      page: pages.data,
    };
    this.records = salvage(this.ring, this.report);
  }

  /** Attempts that the account is about: those that were counted, and those whose records were not counted yet. */
  get attempted(): number {
    return Math.max(this.ring.attempts, this.sequence) - this.attemptedBefore + this.unpublished;
  }

  /** Key of the newest row in the run; the merge may take what lies at or below it. */
  get newestKey(): number {
    return this.lastKey;
  }

  /** Puts records into the run until it is full or there are no more. Returns how many bytes were read. */
  fill(): number {
    let bytes = 0;
    while (!this.finished) {
      const record = this.held ?? this.take();
      if (record === null) {
        this.addTrailing();
        break;
      }
      if (this.run.makeRoom(record.bytes) < record.bytes) {
        this.held = record;
        break;
      }
      this.held = null;
      this.push(record);
      bytes += record.bytes;
    }
    return bytes;
  }

  /** How the first `total` losses are split over LOSS_CAUSES. */
  split(total: number, into: Float64Array): void {
    for (const cause of COUNTED_CAUSES) {
      this.counted[cause] = (this.counts[cause] as number) - (this.base[cause] as number);
    }
    splitLosses(total, this.counted, this.ring.overwrite, this.corruptLost, into);
  }

  private take(): SalvagedRecord | null {
    const { done, value } = this.records.next();
    return done ? null : value;
  }

  private push({ position, bytes, sequence, afterDamage }: SalvagedRecord): void {
    const { run, ring } = this;
    const lost = sequence === 0 ? 0 : this.lostBefore(sequence);
    // What lies behind damage was not lost by the machine: it is this file that has it no more.
    if (lost > 0 && afterDamage) this.corruptLost += lost;
    if (sequence === 0) this.unpublished++;
    else this.sequence = sequence;
    for (let done = 0; done < bytes; ) {
      const within = (position + done) % ring.ringBytes;
      const page = ring.page(Math.floor(within / RV.PAGE));
      const count = Math.min(bytes - done, RV.PAGE - (within % RV.PAGE));
      // It was there a moment ago; if the file was cut meanwhile, zeroes are no record that anybody wrote.
      if (page === null) run.bytes.fill(0, run.used + done, run.used + done + count);
      else run.bytes.set(page.subarray(within % RV.PAGE, (within % RV.PAGE) + count), run.used + done);
      done += count;
    }
    const word = run.used >>> 2;
    const keyWord = word + (ring.byClock ? RECORD.timestamp : RECORD.index) / 4;
    this.lastKey = (run.words[keyWord] as number) + (run.words[keyWord + 1] as number) * 2 ** 32;
    for (const at of [0, 1]) {
      this.stamp[at] = run.words[word + RECORD.timestamp / 4 + at] as number;
      this.index[at] = run.words[word + RECORD.index / 4 + at] as number;
    }
    run.key[run.tail] = this.lastKey;
    run.offset[run.tail] = word;
    run.lost[run.tail] = lost;
    run.tail++;
    run.used += bytes;
  }

  private lostBefore(sequence: number): number {
    if (this.first) this.begin(Math.min(sequence - 1, this.consumedSequence));
    return sequence - this.sequence - 1;
  }

  /** The account begins behind `sequence`: what a reader had read by then is neither here nor lost. */
  private begin(sequence: number): void {
    this.first = false;
    this.sequence = sequence;
    this.attemptedBefore = sequence;
    const countedSum = this.counts.reduce((sum, count) => sum + count, 0);
    const lostBefore = sequence >= this.consumedSequence ? this.consumedSequence - this.alreadyRead : 0;
    baseCounts(this.counts, countedSum - lostBefore, this.base);
  }

  /** Attempts behind the last record. */
  private addTrailing(): void {
    if (this.finished) return;
    if (this.first) this.begin(this.consumedSequence);
    const lost = this.ring.attempts - this.sequence;
    if (lost > 0) {
      if (!this.run.hasSpareRow()) return;
      if (this.report.damaged.some(({ to }) => to >= Math.min(this.ring.published, this.ring.reserved)))
        this.corruptLost += lost;
      if (!this.ring.byClock) {
        this.lastKey = Math.max(this.lastKey, this.ring.nextIndex);
        this.index[0] = this.lastKey % 2 ** 32;
        this.index[1] = Math.floor(this.lastKey / 2 ** 32);
      }
      if (this.stamp[0] === 0 && this.stamp[1] === 0) {
        this.stamp[0] = Number(this.header.startTicks & 0xffffffffn);
        this.stamp[1] = Number(this.header.startTicks >> 32n);
      }
      this.run.pushLoss(this.lastKey, lost, this.stamp, this.index);
      this.sequence = this.ring.attempts;
    }
    this.finished = true;
  }
}
