/** What a person chooses of an export or a copy: losses, safety in spreadsheets, the form of a copy; and what a file has not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, numberOf, picture, pictures, test } from './fixtures.ts';

/** Exports everything in a format, to a path that the dialog answers. */
async function exportAll(app: ElectronApplication, page: Page, path: string, format: string): Promise<string> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, path);
  await page.getByTestId('export-menu').click();
  await page.getByTestId(`export-all-${format}`).click();
  await expect(page.getByTestId('export-path')).toHaveAttribute('title', path);
  await expect(page.getByTestId('export-progress')).toHaveAttribute('data-state', 'done');
  return readFileSync(path, 'utf8');
}

test('a field that an opened file does not have is null in JSON Lines and empty in CSV, not 0', async ({
  open,
  folder,
}) => {
  const log = join(folder, 'plain.log');
  writeFileSync(log, '2026-03-09 12:00:00.000 =1+1 is a formula\n2026-03-09 12:00:01.000 ready\n');
  const { app, page } = await open('--source', `file:${log}`);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(2);
  // It states no CPU, so none is shown.
  await expect(page.locator('.head .cell-message')).toBeVisible();
  await expect(page.locator('.head .cell-cpu')).toHaveCount(0);
  await expect(page.getByTestId('cpu-chip-0')).toHaveCount(0);
  await page.getByTestId('log-row').first().click();
  await page.keyboard.press('F4');
  for (const field of ['CPU', 'process', 'remarks', 'origin', 'level'])
    await expect(page.getByTestId('details-fields')).not.toContainText(field);
  await page.keyboard.press('Control+Shift+c');
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^\| index \|(?!.*cpu)/);
  const jsonl = await exportAll(app, page, join(folder, 'out.jsonl'), 'jsonl');
  await pictures(page, 'export-done-no-cpu');
  const [first] = jsonl.split('\n').map((line) => (line === '' ? null : JSON.parse(line)));
  expect(first).toMatchObject({ cpu: null, level: null, pid: null, message: '=1+1 is a formula' });
  expect(first.time).not.toBeNull();

  const csv = await exportAll(app, page, join(folder, 'safe.csv'), 'csv');
  expect(csv).toContain("'=1+1 is a formula");
  await page.getByTestId('export-menu').click();
  await expect(page.getByTestId('export-safe')).toHaveAttribute('aria-checked', 'true');
  await page.getByTestId('export-safe').click();
  await page.keyboard.press('Escape');
  const raw = await exportAll(app, page, join(folder, 'raw.csv'), 'csv');
  expect(raw).toContain(',=1+1 is a formula');
});

test('an export without losses has none, and one with them has all', async ({ open, simulate, folder }) => {
  // A ring that is far too small, and nobody who reads it at first.
  const simulator = simulate(
    '--cpus',
    '1',
    '--rate',
    '200000',
    '--count',
    '20000',
    '--ring-bytes',
    '65536',
    '--linger',
    '60',
  );
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts().catch(() => {});
  await expect.poll(() => numberOf(page, 'status-lost')).toBeGreaterThan(0);
  const all = await exportAll(app, page, join(folder, 'all.jsonl'), 'jsonl');
  const lost = (text: string) => text.split('\n').filter((line) => line.includes('"level":"lost"')).length;
  expect(lost(all)).toBeGreaterThan(0);
  await page.getByTestId('export-menu').click();
  await page.getByTestId('export-losses').click();
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await picture(page, `export-options-${theme}`);
  }
  await page.keyboard.press('Escape');
  const without = await exportAll(app, page, join(folder, 'without.jsonl'), 'jsonl');
  expect(lost(without)).toBe(0);
  expect(without.split('\n').length).toBe(all.split('\n').length - lost(all));
});

test('the selection is copied as text, as a Markdown table and as CSV', async ({ open, folder }) => {
  const log = join(folder, 'plain.log');
  // It states no level, so none is shown or copied.
  writeFileSync(log, '2026-03-09 12:00:00.000 one\n2026-03-09 12:00:01.000 two\n');
  const { app, page } = await open('--source', `file:${log}`);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(2);
  const clipboard = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await page.getByTestId('log-row').first().click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+Shift+c');
  await expect.poll(clipboard).toMatch(/^\| index \| time[^|]* \| delta [^|]*\| message \|\n\|[-:| ]+\n.*one.*\n.*two/);
  await page.getByTestId('export-menu').click();
  await page.getByTestId('copy-csv').click();
  // The columns that are shown.
  await expect.poll(clipboard).toMatch(/^index,time[^,]*,delta \(s\),message\r\n/);
  expect(await clipboard()).toContain('two');
  await page.getByTestId('export-menu').click();
  await page.getByTestId('copy-text').click();
  await expect.poll(clipboard).not.toContain('index,');
});
