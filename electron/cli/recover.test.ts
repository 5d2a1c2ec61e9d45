import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { HandSession, testRandom } from '../../native/core/test-support.ts';
import { crashedMemory, type ImageKind } from '../../native/sources/dump/test-support.ts';
import { openFileSource } from '../../native/sources/open-file.ts';
import { zipOf } from '../../native/sources/zip/test-support.ts';
import { parseCommand } from './args.ts';
import { recover } from './recover.ts';
import { removeScratch } from './scratch.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-recover-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function crashed(kind: ImageKind, name: string): string {
  const hand = new HandSession({ cpus: 2, ringBytes: 8192 });
  ['one', 'two', 'three'].forEach((text, at) => {
    hand.clock.now = BigInt((at + 1) * 1000);
    hand.write(at % 2, text);
  });
  const path = join(folder, name);
  const bugCheck = { code: 0xd1, parameters: [1n, 2n, 3n, 4n] };
  const session = new Uint8Array(hand.view.buffer);
  writeFileSync(path, crashedMemory(session, { kind, random: testRandom(5), cpus: 2, ringBytes: 8192, bugCheck }));
  return path;
}

async function run(args: readonly string[]): Promise<string[]> {
  const parsed = parseCommand(['recover', ...args]);
  if (!parsed.ok || parsed.value.do !== 'recover') throw new Error('not a command to recover');
  const said: string[] = [];
  const progress = { now: () => 0, write: () => {}, terminal: false };
  const waiter = { stopped: false, wait: () => new Promise((done) => setImmediate(done)), dispose: () => {} };
  const done = await recover(parsed.value.request, {
    waiter: waiter as never,
    progress,
    report: (line) => said.push(line),
  });
  return done.ok ? said : [done.failure.message];
}

it('writes what drivers had logged before a crash, and says how much that was', async () => {
  const out = join(folder, 'out.csv');
  const said = await run([crashed('bitmap', 'MEMORY.DMP'), '--out', out]);
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
  const at = (lines[0] ?? '').split(',').indexOf('message');
  expect(lines.slice(1, 4).map((line) => line.split(',')[at]?.trim())).toEqual(['one', 'two', 'three']);
  expect(lines.slice(4).join()).toContain('DRIVER_IRQL_NOT_LESS_OR_EQUAL');
  expect(said.at(-1)).toBe('kernel memory dump by bitmap: 3 records of 2 CPUs, 0 lost');
});

it('searches a file of any name for rings, which other commands do by its first bytes or its name', async () => {
  const out = join(folder, 'raw.jsonl');
  expect(await run([crashed('raw', 'image'), '--out', out])).toContain('raw memory image: 3 records of 2 CPUs, 0 lost');
  expect(readFileSync(out, 'utf8').split('\n').length).toBe(4);
  const formatOf = (path: string) => {
    const opened = openFileSource(path);
    if (!opened.ok) return opened.failure.code;
    const format = opened.value.stats().file?.format;
    opened.value.close(() => {});
    return format;
  };
  expect(formatOf(crashed('raw', 'vm.vmem'))).toBe('raw memory image');
  expect(formatOf(crashed('elf', 'vm.core'))).toBe('ELF core');
  expect(formatOf(crashed('small', '010124.dmp'))).toBe('small memory dump');
  expect(openFileSource(crashed('small', '010124.dmp'), { follow: true })).toMatchObject({ ok: false });
});

it('takes the dump out of a zip file, and nothing that is none', async () => {
  const zip = join(folder, 'sent by a friend.zip');
  const out = join(folder, 'zipped.jsonl');
  const dump = readFileSync(crashed('bitmap', 'MEMORY.DMP'));
  writeFileSync(zip, zipOf([{ name: 'crash/MEMORY.DMP', data: dump }]));
  for (const path of [zip, join(zip, 'crash', 'MEMORY.DMP')]) {
    const said = await run([path, '--out', out]);
    expect(said.at(-1)).toBe('kernel memory dump by bitmap: 3 records of 2 CPUs, 0 lost');
    expect(readFileSync(out, 'utf8').split('\n').length).toBe(5);
  }
  writeFileSync(zip, zipOf([{ name: 'a.log', data: 'one\ntwo\n' }]));
  expect(await run([zip, '--out', out])).toEqual([`${zip} holds no memory of a machine`]);
  removeScratch();
});

it('refuses what it cannot use', () => {
  const refusal = (...args: string[]) => {
    const parsed = parseCommand(['recover', ...args]);
    return parsed.ok ? null : parsed.failure.message;
  };
  expect(refusal()).toContain('FILE is missing');
  expect(refusal('a', 'b')).toContain("'b' is one too many");
  expect(refusal('a', '--out', 'x.unknown')).toContain('--format is missing');
});
