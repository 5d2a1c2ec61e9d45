/**
 * `file.log`: what rate is held without a loss while a log is written to a file, beside the same without, and how long the drain
 * stands still then. Without a window: session, formatting and writer as in the app.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LineFormat } from '../../electron/contract/export-formats.ts';
import { SHOW_ALL } from '../../electron/contract/rows.ts';
import { createScanThreads } from '../../electron/scan/threads.ts';
import { FileLog } from '../../electron/service/file-log.ts';
import { Session } from '../../electron/session/ingest/session.ts';
import { ALL_FIELDS } from '../../electron/session/output/output-facts.ts';
import { openSource } from '../../native/sources/open.ts';
import { messages } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { FIRST_RATE, type HighestRate, highestRate } from './highest-rate.ts';
import { type BenchResult, measured } from './results.ts';
import { Producer } from './window.ts';

const MEMORY_BYTES = 1024 ** 3;
/** A producer that is late by more than this did not produce the rate. */
const SLACK = 0.97;

interface Drained {
  readonly held: boolean;
  /** The longest time between two ticks, milliseconds. */
  readonly longestStopMs: number;
}

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

async function drain(
  environment: Environment,
  replay: string,
  rate: number,
  seconds: number,
  log: { readonly path: string; readonly format: LineFormat } | null,
): Promise<Drained> {
  const count = Math.round(rate * seconds);
  const options = ['--cpus', '8', '--rate', rate, '--count', count, '--replay', replay, '--wait-reader', '--linger', 5];
  const producer = new Producer(environment, options.map(String));
  const scanner = createScanThreads({ threads: 1 });
  const now = (): number => performance.now();
  const session = new Session({ open: (spec) => openSource(spec), now, store: { memoryCapBytes: MEMORY_BYTES } });
  try {
    await startedIn(session, producer.source);
    const start = now();
    const made = producer.counts().then((counts) => ({ ...counts, ms: now() - start }));
    const logging = log === null ? null : await begin(session, log, scanner);
    const longestStopMs = await toEnd(session);
    const { lost, ms } = await made;
    await logging?.end();
    const status = logging?.status;
    const missed = status === undefined ? 0 : status.missedRows + (status.failure === null ? 0 : 1);
    progress(
      `${Math.round(rate).toLocaleString('en')}/s for ${seconds} s ${log === null ? 'in memory' : `logged as ${log.format}`}: ${lost.toLocaleString('en')} lost, ${missed.toLocaleString('en')} not written, longest stop ${longestStopMs.toFixed(0)} ms`,
    );
    const whole = status === undefined || status.rows + missed === count;
    return { held: lost === 0 && missed === 0 && whole && (count * 1000) / ms >= rate * SLACK, longestStopMs };
  } finally {
    session.close();
    scanner.close();
    producer.stop('SIGTERM');
    if (log !== null) rmSync(log.path, { force: true });
  }
}

async function startedIn(session: Session, spec: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const started = session.start(spec);
    if (started.ok) return;
    if (performance.now() > deadline) throw new Error(started.failure.message);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function begin(
  session: Session,
  { path, format }: { readonly path: string; readonly format: LineFormat },
  scanner: ReturnType<typeof createScanThreads>,
): Promise<FileLog> {
  const files = { append: false, limitBytes: null, wrap: false, daily: false, perSession: false, keep: null };
  const options = { scanner, now: () => performance.now(), after, unixMs: Date.now };
  const started = await FileLog.start(
    { session, id: 1 },
    { format, rows: 'all', losses: true, spreadsheetSafe: true, files },
    SHOW_ALL,
    path,
    { ...options, fieldsOf: () => ALL_FIELDS, report: progress, changed: () => {} },
  );
  if (!started.ok) throw new Error(started.failure.message);
  return started.value;
}

/** Ticks until the source ends; returns the longest time from one tick to the next. */
async function toEnd(session: Session): Promise<number> {
  let longest = 0;
  let last = performance.now();
  for (;;) {
    const delay = session.tick(performance.now());
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (delay > 0 && session.status(now).sources.every(({ state }) => state !== 'capturing')) return longest;
    await new Promise<void>((resolve) => (delay === 0 ? setImmediate(resolve) : setTimeout(resolve, 1)));
  }
}

const stopWords = ({ run }: HighestRate<Drained>): string => `${(run?.longestStopMs ?? 0).toFixed(0)} ms`;

export async function loggedCapture(environment: Environment, quick: boolean): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-'));
  const replay = join(folder, 'log.txt');
  writeFileSync(replay, messages(4096).join('\n'));
  const seconds = quick ? 3 : 8;
  const run = (rate: number, format: LineFormat | null) =>
    drain(environment, replay, rate, seconds, format && { path: join(folder, 'out'), format });
  const best = (format: LineFormat | null) => highestRate((rate) => run(rate, format), quick);
  try {
    await run(FIRST_RATE, 'text');
    const alone = await best(null);
    const logged = await best('text');
    return [
      measured({
        name: 'file.log',
        value: logged.rate,
        unit: 'entries/s',
        reference: alone.rate,
        referenceName: 'the same without a log to a file',
        goal: 'at most 10 % below the same without',
        holds: logged.rate > 0 && logged.rate >= 0.9 * alone.rate,
        note: `80-byte entries, 8 rings of 4 MiB, no window; none lost, every row in the file as text; longest stop ${stopWords(logged)}, ${stopWords(alone)} without`,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
