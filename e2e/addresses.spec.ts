/** What addresses in messages mean, and the life of one: from image events, lists of modules and PDBs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { pdbFile } from '../native/sources/etl/pdb/test-support.ts';
import { expect, matchesOf, pictures, resize, test, type Viewer } from './fixtures.ts';

const IRPS = ['ffffc01a2b3c4d50', 'ffffc01a2b3c5e60', 'ffffc01a2b3c6f70'] as const;
const MODULE =
  'image \\SystemRoot\\System32\\drivers\\nicfilt.sys loaded in the kernel at 0xfffff80020000000, 65536 bytes';
const ROUNDS = 120;

/** Row 0 tells of a module; then IRPs start and end, a millisecond apart. */
function writeLog(folder: string): { readonly path: string; readonly rows: number } {
  const path = join(folder, 'irps.csv');
  const messages = [MODULE];
  for (let round = 0; round < ROUNDS; round++) {
    const irp = IRPS[round % IRPS.length] as string;
    messages.push(`storport: IRP ${irp} start, completion fffff800\`20001052`);
    messages.push(round % 40 === 39 ? 'storport: heartbeat' : `storport: IRP 0x${irp.toUpperCase()} done`);
    messages.push(`nt: thread at 0xfffff80010000123, pool ${round}`);
  }
  const lines = messages.map((message, at) => `${at},${at * 1000},${at % 4},"${message}"`);
  writeFileSync(path, ['index,time_us,cpu,message', ...lines, ''].join('\n'));
  return { path, rows: messages.length };
}

function writeSymbols(folder: string): string {
  const symbols = join(folder, 'symbols');
  mkdirSync(symbols);
  const procedures = [{ name: 'RxComplete', section: 1, offset: 0x40, bytes: 0x30 }];
  const pdb = pdbFile([{ name: 'rx.obj', annotations: [], procedures }], {
    sections: [{ place: 0x1000, bytes: 0x800 }],
  });
  writeFileSync(join(symbols, 'nicfilt.pdb'), pdb);
  return symbols;
}

async function atBegin(page: Page, rows: number): Promise<void> {
  await expect.poll(() => matchesOf(page)).toBe(rows);
  await expect(page.getByTestId('log-row').first()).toBeVisible();
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Home');
  await expect(page.locator('[data-position="1"]')).toBeVisible();
}

const row = (page: Page, position: number) => page.locator(`[data-position="${position}"] .cell-message`);

/** The next dialog that asks for a file answers with this one. */
async function choosing({ app }: Viewer, path: string): Promise<void> {
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    [path],
  );
}

test('addresses are told by image events, a list of modules and PDBs', async ({ open, folder }) => {
  const { path, rows } = writeLog(folder);
  const viewer = await open('--source', `file:${path}`);
  const { page } = viewer;
  await atBegin(page, rows);
  const lines = page.getByTestId('details-decoded').getByRole('listitem');

  await row(page, 1).click();
  await page.keyboard.press('F4');
  await expect(lines).toHaveText(['fffff800`20001052 nicfilt.sys+0x1052']);

  await row(page, 3).click();
  await expect(page.getByTestId('address-hint')).toContainText('No module is known at these addresses.');
  await pictures(page, 'addresses-hint');
  const list = join(folder, 'lm.txt');
  writeFileSync(
    list,
    'start             end                 module name\r\nfffff800`10000000 fffff800`11000000   nt   (deferred)\r\n',
  );
  await choosing(viewer, list);
  await page.getByTestId('address-hint').getByRole('button').click();
  await expect(lines).toHaveText(['0xfffff80010000123 nt+0x123']);

  await choosing(viewer, writeSymbols(folder));
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Control+Shift+Y');
  await row(page, 1).click();
  await expect(lines).toHaveText([
    /^fffff800`20001052 nicfilt!RxComplete\+0x12 - nicfilt\.sys\+0x1052 - by nicfilt\.pdb/,
  ]);
  await pictures(page, 'addresses-function');
  await page.getByTestId('log-table').hover();
  await row(page, 1).hover();
  const body = page.locator('[title*="nicfilt!RxComplete+0x12"]');
  await expect(async () => {
    await row(page, 1).hover({ position: { x: 40, y: 8 } });
    await row(page, 1).hover({ position: { x: 60, y: 8 } });
    await expect(body).toHaveCount(1, { timeout: 200 });
  }).toPass();
  await resize(viewer, 900, 600);
  await pictures(page, 'addresses-function-900');
});

test('a list of modules and symbols can be named at the start', async ({ open, folder }) => {
  const { path, rows } = writeLog(folder);
  const list = join(folder, 'modules.csv');
  writeFileSync(list, 'name,base,size\nntoskrnl.exe,fffff80010000000,0x1000000\n');
  const { page } = await open('--source', `file:${path}`, '--modules', list, '--symbols', writeSymbols(folder));
  await atBegin(page, rows);
  await row(page, 3).click();
  await page.keyboard.press('F4');
  const lines = page.getByTestId('details-decoded').getByRole('listitem');
  await expect(lines).toHaveText(['0xfffff80010000123 ntoskrnl.exe+0x123']);
  await row(page, 1).click();
  await expect(lines).toHaveText([/nicfilt!RxComplete\+0x12/]);
});

test('all rows with an address are two steps away, and the selection and place stay', async ({ open, folder }) => {
  const { path, rows } = writeLog(folder);
  const viewer = await open('--source', `file:${path}`);
  const { page } = viewer;
  await atBegin(page, rows);
  const irp = IRPS[1];
  // Rows that name the second IRP: it starts in every third round, and is done unless a heartbeat takes that place.
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round).filter((round) => round % IRPS.length === 1);
  const named = rounds.length + rounds.filter((round) => round % 40 !== 39).length;

  // Step one: the word; step two: all rows with it.
  const message = row(page, 4);
  const text = await message.evaluate((cell, sought) => {
    const node = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode() as Text;
    const range = document.createRange();
    const at = node.data.indexOf(sought);
    range.setStart(node, at + 3);
    range.setEnd(node, at + 5);
    const { x, y, height } = range.getBoundingClientRect();
    return { x, y: y + height / 2 };
  }, irp);
  await page.mouse.click(text.x, text.y, { button: 'right' });
  await expect(page.getByTestId('row-life')).toHaveText(/All rows with 0xffffc01a2b3c5e60/);
  await expect(page.getByTestId('row-life-2')).toHaveCount(0);
  await pictures(page, 'life-menu');
  await page.getByTestId('row-life').click();

  await expect(page.getByTestId('filter-box')).toHaveValue(`hex:0x${irp}`);
  await expect.poll(() => matchesOf(page)).toBe(named);
  await expect(page.getByTestId('insight-sum')).toHaveText(`${named} records over 352 ms`);
  await expect(page.getByTestId('life-cpus')).not.toBeEmpty();
  // The row that was selected is selected here too.
  await expect(page.locator('[aria-selected="true"] .cell-index').first()).toHaveText('4');
  await pictures(page, 'life-pane');

  // The time-line goes to rows; the last record is the last row.
  await page.getByTestId('life-last').click();
  await expect(page.locator('[aria-selected="true"]').getByText('storport')).toBeVisible();
  const line = await page.getByTestId('life-line').boundingBox();
  await page.mouse.click((line?.x ?? 0) + 2, (line?.y ?? 0) + 30);
  await expect(page.locator('[aria-selected="true"] .cell-index').first()).toHaveText('4');

  // The view before has its place and selection.
  await page.keyboard.press('Control+Shift+Tab');
  await expect.poll(() => matchesOf(page)).toBe(rows);
  await expect(page.locator('[aria-selected="true"] .cell-index').first()).toHaveText('4');
  await expect(page.locator('[data-position="0"]')).toBeVisible();
  await resize(viewer, 900, 600);
  await pictures(page, 'life-pane-900');

  // By one key.
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('Control+K');
  await expect(page.getByTestId('filter-box')).toHaveValue(`hex:0x${irp}`);
});
