/** The window as people see it: sizes, themes, many CPUs, long messages. The pictures are for looking at. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, numberOf, picture, pictures, resize, test, type Viewer } from './fixtures.ts';

/** A picture in each size and theme; nothing reaches beyond the window. */
async function inEachSize(viewer: Viewer, name: string): Promise<void> {
  const { page } = viewer;
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await resize(viewer, width, height);
    await expect(page.getByTestId('log-row').first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await pictures(page, `${name}-${width}`);
  }
}

for (const theme of ['dark', 'light'] as const) {
  test(`${theme}, wide and narrow`, async ({ open, simulate }) => {
    const simulator = simulate('--cpus', '8', '--rate', '20000', '--count', '20000', '--wait-reader');
    const viewer = await open('--source', simulator.source, '--theme', theme);
    const { page } = viewer;
    await simulator.counts();
    await expect.poll(() => numberOf(page, 'status-rows')).toBe(20_000);
    await page.getByTestId('log-row').nth(5).click();
    await page.keyboard.press('F9');
    await expect(page.getByTestId('rate-plot')).toBeVisible();
    for (const [width, height] of [
      [1280, 800],
      [900, 600],
    ] as const) {
      await resize(viewer, width, height);
      await expect(page.getByTestId('log-row').first()).toBeVisible();
      await picture(page, `${theme}-${width}`);
    }
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const channels = background.match(/\d+/g)?.slice(0, 3).map(Number) ?? [];
    const brightness = channels.reduce((sum, value) => sum + value, 0) / 3;
    if (theme === 'dark') expect(brightness).toBeLessThan(80);
    else expect(brightness).toBeGreaterThan(200);

    // A plot has the colours of the other theme as soon as that is in force.
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'light' : 'dark' });
    const hasGrid = () =>
      page.getByTestId('rate-plot').evaluate((plot) => {
        const canvas = plot.querySelector('canvas') as HTMLCanvasElement;
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
          ...([0, 0, canvas.width, canvas.height] as const),
        );
        const wanted = getComputedStyle(plot).getPropertyValue('--colorNeutralStroke3').trim();
        const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) return true;
        return false;
      });
    await expect.poll(hasGrid).toBe(true);
  });
}

test('64 CPUs', async ({ open, simulate }) => {
  const simulator = simulate(
    '--cpus',
    '64',
    '--rate',
    '20000',
    '--count',
    '30000',
    '--ring-bytes',
    '65536',
    '--wait-reader',
  );
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(30_000);
  await page.getByTestId('cpu-fold').click();
  await expect(page.getByTestId('cpu-chip-63')).toBeVisible();
  await picture(page, '64-cpus');
  await page.keyboard.press('Escape');
  for (const [keys, pane] of [
    ['F9', 'statistics'],
    ['Control+F10', 'lanes'],
  ] as const) {
    await page.keyboard.press(keys);
    await expect(page.getByTestId(`${pane}-pane`)).toBeVisible();
    await inEachSize(viewer, `64-cpus-${pane}`);
  }
});

test('ten million rows', { tag: '@alone' }, async ({ open, simulate }) => {
  test.setTimeout(300_000);
  const rows = 10_000_000;
  const simulator = simulate(
    ...['--cpus', '8', '--rate', '600000', '--count', `${rows}`, '--ring-bytes', `${16 * 1024 ** 2}`, '--wait-reader'],
  );
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  const { cpus } = await simulator.counts();
  const written = cpus.reduce((sum, cpu) => sum + cpu.written, 0);
  await expect.poll(() => numberOf(page, 'status-rows'), { timeout: 120_000 }).toBe(written);
  await inEachSize(viewer, '10m');
  await page.keyboard.press('Control+F10');
  await expect(page.getByTestId('insight-sum')).toHaveText(/^8 CPUs(?!.*counted)/, { timeout: 60_000 });
  await inEachSize(viewer, '10m-lanes');
  await page.getByTestId('filter-box').fill('STATUS_DEVICE_BUSY');
  await expect(page.getByTestId('match-count')).not.toContainText('%', { timeout: 60_000 });
  await inEachSize(viewer, '10m-filtered');
});

test('a message of many lines and thousands of characters', async ({ open, simulate, folder }) => {
  const path = join(folder, 'long.txt');
  writeFileSync(path, `short\n${'wide '.repeat(2000)}end\nerror: third line\n`);
  const simulator = simulate('--cpus', '1', '--rate', '1000', '--count', '3', '--replay', path, '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(3);
  await page.getByTestId('log-row').nth(1).click();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('details-pane')).toContainText('wide end');
  await picture(page, 'long-message');
});

test('a message that is cut is told whole under the mouse, and only while it is there', async ({
  open,
  simulate,
  folder,
}) => {
  const path = join(folder, 'cut.txt');
  writeFileSync(path, `short\n${'wide '.repeat(100)}end\n`);
  const simulator = simulate('--cpus', '1', '--rate', '1000', '--count', '200', '--replay', path, '--wait-reader');
  const { page } = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(200);
  const table = page.getByTestId('log-table');
  await table.focus();
  await page.keyboard.press('Home');
  const body = table.locator('.body');
  const message = (position: number) => page.locator(`[data-position="${position}"] .cell-message`);
  await expect(message(1)).toContainText('wide');

  await message(1).hover({ position: { x: 40, y: 10 } });
  await expect(body).toHaveAttribute('title', `${'wide '.repeat(100)}end`);
  await message(2).hover({ position: { x: 20, y: 10 } });
  await expect(body).toHaveAttribute('title', '');
  await message(3).hover({ position: { x: 40, y: 10 } });
  await expect(body).toHaveAttribute('title', /wide end$/);

  // Other rows come to lie under the mouse: every second one is cut.
  const box = await message(3).boundingBox();
  if (box === null) throw new Error('the row is not shown');
  const told = () =>
    page.evaluate(
      ({ x, y }) => {
        const row = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-position]');
        const cut = Number(row?.dataset.position) % 2 === 1;
        return document.querySelector<HTMLElement>('.body')?.title.endsWith('wide end') === cut ? 'right' : 'wrong';
      },
      { x: box.x + 40, y: box.y + 10 },
    );
  for (const key of ['End', 'Home', 'End', 'PageUp']) {
    await page.keyboard.press(key);
    await expect(body).toHaveAttribute('title', '');
    for (const dx of [30, 40]) await page.mouse.move(box.x + dx, box.y + 10);
    await expect.poll(told).toBe('right');
  }
});
