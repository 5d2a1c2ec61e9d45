/**
 * `ui.scroll.*`: frames while a long log is scrolled by wheel, thumb, page and jump, and whether the last row is reached.
 * 10 M rows are real rows of the real app. 100 M are computed from their number in the page (renderer/test/harness),
 * because no cap in use holds as many: what is measured is the table.
 */
import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { openBarePage } from './bare-page.ts';
import { FRAME_MS } from './capture.ts';
import { openEmptyApp } from './empty-app.ts';
import { type Environment, progress } from './environment.ts';
import { callbackIntervals, type FrameRecord, frameLengths, framesDuring, proveFramesSeen } from './frames.ts';
import { type BenchResult, measured } from './results.ts';
import { framesOver } from './statistics.ts';
import { type AppWindow, Producer, wait } from './window.ts';

interface Scrolled {
  readonly ways: Readonly<Record<string, readonly FrameRecord[]>>;
  readonly reached: boolean;
}

/** Scrolls in all ways; returns the frames and whether each way to the end showed the last row. */
async function scroll(page: Page, quick: boolean): Promise<Scrolled> {
  const steps = quick ? 25 : 300;
  const table = page.getByTestId('log-table');
  await table.focus();
  await page.keyboard.press('Home');
  const box = await table.boundingBox();
  if (box === null) throw new Error('the table is not shown');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  let reached = true;
  const showsLast = async () => {
    const shown = () =>
      page.evaluate(() => {
        // Rows are numbered from the oldest kept, the head of the table being the first; the count may still be moving.
        const grid = document.querySelector('[data-testid="log-table"]');
        const last = grid?.querySelector(`[data-position][aria-rowindex="${grid.getAttribute('aria-rowcount')}"]`);
        return last !== null && last !== undefined;
      });
    const deadline = performance.now() + 5000;
    while (!(await shown())) {
      if (performance.now() > deadline) {
        reached = false;
        return;
      }
      await wait(50);
    }
  };
  const wheel = await framesDuring(page, async () => {
    for (let step = 0; step < steps; step++) await page.mouse.wheel(0, step % 10 === 9 ? -900 : 300);
  });
  const paged = await framesDuring(page, async () => {
    for (let step = 0; step < steps; step++) await page.keyboard.press(step % 10 === 9 ? 'PageUp' : 'PageDown');
  });
  const thumb = await framesDuring(page, () => dragThumb(page, steps));
  await showsLast();
  const jump = await framesDuring(page, async () => {
    for (let step = 0; step < steps / 5; step++) {
      await page.keyboard.press('Home');
      await wait(30);
      await page.keyboard.press('End');
      await wait(30);
    }
  });
  await showsLast();
  return { ways: { wheel, page: paged, thumb, jump }, reached };
}

/** What dragging the thumb does to the page: the bar is somewhere else each frame, at last at its end. */
async function dragThumb(page: Page, steps: number): Promise<void> {
  await page.evaluate(async (count) => {
    const bar = document.querySelector('[data-testid="log-table"] .body');
    if (bar === null) throw new Error('the table has no scroll bar');
    for (let step = 1; step <= count; step++) {
      await new Promise(requestAnimationFrame);
      bar.scrollTop = ((bar.scrollHeight - bar.clientHeight) * step) / count;
    }
    bar.scrollTop = bar.scrollHeight;
  }, steps);
}

const lengthsOf = ({ ways }: Scrolled): number[] => Object.values(ways).flatMap(frameLengths);

function judge(name: string, bare: Scrolled, scrolled: Scrolled, note: string): BenchResult {
  const all = lengthsOf(scrolled);
  const frames = framesOver(all, FRAME_MS);
  const ways = Object.entries(scrolled.ways)
    .map(([way, records]) => `${way} ${framesOver(frameLengths(records), FRAME_MS).percent.toFixed(1)} %`)
    .join(', ');
  const callbacks = framesOver(Object.values(scrolled.ways).flatMap(callbackIntervals), FRAME_MS);
  const longest = `longest ${frames.longestMs.toFixed(0)} ms (bare page ${framesOver(lengthsOf(bare), FRAME_MS).longestMs.toFixed(0)} ms)`;
  return measured({
    name,
    value: frames.percent,
    unit: '% of frames over 20 ms',
    reference: framesOver(lengthsOf(bare), FRAME_MS).percent,
    referenceName: 'bare page of as many lines, scrolled alike',
    goal: 'at most 1 %, last row reached',
    holds: frames.percent <= 1 && scrolled.reached,
    note: `${note}; ${ways}; ${all.length} frames, ${longest}; ${callbacks.percent.toFixed(1)} % of callbacks more than 20 ms apart; last row ${scrolled.reached ? 'reached' : 'NOT reached'}`,
  });
}

/** The floor of this machine, in the run it is compared in; the recorder is proved first. */
async function scrollBarePage(app: ElectronApplication, rows: number, quick: boolean): Promise<Scrolled> {
  const page = await openBarePage(app, rows);
  await proveFramesSeen(page, FRAME_MS);
  const scrolled = await scroll(page, quick);
  await page.close();
  return scrolled;
}

export async function scroll10M(environment: Environment, viewer: AppWindow, quick: boolean): Promise<BenchResult[]> {
  const wanted = 10_000_000;
  const have = await viewer.rows();
  if (have < wanted) {
    progress(`ui.scroll.10M: ${(wanted - have).toLocaleString('en')} more rows`);
    const missing = String(wanted - have);
    const producer = new Producer(environment, [
      ...['--cpus', '8', '--rate', '900000', '--count', missing, '--wait-reader', '--linger', '5'],
    ]);
    await viewer.capture(producer.source);
    await producer.counts();
    producer.stop('SIGTERM');
  }
  await wait(1000);
  const rows = await viewer.rows();
  const bare = await scrollBarePage(viewer.app, rows, quick);
  const scrolled = await scroll(viewer.page, quick);
  return [judge('ui.scroll.10M', bare, scrolled, `${rows.toLocaleString('en')} captured rows in the app`)];
}

export async function scroll100M(environment: Environment, quick: boolean): Promise<BenchResult[]> {
  const rows = 100_000_000;
  // The program itself loads no page but its own.
  const { app, close } = await openEmptyApp(environment);
  const server = await servePages(join(environment.root, 'dist', 'bench-page'));
  try {
    const bare = await scrollBarePage(app, rows, quick);
    const { port } = server.address() as AddressInfo;
    const opened = app.waitForEvent('window');
    await app.evaluate(({ BrowserWindow }, address) => {
      const other = new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } });
      void other.loadURL(address);
    }, `http://127.0.0.1:${port}/test/harness.html?rows=${rows}`);
    const page = await opened;
    await page.getByTestId('log-row').first().waitFor();
    const scrolled = await scroll(page, quick);
    return [judge('ui.scroll.100M', bare, scrolled, 'rows computed in the page')];
  } finally {
    server.close();
    await close();
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** A folder on this machine's own network, on a free port. */
async function servePages(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(join(folder, new URL(request.url ?? '/', 'http://localhost').pathname));
    if (!path.startsWith(folder + sep)) {
      response.writeHead(404).end();
      return;
    }
    const file = createReadStream(path);
    file.once('error', () => response.writeHead(404).end());
    file.once('open', () => {
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
      file.pipe(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
