/** What a person looks at stays where it is while they narrow the log down, and Go to says where it has led. */
import type { Page } from '@playwright/test';
import { expect, matchesOf, numberOf, picture, test } from './fixtures.ts';
import { ALL_FIT } from './simulator.ts';

/** Index of the selected row and where it is on the screen; null while none is selected. */
function selected(page: Page): Promise<{ index: string; y: number } | null> {
  return page.evaluate(() => {
    const row = document.querySelector<HTMLElement>('[role="row"][aria-selected="true"]');
    if (row === null) return null;
    const index = row.querySelector('.cell-index')?.textContent?.trim() ?? '';
    return { index, y: Math.round(row.getBoundingClientRect().y) };
  });
}

async function goTo(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+g');
  await page.getByTestId('go-to-input').fill(text);
  await page.keyboard.press('Enter');
}

test('a text filter keeps the selected row selected and in its place', async ({ open, simulate }) => {
  const simulator = simulate(...ALL_FIT, '--rate', '100000', '--count', '60000');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(60_000);
  await goTo(page, '2992');
  await expect.poll(async () => (await selected(page))?.index).toBe('2992');
  const before = await selected(page);
  const message = await page.locator('[role="row"][aria-selected="true"] .cell-message').innerText();
  const word = message.match(/[A-Za-z]{4,}/)?.[0] ?? '';
  expect(word).not.toBe('');

  await page.keyboard.press('Control+l');
  await page.keyboard.type(word, { delay: 40 });
  await expect.poll(() => matchesOf(page)).toBeLessThan(60_000);
  await expect.poll(() => selected(page)).toEqual(before);
  await picture(page, 'filtered-in-place');
  await page.keyboard.press('Escape');
  await expect.poll(() => matchesOf(page)).toBe(60_000);
  await expect.poll(() => selected(page)).toEqual(before);
});

test('go to a row that the filter hides says so and selects the nearest one', async ({ open, simulate }) => {
  const simulator = simulate(...ALL_FIT, '--rate', '100000', '--count', '20000');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(20_000);
  await goTo(page, '5,000');
  await expect.poll(async () => (await selected(page))?.index).toBe('5000');
  const cpu = (await page.locator('[role="row"][aria-selected="true"] .cell-cpu').innerText()).trim();
  await page.getByTestId(`cpu-chip-${cpu}`).click();
  await expect.poll(() => matchesOf(page)).toBeLessThan(20_000);
  await goTo(page, '5,000');
  await expect(page.getByTestId('notice')).toContainText('Record 5,000 is hidden by the filter.');
  await expect.poll(async () => Math.abs(Number((await selected(page))?.index) - 5000)).toBeLessThan(50);
  await picture(page, 'go-to-hidden');
});
