/** The dock below the log, the chips that fold, and the room that is left to the log. */
import { expect, numberOf, pictures, resize, test } from './fixtures.ts';

const LOSSY = ['--cpus', '8', '--rate', 'max', '--count', '200000', '--ring-bytes', '65536', '--wait-reader'];

test('one pane at a time: by its tab, its key and the status bar, closed by Escape, its height kept', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '20000', '--count', '8000', '--wait-reader');
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(8000);
  await resize(viewer, 1280, 800);
  const dock = page.getByTestId('dock');
  const pane = page.getByTestId('dock-pane');
  await expect(dock).toHaveAttribute('data-pane', '');
  await page.getByTestId('dock-tab-statistics').click();
  await expect(page.getByTestId('statistics-pane')).toBeVisible();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('details-pane')).toBeVisible();
  await expect(page.getByTestId('statistics-pane')).toHaveCount(0);
  for (const [part, opened] of [
    ['lost', 'losses'],
    ['source', 'source'],
    ['rate', 'statistics'],
  ] as const) {
    await page.getByTestId(`status-${part}`).click();
    await expect(dock).toHaveAttribute('data-pane', opened);
  }
  await page.getByTestId('dock-tab-statistics').click();
  await expect(dock).toHaveAttribute('data-pane', '');

  // One stop of the keyboard: arrows move along the tabs, Enter opens, Escape gives the keys back to the log.
  await page.getByTestId('dock-tab-details').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('dock-tab-losses')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('losses-pane')).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('dock-tab-losses')).toBeFocused();
  await page.keyboard.press('F7');
  await page.getByTestId('patterns-rate').focus();
  await page.keyboard.press('Escape');
  await expect(pane).toHaveCount(0);
  await expect(page.getByTestId('log-table')).toBeFocused();

  // The chips and the status bar are one stop each, too.
  await page.getByTestId('cpu-chip-0').focus();
  await page.keyboard.press('End');
  await expect(page.getByTestId('rate-line')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('cpu-chip-0')).toBeFocused();
  await page.getByTestId('status-source').focus();
  await page.keyboard.press('End');
  await expect(page.getByTestId('status-follow')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('status-source')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByTestId('dock-tab-losses')).toBeFocused();

  // Dragged, but never beyond half of the height, and the same after the page is loaded again.
  await page.keyboard.press('F9');
  const sizer = page.getByTestId('dock-sizer');
  const drag = async (dy: number) => {
    const box = await sizer.boundingBox();
    if (box === null) throw new Error('no edge');
    await page.mouse.move(box.x + 200, box.y + 3);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + 3 + dy, { steps: 4 });
    await page.mouse.up();
  };
  const heightOf = async (id: string) => (await page.getByTestId(id).boundingBox())?.height ?? 0;
  await drag(-60);
  await expect.poll(() => heightOf('dock-pane')).toBeGreaterThan(280);
  const kept = await heightOf('dock-pane');
  await page.reload();
  await expect(pane).toBeVisible();
  expect(await heightOf('dock-pane')).toBe(kept);
  await drag(-600);
  const halves = async () => (await heightOf('log-table')) / (await heightOf('dock'));
  await expect.poll(halves).toBeGreaterThanOrEqual(0.99);
  await resize(viewer, 900, 600);
  await expect.poll(halves).toBeGreaterThanOrEqual(0.99);
  await drag(600);
  await expect.poll(() => heightOf('dock-pane')).toBe(96);
  await sizer.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => heightOf('dock-pane')).toBe(116);
});

test('losses are listed, led to and walked from their own line', async ({ open, simulate }) => {
  const simulator = simulate(...LOSSY);
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await simulator.counts();
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await expect.poll(() => numberOf(page, 'status-lost')).toBeGreaterThan(0);
  await page.getByTestId('dock-tab-losses').click();
  const lost = await numberOf(page, 'status-lost');
  await expect(page.getByTestId('losses-sum')).toContainText(`${lost.toLocaleString('en')} records lost, at `);
  // The tab has the same number, in short.
  await expect(page.getByTestId('dock-count-losses')).toHaveAttribute(
    'title',
    `${lost.toLocaleString('en')} records lost`,
  );
  const lines = page.getByTestId('loss');
  const each = await lines.locator('td:nth-child(3)').allInnerTexts();
  // All that was lost is in the list, unless that is cut.
  expect(each.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0)).toBe(lost);
  await lines.first().getByTestId('loss-go').click();
  const selected = page.locator('.row.gap[aria-selected="true"]');
  await expect(selected).toContainText('lost on CPU');
  await pictures(page, 'losses');
  await selected.locator('.gap-step', { hasText: 'previous' }).click();
  await expect(page.getByTestId('notice')).toContainText('No loss further up');
});

test('a narrow window folds the chips and leaves the message more than half of it; nothing is out of reach', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '8', '--rate', '20000', '--count', '8000', '--wait-reader');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(8000);
  await resize(viewer, 1280, 800);
  await expect(page.getByTestId('cpu-fold')).toHaveCount(0);
  await expect(page.locator('.head-cell.cell-delta')).toBeVisible();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const inReach = async () => {
    for (const id of ['capture-toggle', 'filter-box', 'export-menu', 'help', 'dock-tab-driver', 'status-follow']) {
      const box = await page.getByTestId(id).boundingBox();
      const width = await page.evaluate(() => window.innerWidth);
      expect(box?.x, id).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? Number.NaN) + (box?.width ?? 0), id).toBeLessThanOrEqual(width);
    }
    expect(await overflow()).toBeLessThanOrEqual(0);
  };
  await resize(viewer, 900, 600);
  await expect(page.locator('.head-cell.cell-delta')).toHaveCount(0);
  await expect(page.locator('.head-cell.cell-level')).toBeVisible();
  const message = await page.locator('.head-cell.cell-message').boundingBox();
  expect(message?.width).toBeGreaterThan(450);
  await inReach();
  // What every row offers is at the end of its menu, and in sight wherever the row is.
  await page.mouse.click(500, 330, { button: 'right' });
  await expect(page.getByTestId('row-menu')).toBeVisible();
  await pictures(page, 'row-menu-900');
  for (const id of ['row-bookmark', 'row-note', 'row-measure', 'row-copy'])
    await expect(page.getByTestId(id), id).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Escape');
  await page.getByTestId('cpu-fold').click();
  await page.getByTestId('cpu-chip-3').click({ modifiers: ['Alt'] });
  await expect(page.getByTestId('cpu-fold')).toContainText('1 of 8');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('cpu-chip-4')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('cpu-chip-4')).toHaveCount(0);
  await page.keyboard.press('Control+0');
  await expect(page.getByTestId('cpu-fold')).toContainText('CPUs 8');
  await resize(viewer, 640, 500);
  await inReach();
  await pictures(page, 'narrow-640');
  // Twice as large, the window has half the pixels.
  await resize(viewer, 1280, 800);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2));
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(640);
  await inReach();
  await pictures(page, 'zoom-200');
});

test('the strip leaves an even mix blank and draws what is not, and tells the time of a place', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '40000', '--count', '40000', '--wait-reader');
  const viewer = await open('--source', simulator.source);
  const { page } = viewer;
  await simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(40_000);
  await resize(viewer, 1280, 800);
  const strip = page.getByTestId('density-strip');
  await expect(strip).toHaveAttribute('data-rows', '40000');
  await expect(strip).toHaveAttribute('aria-label', /[\d,]+ errors, [\d,]+ warnings/);
  const coloured = () =>
    strip.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        ...([0, 0, canvas.width, canvas.height] as const),
      );
      let count = 0;
      for (let at = 3; at < data.length; at += 4) if ((data[at] as number) > 0) count++;
      return count / (canvas.width * canvas.height);
    });
  await expect.poll(coloured).toBeLessThan(0.05);
  const box = await strip.boundingBox();
  if (box === null) throw new Error('no strip');
  await page.mouse.move(box.x + 7, box.y + box.height / 2);
  await page.mouse.move(box.x + 7, box.y + box.height / 2 + 1);
  await expect(strip).toHaveAttribute('title', /^\d+\.\d{3}\s\d{3}: .*Click to go there$/);
});
