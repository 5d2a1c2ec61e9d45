/** Filters as people think: terms in the box, what can follow them, mistakes with their place, and a row's own menu. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, matchesOf, pictures, resize, test } from './fixtures.ts';

const LEVELS = ['error', 'warning', 'info', 'trace'];

/** Rows of four levels on eight CPUs, of three templates, a millisecond apart. */
function writeLog(folder: string, rows: number): string {
  const path = join(folder, 'mixed.csv');
  const templates = [
    (at: number) => `read ${512 * (at % 9)} bytes at 0x${(0x1f00 + at).toString(16)}`,
    (at: number) => `storport: IRP 0x${(at % 64).toString(16)} failed (${at % 5})`,
    () => 'heartbeat',
  ];
  const lines = Array.from({ length: rows }, (_, at) => {
    const message = templates[at % templates.length]?.(at);
    return `${at},${at * 1000},${at % 8},${LEVELS[Math.floor(at / 8) % 4]},"${message}"`;
  });
  writeFileSync(path, ['index,time_us,cpu,level,message', ...lines, ''].join('\n'));
  return path;
}

const ROWS = 9600;

async function opened(page: Page): Promise<Locator> {
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  return page.getByTestId('filter-box');
}

const messages = (page: Page): Promise<string[]> =>
  page.getByTestId('log-row').locator('.cell-message').allInnerTexts();

test('a filter of terms is typed with what occurs, corrected where it is wrong, and taken back', async ({
  open,
  folder,
}) => {
  const viewer = await open('--source', `file:${writeLog(folder, ROWS)}`);
  const { page } = viewer;
  const box = await opened(page);

  await box.pressSequentially('level>=w');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveText(['warning']);
  await pictures(page, 'filter-completion');
  await box.press('ArrowDown');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveAttribute('aria-selected', 'true');
  await box.press('Enter');
  await expect(box).toHaveValue('level>=warning');
  await expect(page.getByRole('listbox')).toHaveCount(0);
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 2);

  await box.pressSequentially(' cpu:');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveText(['0', '1', '2', '3', '4', '5', '6', '7']);
  await resize(viewer, 900, 600);
  await pictures(page, 'filter-completion-narrow');
  await resize(viewer, 1280, 800);
  await page.getByRole('listbox').getByRole('option', { name: '3' }).click();
  await expect(box).toHaveValue('level>=warning cpu:3');
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 16);

  await box.pressSequentially(' level:high');
  await expect(page.getByTestId('filter-failure')).toContainText("'high' cannot be a value of 'level'");
  await expect(page.getByTestId('filter-fault').locator('mark')).toHaveText('high');
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  // What of the term was typed first was looked for as a text for a moment.
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 16);
  await pictures(page, 'filter-fault');

  await box.fill('storport: IRP 0x1f failed');
  await expect(page.getByTestId('filter-failure')).toHaveCount(0);
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 192);
  await box.press('Enter');
  await box.fill('(heartbeat or /0X1F failed/i) -cpu:0-3');
  await expect.poll(async () => (await messages(page)).some((message) => message.trim() === 'heartbeat')).toBe(true);
  await pictures(page, 'filter-terms');

  await box.press('Escape');
  await expect(box).toHaveValue('');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await box.press('ArrowUp');
  await expect(box).toHaveValue('(heartbeat or /0X1F failed/i) -cpu:0-3');
  await box.press('ArrowUp');
  await expect(box).toHaveValue('storport: IRP 0x1f failed');
  await box.press('ArrowDown');
  await box.press('ArrowDown');
  await expect(box).toHaveValue('');
});

test('what a filter matches is marked with the rows that it shows, not in those of the filter before', async ({
  open,
  folder,
}) => {
  const { page } = await open('--source', `file:${writeLog(folder, ROWS)}`);
  const box = await opened(page);
  await box.fill('IR');
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 3);
  await page.evaluate(() => {
    const grid = document.querySelector('[data-testid="log-table"]');
    const seen = new Set<string>();
    Object.assign(window, { marksSeen: seen });
    new MutationObserver(() => {
      const marks = [...document.querySelectorAll('.cell-message mark')].map((mark) => mark.textContent);
      seen.add(`${grid?.getAttribute('data-generation')} ${[...new Set(marks)].sort().join(',')}`);
    }).observe(grid ?? document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const generation = () => page.getByTestId('log-table').getAttribute('data-generation');
  const before = await generation();
  await box.press('P');
  await expect(page.locator('.cell-message mark').first()).toHaveText('IRP');
  const seen = await page.evaluate(() => [...(window as unknown as { marksSeen: Set<string> }).marksSeen]);
  expect(seen).toContain(`${await generation()} IRP`);
  expect(seen.filter((each) => each.startsWith(`${before} `) && each.includes('IRP'))).toEqual([]);
});

test("a row's menu writes what it does into the filter, by mouse and by keys", async ({ open, folder }) => {
  const { page } = await open('--source', `file:${writeLog(folder, ROWS)}`);
  const box = await opened(page);
  const row = (message: string) => page.getByTestId('log-row').filter({ hasText: message }).nth(3);

  await row('heartbeat').locator('.cell-message').click({ button: 'right' });
  await expect(page.getByTestId('row-menu').getByRole('menuitem').nth(1)).toHaveText('Only messages with “heartbeat”');
  expect(await page.getByTestId('row-menu').getByRole('menuitem').count()).toBeLessThan(20);
  await pictures(page, 'filter-row-menu');
  await page.getByTestId('row-hide-like').click();
  await expect(box).toHaveValue('-like:"heartbeat"');
  await expect.poll(() => matchesOf(page)).toBe((ROWS / 3) * 2);
  await expect(page.getByTestId('log-table')).toBeFocused();

  await row('read').locator('.cell-cpu').click({ button: 'right' });
  await expect(page.getByTestId('row-menu').getByRole('menuitem').first()).toHaveText(/^Only CPU \d$/);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('row-menu')).toHaveCount(0);
  await page.keyboard.press('Shift+F10');
  await expect(page.getByTestId('row-menu')).toBeVisible();
  // What is not at hand is one menu further, also from the keys.
  await page.getByTestId('row-more-others').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('row-only-cpu')).toBeFocused();
  await pictures(page, 'filter-row-menu-more');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('row-only-cpu')).toHaveCount(0);
  await page.getByTestId('row-hide-like').click();
  await expect(box).toHaveValue('-like:"heartbeat" -like:"read # bytes at #"');
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 3);

  await page.keyboard.press('Control+z');
  await expect.poll(() => matchesOf(page)).toBe((ROWS / 3) * 2);
  await page.keyboard.press('Control+z');
  await expect(box).toHaveValue('');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await page.keyboard.press('Control+y');
  await expect(box).toHaveValue('-like:"heartbeat"');
});
