/** CPU lanes: what each CPU wrote over time, losses on them, a CPU that fell silent; zoom, pan, and the way to the rows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, matchesOf, picture, pictures, resize, test } from './fixtures.ts';

/**
 * Ten seconds of four CPUs; CPU 2 writes nothing from 4 s on, CPU 1 has a burst and loses 700 records at 5 s, CPU 0 loses
 * 31,000 from 6 to 8 s.
 */
function writeLog(folder: string): { readonly path: string; readonly records: number } {
  const rows: { readonly us: number; readonly line: string }[] = [];
  let records = 0;
  const add = (us: number, cpu: number, level: string, remarks: number, message: string): void => {
    rows.push({ us, line: `${us},${cpu},${level},${remarks},"${message}"` });
    if (level !== 'lost') records++;
  };
  for (let ms = 0; ms < 10_000; ms += 10) {
    for (const cpu of [0, 1, 2, 3])
      if ((cpu !== 2 || ms < 4000) && (cpu !== 0 || ms <= 6000 || ms >= 8000))
        add(ms * 1000 + cpu, cpu, 'info', 0, `tick of CPU ${cpu}`);
    if (ms >= 4500 && ms < 5000)
      for (let more = 0; more < 8; more++) add(ms * 1000 + 100 + more, 1, 'warning', 0, 'burst');
  }
  add(5_000_500, 1, 'lost', 700, '');
  add(7_999_999, 0, 'lost', 31_000, '');
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

/** Whether a canvas shows, two frames from now, what it shows once it is drawn anew; a difference of sizes would do that. */
const drawnAnew = (chart: Locator): Promise<{ same: boolean }> =>
  chart.evaluate(async (canvas: HTMLCanvasElement) => {
    const frames = async (count: number) => {
      for (let frame = 0; frame < count; frame++) await new Promise(requestAnimationFrame);
    };
    await frames(2);
    const shown = canvas.toDataURL();
    const host = canvas.parentElement as HTMLElement;
    for (const width of ['50%', '']) {
      host.style.width = width;
      canvas.style.width = width;
      await frames(3);
    }
    return { same: canvas.toDataURL() === shown };
  });

test('lanes show rates, losses and silence, and lead to the rows', async ({ open, folder }) => {
  const { path, records } = writeLog(folder);
  const viewer = await open('--source', `file:${path}`);
  const { page } = viewer;
  await expect.poll(() => matchesOf(page)).toBe(records);
  await page.getByTestId('dock-tab-statistics').click();
  await page.getByTestId('lanes-open').click();
  await expect(page.getByTestId('insight-sum')).toHaveText('4 CPUs, CPU 2 silent for 6 s, 31,700 lost');
  await expect(lanes(page)).toHaveAttribute(
    'aria-label',
    /CPU 1: 1,400 records, 700 lost; CPU 2: 400 records, silent for 6 s/,
  );
  await pictures(page, 'lanes');
  // Charts have the colours of a theme as soon as it is in force, as if they were drawn anew.
  for (const colorScheme of ['dark', 'light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const chart of [lanes(page), page.getByTestId('density-strip').locator('canvas')])
      expect(await drawnAnew(chart), colorScheme).toEqual({ same: true });
  }
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await drawnAnew(lanes(page)), 'forced colours').toEqual({ same: true });
  await picture(page, 'lanes-forced');
  await page.emulateMedia({ forcedColors: null });

  // A click on the lane of CPU 3 in the middle goes to a row of it.
  const box = await lanes(page).boundingBox();
  if (box === null) throw new Error('no lanes');
  const middle = box.x + 56 + (box.width - 160) / 2;
  const lane = box.height / 4;
  await page.mouse.click(middle, box.y + lane * 3.5);
  const selected = page.locator('[aria-selected="true"] .cell-message').first();
  await expect(selected).toHaveText(/tick of CPU 3/);
  // The loss of CPU 0 is a stretch of time, and leads to the row that says so.
  await page.mouse.move(box.x + 56 + (box.width - 160) * 0.7, box.y + lane * 0.5);
  await expect(lanes(page)).toHaveAttribute('title', /^31,000 lost on CPU 0 between 6\.000.* and 7\.999/);
  await page.mouse.click(box.x + 56 + (box.width - 160) * 0.7, box.y + lane * 0.5);
  await expect(page.locator('[role="row"][aria-selected="true"]').first()).toContainText('31,000 lost on CPU 0');
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
  // The table comes along: what it shows is of this time.
  const shownNs = async () => {
    const text = await page.getByTestId('log-row').first().locator('.cell-time').innerText();
    return Number(text.replace(/\s/g, '')) * 1e9;
  };
  await expect
    .poll(async () => {
      const ns = await shownNs();
      const ends = ['data-from', 'data-to'].map(async (end) => Number(await lanes(page).getAttribute(end)));
      return ns >= Number(await ends[0]) - 1e6 && ns <= Number(await ends[1]);
    })
    .toBe(true);
  await pictures(page, 'lanes-zoomed');
  await page.keyboard.press('Control+Shift+F10');
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

test('lanes go on while nothing is written, and say how long that has been; the time-line unfolds them', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '4000');
  const { page } = await open('--source', simulator.source);
  await expect(page.getByTestId('rate-line-plot')).toBeVisible();
  await page.getByTestId('rate-line').click();
  await expect(page.getByTestId('rate-line')).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByTestId('insight-sum')).toHaveText('4 CPUs');
  simulator.kill('SIGSTOP');
  await expect(page.getByTestId('insight-sum')).toHaveText(/^4 CPUs, all silent for \d/);
  const before = await spanOf(page);
  await expect.poll(() => spanOf(page)).toBeGreaterThan(before + 1e9);
  await pictures(page, 'lanes-silent');
  simulator.kill('SIGCONT');
  await expect(page.getByTestId('insight-sum')).toHaveText('4 CPUs');
  await page.getByTestId('rate-line').click();
  await expect(page.getByTestId('lanes-pane')).toHaveCount(0);
});
