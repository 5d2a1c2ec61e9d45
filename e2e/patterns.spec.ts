/** What is around matches, which messages flood, and losses beside one another: told in the table and below it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, matchesOf, picture, resize, test } from './fixtures.ts';

const ROWS = 3000;

/** A flood of one message, an error now and then, and three losses beside one another. */
function writeLog(folder: string): string {
  const path = join(folder, 'flood.csv');
  const line = (at: number): string => {
    const [level, message] =
      at % 100 === 50
        ? ['error', `storport: IRP 0x${at.toString(16)} failed (${at % 7})`]
        : at % 10 === 3
          ? ['info', 'heartbeat']
          : ['trace', `nic: packet ${at} of ${at % 9} bytes queued on 0x${(0xffff8800 + at * 16).toString(16)}`];
    return `${at},${at * 1000},${at % 4},${level},0,"${message}"`;
  };
  const losses = [0, 1, 2].map((cpu) => `1520,${1520 * 1000},${cpu},lost,${cpu * 100 + 11},`);
  const lines = Array.from({ length: ROWS }, (_, at) => line(at));
  lines.splice(1520, 0, ...losses);
  writeFileSync(path, ['index,time_us,cpu,level,remarks,message', ...lines, ''].join('\n'));
  return path;
}

test('rows around matches are dimmed and counted apart, and the messages that flood are listed and hidden', async ({
  open,
  folder,
}) => {
  const viewer = await open('--source', `file:${writeLog(folder)}`, '--theme', 'dark');
  const { page } = viewer;
  await resize(viewer, 900, 600);
  const box = page.getByTestId('filter-box');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await box.fill('level:error');
  await box.press('Enter');
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 100);
  await page.getByTestId('context-chooser').click();
  await page.getByTestId('context-3').click();
  await expect(page.getByTestId('match-count')).toContainText('+ 180 around');
  await expect(page.locator('.row.context').first()).toBeVisible();
  await page.keyboard.press('F8');
  await page.keyboard.press('F7');
  const pane = page.getByTestId('patterns-pane');
  await expect(pane.getByTestId('patterns-sum')).toHaveText('3 patterns in 3,000 records');
  await expect(pane.getByTestId('pattern-only').first()).toHaveText('nic: packet # of # bytes queued on #');
  await picture(page, 'patterns-dark');
  await page.getByTestId('theme-menu').click();
  await page.getByTestId('theme-light').click();
  await picture(page, 'patterns-light');
  await page.reload();
  await expect(page.getByTestId('match-count')).toContainText('+ 180 around');
  await box.fill('');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  // The pane that was open is open again.
  await pane.getByTestId('pattern-hide').first().click();
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 10 + ROWS / 100);
  await page.getByTestId('log-table').press('F8');
  await expect(page.locator('.row.gap').first()).toContainText('333 lost on CPUs 0-2');
  await picture(page, 'patterns-losses-light');
  await page.keyboard.press('F4');
  const parts = page.getByTestId('details-losses');
  await expect(parts).toContainText('333 lost on CPUs 0-2');
  await expect(parts.getByRole('listitem')).toHaveCount(3);
  await picture(page, 'losses-details-light');
  await page.getByTestId('log-table').press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+c');
  const copied = () => viewer.app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toMatch(/^[^\n]*\.\.\. 333 records lost on CPUs 0-2 [^\n]*, 3 losses\n$/);
});

test('the filter is seen as rows that write its text, and is saved under a name, in a narrow window', async ({
  open,
  folder,
}) => {
  const viewer = await open('--source', `file:${writeLog(folder)}`, '--theme', 'dark');
  const { page } = viewer;
  await resize(viewer, 900, 600);
  const box = page.getByTestId('filter-box');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await box.fill('level>=info -heartbeat cpu:2');
  await box.press('Enter');
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 100);
  await page.getByTestId('filter-panel-toggle').click();
  const rows = page.getByTestId('filter-row');
  await expect(rows).toHaveCount(3);
  await rows.nth(1).getByTestId('filter-row-on').click();
  await expect(box).toHaveValue('level>=info cpu:2');
  await rows.nth(2).getByTestId('filter-row-value').fill('2-');
  await expect(page.getByTestId('filter-panel-fault')).toBeVisible();
  await picture(page, 'filter-rows-dark');
  await rows.nth(2).getByTestId('filter-row-value').fill('1-2');
  await expect(box).toHaveValue('level>=info cpu:1-2');
  await page.keyboard.press('Control+Shift+L');
  await page.getByTestId('filters-name').fill('CPUs of the NIC');
  await page.getByTestId('filters-name').press('Enter');
  await expect(page.getByTestId('filters-item')).toHaveCount(1);
  await picture(page, 'filters-saved-dark');
  await page.getByTestId('theme-menu').click();
  await page.getByTestId('theme-light').click();
  await picture(page, 'filters-saved-light');
  await box.fill('');
  await page.getByTestId('filters-use').click();
  await expect(box).toHaveValue('level>=info cpu:1-2');
  await page.keyboard.press('Control+Shift+K');
  await expect(page.getByTestId('within')).toHaveText('within level>=info cpu:1-2');
  await page.getByTestId('filter-box').fill('level:error');
  await expect.poll(() => matchesOf(page)).toBe(ROWS / 100);
  await picture(page, 'linked-light');
});
