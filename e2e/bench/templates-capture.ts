/**
 * `templates.capture` and `templates.memory`: a driver at a million records a second is captured while its messages are
 * counted by their templates, as the patterns pane does: what is lost, how far behind the count is at the end, and what it
 * takes of memory. Without a window: source, store, threads and count as in the app.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScanThreads } from '../../electron/scan/threads.ts';
import { TemplateCount } from '../../electron/session/search/template-count.ts';
import { SessionStore } from '../../electron/session/store/store.ts';
import { messages } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { openWhenThere } from './recording.ts';
import { type BenchResult, measured } from './results.ts';
import { Producer } from './window.ts';

const RATE = 1_000_000;
/** A producer that is late by more than this did not produce the rate. */
const SLACK = 0.97;
const MB = 1024 ** 2;
const GOAL_MB = 64;
/** How often somebody who looks at the patterns asks for them; milliseconds. */
const ASK_MS = 500;

interface Counted {
  readonly lost: number;
  /** Records a second that the producer made. */
  readonly achieved: number;
  /** From the last record that was stored until all were counted, milliseconds. */
  readonly behindMs: number;
  readonly templates: number;
  readonly counted: number;
  /** Highest of the process, beyond what it was before and what the store takes. */
  readonly besideBytes: number;
}

/** `counting` false: the same capture alone, for comparison. */
async function capture(environment: Environment, replay: string, rows: number, counting: boolean): Promise<Counted> {
  const options = ['--cpus', 8, '--rate', RATE, '--count', rows, '--replay', replay, '--wait-reader', '--linger', 5];
  const producer = new Producer(environment, options.map(String));
  const store = new SessionStore({ memoryCapBytes: 8 * 1024 * MB });
  const pool = createScanThreads();
  pool.warm();
  let changed: () => void = () => {};
  const count = new TemplateCount(store, pool, () => changed());
  const before = process.memoryUsage().rss;
  let beside = 0;
  const look = (): void => {
    beside = Math.max(beside, process.memoryUsage().rss - before - store.memoryBytes);
  };
  const report = () => count.report(performance.now(), 'count', 1000, []);
  try {
    const source = await openWhenThere(producer.source);
    const start = performance.now();
    const made = producer.counts().then((counts) => ({ ...counts, ms: performance.now() - start }));
    let asked = start;
    if (counting) report();
    for (;;) {
      const outcome = source.poll(
        (batch) => store.append(batch),
        (all, bytes) => store.lease(all, bytes),
      );
      const now = performance.now();
      if (counting) count.advance(now);
      if (now - asked > ASK_MS) {
        asked = now;
        if (counting) report();
        look();
      }
      if (outcome.state !== 'capturing' && !outcome.more) break;
      await new Promise<void>((resolve) => (outcome.more ? setImmediate(resolve) : setTimeout(resolve, 1)));
    }
    source.close((batch) => store.append(batch));
    const { attempted, lost, ms } = await made;
    const ended = performance.now();
    let told = report();
    while (counting && told.counted + told.missed < told.total && told.failure === null) {
      const news = new Promise<void>((resolve) => {
        changed = resolve;
      });
      count.advance(performance.now());
      await news;
      told = report();
    }
    if (told.failure !== null) throw new Error(told.failure.message);
    look();
    return {
      ...{ lost, achieved: (attempted * 1000) / ms, behindMs: performance.now() - ended },
      ...{ templates: told.templates, counted: told.counted, besideBytes: beside },
    };
  } finally {
    count.close();
    pool.close();
    store.clear();
    producer.stop('SIGTERM');
  }
}

export async function templatesWhileCapturing(environment: Environment, quick: boolean): Promise<BenchResult[]> {
  const rows = quick ? 2_000_000 : 10_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-'));
  const replay = join(folder, 'log.txt');
  writeFileSync(replay, messages(4096).join('\n'));
  try {
    const alone = await capture(environment, replay, rows, false);
    progress(`alone: ${Math.round(alone.achieved).toLocaleString('en')}/s, ${alone.lost.toLocaleString('en')} lost`);
    const counted = await capture(environment, replay, rows, true);
    const { lost, achieved, behindMs, templates } = counted;
    const all = `${rows.toLocaleString('en')} records, ${templates.toLocaleString('en')} templates`;
    return [
      measured({
        name: 'templates.capture',
        value: achieved,
        unit: 'records/s',
        reference: alone.achieved,
        referenceName: 'the same capture, nothing counted',
        goal: `${RATE.toLocaleString('en')} records/s, none lost, all counted`,
        holds: lost === 0 && counted.counted === rows && achieved >= RATE * SLACK,
        note: `${all}; ${lost.toLocaleString('en')} lost (${alone.lost.toLocaleString('en')} without counting); all counted ${behindMs.toFixed(0)} ms after the last came`,
      }),
      measured({
        name: 'templates.memory',
        value: counted.besideBytes / MB,
        unit: 'MB',
        reference: alone.besideBytes / MB,
        referenceName: 'the same capture, nothing counted',
        goal: `at most ${GOAL_MB} MB more`,
        holds: counted.besideBytes - alone.besideBytes <= GOAL_MB * MB,
        note: `${all}; highest resident size beyond the rows`,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
