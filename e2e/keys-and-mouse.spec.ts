/** Keys of other layouts than a Latin one do what they say, and a drag selects rows only where it began on one. */
import type { Page } from '@playwright/test';
import { expect, matchesOf, numberOf, pictures, test } from './fixtures.ts';

const CONTROL = 2;
const SHIFT = 8;

/** Presses keys as the window system reports them for a layout: their character and their place. */
async function keyboardOf(page: Page) {
  const session = await page.context().newCDPSession(page);
  return async (key: string, code: string, modifiers = CONTROL): Promise<void> => {
    // Letters by the code of a Latin keyboard, as window systems do for layouts without them.
    const windowsVirtualKeyCode = code.charCodeAt(code.length - 1);
    const event = { key, code, modifiers, windowsVirtualKeyCode };
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  };
}

test('keys work on a Cyrillic and on a French keyboard', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '5000', '--wait-reader');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  const press = await keyboardOf(page);
  const focused = () => page.evaluate(() => document.activeElement?.id ?? '');

  await press('а', 'KeyF');
  await expect(page.getByTestId('find-bar')).toBeVisible();
  await page.keyboard.press('Escape');
  await press('д', 'KeyL');
  await expect.poll(focused).toBe('filter-input');
  await press('Щ', 'KeyO', CONTROL + SHIFT);
  await expect.poll(focused).toBe('source-input');
  await press('п', 'KeyG');
  await expect(page.getByTestId('go-to-bar')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByTestId('log-row').nth(2).click();
  // The elements of rows are used again for others: the selected one is asked for by what it is.
  const message = (await page.locator('[role="row"][aria-selected="true"] .cell-message').innerText()).trim();
  await press('с', 'KeyC');
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain(message.slice(0, 30));

  // A French keyboard has its digits behind Shift.
  await press('&', 'Digit1');
  await expect.poll(() => matchesOf(page)).toBeLessThan(5000);
  await expect(page.getByTestId('level-chip-0')).toHaveAttribute('aria-pressed', 'false');
  await press('1', 'Digit1', CONTROL + SHIFT);
  await expect(page.getByTestId('level-chip-0')).toHaveAttribute('aria-pressed', 'true');
  await press('é', 'Digit2');
  await expect(page.getByTestId('level-chip-1')).toHaveAttribute('aria-pressed', 'false');
  await press('à', 'Digit0');
  await expect.poll(() => matchesOf(page)).toBe(5000);
});

test('a drag from the details or the filter box selects no rows, one from a row does', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '5000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  await page.getByTestId('log-row').nth(8).click();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('details-text')).toBeVisible();
  const selected = page.locator('[role="row"][aria-selected="true"]');
  await expect(selected).toHaveCount(1);
  const before = await selected.getAttribute('data-position');

  const middle = async (locator: ReturnType<Page['getByTestId']>) => {
    const box = await locator.boundingBox();
    if (box === null) throw new Error('it is not shown');
    return { x: box.x + Math.min(200, box.width / 2), y: box.y + box.height / 2 };
  };
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  };
  const high = await middle(page.getByTestId('log-row').nth(2));
  await page.getByTestId('filter-box').fill('');
  for (const from of ['details-text', 'filter-box'] as const) {
    await drag(await middle(page.getByTestId(from)), high);
    await expect(selected).toHaveCount(1);
    expect(await selected.getAttribute('data-position'), from).toBe(before);
  }
  const place = () => page.getByTestId('log-row').first().getAttribute('data-position');
  const top = await place();
  await drag(await middle(page.getByTestId('details-text')), await middle(page.getByTestId('density-strip')));
  expect(await place()).toBe(top);

  await drag(high, await middle(page.getByTestId('log-row').nth(6)));
  await expect(selected).toHaveCount(5);
});

test('Ctrl selects any rows, which are copied and counted, and a drag within a message selects its text', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '2', '--rate', '50000', '--count', '5000', '--wait-reader');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  const clipboard = () => app.evaluate(({ clipboard }) => clipboard.readText());
  const selected = page.locator('[role="row"][aria-selected="true"]');
  const row = (n: number) => page.getByTestId('log-row').nth(n);

  await row(2).locator('.cell-time').click();
  await row(5)
    .locator('.cell-time')
    .click({ modifiers: ['Control'] });
  await row(8)
    .locator('.cell-time')
    .click({ modifiers: ['Control', 'Shift'] });
  await row(6)
    .locator('.cell-time')
    .click({ modifiers: ['Control'] });
  await expect(selected).toHaveCount(4);
  await expect(page.getByTestId('status-selection')).toContainText('4 rows');
  await page.keyboard.press('Control+c');
  await expect.poll(async () => (await clipboard()).trimEnd().split('\n').length).toBe(4);
  await page.keyboard.press('Control+ArrowUp');
  await page.keyboard.press('Control+ArrowUp');
  await page.keyboard.press('Control+Space');
  await expect(selected).toHaveCount(5);
  await pictures(page, 'selected-apart');
  await page.getByTestId('filter-box').fill('cpu:0');
  await page.keyboard.press('Enter');
  await expect.poll(() => matchesOf(page)).toBeLessThan(5000);
  const left = await selected.count();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(5);
  for (const cpu of await selected.locator('.cell-cpu').allInnerTexts()) expect(cpu.trim()).toBe('0');
  await page.getByTestId('filter-box').fill('');
  await expect.poll(() => matchesOf(page)).toBe(5000);

  const text = (await row(3).locator('.cell-message').innerText()).trim();
  const box = await row(3).locator('.cell-message').boundingBox();
  if (box === null) throw new Error('the message is not shown');
  const y = box.y + box.height / 2;
  const character = (n: number) =>
    row(3)
      .locator('.cell-message')
      .evaluate((cell, at) => {
        const range = document.createRange();
        const node = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode() as Text;
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().left + 1;
      }, n + 1);
  await page.mouse.move(await character(2), y);
  await page.mouse.down();
  await page.mouse.move((await character(2)) + 20, y, { steps: 3 });
  await page.mouse.move(await character(14), y, { steps: 3 });
  await page.mouse.up();
  const part = text.slice(2, 14);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(part);
  await expect(selected).toHaveCount(1);
  await pictures(page, 'selected-text');
  await page.keyboard.press('Control+c');
  await expect.poll(clipboard).toBe(part);
  await page.mouse.click(await character(5), y, { button: 'right' });
  await expect(page.getByTestId('row-copy-word')).toHaveText('Copy selected text');
  await expect(page.getByTestId('row-find-word')).toContainText(part.trim());
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('');
  await expect(selected).toHaveCount(1);
  await page.keyboard.press('Control+c');
  await expect.poll(clipboard).toContain(text);

  // What says that there are newer rows lies below those that are shown, not over them.
  await page.getByTestId('log-table').press('ArrowUp');
  await page.mouse.wheel(0, -200);
  const newer = page.getByTestId('newer-rows');
  await expect(newer).toHaveText(/^↓ \d+ rows below$/);
  const [grid, bar] = [await page.getByTestId('log-table').boundingBox(), await newer.boundingBox()];
  expect((grid?.y ?? 0) + (grid?.height ?? 0)).toBeLessThanOrEqual((bar?.y ?? 0) + 0.5);
  await pictures(page, 'newer-below');
  await page.mouse.wheel(0, 200);

  // Over other rows the same drag selects rows, and no text.
  const below = await row(6).locator('.cell-message').boundingBox();
  await page.mouse.move(await character(2), y);
  await page.mouse.down();
  await page.mouse.move(await character(14), y, { steps: 3 });
  await page.mouse.move(await character(14), (below?.y ?? 0) + 10, { steps: 6 });
  await page.mouse.up();
  await expect(selected).toHaveCount(4);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('');
  // Every message begins with a word.
  await page.mouse.dblclick(await character(1), y);
  await expect(page.getByTestId('status-word')).toBeVisible();
});
