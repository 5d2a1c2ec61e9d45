/** Capturing: the demo by one click, a named session, losses, and producers that end or die. */
import { expect, numberOf, picture, test } from './fixtures.ts';

test('a newcomer is one click away from rows', async ({ open }) => {
  const { page } = await open();
  await picture(page, 'empty');
  await page.getByTestId('start-demo').click();
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  await expect(page.getByTestId('status-source')).toContainText('sim:demo');
  await expect(page.getByTestId('status-source')).toContainText('capturing');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(1000);
  await expect(page.getByTestId('status-lost')).toContainText('0 lost');
  await picture(page, 'demo');
});

test('every entry of a finished session is there, none lost', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '4', '--rate', '20000', '--count', '60000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  const { cpus } = await simulator.counts();
  expect(cpus.reduce((sum, cpu) => sum + cpu.attempted, 0)).toBe(60_000);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(60_000);
  await expect(page.getByTestId('status-lost')).toContainText('0 lost');
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await expect(page.getByTestId('match-count')).toContainText('60,000');
});

test('losses stand where they happened and add up', async ({ open, simulate }) => {
  const simulator = simulate(
    '--cpus',
    '4',
    '--rate',
    'max',
    '--count',
    '400000',
    '--ring-bytes',
    '65536',
    '--wait-reader',
  );
  const { page } = await open('--source', simulator.source);
  const { cpus } = await simulator.counts();
  const lost = cpus.reduce((sum, cpu) => sum + cpu.attempted - cpu.written, 0);
  expect(lost).toBeGreaterThan(0);
  await expect(page.getByTestId('status-source')).toContainText('ended');
  await expect.poll(() => numberOf(page, 'status-lost')).toBe(lost);
  await page.getByTestId('level-chip-0').click();
  await page.getByTestId('level-chip-1').click();
  await page.getByTestId('level-chip-2').click();
  await page.getByTestId('level-chip-3').click();
  const gap = page.getByTestId('gap-row').first();
  await expect(gap).toContainText(/[\d,]+ lost on CPUs? [0-3]/);
  await picture(page, 'losses');
});

test('a producer that is killed is said to be gone, and the rows stay', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '5000');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(2000);
  simulator.kill('SIGKILL');
  await expect(page.getByTestId('status-source')).toContainText('gone');
  const rows = await numberOf(page, 'status-rows');
  expect(rows).toBeGreaterThan(2000);
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  await picture(page, 'gone');
});

test('capture stops and goes on with Ctrl+E', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '2', '--rate', '2000');
  const { page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(500);
  await page.keyboard.press('Control+e');
  await expect(page.getByTestId('status-source')).toContainText('stopped');
  const rows = await numberOf(page, 'status-rows');
  await page.keyboard.press('Control+e');
  await expect(page.getByTestId('status-source')).toContainText('capturing');
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(rows + 500);
});
