/**
 * The real interface over a fake session, to look at: never part of the product build. The address chooses the scene,
 * such as `?rows=10000000&rate=100000&cpus=64&gapEvery=400`.
 */
import { FakeSession } from './fake-bridge.ts';
import { FAKE_DEFAULTS, type FakeOptions } from './fake-data.ts';

const query = new URLSearchParams(location.search);
const chosen: Record<string, unknown> = {};
for (const [name, fallback] of Object.entries(FAKE_DEFAULTS)) {
  const text = query.get(name);
  if (text === null) continue;
  chosen[name] =
    name === 'failure'
      ? { code: 'source-gone', message: text, action: 'Start the producer again; RingView attaches by itself.' }
      : typeof fallback === 'number'
        ? Number(text)
        : typeof fallback === 'boolean'
          ? text === 'true'
          : text;
}

const session = new FakeSession(chosen as Partial<FakeOptions>);
Object.assign(window, { ringview: session });
const TICK_MS = 33;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  session.advance(Math.round(now - last));
  last = now;
}, TICK_MS);
await import('../main.tsx');
