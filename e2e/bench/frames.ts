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
    // A message sent in a frame is delivered after the frame is drawn: the browser takes no task in between.
    const { port1, port2 } = new MessageChannel();
    let open: { began: number; called: number } | null = null;
    port1.onmessage = () => {
      if (open !== null) record.frames.push({ ...open, done: performance.now() });
      open = null;
    };
    const frame = (began: number) => {
      if (!record.running) return;
      if (open !== null) record.frames.push({ ...open, done: performance.now() });
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

/** Makes frames that are too long, in each place where a page can spend the time; throws if one of them is not seen. */
export async function proveFramesSeen(page: Page, limitMs: number): Promise<void> {
  for (const place of ['input', 'callback', 'layout', 'task'] as const) {
    const someFrames = () =>
      page.evaluate(async () => {
        for (let count = 0; count < 5; count++) await new Promise(requestAnimationFrame);
      });
    const frames = await framesDuring(page, async () => {
      await someFrames();
      await page.evaluate(spendIn, { place, ms: limitMs + 5 });
      if (place === 'input') await page.mouse.wheel(0, 1);
      await someFrames();
    });
    const longest = Math.max(0, ...frameLengths(frames));
    if (longest <= limitMs)
      throw new Error(`${limitMs + 5} ms spent in ${place} were taken for a frame of ${longest} ms`);
  }
}

/** Runs in the page: needs nothing of this module. */
function spendIn({ place, ms }: { place: 'input' | 'callback' | 'layout' | 'task'; ms: number }): void {
  const spend = () => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  if (place === 'input') document.addEventListener('wheel', spend, { once: true, capture: true });
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
