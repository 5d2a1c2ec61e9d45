/** The status bar where there is more to say than room: its parts are cut in an order, and none is drawn over another. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, numberOf, pictures, resize, test } from './fixtures.ts';

/** The left and the right edge of each part that has a width, in order. */
const edgesOf = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.status-parts > *, .status-export > *')].flatMap((part) => {
      const { left, right, width } = part.getBoundingClientRect();
      return width === 0 || part.matches('.status-export') ? [] : [[left, right] as const];
    }),
  );

async function expectApart(page: Page): Promise<void> {
  const edges = await edgesOf(page);
  expect(edges.length).toBeGreaterThan(8);
  for (const [at, [left, right]] of edges.entries()) {
    expect(left, JSON.stringify(edges)).toBeGreaterThanOrEqual((edges[at - 1]?.[1] ?? 0) - 0.5);
    expect(right, JSON.stringify(edges)).toBeLessThanOrEqual((await page.evaluate(() => window.innerWidth)) + 0.5);
  }
  // What a person acts on is never cut.
  for (const id of ['status-source', 'status-lost', 'status-selection', 'status-follow']) {
    const cut = await page.getByTestId(id).evaluate((part) => part.scrollWidth - part.clientWidth);
    expect(cut, `${id} in ${JSON.stringify(edges)}`).toBeLessThanOrEqual(0);
  }
}

test('in the smallest window no part lies over another; the export is told for some seconds', async ({
  open,
  folder,
  simulate,
}) => {
  const simulator = simulate('--cpus', '4', '--rate', '2000');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(4000);
  const choose = (filePath: string) =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
    }, filePath);
  await choose(join(folder, 'boot-of-the-second-machine.jsonl'));
  await page.keyboard.press('Control+Shift+S');
  await page.getByTestId('log-start').click();
  await expect(page.getByTestId('status-log')).toBeVisible();

  await page.getByTestId('log-table').click();
  await page.keyboard.press('Control+d');
  await page.keyboard.press('Home');
  await expect(page.getByTestId('status-selection')).toContainText('reference');
  await choose(join(folder, 'what-is-shown-of-the-second-machine.csv'));
  await page.getByTestId('export-menu').click();
  await page.getByTestId('export-filtered-csv').click();
  await resize(viewer, 900, 600);
  const told = page.getByTestId('export-progress');
  await expect(told).toContainText('written to');
  await pictures(page, 'status-bar-900');
  await expectApart(page);
  await told.hover();
  await page.waitForFunction(
    (begun) => performance.now() - begun > 11_000,
    await page.evaluate(() => performance.now()),
  );
  await expect(told).toBeVisible();
  await page.mouse.move(400, 300);
  await expect(told).toBeHidden({ timeout: 15_000 });
  await page.getByTestId('export-menu').click();
  await expect(page.getByTestId('export-show-last')).toBeVisible();
  await page.keyboard.press('Escape');
  await resize(viewer, 1280, 800);
  await expectApart(page);
});
