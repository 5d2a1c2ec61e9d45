/** What stands beside one another in the window agrees: button, source box, counts, pause, losses, empty table. */
import { expect, numberOf, picture, test } from './fixtures.ts';

test('nothing is said of losses before anything was captured', async ({ open }) => {
  const { page } = await open();
  await page.keyboard.press('Control+F8');
  await expect(page.getByTestId('stats-losses')).toContainText('Nothing has been captured yet.');
  await page.getByTestId('start-demo').click();
  await expect(page.getByTestId('stats-losses')).toContainText('Nothing was lost.');
});

test('a source that has ended is offered to be started, and the box names what is held', async ({ open, simulate }) => {
  const first = simulate('--cpus', '2', '--rate', '20000', '--count', '4000', '--wait-reader');
  const { page } = await open('--source', first.source);
  await expect(page.getByTestId('source-box')).toHaveValue(first.source);
  await first.counts();
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await expect(page.getByTestId('capture-toggle')).toHaveText('Start');

  const [a, b] = [simulate('--cpus', '1', '--rate', '500'), simulate('--cpus', '1', '--rate', '500')];
  await page.getByTestId('source-box').fill(a.source);
  // The writer may not be there yet.
  await expect(async () => {
    await page.getByTestId('source-box').press('Enter');
    await expect(page.getByTestId('capture-toggle')).toHaveText('Stop', { timeout: 500 });
  }).toPass();
  // Typed, and not captured: given up when the box is left.
  await page.getByTestId('source-box').fill('sim:something-else');
  await page.getByTestId('log-table').focus();
  await expect(page.getByTestId('source-box')).toHaveValue(a.source);

  await page.getByTestId('sources-menu').click();
  await page.getByTestId('source-add').fill(b.source);
  await expect(async () => {
    await page.getByTestId('source-add').press('Enter');
    await expect(page.getByTestId('source-line-2')).toContainText('capturing', { timeout: 500 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('source-box')).toHaveValue('');
  await expect(page.getByTestId('source-box')).toHaveAttribute('placeholder', '2 sources');
  await picture(page, 'two-sources-box');
  await page.getByTestId('capture-toggle').click();
  await expect(page.getByTestId('capture-toggle')).toHaveText('Start');
  await page.getByTestId('capture-toggle').click();
  await expect(page.getByTestId('status-source')).toContainText('2 sources capturing');
});

test('a pause is not a filter, does not follow, and is named by an empty table', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '3000');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(1000);
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Space');
  await expect.poll(() => numberOf(page, 'status-paused')).toBeGreaterThan(100);
  await expect(page.getByTestId('match-count')).not.toContainText('of');
  await expect(page.getByTestId('status-follow')).toHaveText('not following');
  await picture(page, 'paused-counts');
  await page.keyboard.press('Control+x');
  await expect.poll(() => numberOf(page, 'status-paused')).toBeGreaterThan(0);
  await expect(page.getByTestId('empty-state')).toContainText('came since the view was paused');
  await expect(page.getByTestId('empty-state')).not.toContainText('No record has come');
  await picture(page, 'empty-paused');
  await page.getByTestId('status-follow').click();
  await expect(page.getByTestId('status-paused')).toBeHidden();
  await expect(page.getByTestId('status-follow')).toHaveText('following');
  await expect(page.getByTestId('log-row').first()).toBeVisible();
});

test('losses are no records in any count, and no matches of a filter', async ({ open, simulate }) => {
  const simulator = simulate(
    ...['--cpus', '2', '--rate', 'max', '--count', '200000', '--ring-bytes', '65536', '--wait-reader'],
  );
  const { page } = await open('--source', simulator.source);
  const { cpus } = await simulator.counts();
  const attempted = cpus.reduce((sum, cpu) => sum + cpu.attempted, 0);
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await expect
    .poll(async () => (await numberOf(page, 'status-rows')) + (await numberOf(page, 'status-lost')))
    .toBe(attempted);
  const records = await numberOf(page, 'status-rows');
  expect(records).toBeLessThan(attempted);
  await expect.poll(() => numberOf(page, 'match-count')).toBe(records);
  await page.keyboard.press('Control+F9');
  await expect(page.getByTestId('stats-source')).toContainText(records.toLocaleString('en'));

  await page.getByTestId('filter-box').fill('no record has this in it');
  await expect(page.getByTestId('only-losses')).toContainText('No record matches the filter.');
  await expect(page.getByTestId('gap-row').first()).toBeVisible();
  await picture(page, 'only-losses');
  await page.getByTestId('filter-regex').click();
  await page.keyboard.press('Control+0');
  await expect(page.getByTestId('only-losses')).toBeHidden();
  await expect(page.getByTestId('filter-regex')).toHaveAttribute('aria-pressed', 'false');
});
