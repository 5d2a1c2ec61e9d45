/**
 * The real interface over a fake session, to look at: never part of the product build. The address chooses the scene,
 * such as `?rows=10000000&rate=100000&cpus=64&gapEvery=400`.
 */
import type { Bridge, PreloadBridge } from '../../electron/contract/channels.ts';
import { pack } from '../../electron/contract/packed.ts';
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
// As the preload script hands it out: plain functions, some of them giving text.
const methods = Object.getOwnPropertyNames(FakeSession.prototype) as (keyof FakeSession)[];
const bound = methods.map((name) => [name, typeof session[name] === 'function' && session[name].bind(session)]);
Object.assign(window, {
  ringview: {
    ...(Object.fromEntries(bound) as Bridge),
    rows: async (request) => pack(await session.rows(request)),
    density: async (buckets) => pack(await session.density(buckets)),
    onViewUpdate: (listener) => session.onViewUpdate((update) => listener(pack(update))),
  } satisfies PreloadBridge,
});
/** As often as the program behind the real page speaks. */
const TICK_MS = 33;
const STATUS_MS = 250;
let last = performance.now();
let lastStatus = Number.NEGATIVE_INFINITY;
setInterval(() => {
  const now = performance.now();
  const status = now - lastStatus >= STATUS_MS;
  session.advance(Math.round(now - last), status);
  last = now;
  if (status) lastStatus = now;
}, TICK_MS);
await import('../main.tsx');
