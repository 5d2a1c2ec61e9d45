import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FilterSpec, SHOW_ALL } from '../../contract/rows.ts';
import { WHOLE } from '../store/slice.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, FakeArchive, gap } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { LogView } from '../view/view.ts';
import { CopyJob } from './copy.ts';
import { ExportJob } from './export-job.ts';

const around = (context: number): FilterSpec => ({
  ...SHOW_ALL,
  text: { pattern: 'hit', regex: false, caseSensitive: true },
  context,
});

/** Rows partly on disk, matches every twenty rows and some near the ends of segments, a loss now and then. */
function shown(context: number): LogView {
  const store = new SessionStore({
    ...{ memoryCapBytes: 4000, segmentRows: 16, chunkBytes: 256, segmentBytes: 1024 },
    archive: new FakeArchive(),
  });
  const view = new LogView(store);
  view.setFilter(around(context));
  const rows = Array.from({ length: 200 }, (_, n) =>
    n % 37 === 5 ? gap(n, 0, 3) : entry(n, n % 20 === 15 ? `hit ${n}` : `line ${n}`),
  );
  for (let n = 0; n < rows.length; n += 10) store.append(batchOf(rows.slice(n, n + 10)));
  view.advance(WHOLE);
  return view;
}

/** Of each line the message, or that it stands for a loss. */
const messages = (text: string): string[] =>
  text.split('\n').flatMap((line) => line.match(/(?:hit|line) \d+|lost/)?.[0] ?? []);
const messagesOf = (view: LogView, first: number, last: number): string[] =>
  view.rows(first, last - first + 1).rows.map(({ kind, text }) => (kind === 0 ? text : 'lost'));

async function exported(view: LogView, filter: FilterSpec, firstRow: number, endRow: number): Promise<string[]> {
  const job = ExportJob.create(view.store, { format: 'text', filter, firstRow, endRow });
  if (!job.ok) throw new Error(job.failure.message);
  let text = '';
  for (;;) {
    const part = await job.value.next(7);
    if (!part.ok) throw new Error(part.failure.message);
    if (part.value === null) break;
    text += decodeUtf8(part.value);
  }
  const found = messages(text);
  expect(job.value.writtenRows).toBe(found.length);
  return found;
}

it('copies and exports the rows around matches as they are shown, of any selection', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 25 }), fc.nat(), fc.nat(), async (context, a, b) => {
      const view = shown(context);
      const [first, last] = [a % view.end, b % view.end].sort((x, y) => x - y) as [number, number];
      const wanted = messagesOf(view, first, last);
      const copied = new CopyJob(view, { generation: view.generation, first, last }).step(WHOLE);
      expect(copied?.ok === true && messages(copied.value)).toEqual(wanted);
      const [firstRow, endRow] = [view.rowAt(first), view.rowAt(last) + 1];
      expect(await exported(view, view.filterSpec, firstRow, endRow)).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
});

it('exports matches and losses alone where the rows around them are not asked for', async () => {
  const view = shown(3);
  const { context: _, ...matches } = view.filterSpec;
  const written = await exported(view, matches, 0, view.store.endRow);
  expect(written.filter((message) => message.startsWith('line'))).toEqual([]);
  expect(written).toContain('hit 15');
});
