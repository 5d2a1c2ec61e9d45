/** What a page that was taken over can do with the calls it has: no path, no flood, and nothing left behind. */
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, numberOf, test, type Viewer } from './fixtures.ts';
import { asked } from './page-door.ts';
import type { Simulator } from './simulator.ts';

/** A log of some rows. */
async function filled(
  open: (...args: string[]) => Promise<Viewer>,
  simulate: (...options: string[]) => Simulator,
): Promise<Viewer> {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '20000', '--wait-reader');
  const viewer = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(viewer.page, 'status-rows')).toBe(20_000);
  return viewer;
}

/** Answers every question for a file with one of `paths`, in turn; none means dismissed. */
async function answerDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await asked(() =>
    app.evaluate(({ dialog }, answers) => {
      let questions = 0;
      dialog.showSaveDialog = () => {
        const filePath = answers[questions++ % Math.max(1, answers.length)] ?? '';
        Object.assign(globalThis, { asked: questions });
        return Promise.resolve({ canceled: filePath === '', filePath });
      };
    }, paths),
  );
}

const questions = (app: ElectronApplication): Promise<number> =>
  asked(() => app.evaluate(() => (globalThis as { asked?: number }).asked ?? 0));

/** Makes every write to a file of the main process wait for ever. */
async function stallWrites(app: ElectronApplication): Promise<void> {
  await app.evaluate(async () => {
    const { open } = process.getBuiltinModule('node:fs/promises');
    const handle = await open('/dev/null', 'r');
    Object.getPrototypeOf(handle).write = () => new Promise(() => {});
    await handle.close();
  });
}

/** Starts as many exports at once; how often each outcome occurred. */
function startExports(page: Page, count: number, extra: object = {}): Promise<Record<string, number>> {
  return page.evaluate(
    async ([many, fields]) => {
      const options = { losses: true, spreadsheetSafe: true };
      const request = { view: 1, scope: 'all', format: 'jsonl', range: null, options, ...fields } as const;
      const answers = await Promise.all(Array.from({ length: many }, () => window.ringview.view.export(request)));
      const counts: Record<string, number> = {};
      for (const answer of answers) {
        const outcome = answer.ok ? (answer.value === null ? 'dismissed' : 'started') : answer.failure.code;
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      return counts;
    },
    [count, extra] as const,
  );
}

test('a page cannot choose where an export is written', async ({ open, simulate, folder }) => {
  const { app, page } = await filled(open, simulate);
  const wanted = join(folder, '.bashrc');
  writeFileSync(wanted, 'mine');
  await answerDialog(app, []);
  for (const field of ['path', 'filePath', 'defaultPath', 'file']) {
    expect(await startExports(page, 1, { [field]: wanted })).toEqual({ dismissed: 1 });
  }
  expect(await questions(app)).toBe(4);
  const chosen = join(folder, 'chosen.jsonl');
  await answerDialog(app, [chosen]);
  expect(await startExports(page, 1, { path: wanted })).toEqual({ started: 1 });
  await expect(page.getByTestId('export-progress')).toHaveAttribute('data-state', 'done');
  expect(readFileSync(chosen, 'utf8').trimEnd().split('\n')).toHaveLength(20_000);
  expect(readFileSync(wanted, 'utf8')).toBe('mine');
  for (const source of ['/etc/passwd', `file:${wanted}`, 'driver:PhysicalDrive0', 'sim:../../etc/passwd']) {
    const answer = await page.evaluate((name) => window.ringview.session.start({ session: 1, source: name }), source);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  }
});

test('5,000 calls of view.export take a handful of descriptors', async ({ open, simulate, folder }) => {
  test.skip(process.platform !== 'linux', 'counts descriptors in /proc');
  const { app, page } = await filled(open, simulate);
  const descriptors = (): number => readdirSync(`/proc/${app.process().pid}/fd`).length;
  await answerDialog(
    app,
    Array.from({ length: 5000 }, (_, n) => join(folder, `${n}.jsonl`)),
  );
  await stallWrites(app);
  const before = descriptors();
  const counts = await startExports(page, 5000);
  expect((counts.started ?? 0) + (counts.overloaded ?? 0)).toBe(5000);
  expect(counts.started).toBeLessThanOrEqual(4);
  expect(descriptors() - before).toBeLessThan(12);
  // It goes on: the log is still there and answers.
  expect(await startExports(page, 1)).toEqual({ overloaded: 1 });
  await page.getByTestId('filter-box').fill('IRP');
  await expect.poll(() => page.getByTestId('match-count').innerText()).not.toContain('20,000');
});

test('quitting in the middle of an export leaves nothing of it', async ({ open, simulate, folder }) => {
  const { app, page } = await filled(open, simulate);
  const target = join(folder, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'log.jsonl'), 'old');
  await answerDialog(app, [join(target, 'log.jsonl')]);
  await stallWrites(app);
  expect(await startExports(page, 1)).toEqual({ started: 1 });
  await expect.poll(() => readdirSync(target).length).toBe(2);
  await app.close();
  expect(readdirSync(target)).toEqual(['log.jsonl']);
  expect(readFileSync(join(target, 'log.jsonl'), 'utf8')).toBe('old');
});

test('a second export to one path is refused, by whatever name', async ({ open, simulate, folder }) => {
  const { app, page } = await filled(open, simulate);
  const target = join(folder, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'log.jsonl'), 'old');
  writeFileSync(join(target, 'log.jsonl.part'), 'mine');
  linkSync(join(target, 'log.jsonl'), join(target, 'other.jsonl'));
  await stallWrites(app);
  await answerDialog(app, [join(target, 'log.jsonl')]);
  expect(await startExports(page, 1)).toEqual({ started: 1 });
  await expect.poll(() => readdirSync(target).length).toBe(4);
  for (const again of [join(target, 'log.jsonl'), join(target, '..', 'target', 'other.jsonl')]) {
    await answerDialog(app, [again]);
    expect(await startExports(page, 1)).toEqual({ started: 1 });
    await expect(page.getByTestId('export-progress').last()).toContainText('is being written already');
    await page.getByTestId('export-progress').last().getByLabel('Dismiss').click();
  }
  expect(readFileSync(join(target, 'log.jsonl.part'), 'utf8')).toBe('mine');
  expect(existsSync(join(target, 'log.jsonl'))).toBe(true);
});
