/** The soak under faults, half a minute of it: that it still runs, and that half a minute of faults shows nothing. */
import { electronSwitches, ensureElectron } from '../electron/setup/provide/ensure-electron.mjs';
import { expect, test } from './fixtures.ts';
import { PROJECT } from './simulator.ts';
import { soak } from './soak/soak.ts';

test('producers, readers, the app, its page and what draws it are killed and paused, the disk is full and stalls', {
  tag: '@alone',
}, async () => {
  test.setTimeout(240_000);
  const electron = await ensureElectron();
  if (!electron.ok) throw new Error(electron.message);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const lines: string[] = [];
  const report = await soak({
    root: PROJECT,
    electron: { path: electron.path, switches: electronSwitches() },
    seed,
    minutes: 0.5,
    tell: (line) => lines.push(line),
  });
  const { tally } = report;
  expect(report.findings, `npm run soak -- --minutes 0.5 --seed ${seed}\n${lines.join('\n')}`).toEqual([]);
  const wanted = ['producersKilled', 'readersKilled', 'apps', 'pagesKilled', 'graphicsKilled', 'pauses'] as const;
  for (const done of [...wanted, 'exports', 'delivered', 'lost'] as const) {
    expect(tally[done], done).toBeGreaterThan(0);
  }
  // Mounting takes root, which CI is.
  if (process.getuid?.() === 0) expect(report.noDisk).toBeNull();
  else console.log(`NOT RUN: ${report.noDisk}`);
  if (report.noDisk === null) expect(tally.fullDisk + tally.stalls).toBeGreaterThan(0);
});
