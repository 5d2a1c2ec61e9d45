/**
 * A ring session as a LogSource: opens and checks the memory, then lets core/ring-reader.ts read it. This file decides
 * who may read, and whether the producer is running, has stopped, has died, or has taken its memory away.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import type { CpuAccount } from '../../core/cpu-account.ts';
import type { BatchLease } from '../../core/entry.ts';
import { RV, SESSION } from '../../core/layout.ts';
import { type ImageMemory, MemoryFault, memoryGone, type ReaderClock } from '../../core/memory.ts';
import { checkRingSessionName, type Platform, type ReaderImage } from '../../core/platform.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { RingReader, type RingReaderOptions } from '../../core/ring-reader.ts';
import { formatRingSessionId, parseRingSession, type RingSessionHeader } from '../../core/ring-session.ts';
import { setBigInt } from '../../core/u64.ts';
import { getPlatform } from '../../platform.ts';
import type { CpuStats, LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';

export interface RingSourceOptions extends RingReaderOptions {
  /** Milliseconds on a clock that only grows; tests inject it. Default performance.now. */
  readonly milliseconds?: () => number;
  /** The platform to use; default that of this process. */
  readonly platform?: Platform;
  /** What people call the source; default `sim:NAME`. */
  readonly displayName?: string;
}

const MAGIC_LO = Number(RV.MAGIC_SESSION & 0xffffffffn);
const MAGIC_HI = Number(RV.MAGIC_SESSION >> 32n);

/** How often the producer's lock is checked while its state says that it is running; milliseconds. */
const LIVENESS_MS = 50;

/**
 * Attaches to the simulated ring session `name` and becomes its reader. A ring session whose producer is gone can still
 * be opened, and its remaining records are delivered. Failures: bad-argument, source-unsupported, source-not-found,
 * source-busy, permission-denied, bad-magic (also while the producer is still creating it: try again), bad-version,
 * bad-layout, truncated-mapping, disk-full, io-error.
 */
export function openRingSource(name: string, options: RingSourceOptions = {}): Result<LogSource> {
  const checked = checkRingSessionName(name);
  if (!checked.ok) return checked;
  const platform = options.platform ? ok(options.platform) : getPlatform();
  if (!platform.ok) return platform;
  const image = platform.value.openImage(name);
  if (!image.ok) return image;
  const source = attach(name, platform.value, image.value, options);
  if (!source.ok) image.value.close();
  return source;
}

function attach(name: string, platform: Platform, image: ReaderImage, options: RingSourceOptions): Result<LogSource> {
  const page = readPage(image);
  if (!page.ok) return page;
  const parsed = parseRingSession(page.value, image.bytes);
  if (!parsed.ok) return parsed;
  const header = parsed.value;
  if (header.orderMode === 'clock' && header.clockFrequency !== platform.clock.frequency) {
    return fail(
      'bad-layout',
      `Ring session '${name}' is ordered by a clock of ${header.clockFrequency} ticks a second, this reader has ${platform.clock.frequency}`,
      'Read it on the machine that writes it',
    );
  }
  const locked = image.lock();
  if (!locked.ok) return locked;
  const allowed = image.allowWriting(header.consumerOffset, header.ringsOffset - header.consumerOffset);
  if (!allowed.ok) return allowed;
  const milliseconds = options.milliseconds ?? (() => performance.now());
  const clock: ReaderClock = {
    ticks: sessionTicks(header, platform),
    milliseconds,
  };
  const reader = attachReader(header, image.memory, clock, options);
  if (!reader.ok) return reader;
  const title = options.displayName ?? `sim:${name}`;
  return ok(new RingSource(name, title, header, platform.clock.frequency, image, reader.value, milliseconds));
}

/** The first page, or as much of it as there is. Failures: those of the memory. */
function readPage(image: ReaderImage): Result<Uint8Array> {
  const page = new Uint8Array(Math.min(RV.PAGE, image.bytes));
  return ofMemory(() => {
    image.memory.copyOut(0, page, 0, page.length);
    return ok(page);
  });
}

/** Calls `access` and turns a MemoryFault into a failure value. */
function ofMemory<T>(access: () => Result<T>): Result<T> {
  try {
    return access();
  } catch (error) {
    if (error instanceof MemoryFault) return { ok: false, failure: error.failure };
    throw error;
  }
}

/** RingReader.attach with a MemoryFault turned into a failure value. Failures: its own, and those of the memory. */
export function attachReader(
  header: RingSessionHeader,
  memory: ImageMemory,
  clock: ReaderClock,
  options: RingReaderOptions,
): Result<RingReader> {
  return ofMemory(() => RingReader.attach(header, memory, clock, { readerPid: process.pid, ...options }));
}

/**
 * This machine's clock, converted to the ticks of the ring session. If the frequencies differ, it is good enough for
 * display, but must not decide the order of rows.
 */
export function sessionTicks(header: RingSessionHeader, platform: Platform): (target: Uint32Array) => void {
  if (header.clockFrequency === platform.clock.frequency) {
    return (target) => setBigInt(target, platform.clock.ticks());
  }
  const frequency = BigInt(header.clockFrequency);
  const own = BigInt(platform.clock.frequency);
  return (target) => setBigInt(target, (platform.clock.ticks() * frequency) / own);
}

/** The figures of a CPU. Those that exist only because it has a ring are in a part of their own. */
function cpuStats(account: CpuAccount): CpuStats {
  const { cpu, read, lost, lostByCause, late, firstIndex, lastIndex, ...ring } = account;
  return { cpu, read, lost, lostByCause, late, firstIndex, lastIndex, ring };
}

/** What a source needs of the memory it was opened from. */
export type SourceImage = Pick<ReaderImage, 'memory' | 'size' | 'producerAlive' | 'close'>;

/** Reads an attached ring session in the memory of `image`. `ownFrequency`: ticks a second of this machine's clock. */
export class RingSource implements LogSource {
  readonly info: SourceInfo;
  private readonly name: string;
  private readonly header: RingSessionHeader;
  private readonly image: SourceImage;
  private readonly reader: RingReader;
  private readonly milliseconds: () => number;
  /** The first page of the ring session up to and including its state. */
  private readonly words = new Uint32Array(SESSION.state / 4 + 2);
  /** True if the ring session's time stamps come from this machine's clock. */
  private readonly ownClock: boolean;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  /** How the ring session ended, once that is known; its remaining records are still being read. */
  private ending: 'ended' | 'gone' | null = null;
  private livenessAt = Number.NEGATIVE_INFINITY;
  private closed = false;

  constructor(
    name: string,
    title: string,
    header: RingSessionHeader,
    ownFrequency: number,
    image: SourceImage,
    reader: RingReader,
    milliseconds: () => number,
  ) {
    this.name = name;
    this.header = header;
    this.image = image;
    this.reader = reader;
    this.milliseconds = milliseconds;
    this.ownClock = header.clockFrequency === ownFrequency;
    const sessionId = formatRingSessionId(header.sessionId);
    this.info = {
      name: title,
      producer: header.producer,
      cpuCount: header.cpuCount,
      identity: sessionId,
      startUnixMs: header.startUnixMs,
      ...(this.ownClock ? { clock: { frequency: ownFrequency, startTicks: header.startTicks.toString() } } : {}),
      ring: {
        ...{ bytes: header.ringBytes, mode: header.ringMode, order: header.orderMode, sessionId },
        ...(reader.lostBefore > 0 ? { lostBefore: reader.lostBefore } : {}),
      },
    };
  }

  poll(sink: BatchSink, lease: BatchLease | null = null): PollOutcome {
    if (this.closed || this.state !== 'capturing') return this.outcome(0, 0, false);
    const failure = this.checkSize();
    if (failure) return this.fail(failure, sink);
    try {
      return this.round(sink, lease);
    } catch (error) {
      if (error instanceof MemoryFault) return this.fail(error.failure, sink);
      throw error;
    }
  }

  private round(sink: BatchSink, lease: BatchLease | null): PollOutcome {
    this.checkEnd();
    const round = this.reader.round(sink, this.ending !== null, lease);
    let { rows } = round;
    if (this.ending && round.drained) {
      rows += this.reader.flush(sink);
      this.state = this.ending;
    }
    const outcome = { ...this.outcome(rows, round.bytes, round.more), fill: round.fill };
    return this.ownClock && this.state === 'capturing' ? { ...outcome, safeTimeNs: round.safeTimeNs } : outcome;
  }

  stats(): SourceStats {
    return { state: this.state, failure: this.failure, cpus: this.reader.accounts().map(cpuStats) };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    this.closed = true;
    this.reader.flush(sink);
    if (this.checkSize() === null) this.detach();
    this.image.close();
  }

  /** Hands on what was copied out before the memory was found to be gone, and fails. */
  private fail(failure: Failure, sink: BatchSink): PollOutcome {
    this.failure = failure;
    this.state = 'failed';
    return this.outcome(this.reader.flush(sink), 0, false);
  }

  private detach(): void {
    try {
      this.reader.detach();
    } catch (error) {
      // If the memory is gone, there are no consumer pages from which to remove the reader.
      if (!(error instanceof MemoryFault)) throw error;
    }
  }

  private outcome(rows: number, bytes: number, more: boolean): PollOutcome {
    return { state: this.state, rows, bytes, more };
  }

  /** Notices memory that was truncated, even if none of the removed part would be read. */
  private checkSize(): Failure | null {
    const size = this.image.size();
    if (!size.ok) return size.failure;
    if (size.value >= this.header.imageBytes) return null;
    const cut = fail(
      'truncated-mapping',
      `The memory of ring session '${this.name}' was cut from ${this.header.imageBytes} to ${size.value} bytes while it was read`,
      'Start the producer again and reopen the ring session',
    );
    return cut.ok ? null : cut.failure;
  }

  /**
   * Checks whether the producer lives before reading its state. In the other order, a producer that stops and exits in
   * between would be taken for one that died while running.
   */
  private checkEnd(): void {
    if (this.ending) return;
    const now = this.milliseconds();
    let dead = false;
    if (now - this.livenessAt >= LIVENESS_MS) {
      this.livenessAt = now;
      dead = !this.image.producerAlive();
    }
    const words = this.words;
    this.image.memory.read(0, words);
    this.image.memory.barrier();
    if (words[0] !== MAGIC_LO || words[1] !== MAGIC_HI) {
      // Memory that was truncated and extended again has its old size, but contains only zeroes.
      throw memoryGone(`The memory of ring session '${this.name}' was taken away and replaced while it was read`);
    }
    if (words[SESSION.state / 4] === RV.STATE_STOPPED) this.ending = 'ended';
    else if (dead) this.ending = 'gone';
  }
}
