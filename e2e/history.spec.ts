/** A long history: how much is kept and where, the overview of all of it, and going, copying and exporting across it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { parseSettings } from '../electron/main/settings.ts';
import { expect, numberOf, picture, pictures, test } from './fixtures.ts';

const MB = 1024 ** 2;
/** More than the smallest cap holds. */
const ROWS = '1000000';
/** Of each of four CPUs: all that is written fits, however long a busy machine lets the reader wait. */
const RING = String(64 * MB);

async function showDialog(app: ElectronApplication, filePath: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
  }, filePath);
}

/** Bytes of a status like `412 MB of 2.0 GB`. */
async function memoryUsed(page: Page): Promise<number> {
  const [, figure, unit] = /^([\d.]+) (\w+)/.exec(await page.getByTestId('status-memory').innerText()) ?? [];
  return Number(figure) * ({ B: 1, KB: 1024, MB, GB: 1024 * MB }[unit ?? ''] ?? Number.NaN);
}

/** Of all rows in the table, losses too; elements are used again, so their order says nothing. */
const positions = (page: Page): Promise<number[]> =>
  page.locator('[data-position]').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-position'))));

test('the overview strip: errors, warnings and losses of the whole log, and a click goes there', async ({
  open,
  simulate,
}) => {
  const faster = ['--cpus', '4', '--rate', '400000', '--count', '400000', '--ring-bytes', '65536'];
  const simulator = simulate(...faster, '--wait-reader');
  const { page } = await open('--source', simulator.source);
  const strip = page.getByTestId('density-strip');
  await simulator.counts();
  await expect.poll(async () => Number(await strip.getAttribute('data-rows'))).toBeGreaterThan(1000);
  await expect
    .poll(async () => {
      const shown = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
      return Number(await strip.getAttribute('data-rows')) === shown;
    })
    .toBe(true);
  const rows = Number(await strip.getAttribute('data-rows'));
  expect(await strip.getAttribute('aria-label')).toMatch(
    /^Overview of the rows shown: [\d,]+ errors, [\d,]+ warnings, /,
  );

  const box = await strip.boundingBox();
  if (!box) throw new Error('no strip');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'false');
  const position = async () => Number(await page.getByTestId('log-row').first().getAttribute('data-position')) / rows;
  await expect.poll(async () => Math.abs((await position()) - 0.5)).toBeLessThan(0.05);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 1, { steps: 5 });
  await page.mouse.up();
  await expect.poll(position).toBe(0);
  await pictures(page, 'strip');
  await page.keyboard.press('Control+h');
  await page.getByTestId('retention-keep-bytes').click();
  await pictures(page, 'history');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('retention-dialog')).toBeHidden();

  await page.keyboard.press('Control+f');
  await page.getByTestId('find-input').fill('offset 0x1');
  await expect(strip).toHaveAttribute('aria-label', /, [\d,]+ matching rows?$/);
  await pictures(page, 'strip-hits');
  await page.keyboard.press('Escape');
  await expect(strip).not.toHaveAttribute('aria-label', /matching/);

  await page.getByTestId('level-chip-0').click({ modifiers: ['Alt'] });
  await expect.poll(async () => Number(await strip.getAttribute('data-rows'))).toBeLessThan(rows / 2);
  await pictures(page, 'strip-filtered');
  // Its end is where it ends now, and leads to the newest rows that the filter shows.
  const end = await strip.boundingBox();
  if (!end) throw new Error('no strip');
  await page.mouse.click(end.x + end.width / 2, end.y + end.height - 1);
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'true');
  const last = async () => Math.max(...(await positions(page)));
  await expect.poll(async () => (await last()) + 1).toBe(Number(await strip.getAttribute('data-rows')));
  await page.mouse.click(end.x + end.width / 2, end.y);
  await expect.poll(async () => Math.min(...(await positions(page)))).toBe(0);
  await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'false');
});

test('the cap is lowered while rows are there: they move to disk, none is lost, and it is remembered', async ({
  open,
  simulate,
  folder,
}) => {
  test.setTimeout(150_000);
  const simulator = simulate('--cpus', '4', '--rate', '250000', '--count', ROWS, '--ring-bytes', RING, '--wait-reader');
  const { app, page, folder: userData } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows'), { timeout: 60_000 }).toBe(1_000_000);
  await expect.poll(() => memoryUsed(page)).toBeGreaterThan(100 * MB);

  await page.getByTestId('status-memory').click();
  const cap = page.getByTestId('retention-cap');
  await expect(cap).toBeFocused();
  await expect(cap).toHaveValue('2 GB');
  await cap.fill('1 MB');
  await cap.press('Enter');
  await expect(page.getByTestId('retention-dialog')).toContainText('From 64 MB');
  await picture(page, 'retention-refused');
  await cap.fill('64 MB');
  await cap.press('Enter');
  await expect(page.getByTestId('retention-dialog')).toBeHidden();
  await expect(page.getByTestId('status-disk')).toContainText('rows on disk');
  await expect.poll(() => memoryUsed(page)).toBeLessThanOrEqual(64 * MB);
  expect(await numberOf(page, 'status-rows')).toBe(1_000_000);
  expect(parseSettings(readFileSync(join(userData, 'settings.json'), 'utf8')).retention).toEqual({
    memoryCapBytes: 64 * MB,
    policy: { keep: 'all' },
  });
  await page.keyboard.press('Control+h');
  await expect(page.getByTestId('retention-facts')).toContainText(join(folder, 'sessions'));
  await picture(page, 'history-disk');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('retention-dialog')).toBeHidden();

  // Everything, most of it from disk, complete and, but for what was marked late, in order.
  const path = join(folder, 'all.csv');
  await showDialog(app, path);
  await page.getByTestId('export-menu').click();
  await page.getByTestId('export-all-csv').click();
  await expect(page.getByTestId('export-progress')).toContainText('written to', { timeout: 60_000 });
  // A writer that the machine holds up inside a write for longer than the others wait for it is late.
  const late = (await page.getByTestId('status-late').count()) > 0 ? await numberOf(page, 'status-late') : 0;
  let last = 0;
  let lines = 0;
  let behind = 0;
  const seen = new Uint8Array(1_000_001);
  for (const line of readFileSync(path, 'utf8').split('\r\n').slice(1, -1)) {
    const index = Number(line.slice(0, line.indexOf(',')));
    if (seen[index] !== 0) throw new Error(`index ${index} is there twice, or is none`);
    seen[index] = 1;
    if (index < last) behind++;
    last = Math.max(last, index);
    lines++;
  }
  expect(lines).toBe(1_000_000);
  expect(behind).toBeLessThanOrEqual(late);

  // Millions of rows are selected at once, and offered as a file.
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const offer = page.getByTestId('copy-offer');
  await expect(offer).toContainText('1,000,000 rows, about');
  await picture(page, 'copy-offer');
  const selected = join(folder, 'selected.jsonl');
  await showDialog(app, selected);
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.getByTestId('log-row').nth(2).click();
  await page
    .getByTestId('log-row')
    .nth(11)
    .click({ modifiers: ['Shift'] });
  await page.getByTestId('export-menu').click();
  await page.getByTestId('export-selection-jsonl').click();
  await expect(page.getByTestId('export-progress').last()).toContainText('10 rows');
  const written = readFileSync(selected, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written.map(({ index }) => index)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(written[0]).toHaveProperty('pid');

  // Fewer rows from now on, at once.
  await page.keyboard.press('Control+h');
  await page.getByTestId('retention-keep-rows').click();
  await page.getByTestId('retention-rows').fill('200k');
  await expect(page.getByTestId('retention-warning')).toContainText('800,000 of the oldest rows');
  await page.getByTestId('retention-apply').click();
  await expect.poll(() => numberOf(page, 'status-rows')).toBeLessThan(200_000 + 65_536);
  expect(await numberOf(page, 'status-rows')).toBeGreaterThanOrEqual(200_000);
  await expect(page.getByTestId('status-evicted')).toBeVisible();
});

test('keeping only what the filter shows says what it costs, and counts what it drops', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '4000');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(1000);
  await page.getByTestId('cpu-chip-1').click();
  await page.keyboard.press('Control+h');
  await page.getByTestId('retention-capture-filter').click();
  await expect(page.getByTestId('retention-warning')).toContainText('gone for good');
  await picture(page, 'history-shown');
  await page.getByTestId('retention-apply').click();
  await expect.poll(() => numberOf(page, 'status-hidden')).toBeGreaterThan(2000);
  await picture(page, 'hidden-dropped');
  // What the view shows is another matter: the session goes on to keep only what was chosen.
  await page.getByTestId('filter-reset').click();
  const hidden = await numberOf(page, 'status-hidden');
  await expect.poll(() => numberOf(page, 'status-hidden')).toBeGreaterThan(hidden);
  await page.keyboard.press('Control+h');
  await page.getByTestId('retention-capture-filter').click();
  await page.getByTestId('retention-apply').click();
  await expect(page.getByTestId('retention-dialog')).toHaveCount(0);
  await page.keyboard.press('Control+x');
  await expect(page.getByTestId('status-hidden')).toHaveCount(0);
});

test('going to a time of the session and of the clock', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '3000', '--count', '9000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(9000);
  const seconds = async () => {
    const time = await page.locator('[role="row"][aria-selected="true"] .cell-time').innerText();
    return Number(time.replace(/\s/g, ''));
  };
  /** Of the row above the selected one: a busy machine leaves holes, so only the two together say where 1.5 s is. */
  const secondsAbove = async () => {
    const position = Number(await page.locator('[role="row"][aria-selected="true"]').getAttribute('data-position'));
    // The machine may have held the simulated driver up from its first record on.
    if (position === 0) return Number.NEGATIVE_INFINITY;
    const time = await page.locator(`[data-position="${position - 1}"] .cell-time`).innerText();
    return Number(time.replace(/\s/g, ''));
  };
  const go = async (text: string) => {
    await page.keyboard.press('Control+g');
    await page.getByTestId('go-to-input').fill(text);
    await page.keyboard.press('Enter');
  };
  await go('+1.5s');
  await expect(page.getByTestId('go-to-bar')).toBeHidden();
  await expect.poll(seconds).toBeGreaterThanOrEqual(1.5);
  await expect.poll(secondsAbove).toBeLessThan(1.5);
  const found = await seconds();

  // The clock of that row, as the details name it, leads back to it.
  await page.keyboard.press('F4');
  const clock =
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/.exec(await page.getByTestId('details-pane').innerText())?.[0] ?? '';
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Home');
  await go(clock);
  await expect(page.getByTestId('go-to-bar')).toBeHidden();
  expect(Math.abs((await seconds()) - found)).toBeLessThan(0.01);
  await go(clock.slice(11));
  await expect(page.getByTestId('go-to-bar')).toBeHidden();
  expect(Math.abs((await seconds()) - found)).toBeLessThan(0.01);

  await go('yesterday');
  await expect(page.getByTestId('go-to-bar')).toContainText('neither an index nor a time');
  await page.getByTestId('go-to-input').fill('+2h');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('go-to-bar')).toContainText('No row is of this time');
  await picture(page, 'go-to-time');
});

test('a disk that is full for the history: told, and the newest rows are kept', async ({ open, simulate, folder }) => {
  test.skip(process.getuid?.() !== 0, 'a full disk needs root: a small tmpfs is mounted');
  const history = join(folder, 'user-0', 'history');
  mkdirSync(history, { recursive: true });
  // What is not recorded lies there as long as the window is open.
  writeFileSync(
    join(folder, 'user-0', 'settings.json'),
    JSON.stringify({ library: { record: false }, askBeforeClosing: false }),
  );
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', history]);
  try {
    const simulator = simulate(
      '--cpus',
      '4',
      '--rate',
      '200000',
      '--count',
      ROWS,
      '--ring-bytes',
      RING,
      '--wait-reader',
    );
    const { page } = await open('--source', simulator.source);
    await simulator.counts();
    await expect.poll(() => numberOf(page, 'status-rows'), { timeout: 60_000 }).toBe(1_000_000);
    await page.keyboard.press('Control+h');
    await page.getByTestId('retention-cap').fill('64 MB');
    await page.keyboard.press('Enter');
    const notice = page.getByTestId('notice').filter({ hasText: 'could not be written' });
    await expect(notice).toContainText('Free space on that disk');
    await expect(page.getByTestId('status-evicted')).toContainText('oldest dropped');
    await picture(page, 'history-full-disk');
    await expect.poll(() => memoryUsed(page)).toBeLessThanOrEqual(64 * MB);
    const held = async () => (await numberOf(page, 'status-rows')) + (await numberOf(page, 'status-evicted'));
    await expect.poll(held).toBe(1_000_000);
  } finally {
    execFileSync('umount', ['--lazy', history]);
  }
});
