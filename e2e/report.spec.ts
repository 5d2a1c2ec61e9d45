/** The HTML report in a browser that is not the app: opened as a file, by somebody who has nothing else of RingView. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron as electron, type Page } from '@playwright/test';
import { electronSwitches, ensureElectron } from '../electron/setup/provide/ensure-electron.mjs';
import { expect, matchesOf, picture, pictures, test } from './fixtures.ts';
import { ringview } from './simulator.ts';

/** A window on a file, and nothing else: no preload, no Node. */
const BROWSER = `
const { app, BrowserWindow } = require('electron');
app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1200, height: 700, webPreferences: { sandbox: true, contextIsolation: true } });
  window.loadFile(process.argv.at(-1));
});
`;

const LINES = 20_000;
const MESSAGES: Readonly<Record<number, string>> = {
  5: '<img src=x onerror="document.title=1"></script>',
  9: 'kK\u212a',
};

/** The figures of the last row: as long as they get. */
const LONGEST = { index: 4_123_456_789, time_us: 3_600_000_007_000, cpu: 2047, pid: 4_294_967_292 };

function line(at: number): string {
  const { level, message } =
    at === 7_000
      ? { level: 'lost', message: '' }
      : { level: at % 100 === 3 ? 'error' : 'info', message: MESSAGES[at] ?? `message ${at}` };
  const row = { index: at, time_us: at * 10, cpu: at % 4, pid: 8, ...(at === LINES - 1 ? LONGEST : {}) };
  const time = new Date(1.76e12 + row.time_us / 1000).toISOString();
  return `${JSON.stringify({ ...row, time, level, remarks: level === 'lost' ? 37 : 0, message })}\n`;
}

/** The figures in sight that are not seen whole. */
const cutFigures = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('.row > .n, .row > .l, .row .pid')
    .evaluateAll((cells) =>
      cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map(({ textContent }) => textContent),
    );

test('an HTML report opens as a file, shows any row of many, filters and marks', async ({ folder }) => {
  // A program and a browser are started for it.
  test.slow();
  const [log, report, main] = [join(folder, 'log.jsonl'), join(folder, 'log.html'), join(folder, 'main.cjs')];
  writeFileSync(log, Array.from({ length: LINES }, (_, at) => line(at)).join(''));
  writeFileSync(main, BROWSER);
  expect(await ringview(['convert', log, '--out', report])).toMatchObject({ code: 0 });
  const found = await ensureElectron();
  if (!found.ok) throw new Error(found.message);
  const app = await electron.launch({
    executablePath: found.path,
    args: [...electronSwitches(), main, `--user-data-dir=${join(folder, 'user')}`, report],
  });
  try {
    const page = await app.firstWindow();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await expect(page.locator('#facts')).toContainText('19,999 records · 37 records lost');
    await expect(page.locator('#count')).toHaveText('19,999 of 19,999 records shown and 1 loss');
    // Only what is in sight is in the page.
    expect(await page.locator('.row').count()).toBeLessThan(100);
    await expect(page.locator('.row').nth(5)).toContainText('<img src=x onerror=');
    expect(await page.locator('img').count()).toBe(0);
    await page.locator('#log').evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await expect(page.locator('.row').last()).toContainText(`message ${LINES - 1}`);
    await expect(page.locator('.row').last()).toContainText('3600000.007000000');
    await expect(page.locator('.row').last()).toContainText('4123456789');
    expect(await cutFigures(page)).toEqual([]);
    await picture(page, 'report');

    // A letter is its other case, and not the Kelvin sign that Unicode folds to it.
    await page.locator('#query').fill('k');
    await expect(page.locator('#count')).toHaveText('1 of 19,999 records shown and 1 loss');
    expect(await page.locator('mark').allTextContents()).toEqual(['k', 'K']);

    await page.locator('#query').fill('message 119');
    await expect(page.locator('#count')).toHaveText('111 of 19,999 records shown and 1 loss');
    await expect(page.locator('mark').first()).toHaveText('message 119');
    await page.locator('input[data-level=info]').uncheck();
    await expect(page.locator('#count')).toHaveText('1 of 19,999 records shown and 1 loss');
    await expect(page.locator('.row.lost')).toHaveText(/37 records lost on CPU 0/);
    await page.locator('input[data-level=lost]').uncheck();
    await expect(page.locator('#count')).toHaveText('1 of 19,999 records shown');
    await page.locator('.row').last().click();
    await expect(page.locator('#details')).toContainText('index 11903');
    await expect(page.locator('#details')).toContainText('error');
    await page.locator('#query').fill('(');
    await page.locator('#regex').check();
    await expect(page.locator('#query:invalid')).toBeVisible();
    await page.locator('#query').fill('9{4}9|^message 103$');
    await expect(page.locator('.row').first()).toContainText('message 103');
    expect(errors).toEqual([]);
  } finally {
    await app.close();
  }
});

test('an HTML report of the app has bookmarks and notes behind their rows, a list that leads to them, and highlights', async ({
  open,
  folder,
}) => {
  test.slow();
  const rule = { caseSensitive: false, on: true };
  const highlights = [
    { ...rule, of: 'rows', text: 'index:300', colour: 'green' },
    { ...rule, of: 'words', text: 'message', colour: 'pink', regex: false },
  ];
  mkdirSync(join(folder, 'user-0'));
  writeFileSync(join(folder, 'user-0', 'settings.json'), JSON.stringify({ highlights }));
  const [log, report, main] = [join(folder, 'log.jsonl'), join(folder, 'log.html'), join(folder, 'main.cjs')];
  writeFileSync(log, Array.from({ length: 400 }, (_, at) => line(at)).join(''));
  writeFileSync(main, BROWSER);
  const viewer = await open('--source', `file:${log}`);
  await expect.poll(() => matchesOf(viewer.page)).toBe(400);
  for (const index of [300, 5]) {
    await viewer.page.keyboard.press('Control+g');
    await viewer.page.getByTestId('go-to-input').fill(String(index));
    await viewer.page.keyboard.press('Enter');
    await expect(viewer.page.getByTestId('go-to-bar')).toHaveCount(0);
    await viewer.page.keyboard.press('Control+b');
    await expect(viewer.page.getByTestId('notice')).toContainText('Bookmark set.');
  }
  await viewer.page.keyboard.press('Control+Shift+b');
  await viewer.page.getByTestId('bookmark-edit').last().click();
  await viewer.page.keyboard.type('<b>here</b>');
  await viewer.page.keyboard.press('Enter');
  await expect(viewer.page.getByTestId('bookmark').last()).toContainText('<b>here</b>');
  await viewer.page.keyboard.press('Escape');
  await viewer.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as never;
  }, report);
  await viewer.page.getByTestId('export-menu').click();
  await viewer.page.getByTestId('export-all-more').click();
  await viewer.page.getByTestId('export-all-html').click();
  await expect(viewer.page.getByTestId('export-progress')).toHaveAttribute('data-state', 'done');

  const found = await ensureElectron();
  if (!found.ok) throw new Error(found.message);
  const app = await electron.launch({
    executablePath: found.path,
    args: [...electronSwitches(), main, `--user-data-dir=${join(folder, 'user')}`, report],
  });
  try {
    const page = await app.firstWindow();
    await expect(page.locator('#facts')).toContainText('2 bookmarks');
    await expect(page.locator('#notes li')).toHaveText([/#5 <img/, /#300 <b>here<\/b>/]);
    await expect(page.locator('.row.noted')).toHaveCount(1);
    await page.locator('#notes button').last().click();
    await expect(page.locator('.row[aria-selected=true]')).toContainText('message 300');
    await expect(page.locator('.row[aria-selected=true] .note')).toContainText('<b>here</b>');
    await expect(page.locator('#details')).toContainText('Note: <b>here</b>');
    await expect(page.locator('.row.paint-green')).toHaveCount(1);
    await expect(page.locator('.row.paint-green .m .word-pink')).toHaveText('message');
    await page.locator('#query').fill('message 30');
    await expect(page.locator('.row.paint-green mark')).toHaveText('message 30');
    await page.locator('#query').fill('');
    await pictures(page, 'report-bookmarks');
  } finally {
    await app.close();
  }
});
