/** Several sessions and several views of one, all of them going on at once, whichever is looked at. */
import type { Locator, Page } from '@playwright/test';
import { expect, matchesOf, numberOf, picture, test } from './fixtures.ts';

const numberIn = async (place: Locator): Promise<number> => Number((await place.innerText()).replace(/\D/g, ''));

/** How many rows each view of the session that is looked at shows, as its tab says. */
async function counts(page: Page): Promise<number[]> {
  const tabs = await page.getByTestId('view-tab-count').all();
  return Promise.all(tabs.map(numberIn));
}

test('two live sessions and three views of one of them move at once', async ({ open, simulate }) => {
  const a = simulate('--cpus', '2', '--rate', '2000');
  const b = simulate('--cpus', '1', '--rate', '500');
  const { page } = await open('--source', a.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);

  await page.getByTestId('new-view').click();
  await page.getByTestId('filter-box').fill('irp');
  await expect(page.getByTestId('view-tab').nth(1)).toContainText('irp');
  await page.keyboard.press('Control+Shift+N');
  // The filter of the view it was opened from, to be narrowed further.
  await expect(page.getByTestId('filter-box')).toHaveValue('irp');
  await page.getByTestId('cpu-chip-1').click();
  await expect(page.getByTestId('view-tab')).toHaveCount(3);

  await page.getByTestId('new-session').click();
  await expect(page.getByTestId('session-tab')).toHaveCount(2);
  await expect(page.getByTestId('filter-box')).toHaveValue('');
  await page.getByTestId('source-box').fill(b.source);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('session-tab').nth(1)).toContainText(b.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100);
  await picture(page, 'two-sessions');
  // However little room there is, a name stays in one line.
  const tab = page.locator('.session-tabs .tab').first();
  await tab.evaluate((element) => {
    element.style.maxWidth = '130px';
  });
  expect((await tab.locator('.name-start').boundingBox())?.height).toBeLessThan(24);
  await tab.evaluate((element) => element.removeAttribute('style'));
  const left = await numberOf(page, 'status-rows');

  // The first goes on while the second is looked at, and all three of its views with it.
  await page.getByTestId('session-tab').first().click();
  await expect(page.getByTestId('view-tab')).toHaveCount(3);
  await expect(page.getByTestId('filter-box')).toHaveValue('irp');
  const before = await counts(page);
  expect(before[0]).toBeGreaterThan(before[1] ?? 0);
  expect(before[1]).toBeGreaterThan(before[2] ?? 0);
  await expect
    .poll(async () => {
      const now = await counts(page);
      return now.length === 3 && now.every((count, at) => count > (before[at] ?? 0));
    })
    .toBe(true);
  await picture(page, 'three-views');

  // Each has a place of its own.
  await page.getByTestId('view-tab').first().click();
  await expect(page.getByTestId('filter-box')).toHaveValue('');
  await page.getByTestId('log-row').nth(3).click();
  const chosen = await page.locator('[role="row"][aria-selected="true"] .cell-index').innerText();
  await page.keyboard.press('Control+Tab');
  await expect(page.getByTestId('filter-box')).toHaveValue('irp');
  await expect(page.getByTestId('log-table')).toHaveAttribute('data-follow', 'true');
  await page.keyboard.press('Control+Shift+Tab');
  await expect(page.locator('[role="row"][aria-selected="true"] .cell-index')).toHaveText(chosen);

  // A pause is the view's own.
  await page.getByTestId('pause-toggle').click();
  await page.getByTestId('view-tab').nth(1).click();
  await expect(page.getByTestId('pause-toggle')).toHaveAttribute('aria-pressed', 'false');

  await page.getByRole('button', { name: /^Close View 3/ }).click();
  await expect(page.getByTestId('view-tab')).toHaveCount(2);

  // The second went on while it was not looked at: once seconds of the first have passed, the first number that is shown
  // of it has grown by more than it does between two looks.
  const meanwhile = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(meanwhile + 4000);
  await page.getByTestId('session-tab').nth(1).click();
  await expect(page.getByTestId('view-tab')).toHaveCount(1);
  let shown = left;
  await expect
    .poll(async () => {
      shown = await numberOf(page, 'status-rows');
      return shown;
    })
    .toBeGreaterThan(left);
  expect(shown - left).toBeGreaterThan(300);
  await page.getByTestId('session-tab').first().click();
  await expect(page.getByTestId('view-tab')).toHaveCount(2);
  await page.getByRole('button', { name: /^Close Session 2/ }).click();
  await expect(page.getByTestId('session-tab')).toHaveCount(1);
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows);
});

test('a page that is loaded again has the same sessions, views and places', async ({ open, simulate }) => {
  const a = simulate('--cpus', '1', '--rate', '20000', '--count', '5000', '--wait-reader', '--linger', '60');
  const { page } = await open('--source', a.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  await page.getByTestId('new-view').click();
  await page.getByTestId('filter-box').fill('irp');
  await expect.poll(() => matchesOf(page)).toBeLessThan(5000);
  await page.getByTestId('log-row').nth(4).click();
  const chosen = await page.locator('[role="row"][aria-selected="true"] .cell-index').innerText();
  const shown = await page.getByTestId('match-count').innerText();
  await page.getByTestId('new-session').click();
  await expect(page.getByTestId('session-tab')).toHaveCount(2);
  await page.keyboard.press('Control+Shift+Tab');
  await expect(page.getByTestId('filter-box')).toHaveValue('irp');
  await page.reload();
  await expect(page.getByTestId('session-tab')).toHaveCount(2);
  await expect(page.getByTestId('view-tab')).toHaveCount(2);
  await expect(page.getByTestId('filter-box')).toHaveValue('irp');
  await expect(page.getByTestId('match-count')).toHaveText(shown);
  await expect(page.locator('[role="row"][aria-selected="true"] .cell-index')).toHaveText(chosen);
});
