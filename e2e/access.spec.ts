/** The window in each of its states, in both themes, has nothing that a screen reader or weak eyes stumble over. */
import type { Page } from '@playwright/test';
import { accessProblems } from './access.ts';
import { expect, numberOf, resize, test } from './fixtures.ts';

/** Looks at the page in both themes. */
async function look(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Where it did not settle yet, a colour may be on its way from one theme to the other.
    await expect.poll(() => page.evaluate(accessProblems), { message: `${state}, ${colorScheme}` }).toEqual([]);
  }
}

test('before anything is captured, and in each sheet', async ({ open }) => {
  const { page } = await open();
  await look(page, 'nothing captured');
  for (const [key, sheet] of [
    ['F1', 'cheat-sheet'],
    ['Control+h', 'retention-dialog'],
    ['Control+Shift+h', 'sessions-dialog'],
    ['Control+Shift+l', 'filters-sheet'],
    ['Control+Shift+p', 'palette'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByTestId(sheet)).toBeVisible();
    await look(page, sheet);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId(sheet)).toHaveCount(0);
  }
});

test('with rows, losses, each pane, a selection, matches and mistakes', async ({ open, simulate }) => {
  test.setTimeout(180_000);
  const simulator = simulate(
    ...['--cpus', '8', '--rate', 'max', '--count', '200000', '--ring-bytes', '65536', '--wait-reader'],
  );
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await simulator.counts();
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await expect.poll(() => numberOf(page, 'status-lost')).toBeGreaterThan(0);
  await resize(viewer, 1280, 800);
  await look(page, 'rows');
  await page.getByTestId('log-row').nth(2).click();
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Control+b');
  await look(page, 'rows selected');
  // What is out of sight is not there to be named.
  const grid = page.getByTestId('log-table');
  await expect(grid).toHaveAttribute('aria-activedescendant', /^row-\d+$/);
  await page.getByTestId('log-row').nth(2).hover();
  await page.mouse.wheel(0, -20_000);
  await expect(grid).not.toHaveAttribute('aria-activedescendant');
  await look(page, 'selected row out of sight');
  await page.keyboard.press('End');
  await page.getByTestId('log-row').nth(6).hover();
  await look(page, 'row under the mouse');
  for (const tab of await page.getByTestId('dock').getByRole('tab').all()) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByTestId('dock-pane').locator(':scope > *')).not.toHaveCount(0);
    await look(page, await tab.innerText());
  }
  // The pane of matches has opened the find bar.
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('find-bar')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('dock-pane')).toHaveCount(0);
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Shift+F8');
  await look(page, 'loss selected');
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-input').fill('irp');
  await page.keyboard.press('Enter');
  await look(page, 'find');
  await page.keyboard.press('Escape');
  await page.getByTestId('filter-box').fill('cpu:1-x or');
  await page.keyboard.press('Enter');
  await look(page, 'a mistake in the filter');
  await page.getByTestId('filter-box').fill('level>=warning irp');
  await page.keyboard.press('Enter');
  await page.keyboard.press('F6');
  await look(page, 'the filter as rows');
  await page.getByTestId('filter-box').fill('no record has this in it');
  await page.keyboard.press('Enter');
  await look(page, 'no match');
  await page.keyboard.press('Control+0');
  for (const [width, height] of [
    [900, 600],
    [640, 480],
  ] as const) {
    await resize(viewer, width, height);
    await look(page, `${width} x ${height}`);
    await page.getByTestId('cpu-fold').click();
    await expect(page.getByTestId('cpu-chip-7')).toBeVisible();
    await look(page, `CPUs at ${width}`);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('cpu-chip-7')).toHaveCount(0);
  }
});
