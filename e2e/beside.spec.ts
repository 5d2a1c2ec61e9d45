/** Two views side by side: shown from a tab or by a key, scrolled together, each with a line of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, pictures, resize, test } from './fixtures.ts';

const firstTime = (side: Locator): Promise<string> => side.locator('.row .cell-index').first().innerText();
const selected = (side: Locator): Locator => side.locator('[role="row"][aria-selected="true"] .cell-index');

test('two views of a log are scrolled together, filtered apart, and back after a reload', async ({
  open,
  simulate,
}) => {
  const { source } = simulate('--cpus', '4', '--rate', '2000');
  const viewer = await open('--source', source);
  const { page } = viewer;
  await expect(page.getByTestId('log-row').nth(20)).toBeVisible();
  await page.keyboard.press('Control+\\');
  const [left, right] = [page.getByTestId('side-left'), page.getByTestId('side-right')];
  await expect(right.getByTestId('log-row').nth(20)).toBeVisible();
  // Both follow, and the left one is the active one.
  await expect(left.getByTestId('log-table')).toHaveAttribute('data-follow', 'true');
  await expect(right.getByTestId('log-table')).toHaveAttribute('data-follow', 'true');
  await expect(left).toHaveClass(/active/);

  // A key goes to the other one, with the focus, and the filter box is that one's.
  await page.getByTestId('log-table').first().focus();
  await page.keyboard.press('Control+F6');
  await expect(right).toHaveClass(/active/);
  await expect(right.getByTestId('log-table')).toBeFocused();
  await page.getByTestId('filter-box').fill('irp');
  await page.keyboard.press('Enter');
  await expect(right.getByTestId('side-name')).toHaveText('irp');
  await expect(left.getByTestId('side-name')).toHaveText('All');
  await expect(right.getByRole('grid', { name: 'Log: irp' })).toBeVisible();

  // A click selects in one, and the same row is selected in the other, at the same height.
  await right.getByTestId('log-row').nth(4).click();
  await expect(selected(right)).toHaveCount(1);
  const index = await selected(right).innerText();
  await expect(selected(left)).toHaveText(index);
  const y = async (side: Locator) => (await selected(side).boundingBox())?.y;
  expect(await y(left)).toBe(await y(right));
  await expect(left.getByTestId('log-table')).toHaveAttribute('data-follow', 'false');
  await expect(page.getByTestId('side-together')).toHaveText('same log');
  await pictures(page, 'beside');

  // The wheel over the other one leads, without making it active.
  await left.getByTestId('log-table').hover();
  const before = await firstTime(right);
  await page.mouse.wheel(0, -4000);
  await expect.poll(() => firstTime(right)).not.toBe(before);
  await expect(right).toHaveClass(/active/);

  // The menu of a row is that of the side it was asked for.
  await left.getByTestId('log-row').nth(6).click({ button: 'right' });
  await expect(left).toHaveClass(/active/);
  await expect(page.getByTestId('row-menu')).toHaveCount(1);
  await page.keyboard.press('Escape');

  await page.getByTestId('side-together').click();
  await expect(page.getByTestId('side-together')).toHaveText('each by itself');

  await page.reload();
  await expect(right.getByTestId('side-name')).toHaveText('irp');
  await expect(left).toHaveClass(/active/);
  await expect(page.getByTestId('side-together')).toHaveText('each by itself');

  // A narrow window has one above the other.
  await resize(viewer, 900, 600);
  const [above, below] = [await left.boundingBox(), await right.boundingBox()];
  expect(below?.y).toBeGreaterThan((above?.y ?? 0) + 50);
  expect(below?.x).toBe(above?.x);
  await pictures(page, 'beside-900');

  await right.getByTestId('side-close').click();
  await expect(page.getByTestId('side-right')).toHaveCount(0);
  await expect(page.getByTestId('view-tab')).toHaveCount(2);
  await expect(page.getByTestId('filter-box')).toHaveValue('');
});

test('logs of two sessions are scrolled together by the clock', async ({ open, folder }) => {
  const line = (at: number, what: string) =>
    JSON.stringify({ time: new Date(Date.UTC(2026, 2, 1, 9, 30, at)).toISOString(), level: 'info', message: what });
  const [guest, host] = [join(folder, 'guest.jsonl'), join(folder, 'host.jsonl')];
  const lines = (what: string, from: number) =>
    Array.from({ length: 900 }, (_, at) => line(from + at, `${what} ${from + at}`)).join('\n');
  writeFileSync(guest, `${lines('guest', 0)}\n`);
  writeFileSync(host, `${lines('host', 300)}\n`);
  const { page } = await open('--source', `file:${guest}`, '--source', `file:${host}`);
  await expect(page.getByTestId('session-tab')).toHaveCount(2);
  await page.getByTestId('session-tab').first().click();
  await page.getByTestId('session-tab').nth(1).click({ button: 'right' });
  await page.getByTestId('tab-beside').click();
  const [left, right] = [page.getByTestId('side-left'), page.getByTestId('side-right')];
  await expect(page.getByTestId('side-together')).toHaveText('by the clock');
  await page.keyboard.press('Control+g');
  await page.getByTestId('go-to-input').fill('601');
  await page.keyboard.press('Enter');
  await expect(selected(left)).toHaveText('601');
  // Guest and host of the same second.
  await expect(left.locator('[aria-selected="true"] .cell-message')).toHaveText('guest 600');
  await expect(right.locator('[aria-selected="true"] .cell-message')).toHaveText('host 600');
  await pictures(page, 'beside-clock');
});
