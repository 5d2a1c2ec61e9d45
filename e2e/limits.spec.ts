/** Texts that are too long for what they are typed into: the box says so, and everything works on. */
import type { Page } from '@playwright/test';
import { expect, matchesOf, numberOf, test } from './fixtures.ts';

/** As a paste does it: all of it at once. */
async function paste(page: Page, testId: string, length: number): Promise<void> {
  await page.getByTestId(testId).focus();
  await page.getByTestId(testId).evaluate((input: HTMLInputElement, many) => {
    input.select();
    document.execCommand('insertText', false, 'x'.repeat(many));
  }, length);
}

for (const [length, name] of [
  [4097, '4,097'],
  [10_000_000, '10 million'],
] as const) {
  test(`a paste of ${name} characters is refused where it was made, and all works on`, async ({ open, simulate }) => {
    const simulator = simulate('--cpus', '2', '--rate', '20000', '--count', '5000', '--wait-reader');
    const { page } = await open('--source', simulator.source);
    await simulator.counts();
    await expect.poll(() => numberOf(page, 'status-rows')).toBe(5000);

    await paste(page, 'filter-box', length);
    await expect(page.getByTestId('filter-failure')).toContainText('4,096 characters');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('filter-failure')).toContainText('4,096 characters');
    // Nothing waits for it: the others go on meanwhile.
    await page.getByTestId('log-table').focus();
    await page.keyboard.press('Control+g');
    await page.getByTestId('go-to-input').fill('3000');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('go-to-bar')).toHaveCount(0);
    await page.getByTestId('filter-box').fill('IRP');
    await expect(page.getByTestId('filter-failure')).toHaveCount(0);
    await expect.poll(() => matchesOf(page)).toBeLessThan(5000);

    await page.keyboard.press('Control+f');
    await paste(page, 'find-input', length);
    await expect(page.getByTestId('find-outcome')).toContainText('4,096 characters');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('find-outcome')).toContainText('4,096 characters');
    await page.getByTestId('find-input').fill('IRP');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('find-outcome')).toContainText(/\d of \d/);
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+g');
    await paste(page, 'go-to-input', length);
    await expect(page.getByTestId('go-to-trouble')).toContainText('256 characters');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('go-to-trouble')).toContainText('256 characters');
    await page.getByTestId('go-to-input').fill('100');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('go-to-bar')).toHaveCount(0);

    await paste(page, 'source-box', length);
    await expect(page.getByTestId('error-bar')).toContainText('128 characters');
    await page.getByTestId('source-box').fill(simulator.source);
    await expect(page.getByText('128 characters')).toHaveCount(0);
    await expect(page.getByTestId('notice')).toHaveCount(0);
  });
}
