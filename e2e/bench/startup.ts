/**
 * `startup.firstRow` and `startup.usable`: from starting the built app to its first row on the screen, with a producer already
 * there, and to a window without one that shows what is typed into it.
 */
import { type Environment, progress } from './environment.ts';
import { type BenchResult, measured } from './results.ts';
import { median, spread } from './statistics.ts';
import { AppWindow, Producer } from './window.ts';

interface Startup {
  readonly total: number;
  readonly process: number;
  readonly scripts: number;
  readonly row: number;
}

async function startOnce(environment: Environment): Promise<Startup> {
  const producer = new Producer(environment, ['--rate', '1000', '--linger', '0']);
  try {
    const spawned = Date.now();
    const viewer = await AppWindow.open(environment, true, '--source', producer.source);
    try {
      await viewer.page.getByTestId('log-row').first().waitFor();
      const times = await viewer.page.evaluate(async () => {
        await new Promise(requestAnimationFrame);
        const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        return {
          origin: performance.timeOrigin,
          scripts: paint?.startTime ?? navigation?.domContentLoadedEventEnd ?? 0,
          now: performance.now(),
        };
      });
      return {
        total: times.origin + times.now - spawned,
        process: times.origin - spawned,
        scripts: times.scripts,
        row: times.now - times.scripts,
      };
    } finally {
      await viewer.close();
    }
  } finally {
    producer.stop();
  }
}

/** From starting to the frame that shows a letter in the filter box, typed as soon as there is one. */
async function usableOnce(environment: Environment): Promise<number> {
  const spawned = Date.now();
  const viewer = await AppWindow.open(environment);
  try {
    await viewer.page.getByTestId('filter-box').press('x');
    const shown = await viewer.page.evaluate(async () => {
      const box = () => document.querySelector<HTMLInputElement>('[data-testid="filter-box"]');
      while (box()?.value !== 'x') await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return performance.timeOrigin + performance.now();
    });
    return shown - spawned;
  } finally {
    await viewer.close();
  }
}

export async function startup(environment: Environment, quick: boolean): Promise<BenchResult[]> {
  const usable: number[] = [];
  const runs: Startup[] = [];
  for (let round = 0; round < (quick ? 2 : 7); round++) {
    runs.push(await startOnce(environment));
    usable.push(await usableOnce(environment));
    progress(
      `startup ${round + 1}: first row ${runs.at(-1)?.total.toFixed(0)} ms, usable ${usable.at(-1)?.toFixed(0)} ms`,
    );
  }
  const part = (name: keyof Startup) => median(runs.map((run) => run[name]));
  const parts = [
    ['process start until the page begins to load', part('process')],
    ['page load until its first paint', part('scripts')],
    ['first paint until the first row', part('row')],
  ] as const;
  const largest = [...parts].sort((a, b) => b[1] - a[1])[0];
  const totals = runs.map((run) => run.total);
  return [
    measured({
      name: 'startup.firstRow',
      value: median(totals),
      unit: 'ms',
      goal: 'reported',
      holds: null,
      spread: spread(totals),
      note: `new process and settings, files cached by the system, debugger attached; largest part: ${largest?.[0]}, ${largest?.[1].toFixed(0)} ms (${parts.map(([, ms]) => ms.toFixed(0)).join(' + ')})`,
    }),
    measured({
      name: 'startup.usable',
      value: median(usable),
      unit: 'ms',
      goal: 'reported',
      holds: null,
      spread: spread(usable),
      note: 'no source; until a letter that is typed stands in the filter box, debugger attached',
    }),
  ];
}
