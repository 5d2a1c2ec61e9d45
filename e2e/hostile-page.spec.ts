/** What a page that was taken over can do with the calls it has: no path, no flood, and nothing left behind. */
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { parseSettings } from '../electron/main/settings.ts';
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

test('a page cannot run a program or write a file by an action on a match', async ({ open, simulate, folder }) => {
  const { app, page, folder: userData } = await filled(open, simulate);
  const mine = join(folder, 'mine');
  mkdirSync(mine);
  writeFileSync(join(mine, 'kept'), 'mine');
  await app.evaluate(({ dialog }) => {
    let asked = 0;
    dialog.showOpenDialog = () => {
      Object.assign(globalThis, { folders: ++asked });
      return Promise.resolve({ canceled: true, filePaths: [] });
    };
  });
  const set = (watch: object) =>
    page.evaluate((one) => window.ringview.watches.set({ watches: [one] } as never), {
      ...{ text: 'cpu:0-63', caseSensitive: false, action: 'save', command: '', once: false, on: true },
      ...watch,
    });
  // No command is allowed, by whatever name, and fields that are none of the contract's get nowhere.
  for (const command of ['/bin/sh', 'sh', '', '__proto__', 'x'.repeat(81)])
    expect(await set({ action: 'run', command })).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  expect(
    await set({ action: 'run', command: 'sh', on: true, program: '/bin/sh', arguments: ['-c', 'id'] }),
  ).toMatchObject({
    ok: false,
  });
  expect(await set({ action: 'exec' })).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
  // One that is off may be remembered, and is refused when it is turned on; it allows nothing.
  expect(await set({ action: 'run', command: 'sh', on: false })).toMatchObject({ ok: true, value: { commands: [] } });
  expect(await set({ action: 'run', command: 'sh', on: true })).toMatchObject({ ok: false });
  // Without a folder that the person chose, nothing is saved; the page cannot name one.
  const answer = await page.evaluate(
    (path) => (window.ringview.watches.chooseFolder as (request: object) => Promise<unknown>)({ path }),
    mine,
  );
  expect(answer).toMatchObject({ ok: false });
  expect(await page.evaluate(() => window.ringview.watches.chooseFolder())).toMatchObject({
    ok: true,
    value: { folder: null },
  });
  expect(await app.evaluate(() => (globalThis as { folders?: number }).folders)).toBe(1);
  expect(await set({ folder: mine, path: mine })).toMatchObject({ ok: true });
  const flood = simulate('--cpus', '1', '--rate', '2000');
  const start = () =>
    page.evaluate(async (source) => (await window.ringview.session.start({ session: 1, source })).ok, flood.source);
  await expect.poll(start).toBe(true);
  await expect
    .poll(() => page.evaluate(async () => JSON.stringify(await window.ringview.watches.list())), { timeout: 30_000 })
    .toContain('No folder is chosen');
  expect(readdirSync(mine)).toEqual(['kept']);
  // What is kept of all that allows no command, and no folder.
  const settings = parseSettings(readFileSync(join(userData, 'settings.json'), 'utf8'));
  expect(settings.commands ?? { allowed: false, list: [] }).toEqual({ allowed: false, list: [] });
  expect(settings.saveFolder ?? null).toBeNull();
});
