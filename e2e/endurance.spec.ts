/** 100,000 entries a second for a while (npm run soak does it for an hour): none lost at the default ring size, and the window answers meanwhile. */
import { expect, numberOf, picture, test } from './fixtures.ts';

test('100,000 entries a second for 15 s', { tag: '@alone' }, async ({ open, simulate }) => {
  test.setTimeout(120_000);
  const simulator = simulate('--cpus', '8', '--rate', '100000', '--count', '1500000', '--wait-reader');
  const { page } = await open('--source', simulator.source);
  const ended = simulator.counts();
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(100_000);

  // Used as a person would use it, all through it; each step is only done once the window has answered.
  let answered = 0;
  let finished = false;
  void ended.then(() => {
    finished = true;
  });
  while (!finished) {
    await page.getByTestId('cpu-chip-3').click();
    await expect(page.getByTestId('cpu-chip-3')).toHaveAttribute('aria-pressed', 'false');
    await page.getByTestId('cpu-chip-3').click();
    await expect(page.getByTestId('cpu-chip-3')).toHaveAttribute('aria-pressed', 'true');
    await page.getByTestId('log-table').focus();
    await page.keyboard.press('Home');
    await expect(page.getByTestId('log-row').first().locator('.cell-index')).toHaveText('1');
    await page.keyboard.press('End');
    await expect(page.getByTestId('status-follow')).toHaveAttribute('aria-pressed', 'true');
    answered++;
  }
  // How often in that time is the machine's affair; that it does at all is what is claimed.
  expect(answered).toBeGreaterThan(3);

  const { cpus } = await ended;
  expect(cpus.reduce((sum, cpu) => sum + cpu.attempted, 0)).toBe(1_500_000);
  expect(cpus.every((cpu) => cpu.attempted === cpu.written)).toBe(true);
  await expect.poll(() => numberOf(page, 'status-rows')).toBe(1_500_000);
  await expect(page.getByTestId('status-lost')).toContainText('0 lost');
  await picture(page, 'endurance');
});
