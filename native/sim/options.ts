/** The options of a simulated ring session, and the plan that results once they were checked. */
import { isRingBytes, RV } from '../core/layout.ts';
import { checkRingSessionName } from '../core/platform.ts';
import { fail, ok, type Result } from '../core/result.ts';

export interface SimulatorOptions {
  /** The ring session is `sim:NAME` for readers. */
  readonly name: string;
  /** CPUs to simulate, 1..2048. Default 4. */
  readonly cpus?: number;
  /** Attempts a second over all CPUs, or as fast as possible. Default 1000. */
  readonly rate?: number | 'max';
  /** Attempts over all CPUs, then stop; 0 is until stopped. Default 0, for a replay the number of its lines. */
  readonly count?: number;
  /** Data bytes of each ring, a power of two from 4 KiB to 1 GiB. Default 4 MiB. */
  readonly ringBytes?: number;
  /** What happens when a ring is full. Default 'drop'. */
  readonly mode?: 'drop' | 'overwrite';
  /** What the reader orders by. Default 'index'. */
  readonly order?: 'index' | 'clock';
  /** A text whose lines become the messages, as the bytes of its file. */
  readonly replay?: Uint8Array;
  /** The most bytes of a line to replay; a longer one is cut there and flagged, as a driver does. 0 for whole lines. Default 0. */
  readonly textBytes?: number;
  /** Same seed, same messages on the same CPUs. Default 1. */
  readonly seed?: number;
  /** Texts end with ` #` and their FNV-1a in 8 hexadecimal digits. Default false. */
  readonly checksum?: boolean;
  /** Texts end with ` @SEED.ATTEMPT`, each in 8 hexadecimal digits; before the checksum. Default false. */
  readonly numbered?: boolean;
  /** Every n-th attempt is a typed binary payload; 0 for none. Default 0. */
  readonly binary?: number;
  /** Every n-th attempt is a record of a connection (driver/schema/network.json); 0 for none. Default 0. */
  readonly records?: number;
  /**
   * Every n-th attempt is a faulty one that a driver should not make (too long, empty, without buffer); 0 for none.
   * Default 0.
   */
  readonly faults?: number;
  /** Start only when a reader is there. Default false. */
  readonly waitReader?: boolean;
  /** How long the memory is kept after the end for a reader that has not read all; milliseconds. Default 2000. */
  readonly lingerMs?: number;
}

export interface SimulatorPlan {
  readonly name: string;
  readonly cpus: number;
  /** Infinity means as fast as possible. */
  readonly rate: number;
  /** Infinity means until stopped. */
  readonly count: number;
  readonly ringBytes: number;
  readonly overwrite: boolean;
  readonly byClock: boolean;
  readonly replay: Uint8Array | null;
  readonly textBytes: number;
  readonly seed: number;
  readonly checksum: boolean;
  readonly numbered: boolean;
  readonly binary: number;
  readonly records: number;
  readonly faults: number;
  readonly waitReader: boolean;
  readonly lingerMs: number;
}

function bad(what: string, action: string): Result<never> {
  return fail('bad-argument', what, action);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Fills in the defaults and checks the result. Failure: bad-argument. */
export function planSimulator(options: SimulatorOptions): Result<SimulatorPlan> {
  const name = checkRingSessionName(options.name);
  if (!name.ok) return name;
  const cpus = options.cpus ?? 4;
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > RV.MAX_CPUS) {
    return bad(`${cpus} is not a number of CPUs`, `Use 1 to ${RV.MAX_CPUS}`);
  }
  const ringBytes = options.ringBytes ?? 4194304;
  if (!isRingBytes(ringBytes)) {
    return bad(
      `${ringBytes} is not a ring size`,
      `Use a power of two from ${RV.MIN_RING_BYTES} to ${RV.MAX_RING_BYTES} bytes`,
    );
  }
  const rate = options.rate === 'max' ? Number.POSITIVE_INFINITY : (options.rate ?? 1000);
  if (!(rate > 0)) return bad(`${rate} is not a rate`, `Use attempts a second above 0, or 'max'`);
  for (const field of ['count', 'binary', 'records', 'faults', 'lingerMs', 'textBytes'] as const) {
    const value = options[field] ?? 0;
    if (!isCount(value)) return bad(`${value} is not a value for ${field}`, 'Use a whole number from 0');
  }
  const seed = options.seed ?? 1;
  if (!Number.isSafeInteger(seed)) return bad(`${seed} is not a seed`, 'Use a whole number');
  return ok({
    name: name.value,
    cpus,
    rate,
    count: options.count || Number.POSITIVE_INFINITY,
    ringBytes,
    overwrite: options.mode === 'overwrite',
    byClock: options.order === 'clock',
    replay: options.replay ?? null,
    textBytes: options.textBytes ?? 0,
    seed,
    checksum: options.checksum ?? false,
    numbered: options.numbered ?? false,
    binary: options.binary ?? 0,
    records: options.records ?? 0,
    faults: options.faults ?? 0,
    waitReader: options.waitReader ?? false,
    lingerMs: options.lingerMs ?? 2000,
  });
}
