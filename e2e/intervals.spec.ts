/** Intervals between two kinds of messages: typed, or taken from rows; the slowest first, and what has no partner. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, matchesOf, picture, pictures, resize, test, type Viewer } from './fixtures.ts';

const IRPS = 300;

/** IRPs that take 100 us each, every tenth 2 ms, one 40 ms; the last two never end. */
function writeLog(folder: string): { readonly path: string; readonly rows: number } {
  const events: { readonly us: number; readonly text: string }[] = [];
  for (let irp = 0; irp < IRPS; irp++) {
    const address = `ffffc01a${(0x10000000 + irp * 0x50).toString(16)}`;
    const us = irp * 1000;
    events.push({ us, text: `storport: IRP ${address} start` });
    const took = irp === 150 ? 40_000 : irp % 10 === 5 ? 2000 : 100;
    if (irp < IRPS - 2) events.push({ us: us + took, text: `storport: IRP 0x${address.toUpperCase()} done, status 0` });
  }
  events.push({ us: 5, text: 'storport: IRP ffffc01a99999999 done, status 0' });
  events.sort((a, b) => a.us - b.us);
  const path = join(folder, 'irps.csv');
  const lines = events.map(({ us, text }, at) => `${at},${us},${at % 4},"${text}"`);
  writeFileSync(path, ['index,time_us,cpu,message', ...lines, ''].join('\n'));
  return { path, rows: events.length };
}

/** The log at its first rows with the keys in it, and the message of the first row that has a text. */
async function atBegin(open: (...args: string[]) => Promise<Viewer>, folder: string) {
  const { path, rows } = writeLog(folder);
  const { page } = await open('--source', `file:${path}`);
  await expect.poll(() => matchesOf(page)).toBe(rows);
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Home');
  const message = (text: string) =>
    page.getByTestId('log-row').filter({ hasText: text }).first().locator('.cell-message');
  return { page, message };
}

test('how long IRPs take is measured, slowest first, and a click goes there', async ({ open, folder }) => {
  const { path, rows } = writeLog(folder);
  const viewer = await open('--source', `file:${path}`);
  const { page } = viewer;
  await expect.poll(() => matchesOf(page)).toBe(rows);
  await page.keyboard.press('F10');
  await expect(page.getByTestId('intervals-pane')).toContainText('Select a message of each kind');
  // What cannot be measured says so, and the keys go to what is missing.
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('interval-lacks')).toContainText('Both are needed');
  await expect(page.getByTestId('interval-start')).toBeFocused();
  await page.getByTestId('interval-start').fill('/IRP (\\w+) start/');
  await page.getByTestId('interval-end').fill('/IRP (\\w+) done/');
  await page.getByTestId('interval-end').press('Enter');
  await expect(page.getByTestId('interval-lacks')).toHaveCount(0);
  const sum = page.getByTestId('insight-sum');
  await expect(sum).toHaveText(
    /^298 intervals, median (99\.\d|100) µs, 95 % in (1\.99|2|2\.01) ms, longest 40 ms, 2 starts without an end, 1 end without a start$/,
  );
  const slowest = page.getByTestId('interval');
  await expect(slowest).toHaveCount(100);
  await expect(slowest.first()).toContainText('40 ms');
  await expect(slowest.first()).toContainText('0xffffc01a10002ee0');
  await pictures(page, 'intervals');
  await slowest.first().getByTestId('interval-from').click();
  await expect(page.locator('[aria-selected="true"] .cell-message').first()).toHaveText(/IRP ffffc01a10002ee0 start/);
  await slowest.first().getByTestId('interval-to').click();
  await expect(page.locator('[aria-selected="true"] .cell-message').first()).toHaveText(/IRP 0xFFFFC01A10002EE0 done/);
  // The bar at the right end is the longest.
  const box = await page.getByTestId('interval-histogram').boundingBox();
  await page.mouse.click((box?.x ?? 0) + 3, (box?.y ?? 0) + 60);
  await expect(page.locator('[aria-selected="true"] .cell-message').first()).toHaveText(/start/);
  await page.getByTestId('interval-open-row').first().click();
  await expect(page.locator('[aria-selected="true"] .cell-message').first()).toHaveText(/start/);
  await resize(viewer, 900, 600);
  await pictures(page, 'intervals-900');

  await page.getByTestId('interval-end').fill('/(/');
  await page.getByTestId('interval-end').press('Enter');
  await expect(page.getByTestId('intervals-failure')).toBeVisible();
  await pictures(page, 'intervals-failure-900');
});

test('both ends are taken from rows', async ({ open, folder }) => {
  const { page, message } = await atBegin(open, folder);
  await message('start').click({ button: 'right', position: { x: 20, y: 8 } });
  await page.getByTestId('row-more-cell').click();
  await page.getByTestId('row-interval-start').click();
  await message('0xFFFFC01A10000000 done').click({ button: 'right', position: { x: 20, y: 8 } });
  await page.getByTestId('row-more-cell').click();
  await page.getByTestId('row-interval-end').click();
  await expect(page.getByTestId('interval-start')).toHaveValue('/storport: IRP (\\S+?) start/');
  await expect(page.getByTestId('insight-sum')).toContainText('298 intervals');
});

test('two rows that are selected are a pair of each kind: one key measures all such pairs', async ({
  open,
  folder,
}) => {
  const { page, message } = await atBegin(open, folder);
  // The end first: which one begins is told by their order in the log.
  await message('0xFFFFC01A10000000 done').click();
  await message('ffffc01a10000000 start').click({ modifiers: ['Control'] });
  await page.keyboard.press('F10');
  await expect(page.getByTestId('interval-start')).toHaveValue('/storport: IRP (\\S+?) start/');
  await expect(page.getByTestId('insight-sum')).toContainText('298 intervals');
  await expect(page.getByTestId('log-table')).toBeFocused();
  // All is looked at: there is nothing to stop, and the button for it keeps its place for the rows that may come.
  await expect(page.getByTestId('interval-stop')).toHaveAttribute('aria-disabled', 'true');
  await picture(page, 'intervals-pair');

  await page.keyboard.press('Escape');
  await message('ffffc01a10000050 start').click();
  await message('0xFFFFC01A10000000 done').click({ modifiers: ['Control'] });
  await message('0xFFFFC01A10000000 done').click({ button: 'right', position: { x: 20, y: 8 } });
  const verb = page.getByTestId('row-interval-between').locator('.row-verb');
  expect(await verb.evaluate((label) => label.scrollWidth <= label.clientWidth)).toBe(true);
  await page.getByTestId('row-interval-between').click();
  await expect(page.getByTestId('interval-end')).toHaveValue('/storport: IRP (\\S+?) start/');
});
