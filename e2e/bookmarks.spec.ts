/** Bookmarks and notes: set by keys and menu, walked and listed, and there again after a reload, a kill and in a packed file. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openSession } from '../electron/recording/opened-session.ts';
import { expect, matchesOf, numberOf, picture, pictures, resize, test } from './fixtures.ts';

const ROWS = 3000;

/** Rows on four CPUs, one error among sixteen. */
function writeLog(folder: string): string {
  const path = join(folder, 'marked.csv');
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const level = at % 16 === 5 ? 'error' : 'info';
    return `${at},${at * 1000},${at % 4},${level},"request ${at} of the device was completed"`;
  });
  writeFileSync(path, ['index,time_us,cpu,level,message', ...lines, ''].join('\n'));
  return path;
}

const selectedIndex = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      document.querySelector('[role="row"][aria-selected="true"] .cell-index')?.textContent?.replace(/\D/g, '') ?? '',
  );

async function goTo(page: Page, index: number): Promise<void> {
  await page.keyboard.press('Control+g');
  await page.getByTestId('go-to-input').fill(String(index));
  await page.keyboard.press('Enter');
  await expect.poll(() => selectedIndex(page)).toBe(String(index));
}

/** The marks in sight: the index of each row, and the name that is read for it. */
const marks = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.row-mark')].map(
      (mark) =>
        `${mark.parentElement?.querySelector('.cell-index')?.textContent?.replace(/\D/g, '')} ${mark.getAttribute('aria-label')}`,
    ),
  );

test('rows are marked, noted, walked and listed', async ({ open, folder }) => {
  test.setTimeout(120_000);
  const viewer = await open('--source', `file:${writeLog(folder)}`);
  const { page } = viewer;
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await resize(viewer, 1280, 800);

  await goTo(page, 1000);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+b');
  await expect(page.getByTestId('notice')).toContainText('3 bookmarks set.');
  await expect.poll(() => marks(page)).toEqual(['1000 Bookmark', '1001 Bookmark', '1002 Bookmark']);
  // The mark lies within its row, at the left edge, and is as high as a line at most.
  const box = await page.locator('.row-mark').first().boundingBox();
  const row = await page.locator('.row.marked').first().boundingBox();
  expect(box?.width).toBeGreaterThan(4);
  expect((box?.x ?? 0) - (row?.x ?? 0)).toBeLessThan(8);
  expect(box?.y).toBeGreaterThanOrEqual(row?.y ?? 0);

  // A note, by the menu of a row that has none yet.
  await goTo(page, 2005);
  await page.keyboard.press('Shift+F10');
  await pictures(page, 'bookmark-menu');
  await page.getByTestId('row-note').click();
  await expect(page.getByTestId('bookmark-note-field')).toBeFocused();
  await page.keyboard.type('here it began');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('bookmarks-pane')).toHaveCount(0);
  await expect(page.getByTestId('log-table')).toBeFocused();
  await expect.poll(() => marks(page)).toEqual(['2005 Bookmark: here it began']);
  await expect(page.getByTestId('density-strip')).toHaveAttribute('data-bookmarks', '4');
  await expect(page.getByTestId('density-strip')).toHaveAttribute('aria-label', /4 bookmarks/);
  await pictures(page, 'bookmark-rows');

  // From one to the next and round the end.
  await page.keyboard.press('F2');
  await expect(page.getByTestId('notice')).toContainText('Went round the end');
  await expect.poll(() => selectedIndex(page)).toBe('1000');
  await page.keyboard.press('Shift+F2');
  await expect(page.getByTestId('notice')).toContainText('Went round the begin');
  await expect.poll(() => selectedIndex(page)).toBe('2005');

  // What the filter hides stays in the list, which says so.
  await page.getByTestId('cpu-chip-1').click();
  await expect.poll(() => matchesOf(page)).toBe((ROWS / 4) * 3);
  await page.getByTestId('time-menu').click();
  await page.getByTestId('digits-ms').click();
  await page.keyboard.press('Control+Shift+b');
  const items = page.getByTestId('bookmark');
  await expect(items).toHaveCount(4);
  await expect(items.first().getByTestId('bookmark-time')).toHaveText(/^\d+\.\d{3}$/);
  await expect(page.getByTestId('bookmark-absence')).toHaveText(['hidden by the filter', 'hidden by the filter']);
  await expect(page.getByTestId('bookmarks-remark')).toContainText('not recorded');
  await items.nth(1).getByTestId('bookmark-go').click();
  await expect(page.getByTestId('notice')).toContainText('Record 1,001 is hidden by the filter.');
  await pictures(page, 'bookmark-list');
  await resize(viewer, 900, 600);
  await pictures(page, 'bookmark-list-narrow');
  await resize(viewer, 1280, 800);

  // The list by keys alone.
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(items.nth(2).getByTestId('bookmark-go')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => selectedIndex(page)).toBe('1002');
  await page.keyboard.press('Delete');
  await expect(items).toHaveCount(3);
  await page.getByTestId('bookmarks-remove-all').click();
  await expect(page.getByTestId('bookmarks-none')).toBeVisible();
  await page.getByTestId('bookmarks-undo').click();
  await expect(items).toHaveCount(3);
  await expect(items.nth(2)).toContainText('here it began');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('bookmarks-pane')).toHaveCount(0);

  // They are the session's: a page that is loaded anew has them, and so has another view.
  await page.reload();
  await expect(page.getByTestId('density-strip')).toHaveAttribute('data-bookmarks', '1');
  await page.getByTestId('new-view').click();
  await expect(page.getByTestId('view-tab')).toHaveCount(2);
  await page.keyboard.press('Control+Shift+b');
  await expect(items).toHaveCount(3);
});

test('bookmarks are saved with what is recorded: after a kill, and in one packed file', async ({
  open,
  simulate,
  folder,
}) => {
  // Three starts of the app.
  test.setTimeout(180_000);
  const simulator = simulate('--cpus', '2', '--rate', '5000');
  const { app, page } = await open('--source', simulator.source);
  await expect.poll(() => numberOf(page, 'status-rows')).toBeGreaterThan(3000);
  await page.keyboard.press('Control+g');
  await page.getByTestId('go-to-input').fill('1500');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+b');
  await expect(page.getByTestId('notice')).toContainText('Bookmark set.');
  await page.keyboard.press('Control+Shift+b');
  await expect(page.getByTestId('bookmarks-remark')).toHaveCount(0);
  await page.getByTestId('bookmark-edit').click();
  await page.keyboard.type('before the kill');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('bookmark')).toContainText('before the kill');
  const text = await page.getByTestId('bookmark').locator('.bookmark-text').innerText();
  // Within a second it outlives whatever happens.
  const sessions = join(folder, 'sessions');
  const recording = readdirSync(sessions).find((each) => each.endsWith('.ringview')) as string;
  await expect
    .poll(() => {
      const opened = openSession(join(sessions, recording));
      if (!opened.ok) return '';
      const part = opened.value.part('bookmarks', (value) => JSON.stringify(value));
      opened.value.close();
      return part.ok ? part.value : '';
    })
    .toContain('before the kill');
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  app.process().kill('SIGKILL');
  await ended;

  const next = await open();
  await next.page.getByTestId('offer-open').click();
  await expect(next.page.getByTestId('density-strip')).toHaveAttribute('data-bookmarks', '1');
  await next.page.keyboard.press('F2');
  await next.page.keyboard.press('Control+Shift+b');
  await expect(next.page.getByTestId('bookmark').locator('.bookmark-text')).toHaveText(text);
  await next.page.getByTestId('bookmark-edit').click();
  await next.page.keyboard.press('Control+a');
  await next.page.keyboard.type('and after it');
  await next.page.keyboard.press('Enter');
  await expect(next.page.getByTestId('bookmark')).toContainText('and after it');
  await expect(next.page.getByTestId('bookmarks-remark')).toHaveCount(0);
  await next.app.close();

  // Whoever gets one file of it has the note as it was last.
  const packed = join(folder, 'sent.ringview.tar');
  const last = await open();
  await last.app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath: path })) as never;
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [path] })) as never;
  }, packed);
  await last.page.keyboard.press('Control+Shift+h');
  await last.page.getByTestId('session-pack').first().click();
  await expect(last.page.getByTestId('export-progress')).toHaveAttribute('data-state', 'done');
  await last.page.keyboard.press('Escape');
  await last.page.keyboard.press('Control+o');
  await expect(last.page.getByTestId('density-strip')).toHaveAttribute('data-bookmarks', '1');
  await last.page.keyboard.press('Control+Shift+b');
  await expect(last.page.getByTestId('bookmark')).toContainText('and after it');
  await expect(last.page.getByTestId('bookmarks-remark')).toContainText('packed file');
  await picture(last.page, 'bookmark-packed');
});
