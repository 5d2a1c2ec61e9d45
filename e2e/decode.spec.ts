/** What codes in messages mean: in the details, on hover, in the filter and in a row's menu. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, matchesOf, picture, pictures, test } from './fixtures.ts';

const MESSAGES = [
  'storport: IRP ffffc01a2b3c4d50 failed with STATUS_IO_TIMEOUT (0xC00000B5)',
  'wait ended, status -1073741643',
  'nicfilt: IRP_MJ_DEVICE_CONTROL IoControlCode 0x2d1400, status=0xc0000010',
  'service: LastError: 258',
  '*** STOP: 0x0000001E (0xC0000005,0x0000000000000002)',
  'at irql 2, pool tag 0x636f7250',
  'heartbeat 0xC00000B50',
  'open failed: hr = 0x80070005',
] as const;
const ROUNDS = 50;
const ROWS = MESSAGES.length * ROUNDS;

function writeLog(folder: string): string {
  const path = join(folder, 'codes.csv');
  const lines = Array.from(
    { length: ROWS },
    (_, at) => `${at},${at * 1000},${at % 4},"${MESSAGES[at % MESSAGES.length]}"`,
  );
  writeFileSync(path, ['index,time_us,cpu,message', ...lines, ''].join('\n'));
  return path;
}

const message = (page: Page, at: number) =>
  page
    .getByTestId('log-row')
    .filter({ hasText: MESSAGES[at] as string })
    .first()
    .locator('.cell-message');

test('codes are explained under the message and on hover, and copied', async ({ open, folder }) => {
  const { app, page } = await open('--source', `file:${writeLog(folder)}`);
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  // From the first row on each message is in sight as a whole. Without rows there is no oldest one to go to.
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Home');
  await expect(page.locator('[data-position="0"]')).toBeVisible();
  const lines = page.getByTestId('details-decoded').getByRole('listitem');

  await message(page, 0).click();
  await page.keyboard.press('F4');
  await expect(lines).toHaveText(['0xC00000B5 STATUS_IO_TIMEOUT - severity error, facility 0, code 181']);
  await pictures(page, 'decode-status');
  await page.getByTestId('details-decoded-copy').click();
  await expect(page.getByRole('status').filter({ hasText: 'copied' })).toBeVisible();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(
    '0xC00000B5  STATUS_IO_TIMEOUT - severity error, facility 0, code 181',
  );

  await message(page, 2).click();
  await expect(lines).toHaveText([
    'IRP_MJ_DEVICE_CONTROL as IRP major function 0x0E',
    /^0x2d1400 IOCTL_STORAGE_QUERY_PROPERTY - device 0x2D \(FILE_DEVICE_MASS_STORAGE\), function 0x500, METHOD_BUFFERED/,
    '0xc0000010 STATUS_INVALID_DEVICE_REQUEST - severity error, facility 0, code 16',
  ]);
  await pictures(page, 'decode-ioctl');
  await message(page, 3).click();
  await expect(lines).toHaveText([
    /^258 as Win32 WAIT_TIMEOUT - code 258as NTSTATUS STATUS_TIMEOUT - severity success/,
  ]);
  await pictures(page, 'decode-several');
  await message(page, 4).click();
  await expect(lines).toHaveText([
    '0x0000001E KMODE_EXCEPTION_NOT_HANDLED - parameter 1 0xC0000005, parameter 2 0x0000000000000002',
    /^0xC0000005 STATUS_ACCESS_VIOLATION/,
  ]);
  await message(page, 6).click();
  await expect(page.getByTestId('details-text')).toHaveText('heartbeat 0xC00000B50');
  await expect(lines).toHaveCount(0);

  const body = page.locator('.body');
  await message(page, 5).hover({ position: { x: 30, y: 8 } });
  await expect(body).toHaveAttribute(
    'title',
    "2  DISPATCH_LEVEL - 2 on every processor\n0x636f7250  as pool tag 'Proc' - as tools show it; written 'corP' in C",
  );
  await message(page, 6).hover({ position: { x: 30, y: 8 } });
  await expect(body).toHaveAttribute('title', '');
});

test('messages with a status code are found however it is written', async ({ open, folder }) => {
  const { page } = await open('--source', `file:${writeLog(folder)}`);
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  const box = page.getByTestId('filter-box');

  await box.pressSequentially('status:io_tim');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveText(['STATUS_IO_TIMEOUT0xC00000B5']);
  await picture(page, 'decode-completion');
  await box.press('ArrowDown');
  await box.press('Enter');
  await expect(box).toHaveValue('status:STATUS_IO_TIMEOUT');
  await expect.poll(() => matchesOf(page)).toBe(ROUNDS * 2);
  await expect(message(page, 0).locator('mark')).toHaveText(['STATUS_IO_TIMEOUT', '0xC00000B5']);
  await expect(message(page, 1).locator('mark')).toHaveText(['-1073741643']);
  await picture(page, 'decode-filter');

  await box.fill('status:STATUS_NO_SUCH_THING');
  await expect(page.getByTestId('filter-failure')).toContainText("No status code is called 'STATUS_NO_SUCH_THING'");
  await picture(page, 'decode-no-name');
  await box.fill('');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);

  await message(page, 7).click({ button: 'right' });
  await page.getByTestId('row-only-status').waitFor();
  await picture(page, 'decode-row-menu');
  await page.getByTestId('row-only-status').click();
  await expect(box).toHaveValue('status:E_ACCESSDENIED');
  await expect.poll(() => matchesOf(page)).toBe(ROUNDS);
});
