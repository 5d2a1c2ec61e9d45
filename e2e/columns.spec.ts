/** Columns in the order that a person gives them, remembered for each kind of log, and only those that a log has something for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { accessProblems } from './access.ts';
import { expect, picture, pictures, resize, test } from './fixtures.ts';

/** The columns of the table, from the left. */
const heads = (page: Page) =>
  page
    .getByTestId('table-head')
    .locator('[data-column]')
    .evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset.column));

/** The cells of the first row, from the left. */
const cells = (page: Page) =>
  page
    .getByTestId('log-row')
    .first()
    .locator('.cell')
    .evaluateAll((all) => all.map((cell) => /cell-(\w+)/.exec(cell.className)?.[1]));

const head = (page: Page, id: string) => page.getByTestId('table-head').locator(`[data-column="${id}"]`);

/** Presses the head of a column and moves it onto the left half of another. */
async function dragOver(page: Page, id: string, over: string): Promise<void> {
  await page.getByTestId(`${id}-menu`).hover();
  await page.mouse.down();
  const target = await head(page, over).boundingBox();
  if (target === null) throw new Error(`there is no column ${over}`);
  await page.mouse.move(target.x + 3, target.y + 8, { steps: 6 });
}

const copied = (app: ElectronApplication) => app.evaluate(({ clipboard }) => clipboard.readText());

test('columns are moved by mouse, keys and menu, and copied and remembered as they stand', async ({
  open,
  simulate,
}) => {
  const simulator = simulate('--cpus', '2', '--count', '200', '--wait-reader', '--linger', '60');
  const viewer = await open('--source', simulator.source);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  const before = await heads(page);
  expect(before.slice(0, 5)).toEqual(['index', 'time', 'delta', 'cpu', 'level']);
  expect(before.at(-1)).toBe('message');

  // Escape gives it up, and the press was no click on the menu.
  const edge = page.getByTestId('drop-edge');
  await dragOver(page, 'level', 'time');
  await expect(edge).toBeVisible();
  const left = (await head(page, 'time').boundingBox())?.x ?? 0;
  expect(Math.abs(((await edge.boundingBox())?.x ?? 0) - left)).toBeLessThan(2);
  await pictures(page, 'columns-drag');
  await page.keyboard.press('Escape');
  await expect(edge).toHaveCount(0);
  await page.mouse.up();
  expect(await heads(page)).toEqual(before);

  // Where it stands already there is nothing to drop.
  await dragOver(page, 'delta', 'cpu');
  await expect(edge).toHaveCount(0);
  await page.mouse.up();
  expect(await heads(page)).toEqual(before);

  await dragOver(page, 'level', 'time');
  await page.mouse.up();
  await expect(edge).toHaveCount(0);
  await expect(page.getByRole('menu')).toHaveCount(0);
  const moved = ['index', 'level', 'time', 'delta', 'cpu', ...before.slice(5)];
  expect(await heads(page)).toEqual(moved);
  expect(await cells(page)).toEqual(moved);

  // By keys, and the focus stays on the head. One stop of the keyboard is for all of them.
  await page.getByTestId('index-menu').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('level-menu')).toBeFocused();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect(page.getByTestId('level-menu')).toBeFocused();
  expect((await heads(page)).slice(0, 4)).toEqual(['index', 'time', 'level', 'delta']);
  await expect(page.getByText(`level is column 3 of ${before.length}`)).toBeVisible();
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await expect(page.getByTestId('level-menu')).toBeFocused();
  expect((await heads(page)).slice(0, 3)).toEqual(['level', 'index', 'time']);

  // By the menu, which opens by a key.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Move left' })).toHaveAttribute('aria-disabled', 'true');
  await pictures(page, 'columns-menu');
  await page.getByRole('menuitem', { name: 'Move right' }).click();
  await expect(page.getByTestId('level-menu')).toBeFocused();
  expect((await heads(page)).slice(0, 3)).toEqual(['index', 'level', 'time']);
  await page.getByTestId('delta-menu').click();
  await page.getByRole('menuitem', { name: 'Hide this column' }).click();
  await expect(head(page, 'delta')).toHaveCount(0);

  // A copy as shown has them in this order.
  await page.getByTestId('log-row').first().click();
  await page.keyboard.press('Control+c');
  await expect.poll(() => copied(app)).toMatch(/^ *\d+\t(error|warning|info|trace) *\t *\d+\.\d+\t *\d\t/);

  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect.poll(() => page.evaluate(accessProblems)).toEqual([]);
  }
  await page.reload();
  await expect.poll(() => heads(page)).toEqual(moved.filter((id) => id !== 'delta'));
  await pictures(page, 'columns-moved');

  // A second click closes the menu, the arrow key opens it, and Escape leaves the focus on its button.
  const columns = page.getByTestId('column-menu');
  const reset = page.getByRole('menuitem', { name: 'Columns as they come' });
  await columns.click();
  await expect(reset).toBeVisible();
  await expect(columns).toHaveAttribute('aria-expanded', 'true');
  await columns.click();
  await expect(reset).toHaveCount(0);
  await columns.press('ArrowDown');
  await expect(reset).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(columns).toBeFocused();
  await expect(columns).toHaveAttribute('aria-expanded', 'false');
  await columns.click();
  await reset.click();
  await expect.poll(() => heads(page)).toEqual(before);
});

test('each kind of log has its own columns, and those that it states', async ({ open, folder }) => {
  const logs = {
    'dbgview.log': '1\t0.001\t[44] nicfilt: loaded\r\n2\t0.002\t[44] nicfilt: ready\r\n3\t0.003\t[1980] app: hello\r\n',
    'plain.txt': 'nothing but words\nand more of them\n',
    'later.log': '1\t0.5\tdriver: without a process\r\n2\t0.6\tdriver: another\r\n',
    'levels.txt': '2026-11-28 14:03:22.100 ERROR it broke\n2026-11-28 14:03:22.200 INFO it is well\n',
  };
  for (const [name, text] of Object.entries(logs)) writeFileSync(join(folder, name), text);
  const viewer = await open('--source', `file:${join(folder, 'dbgview.log')}`);
  const { app, page } = viewer;
  await resize(viewer, 1280, 800);
  await expect(page.getByTestId('log-row')).toHaveCount(3);
  // It states processes, neither CPU nor level.
  await expect.poll(() => heads(page)).toEqual(['index', 'time', 'delta', 'pid', 'message']);
  await expect(page.locator('[data-position="2"] .cell-pid')).toHaveText(/^ *1980 *$/);
  await expect(page.getByTestId('level-chip-0')).toHaveCount(0);
  await expect(page.getByTestId('log-row').first()).toHaveClass(/level-none/);
  await page.getByTestId('log-row').first().click();
  await page.keyboard.press('F4');
  await expect(page.getByTestId('details-fields')).not.toContainText('level');
  await pictures(page, 'columns-debugview');
  await page.keyboard.press('Escape');
  await dragOver(page, 'pid', 'index');
  await page.mouse.up();
  const debugview = ['pid', 'index', 'time', 'delta', 'message'];
  await expect.poll(() => heads(page)).toEqual(debugview);

  const openFile = async (name: string) => {
    await app.evaluate(
      ({ dialog }, path) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      },
      join(folder, name),
    );
    const tabs = await page.getByTestId('session-tab').count();
    await page.keyboard.press('Control+o');
    await expect(page.getByTestId('session-tab')).toHaveCount(tabs + 1);
    await expect(page.getByTestId('log-row').first()).toBeVisible();
  };
  await openFile('plain.txt');
  await expect.poll(() => heads(page)).toEqual(['index', 'time', 'delta', 'message']);
  await dragOver(page, 'delta', 'index');
  await page.mouse.up();
  await expect.poll(() => heads(page)).toEqual(['delta', 'index', 'time', 'message']);
  await openFile('later.log');
  // Ordered as the other log of this kind, without processes, because it states none.
  await expect.poll(() => heads(page)).toEqual(debugview.slice(1));
  await openFile('levels.txt');
  await expect.poll(() => heads(page)).toEqual(['delta', 'index', 'time', 'level', 'message']);
  await expect(page.getByTestId('level-chip-0')).toBeVisible();
  await picture(page, 'columns-levels');
  await page.getByTestId('session-tab').first().click();
  await expect.poll(() => heads(page)).toEqual(debugview);
});
