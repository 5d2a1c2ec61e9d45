/** An application over a fake session, with frames and timers that run when the test says so. */

import { matchExpression, splitMatches } from '../../electron/contract/text-matches.ts';
import { createFrames } from '../model/frames.ts';
import { createApp } from '../store/app.ts';
import { FakeSession } from './fake-bridge.ts';
import type { FakeOptions } from './fake-data.ts';

export function memoryStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

export function createFixture(options: Partial<FakeOptions> = {}) {
  const session = new FakeSession(options);
  let frames: (() => void)[] = [];
  let timers: { run: () => void; cancelled: boolean }[] = [];
  const storage = memoryStorage();
  const app = createApp({
    bridge: session,
    frames: createFrames((run) => frames.push(run)),
    later: (run) => {
      const timer = { run, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    startMarkThread: (answer) => ({
      post({ query, texts }) {
        const pattern = matchExpression(query);
        queueMicrotask(() => answer(texts.map((text) => splitMatches(text, pattern))));
      },
      end() {},
    }),
    storage,
    widthPx: 1280,
  });

  /** Lets everything that waits only for replies run. The fake answers in microtasks; a macrotask ends them all. */
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve));

  /** Replies, then one animation frame, until nothing more happens. */
  async function run(): Promise<void> {
    await settle();
    while (frames.length > 0) {
      const due = frames;
      frames = [];
      for (const frame of due) frame();
      session.push();
      await settle();
    }
  }

  function fireTimers(): void {
    const due = timers;
    timers = [];
    for (const timer of due) if (!timer.cancelled) timer.run();
  }

  const calls = (name: string) => session.calls.filter((call) => call.name === name).map((call) => call.value);
  return { session, app, storage, run, settle, fireTimers, calls, pendingFrames: () => frames.length };
}
