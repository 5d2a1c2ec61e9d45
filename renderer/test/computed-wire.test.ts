import { expect, it } from 'vitest';
import { createFrames } from '../model/frames.ts';
import { ROW_PX } from '../model/scroll.ts';
import { createPage } from '../store/page.ts';
import { memoryStorage } from './app-fixture.ts';
import { computedWire } from './computed-wire.ts';

it('a page over a hundred million computed rows shows the newest, and any other that it goes to', async () => {
  const rows = 100_000_000;
  const page = createPage({
    wire: computedWire(rows),
    frames: createFrames((run) => queueMicrotask(run)),
    later: () => () => {},
    startHighlightThread: () => ({ post() {}, end() {} }),
    storage: memoryStorage(),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  page.connect();
  await settle();
  const view = page.active()?.view;
  view?.setViewPx(600);
  await settle();
  const state = () => view?.store.getState();
  expect(state()).toMatchObject({ end: rows, follow: true });
  expect(state()?.cache.get(rows - 1)?.index).toBe(rows);
  view?.scrollTo(50_000_000 * ROW_PX);
  await settle();
  expect(state()?.top).toBe(50_000_000 * ROW_PX);
  expect(state()?.cache.get(50_000_000)?.row).toBe(50_000_000);
  page.active()?.density.setBuckets(100);
  await settle();
  expect(page.active()?.density.store.getState().density?.errors).toHaveLength(100);
  expect(page.ui.store.getState().notices).toEqual([]);
});
