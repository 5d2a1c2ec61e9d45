/**
 * `--soak [--minutes N]`: 50,000 entries a second while the filter changes each second. Memory has to be flat once the
 * history has reached its cap, no entry may be lost, no frame may take more than 200 ms.
 */
import { type Environment, progress } from './environment.ts';
import { frameLengths, framesDuring } from './frames.ts';
import { growth } from './statistics.ts';
import { AppWindow, Producer, wait } from './window.ts';

const RATE = 50_000;
/** Low enough for most of the history to lie on disk. */
const CAP_BYTES = 512 * 1024 ** 2;
const LONGEST_FRAME_MS = 200;
/** Growth of the app's memory in the second half of the time at the cap that counts as flat. */
const FLAT = 0.05;

const FILTERS = [
  { hiddenCpus: [], hiddenLevels: [], hiddenSources: [], text: null },
  { hiddenCpus: [1, 3, 5], hiddenLevels: [], hiddenSources: [], text: null },
  { hiddenCpus: [], hiddenLevels: [3], hiddenSources: [], text: null },
  {
    hiddenCpus: [],
    hiddenLevels: [],
    hiddenSources: [],
    text: { pattern: 'storport', regex: false, caseSensitive: false },
  },
  {
    hiddenCpus: [],
    hiddenLevels: [],
    hiddenSources: [],
    text: { pattern: 'IRP 0x[0-9a-f]+7', regex: true, caseSensitive: true },
  },
];

export interface SoakReport {
  readonly minutes: number;
  readonly entries: number;
  readonly lost: number;
  readonly filters: number;
  /** At the end. */
  readonly diskRows: number;
  readonly evictedRows: number;
  readonly longestFrameMs: number;
  readonly framesOver200: number;
  readonly memoryMB: readonly number[];
  readonly capReached: boolean;
  /** Growth over the second half of the samples at the cap, as a share; null if the cap was not reached. */
  readonly growthAtCap: number | null;
  readonly holds: boolean;
}

export async function soak(environment: Environment, minutes: number): Promise<SoakReport> {
  const viewer = await AppWindow.open(environment);
  const count = Math.round(RATE * minutes * 60);
  const producer = new Producer(environment, [
    ...['--cpus', '8', '--rate', String(RATE), '--count', String(count), '--wait-reader', '--linger', '10'],
  ]);
  const samples: { bytes: number; capped: boolean }[] = [];
  let filters = 0;
  let told: History = { diskRows: 0, evictedRows: 0, memoryBytes: 0 };
  try {
    await viewer.page.evaluate(async (memoryCapBytes) => {
      const set = await window.ringview.session.setRetention({
        session: 1,
        settings: { memoryCapBytes, policy: { keep: 'all' } },
      });
      if (!set.ok) throw new Error(set.failure.message);
    }, CAP_BYTES);
    await viewer.capture(producer.source);
    const ended = producer.counts();
    let over = false;
    const finished = ended.then(
      () => {
        over = true;
      },
      () => {
        over = true;
      },
    );
    const records = await framesDuring(viewer.page, async () => {
      while (!over) {
        const filter = FILTERS[filters % FILTERS.length];
        if (filter === undefined) break;
        await viewer.page.evaluate(async (spec) => {
          const set = await window.ringview.view.setFilter({ view: 1, filter: spec });
          if (!set.ok) throw new Error(set.failure.message);
        }, filter);
        filters++;
        if (filters % 10 === 0) {
          told = await historyOf(viewer);
          const bytes = viewer.memoryBytes();
          samples.push({ bytes, capped: told.diskRows + told.evictedRows > 0 });
          progress(
            `${filters} s: ${(bytes / 1024 ** 2).toFixed(0)} MB, ${told.diskRows.toLocaleString('en')} rows on disk, ${(told.memoryBytes / 1024 ** 2).toFixed(0)} MB in the history`,
          );
        }
        await Promise.race([wait(1000), finished]);
      }
    });
    const frames = frameLengths(records);
    const { attempted, lost } = await ended;
    const capped = samples.filter((sample) => sample.capped).map((sample) => sample.bytes);
    const growthAtCap = growth(capped);
    const longestFrameMs = frames.reduce((longest, frame) => Math.max(longest, frame), 0);
    return {
      minutes,
      entries: attempted,
      lost,
      filters,
      diskRows: told.diskRows,
      evictedRows: told.evictedRows,
      longestFrameMs: Math.round(longestFrameMs),
      framesOver200: frames.filter((frame) => frame > LONGEST_FRAME_MS).length,
      memoryMB: samples.map((sample) => Math.round(sample.bytes / 1024 ** 2)),
      capReached: capped.length > 0,
      growthAtCap,
      holds: lost === 0 && told.evictedRows === 0 && longestFrameMs <= LONGEST_FRAME_MS && (growthAtCap ?? 0) <= FLAT,
    };
  } finally {
    producer.stop();
    await viewer.close();
  }
}

interface History {
  readonly diskRows: number;
  readonly evictedRows: number;
  readonly memoryBytes: number;
}

function historyOf(viewer: AppWindow): Promise<History> {
  return viewer.page.evaluate(
    () =>
      new Promise<History>((resolve) => {
        const off = window.ringview.on.session.status(({ status: { evictedRows, retention, memoryBytes } }) => {
          off();
          resolve({ diskRows: retention.diskRows, evictedRows, memoryBytes });
        });
      }),
  );
}
