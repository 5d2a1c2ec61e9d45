/** What commands read: log files, and recorded sessions by their folder, as one file of any name, and by what they are called. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chunkOf, EVENT, event, eventLog } from '../../native/sources/evtx/test-support.ts';
import { zipOf } from '../../native/sources/zip/test-support.ts';
import { isRecording } from '../recording/is-recording.ts';
import { SessionLibrary } from '../recording/library.ts';
import { NO_FACTS } from '../recording/manifest.ts';
import { packSession } from '../recording/pack.ts';
import { recordedFolder, someRows } from '../recording/test-support.ts';
import { FileMerge } from './file-merge.ts';
import { openInputs } from './open-input.ts';
import { removeScratch, scratch } from './scratch.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-inputs-'));
const path = join(folder, 'x.ringview');
const packed = join(folder, 'sent.tar');
const before = process.env.RINGVIEW_SESSIONS;

beforeAll(async () => {
  process.env.RINGVIEW_SESSIONS = folder;
  mkdirSync(path);
  const info = { producer: 'driver', cpuCount: 4, identity: '1', startUnixMs: Date.UTC(2026, 10, 28, 12) };
  const sources = ['sim:lab', 'dbwin:'].map((name, id) => ({ id, name, info: { ...info, name }, read: 0, lost: 0 }));
  await recordedFolder(path, 40, () => ({ ...NO_FACTS, startUnixMs: info.startUnixMs, sources }));
  expect(await packSession(path, packed, 0)).toMatchObject({ ok: true });
  expect(new SessionLibrary(folder).rename(path, 'boot 3')).toMatchObject({ ok: true });
});

afterAll(() => {
  if (before === undefined) delete process.env.RINGVIEW_SESSIONS;
  else process.env.RINGVIEW_SESSIONS = before;
  rmSync(folder, { recursive: true, force: true });
});

function read(name: string): number[] | string {
  const opened = openInputs({ inputs: [name], encoding: 'auto', symbols: [] });
  if (!opened.ok) return opened.failure.message;
  const indices: number[] = [];
  const merge = new FileMerge(opened.value, ({ index, count }) => indices.push(...index.subarray(0, count)));
  while (merge.step() !== 'ended');
  merge.close();
  return indices.sort((a, b) => a - b);
}

/** Names of what a path is opened as, or why it is not. */
function opened(name: string): readonly string[] | string {
  const inputs = openInputs({ inputs: [name], encoding: 'auto', symbols: [] });
  if (!inputs.ok) return inputs.failure.message;
  for (const { source } of inputs.value) source.close(() => {});
  return inputs.value.map(({ source }) => source.info.name);
}

it.each([
  ['its folder', () => path],
  ['one file of it, whatever that is called', () => packed],
  ['its name', () => 'boot 3'],
])('a recorded session is read by %s', (_, name) => {
  expect(read(name())).toEqual(
    someRows(40)
      .map(({ index }) => index)
      .sort((a, b) => a - b),
  );
});

it('a zip file is read as the logs in it, in one order, or as one of them', () => {
  const zip = join(folder, 'logs.zip');
  const log = (first: number) => `${first}\t0.5\ta\r\n${first + 1}\t0.75\tb\r\n`;
  writeFileSync(
    zip,
    zipOf([
      { name: 'a.LOG', data: log(1) },
      { name: 'sub/b.LOG', data: log(3) },
    ]),
  );
  expect(opened(zip)).toEqual([`${zip}/a.LOG`, `${zip}/sub/b.LOG`]);
  expect(opened(`${zip}/sub/b.LOG`)).toEqual([`${zip}/sub/b.LOG`]);
  expect(opened(`${zip}/c.LOG`)).toContain('holds no file c.LOG');
});

it('what is unpacked first is in one order with what is not, and leaves nothing behind', async () => {
  const zip = join(folder, 'both.zip');
  const second = (n: number): string => new Date(Date.UTC(2026, 10, 28, 12, 0, n)).toISOString();
  const noon = (BigInt(Date.UTC(2026, 10, 28, 12)) + 11_644_473_600_000n) * 10_000n;
  const log = eventLog([
    chunkOf(
      EVENT,
      [2, 4].map((n) => ({ ...event(n), fileTime: noon + BigInt(n) * 10_000_000n })),
    ),
  ]);
  const text = [1, 3, 5].map((n) => `${second(n)} INFO line ${n}\n`).join('');
  const files = [
    { name: 'System.evtx', data: log },
    { name: 'a.txt', data: text },
  ];
  for (const order of [files, [...files].reverse()]) {
    writeFileSync(zip, zipOf(order));
    const inputs = openInputs({ inputs: [zip], encoding: 'auto', symbols: [] });
    if (!inputs.ok) throw new Error(inputs.failure.message);
    const times: number[] = [];
    const merge = new FileMerge(inputs.value, ({ timeNs, count }) => times.push(...timeNs.subarray(0, count)));
    for (let step = merge.step(); step !== 'ended'; step = merge.step())
      if (step === 'wait') await new Promise((done) => setImmediate(done));
    const [first = 0] = times;
    expect(times.map((timeNs) => (timeNs - first) / 1e9)).toEqual([0, 1, 2, 3, 4]);
    expect(merge.progress).toBe(1);
    expect([merge.failure, merge.brokenLines]).toEqual([null, []]);
    merge.close();
  }
  const place = scratch();
  expect(place.ok && readdirSync(place.value)).toEqual([]);
  removeScratch();
  expect(place.ok && existsSync(place.value)).toBe(false);
});

it('a file of that name is read rather than a session, and what is neither is said to be no file', () => {
  const here = join(folder, 'plain.log');
  writeFileSync(here, 'one\ntwo\n');
  expect(read(here)).toHaveLength(2);
  expect(read('boot 4')).toContain('There is no file boot 4');
});

it('what is no session is not taken for one: another archive, a folder of something else, what is cut', () => {
  const tar = Buffer.alloc(2048);
  tar.write('other/session.json', 0);
  tar.write('ustar', 257);
  const files = { 'other.tar': tar, 'cut.tar': tar.subarray(0, 300), 'text.tar': Buffer.from('text\n') };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytes);
    expect([name, isRecording(join(folder, name))]).toEqual([name, false]);
  }
  expect([folder, join(folder, 'nowhere'), packed, path].map(isRecording)).toEqual([false, false, true, true]);
});
