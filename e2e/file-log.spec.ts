/** Log to a file: chosen by the person, written while rows come, over a clear and the end of the program; a full disk is told. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, numberOf, pictures, resize, test } from './fixtures.ts';

/** The person answers the next dialogs with this path. */
async function choose(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, path);
}

interface LoggedRow {
  readonly index: number;
  readonly late?: boolean;
}

const entriesIn = (path: string): LoggedRow[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level !== 'lost');

/**
 * Each index once, without a gap: the simulated driver counts its records. They are in order but for those that say that
 * they are late, which happens where a machine does not let the simulated driver go on.
 */
function expectUnbroken(entries: readonly LoggedRow[]): void {
  const indices = entries.map(({ index }) => index);
  const inOrder = indices.toSorted((a, b) => a - b);
  const first = inOrder[0] as number;
  expect(indices.length).toBeGreaterThan(0);
  expect(inOrder).toEqual(inOrder.map((_, at) => first + at));
  const inTime = entries.filter(({ late }) => late !== true).map(({ index }) => index);
  expect(inTime).toEqual(inTime.toSorted((a, b) => a - b));
}

test('rows are logged to a file while they come, over a clear, until the program ends', async ({
  open,
  folder,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(1000);

  await page.keyboard.press('Control+Shift+S');
  const dialog = page.getByTestId('log-dialog');
  await expect(dialog).toBeVisible();
  await pictures(page, 'file-log-begin');
  await dialog.getByTestId('log-limit').fill('nonsense');
  await dialog.getByTestId('log-start').click();
  await expect(dialog).toContainText('A size of at least');
  await dialog.getByTestId('log-limit').fill('200 K');
  await dialog.getByTestId('log-format-jsonl').check();
  await choose(app, join(folder, 'boot-{session}-{n}.jsonl'));
  await dialog.getByTestId('log-start').click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('status-log')).toContainText(/rows in boot-.*-001\.jsonl/);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(4000);
  await page.keyboard.press('Control+x');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(2000);
  await expect(page.getByTestId('status-log')).toContainText(/rows in boot-/);
  await page.getByTestId('status-log').click();
  await expect(page.getByTestId('log-facts')).toContainText(folder);
  await pictures(page, 'file-log-writing');
  await resize(viewer, 900, 600);
  await pictures(page, 'file-log-writing-narrow');
  await dialog.getByTestId('log-stop').click();
  await expect(page.getByTestId('status-log')).toBeHidden();
  await expect(page.getByTestId('notice')).toContainText(/rows in boot-.*\.jsonl\./);
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  expect(files.length).toBeGreaterThan(1);
  expectUnbroken(files.sort().flatMap((name) => entriesIn(join(folder, name))));

  // Only what the filter shows, by the menu; what is not written yet when the program ends is written then.
  await page.getByTestId('cpu-chip-2').click({ modifiers: ['Alt'] });
  await page.getByTestId('export-menu').click();
  await page.getByTestId('log-to-file').click();
  await dialog.getByTestId('log-rows-filtered').check();
  // With all that it can ask, it is higher than the window.
  await dialog.getByTestId('log-limit').fill('100 KB');
  await expect(dialog.getByTestId('log-keep')).toBeAttached();
  await expect(dialog.getByTestId('log-start')).toBeInViewport({ ratio: 1 });
  await pictures(page, 'file-log-limits-narrow');
  await dialog.getByTestId('log-limit').fill('');
  await dialog.getByTestId('log-format-jsonl').check();
  await pictures(page, 'file-log-begin-narrow');
  await expect(dialog.getByTestId('log-start')).toBeInViewport({ ratio: 1 });
  const last = join(folder, 'end.json');
  await choose(app, last);
  await dialog.getByTestId('log-start').click();
  await expect(page.getByTestId('status-log')).toContainText('end.json');
  await expect.poll(() => (existsSync(last) ? readFileSync(last, 'utf8').length : 0)).toBeGreaterThan(10_000);
  await app.close();
  const cpus = readFileSync(last, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).cpu);
  expect(new Set(cpus)).toEqual(new Set([2]));
});

test('a full disk ends the log and is told, and capture goes on', async ({ open, simulate }) => {
  test.skip(!existsSync('/dev/full'), 'there is no device that is always full');
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  await choose(app, '/dev/full');
  await page.keyboard.press('Control+Shift+S');
  await page.getByTestId('log-start').click();
  const part = page.getByTestId('status-log');
  await expect(part).toHaveAttribute('data-state', 'failed');
  await expect(page.getByTestId('notice')).toContainText('Writing to /dev/full failed');
  const before = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(before);
  await part.click();
  await expect(page.getByTestId('log-failure')).toContainText('Free space on that disk');
  await pictures(page, 'file-log-failed');
  await page.getByTestId('log-stop').click();
  await expect(page.getByTestId('log-start')).toBeVisible();
  await expect(part).toBeHidden();
});
