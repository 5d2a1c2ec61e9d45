/** Time in the real app: kinds and digits, deltas, a row that others are measured from, spans, and walking losses. */
import type { Page } from '@playwright/test';
import { expect, numberOf, picture, pictures, resize, test } from './fixtures.ts';

const cell = (page: Page, position: number, column: string) =>
  page.locator(`[data-position="${position}"] .cell-${column}`);

/** Digits as a person reads them: thin spaces between groups are left out. */
const plain = async (page: Page, position: number, column: string): Promise<string> =>
  (await cell(page, position, column).innerText()).replaceAll(/\s/g, '');

/** Nanoseconds of a length of time in seconds, `+0.0003895`. */
const ns = (text: string): number => Math.round(Number(text) * 1e9);

/** Goes to the oldest row of a log that stands still. */
async function toBegin(page: Page): Promise<void> {
  // A page that was just loaded has no rows yet, and so no oldest one to go to.
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Home');
  await expect(cell(page, 0, 'index')).toBeVisible();
}

test('Ctrl+T goes from elapsed to the clock with its zone and to the time since boot, and a menu chooses digits', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '20000', '--count', '5000', '--wait-reader');
  const { app, page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  await toBegin(page);
  const head = page.getByTestId('time-menu');
  await expect(head).toHaveText('time');
  await expect.poll(() => plain(page, 3, 'time')).toMatch(/^\d+\.\d{6}$/);

  await page.keyboard.press('Control+t');
  await expect(head).toHaveText(/^UTC[+-]\d\d:\d\d$/);
  await expect(head).toHaveAttribute('title', /time zone of this machine/);
  await expect.poll(() => plain(page, 3, 'time')).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
  await expect(page.getByTestId('notice')).toContainText('wall clock');
  await page.keyboard.press('Control+t');
  await expect(head).toHaveText('since boot');
  await expect.poll(() => plain(page, 3, 'time')).toMatch(/^(\d+h)?(\d+:)?\d+\.\d{6}$/);

  // The menu of the head has the same, and how many digits; the keys are the table's again behind it.
  await head.click();
  await expect(page.getByTestId('time-choices')).toBeVisible();
  await picture(page, 'time-menu');
  await page.getByTestId('digits-100ns').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('time-choices')).toHaveCount(0);
  await expect.poll(() => plain(page, 3, 'time')).toMatch(/\.\d{7}$/);
  await expect.poll(() => plain(page, 3, 'delta')).toMatch(/^[+-]\d+\.\d{7}$/);
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Control+t');
  await page.keyboard.press('Control+t');
  await expect(head).toHaveText(/^UTC/);

  // What is shown is what is copied.
  await cell(page, 3, 'message').click();
  const shown = await plain(page, 3, 'time');
  const delta = await plain(page, 3, 'delta');
  await page.keyboard.press('Control+c');
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain(shown);
  const line = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(line.split('\t').map((field) => field.trim())[2]).toBe(delta);

  // A page that comes back shows the same.
  await page.reload();
  await expect(page.getByTestId('time-menu')).toHaveText(/^UTC/);
  await toBegin(page);
  await expect.poll(() => plain(page, 3, 'time')).toBe(shown);
});

test('deltas are those of the rows above, of the same CPU, and from a row that is set by one key', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '20000', '--count', '5000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);
  await toBegin(page);

  await page.getByTestId('delta-menu').click();
  await expect(page.getByTestId('delta-reference')).toBeDisabled();
  await page.getByTestId('delta-cpu').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('delta-menu')).toHaveText('delta, cpu');
  const rows: { cpu: string; timeNs: number; delta: string }[] = [];
  for (let position = 0; position < 20; position++) {
    const timeNs = ns(await plain(page, position, 'time'));
    rows.push({ cpu: await plain(page, position, 'cpu'), timeNs, delta: await plain(page, position, 'delta') });
  }
  rows.forEach(({ cpu, timeNs, delta }, at) => {
    const before = rows.slice(0, at).findLast((row) => row.cpu === cpu);
    if (before === undefined) expect(delta).toBe('–');
    // Both times are cut off to the microsecond.
    else expect(Math.abs(ns(delta) - (timeNs - before.timeNs))).toBeLessThanOrEqual(1000);
  });

  await cell(page, 10, 'message').click();
  await page.keyboard.press('Control+d');
  const reference = page.locator('[data-position="10"]');
  await expect(reference).toHaveClass(/reference/);
  await expect(reference.locator('.badge')).toHaveText('reference');
  await expect(page.getByTestId('delta-menu')).toHaveText(/^from #/);
  await expect(page.getByTestId('status-selection')).toHaveText('reference row');
  await expect.poll(() => plain(page, 9, 'delta')).toMatch(/^-/);
  await expect.poll(() => plain(page, 11, 'delta')).toMatch(/^\+/);
  await cell(page, 14, 'message').click();
  await expect(page.getByTestId('status-selection')).toContainText('s from the reference');
  const shown = await plain(page, 14, 'delta');
  expect((await page.getByTestId('status-selection').innerText()).replaceAll(/\s/g, '')).toContain(shown);

  await cell(page, 18, 'message').click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('status-selection')).toHaveText(/^5 rows, \+/);
  await picture(page, 'time-reference');

  // The menu of a row sets and clears it too.
  await cell(page, 10, 'message').click({ button: 'right' });
  await expect(page.getByTestId('row-measure')).toContainText('no longer');
  await page.getByTestId('row-measure').click();
  await expect(page.locator('.row.reference')).toHaveCount(0);
  await expect(page.getByTestId('delta-menu')).toHaveText('delta, cpu');
  await cell(page, 12, 'message').click({ button: 'right' });
  await page.getByTestId('row-measure').click();
  await expect(page.locator('[data-position="12"]')).toHaveClass(/reference/);
  // Under a filter it is measured from all the same, whether it is shown or not.
  const cpu = await plain(page, 12, 'cpu');
  await page.getByTestId(`cpu-chip-${cpu}`).click();
  await expect(page.locator('.row.reference')).toHaveCount(0);
  await expect(page.getByTestId('delta-menu')).toHaveText(/^from #/);
});

test('keys walk from loss to loss and say what was lost, where, when and why', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '4', '--rate', '800000', '--ring-bytes', '65536', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  // Until the reader came by at least twice, and found room and losses in turn.
  await expect.poll(() => numberOf(page, 'status-lost')).toBeGreaterThan(0);
  const once = await numberOf(page, 'status-lost');
  await expect.poll(() => numberOf(page, 'status-lost')).toBeGreaterThan(once);
  simulator.kill('SIGINT');
  await simulator.counts();
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await toBegin(page);
  const selected = page.locator('[role="row"][aria-selected="true"]');
  const notice = page.getByTestId('notice');

  await page.keyboard.press('F8');
  await expect(notice).toContainText(/[\d,]+ lost on CPUs? [\d, -]+ (between .+ and|before) .+ \(ring full\)\./);
  await expect(selected).toHaveAttribute('data-testid', 'gap-row');
  await expect(selected).toContainText(/[\d,]+ lost on CPUs? [\d, -]+ (between|before) /);
  const first = Number(await selected.getAttribute('data-position'));
  await picture(page, 'time-loss');
  await page.keyboard.press('Shift+F8');
  await expect(notice).toContainText('No loss further up');
  await page.keyboard.press('F8');
  await expect.poll(async () => Number(await selected.getAttribute('data-position'))).toBeGreaterThan(first);
  // From the newest row on there is nothing more.
  await page.keyboard.press('Escape');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F8');
  await expect(notice).toContainText('No loss further down');
  await page.keyboard.press('Shift+F8');
  await expect(selected).toHaveAttribute('data-testid', 'gap-row');
});

test('times, deltas and the reference row as people see them', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '8', '--rate', '20000', '--count', '20000', '--wait-reader');
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(20_000);
  await toBegin(page);
  await page.keyboard.press('Control+t');
  await cell(page, 6, 'message').click();
  await page.keyboard.press('Control+d');
  await cell(page, 9, 'message').click();
  await cell(page, 12, 'message').click({ modifiers: ['Shift'] });
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await resize(viewer, width, height);
    await expect(page.getByTestId('status-selection')).toBeVisible();
    await pictures(page, `time-${width}`);
  }
  // A narrow window leaves the column of deltas to the message.
  await expect(page.getByTestId('delta-menu')).toHaveCount(0);
  await resize(viewer, 1280, 800);
  await page.getByTestId('delta-menu').click();
  await expect(page.getByTestId('delta-choices')).toBeVisible();
  await pictures(page, 'time-delta-menu');
});
