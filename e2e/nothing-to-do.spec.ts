/** Where a key, a filter or a list has nothing to do or to show, it says so. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, matchesOf, test } from './fixtures.ts';

test('what does nothing or shows nothing says why', async ({ open, folder }) => {
  const path = join(folder, 'processes.csv');
  const lines = Array.from({ length: 200 }, (_, at) => `${at},${at * 1000},${at % 4},${4 + (at % 2)},line ${at % 7}`);
  writeFileSync(path, ['index,time_us,cpu,pid,message', ...lines, ''].join('\n'));
  const { page } = await open('--source', `file:${path}`);
  await expect.poll(() => matchesOf(page)).toBe(200);
  const notice = page.getByTestId('notice');

  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Control+c');
  await expect(notice).toContainText('No row is selected');
  await page.keyboard.press('Control+0');
  await expect(notice).toContainText('Nothing is filtered');

  // The log has numbers of processes, and no names.
  await page.getByTestId('filter-box').fill('process:nic* line');
  await expect(page.getByTestId('empty-unnamed')).toContainText('`pid:`');
  await page.getByTestId('filter-box').fill('no such text');
  await expect(page.getByTestId('empty-state')).toContainText('No record matches');
  await expect(page.getByTestId('empty-unnamed')).toHaveCount(0);
  await page.getByTestId('filter-box').fill('');

  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Control+x');
  await expect(notice).toContainText('200 records cleared.');
});

test('what was opened lately is no further step to the first row', async ({ open, folder }) => {
  const path = join(folder, 'some.csv');
  writeFileSync(path, 'index,time_us,cpu,message\n1,0,0,line\n');
  const { page } = await open('--source', `file:${path}`);
  await expect.poll(() => matchesOf(page)).toBe(1);
  await page.keyboard.press('Control+n');
  await expect(page.getByTestId('start-demo')).toBeVisible();
  const numbers = (selector: string) =>
    page.evaluate(
      (sought) => [...document.querySelectorAll(sought)].map((each) => getComputedStyle(each, '::before').content),
      selector,
    );
  expect(await numbers('.empty .first-step')).not.toContain('none');
  await expect(page.getByTestId('empty-state').getByTestId('recent-file')).toHaveCount(1);
  expect(await numbers('.empty [data-testid="recent-file"]')).toEqual(['none']);
});
