/** CPU lanes: what each CPU wrote over time, losses on them, a CPU that fell silent; zoom, pan, and the way to the rows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, matchesOf, pictures, resize, test } from './fixtures.ts';

/** Ten seconds of four CPUs; CPU 2 writes nothing from 4 s on, CPU 1 has a burst and loses 700 records at 5 s. */
function writeLog(folder: string): { readonly path: string; readonly records: number } {
  const rows: { readonly us: number; readonly line: string }[] = [];
  let records = 0;
  const add = (us: number, cpu: number, level: string, remarks: number, message: string): void => {
    rows.push({ us, line: `${us},${cpu},${level},${remarks},"${message}"` });
    if (level !== 'lost') records++;
  };
  for (let ms = 0; ms < 10_000; ms += 10) {
    for (const cpu of [0, 1, 2, 3])
      if (cpu !== 2 || ms < 4000) add(ms * 1000 + cpu, cpu, 'info', 0, `tick of CPU ${cpu}`);
    if (ms >= 4500 && ms < 5000)
      for (let more = 0; more < 8; more++) add(ms * 1000 + 100 + more, 1, 'warning', 0, 'burst');
  }
  add(5_000_500, 1, 'lost', 700, '');
  rows.sort((a, b) => a.us - b.us);
  const path = join(folder, 'lanes.csv');
  writeFileSync(
    path,
    ['index,time_us,cpu,level,remarks,message', ...rows.map(({ line }, at) => `${at},${line}`), ''].join('\n'),
  );
  return { path, records };
}

const lanes = (page: Page) => page.getByTestId('lanes');
const spanOf = async (page: Page): Promise<number> =>
  Number(await lanes(page).getAttribute('data-to')) - Number(await lanes(page).getAttribute('data-from'));

test('lanes show rates, losses and silence, and lead to the rows', async ({ open, folder }) => {
  const { path, records } = writeLog(folder);
  const viewer = await open('--source', `file:${path}`);
  const { page } = viewer;
  await expect.poll(() => matchesOf(page)).toBe(records);
  await page.getByTestId('dock-tab-statistics').click();
  await page.getByTestId('lanes-open').click();
  await expect(page.getByTestId('insight-sum')).toHaveText('4 CPUs, CPU 2 silent for 6 s, 700 lost');
  await expect(lanes(page)).toHaveAttribute(
    'aria-label',
    /CPU 1: 1,400 records, 700 lost; CPU 2: 400 records, silent for 6 s/,
  );
  await pictures(page, 'lanes');

  // A click on the lane of CPU 3 in the middle goes to a row of it.
  const box = await lanes(page).boundingBox();
  if (box === null) throw new Error('no lanes');
  const middle = box.x + 56 + (box.width - 160) / 2;
  const lane = (box.height - 18) / 4;
  await page.mouse.click(middle, box.y + lane * 3.5);
  const selected = page.locator('[aria-selected="true"] .cell-message').first();
  await expect(selected).toHaveText(/tick of CPU 3/);
  // On CPU 2 there is nothing: the nearest row of it.
  await page.mouse.click(middle, box.y + lane * 2.5);
  await expect(selected).toHaveText(/tick of CPU 2/);

  // The wheel zooms around the pointer, a drag moves, a double click shows all.
  const whole = await spanOf(page);
  await page.mouse.move(middle, box.y + 10);
  for (let turn = 0; turn < 8; turn++) await page.mouse.wheel(0, -120);
  await expect.poll(() => spanOf(page)).toBeLessThan(whole / 4);
  const from = Number(await lanes(page).getAttribute('data-from'));
  await page.mouse.down();
  await page.mouse.move(middle - 120, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Number(await lanes(page).getAttribute('data-from'))).toBeGreaterThan(from);
  await pictures(page, 'lanes-zoomed');
  await page.getByTestId('lanes-filter').click();
  await expect(page.getByTestId('filter-box')).toHaveValue(/^time:/);
  await expect.poll(() => matchesOf(page)).toBeLessThan(records / 3);
  await page.getByTestId('lanes-all').click();
  await expect.poll(() => spanOf(page)).toBe(whole);
  await resize(viewer, 900, 600);
  await pictures(page, 'lanes-900');
});

test('lanes of sixty-four CPUs grow while a driver writes', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '64', '--rate', '20000');
  const { page } = await open('--source', `sim:${simulator.name}`);
  await page.keyboard.press('Control+F10');
  await expect(page.getByTestId('insight-sum')).toContainText('64 CPUs');
  const before = await spanOf(page);
  await expect.poll(() => spanOf(page)).toBeGreaterThan(before);
  await pictures(page, 'lanes-64');
});
