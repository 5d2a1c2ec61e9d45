import { expect, it } from 'vitest';
import { EventNameTable } from '../../../native/core/event-names.ts';
import { fail, ok } from '../../../native/core/result.ts';
import type { FileFigures } from '../../../native/sources/source.ts';
import { batchOf, entry, FakeSource } from '../test-support.ts';
import { CapturedSource, REATTACH_MS } from './captured-source.ts';
import { ProcessNames } from './process-names.ts';
import { SessionTime } from './session-time.ts';
import { SourceMerger } from './source-merger.ts';

const figures = (readBytes: number): FileFigures => ({
  readBytes,
  totalBytes: 100,
  ended: readBytes === 100,
  format: 'CSV',
  formatName: 'csv',
  encoding: 'utf-8',
  broken: { count: 0, places: [] },
});

function setUp() {
  const file = new FakeSource({ name: 'file:a.csv', file: { path: '/a.csv' } });
  file.file = figures(40);
  const opened: string[] = [];
  const rows: number[] = [];
  const captured = new CapturedSource(0, 'file:a.csv', file, {
    open: (spec) => {
      opened.push(spec);
      return ok(file);
    },
    time: new SessionTime(),
    merger: new SourceMerger((batch) => rows.push(batch.count)),
    processes: new ProcessNames(),
    eventNames: new EventNameTable(),
    placesBeside: () => [],
  });
  return { file, captured, opened, rows };
}

it.each(['ended', 'failed'] as const)('a file that has %s is not opened and read again', (state) => {
  const { file, captured, opened } = setUp();
  file.ready = [batchOf([entry(1, 'x')])];
  file.state = state;
  captured.poll(0);
  expect(file.closed).toBe(1);
  for (let now = 0; now < 20 * REATTACH_MS; now += REATTACH_MS) {
    captured.poll(now);
    expect(captured.delayMs).toBeLessThanOrEqual(REATTACH_MS);
  }
  expect(opened).toEqual([]);
});

it('a file tells how far it was read, and no fill of rings', () => {
  const { file, captured } = setUp();
  captured.poll(0);
  const reading = captured.sampleStatus(0, captured.readFigures());
  expect(reading.file).toMatchObject({ readBytes: 40, totalBytes: 100, ended: false });
  expect(captured.peakFill).toBe(0);
  file.file = figures(100);
  file.state = 'ended';
  captured.poll(1);
  expect(captured.sampleStatus(2, captured.readFigures()).file).toMatchObject({ readBytes: 100, ended: true });
});

it('a source of rings tells of no file', () => {
  const captured = new CapturedSource(0, 'sim:a', new FakeSource(), {
    open: () => fail('source-not-found', 'none', 'wait'),
    time: new SessionTime(),
    merger: new SourceMerger(() => {}),
    processes: new ProcessNames(),
    eventNames: new EventNameTable(),
    placesBeside: () => [],
  });
  expect('file' in captured.sampleStatus(0, captured.readFigures())).toBe(false);
});
