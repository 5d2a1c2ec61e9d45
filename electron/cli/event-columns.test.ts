/** What events of traces and event logs are called, in everything that is made of them by a command. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  at,
  classicEvent,
  PROVIDER,
  systemEvent,
  traceFile,
  wppMessage,
} from '../../native/sources/etl/test-support.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { ExportFormat } from '../contract/export-formats.ts';
import { createOutput } from '../session/output/export.ts';
import { outputFacts } from '../session/output/output-facts.ts';
import { batchRun } from '../session/output/output-row.ts';
import { FileMerge } from './file-merge.ts';
import { StatsCounter } from './log-stats.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-event-columns-'));
  const print = (text: string): Buffer => Buffer.concat([Buffer.alloc(8), Buffer.from(`${text}\0`)]);
  const events = [
    systemEvent(10, 32, print('printed'), { ticks: at(1) }),
    wppMessage(PROVIDER, 10, Buffer.from('disk\0'), { ticks: at(2) }),
    classicEvent(PROVIDER, 9, Buffer.alloc(0), { ticks: at(3) }),
  ];
  writeFileSync(join(folder, 'a.etl'), traceFile([{ events }]));
  writeFileSync(join(folder, 'lossy.etl'), traceFile([{ events }], { eventsLost: 3, loggerName: 'Boot' }));
  writeFileSync(join(folder, 'b.csv'), 'time,message\r\n2026-11-28T12:00:00.0025Z,of a text file\r\n');
  writeFileSync(
    join(folder, 'a.tmf'),
    `${PROVIDER} probe // SRC=irp.c MJ= MN=
#typev irp_c42 10 "%0irp of %10!s!" //   LEVEL=TRACE_LEVEL_WARNING FLAGS=IO FUNC=Dispatch
{
name, ItemString -- 10
}
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function merged(
  take: (merge: FileMerge) => (batch: Parameters<typeof batchRun>[0]) => void,
  names = ['a.etl', 'b.csv'],
): void {
  const sources = names.map((name) => {
    const opened = openFileSource(join(folder, name), { symbols: [join(folder, 'a.tmf')], displayName: name });
    if (!opened.ok) throw new Error(opened.failure.message);
    return { source: opened.value, statedNs: 0 };
  });
  let taker: (batch: Parameters<typeof batchRun>[0]) => void = () => {};
  const merge = new FileMerge(sources, (batch) => taker(batch));
  taker = take(merge);
  while (merge.step() !== 'ended');
  merge.close();
}

function converted(format: ExportFormat, names?: string[]): string {
  let text = '';
  let end = (): void => {};
  merged((merge) => {
    const output = createOutput(format, outputFacts(merge.facts));
    text += new TextDecoder().decode(output.begin());
    end = () => {
      text += new TextDecoder().decode(output.end());
    };
    return (batch) => {
      text += new TextDecoder().decode(output.rows(batchRun(batch)));
    };
  }, names);
  end();
  return text;
}

it('a row of a trace has provider, event, function and source file as values of their own; a row without has null', () => {
  const rows = converted('jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map((row) => [row.message, row.provider, row.event, row.function, row.source_file])).toEqual([
    ['printed', 'Windows Kernel', 'DbgPrint', null, null],
    ['irp of disk', 'probe', 'irp_c42', 'Dispatch', 'irp.c'],
    ['of a text file', null, null, null, null],
    [`{${PROVIDER}} type 9, version 1:`, PROVIDER, '9', null, null],
  ]);
  const [head = '', , second = '', third = ''] = converted('csv').split('\r\n');
  expect(head).toMatch(/message,provider,event,function,source_file$/);
  expect(second).toMatch(/irp of disk,probe,irp_c42,Dispatch,irp\.c$/);
  expect(third).toMatch(/of a text file,,,,$/);
});

it('a loss of a trace says who lost, in its message and in the columns of events', () => {
  const lost = JSON.parse(converted('jsonl', ['lossy.etl']).trimEnd().split('\n').at(-1) ?? '') as Record<
    string,
    unknown
  >;
  expect([lost.level, lost.provider, lost.event]).toEqual(['lost', 'Boot', 'kernel buffers full']);
  const words = '3 records lost on CPU 0 by Boot: kernel buffers full (ring full)';
  expect(lost.message).toBe(words);
  expect(converted('text', ['lossy.etl'])).toContain(words);
});

it('statistics of a trace count its entries by provider and by event', () => {
  let counter: StatsCounter | null = null;
  merged((merge) => {
    const counting = new StatsCounter(outputFacts(merge.facts));
    counter = counting;
    return (batch) => counting.take(batchRun(batch));
  });
  const { providers, events } = (counter as StatsCounter | null)?.stats() ?? {};
  expect(providers).toEqual({ 'Windows Kernel': 1, probe: 1, [PROVIDER]: 1 });
  expect(events).toEqual({ 'Windows Kernel DbgPrint': 1, 'probe irp_c42': 1, [`${PROVIDER} 9`]: 1 });
});

it('the columns of events are in the table that SQL asks, and only where a source has events', () => {
  expect(readFileSync(join(folder, 'a.etl')).length).toBeGreaterThan(0);
  const head = converted('parquet');
  for (const name of ['provider', 'event', 'function', 'source_file']) expect(head).toContain(name);
});
