/** Rows stand where they belong, without holes, however the log is moved; a wheel and a key move it by exact amounts. */
import type { Page } from '@playwright/test';
import { expect, numberOf, test } from './fixtures.ts';

const ROW_PX = 20;

/** Pixels from position 0 to the upper edge of the table, as the rows in sight tell it; throws where they do not agree. */
function placeShown(page: Page): Promise<number> {
  return page.evaluate(async (rowPx) => {
    // What was asked for is drawn in the next frame.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const body = document.querySelector('[data-testid="log-table"] .body')?.getBoundingClientRect();
    if (body === undefined) throw new Error('there is no table');
    const rows = [...document.querySelectorAll<HTMLElement>('[data-position]')].map((row) => ({
      position: Number(row.dataset.position),
      y: row.getBoundingClientRect().y - body.y,
      filled: row.textContent !== '',
    }));
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) throw new Error('no row is shown');
    rows.forEach(({ position, y, filled }, at) => {
      const place = `${first.position + at} at ${first.y + at * rowPx}`;
      if (position !== first.position + at || Math.abs(y - first.y - at * rowPx) > 0.5)
        throw new Error(`row ${position} at ${y}, not ${place}`);
      if (!filled) throw new Error(`row ${position} is empty`);
    });
    if (first.y > 0.5 || last.y + rowPx < body.height - 0.5)
      throw new Error(`rows from ${first.y} to ${last.y + rowPx} do not fill ${body.height} px`);
    return Math.round(first.position * rowPx - first.y);
  }, ROW_PX);
}

test('rows stand where they belong, however the log is moved', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '100000', '--count', '20000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(20_000);
  const table = page.getByTestId('log-table');
  const box = await table.boundingBox();
  if (box === null) throw new Error('the table is not shown');
  await page.mouse.move(box.x + 300, box.y + 300);
  await table.focus();

  const end = await placeShown(page);
  let place = end;
  // Steps of a few rows keep their elements, longer ones write all of them over: both, in both directions, in any order.
  for (const px of [
    -60, -7, -13, -300, 40, -900, -20, -20, 300, 9000, -4000, -27, 620, -640, -60_000, -60, 60_000, -100,
  ]) {
    await page.mouse.wheel(0, px);
    place = Math.min(end, Math.max(0, place + px));
    await expect.poll(() => placeShown(page)).toBe(place);
  }
  for (const key of ['Home', 'End', 'Home']) {
    await page.keyboard.press(key);
    await expect.poll(() => placeShown(page)).toBe(key === 'Home' ? 0 : end);
  }
  for (const key of ['PageDown', 'PageDown', 'PageDown', 'PageUp', 'PageUp', 'PageUp', 'PageDown', 'PageDown']) {
    await page.keyboard.press(key);
    await placeShown(page);
  }
  expect(await placeShown(page)).toBeGreaterThan(0);
  for (const share of [0.5, 0.1, 0.9, 1]) {
    await page.evaluate((part) => {
      const body = document.querySelector('[data-testid="log-table"] .body');
      if (body !== null) body.scrollTop = (body.scrollHeight - body.clientHeight) * part;
    }, share);
    await expect.poll(async () => Math.abs((await placeShown(page)) - end * share)).toBeLessThan(end / 100);
  }
  expect(await placeShown(page)).toBe(end);
});

test('a table that grows and shrinks, as when a bar beside it goes and a line comes, was moved by nobody', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '2', '--rate', '20000', '--count', '10000', '--wait-reader', '--linger', '60');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(10_000);
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'true');
  const grown = await page.locator('[data-testid="log-table"] .body').evaluate(async (body: HTMLElement) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const before = body.clientHeight;
    // Taller, so that there would be less to scroll, and a little less tall before the browser says what it did.
    body.style.marginBottom = '-40px';
    const tallest = body.scrollTop >= 0 ? body.clientHeight : 0;
    body.style.marginBottom = '-18px';
    for (let count = 0; count < 4; count++) await frame();
    return tallest - before;
  });
  expect(grown).toBe(40);
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('log-row').last()).toHaveAttribute('data-position', '9999');
});
