/**
 * The simulated driver: a producer that fills the rings of a ring session in the way of the kernel driver, with one
 * thread that plays all CPUs. It shares only the layout and the bindings with the reader, so that each can reveal
 * mistakes of the other.
 */
import { unixMsToFiletime } from '../core/filetime.ts';
import { CONSUMER, imageGeometry, PRODUCER, PRODUCER_NAME_BYTES, RV, SESSION } from '../core/layout.ts';
import type { Platform, ProducerImage } from '../core/platform.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { setNumber, TWO_32 } from '../core/u64.ts';
import { DriverMessages, type MessageSource, WithBinary, WithChecksum, WithNumber } from './messages.ts';
import type { SimulatorPlan } from './options.ts';
import { Random } from './random.ts';
import { WithRecords } from './records.ts';
import { ReplayMessages, splitLines } from './replay.ts';
import { PRODUCER_CAUSES, type ProducerCause, RingWriter } from './ring-writer.ts';

/** Attempts between the moment when all CPUs enter and when they leave: few enough that readers hardly notice. */
const BATCH = 512;
/**
 * Attempts that share one reading of the clock. Each is stamped one tick after the one before, which is less time than
 * it takes, so that no stamp runs ahead of the clock.
 */
const PER_CLOCK = 8;
const FAULTS = ['tooBig', 'zeroLength', 'missingData'] as const;

export interface SimulatedCpu {
  readonly cpu: number;
  readonly attempted: number;
  readonly written: number;
  readonly lost: Readonly<Record<ProducerCause, number>>;
}

export interface SimulatorResult {
  readonly cpus: readonly SimulatedCpu[];
}

export class SimulatedDriver {
  /** Attempts made so far. */
  attempted = 0;

  private readonly platform: Platform;
  private readonly image: ProducerImage;
  private readonly byClock: boolean;
  private readonly faults: number;
  private readonly writers: RingWriter[];
  private readonly messages: MessageSource;
  private readonly random: Random;
  private readonly picks = new Uint16Array(BATCH);
  private readonly involved: Uint8Array;
  private readonly pair = new Uint32Array(2);
  private readonly startTicks: bigint;
  private nextIndex = 1;
  private sinceFault = 0;
  private faultCount = 0;

  private constructor(plan: SimulatorPlan, platform: Platform, image: ProducerImage, messages: MessageSource) {
    this.platform = platform;
    this.image = image;
    this.byClock = plan.byClock;
    this.faults = plan.faults;
    this.messages = messages;
    this.random = new Random(plan.seed + 1);
    this.involved = new Uint8Array(plan.cpus);
    this.startTicks = platform.clock.ticks();
    const geometry = imageGeometry(plan.cpus, plan.ringBytes);
    this.writers = Array.from(
      { length: plan.cpus },
      (_, cpu) =>
        new RingWriter(
          cpu,
          platform,
          image.address + geometry.ringsOffset + cpu * geometry.ringStride,
          image.address + geometry.consumerOffset + cpu * RV.PAGE,
          plan.ringBytes,
          plan.overwrite,
        ),
    );
    this.writePages(plan);
  }

  /**
   * Creates the ring session's memory, in state STARTING.
   * Failures: bad-argument (nothing to replay), source-busy, permission-denied, disk-full, io-error.
   */
  static create(plan: SimulatorPlan, platform: Platform): Result<SimulatedDriver> {
    let messages: MessageSource = new DriverMessages(plan.seed);
    if (plan.replay) {
      const lines = splitLines(plan.replay);
      if (lines.length === 0) return fail('bad-argument', 'The text to replay has no lines', 'Name another file');
      messages = new ReplayMessages(lines, plan.textBytes);
    }
    if (plan.binary > 0) messages = new WithBinary(messages, plan.binary, plan.seed + 2);
    if (plan.records > 0) messages = new WithRecords(messages, plan.records, plan.seed + 3);
    if (plan.numbered) messages = new WithNumber(messages, plan.seed);
    if (plan.checksum) messages = new WithChecksum(messages);
    const image = platform.createImage(plan.name, imageGeometry(plan.cpus, plan.ringBytes).imageBytes);
    if (!image.ok) return image;
    return ok(new SimulatedDriver(plan, platform, image.value, messages));
  }

  start(): void {
    this.store(SESSION.state, RV.STATE_RUNNING);
  }

  /** Makes `attempts` attempts, in batches. */
  step(attempts: number): void {
    let left = attempts;
    while (left > 0) left -= this.batch(Math.min(left, BATCH));
    const heartbeat = this.platform.clock.ticks();
    this.pair[0] = Number(heartbeat & 0xffffffffn);
    this.pair[1] = Number(heartbeat >> 32n);
    this.platform.write(this.image.address + SESSION.heartbeat, this.pair);
  }

  stop(): SimulatorResult {
    this.platform.barrier();
    this.store(SESSION.state, RV.STATE_STOPPED);
    return {
      cpus: this.writers.map(({ cpu, written, lost, lostByCause }) => ({
        cpu,
        attempted: written + lost,
        written,
        lost: Object.fromEntries(PRODUCER_CAUSES.map((cause, at) => [cause, lostByCause[at]])) as Record<
          ProducerCause,
          number
        >,
      })),
    };
  }

  hasReader(): boolean {
    return this.image.hasReader();
  }

  /** Looks where the readers are. True if one has taken everything that was written. */
  checkDrained(): boolean {
    return this.writers.every((writer) => writer.checkDrained());
  }

  /** Removes the ring session's name. Readers keep what they have mapped. */
  close(): void {
    this.image.close();
  }

  /** Makes at most `attempts` attempts; returns how many. */
  private batch(attempts: number): number {
    const writers = this.writers;
    const picks = this.picks;
    const involved = this.involved;
    for (let i = 0; i < attempts; i++) {
      const cpu = writers.length === 1 ? 0 : this.random.below(writers.length);
      picks[i] = cpu;
      if (involved[cpu] === 0) {
        involved[cpu] = 1;
        (writers[cpu] as RingWriter).enter();
      }
    }
    this.platform.barrier();

    const startLo = Number(this.startTicks & 0xffffffffn);
    const startHi = Number(this.startTicks >> 32n);
    let ticks = 0;
    let made = 0;
    while (made < attempts) {
      const writer = writers[picks[made] as number] as RingWriter;
      if (writer.batchFull) break;
      if (made % PER_CLOCK === 0) ticks = startLo + Number(this.platform.clock.ticks() - this.startTicks);
      else ticks++;
      this.attempt(writer, ticks % TWO_32, startHi + Math.floor(ticks / TWO_32));
      made++;
    }
    // Every writer has already entered, so the counter may become visible before the records it numbers.
    if (!this.byClock) this.store(SESSION.nextIndex, this.nextIndex);
    for (let cpu = 0; cpu < writers.length; cpu++) {
      if (involved[cpu] === 0) continue;
      involved[cpu] = 0;
      (writers[cpu] as RingWriter).publish();
    }
    this.attempted += made;
    return made;
  }

  private attempt(writer: RingWriter, ticksLo: number, ticksHi: number): void {
    if (this.faults > 0 && ++this.sinceFault === this.faults) {
      this.sinceFault = 0;
      writer.lose(FAULTS[this.faultCount++ % FAULTS.length] as ProducerCause);
      return;
    }
    const messages = this.messages;
    const at = writer.reserve(messages.next());
    if (at < 0) return;
    const { words } = writer;
    const word = at >>> 2;
    const index = this.byClock ? 0 : this.nextIndex++;
    words[word + 1] = (words[word + 1] as number) | (messages.level << 24);
    words[word + 2] = ticksLo;
    words[word + 3] = ticksHi;
    words[word + 4] = index % TWO_32;
    words[word + 5] = index / TWO_32;
    words[word + 8] = messages.pid;
    words[word + 9] = messages.type | (RV.ORIGIN_DRIVER << 16);
    words[word + 10] = messages.remarks;
    words[word + 11] = messages.flags;
    // A few threads in each process, of which each keeps to its CPU; process 0 has one, the idle thread.
    words[word + 12] = messages.pid === 0 ? 0 : messages.pid + 4 + 4 * (writer.cpu & 7);
    words[word + 13] = messages.irql;
    messages.write(writer.bytes, at + RV.RECORD_HEADER_BYTES);
  }

  private store(offset: number, value: number): void {
    setNumber(this.pair, value);
    this.platform.write(this.image.address + offset, this.pair);
  }

  private writePages(plan: SimulatorPlan): void {
    const geometry = imageGeometry(plan.cpus, plan.ringBytes);
    const sessionId = crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
    const page = new Uint8Array(RV.PAGE);
    const view = new DataView(page.buffer);
    const ringMode = plan.overwrite ? RV.MODE_OVERWRITE_OLD : RV.MODE_DROP_NEW;

    for (let cpu = 0; cpu < plan.cpus; cpu++) {
      page.fill(0);
      view.setBigUint64(CONSUMER.magic, RV.MAGIC_CONSUMER, true);
      view.setUint32(CONSUMER.cpu, cpu, true);
      this.platform.write(this.image.address + geometry.consumerOffset + cpu * RV.PAGE, page);
      page.fill(0);
      view.setBigUint64(PRODUCER.magic, RV.MAGIC_PRODUCER, true);
      view.setUint32(PRODUCER.cpu, cpu, true);
      view.setUint32(PRODUCER.ringMode, ringMode, true);
      view.setBigUint64(PRODUCER.ringBytes, BigInt(plan.ringBytes), true);
      view.setBigUint64(PRODUCER.sessionId, sessionId, true);
      this.platform.write(this.image.address + geometry.ringsOffset + cpu * geometry.ringStride, page);
    }

    page.fill(0);
    view.setUint16(SESSION.versionMajor, RV.VERSION_MAJOR, true);
    view.setUint16(SESSION.versionMinor, RV.VERSION_MINOR, true);
    view.setUint32(SESSION.pageBytes, RV.PAGE, true);
    view.setBigUint64(SESSION.sessionId, sessionId, true);
    view.setBigUint64(SESSION.imageBytes, BigInt(geometry.imageBytes), true);
    view.setUint32(SESSION.cpuCount, plan.cpus, true);
    view.setUint32(SESSION.ringMode, ringMode, true);
    view.setBigUint64(SESSION.ringBytes, BigInt(plan.ringBytes), true);
    view.setBigUint64(SESSION.consumerOffset, BigInt(geometry.consumerOffset), true);
    view.setBigUint64(SESSION.ringsOffset, BigInt(geometry.ringsOffset), true);
    view.setBigUint64(SESSION.ringStride, BigInt(geometry.ringStride), true);
    view.setBigUint64(SESSION.qpcFrequency, BigInt(this.platform.clock.frequency), true);
    view.setBigUint64(SESSION.startQpc, this.startTicks, true);
    view.setBigUint64(SESSION.startFiletime, unixMsToFiletime(Date.now()), true);
    view.setUint32(SESSION.producerPid, process.pid, true);
    view.setUint32(SESSION.orderMode, plan.byClock ? RV.ORDER_CLOCK : RV.ORDER_INDEX, true);
    page.set(new TextEncoder().encode('simulated driver').subarray(0, PRODUCER_NAME_BYTES - 1), SESSION.producer);
    view.setBigUint64(SESSION.nextIndex, 1n, true);
    this.platform.write(this.image.address, page);
    // Stored last, so that a reader who sees it finds everything else complete.
    this.platform.barrier();
    view.setBigUint64(SESSION.magic, RV.MAGIC_SESSION, true);
    this.platform.write(this.image.address, new Uint32Array(page.buffer, 0, 2));
  }
}
