import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileRow, hasRealLogs, realLogs, rowsOf } from '../file/test-support.ts';
import { openTrace, type TraceSource } from './etl-source.ts';

const folder = fileURLToPath(realLogs('etl/'));

function open(name: string, symbols: readonly string[] = [`${folder}tmf`]): TraceSource {
  const opened = openTrace(`${folder}${name}`, { symbols });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

function readAll(source: TraceSource): FileRow[] {
  const rows: FileRow[] = [];
  while (source.poll((batch) => rows.push(...rowsOf(batch))).state === 'capturing');
  source.close();
  return rows;
}

/** Rows of WPP messages: all but what the logging session itself says. */
const messages = (name: string): string[] =>
  readAll(open(name))
    .map(({ text }) => text)
    .filter((text) => !text.startsWith('EventTrace/'));

describe.skipIf(!hasRealLogs('etl/'))('a trace of a real machine', () => {
  it.each([
    [
      'wppstr.etl',
      [
        'strtrace name=alpha id=0 tag=END',
        'strtrace name=bravo id=1 tag=END',
        'strtrace name=charlie id=2 tag=END',
        'widetrace user=root role=admin',
      ],
    ],
    [
      'wpptypes.etl',
      [
        'sint i=42 neg=-1000 i64=-5000000000',
        'uint u=4000000000 hex=0xabcdef x64=0xdeadbeefcafe',
        'ptr p=00007FF012345678 null=0000000000000000',
        'widths z=00042 h=0000beef',
        'hr=0x80070005(ERROR_ACCESS_DENIED) st=0xc0000022(STATUS_ACCESS_DENIED) guid=11223344-5566-7788-99aa-bbccddeeff00',
      ],
    ],
    ['wppmisc.etl', ['dbl=3.14062 delta=5.000s', 'raw a=RawAnsi w=RawWide']],
    ['wppenum.etl', ['b=0x00000001(true) irql=0x00000002(DPC)', 'set=[1,3]']],
  ])('%s has the texts that tracefmt prints', (name, expected) => {
    expect(messages(name)).toEqual(expected);
  });

  it('wppemitter.etl has the texts that tracefmt prints', () => {
    const expected: string[] = [];
    for (let i = 0; i < 30; i++) {
      expected.push(
        `WppEmitter work item id=${i} status=0x${(i & 0xff).toString(16)} phase=startup provider=WppEmitter`,
      );
      if (i % 2 === 0) expected.push(`WppEmitter detail seq=${i} note=processing-record value=${i} category=Detail`);
    }
    expect(messages('wppemitter.etl')).toEqual(expected);
  });

  it('without its format files has every message as a row that names what is missing', () => {
    const source = open('wppstr.etl', []);
    const rows = readAll(source).filter(({ text }) => text.includes('no format for message'));
    expect(rows.length).toBe(4);
    expect([...source.missingFormats.values()].reduce((a, b) => a + b, 0)).toBe(4);
  });

  it('lxcore_kernel.etl has its self-describing events by their names and fields', () => {
    const rows = readAll(open('lxcore_kernel.etl'));
    expect(rows.length).toBe(3);
    expect(rows[1]?.text).toMatch(
      /^BreakPoint: ErrorLevel=2, .*Function=LxpDrvFsTypeMount, Line=10528, Message=Failed to open volume/,
    );
  });

  it('ShutdownPerfDiagLogger.etl has every event as a row in order, each process and image of the rundown by name', () => {
    const source = open('ShutdownPerfDiagLogger.etl');
    const rows = readAll(source);
    expect(rows.length).toBe(17_077);
    expect(source.stats().file?.broken.count).toBe(0);
    expect(source.processNames.size).toBe(97);
    expect(rows.every((row, at) => at === 0 || row.timeNs >= (rows[at - 1]?.timeNs ?? 0))).toBe(true);
    const count = (pattern: RegExp): number => rows.filter(({ text }) => pattern.test(text)).length;
    expect(count(/^image \\.+ in (the kernel|process \d+\(.+\)) at 0x[0-9a-f]+, \d+ bytes$/)).toBeGreaterThan(13_000);
    // Nothing of it is told by its numbers alone but what says how the trace was written.
    expect(count(/, type \d+/)).toBe(0);
    expect(count(/^EventTrace\//)).toBe(8);
    expect(count(/^process \d+ \S.* running at the (begin|end) of the trace/)).toBeGreaterThan(120);
    expect(count(/^thread \d+ of process \d+\(.+\) /)).toBeGreaterThan(3000);
  });

  it('is read whatever bytes of it are cut, changed or shuffled: no exception, no endless loop', () => {
    const whole = readFileSync(`${folder}wpptypes.etl`);
    const scratch = mkdtempSync(join(tmpdir(), 'ringview-etl-'));
    let refused = 0;
    let read = 0;
    let broken = 0;
    try {
      fc.assert(
        fc.property(
          fc.array(fc.record({ at: fc.nat(16_383), value: fc.nat(255), copy: fc.nat(16_000), length: fc.nat(32) }), {
            minLength: 1,
            maxLength: 24,
            size: 'max',
          }),
          fc.option(fc.nat(16_384), { freq: 4 }),
          (changes, cut) => {
            const hostile = Buffer.from(whole);
            for (const { at, value, copy, length } of changes) {
              hostile[at] = value;
              hostile.copyWithin(at, copy, copy + length);
            }
            const path = join(scratch, 'x.etl');
            writeFileSync(path, cut === null ? hostile : hostile.subarray(0, cut));
            const opened = openTrace(path, { symbols: [`${folder}tmf`] });
            if (!opened.ok) {
              refused++;
              return;
            }
            read += readAll(opened.value).length;
            broken += opened.value.stats().file?.broken.count ?? 0;
          },
        ),
        { numRuns: 300 },
      );
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
    expect(refused).toBeGreaterThan(0);
    expect(read).toBeGreaterThan(100);
    expect(broken).toBeGreaterThan(10);
  });
});
