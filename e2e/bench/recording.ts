/**
 * `capture.recorded` and `drain.longestStop`: what rate is held without a loss while a session is recorded on disk, beside the
 * same without, and how long the drain ever stands still. Without a window: source, store and recorder as in the app.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionLibrary } from '../../electron/recording/library.ts';
import { type Recording, startRecording } from '../../electron/recording/start-recording.ts';
import { SessionStore } from '../../electron/session/store/store.ts';
import { openSource } from '../../native/sources/open.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { messages } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { FIRST_RATE, highestRate } from './highest-rate.ts';
import { type BenchResult, measured } from './results.ts';
import { Producer } from './window.ts';

const MEMORY_BYTES = 512 * 1024 ** 2;
/** A producer that is late by more than this did not produce the rate. */
const SLACK = 0.97;
const STOP_RATE = 100_000;

interface Drained {
  readonly held: boolean;
  readonly lost: number;
  /** The longest time between two polls, milliseconds. */
  readonly longestStopMs: number;
  /** Rows that the session lacks because the disk was too slow. */
  readonly gone: number;
  readonly longestSyncMs: number;
}

async function drain(
  environment: Environment,
  replay: string,
  rate: number,
  seconds: number,
  folder: string | null,
): Promise<Drained> {
  const count = Math.round(rate * seconds);
  const options = ['--cpus', '8', '--rate', rate, '--count', count, '--replay', replay, '--wait-reader', '--linger', 5];
  const recording = folder === null ? null : begin(folder);
  await recording?.recorder.ready;
  const producer = new Producer(environment, options.map(String));
  try {
    const source = await openWhenThere(producer.source);
    const start = performance.now();
    // The producer stays until it is read to its end: what it made counts up to its last record.
    const made = producer.counts().then((counts) => ({ ...counts, ms: performance.now() - start }));
    const longestStopMs = await toEnd(source, recording);
    const { lost, ms } = await made;
    const achieved = (count * 1000) / ms;
    const status = recording?.recorder.status;
    await recording?.finish('ended');
    const gone = status?.goneRows ?? 0;
    progress(
      `${Math.round(rate).toLocaleString('en')}/s for ${seconds} s ${folder === null ? 'in memory' : 'recorded'}: ${lost.toLocaleString('en')} lost, ${gone.toLocaleString('en')} not kept, longest stop ${longestStopMs.toFixed(0)} ms`,
    );
    const held = lost === 0 && gone === 0 && achieved >= rate * SLACK;
    return { held, lost, longestStopMs, gone, longestSyncMs: status?.longestSyncMs ?? 0 };
  } finally {
    producer.stop('SIGTERM');
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

function begin(folder: string): Recording {
  const begun = startRecording(new SessionLibrary(folder), { name: null, unixMs: Date.now });
  if (!begun.ok) throw new Error(begun.failure.message);
  return begun.value;
}

/** Opens a source whose producer is just starting. */
export async function openWhenThere(spec: string): Promise<LogSource> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const opened = openSource(spec);
    if (opened.ok) return opened.value;
    if (performance.now() > deadline) throw new Error(opened.failure.message);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Drains until the source ends; returns the longest time from one poll to the next. */
async function toEnd(source: LogSource, recording: Recording | null): Promise<number> {
  const archive = recording === null ? {} : { archive: recording.recorder.archive };
  const store = new SessionStore({ memoryCapBytes: MEMORY_BYTES, ...archive });
  recording?.recorder.attach(store);
  let longest = 0;
  let last = performance.now();
  for (;;) {
    const outcome = source.poll(
      (batch) => store.append(batch),
      (rows, bytes) => store.lease(rows, bytes),
    );
    recording?.recorder.tick(performance.now());
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (outcome.state !== 'capturing' && !outcome.more) break;
    await new Promise<void>((resolve) => (outcome.more ? setImmediate(resolve) : setTimeout(resolve, 1)));
  }
  source.close((batch) => store.append(batch));
  return longest;
}

export async function recordedCapture(environment: Environment, quick: boolean): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-'));
  const replay = join(folder, 'log.txt');
  writeFileSync(replay, messages(4096).join('\n'));
  let sessions = 0;
  const run = (rate: number, seconds: number, recorded: boolean) =>
    drain(environment, replay, rate, seconds, recorded ? join(folder, `sessions-${++sessions}`) : null);
  const seconds = quick ? 3 : 10;
  const best = async (recorded: boolean): Promise<number> =>
    (await highestRate((rate) => run(rate, seconds, recorded), quick)).rate;
  try {
    await run(FIRST_RATE, 1, true);
    const alone = await best(false);
    const recorded = await best(true);
    const minute = await run(STOP_RATE, quick ? 5 : 60, true);
    const without = await run(STOP_RATE, quick ? 5 : 60, false);
    return [
      measured({
        name: 'capture.recorded',
        value: recorded,
        unit: 'entries/s',
        reference: alone,
        referenceName: 'the same without a session on disk',
        goal: 'at most 10 % below the same without',
        holds: recorded > 0 && recorded >= 0.9 * alone,
        note: '80-byte entries, 8 rings of 4 MiB, no window; none lost, every row on disk',
      }),
      measured({
        name: 'drain.longestStop',
        value: minute.longestStopMs,
        unit: 'ms',
        reference: without.longestStopMs,
        referenceName: 'the same without a session on disk',
        goal: 'the disk is never waited for',
        holds: minute.lost === 0 && minute.gone === 0,
        note: `${STOP_RATE.toLocaleString('en')} entries/s for ${quick ? 5 : 60} s; making rows safe took ${minute.longestSyncMs.toFixed(0)} ms at most`,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
