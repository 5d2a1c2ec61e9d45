/** Watching: filters, follow, pause, clear, find, copy, export: by mouse and by keyboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, matchesOf, numberOf, picture, test } from './fixtures.ts';

test('CPU and level filters are one click each, and the count tells', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '4', '--rate', '50000', '--count', '40000', '--wait-reader', '--seed', '7');
  const { page } = await open('--source', simulator.source);
  const { cpus } = await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(40_000);

  await page.getByTestId('cpu-chip-1').click({ modifiers: ['Alt'] });
  const onOne = cpus.find(({ cpu }) => cpu === 1)?.written ?? -1;
  await expect.poll(() => numberOf(page, 'match-count')).toBe(onOne);
  await expect(page.getByTestId('log-row').first().locator('.cell-cpu')).toHaveText('1');

  await page.getByTestId('level-chip-0').click({ modifiers: ['Alt'] });
  await expect.poll(() => matchesOf(page)).toBeLessThan(onOne);
  for (const level of await page.getByTestId('log-row').locator('.cell-level').allInnerTexts())
    expect(level).toContain('error');
  await picture(page, 'filtered');

  await page.getByTestId('filter-reset').click();
  await expect.poll(() => numberOf(page, 'match-count')).toBe(40_000);
});

test('text filter: substring, case, regular expression', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '20000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(20_000);
  await page.keyboard.press('Control+l');
  // At once: each key by itself would be a filter of its own.
  await page.keyboard.insertText('irp');
  await expect.poll(() => matchesOf(page)).toBeLessThan(20_000);
  const insensitive = await matchesOf(page);
  expect(insensitive).toBeGreaterThan(0);
  await page.getByTestId('filter-case').click();
  await expect.poll(() => matchesOf(page)).toBeLessThan(insensitive);
  await page.getByTestId('filter-case').click();
  await page.getByTestId('filter-regex').click();
  await page.getByTestId('filter-box').fill('^(IRP|irp)');
  await expect.poll(() => matchesOf(page)).toBeLessThanOrEqual(insensitive);
});

test('follow, pause and clear', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '3000');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(3000);
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'true');
  await page.getByTestId('log-table').focus();

  await page.keyboard.press('Space');
  await expect(page.getByTestId('status-paused')).toBeVisible();
  const shown = await page.getByTestId('log-row').last().locator('.cell-index').innerText();
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows + 2000);
  await expect(page.getByTestId('log-row').last().locator('.cell-index')).toHaveText(shown);
  await picture(page, 'paused');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('log-row').last().locator('.cell-index')).not.toHaveText(shown);

  await page.keyboard.press('Home');
  await expect(page.getByTestId('log-row').first().locator('.cell-index')).toHaveText('1');
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('End');
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'true');

  const before = await numberOf(page, 'status-rows');
  await page.keyboard.press('Control+x');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeLessThan(before);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(0);
});

test('find goes to the next match, around the end, and shows it', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '10000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(10_000);
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-input').fill('STATUS_');
  await page.keyboard.press('Enter');
  await expect(page.locator('mark').first()).toBeVisible();
  const first = await page.locator('[role="row"][aria-selected="true"]').first().innerText();
  await page.keyboard.press('F3');
  await expect.poll(() => page.locator('[role="row"][aria-selected="true"]').first().innerText()).not.toBe(first);
  await picture(page, 'find');
});

test('details of a row, and copies of rows', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '5000', '--wait-reader');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  const row = page.getByTestId('log-row').nth(3);
  const message = (await row.locator('.cell-message').innerText()).trim();
  await row.click();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('details-pane')).toContainText(message.slice(0, 40));
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+c');
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain(message.slice(0, 40));
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied.trimEnd().split('\n')).toHaveLength(2);
  await picture(page, 'details');
});

test('exports of everything and of what the filter shows, in three formats', async ({ open, simulate, folder }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '30000', '--wait-reader');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(30_000);
  await page.getByTestId('cpu-chip-0').click({ modifiers: ['Alt'] });
  await expect.poll(() => matchesOf(page)).toBeLessThan(30_000);
  const matched = await matchesOf(page);

  const lines = async (scope: 'all' | 'filtered', format: 'text' | 'csv' | 'jsonl'): Promise<string[]> => {
    const path = join(folder, `${scope}.${format}`);
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await page.getByTestId('export-menu').click();
    await page.getByTestId(`export-${scope}-${format}`).click();
    await expect(page.getByTestId('export-progress').last()).toContainText(`${scope}.${format}`);
    await expect(page.getByTestId('export-progress').last()).toContainText('written to');
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  };
  const csv = await lines('all', 'csv');
  expect(csv[0]).toBe('index,time_us,time,cpu,level,source,pid,process,tid,type,remarks,message\r');
  expect(csv).toHaveLength(30_001);
  const jsonl = await lines('filtered', 'jsonl');
  expect(jsonl).toHaveLength(matched);
  expect([...new Set(jsonl.map((line) => (JSON.parse(line) as { cpu: number }).cpu))]).toEqual([0]);
  const text = await lines('filtered', 'text');
  expect(text).toHaveLength(matched + 1);
});

test('the formats that are not the usual ones are one menu further', async ({ open, simulate, folder }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '2000', '--wait-reader');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(2000);
  const path = join(folder, 'all.arrow');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByTestId('export-menu').click();
  await page.getByTestId('export-all-more').click();
  await page.getByTestId('export-all-arrow').click();
  await expect(page.getByTestId('export-progress')).toContainText('written to');
  const arrow = readFileSync(path);
  expect([arrow.subarray(0, 6).toString(), arrow.subarray(-6).toString()]).toEqual(['ARROW1', 'ARROW1']);
});
