/** `capture.lossless` and `ui.follow.1M`: the real app follows one producer process; what rate it holds, and how it looks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openBarePage } from './bare-page.ts';
import { messages } from './bench-log.ts';
import { type Environment, progress } from './environment.ts';
import { callbackIntervals, type FrameRecord, frameLengths, framesDuring, proveFramesSeen } from './frames.ts';
import { type BenchResult, measured } from './results.ts';
import { framesOver } from './statistics.ts';
import { type AppWindow, Producer } from './window.ts';

const GOAL_RATE = 1_000_000;
export const FRAME_MS = 20;
/** A producer that is late by more than this did not produce the rate. */
const SLACK = 0.97;
/** From one long stretch to the next below it: finer than what captures with and without a session on disk may differ by. */
const FINE_STEP = 1.05;

interface Attempt {
  readonly rate: number;
  readonly achieved: number;
  readonly lost: number;
  readonly held: boolean;
  /** Of the page watched. */
  readonly frames: readonly FrameRecord[];
}

/** Runs one producer at a rate while the window follows; watches the frames of a page. */
async function attempt(
  environment: Environment,
  viewer: AppWindow,
  replay: string,
  rate: number,
  seconds: number,
  watched: Page,
): Promise<Attempt> {
  const count = Math.round(rate * seconds);
  const options = ['--cpus', '8', '--rate', rate, '--count', count, '--replay', replay, '--wait-reader', '--linger', 5];
  const producer = new Producer(environment, options.map(String));
  try {
    await viewer.capture(producer.source);
    const start = performance.now();
    let ended = { attempted: 0, lost: 0 };
    const frames = await framesDuring(watched, async () => {
      ended = await producer.counts();
    });
    const achieved = (ended.attempted * 1000) / (performance.now() - start);
    const held = ended.lost === 0 && achieved >= rate * SLACK;
    progress(
      `${rate.toLocaleString('en')}/s for ${seconds} s: ${Math.round(achieved).toLocaleString('en')}/s made, ${ended.lost.toLocaleString('en')} lost`,
    );
    return { rate, achieved, lost: ended.lost, held, frames };
  } finally {
    producer.stop('SIGTERM');
  }
}

export async function captureLossless(
  environment: Environment,
  viewer: AppWindow,
  quick: boolean,
): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ringview-bench-'));
  const replay = join(folder, 'log.txt');
  writeFileSync(replay, messages(4096).join('\n'));
  const runAt = (rate: number, seconds: number) => attempt(environment, viewer, replay, rate, seconds, viewer.page);
  try {
    // A first stretch warms the engines up on both sides.
    await runAt(GOAL_RATE / 4, 1);
    await proveFramesSeen(viewer.page, FRAME_MS);
    const bare = await bareFollow(environment, viewer, replay, quick ? 5 : 10);
    const atGoal = await runAt(GOAL_RATE, quick ? 5 : 30);
    const tried = [atGoal];
    if (quick) {
      tried.push(await runAt(atGoal.held ? GOAL_RATE * 1.5 : GOAL_RATE * 0.7, 5));
    } else {
      await findKnee(tried, runAt);
    }
    const best = tried.filter((each) => each.held).sort((a, b) => b.rate - a.rate)[0];
    const knee = tried.filter((each) => !each.held).sort((a, b) => a.rate - b.rate)[0];
    const frames = framesOver(frameLengths(atGoal.frames), FRAME_MS);
    const callbacks = framesOver(callbackIntervals(atGoal.frames), FRAME_MS);
    return [
      measured({
        name: 'capture.lossless',
        value: best?.rate ?? 0,
        unit: 'entries/s',
        goal: 'at least 1,000,000 entries/s, none lost',
        holds: (best?.rate ?? 0) >= GOAL_RATE,
        note: `${quick ? 5 : 30} s, 80-byte entries, 8 rings of 4 MiB, window open and following; ${kneeText(knee)}`,
      }),
      measured({
        name: 'ui.follow.1M',
        value: frames.percent,
        unit: '% of frames over 20 ms',
        reference: bare.percent,
        referenceName: 'bare page of as many lines, at the same capture',
        goal: 'at most 2 %',
        holds: frames.percent <= 2 && atGoal.achieved >= GOAL_RATE * SLACK,
        note: `${atGoal.frames.length} frames, longest ${frames.longestMs.toFixed(0)} ms (bare page ${bare.longestMs.toFixed(0)} ms); ${callbacks.percent.toFixed(1)} % of callbacks more than 20 ms apart; at ${Math.round(atGoal.achieved).toLocaleString('en')} rows/s`,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The floor: the same capture while the app's own view is paused, and a bare page writes as many lines thirty times a
 * second.
 */
async function bareFollow(
  environment: Environment,
  viewer: AppWindow,
  replay: string,
  seconds: number,
): Promise<{ percent: number; longestMs: number }> {
  const page = await openBarePage(viewer.app, GOAL_RATE);
  try {
    await viewer.page.evaluate(() => window.ringview.view.setPaused({ view: 1, paused: true }));
    await page.evaluate(() => setInterval(() => window.bareAdvance?.(33_000), 33));
    const { frames } = await attempt(environment, viewer, replay, GOAL_RATE, seconds, page);
    return framesOver(frameLengths(frames), FRAME_MS);
  } finally {
    await page.close();
    await viewer.page.evaluate(() => window.ringview.view.setPaused({ view: 1, paused: false }));
  }
}

/** Short stretches upwards until one fails, then long ones downwards until one holds. */
async function findKnee(tried: Attempt[], runAt: (rate: number, seconds: number) => Promise<Attempt>): Promise<void> {
  if (tried[0]?.held) {
    let rate = GOAL_RATE * 1.2;
    for (;;) {
      const next = await runAt(rate, 5);
      if (!next.held) {
        tried.push(next);
        break;
      }
      rate *= 1.2;
    }
    for (let down = rate / FINE_STEP; down > GOAL_RATE * FINE_STEP; down /= FINE_STEP) {
      const confirmed = await runAt(down, 30);
      tried.push(confirmed);
      if (confirmed.held) return;
    }
    return;
  }
  for (const share of [0.8, 0.6, 0.4, 0.2]) {
    const next = await runAt(GOAL_RATE * share, 30);
    tried.push(next);
    if (next.held) return;
  }
}

function kneeText(knee: Attempt | undefined): string {
  if (knee === undefined) return 'no higher rate was tried that failed';
  const rate = knee.rate.toLocaleString('en', { maximumFractionDigits: 0 });
  return knee.lost > 0
    ? `knee: at ${rate}/s ${knee.lost.toLocaleString('en')} were lost`
    : `knee: at ${rate}/s the producer made only ${Math.round(knee.achieved).toLocaleString('en')}/s, none lost`;
}
