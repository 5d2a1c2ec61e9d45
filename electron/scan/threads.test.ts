/** The pool on real threads, from the script as it is built. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHOW_ALL } from '../contract/rows.ts';
import { WHOLE } from '../session/store/slice.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { LogView } from '../session/view/view.ts';
import { ensureBuild } from '../setup/build.mjs';
import { createScanThreads } from './threads.ts';

const script = pathToFileURL(join(import.meta.dirname, '../../dist/main/scan-worker.js'));
const pool = createScanThreads({ threads: 2, script });

beforeAll(async () => {
  expect(await ensureBuild(['main'])).toMatchObject({ ok: true });
}, 60_000);
afterAll(() => pool.close());

/** A view that is filtered until it covers everything or stops. */
async function filtered(store: SessionStore, pattern: string, threads = true): Promise<LogView> {
  let changed = () => {};
  const view = new LogView(store, threads ? pool : null, () => changed());
  view.setFilter({ ...SHOW_ALL, text: { pattern, regex: true, caseSensitive: false } });
  while (view.scan !== null && view.stopped === null) {
    if (view.advance(WHOLE)) continue;
    if (view.scan !== null && view.stopped === null) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  }
  return view;
}

describe('scan threads', () => {
  const store = new SessionStore({ memoryCapBytes: 1 << 28, segmentRows: 10_000 });
  const rows = Array.from({ length: 60_000 }, (_, i) => entry(i, `IRP ${i % 977} for \u00e4 device`, { pid: i % 3 }));
  store.append(batchOf(rows));

  it('find what this thread finds', async () => {
    for (const pattern of ['irp 9\\d+ ', '^irp .7', '\u00c4 dev', 'nothing like it']) {
      const [own, theirs] = [await filtered(store, pattern, false), await filtered(store, pattern)];
      expect(theirs.end).toBe(own.end);
      for (let position = 0; position < own.end; position += 97)
        expect(theirs.rowAt(position)).toBe(own.rowAt(position));
    }
  });

  it('get out of an expression that never ends, and work on', async () => {
    const trap = new SessionStore({ memoryCapBytes: 1 << 28 });
    trap.append(batchOf(rows.slice(0, 5000)));
    trap.append(batchOf([entry(5000, `${'a'.repeat(80)}!`), entry(5001, 'aaaa')]));
    const view = await filtered(trap, '^(a+)+$');
    expect(view.stopped).toMatchObject({ code: 'pattern-too-slow' });
    expect(view.stopped?.message).toContain('index 5,000');
    expect(view.scan).toEqual({ done: 5000, total: 5002 });
    expect((await filtered(trap, '^a+$')).end).toBe(1);
  });
});
