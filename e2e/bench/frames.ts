/**
 * What a person sees of frames: recorded in the page, judged here.
 *
 * A page is told when its frame began (the argument of requestAnimationFrame, the tick of the display) and does all its
 * work for it then: input, scripts, style, layout, paint. A frame is as long as the longer of two times: from the tick
 * of the frame before to its own, which grows when frames are left out; and from its tick until its work is done, which
 * grows when the work does, even if the next tick is still met. The time between two callbacks, which is often taken
 * instead, is neither: a callback runs later in a frame that had input to handle, and the next one seems to come early.
 */
import type { Page } from '@playwright/test';

/** Milliseconds of the page's clock. */
export interface FrameRecord {
  readonly began: number;
  /** When its callback ran. */
  readonly called: number;
  /** When all of its work was done. */
  readonly done: number;
}

declare global {
  interface Window {
    benchFrames?: { frames: FrameRecord[]; running: boolean };
  }
}

/** Length of each frame but the first, in milliseconds. */
export function frameLengths(frames: readonly FrameRecord[]): number[] {
  return frames.slice(1).map((frame, at) => {
    const before = frames[at] as FrameRecord;
    return Math.max(frame.began - before.began, frame.done - frame.began);
  });
}

/** Time between callbacks, for comparison: what a page alone would call its frames. */
export function callbackIntervals(frames: readonly FrameRecord[]): number[] {
  return frames.slice(1).map((frame, at) => frame.called - (frames[at] as FrameRecord).called);
}

/** Records the frames of a page while `work` runs. */
export async function framesDuring(page: Page, work: () => Promise<unknown>): Promise<FrameRecord[]> {
  await page.evaluate(() => {
    const record = { frames: [] as FrameRecord[], running: true };
    window.benchFrames = record;
    let open: { began: number; called: number } | null = null;
    const close = () => {
      if (open !== null) record.frames.push({ ...open, done: performance.now() });
      open = null;
    };
    // The browser takes no task while it draws a frame, so the first one after its callback says that it is done: a message
    // sent in the frame, or a key. After a key, messages wait until the next frame is drawn (Chromium's WidgetScheduler),
    // and would have each frame last until then.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = close;
    const ended = new AbortController();
    for (const type of ['keydown', 'keyup'] as const)
      addEventListener(type, close, { capture: true, signal: ended.signal });
    const frame = (began: number) => {
      close();
      if (!record.running) {
        ended.abort();
        return;
      }
      open = { began, called: performance.now() };
      port2.postMessage(null);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await work();
  return page.evaluate(() => {
    const record = window.benchFrames;
    if (record === undefined) throw new Error('the page was loaded anew');
    record.running = false;
    return record.frames;
  });
}

const PLACES = ['input', 'key', 'callback', 'layout', 'task'] as const;

/** Makes frames that are too long, in each place where a page can spend the time; throws if one of them is not seen. */
export async function proveFramesSeen(page: Page, limitMs: number): Promise<void> {
  for (const place of PLACES) {
    // A key comes at any time within a frame, and no frame is late that still has the time to be drawn after it.
    const ms = place === 'key' ? 2 * limitMs : limitMs + 5;
    const someFrames = () =>
      page.evaluate(async () => {
        for (let count = 0; count < 5; count++) await new Promise(requestAnimationFrame);
      });
    const frames = await framesDuring(page, async () => {
      await someFrames();
      await page.evaluate(spendIn, { place, ms });
      if (place === 'input') await page.mouse.wheel(0, 1);
      if (place === 'key') await page.keyboard.press('Shift');
      await someFrames();
    });
    const longest = Math.max(0, ...frameLengths(frames));
    if (longest <= limitMs) throw new Error(`${ms} ms spent in ${place} were taken for a frame of ${longest} ms`);
  }
}

/** Runs in the page: needs nothing of this module. */
function spendIn({ place, ms }: { place: (typeof PLACES)[number]; ms: number }): void {
  const spend = () => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  if (place === 'input') document.addEventListener('wheel', spend, { once: true, capture: true });
  else if (place === 'key') document.addEventListener('keydown', spend, { once: true, capture: true });
  else {
    requestAnimationFrame(() => {
      if (place === 'callback') spend();
      // Begins before the next tick and holds that frame up.
      else if (place === 'task') setTimeout(spend, 12);
      else {
        const observed = document.body.appendChild(document.createElement('div'));
        const observer = new ResizeObserver(() => {
          spend();
          observer.disconnect();
          observed.remove();
        });
        observer.observe(observed);
      }
    });
  }
}
