/** Messages of any characters: what is shown is what is found, marked and copied, and nothing of a line is out of reach. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, numberOf, picture, pictures, resize, test, type Viewer } from './fixtures.ts';
import type { Simulator } from './simulator.ts';

const CHINESE = `${'驱动程序无法完成请求的操作因为设备没有响应正在重新启动控制器请稍候再试'.slice(0, 33)}：存储控制器超时，错误代码 0xC00000B5`;
const LONG = `${'x'.repeat(300)}needle${'y'.repeat(60)}`;
const LINES = [
  'plain: begin',
  'tab\tbetween\tcolumns',
  'ab\rcd carriage return',
  'turned \u202egnp.exe\u202c back',
  'terminal \u001b[31mred\u001b[0m and \u009b0m',
  `${CHINESE}`.repeat(3),
  `${'👩‍👩‍👧‍👦👍🏽'.repeat(30)} family ends here`,
  `${'e\u0301a\u0308o\u0302'.repeat(30)} combining ends here`,
  LONG,
  'Привет, мир: ошибка 0x5',
];

interface Fixtures {
  readonly open: (...args: string[]) => Promise<Viewer>;
  readonly simulate: (...options: string[]) => Simulator;
  readonly folder: string;
}

async function openLines({ open, simulate, folder }: Fixtures, lines = LINES, ...options: string[]): Promise<Viewer> {
  const path = join(folder, 'lines.txt');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const count = `${lines.length}`;
  const replay = ['--replay', path, '--count', count, ...options];
  const simulator = simulate('--cpus', '1', '--rate', '1000', ...replay, '--wait-reader');
  const viewer = await open('--source', simulator.source);
  await simulator.counts();
  await expect.poll(() => numberOf(viewer.page, 'status-rows')).toBe(lines.length);
  return viewer;
}

const message = (page: Page, position: number) => page.locator(`[data-position="${position}"] .cell-message`);

async function find(page: Page, pattern: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await page.getByTestId('find-input').fill(pattern);
  await page.keyboard.press('Enter');
}

/** Whether an element lies wholly within the table, from edge to edge. */
async function inSight(page: Page, element: Locator): Promise<boolean> {
  const [box, table] = await Promise.all([element.boundingBox(), page.locator('.body').boundingBox()]);
  if (box === null || table === null) return false;
  return box.width > 0 && box.x >= table.x && box.x + box.width <= table.x + table.width;
}

test('a tab, a carriage return and a turn of direction are shown, found, marked and copied alike', async ({
  open,
  simulate,
  folder,
}) => {
  const { app, page } = await openLines({ open, simulate, folder });
  await expect(message(page, 2)).toHaveText(' ab\u240dcd carriage return');
  await expect(message(page, 3)).toHaveText(/turned \u2426gnp\.exe\u2426 back/);
  await expect(message(page, 4)).toHaveText(/terminal \u241b\[31mred\u241b\[0m and \ufffd0m/);

  await page.locator('[data-position="2"]').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+c');
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(/\tab\u240dcd carriage return\n.*\tturned \u2426gnp\.exe\u2426 back\n$/);

  await find(page, 'ab\u240dcd');
  await expect(page.getByTestId('find-outcome')).toContainText('1 of 1');
  await expect(message(page, 2).locator('mark')).toHaveText('ab\u240dcd');
  await page.getByTestId('find-input').fill('tab\tb');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('find-outcome')).toContainText('1 of 1');
  await expect(message(page, 1).locator('mark')).toHaveText('tab b');
  await page.getByTestId('find-input').fill('\u2426gnp');
  await page.keyboard.press('Enter');
  await expect(message(page, 3).locator('mark')).toHaveText('\u2426gnp');
  await page.getByTestId('filter-box').fill('ab\u240dcd');
  await expect.poll(() => numberOf(page, 'match-count')).toBe(1);
});

test('a Chinese line, emoji and combining marks are cut where they are drawn to, and can be read to their end', async ({
  open,
  simulate,
  folder,
}) => {
  const { page } = await openLines({ open, simulate, folder });
  const box = (position: number) => message(page, position).locator('.message-box');
  for (const position of [5, 6, 7]) {
    await expect.poll(() => inSight(page, message(page, position))).toBe(true);
    expect(await box(position).evaluate((element) => getComputedStyle(element).textOverflow)).toBe('ellipsis');
  }
  const cut = (position: number) => box(position).evaluate((element) => element.scrollWidth > element.clientWidth);
  expect(await cut(5)).toBe(true);
  expect(await cut(9)).toBe(false);
  // Each of 90 letters has its mark over it, and takes the room of one character.
  const cells = await box(7).evaluate((element) => {
    const cell = Number.parseFloat(getComputedStyle(element.closest('.cell') as Element).paddingLeft);
    return element.scrollWidth / cell;
  });
  expect(cells).toBeGreaterThan(105);
  expect(cells).toBeLessThan(120);
  await pictures(page, 'messages');

  const body = page.locator('.body');
  await message(page, 5).hover({ position: { x: 60, y: 10 } });
  // What the number means is added once that is known.
  await expect(body).toHaveAttribute('title', /0xC00000B5(\n\n0xC00000B5 {2}STATUS_IO_TIMEOUT .*)?$/);
  await message(page, 9).hover({ position: { x: 60, y: 10 } });
  await expect(body).toHaveAttribute('title', '');

  await find(page, '0xC00000B5');
  await expect(page.getByTestId('find-outcome')).toContainText('1 of 1');
  await expect.poll(() => inSight(page, message(page, 5).locator('mark').first())).toBe(true);
  await page.getByTestId('find-input').fill('family ends here');
  await page.keyboard.press('Enter');
  await expect.poll(() => inSight(page, message(page, 6).locator('mark'))).toBe(true);
  await pictures(page, 'messages-moved');
});

test('Find brings a match at character 301 into sight, and moving sideways ends where the longest row ends', async ({
  open,
  simulate,
  folder,
}) => {
  const { page } = await openLines({ open, simulate, folder }, ['plain: begin', LONG, 'short']);
  await find(page, 'needle');
  const mark = message(page, 1).locator('mark');
  await expect.poll(() => inSight(page, mark)).toBe(true);
  await picture(page, 'messages-found');
  // Back at the begin for a match that is there.
  await page.getByTestId('find-input').fill('begin');
  await page.keyboard.press('Enter');
  await expect.poll(() => inSight(page, message(page, 0).locator('mark'))).toBe(true);
  await expect(page.locator('.shift-back')).toBeHidden();
  await page.keyboard.press('Escape');

  await page.getByTestId('log-table').focus();
  const shiftNow = async () => Number((await page.locator('.shift-back').innerText()).match(/\d+/)?.[0]);
  for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowRight');
  await expect(message(page, 1)).toHaveText(/y$/);
  const end = await shiftNow();
  expect(end).toBeLessThan(LONG.length);
  expect(end).toBeGreaterThan(100);
  await page.keyboard.press('ArrowRight');
  expect(await shiftNow()).toBe(end);
  await message(page, 1).hover({ position: { x: 40, y: 10 } });
  await page.mouse.wheel(4000, 0);
  await expect.poll(shiftNow).toBe(end);
  await picture(page, 'messages-end');
});

test('the end of a message that the driver cut is found and reached behind its badge, in a narrow window', async ({
  open,
  simulate,
  folder,
}) => {
  const lines = ['plain: begin', `${'x'.repeat(300)}needle${'y'.repeat(60)}`];
  const viewer = await openLines({ open, simulate, folder }, lines, '--text-bytes', '306');
  const { page } = viewer;
  await resize(viewer, 900, 600);
  await expect(message(page, 1).locator('.badge')).toHaveText('cut');
  await find(page, 'needle');
  const mark = message(page, 1).locator('mark');
  await expect.poll(() => inSight(page, mark)).toBe(true);
  // Nothing of the match is under the edge of the box that the message is clipped by.
  const clipped = () =>
    mark.evaluate((element) => {
      const box = element.closest('.message-box')?.getBoundingClientRect();
      const { left, right } = element.getBoundingClientRect();
      return box === undefined || left < box.left - 0.5 || right > box.right + 0.5;
    });
  await expect.poll(clipped).toBe(false);
  await picture(page, 'messages-cut-found');
  await page.keyboard.press('Escape');
  await page.getByTestId('log-table').focus();
  for (let i = 0; i < 80; i++) await page.keyboard.press('ArrowRight');
  await expect(message(page, 1)).toHaveText(/needle.?$/);
  await picture(page, 'messages-cut-end');
});
