import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DbwinSource } from '../../native/sources/dbwin/dbwin.ts';
import { TraceSource } from '../../native/sources/etl/etl-source.ts';
import { EventLogSource } from '../../native/sources/evtx/evtx-source.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { UnpackedSource } from '../../native/sources/zip/unpacked-source.ts';
import { FakeSource } from '../session/test-support.ts';
import { fieldsOfSource } from './source-fields.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-fields-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lackedBy(content: string): string[] {
  const path = join(folder, 'log');
  writeFileSync(path, content);
  const opened = openFileSource(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const { lacks } = fieldsOfSource(opened.value);
  opened.value.close(() => {});
  return [...lacks].sort();
}

describe('what a log does not state', () => {
  it('is told by what its lines hold', () => {
    const onlyText = ['cpu', 'remarks', 'tid', 'type'];
    expect(lackedBy('1\t0.5\t[4] a\r\n')).toEqual([...onlyText, 'level', 'time'].sort());
    expect(lackedBy('1\t10:00:00\t[4] a\r\n')).toEqual([...onlyText, 'level'].sort());
    expect(lackedBy('just text\nand more\n')).toEqual(
      [...onlyText, 'level', 'pid', 'process', 'time', 'time_us'].sort(),
    );
    expect(lackedBy('2026-11-28T10:00:00Z ERROR x\n')).toEqual([...onlyText, 'pid', 'process'].sort());
    expect(lackedBy('[    0.100000] booted\n')).toEqual([...onlyText, 'level', 'pid', 'process', 'time'].sort());
  });

  it('is the CPU of our own text where no row has one, which is read all the same', () => {
    const row = (cpu: string) => `         1\t     0.500000000\t${cpu}\tinfo   \t    0\t         0\tmessage\n`;
    expect(lackedBy(`# RingView log\n${row('   ')}${row('  3')}`)).not.toContain('cpu');
    expect(lackedBy(`# RingView log\n${row('   ')}`)).toContain('cpu');
    const path = join(folder, 'own.log');
    writeFileSync(path, `# RingView log\n${row('   ')}`);
    const opened = openFileSource(path);
    if (!opened.ok) throw new Error(opened.failure.message);
    let rows = 0;
    const count = (batch: { readonly count: number }): void => {
      rows += batch.count;
    };
    while (opened.value.poll(count).state === 'capturing');
    opened.value.close(() => {});
    expect(rows).toBe(1);
  });

  it('is the CPU and the level of debug output', () => {
    const { lacks } = fieldsOfSource(Object.create(DbwinSource.prototype) as DbwinSource);
    expect([...lacks]).toEqual(expect.arrayContaining(['cpu', 'level']));
  });

  it('is a column without a value, or none at all, of a table', () => {
    expect(lackedBy('time,cpu,pid,message\n1.5,,7,a\n2.5,,8,b\n')).toEqual(
      ['cpu', 'level', 'process', 'remarks', 'tid', 'time', 'type'].sort(),
    );
    expect(lackedBy('{"time":"2026-11-28T10:00:00Z","level":null,"cpu":0,"msg":"a"}\n')).toEqual(
      ['level', 'pid', 'process', 'remarks', 'tid', 'type'].sort(),
    );
  });

  it('is nothing of a ring, and no CPU of an event log', () => {
    expect(fieldsOfSource(new FakeSource()).lacks.size).toBe(0);
    const { lacks } = fieldsOfSource(Object.create(EventLogSource.prototype) as EventLogSource);
    expect(lacks.has('cpu')).toBe(true);
    expect(fieldsOfSource(Object.create(TraceSource.prototype) as TraceSource).lacks.has('cpu')).toBe(false);
  });

  it.each([
    ['events', EventLogSource],
    ['trace', TraceSource],
  ])('is the same of a file in a zip file: %s', (format, kind) => {
    const unpacked = Object.assign(Object.create(UnpackedSource.prototype), { format }) as UnpackedSource;
    expect(fieldsOfSource(unpacked)).toEqual(fieldsOfSource(Object.create(kind.prototype) as LogSource));
  });
});
