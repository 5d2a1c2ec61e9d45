/** Actions on a match, in the app: set, limited, told, and what the person allowed beforehand and nobody else. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, numberOf, pictures, resize, test } from './fixtures.ts';

async function addAction(page: Page, action: string, times: 'always' | 'once', text: string): Promise<void> {
  await page.locator('.highlight-add [data-testid="watch-action"]').selectOption(action);
  await page.locator('.highlight-add [data-testid="watch-times"]').selectOption(times);
  await page.getByTestId('watch-new').fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('watch-new')).toHaveValue('');
}

/** `done` of a report, as the sheet says it. */
async function doneOf(page: Page, at: number): Promise<number> {
  const words = await page.getByTestId('watch-report').nth(at).innerText();
  return Number(words.match(/done ([\d,]+)/)?.[1]?.replaceAll(',', '') ?? 0);
}

test('rows that arrive are notified, marked and saved, and a command runs that the settings allow', async ({
  open,
  simulate,
  folder,
}) => {
  test.setTimeout(180_000);
  const saved = join(folder, 'saved');
  mkdirSync(saved);
  const told = join(folder, 'told.txt');
  // The first window's own folder, written by hand before the program begins.
  const userData = join(folder, 'user-0');
  mkdirSync(userData);
  const script =
    'const { RINGVIEW_INDEX: index, RINGVIEW_MESSAGE: message } = process.env; require("fs").appendFileSync(process.argv[1], index + " " + message + String.fromCharCode(10))';
  const commands = {
    allowed: true,
    list: [{ name: 'tell me', program: process.execPath, arguments: ['-e', script, told] }],
  };
  writeFileSync(join(userData, 'settings.json'), JSON.stringify({ commands }));

  const simulator = simulate('--cpus', '4', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(1000);
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, saved);

  await page.keyboard.press('Control+Shift+a');
  await page.getByTestId('watches-choose').click();
  await expect(page.getByTestId('watches-folder')).toContainText(saved);
  await addAction(page, 'notify', 'always', 'cpu:0-1');
  await addAction(page, 'bookmark', 'once', 'cpu:2');
  await addAction(page, 'save', 'always', 'cpu:3');
  await addAction(page, 'run:tell me', 'once', '/./');
  await expect.poll(() => doneOf(page, 0)).toBeGreaterThan(0);
  await expect.poll(() => doneOf(page, 1)).toBe(1);
  await expect.poll(() => doneOf(page, 2)).toBe(1);
  await expect.poll(() => doneOf(page, 3)).toBe(1);
  // A flood of matches is none of notifications: each few seconds one, and the others are counted.
  await expect(page.getByTestId('watch-report').first()).toContainText(/too soon after another; last #/);
  await expect(page.getByTestId('status-watches')).toContainText('4 actions');
  await pictures(page, 'actions-sheet');
  await resize(viewer, 900, 600);
  await pictures(page, 'actions-sheet-small');
  await resize(viewer, 1280, 800);

  await expect(page.getByTestId('density-strip')).toHaveAttribute('data-bookmarks', '1');
  await expect.poll(() => readdirSync(saved).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1);
  const [name = ''] = readdirSync(saved);
  const rows = readFileSync(join(saved, name), 'utf8').trimEnd().split('\n');
  expect(rows.length).toBeGreaterThan(1000);
  expect(JSON.parse(rows.at(-1) ?? '')).toMatchObject({ cpu: expect.any(Number), message: expect.any(String) });
  await expect.poll(() => existsSync(told)).toBe(true);
  expect(readFileSync(told, 'utf8')).toMatch(/^\d+ .+\n$/);

  // Stop is an action too, and ends the flood.
  await addAction(page, 'stop', 'once', 'cpu:0-3');
  await expect(page.getByTestId('status-source')).toContainText('stopped');
  await page.getByTestId('watch-delete').first().click();
  await expect(page.getByTestId('watch-item')).toHaveCount(4);
  await page.getByTestId('watch-new').fill('cpu:x');
  await page.getByTestId('watch-add').click();
  await expect(page.getByTestId('watches-failure')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('watches-sheet')).toHaveCount(0);
  const settings = JSON.parse(readFileSync(join(userData, 'settings.json'), 'utf8'));
  expect(settings).toMatchObject({ commands, saveFolder: saved });
});

test('a view that follows goes to each match, until somebody moves it', async ({ open, simulate }) => {
  test.setTimeout(120_000);
  const simulator = simulate('--cpus', '4', '--rate', '500');
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  await page.keyboard.press('Control+Shift+a');
  await addAction(page, 'track', 'always', 'level:error');
  await pictures(page, 'actions-track');
  await page.keyboard.press('Escape');
  const selected = page.locator('.row.selected');
  const indexOf = async () => Number((await selected.locator('.cell-index').innerText()).trim());
  await expect(selected).toBeVisible();
  await expect(page.getByTestId('log-table')).toHaveAttribute('data-follow', 'false');
  const first = await indexOf();
  await expect.poll(indexOf).toBeGreaterThan(first);
  // Who looks at another row is left there.
  await page.keyboard.press('Home');
  await page.getByTestId('log-row').first().click();
  const here = await indexOf();
  const records = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(records + 1000);
  expect(await indexOf()).toBe(here);
  await page.keyboard.press('End');
  await expect.poll(indexOf).toBeGreaterThan(here);
});
