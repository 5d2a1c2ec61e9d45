/**
 * A power cut as it leaves a disk: what was made safe is there, what came after it is there in pages, some of them or none,
 * in no order, and files that are new may be missing. The session opens with all that was safe, in order, and shows nothing
 * torn.
 */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countCases } from '../contract/test-support.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf } from '../session/test-support.ts';
import { decodeUtf8 } from '../session/text/text.ts';
import { MANIFEST_FILE } from './layout.ts';
import { openSession } from './opened-session.ts';
import { SessionRecorder, TAIL_MS } from './recorder.ts';
import { allRows, DirectWriter, newFolder, removeFolders, someRows, TINY } from './test-support.ts';

const made: string[] = [];
afterAll(() => removeFolders(made));

/** Small, so that few rows are many pages. */
const PAGE = 512;
const SAFE_ROWS = 150;
const ROWS = 240;
const WHOLE = someRows(ROWS);
const before = newFolder(made);
/** How long each file was when everything was made safe, and how many rows were. */
const safe = new Map<string, number>();
let safeManifest = '';

beforeAll(async () => {
  const writer = new DirectWriter({ folder: before, fileBytes: 1 << 20 });
  const recorder = new SessionRecorder(writer, { folder: before, unixMs: () => 1_700_000_000_000 });
  const store = new SessionStore({ ...TINY, archive: recorder.archive });
  recorder.attach(store);
  let nowMs = 0;
  const give = async (to: number): Promise<void> => {
    while (store.endRow < to) {
      store.append(batchOf(someRows(Math.min(10, to - store.endRow), store.endRow)));
      nowMs += TAIL_MS;
      recorder.tick(nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await give(SAFE_ROWS);
  recorder.sourcesChanged();
  writer.syncNow();
  while (writer.syncs === 0) await new Promise((resolve) => setImmediate(resolve));
  for (const name of readdirSync(before)) safe.set(name, statSync(join(before, name)).size);
  safeManifest = readFileSync(join(before, MANIFEST_FILE), 'utf8');
  await give(ROWS);
}, 120_000);

/** What of a file a power cut leaves: `kept` says which of the pages behind what was safe reached the disk. */
function torn(bytes: Buffer, safeBytes: number, share: number, kept: number): Buffer {
  const end = safeBytes + Math.floor((bytes.length - safeBytes) * share);
  const left = Buffer.from(bytes.subarray(0, end));
  for (let page = Math.floor(safeBytes / PAGE); page * PAGE < end; page++) {
    if ((kept >> (page % 30)) & 1) continue;
    left.fill(0, Math.max(safeBytes, page * PAGE), Math.min(end, (page + 1) * PAGE));
  }
  return left;
}

/** Which pages reached the disk, a bit for each; often all of them. */
const pages = fc.oneof(fc.nat(), fc.constant(0x3fffffff));

describe('a session whose last pages did not reach the disk', () => {
  it('has every row that was safe, in order, and shows nothing torn', () => {
    const cases = countCases('all of it', 'some of what was not safe', 'only what was safe', 'damages');
    fc.assert(
      fc.property(
        fc.array(fc.record({ share: fc.constantFrom(0, 0.3, 0.9, 1, 1), kept: pages, gone: fc.boolean() }), {
          ...{ minLength: 8, maxLength: 8 },
        }),
        fc.boolean(),
        fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        (cuts, oldManifest, all) => {
          const copy = newFolder(made);
          cpSync(before, copy, { recursive: true });
          for (const [at, name] of all ? [] : readdirSync(copy).sort().entries()) {
            const { share, kept, gone } = cuts[at % cuts.length] as (typeof cuts)[number];
            const path = join(copy, name);
            if (name === MANIFEST_FILE) {
              // It is replaced whole: it is the one before or the one after.
              if (oldManifest) writeFileSync(path, safeManifest);
            } else if (!safe.has(name) && gone) rmSync(path);
            else writeFileSync(path, torn(readFileSync(path), safe.get(name) ?? 0, share, kept));
          }
          const opened = openSession(copy);
          if (!opened.ok) throw new Error(opened.failure.message);
          const store = new SessionStore({ ...TINY, archive: opened.value.archive });
          opened.value.fill(store);
          const rows = allRows(store);
          const { damages } = opened.value;
          opened.value.close();
          rmSync(copy, { recursive: true });
          expect(rows.length).toBeGreaterThanOrEqual(SAFE_ROWS);
          for (const [at, row] of rows.entries()) {
            if (isDeepStrictEqual(row, WHOLE[at])) continue;
            throw new Error(`row ${at} is not what was recorded: ${decodeUtf8(row.payload)}`);
          }
          cases.note('all of it', rows.length === ROWS);
          cases.note('some of what was not safe', rows.length > SAFE_ROWS && rows.length < ROWS);
          cases.note('only what was safe', rows.length === SAFE_ROWS);
          cases.note('damages', damages.length > 0);
        },
      ),
      { numRuns: 80 },
    );
    cases.expectEach();
  });
});
