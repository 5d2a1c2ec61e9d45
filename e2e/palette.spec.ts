/** The palette: every command by a few letters of its name, and what is not possible says so. */
import { expect, picture, test } from './fixtures.ts';

test('every command is found in the palette and done by Enter', async ({ open, simulate }) => {
  const simulator = simulate('--cpus', '4', '--rate', '2000', '--count', '2000', '--wait-reader');
  const { page } = await open('--source', simulator.source, '--theme', 'dark');
  await simulator.counts();
  await page.getByTestId('log-row').first().waitFor();
  await page.keyboard.press('Control+Shift+P');
  const palette = page.getByTestId('palette');
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await expect(page.getByTestId('palette-pageUp')).toBeAttached();
  await picture(page, 'palette');
  // Nothing is selected.
  await expect(page.getByTestId('palette-copy')).toHaveAttribute('aria-disabled', 'true');

  await page.keyboard.type('go to index');
  await expect(palette.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(page.getByTestId('go-to-bar')).toBeVisible();
  await page.keyboard.press('Escape');

  // A command that moves the cursor into a box does so from here too.
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('filter box');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('filter-box')).toBeFocused();

  // By a word of another program, and an export by its format.
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('save csv');
  await expect(page.getByTestId('palette-export-filtered-csv')).toBeVisible();
  await expect(page.getByTestId('palette-export-selection-csv')).toHaveAttribute('aria-disabled', 'true');
  await picture(page, 'palette-exports');
  await page.keyboard.press('Escape');

  // What cannot be done is not, and the palette stays; Escape leaves everything as it was.
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('copy markdown');
  await page.keyboard.press('Enter');
  await expect(palette).toBeVisible();
  await expect(palette.getByText('not now')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(page.getByTestId('log-table')).toBeFocused();
});
