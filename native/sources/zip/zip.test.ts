/** Zip files as people send them, and as nobody should: opened as the logs in them, or refused by one sentence. */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCases } from '../../core/test-support.ts';
import { type FileRow, rowsOf, withFile } from '../file/test-support.ts';
import { openFileSource } from '../open-file.ts';
import type { LogSource } from '../source.ts';
import { type ZipFile, zipOf } from './test-support.ts';
import { logsAt } from './zip-source.ts';

const LOG = '1\t0.5\t[4] first\t\r\n2\t0.75\t[4] second\t\r\n';
const IMAGE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);

function open(path: string, options = {}): LogSource {
  const source = openFileSource(path, { locale: 'en-US', offsetMinutes: () => 60, ...options });
  if (!source.ok) throw new Error(source.failure.message);
  return source.value;
}

/** Reads a source to its end. */
async function drain(source: LogSource): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for (;;) {
    const { state, more } = source.poll((batch) => rows.push(...rowsOf(batch)));
    if (state !== 'capturing') break;
    if (!more) await new Promise((resolve) => setImmediate(resolve));
  }
  source.close(() => {});
  return rows;
}

const textsOf = async (path: string): Promise<string[]> => (await drain(open(path))).map(({ text }) => text);

/** Why a zip file is not opened, with `ZIP` for its path. */
async function refusalOf(zip: Uint8Array): Promise<string> {
  let said = '';
  await withFile(zip, (path) => {
    const opened = openFileSource(path);
    said = opened.ok ? 'opened' : `${opened.failure.code}: ${opened.failure.message.replaceAll(path, 'ZIP')}`;
    expect(logsAt(path).ok).toBe(opened.ok);
  });
  return said;
}

describe('a zip file', () => {
  it.each([
    ['deflated', 8],
    ['stored', 0],
  ])('of one log is opened as that, %s', (_, method) =>
    withFile(zipOf([{ name: 'boot/dbgview.LOG', data: LOG, method }]), async (path) => {
      expect(logsAt(path)).toEqual({ ok: true, value: [path] });
      const source = open(path);
      expect(source.info).toMatchObject({ name: path, file: { path: `${resolve(path)}/boot/dbgview.LOG` } });
      expect((await drain(source)).map(({ pid, text }) => [pid, text])).toEqual([
        [4, 'first'],
        [4, 'second'],
      ]);
      expect(source.stats()).toMatchObject({ state: 'ended', failure: null, file: { format: 'DebugView log' } });
    }),
  );

  it('of several is as many logs, each by its path, and what is none is left out', () => {
    const files: ZipFile[] = [
      { name: 'a.LOG', data: LOG },
      { name: 'sub/', data: '', method: 0 },
      { name: 'sub\\b.txt', data: Buffer.from('\ufeffone\r\ntwo\r\n', 'utf16le') },
      { name: 'Gerät.csv', data: 'time,message\n1,three\n', flags: 0 },
      { name: 'shot.png', data: IMAGE },
      { name: 'empty.log', data: '' },
      { name: '__MACOSX/._a.LOG', data: 'of no use' },
    ];
    return withFile(zipOf(files, { comment: 'sent by a colleague' }), async (path) => {
      const logs = logsAt(path);
      expect(logs).toEqual({ ok: true, value: ['a.LOG', 'sub/b.txt', 'Gerät.csv'].map((name) => `${path}/${name}`) });
      if (!logs.ok) return;
      const texts = [];
      for (const log of logs.value) texts.push(await textsOf(log));
      expect(texts).toEqual([['first', 'second'], ['one', 'two'], ['three']]);
      const one = openFileSource(path);
      expect(one.ok ? '' : `${one.failure.message}. ${one.failure.action}`).toBe(
        `${path} holds 3 log files, and one source reads one of them. Name the one, such as ${path}/a.LOG`,
      );
      expect(openFileSource(`${path}/c.LOG`)).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
      expect(openFileSource(`${path}/a.LOG`, { follow: true })).toMatchObject({
        ok: false,
        failure: { message: expect.stringContaining('cannot be followed') },
      });
    });
  });

  it('has the times of a log without dates on the day on which that was written', () =>
    withFile(zipOf([{ name: 'a.LOG', data: '1\t10:00:00\ta\r\n2\t10:00:01\tb\r\n' }]), async (path) => {
      expect(new Date(open(path).info.startUnixMs).toISOString()).toBe('2026-11-28T09:00:00.000Z');
    }));

  it('of more than 4 GB is read by its zip64 directory', () =>
    withFile(zipOf([{ name: 'a.LOG', data: LOG }], { wide: true }), async (path) => {
      expect(await textsOf(path)).toEqual(['first', 'second']);
    }));

  it('that is a bomb never waits unpacked in memory', () =>
    withFile(zipOf([{ name: 'a.log', data: Buffer.alloc(100 * 1024 * 1024, 'a') }]), async (path) => {
      const source = open(path);
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      let bytes = 0;
      for (;;) {
        const { state, more } = source.poll((batch) => {
          for (let row = 0; row < batch.count; row++) bytes += batch.dataLength[row] as number;
        });
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        if (state !== 'capturing') break;
        if (!more) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(bytes).toBe(100 * 1024 * 1024);
      expect(most).toBeLessThan(60 * 1024 * 1024);
    }));
});

describe('a zip file is refused by one sentence', () => {
  const one = (says: Partial<ZipFile>): Buffer => zipOf([{ name: 'a.log', data: LOG, ...says }]);
  const cases: [string, Buffer, RegExp][] = [
    ['cut off', one({}).subarray(0, -30), /^bad-argument: ZIP is a damaged zip file: it has no directory at its end$/],
    ['without its begin', Buffer.concat([one({}).subarray(0, 4), one({}).subarray(40)]), /damaged zip file/],
    ['encrypted', one({ flags: 1 }), /^bad-argument: ZIP is encrypted: a\.log$/],
    ['packed otherwise', one({ method: 14 }), /has a\.log packed by method 14, which is not read$/],
    ['with a path that leads out', one({ name: '../../etc/passwd' }), /outside of itself: "\.\.\/\.\.\/etc\/passwd"$/],
    ['with a path of Windows that leads out', one({ name: '..\\x' }), /names a file outside of itself/],
    ['with a path from the root', one({ name: '/etc/passwd' }), /names a file outside of itself/],
    ['with a path of a drive', one({ name: 'C:x.log' }), /names a file outside of itself/],
    [
      'that names a file twice',
      zipOf([
        { name: 'a', data: 'x' },
        { name: 'a', data: 'y' },
      ]),
      /it names a twice$/,
    ],
    ['with more than it can hold', one({ says: { bytes: 1 << 30 } }), /a\.log cannot unpack to 1,073,741,824 bytes$/],
    ['with a file beyond its end', one({ says: { packedBytes: 1 << 20 } }), /a\.log lies beyond its end$/],
    ['with a file that has no header', one({ says: { headerAt: 3 } }), /a\.log has no header$/],
    [
      'whose files lie over each other',
      zipOf(
        [1, 2, 3].map((n) => ({
          ...{ name: `${n}.log`, data: 'x'.repeat(100), method: 0 },
          says: { headerAt: 0, bytes: 300, packedBytes: 300 },
        })),
      ),
      /its files lie over each other$/,
    ],
    ['of no log', zipOf([{ name: 'shot.png', data: IMAGE }]), /^bad-argument: ZIP holds no log file$/],
    ['of nothing', zipOf([]), /^bad-argument: ZIP holds no log file$/],
    [
      'of too many',
      zipOf(Array.from({ length: 33 }, (_, n) => ({ name: `${n}.log`, data: LOG }))),
      /^bad-argument: ZIP holds 33 log files$/,
    ],
    [
      'of far too many files',
      zipOf(Array.from({ length: 300 }, (_, n) => ({ name: `${n}.png`, data: IMAGE }))),
      /^bad-argument: ZIP holds 300 files$/,
    ],
    [
      'with a count that cannot be',
      zipOf([{ name: 'a', data: 'x' }], { count: 60_000 }),
      /names 60,000 files in 47 bytes$/,
    ],
  ];
  it.each(cases)('%s', async (_, zip, said) => {
    expect(await refusalOf(zip)).toMatch(said);
  });
});

describe('a file in a zip file that is not what its directory says', () => {
  it.each([
    ['of another checksum', { crc32: 7 }, 'damaged'],
    ['longer', { bytes: 20 }, 'unpacks to more'],
    ['shorter', { bytes: 60 }, 'damaged'],
  ])('%s is read as far as it goes, and that is told', (_, says, words) =>
    withFile(zipOf([{ name: 'a.LOG', data: LOG, says }]), async (path) => {
      const source = open(path);
      await drain(source);
      expect(source.stats()).toMatchObject({ state: 'failed', failure: { code: 'io-error' } });
      expect(source.stats().failure?.message).toContain(words);
    }),
  );
});

it('any damage to a zip file comes to rows, or to one sentence', async () => {
  const whole = zipOf([
    { name: 'a.LOG', data: LOG.repeat(20) },
    { name: 'b.txt', data: 'plain\n'.repeat(50), method: 0 },
  ]);
  const cases = countCases('refused', 'read');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: whole.length }),
      fc.boolean(),
      async (changes, length, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        await withFile(cut ? bytes.subarray(0, length) : bytes, async (path) => {
          const logs = logsAt(path);
          cases.note(logs.ok ? 'read' : 'refused');
          for (const log of logs.ok ? logs.value : []) {
            const opened = openFileSource(log);
            if (opened.ok) await drain(opened.value);
          }
        });
      },
    ),
    { numRuns: 200 },
  );
  cases.expectEach(10);
});
