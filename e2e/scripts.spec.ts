/**
 * Logs in scripts that a table of Latin letters gets wrong: wide characters, letters that are joined, lines that run from
 * right to left. Nothing of one cell may reach into another, and what is cut is the end of a message, with a sign.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, matchesOf, pictures, resize, test } from './fixtures.ts';

interface Script {
  readonly name: string;
  /** What is logged, and a word of it that is sought. */
  readonly messages: readonly string[];
  readonly word: string;
}

const SCRIPTS: readonly Script[] = [
  {
    name: 'chinese',
    messages: [
      '设备 nicfilt0 初始化完成，耗时 35 毫秒',
      '读取磁盘 \\Device\\Harddisk0 失败：超时',
      '警告：队列已满，丢弃 12 个数据包',
    ],
    word: '失败',
  },
  {
    name: 'russian',
    messages: [
      'устройство nicfilt0 готово, 35 мс',
      'ошибка чтения \\Device\\Harddisk0: время вышло',
      'очередь полна, потеряно пакетов: 12',
    ],
    word: 'ошибка',
  },
  {
    name: 'arabic',
    messages: [
      'تم تهيئة الجهاز nicfilt0 في 35 مللي ثانية',
      'فشل قراءة القرص \\Device\\Harddisk0: انتهت المهلة',
      'امتلأت قائمة الانتظار، فقدت 12 حزمة',
    ],
    word: 'فشل',
  },
];

const LEVELS = ['info', 'error', 'warning'];
const ROWS = 300;
/** One in so many is far longer than its cell. */
const LONG = 4;

function writeLog(folder: string, { name, messages }: Script): string {
  const path = join(folder, `${name}.csv`);
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const message = messages[at % 3] as string;
    const text = at % LONG === 0 ? `${Array.from({ length: 20 }, () => message).join(' ')} END` : message;
    return `${at},${at * 1000},${at % 8},${LEVELS[at % 3]},"${at % 5 === 0 ? `nicfilt: ${text}` : text}"`;
  });
  writeFileSync(path, ['index,time_us,cpu,level,message', ...lines, ''].join('\n'));
  return path;
}

/** What is wrong with the cells of the rows in sight; nothing where all is right. */
const cellProblems = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const problems: string[] = [];
    const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="log-row"]')];
    const lefts = new Map<string, number>();
    for (const row of rows) {
      const edge = row.getBoundingClientRect();
      if (edge.height !== 20) problems.push(`a row is ${edge.height} px high`);
      let end = edge.left;
      for (const cell of row.querySelectorAll<HTMLElement>('.cell')) {
        const { left, right } = cell.getBoundingClientRect();
        const kind = [...cell.classList].find((name) => name.startsWith('cell-')) ?? '';
        const usual = lefts.get(kind) ?? left;
        lefts.set(kind, usual);
        if (Math.abs(usual - left) > 1) problems.push(`${kind} begins at ${left}, elsewhere at ${usual}`);
        if (left < end - 1) problems.push(`${kind} reaches into the cell before it`);
        end = right;
      }
      // What is seen of a message begins where it begins: at its left, or, from right to left, at the right end of the text.
      const box = row.querySelector<HTMLElement>('.message-box');
      const text = box?.querySelector('.message-text');
      if (!box || !text || box.scrollWidth <= box.clientWidth) continue;
      const node = document.createTreeWalker(text, NodeFilter.SHOW_TEXT).nextNode();
      if (node === null) continue;
      const range = document.createRange();
      range.setStart(node, 0);
      // Past the name before it, where there is one.
      range.setEnd(node, Math.min(16, node.textContent?.length ?? 0));
      const first = range.getBoundingClientRect();
      const seen = box.getBoundingClientRect();
      if (first.left < seen.left - 1 || first.right > seen.right + 1)
        problems.push(`the begin of a message is not in sight: ${text.textContent?.slice(0, 20)}`);
    }
    return rows.length === 0 ? ['no rows'] : [...new Set(problems)];
  });

for (const script of SCRIPTS) {
  test(`a log in ${script.name}`, async ({ open, folder }) => {
    const viewer = await open('--source', `file:${writeLog(folder, script)}`);
    const { page } = viewer;
    await expect.poll(() => matchesOf(page)).toBe(ROWS);
    for (const [width, height] of [
      [1280, 800],
      [900, 600],
    ] as const) {
      await resize(viewer, width, height);
      await page.getByTestId('log-table').focus();
      await page.keyboard.press('Home');
      await expect(page.locator('[data-position="0"] .cell-message')).toBeVisible();
      await expect.poll(() => cellProblems(page)).toEqual([]);
      await pictures(page, `script-${script.name}-${width}`);
    }
    await resize(viewer, 1280, 800);
    await page.getByTestId('filter-box').fill(script.word);
    await expect.poll(() => matchesOf(page)).toBe(ROWS / 3);
    await page.getByTestId('log-table').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => cellProblems(page)).toEqual([]);
    await expect(page.getByTestId('log-row').first().locator('mark')).toHaveText(script.word);
    await page.locator('[data-position="2"]').click({ position: { x: 300, y: 10 } });
    await page.keyboard.press('F4');
    await expect(page.getByTestId('details-text')).toContainText(script.word);
    await pictures(page, `script-${script.name}-found`);
  });
}
