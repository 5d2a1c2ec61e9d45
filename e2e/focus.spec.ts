/** Where the keys go: they stay where something is typed, go where the next thing is typed, and come back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, matchesOf, test } from './fixtures.ts';

function writeLines(folder: string, count: number): string {
  const path = join(folder, 'some.csv');
  const lines = Array.from({ length: count }, (_, at) => `${at},${at * 1000},${at % 4},line ${at % 7}`);
  writeFileSync(path, ['index,time_us,cpu,message', ...lines, ''].join('\n'));
  return path;
}

test('the focus goes on where a person goes on', async ({ open, folder }) => {
  const { app, page } = await open('--source', `file:${writeLines(folder, 200)}`);
  const box = page.getByTestId('filter-box');
  await expect.poll(() => matchesOf(page)).toBe(200);

  await page.keyboard.press('Control+l');
  await page.keyboard.type('line 3');
  await page.keyboard.press('Enter');
  await expect(box).toBeFocused();
  await expect.poll(() => matchesOf(page)).toBe(29);
  await page.keyboard.type(' cpu:');
  const list = page.getByRole('listbox');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(box).toHaveValue('line 3 cpu:');
  await page.keyboard.press('Escape');
  await expect(box).toHaveValue('');
  await expect(box).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('log-table')).toBeFocused();
  await expect.poll(() => matchesOf(page)).toBe(200);

  // A filter of DebugView is pasted, and read as that.
  await app.evaluate(({ clipboard }) => clipboard.writeText('line 1;LINE*2;'));
  await page.keyboard.press('Control+l');
  await page.keyboard.press('Control+v');
  await expect(box).toHaveValue('line 1 or /LINE.*2/i');
  await expect.poll(() => matchesOf(page)).toBe(58);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  // The filter as rows takes the keys and gives them back to whom it took them from, however it is closed.
  for (const key of ['Escape', 'F6']) {
    await page.keyboard.press('F6');
    const panel = page.getByTestId('filter-panel');
    await expect(panel.getByTestId('filter-row-add')).toBeFocused();
    await page.keyboard.press(key);
    await expect(panel).toHaveCount(0);
    await expect(page.getByTestId('log-table')).toBeFocused();
  }
  await page.keyboard.press('F10');
  await expect(page.getByTestId('interval-start')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('log-table')).toBeFocused();
  await page.keyboard.press('Control+n');
  await expect(page.getByTestId('source-box')).toBeFocused();
  await expect(page.getByTestId('session-tab')).toHaveCount(2);
});

test('another tab has the focus in its log, and in the tabs for who goes through them by keys', async ({
  open,
  folder,
}) => {
  const { page } = await open('--source', `file:${writeLines(folder, 200)}`);
  const table = page.getByTestId('log-table');
  const tabs = page.getByTestId('view-tab');
  await expect.poll(() => matchesOf(page)).toBe(200);
  await page.getByTestId('log-row').first().click();
  await page.keyboard.press('Control+Shift+N');
  await expect(tabs).toHaveCount(2);
  await expect(table).toBeFocused();
  await page.keyboard.press('Control+Tab');
  await expect(tabs.first()).toHaveAttribute('aria-selected', 'true');
  await expect(table).toBeFocused();

  await tabs.first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(tabs.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(tabs.nth(1)).toBeFocused();
  await tabs.first().click();
  await expect(tabs.first()).toHaveAttribute('aria-selected', 'true');
  await expect(table).toBeFocused();
});

test('from the filter, Down goes to what it shows', async ({ open, folder }) => {
  const { page } = await open('--source', `file:${writeLines(folder, 200)}`);
  const box = page.getByTestId('filter-box');
  await expect.poll(() => matchesOf(page)).toBe(200);

  await page.keyboard.press('Control+l');
  await page.keyboard.type('cpu:3 time>100ms');
  // A selection in the text is not left.
  await page.keyboard.press('Shift+ArrowDown');
  await expect(box).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('log-table')).toBeFocused();
  await expect(box).toHaveValue('cpu:3 time>100ms');
  await expect.poll(() => matchesOf(page)).toBe(25);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('[role="row"][aria-selected="true"]')).toContainText('line');

  // Where earlier filters were brought back, Down leads back to what was typed first.
  await page.keyboard.press('Control+l');
  await page.keyboard.press('Enter');
  await page.keyboard.type('line 3');
  await page.keyboard.press('ArrowUp');
  await expect(box).toHaveValue('cpu:3 time>100ms');
  await page.keyboard.press('ArrowDown');
  await expect(box).toHaveValue('line 3');
  await expect(box).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('log-table')).toBeFocused();
});

test('a sheet that is opened has the keys, and leaves them to the log', async ({ open, folder }) => {
  const { page } = await open('--source', `file:${writeLines(folder, 1)}`);
  await expect.poll(() => matchesOf(page)).toBe(1);
  const table = page.getByTestId('log-table');
  await table.focus();
  for (const [key, field] of [
    ['Control+j', 'highlight-new'],
    ['Control+Shift+l', 'filters-name'],
    ['Control+Shift+a', 'watch-new'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByTestId(field)).toBeFocused();
    await page.keyboard.press(key);
    await expect(table).toBeFocused();
  }
  for (const [key, sheet] of [
    ['Control+Shift+h', 'sessions-dialog'],
    ['Control+,', 'settings-sheet'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByTestId(sheet)).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByTestId(sheet).locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(table).toBeFocused();
  }
  // Few lines leave most of the log in sight.
  await page.keyboard.press('Control+j');
  const box = await page.getByTestId('highlights-sheet').boundingBox();
  expect(box?.height).toBeLessThan(400);
});
