/**
 * `ui.answer.*`: from an input to the frame that shows what it leads to, for what a person does with the window while rows
 * come. The session keeps a million rows and gets 100,000 a second. Beside it, a bare page that answers a key.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openBarePage } from './bare-page.ts';
import { messages } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { type BenchResult, measured } from './results.ts';
import { median, percentile } from './statistics.ts';
import { AppWindow, Producer, wait } from './window.ts';

const ROWS = 1_000_000;
const RATE = 100_000;
const GOAL_MS = 100;
const SHARE = 0.95;
/** An answer that takes longer than this is none; milliseconds. */
const LOST_MS = 10_000;

declare global {
  interface Window {
    /** Resolves to the milliseconds that the answer took, NaN where there was none. */
    benchAnswer?: Promise<number>;
  }
}

/** Something that a person does. Its functions of the page need nothing of this module. */
interface Act {
  readonly name: string;
  /** The event that it begins with. */
  readonly event: 'keydown' | 'pointerdown' | 'dblclick';
  /** Makes the window as it is to be before, and as it was after. */
  readonly before?: (page: Page) => Promise<unknown>;
  readonly act: (page: Page) => Promise<unknown>;
  readonly after?: (page: Page) => Promise<unknown>;
  /** In the page: what is noted before, and whether the answer is there. */
  readonly note?: () => unknown;
  readonly seen: (noted: unknown) => boolean;
}

/** In the page: how long from the next event of a type to the end of the frame that shows the answer. */
function arm(type: string, note: () => unknown, seen: (noted: unknown) => boolean, lostMs: number): void {
  const noted = note();
  window.benchAnswer = new Promise((resolve) => {
    const begin = (event: Event) => {
      const { port1, port2 } = new MessageChannel();
      // No task is taken while a frame is drawn: the message sent in it comes when all of it is done.
      port1.onmessage = () => {
        const ms = performance.now() - event.timeStamp;
        if (seen(noted)) resolve(ms);
        else if (ms > lostMs) resolve(Number.NaN);
        else requestAnimationFrame(frame);
      };
      const frame = () => port2.postMessage(null);
      requestAnimationFrame(frame);
    };
    addEventListener(type, begin, { capture: true, once: true });
  });
}

const WAIT_MS = 5000;
const shown = (page: Page, testId: string) => page.getByTestId(testId).waitFor({ timeout: WAIT_MS });
const gone = (page: Page, testId: string) => page.getByTestId(testId).waitFor({ state: 'detached', timeout: WAIT_MS });
const key = (name: string) => (page: Page) => page.keyboard.press(name);

/** Follows the newest rows again, with nothing filtered, selected or open but what `then` opens. */
async function atRest(page: Page): Promise<void> {
  for (let count = 0; count < 4; count++) await page.keyboard.press('Escape');
  await page.keyboard.press('Control+0');
  await page.getByTestId('log-table').focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="log-row"]').length > 5);
}

/** Clicks so often that no click is taken for the second of another one at the same place. */
let clicks = 0;

/** In the message of a row, a little lower each time. */
async function clickRow(page: Page, how: 'click' | 'dblclick' | 'menu' = 'click'): Promise<void> {
  const place = await page.evaluate(
    (nth) => {
      // In sight: rows are drawn ahead above and below, under other parts of the window.
      const table = document.querySelector('[data-testid="log-table"]')?.getBoundingClientRect() ?? new DOMRect();
      const cells = [...document.querySelectorAll('[data-testid="log-row"] .cell-message')].filter((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return top >= table.top && bottom <= table.bottom;
      });
      // One that begins with a word, which can be marked.
      const cell = cells.slice(nth).find(({ textContent }) => /^\s*\w/.test(textContent ?? ''));
      const { left = 0, top = 0, height = 0 } = cell?.getBoundingClientRect() ?? {};
      return { x: left + 20, y: top + height / 2 };
    },
    3 + (++clicks % 6),
  );
  if (how === 'dblclick') await page.mouse.dblclick(place.x, place.y);
  else await page.mouse.click(place.x, place.y, { button: how === 'menu' ? 'right' : 'left' });
}

/** The panes of the dock by their keys, and what each shows once it is there. */
const PANES: readonly (readonly [pane: string, keys: string])[] = [
  ['details', 'F4'],
  ['statistics', 'F9'],
  ['losses', 'Control+F8'],
  ['lanes', 'Control+F10'],
  ['patterns', 'F7'],
  ['intervals', 'F10'],
  ['life', 'Control+F7'],
  ['matches', 'Control+Shift+F'],
  ['bookmarks', 'Control+Shift+B'],
  ['sql', 'Shift+F7'],
  ['source', 'Control+F9'],
  ['driver', 'Shift+F9'],
];

const ACTS: readonly Act[] = [
  {
    name: 'filter',
    event: 'keydown',
    before: async (page) => {
      await page.getByTestId('filter-box').fill('IRP_MJ_REA');
      await wait(500);
    },
    act: key('d'),
    note: () => document.querySelector('[data-testid="log-table"]')?.getAttribute('data-generation'),
    seen: (noted) => {
      // Rows of the filter before may have the text too.
      const now = document.querySelector('[data-testid="log-table"]')?.getAttribute('data-generation');
      if (now === noted) return false;
      const cells = [...document.querySelectorAll('[data-testid="log-row"] .cell-message')];
      const marked = cells.filter((cell) => cell.querySelector('mark')?.textContent?.toLowerCase() === 'irp_mj_read');
      return cells.length > 5 && marked.length === cells.length;
    },
  },
  {
    name: 'cpu',
    event: 'pointerdown',
    act: (page) => page.getByTestId('cpu-chip-3').click({ modifiers: ['Alt'] }),
    seen: () => {
      const cells = [...document.querySelectorAll('[data-testid="log-row"] .cell-cpu')];
      return cells.length > 5 && cells.every((cell) => cell.textContent?.trim() === '3');
    },
  },
  {
    name: 'find',
    event: 'keydown',
    before: async (page) => {
      await page.keyboard.press('Control+f');
      await page.getByTestId('find-input').fill('STATUS_IO_TIMEOUT');
      await wait(500);
      // From the newest rows up: the oldest are being dropped.
      await page.keyboard.press('Shift+F3');
      await wait(300);
    },
    act: key('Shift+F3'),
    note: () => document.querySelector('.row.selected')?.getAttribute('data-position'),
    seen: (noted) => {
      const at = document.querySelector('.row.selected')?.getAttribute('data-position');
      return at != null && at !== noted;
    },
  },
  {
    name: 'goTo',
    event: 'keydown',
    before: async (page) => {
      await page.keyboard.press('Control+g');
      const head = await page.getByTestId('log-row').first().locator('.cell-index').innerText();
      // A row that is kept, and not in sight.
      await page.getByTestId('go-to-input').fill(String(Number(head.replace(/\D/g, '')) - 200_000));
    },
    act: key('Enter'),
    seen: () =>
      document.querySelector('[data-testid="go-to-bar"]') === null && document.querySelector('.row.selected') !== null,
  },
  {
    name: 'select',
    event: 'pointerdown',
    before: async (page) => {
      await page.keyboard.press('F4');
      await shown(page, 'details-pane');
    },
    act: (page) => clickRow(page),
    seen: () => {
      const index = document.querySelector('.row.selected .cell-index')?.textContent?.replace(/\D/g, '');
      const fields = document.querySelector('[data-testid="details-fields"]')?.textContent?.replace(/[,\s]/g, '');
      return index !== undefined && index !== '' && fields?.includes(index) === true;
    },
  },
  {
    name: 'view',
    event: 'keydown',
    before: async (page) => {
      if ((await page.getByTestId('view-tab').count()) > 1) return;
      await page.keyboard.press('Control+Shift+n');
      await page.getByTestId('view-tab').nth(1).waitFor();
    },
    act: key('Control+Tab'),
    note: () =>
      [...document.querySelectorAll('[data-testid="view-tab"]')].findIndex((tab) => tab.ariaSelected === 'true'),
    seen: (noted) => {
      const tabs = [...document.querySelectorAll('[data-testid="view-tab"]')];
      const now = tabs.findIndex((tab) => tab.ariaSelected === 'true');
      return now !== noted && document.querySelectorAll('[data-testid="log-row"] .cell-message').length > 5;
    },
  },
  {
    name: 'palette',
    event: 'keydown',
    act: key('Control+Shift+P'),
    seen: () => document.querySelector('[data-testid="palette"]') !== null,
    after: (page) => gone(page, 'palette'),
  },
  {
    name: 'menu',
    event: 'pointerdown',
    act: (page) => page.getByTestId('export-menu').click(),
    seen: () => document.querySelector('[role="menu"]') !== null,
  },
  {
    name: 'rowMenu',
    event: 'pointerdown',
    act: (page) => clickRow(page, 'menu'),
    seen: () => document.querySelector('[data-testid="row-menu"]') !== null,
  },
  {
    name: 'bookmark',
    event: 'keydown',
    before: (page) => clickRow(page),
    act: key('Control+b'),
    note: () => document.querySelector('.row.selected .row-mark') !== null,
    seen: (noted) => (document.querySelector('.row.selected .row-mark') !== null) !== noted,
  },
  {
    name: 'highlight',
    event: 'dblclick',
    // With a row selected the table stands still: while it follows, another row may be under the mouse by the second click.
    before: (page) => clickRow(page),
    act: (page) => clickRow(page, 'dblclick'),
    seen: () => document.querySelector('.row mark.word-marked') !== null,
  },
];

/** The answer of a pane is what is in it, drawn at once however much of it is still counted. */
const paneActs = (): Act[] =>
  PANES.map(([pane, keys]) => ({
    name: 'pane',
    event: 'keydown' as const,
    before: pane === 'details' ? (page: Page) => clickRow(page) : undefined,
    act: key(keys),
    seen: () => (document.querySelector('[data-testid="dock-pane"]')?.childElementCount ?? 0) > 0,
  })).map(({ before, ...act }) => (before === undefined ? act : { ...act, before }));

async function answerOf(page: Page, { event, act, note = () => null, seen }: Act): Promise<number> {
  // As an expression: the page allows no code that is made of a text.
  await page.evaluate(`(${arm})(${JSON.stringify(event)}, ${note}, ${seen}, ${LOST_MS})`);
  await act(page);
  return page.evaluate(() => window.benchAnswer ?? Number.NaN);
}

async function answers(page: Page, act: Act, samples: number): Promise<number[]> {
  const times: number[] = [];
  // The first time has a part of the page loaded, which is told apart.
  for (let sample = 0; sample <= samples; sample++) {
    await atRest(page);
    await act.before?.(page);
    times.push(await answerOf(page, act));
    await atRest(page);
    await act.after?.(page);
  }
  return times;
}

/** A million rows, and those that come after them. */
async function fill(environment: Environment, viewer: AppWindow, replay: string): Promise<Producer> {
  const settings = { memoryCapBytes: 1024 ** 3, policy: { keep: 'rows', rows: ROWS } } as const;
  await viewer.page.evaluate(
    (wanted) => window.ringview.session.setRetention({ session: 1, settings: wanted }),
    settings,
  );
  const common = ['--cpus', '8', '--replay', replay, '--wait-reader'];
  const first = new Producer(environment, [...common, '--rate', '400000', '--count', String(ROWS), '--linger', '5']);
  await viewer.capture(first.source);
  await first.counts();
  first.stop('SIGTERM');
  const producer = new Producer(environment, [...common, '--rate', String(RATE), '--count', '1000000000']);
  await viewer.capture(producer.source);
  return producer;
}

/** What a page answers that only writes its lines anew. */
async function bareAnswers(viewer: AppWindow, samples: number): Promise<number[]> {
  const page = await openBarePage(viewer.app, ROWS);
  try {
    const act: Act = {
      name: 'bare',
      event: 'keydown',
      act: key('PageUp'),
      note: () => document.querySelector('[data-position]')?.getAttribute('data-position'),
      seen: (noted) => document.querySelector('[data-position]')?.getAttribute('data-position') !== noted,
    };
    await page.keyboard.press('End');
    const times: number[] = [];
    for (let sample = 0; sample <= samples; sample++) times.push(await answerOf(page, act));
    return times.slice(1);
  } finally {
    await page.close();
  }
}

function judge(name: string, times: readonly number[], bare: readonly number[], note: string): BenchResult {
  const [first = Number.NaN, ...others] = times;
  const lost = others.filter(Number.isNaN).length;
  const late = percentile(others, SHARE);
  return measured({
    name: `ui.answer.${name}`,
    value: late,
    unit: 'ms',
    reference: percentile(bare, SHARE),
    referenceName: 'bare page, a key',
    goal: `at most ${GOAL_MS} ms, 95th percentile`,
    holds: lost === 0 && late <= GOAL_MS,
    note: `${note}median ${median(others).toFixed(0)} ms of ${others.length}, the first time ${first.toFixed(0)} ms${lost > 0 ? `; ${lost} without an answer` : ''}`,
  });
}

export async function measureAnswers(environment: Environment, quick: boolean): Promise<BenchResult[]> {
  const samples = quick ? 4 : 20;
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-'));
  const replay = join(folder, 'log.txt');
  writeFileSync(replay, messages(4096).join('\n'));
  const viewer = await AppWindow.open(environment);
  let producer: Producer | null = null;
  try {
    producer = await fill(environment, viewer, replay);
    const bare = await bareAnswers(viewer, samples);
    const { page } = viewer;
    await page.bringToFront();
    const results: BenchResult[] = [];
    for (const act of ACTS) {
      progress(`ui.answer.${act.name}`);
      results.push(judge(act.name, await answers(page, act, samples), bare, ''));
    }
    progress('ui.answer.pane');
    // Each pane as often as any other act; the slowest is what is told.
    const panes: { readonly pane: string; readonly times: readonly number[] }[] = [];
    for (const [at, act] of paneActs().entries())
      panes.push({ pane: PANES[at]?.[0] ?? '', times: await answers(page, act, samples) });
    for (const { pane, times } of panes) progress(`  ${pane}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    const slowest = [...panes].sort(
      (a, b) => percentile(b.times.slice(1), SHARE) - percentile(a.times.slice(1), SHARE),
    )[0];
    if (slowest !== undefined)
      results.push(judge('pane', slowest.times, bare, `the slowest of ${panes.length}, ${slowest.pane}: `));
    const rows = await viewer.rows();
    progress(`${rows.toLocaleString('en')} rows were kept`);
    return results;
  } finally {
    producer?.stop();
    await viewer.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
