/** `--schema FILE`: what a command writes, shows and filters by, from the arguments to the file. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '../../native/core/result.ts';
import { batchOf, entry, FakeSource } from '../session/test-support.ts';
import { setSchemas } from '../session/text/schemas.ts';
import { parseCommand } from './args.ts';
import { captureToFile } from './capture.ts';
import { schemaPaths, takeNamedSchemas } from './schema-option.ts';

const SCHEMA = JSON.stringify({
  ringview_schema: 1,
  types: { 16: { name: 'tcp', message: 'to port {port}', fields: [{ name: 'port', type: 'u16' }] } },
});
const folder = mkdtempSync(join(tmpdir(), 'ringview-schema-'));
const path = join(folder, 'tcp.json');
writeFileSync(path, SCHEMA);

afterEach(() => {
  setSchemas([]);
});

describe('the files that arguments name', () => {
  it('are those of the command itself', () => {
    expect(schemaPaths(['tail', 'sim:a', '--schema', 'a.json', '--schema=b.json'])).toEqual(['a.json', 'b.json']);
    expect(schemaPaths(['ci', '--schema', 'a.json', '--', 'x', '--schema', 'b.json'])).toEqual(['a.json']);
    expect(schemaPaths(['tail', '--schema'])).toEqual([]);
  });

  it('are refused with their name and the line, and where there is none', () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"ringview_schema": 1,\n"types": 7}');
    expect(takeNamedSchemas(['tail', '--schema', broken])).toMatchObject({
      ok: false,
      failure: { code: 'bad-argument', message: 'broken.json: line 2: types: an object was expected' },
    });
    expect(takeNamedSchemas(['tail', '--schema', join(folder, 'none.json')]).ok).toBe(false);
    expect(takeNamedSchemas(['tail', '--schema', folder]).ok).toBe(false);
    expect(takeNamedSchemas(['tail', '--schema', path, '--schema', path]).ok).toBe(true);
  });

  it.each([
    'capture --source sim:a',
    'tail sim:a',
    'ci --source sim:a',
    'convert a.csv --out b.csv',
    'recover x.dmp',
    'stats a.csv',
    'diff a.csv b.csv',
    'open a.csv',
  ])('are taken by %s', (command) => {
    const [first = '', ...more] = command.split(' ');
    const end = first === 'ci' ? ['--', 'true'] : [];
    expect(parseCommand([first, ...more, '--schema', path, ...end])).toMatchObject({ ok: true });
  });
});

it('a capture writes what records are, and only those that a filter by their fields shows', async () => {
  const out = join(folder, 'out.csv');
  const argv = ['capture', '--source', 'sim:a', '--schema', path, '--filter', 'port:443 or "text"', '--out', out];
  expect(takeNamedSchemas(argv).ok).toBe(true);
  const command = parseCommand(argv);
  if (!command.ok || command.value.do !== 'capture') throw new Error('it is no capture');
  const source = new FakeSource();
  const record = (index: number, port: number) =>
    entry(index, '', { type: 16, payload: Uint8Array.of(port & 255, port >> 8) });
  source.ready = [batchOf([record(1, 443), record(2, 80), entry(3, 'text'), entry(4, 'other')])];
  let steps = 0;
  const waiter = {
    requested: 0,
    now: () => steps,
    wait: async () => {
      steps++;
      source.state = 'ended';
    },
    waitFor: async (what: Promise<unknown>) => void (await what),
    waitOut: async (what: Promise<unknown>) => void (await what),
  };
  const result = await captureToFile(command.value.request, {
    open: () => ok(source),
    waiter,
    unixMs: () => 0,
    report: () => {},
  } as never);
  expect(result.failure).toBeNull();
  const lines = readFileSync(out, 'utf8').trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/,message,fields$/);
  expect(lines.slice(1).map((line) => line.split(',').slice(10).join())).toEqual([
    '0,to port 443,"{""port"":443}"',
    '0,text,',
  ]);
});
