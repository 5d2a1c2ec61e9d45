/** History files whose bytes were changed behind the program's back: every row still answers, with something or a reason. */
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SessionStore } from '../session/store.ts';
import { batchOf, entry } from '../session/test-support.ts';
import { ArrowArchive } from './arrow-archive.ts';

const ROWS = 200;
const STORE = { memoryCapBytes: 3000, segmentRows: 16, chunkBytes: 64, segmentBytes: 256 };

it('answers for every row of a history whose files were changed', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 16 }),
      fc.constantFrom([255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128], [0, 0, 0, 0, 0, 0, 0, 0]),
    ),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
      const folder = mkdtempSync(join(tmpdir(), 'ringview-hostile-'));
      try {
        const store = new SessionStore({ ...STORE, archive: new ArrowArchive(folder) });
        store.append(batchOf(Array.from({ length: ROWS }, (_, i) => entry(i, `message ${i}`))));
        const name = join(folder, readdirSync(folder)[0] as string);
        const file = openSync(name, 'r+');
        const { length } = readFileSync(name);
        for (const { at, bytes } of changes)
          writeSync(file, Uint8Array.from(bytes), 0, bytes.length, Math.floor(at * length));
        for (let row = store.firstRow; row < store.endRow; row++) {
          const segment = store.segmentOf(row);
          if (segment === null) throw new Error(`row ${row} is gone`);
          const at = row - segment.firstRow;
          expect(at).toBeLessThan(segment.count);
          expect(segment.payload(at)).toBeInstanceOf(Uint8Array);
          const columns = [segment.index[at], segment.timeNs[at], segment.cpu[at], segment.level[at]];
          const rest = [segment.kind, segment.flags, segment.type, segment.origin, segment.pid, segment.remarks];
          for (const value of [...columns, ...rest.map((column) => column.get(at))])
            expect(typeof value).toBe('number');
        }
        store.clear();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: Number(process.env.RINGVIEW_HOSTILE_FILES ?? 40) },
  );
});
