/**
 * A model of a writer for tests, which advances in small steps: what the C ring does between two memory accesses of one
 * processor is one step here, so that a test can let a reader run, or an interrupt happen, between any two. It is
 * deliberately simple. It shares only the layout with the reader, and it remembers what really became of every attempt.
 */
import { CONSUMER, imageGeometry, maxRecordBytes, PRODUCER, RV, SESSION } from './layout.ts';
import { createTestImage, type TestClock, type TestImageOptions } from './test-support.ts';

export interface ModelRecord {
  readonly cpu: number;
  /** Also the first 4 bytes of its data; the rest is `id & 255`. */
  readonly id: number;
  readonly length: number;
  index: bigint;
  timestamp: bigint;
  sequence: bigint;
}

export type ModelCause = 'full' | 'tooBig' | 'zeroLength' | 'nesting';

const CAUSE_FIELD = {
  full: PRODUCER.lostFull,
  tooBig: PRODUCER.lostTooBig,
  zeroLength: PRODUCER.lostZeroLength,
  nesting: PRODUCER.lostNesting,
} as const;

type Steps = Generator<void, void, void>;

/** The writers of one CPU: the one that began first, and those of interrupts on top of it. */
interface ModelCpu {
  readonly stack: Steps[];
  readonly page: number;
  readonly consumer: number;
  accepted: bigint;
  /** Published records that are still in the ring or were, in order. */
  readonly published: ModelRecord[];
  readonly unpublished: ModelRecord[];
  attempts: number;
  readonly lost: Record<ModelCause, number>;
}

export class ModelDriver {
  readonly view: DataView<ArrayBuffer>;
  readonly cpus: ModelCpu[];
  readonly records: ModelRecord[] = [];
  private readonly options: TestImageOptions;
  private readonly clock: TestClock;
  private readonly random: (limit: number) => number;

  constructor(options: TestImageOptions, clock: TestClock, random: (limit: number) => number) {
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.view = createTestImage(options);
    const geometry = imageGeometry(options.cpus, options.ringBytes);
    this.cpus = Array.from({ length: options.cpus }, (_, cpu) => ({
      stack: [],
      page: geometry.ringsOffset + cpu * geometry.ringStride,
      consumer: geometry.consumerOffset + cpu * RV.PAGE,
      accepted: options.position ?? 0n,
      published: [],
      unpublished: [],
      attempts: 0,
      lost: { full: 0, tooBig: 0, zeroLength: 0, nesting: 0 },
    }));
  }

  /** Performs one step of one CPU: its topmost writer continues, or a new one begins, on its own or as an interrupt. */
  step(cpu: number, mayBegin: boolean): void {
    const { stack } = this.cpus[cpu] as ModelCpu;
    const top = stack.at(-1);
    const interrupt = stack.length < RV.MAX_NESTING + 2 && this.random(top ? 24 : 2) === 0;
    if (mayBegin && interrupt) stack.push(this.write(cpu, this.pickLength()));
    else if (top?.next().done) stack.splice(stack.indexOf(top), 1);
  }

  get idle(): boolean {
    return this.cpus.every(({ stack }) => stack.length === 0);
  }

  private pickLength(): number {
    const longest = maxRecordBytes(this.options.ringBytes) - RV.RECORD_HEADER_BYTES;
    const kind = this.random(40);
    if (kind === 0) return 0;
    if (kind === 1) return longest + 1;
    return kind === 2 ? longest : 4 + this.random(150);
  }

  private get(at: number): bigint {
    return this.view.getBigUint64(at, true);
  }

  private set(at: number, value: bigint): void {
    this.view.setBigUint64(at, value, true);
  }

  private add(at: number): void {
    this.set(at, this.get(at) + 1n);
  }

  private *lose(cpu: ModelCpu, cause: ModelCause): Steps {
    cpu.lost[cause]++;
    this.add(cpu.page + CAUSE_FIELD[cause]);
    yield;
    this.add(cpu.page + PRODUCER.lost);
    yield;
  }

  private *write(number: number, length: number): Steps {
    const cpu = this.cpus[number] as ModelCpu;
    const { page } = cpu;
    cpu.attempts++;
    const depth = this.view.getUint32(page + PRODUCER.nesting, true);
    if (depth >= RV.MAX_NESTING) {
      yield* this.lose(cpu, 'nesting');
      return;
    }
    this.view.setUint32(page + PRODUCER.nesting, depth + 1, true);
    yield;
    if (length === 0) yield* this.lose(cpu, 'zeroLength');
    else if (length > maxRecordBytes(this.options.ringBytes) - RV.RECORD_HEADER_BYTES) yield* this.lose(cpu, 'tooBig');
    else yield* this.record(cpu, number, length);

    if (depth > 0) {
      this.view.setUint32(page + PRODUCER.nesting, depth, true);
      yield;
      return;
    }
    for (;;) {
      yield* this.publish(cpu);
      this.view.setUint32(page + PRODUCER.nesting, 0, true);
      yield;
      if (this.get(page + PRODUCER.reserved) === this.get(page + PRODUCER.published)) return;
      this.view.setUint32(page + PRODUCER.nesting, 1, true);
      yield;
    }
  }

  private *record(cpu: ModelCpu, number: number, length: number): Steps {
    const { page } = cpu;
    const ringBytes = BigInt(this.options.ringBytes);
    const total = BigInt(Math.ceil((RV.RECORD_HEADER_BYTES + length) / 8) * 8);
    const byIndex = this.options.order !== 'clock';
    for (;;) {
      const begin = this.get(page + PRODUCER.reserved);
      yield;
      const toEnd = ringBytes - (begin % ringBytes);
      const pad = toEnd < total ? toEnd : 0n;
      const end = begin + pad + total;
      const room =
        this.options.mode === 'overwrite' ? yield* this.reclaim(cpu, end) : yield* this.roomBehindReader(cpu, end);
      if (!room) {
        yield* this.lose(cpu, 'full');
        return;
      }
      let index = 0n;
      if (byIndex) {
        index = this.get(SESSION.nextIndex);
        this.add(SESSION.nextIndex);
        yield;
      }
      const timestamp = this.clock.now;
      yield;
      if (this.get(page + PRODUCER.reserved) !== begin) {
        if (byIndex) this.add(page + PRODUCER.indexHoles);
        yield;
        continue;
      }
      this.set(page + PRODUCER.reserved, end);
      const record: ModelRecord = { cpu: number, id: this.records.length, length, index, timestamp, sequence: 0n };
      this.records.push(record);
      cpu.unpublished.push(record);
      yield;
      yield* this.fill(cpu, begin, begin + pad, record);
      return;
    }
  }

  private *roomBehindReader(cpu: ModelCpu, end: bigint): Generator<void, boolean, void> {
    const ringBytes = BigInt(this.options.ringBytes);
    if (end - cpu.accepted <= ringBytes) return true;
    const accepted = cpu.accepted;
    yield;
    const consumed = this.get(cpu.consumer + CONSUMER.consumed);
    yield;
    if (consumed < accepted || consumed > this.get(cpu.page + PRODUCER.published) || consumed % 8n !== 0n) {
      if (consumed !== accepted) this.add(cpu.page + PRODUCER.badConsumer);
    } else if (cpu.accepted === accepted) {
      cpu.accepted = consumed;
    }
    yield;
    return end - cpu.accepted <= ringBytes;
  }

  private *reclaim(cpu: ModelCpu, end: bigint): Generator<void, boolean, void> {
    const ringBytes = BigInt(this.options.ringBytes);
    const published = this.get(cpu.page + PRODUCER.published);
    if (end - published > ringBytes) return false;
    for (;;) {
      const tail = this.get(cpu.page + PRODUCER.tail);
      if (end - tail <= ringBytes) return true;
      yield;
      const at = this.dataAt(cpu, tail);
      const length = this.view.getUint32(at, true);
      const isRecord = this.view.getUint8(at + 6) === RV.KIND_RECORD;
      yield;
      if (this.get(cpu.page + PRODUCER.tail) === tail) {
        const bytes = isRecord ? Math.ceil((RV.RECORD_HEADER_BYTES + length) / 8) * 8 : 8 + length;
        this.set(cpu.page + PRODUCER.tail, tail + BigInt(bytes));
        if (isRecord) this.add(cpu.page + PRODUCER.overwritten);
        yield;
      }
    }
  }

  private dataAt(cpu: ModelCpu, position: bigint): number {
    return cpu.page + RV.PAGE + Number(position % BigInt(this.options.ringBytes));
  }

  private *fill(cpu: ModelCpu, begin: bigint, start: bigint, record: ModelRecord): Steps {
    const { view } = this;
    if (start > begin) {
      const pad = this.dataAt(cpu, begin);
      view.setUint32(pad, Number(start - begin) - RV.PAD_HEADER_BYTES, true);
      view.setUint16(pad + 4, record.cpu, true);
      view.setUint16(pad + 6, RV.KIND_PAD, true);
      this.add(cpu.page + PRODUCER.wrapped);
      yield;
    }
    const at = this.dataAt(cpu, start);
    view.setUint32(at, record.length, true);
    view.setUint16(at + 4, record.cpu, true);
    view.setUint16(at + 6, RV.KIND_RECORD | (2 << 8), true);
    yield;
    this.set(at + 8, record.timestamp);
    this.set(at + 16, record.index);
    yield;
    this.set(at + 32, 0n);
    this.set(at + 40, 0n);
    this.set(at + 48, 0n);
    yield;
    const data = new Uint8Array(view.buffer, at + RV.RECORD_HEADER_BYTES, Math.ceil(record.length / 8) * 8);
    data.fill(0);
    for (let done = 0; done < record.length; done += 8) {
      data.fill(record.id & 255, done, Math.min(done + 8, record.length));
      if (done === 0) view.setUint32(at + RV.RECORD_HEADER_BYTES, record.id, true);
      if (done % 32 === 0) yield;
    }
  }

  private *publish(cpu: ModelCpu): Steps {
    const { page } = cpu;
    const end = this.get(page + PRODUCER.reserved);
    yield;
    let position = this.get(page + PRODUCER.published);
    const stamped: ModelRecord[] = [];
    while (position < end) {
      const at = this.dataAt(cpu, position);
      const length = this.view.getUint32(at, true);
      if (this.view.getUint8(at + 6) === RV.KIND_PAD) {
        position += BigInt(8 + length);
        continue;
      }
      const record = cpu.unpublished[stamped.length] as ModelRecord;
      const written = this.get(page + PRODUCER.written) + BigInt(stamped.length + 1);
      record.sequence = written + this.get(page + PRODUCER.lost);
      this.set(at + 24, record.sequence);
      stamped.push(record);
      position += BigInt(Math.ceil((RV.RECORD_HEADER_BYTES + length) / 8) * 8);
      yield;
    }
    const last = stamped.at(-1);
    if (!last) return;
    this.set(page + PRODUCER.written, this.get(page + PRODUCER.written) + BigInt(stamped.length));
    yield;
    this.set(page + PRODUCER.sequence, last.sequence);
    yield;
    cpu.unpublished.splice(0, stamped.length);
    cpu.published.push(...stamped);
    this.set(page + PRODUCER.published, end);
    yield;
  }
}
