/** How rows look: letters of another size and family, in which everything still fits, and colours of processes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parseSettings } from '../electron/main/settings.ts';
import { accessProblems } from './access.ts';
import { expect, numberOf, picture, pictures, resize, test, type Viewer } from './fixtures.ts';

const ROWS = 400;
const PROCESSES = ['nicsvc.exe', 'labtool.exe', 'storagetest.exe', 'MsMpEng.exe'];

function logIn(folder: string): string {
  const path = join(folder, 'lab.csv');
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const long = `a message that is longer than a row has room for, ${'and goes on '.repeat(30)}to its END`;
    const message = ['link is up', `\u7f51\u7edc\u9a71\u52a8 ${long}`, long, 'IRP 0xffffc01a2b3c4d50 done'][at % 4];
    const [level, pid] = [['info', 'warning', 'error'][at % 3], 400 + 4 * ((at * 7) % 4)];
    return `${at},${at * 1000},${at % 4},${level},${pid},${PROCESSES[(at * 7) % 4]},"${message}"`;
  });
  writeFileSync(path, `index,time_us,cpu,level,pid,process,message\n${lines.join('\n')}\n`);
  return path;
}

function missing(what: string): never {
  throw new Error(what);
}

const rowBox = async (page: Page, at: number) => {
  const box = await page.getByTestId('log-row').nth(at).boundingBox();
  return box ?? missing('the row is not drawn');
};

/** In pixels of the window: the table's body, a row, and how far plain and wide messages go to the right. */
const measured = (page: Page) =>
  page.evaluate(() => {
    const rect = (element: Element | null | undefined) => element?.getBoundingClientRect() ?? new DOMRect();
    const end = (text: string) => {
      const rows = [...document.querySelectorAll('[data-testid="log-row"]')];
      const cell = rows.find((row) => row.textContent?.includes(text))?.querySelector('.cell-message');
      const range = document.createRange();
      range.selectNodeContents(cell?.querySelector('.message-box') ?? cell ?? document.body);
      return (
        cell?.querySelector('.message-box') ? rect(cell.querySelector('.message-box')) : range.getBoundingClientRect()
      ).right;
    };
    const zero = document.createElement('span');
    zero.textContent = '0'.repeat(50);
    document.querySelector('.rows')?.append(zero);
    const character = rect(zero).width / 50;
    zero.remove();
    const heads = [...document.querySelectorAll('.head-cell')].map((head) => rect(head).left);
    const cells = [...(document.querySelector('[data-testid="log-row"]')?.querySelectorAll('.cell') ?? [])];
    return {
      character,
      right: rect(document.querySelector('.stage')).right,
      bottom: rect(document.querySelector('.body')).bottom,
      plain: end('2a message'.slice(1)),
      wide: end('\u7f51\u7edc'),
      heads,
      cells: cells.map((cell) => rect(cell).left),
    };
  });

/** Where the text of a message of wide characters ends, pixels of the window. */
const wideTail = (page: Page) =>
  page.evaluate(() => {
    const rows = [...document.querySelectorAll('[data-testid="log-row"]')];
    const text = rows.find((row) => row.textContent?.includes('\u7f51\u7edc'))?.querySelector('.message-text');
    return text?.getBoundingClientRect().right ?? 0;
  });

/** The log, all of it, in a window of the usual size. */
async function opened(open: (...args: string[]) => Promise<Viewer>, folder: string): Promise<Viewer> {
  const viewer = await open('--source', `file:${logIn(folder)}`);
  await resize(viewer, 1280, 800);
  await expect.poll(() => numberOf(viewer.page, 'status-rows')).toBe(ROWS);
  return viewer;
}

test('letters of another size and family: rows, columns and wide characters follow', async ({ open, folder }) => {
  test.setTimeout(240_000);
  const viewer = await opened(open, folder);
  const { page } = viewer;
  const settings = () => parseSettings(readFileSync(join(viewer.folder, 'settings.json'), 'utf8'));
  const choose = async (size: string): Promise<void> => {
    await page.keyboard.press('Control+,');
    await page.getByTestId('settings-font-size').selectOption(size);
    await expect.poll(() => settings().fontSize).toBe(Number(size));
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('settings-sheet')).toHaveCount(0);
  };
  for (const [size, px] of [
    ['28', 44.8],
    ['9', 14.4],
    ['12.5', 20],
  ] as const) {
    await choose(size);
    await expect.poll(async () => (await rowBox(page, 1)).height).toBeCloseTo(px, 1);
    await page.keyboard.press('Home');
    const { character, right, plain, wide, heads, cells } = await measured(page);
    expect(character).toBeGreaterThan(Number(size) * 0.5);
    // What is cut ends where the row does, not before it and not beyond.
    expect(plain).toBeLessThanOrEqual(right + 0.5);
    expect(plain).toBeGreaterThan(right - 3 * character);
    expect(wide).toBeLessThanOrEqual(right + 0.5);
    expect(wide).toBeGreaterThan(right - 3 * character);
    // Each cell begins below its head.
    for (const [at, left] of heads.slice(0, cells.length).entries())
      expect(Math.abs((cells[at] ?? 0) - left), `column ${at} at ${size}`).toBeLessThan(2);
    // A click finds its row, the last row can be reached and is whole.
    const box = await rowBox(page, 5);
    await page.mouse.click(box.x + 300, box.y + box.height / 2);
    await expect(page.locator('.row.selected')).toHaveAttribute('data-position', '5');
    await page.keyboard.press('End');
    const last = page.locator(`.row[data-position="${ROWS - 1}"]`);
    await expect(last).toBeVisible();
    const { bottom } = await measured(page);
    const end = (await last.boundingBox()) ?? missing('the last row is not drawn');
    expect(Math.abs(end.y + end.height - bottom)).toBeLessThan(1);
    await page.keyboard.press('Home');
    await pictures(page, `letters-${size}`);
    // So does a double click its word, and a menu opens at its head.
    const message = (await page.locator('.row .cell-message').first().boundingBox()) ?? missing('there is no message');
    await page.mouse.dblclick(message.x + 2.5 * character, message.y + message.height / 2);
    await expect(page.getByTestId('status-word')).toHaveText('link: 100');
    await page.keyboard.press('Escape');
    const trigger = (await page.getByTestId('column-menu').boundingBox()) ?? missing('there is no menu');
    await page.getByTestId('column-menu').click();
    const menu = (await page.getByRole('menu').boundingBox()) ?? missing('no menu opens');
    expect(Math.abs(menu.y - trigger.y - trigger.height)).toBeLessThan(12);
    expect(Math.abs(menu.x + menu.width - trigger.x - trigger.width)).toBeLessThan(trigger.width + 12);
    await picture(page, `letters-${size}-menu`);
    await page.keyboard.press('Escape');
    await page.getByTestId('log-table').focus();
    // Sideways up to the end of the longest message in sight, of wide characters: there it stays, whole.
    for (let step = 0; step < 60; step++) await page.keyboard.press('ArrowRight');
    const tail = await wideTail(page);
    expect(tail).toBeLessThanOrEqual(right + 0.5);
    expect(tail).toBeGreaterThan(right - 12 * character);
    await page.getByRole('button', { name: /^« from character/ }).click();
    await page.getByTestId('log-table').focus();
  }
  // A head is dragged as far as the pointer goes.
  await choose('20');
  const head = page.locator('.head .cell-process');
  const before = (await head.boundingBox())?.width ?? 0;
  const handle = (await head.locator('.handle').boundingBox()) ?? missing('there is no handle');
  await page.mouse.move(handle.x + handle.width / 2, handle.y + 5);
  await page.mouse.down();
  await page.mouse.move(handle.x + handle.width / 2 + 120, handle.y + 5, { steps: 4 });
  await page.mouse.up();
  expect(Math.abs(((await head.boundingBox())?.width ?? 0) - before - 120)).toBeLessThan(13);

  // The family counts once its box is left; what cannot be one is said, and nothing changes.
  await page.keyboard.press('Control+,');
  const family = page.getByTestId('settings-font-family');
  const note = page.getByTestId('settings-font-note');
  await family.fill('a; b');
  await expect(note).toHaveText('The name of one family: letters, digits and blanks');
  await expect(family).toHaveAttribute('aria-invalid', 'true');
  await family.press('Enter');
  expect(settings().fontFamily).toBe('');
  await family.fill('No Such Font');
  await family.press('Enter');
  await expect(note).toHaveText('Not on this system: the usual one is shown');
  await family.fill('DejaVu Sans');
  await family.press('Enter');
  await expect(note).toHaveText('Its letters differ in width: columns do not line up');
  await pictures(page, 'letters-settings');
  expect(await page.evaluate(accessProblems)).toEqual([]);
  await family.fill('DejaVu Sans Mono');
  await family.press('Tab');
  await expect(note).toHaveText('');
  await expect.poll(() => settings()).toMatchObject({ fontFamily: 'DejaVu Sans Mono', fontSize: 20 });
  await page.keyboard.press('Escape');
  await expect(page.locator('.grid')).toHaveCSS('font-family', /^"DejaVu Sans Mono", /);
  // A page that begins anew has them at once.
  await page.reload();
  await page.getByTestId('log-row').first().waitFor();
  expect((await rowBox(page, 1)).height).toBeCloseTo(32, 1);
  await expect(page.locator('.grid')).toHaveCSS('font-family', /^"DejaVu Sans Mono", /);
});

test('processes have colours where they are named, if a person wants it', async ({ open, folder }) => {
  test.setTimeout(120_000);
  const viewer = await opened(open, folder);
  const { page } = viewer;
  const tinted = page.locator('.cell-process.tinted');
  await expect(page.locator('.cell-process').first()).toBeVisible();
  await expect(tinted).toHaveCount(0);
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('colour processes');
  await page.keyboard.press('Enter');
  await expect(tinted.first()).toBeVisible();
  await expect(page.getByText('Each process has a colour.')).toBeVisible();
  const colours = async () => {
    const found = await tinted.evaluateAll((cells) =>
      cells.map((cell) => [cell.textContent?.trim() ?? '', getComputedStyle(cell).backgroundColor] as const),
    );
    return {
      names: new Map(found),
      pairs: new Set(found.map(String)).size,
      values: new Set(found.map(([, each]) => each)).size,
    };
  };
  // Each name one, and none that of another.
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await colours()).toMatchObject({ pairs: PROCESSES.length, values: PROCESSES.length });
  }
  // Readable, also where a row is selected or highlighted.
  await page.getByTestId('log-row').nth(2).click();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    // What a button looks like changes in a tenth of a second.
    await expect.poll(() => page.evaluate(accessProblems)).toEqual([]);
  }
  await pictures(page, 'process-colours');
  await page.keyboard.press('End');
  await expect.poll(async () => (await colours()).pairs).toBe(PROCESSES.length);
  await page.keyboard.press('Control+,');
  await expect(page.getByTestId('settings-process-colours')).toBeChecked();
  await page.getByTestId('settings-process-colours').uncheck();
  await expect(tinted).toHaveCount(0);
});
