/** Rows of a report have the colour of the first rule that fits; rules that would hold an export up are left out, and named. */
import { expect, it } from 'vitest';
import { type ColourRule, MOST_COLOUR_RULES } from '../../contract/colour-rules.ts';
import { SHOW_ALL } from '../../contract/rows.ts';
import { SessionStore } from '../store/store.ts';
import { batchOf, entry, gap } from '../test-support.ts';
import { decodeUtf8 } from '../text/text.ts';
import { ExportJob } from './export-job.ts';
import { MOST_JUDGED, RowColouring } from './row-colouring.ts';

const rows = (text: string, colour: ColourRule['colour'], on = true): ColourRule => ({
  ...{ of: 'rows', text, caseSensitive: false, colour, on },
});
const words = (text: string, regex = false, caseSensitive = false): ColourRule => ({
  ...{ of: 'words', text, regex, caseSensitive, colour: 'blue', on: true },
});

/** A report of rows over several segments, as its page finds it. */
async function report(rules: readonly ColourRule[]) {
  const store = new SessionStore({ memoryCapBytes: 1 << 30, segmentRows: 64, chunkBytes: 1024 });
  const log = Array.from({ length: 300 }, (_, at) =>
    entry(at, at % 3 === 0 ? `irp ${at}` : `dpc ${at}`, { cpu: at % 4 }),
  );
  store.append(batchOf([...log.slice(0, 150), gap(150, 1, 7), ...log.slice(150)]));
  const colouring = new RowColouring(rules, null);
  const job = ExportJob.create(store, { format: 'html', filter: SHOW_ALL, endRow: store.endRow, colouring });
  if (!job.ok) throw new Error(job.failure.message);
  let page = '';
  for (let next = await job.value.next(50); next.ok && next.value !== null; next = await job.value.next(50))
    page += decodeUtf8(next.value);
  const parts = [...page.matchAll(/<script type="application\/json" class="rows">([\s\S]*?)<\/script>/g)];
  const [, about = '{}'] = /<script type="application\/json" id="about">(.*?)<\/script>/.exec(page) ?? [];
  return { rows: parts.flatMap(([, json = '[]']) => JSON.parse(json) as unknown[][]), about: JSON.parse(about) };
}

it('of several rules the first that fits, and none has a loss', async () => {
  const { rows: written } = await report([rows('cpu:0', 'red'), rows('irp', 'green'), rows('dpc', 'pink', false)]);
  expect(written).toHaveLength(301);
  for (const row of written) {
    const [, , , cpu, level, , , , message, beside] = row;
    if (level === 'lost') expect(beside).toBe(7);
    else
      expect([message, beside]).toEqual([
        message,
        cpu === 0 ? 'red' : String(message).startsWith('irp') ? 'green' : undefined,
      ]);
  }
});

it('not by an expression, by the row before or by the last of very many, which the report names', async () => {
  const many = Array.from({ length: MOST_JUDGED + 2 }, (_, at) => rows(`cpu:${at + 8}`, 'teal'));
  const { rows: written, about } = await report([rows('/(a+)+$/', 'red'), rows('delta>1ms', 'red'), ...many]);
  expect(about.left).toEqual(['/(a+)+$/', 'delta>1ms', `cpu:${MOST_JUDGED + 8}`, `cpu:${MOST_JUDGED + 9}`]);
  expect(written.every((row) => row.length <= 10)).toBe(true);
  expect(MOST_JUDGED).toBeLessThan(MOST_COLOUR_RULES);
});

it('and words as expressions that find what the app finds', async () => {
  const { about } = await report([words('irp 1'), words('DPC', false, true), words('p+ [12]', true)]);
  const found = (about.words as { source: string; flags: string }[]).map(({ source, flags }) =>
    ['Irp 12', 'dpc 1', 'DPC 1'].filter((text) => new RegExp(source, flags).test(text)),
  );
  expect(found).toEqual([['Irp 12'], ['DPC 1'], ['Irp 12']]);
});
