/** Two logs of clocks that disagree: opened beside each other, put at one moment by two of their rows, and moved back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, pictures, test } from './fixtures.ts';

const START = Date.UTC(2026, 10, 28, 12);
/** By how much the clock of the host is ahead of that of the guest, milliseconds. */
const AHEAD = 2104;
/** What happened when, in truth; milliseconds. */
const GUEST = { 'guest: storport: queue of port 0 is full': 0, 'guest: doorbell rung': 500, 'guest: IRP done': 900 };
const HOST = { 'host: vmbus: doorbell seen': 500, 'host: vmbus: 4 requests taken': 650, 'host: ring is empty': 1200 };

function log(rows: Readonly<Record<string, number>>, aheadMs: number): string {
  const line = ([message, ms]: [string, number]) => `${new Date(START + ms + aheadMs).toISOString()},${message}\r\n`;
  return `time,message\r\n${Object.entries(rows).map(line).join('')}`;
}

/** The messages without what stands before that of the reference. */
async function messages(page: Page): Promise<string[]> {
  const texts = await page.getByTestId('log-row').locator('.cell-message').allInnerTexts();
  return texts.map((text) => text.replace(/^reference\s/, '').trim());
}

/** A menu is looked at once it has come into sight. */
const shown = (page: Page) =>
  page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))));

const AS_WRITTEN = [...Object.keys(GUEST), ...Object.keys(HOST)];
const AS_HAPPENED = [
  'guest: storport: queue of port 0 is full',
  'guest: doorbell rung',
  'host: vmbus: doorbell seen',
  'host: vmbus: 4 requests taken',
  'guest: IRP done',
  'host: ring is empty',
];

test('files are opened beside each other, aligned by two rows, and moved back', async ({ open, folder }) => {
  const [guest, host] = [join(folder, 'guest.csv'), join(folder, 'host.csv')];
  writeFileSync(guest, log(GUEST, 0));
  writeFileSync(host, log(HOST, AHEAD));
  const { app, page } = await open('--source', `file:${guest}`);
  await expect(page.getByTestId('status-rows')).toContainText('3 records');
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, host);
  await page.getByTestId('sources-menu').click();
  await page.getByTestId('open-beside').waitFor();
  await shown(page);
  await pictures(page, 'offsets-menu');
  await page.getByTestId('open-beside').click();
  await expect.poll(() => messages(page)).toEqual(AS_WRITTEN);
  await expect(page.getByTestId('session-tab')).toHaveCount(1);
  await page.keyboard.press('Control+F9');
  const offset = page.getByTestId('source-offset-1');
  await expect(offset).toHaveValue('0 s');

  // Without a row to align with, the key says how it is done.
  await page.getByText('host: vmbus: doorbell seen').click();
  await page.keyboard.press('Control+Shift+D');
  await expect(page.getByTestId('notice')).toContainText('press Ctrl+D on a row');
  await page.getByText('guest: doorbell rung').click();
  await page.keyboard.press('Control+d');
  await page.getByText('host: vmbus: doorbell seen').click({ button: 'right' });
  await expect(page.getByTestId('row-align')).toContainText('Align with record 2');
  await shown(page);
  await pictures(page, 'offsets-row-menu');
  await page.getByTestId('row-align').click();
  await expect.poll(() => messages(page)).toEqual(AS_HAPPENED);
  await expect(offset).toHaveValue('-2.104 s');
  // What the person was about is where it went.
  await expect(page.getByTestId('status-selection')).toContainText('0.000 000 s from the reference');
  await pictures(page, 'offsets-aligned');

  await page.getByTestId('sources-menu').click();
  await expect(page.getByTestId('source-line-1')).toContainText('moved by -2.104 s');
  await shown(page);
  await pictures(page, 'offsets-menu-moved');

  // A page that takes the place of this one knows it too.
  await page.reload();
  await expect(offset).toHaveValue('-2.104 s');
  await expect.poll(() => messages(page)).toEqual(AS_HAPPENED);
  await page.getByTestId('source-back-1').click();
  await expect.poll(() => messages(page)).toEqual(AS_WRITTEN);
  await expect(offset).toHaveValue('0 s');

  await offset.fill('soon');
  await offset.press('Enter');
  await expect(page.getByTestId('source-offset-trouble-1')).toContainText('no length of time');
  await pictures(page, 'offsets-trouble');
  await offset.fill('-2104 ms');
  await offset.press('Enter');
  await expect.poll(() => messages(page)).toEqual(AS_HAPPENED);
  await expect(offset).toHaveValue('-2.104 s');
});
