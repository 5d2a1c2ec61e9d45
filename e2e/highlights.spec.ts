/** Highlights of rows and words, the word that is marked by a double click, all matches in a list, and verbs of a word. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, matchesOf, picture, pictures, resize, test, type Viewer } from './fixtures.ts';

const ROWS = 3000;
const LEVELS = ['error', 'warning', 'info', 'trace'];

/** Rows of four levels on eight CPUs; one in three names a device. */
function writeLog(folder: string): string {
  const path = join(folder, 'coloured.csv');
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const message = at % 3 === 0 ? `noise on nicfilt0, retry ${at % 5}` : `read ${at % 7} blocks of disk2`;
    return `${at},${at * 1000},${at % 8},${LEVELS[Math.floor(at / 8) % 4]},"${message}"`;
  });
  writeFileSync(path, ['index,time_us,cpu,level,message', ...lines, ''].join('\n'));
  return path;
}

async function opened(open: (...args: string[]) => Promise<Viewer>, folder: string): Promise<Viewer> {
  const viewer = await open('--source', `file:${writeLog(folder)}`);
  await expect.poll(() => matchesOf(viewer.page)).toBe(ROWS);
  await resize(viewer, 1280, 800);
  return viewer;
}

async function addRule(page: Page, of: 'rows' | 'words', colour: string, text: string): Promise<void> {
  await page.locator('.highlight-add [data-testid="highlight-of"]').selectOption(of);
  await page.locator('.highlight-add [data-testid="highlight-colour"]').selectOption(colour);
  await page.getByTestId('highlight-new').fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('highlight-new')).toHaveValue('');
}

/** Where a word of a message is on the screen. */
function placeOf(row: Locator, word: string): Promise<{ readonly x: number; readonly y: number }> {
  return row.locator('.cell-message').evaluate((cell, sought) => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = (node.textContent ?? '').indexOf(sought);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + sought.length);
      const { left, width, top, height } = range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    throw new Error(`no ${sought} in ${cell.textContent}`);
  }, word);
}

/** The least contrast of any text in the rows of a selector, with what it is written on. */
function leastContrast(page: Page, selector: string): Promise<{ readonly ratio: number; readonly where: string }> {
  return page.evaluate((rows) => {
    const parse = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (rgb: number[]): number => {
      const [r, g, b] = rgb.slice(0, 3).map((part) => {
        const value = part / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    /** What lies behind a text: backgrounds that let others through are laid over those. */
    const behind = (element: Element | null): number[] => {
      if (element === null) return [255, 255, 255];
      const [r = 0, g = 0, b = 0, alpha = 1] = parse(getComputedStyle(element).backgroundColor);
      if (alpha === 1) return [r, g, b];
      const below = behind(element.parentElement);
      return [r, g, b].map((part, at) => part * alpha + (below[at] as number) * (1 - alpha));
    };
    let least = { ratio: 99, where: 'nothing' };
    for (const row of document.querySelectorAll(rows)) {
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement;
        if ((node.textContent ?? '').trim() === '' || parent === null) continue;
        const [a, b] = [luminance(parse(getComputedStyle(parent).color)), luminance(behind(parent))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < least.ratio)
          least = { ratio, where: `${row.className} | ${parent.className} | ${node.textContent}` };
      }
    }
    return least;
  }, selector);
}

test('rows and words are highlighted, in their order, readable in every state, and there again', async ({
  open,
  folder,
}) => {
  test.setTimeout(180_000);
  const viewer = await opened(open, folder);
  const { page } = viewer;
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+j');
  await expect(page.getByTestId('highlights-sheet')).toBeVisible();
  await addRule(page, 'rows', 'blue', 'level:info');
  await addRule(page, 'rows', 'red', 'level:error /retry [34]/');
  await addRule(page, 'rows', 'green', 'cpu:1');
  await addRule(page, 'words', 'yellow', 'disk2');
  await pictures(page, 'highlights-sheet');
  await resize(viewer, 900, 600);
  await pictures(page, 'highlights-sheet-small');
  await resize(viewer, 1280, 800);

  /** What the rows in sight should look like: the rules from the newest to the oldest. */
  const wrong = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[data-testid="log-row"]')].flatMap((row) => {
        const of = (name: string) => row.querySelector(`.cell-${name}`)?.textContent?.trim() ?? '';
        const wanted =
          of('cpu') === '1'
            ? 'green'
            : of('level') === 'error' && /retry [34]/.test(of('message'))
              ? 'red'
              : of('level') === 'info'
                ? 'blue'
                : '';
        const painted = row.className.match(/paint-(\w+)/)?.[1] ?? '';
        return painted === wanted ? [] : [`${of('index')} is '${painted}', not '${wanted}'`];
      }),
    );
  await expect.poll(wrong).toEqual([]);
  await expect(page.locator('.paint-red').first()).toBeVisible();
  await expect(page.locator('.row mark.word-yellow').first()).toHaveText('disk2');
  await expect(page.locator('.paint-blue').first()).toHaveAttribute('aria-description', 'highlighted, blue');

  // A rule that is off colours nothing; one that is no filter says so and changes nothing.
  await page.getByTestId('highlight-on').nth(1).uncheck();
  await expect(page.locator('.paint-green')).toHaveCount(0);
  await page.getByTestId('highlight-on').nth(1).check();
  await page.getByTestId('highlight-new').fill('cpu:abc');
  await page.locator('.highlight-add [data-testid="highlight-of"]').selectOption('rows');
  await page.getByTestId('highlight-add').click();
  await expect(page.getByTestId('highlights-failure')).toContainText('abc');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('highlights-sheet')).toHaveCount(0);
  await expect.poll(wrong).toEqual([]);

  // While the table is scrolled, what comes into sight is coloured too.
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageDown');
  await expect.poll(wrong).toEqual([]);

  // Readable at rest, under the mouse, selected, and marked by a search, in both themes and with forced colours.
  await page.getByTestId('find-bar').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-input').fill('re');
  await page.locator('mark.hit').first().waitFor();
  for (const forcedColors of ['none', 'active'] as const) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, forcedColors });
      for (const name of ['red', 'green', 'blue']) {
        const row = page.locator(`.paint-${name}`).first();
        await row.hover();
        const hovered = await leastContrast(page, '.row.painted');
        expect(hovered.ratio, `${forcedColors} ${colorScheme} ${name} hovered: ${hovered.where}`).toBeGreaterThan(4.5);
        await row.click();
        const selected = await leastContrast(page, '.row.painted');
        expect(selected.ratio, `${forcedColors} ${colorScheme} ${name} selected: ${selected.where}`).toBeGreaterThan(
          4.5,
        );
      }
      await picture(page, `highlights-${forcedColors}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });

  // Kept for the next page.
  await page.reload();
  await page.getByTestId('log-row').first().waitFor();
  await expect(page.locator('.row.painted').first()).toBeVisible();
  await expect(page.locator('.row mark.word-yellow').first()).toHaveText('disk2');
});

test('a word is marked everywhere and counted by a double click, and Escape takes it off', async ({ open, folder }) => {
  test.setTimeout(120_000);
  const viewer = await opened(open, folder);
  const { page } = viewer;
  const row = page.getByTestId('log-row').filter({ hasText: 'noise' }).nth(3);
  const at = await placeOf(row, 'nicfilt0');
  await page.mouse.dblclick(at.x, at.y);
  await expect(page.getByTestId('status-word')).toHaveText('nicfilt0: 1,000');
  const marked = await page.locator('.row mark.word-marked').allInnerTexts();
  expect(marked.length).toBeGreaterThan(5);
  expect(new Set(marked)).toEqual(new Set(['nicfilt0']));
  await expect(page.getByTestId('details-pane')).toHaveCount(0);
  await pictures(page, 'word-marked');
  // Beside a search, with a count of its own.
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-input').fill('disk2');
  await expect(page.getByTestId('find-outcome')).toContainText('2,000');
  await expect(page.getByTestId('status-word')).toHaveText('nicfilt0: 1,000');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('status-word')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('status-word')).toHaveCount(0);
  await expect(page.locator('.row mark.word-marked')).toHaveCount(0);
  // Where there is no word, a double click shows the details as before.
  await row.locator('.cell-index').dblclick();
  await expect(page.getByTestId('details-pane')).toBeVisible();
});

test('the menu of a word shows, hides, finds and highlights it', async ({ open, folder }) => {
  test.setTimeout(120_000);
  const viewer = await opened(open, folder);
  const { page } = viewer;
  const menuOf = async (word: string): Promise<void> => {
    const at = await placeOf(page.getByTestId('log-row').filter({ hasText: word }).nth(2), word);
    await page.mouse.click(at.x, at.y, { button: 'right' });
    await page.getByTestId('row-menu').waitFor();
  };
  await menuOf('nicfilt0');
  await pictures(page, 'word-menu');
  await page.getByTestId('row-more-word').click();
  await page.getByTestId('row-highlight-word').click();
  await expect(page.locator('.row mark.word').first()).toHaveText('nicfilt0');
  await menuOf('disk2');
  await page.getByTestId('row-more-word').click();
  await page.getByTestId('row-highlight-word-rows').click();
  await expect(page.locator('.row.painted').first()).toContainText('disk2');
  await menuOf('disk2');
  await page.getByTestId('row-hide-word').click();
  await expect.poll(() => matchesOf(page)).toBe(1000);
  await page.keyboard.press('Control+z');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await menuOf('nicfilt0');
  await page.getByTestId('row-only-word').click();
  await expect.poll(() => matchesOf(page)).toBe(1000);
  await page.keyboard.press('Control+z');
  await expect.poll(() => matchesOf(page)).toBe(ROWS);
  await menuOf('retry');
  await page.getByTestId('row-find-word').click();
  await expect(page.getByTestId('matches-sum')).toHaveText('1,000 matches of retry');
});

test('all matches are listed in the dock, and a click goes to the row', async ({ open, folder }) => {
  test.setTimeout(120_000);
  const viewer = await opened(open, folder);
  const { page } = viewer;
  await page.keyboard.press('Control+Shift+f');
  await page.getByTestId('find-input').fill('retry 3');
  await expect(page.getByTestId('matches-sum')).toHaveText('200 matches of retry 3');
  await expect(page.getByTestId('match-line').first()).toContainText('retry 3');
  await expect(page.getByTestId('match-line').first().locator('mark.hit')).toHaveText('retry 3');
  await page.getByTestId('match-line').nth(2).click();
  // 3, 18, 33, ...: those that 3 divides and of which 5 leaves 3.
  const selected = page.locator('[role="row"][aria-selected="true"] .cell-index');
  await expect(selected).toHaveText(/33/);
  await expect(page.getByTestId('match-line').nth(2)).toHaveAttribute('aria-selected', 'true');
  await pictures(page, 'matches-list');
  await page.keyboard.press('ArrowDown');
  await expect(selected).toHaveText(/48/);
  await page.keyboard.press('End');
  await expect(selected).toHaveText(/2988/);
  await expect(page.getByTestId('matches-sum')).toHaveText('200 matches of retry 3');
  // What is selected stays where another text is listed.
  await page.getByTestId('find-input').fill('blocks');
  await expect(page.getByTestId('matches-sum')).toHaveText('2,000 matches of blocks');
  await expect(selected).toHaveText(/2988/);
  await resize(viewer, 900, 600);
  await pictures(page, 'matches-list-small');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('matches-list')).toHaveCount(0);
});

test('what was highlighted comes back with the recording, in its tab alone, and is kept if somebody wants it', async ({
  open,
  simulate,
  folder,
}) => {
  const rule = { caseSensitive: false, on: true };
  const highlights = [
    { ...rule, of: 'rows', text: 'cpu:1', colour: 'green' },
    { ...rule, of: 'words', text: 'IRP', colour: 'pink', regex: false },
  ];
  mkdirSync(join(folder, 'user-0'));
  writeFileSync(join(folder, 'user-0', 'settings.json'), JSON.stringify({ highlights }));
  const simulator = simulate('--cpus', '2', '--rate', '20000', '--count', '2000', '--wait-reader', '--linger', '60');
  const first = await open('--source', simulator.source);
  await expect.poll(() => matchesOf(first.page)).toBe(2000);
  await first.app.close();

  // Somebody else, who highlights nothing.
  const { page } = await open();
  await page.keyboard.press('Control+Shift+h');
  await page.getByTestId('session-open').first().click();
  await expect.poll(() => matchesOf(page)).toBe(2000);
  await page.keyboard.press('Escape');
  await expect(page.locator('.row.painted').first()).toBeVisible();
  await expect(page.locator('.row mark.word-pink, .row .word-pink').first()).toHaveText('IRP');
  await page.keyboard.press('Control+j');
  await expect(page.getByTestId('highlights-carried')).toContainText('cpu:1');
  await pictures(page, 'highlights-recorded');
  await page.getByTestId('highlights-drop').click();
  await expect(page.locator('.row.painted')).toHaveCount(0);
  await expect(page.getByTestId('highlights-carried')).toHaveCount(0);
});
