/** Expressions that never come to an end, and scans that take their time: the app stays usable and says what happened. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, numberOf, picture, test } from './fixtures.ts';
import { ALL_FIT } from './simulator.ts';

/** Takes an engine that backtracks longer than the universe has lasted. */
const ENDLESS = '^(a+)+$';
const TRAP = `${'a'.repeat(60)}!`;

/** A page that runs such an expression never draws again; a busy machine may keep one waiting for a while. */
const HELD_UP_MS = 3000;

/** A log whose middle holds one row that `ENDLESS` never gets past. */
function writeLog(folder: string, rows: number): string {
  const path = join(folder, 'trap.txt');
  const lines = Array.from({ length: rows }, (_, i) => (i === rows / 2 ? TRAP : `aaaa${i % 7 === 0 ? '' : ` ${i}`}`));
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** The longest the page did not get to draw while something was done, milliseconds. */
async function longestFrame(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = { longest: 0, last: performance.now(), stop: false };
    Object.assign(globalThis, { seen });
    const frame = () => {
      const now = performance.now();
      seen.longest = Math.max(seen.longest, now - seen.last);
      seen.last = now;
      if (!seen.stop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await work();
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { longest: number; stop: boolean } };
    seen.stop = true;
    return seen.longest;
  });
}

test('a filter that cannot get past a row says so, and nothing else stands still', async ({
  open,
  simulate,
  folder,
}) => {
  const path = writeLog(folder, 20_000);
  // Goes through the lines again and again: rows still arrive at the end of a test that takes its time.
  const simulator = simulate('--cpus', '1', '--rate', '2000', '--count', '1000000', '--replay', path);
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(10_500);
  await page.getByTestId('filter-regex').click();

  const longest = await longestFrame(page, async () => {
    const before = await numberOf(page, 'status-rows');
    await page.getByTestId('filter-box').fill(ENDLESS);
    await expect(page.getByTestId('scan-stopped')).toBeVisible();
    expect(await numberOf(page, 'status-rows')).toBeGreaterThan(before);
  });
  expect(longest).toBeLessThan(HELD_UP_MS);
  await expect(page.getByTestId('scan-stopped')).toContainText('takes more than 1 s on the message with index 10,001');
  await expect(page.getByTestId('scan-stopped')).toContainText('not searched and not shown');
  await expect(page.getByTestId('filter-box')).toHaveAttribute('aria-invalid', 'true');
  // Everything before the row was found: every seventh of 10,000.
  await expect.poll(() => numberOf(page, 'match-count')).toBe(1429);
  await picture(page, 'filter-too-slow');
  const rows = await numberOf(page, 'status-rows');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows);

  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Home');
  const top = page.getByTestId('log-row').first().locator('.cell-index');
  await expect(top).toHaveText('1');
  await page.keyboard.press('End');
  await expect(top).not.toHaveText('1');

  await page.getByTestId('scan-reset').click();
  await expect(page.getByTestId('scan-stopped')).toBeHidden();
  await expect(page.getByTestId('filter-box')).toHaveAttribute('aria-invalid', 'false');
  await page.getByTestId('filter-box').fill('^aaaa$');
  await expect.poll(() => numberOf(page, 'match-count')).toBeGreaterThan(1429);
});

test('a search and the marks of an endless expression leave the page free', async ({ open, simulate, folder }) => {
  const path = join(folder, 'traps.txt');
  writeFileSync(path, `${Array.from({ length: 30_000 }, (_, i) => `${TRAP} ${i}`).join('\n')}\n`);
  const simulator = simulate('--cpus', '1', '--rate', '500', '--replay', path);
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(200);
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-regex').click();
  const longest = await longestFrame(page, async () => {
    const before = await numberOf(page, 'status-rows');
    // Matches nothing, and tries for ever to.
    await page.getByTestId('find-input').fill('(a+)+$');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('find-outcome')).toContainText('takes more than 1 s');
    expect(await numberOf(page, 'status-rows')).toBeGreaterThan(before);
  });
  expect(longest).toBeLessThan(HELD_UP_MS);
  await picture(page, 'find-too-slow');
  await page.getByTestId('find-input').fill('aaa! 1\\d+');
  await page.keyboard.press('Enter');
  await expect(page.locator('mark').first()).toBeVisible();
  await expect(page.getByTestId('find-outcome')).toContainText(/\d+ of [\d,]+/);
  await picture(page, 'find-count');
});

test('a long scan shows how far it is, stops when told, and goes on', async ({ open, simulate }) => {
  const total = 100_000;
  const simulator = simulate(...ALL_FIT, '--rate', '100000', '--count', `${total}`);
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(total);
  await page.getByTestId('filter-regex').click();
  // Some seconds of two threads for all rows, but less than one for the first 2,048, which are shown together.
  await page.getByTestId('filter-box').fill('^.{0,8}.*.*(~|7$)');
  await page.getByTestId('filter-stop').click();
  await expect(page.getByTestId('scan-stopped')).toContainText('The filter was stopped');
  await picture(page, 'filter-stopped');
  const found = await numberOf(page, 'match-count');
  expect(found).toBeLessThan(total);
  await page.getByTestId('scan-resume').click();
  await expect(page.getByTestId('scan-stopped')).toBeHidden();
  await expect.poll(() => numberOf(page, 'match-count')).toBeGreaterThan(found);
  // A new filter takes the place of one under way.
  await page.getByTestId('filter-regex').click();
  await page.getByTestId('filter-box').fill('irp');
  await expect(page.getByTestId('match-count')).not.toContainText('%', { timeout: 5000 });
});
