import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LogSource } from '../source.ts';
import { type FileSource, openFeedSource, openStreamSource, openTextFile } from './file-source.ts';
import { StreamFeed } from './stream-feed.ts';
import { type FileRow, rowsOf, withFile } from './test-support.ts';

function open(path: string, options = {}): FileSource {
  const source = openTextFile(path, { locale: 'en-US', offsetMinutes: () => 60, ...options });
  if (!source.ok) throw new Error(source.failure.message);
  return source.value;
}

/** Polls until the source ended or has nothing more; what a stream is waited for is given by the event loop. */
async function drain(source: LogSource, rows: FileRow[] = []): Promise<FileRow[]> {
  for (;;) {
    const { state, more } = source.poll((batch) => rows.push(...rowsOf(batch)));
    if (state !== 'capturing') return rows;
    if (!more) await new Promise((resolve) => setImmediate(resolve));
  }
}

const poll = (source: LogSource): string[] => {
  const rows: FileRow[] = [];
  source.poll((batch) => rows.push(...rowsOf(batch)));
  return rows.map(({ text }) => text);
};

describe('a log file', () => {
  it('ends when it was read, with progress and figures', () =>
    withFile('1\t0.5\ta\r\n2\t0.75\tb\r\n', async (path) => {
      const source = open(path);
      expect((await drain(source)).map(({ text }) => text)).toEqual(['a', 'b']);
      expect(source.stats()).toMatchObject({
        state: 'ended',
        failure: null,
        cpus: [{ cpu: 0, read: 2, firstIndex: 1, lastIndex: 2 }],
        file: { readBytes: 19, totalBytes: 19, ended: true, format: 'DebugView log', broken: { count: 0 } },
      });
      source.close(() => {});
      source.close(() => {});
    }));

  it('with a message that no row can hold has all of it in several, of one time, and says so', async () => {
    const long = 'ü😀x'.repeat(60_000);
    const lines = [
      JSON.stringify({ time: 1, message: long.slice(0, 150_000) }),
      JSON.stringify({ time: 2, message: 'next' }),
    ];
    await withFile(`${lines.join('\n')}\n`, async (path) => {
      const source = open(path);
      const rows = await drain(source);
      expect(rows.at(-1)?.text).toBe('next');
      const parts = rows.slice(0, -1);
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.map(({ text }) => text).join('')).toBe(long.slice(0, 150_000));
      expect(new Set(parts.map(({ timeNs }) => timeNs)).size).toBe(1);
      expect(JSON.stringify(source.stats().file?.broken)).toContain('longer than the 65,536 bytes of a row');
    });
  });

  it('of ten thousand columns has its times and messages, though its first lines take more than is usually looked at', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => (at === 7 ? 'time' : at === 9000 ? 'message' : `c${at}`));
    const record = (second: number): string =>
      names
        .map((name) => (name === 'time' ? `2026-03-09T12:00:0${second}Z` : name === 'message' ? `m${second}` : '1'))
        .join(',');
    return withFile([names.join(','), record(1), record(3)].map((line) => `${line}\r\n`).join(''), async (path) => {
      const source = open(path);
      const rows = await drain(source);
      expect(rows.map(({ text }) => text.slice(0, 9))).toEqual([
        // What is longer than a row goes on in the next.
        ...['m1 c0=1 c', 'c8331=1 c', 'm3 c0=1 c', 'c8331=1 c'],
      ]);
      expect(rows.map(({ timeNs }) => timeNs)).toEqual([0, 0, 2e9, 2e9]);
      expect(source.info.startUnixMs).toBe(Date.UTC(2026, 2, 9, 12, 0, 1));
      expect(source.stats().file).toMatchObject({ format: 'CSV', broken: { count: 2 } });
    });
  });

  it('gives its first rows after one bounded piece, whatever its size', () =>
    withFile('2026-11-28 10:00:00 some text of a usual length for a log\n'.repeat(200_000), async (path) => {
      const source = open(path);
      let first = 0;
      const { more } = source.poll((batch) => {
        first += batch.count;
      });
      expect(first).toBeGreaterThan(1000);
      expect(first).toBeLessThan(100_000);
      expect(more).toBe(true);
      expect((await drain(source)).length + first).toBe(200_000);
    }));

  it('is let go in the middle when nobody wants more: what was read is handed on, and it has not ended', () =>
    withFile('2026-11-28 10:00:00 some text of a usual length for a log\n'.repeat(200_000), (path) => {
      const source = open(path);
      let rows = 0;
      source.poll((batch) => {
        rows += batch.count;
      });
      source.close((batch) => {
        rows += batch.count;
      });
      const { state, file } = source.stats();
      expect([state, file?.ended]).toEqual(['capturing', false]);
      expect(file?.readBytes).toBeLessThan(file?.totalBytes ?? 0);
      // Every line before the place that was reached is a row, the one that it lies in too.
      expect(rows).toBe(Math.ceil((file?.readBytes ?? 0) / 58));
      expect(source.poll(() => expect.unreachable())).toMatchObject({ rows: 0, more: false });
    }));

  it(
    'of one endless line takes a bounded part of it into memory, and loses nothing of it',
    () =>
      withFile('', (path) => {
        const bytes = 200 * 1024 * 1024;
        truncateSync(path, bytes);
        const source = open(path);
        const before = process.memoryUsage().arrayBuffers;
        let most = 0;
        let read = 0;
        let shares = 0;
        for (let state = 'capturing'; state === 'capturing'; shares++) {
          ({ state } = source.poll((batch) => {
            for (let row = 0; row < batch.count; row++) read += batch.dataLength[row] as number;
          }));
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          expect(source.stats().file?.readBytes).toBe(Math.min(bytes, (shares + 1) * 4 * 1024 * 1024));
        }
        expect(read).toBe(bytes);
        expect(most).toBeLessThan(64 * 1024 * 1024);
      }),
    60_000,
  );

  it('keeps a message of several lines together across the pieces it is read in', () =>
    withFile(`${'1\t0.5\tfirst\r\nmore\r\n'.repeat(300_000)}`, async (path) => {
      const rows = await drain(open(path));
      expect(rows.length).toBe(300_000);
      expect(rows.every(({ text }) => text === 'first\nmore')).toBe(true);
    }));

  it('packed by gzip is read as what it holds', () =>
    withFile(gzipSync('1\t0.5\ta\r\n2\t0.75\tb\r\n'), async (path) => {
      const source = open(path);
      expect((await drain(source)).map(({ text }) => text)).toEqual(['a', 'b']);
      expect(source.reading?.format).toBe('debugview');
    }));

  it('packed by gzip and cut keeps what could be read, and says so', () =>
    withFile(gzipSync(Buffer.from('1\t0.5\tabc\r\n'.repeat(100_000))).subarray(0, 800), async (path) => {
      const source = open(path);
      const rows = await drain(source);
      expect(rows.length).toBeGreaterThan(0);
      expect(source.stats()).toMatchObject({ state: 'failed', failure: { code: 'io-error' } });
    }));

  it(
    'that is a gzip bomb never waits unpacked in memory',
    () =>
      withFile(gzipSync(Buffer.alloc(100 * 1024 * 1024)), async (path) => {
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
        expect(most).toBeLessThan(90 * 1024 * 1024);
      }),
    60_000,
  );

  it('is followed while it grows, when it is cut, and when it is replaced', () =>
    withFile('14:00:00 a\n', (path) => {
      let now = 0;
      const source = open(path, { follow: true, milliseconds: () => now });
      const later = (): string[] => {
        now += 1000;
        return poll(source);
      };
      expect(later()).toEqual(['a']);
      appendFileSync(path, '14:00:01 b\n14:00:02 c');
      // A line without an end may still be written.
      expect(later()).toEqual(['b']);
      appendFileSync(path, 'd\n');
      expect(later()).toEqual(['cd']);
      truncateSync(path, 0);
      writeFileSync(path, '14:00:09 e\n', { flag: 'r+' });
      expect(later()).toEqual(['e']);
      writeFileSync(`${path}.new`, '14:01:00 f\n');
      renameSync(`${path}.new`, path);
      expect(later()).toEqual(['f']);
      expect(source.stats().file?.broken.places.map(({ problem }) => problem)).toEqual([
        expect.stringContaining('cut'),
        expect.stringContaining('replaced'),
      ]);
      source.close(() => {});
    }));

  it('that is replaced by one of another format and encoding is read as that, and its times go on', () =>
    withFile(Buffer.from('\ufeff1\t0.50\ta\r\n2\t0.75\tb\r\n', 'utf16le'), (path) => {
      let now = 0;
      const source = open(path, { follow: true, milliseconds: () => now });
      const later = (): FileRow[] => {
        now += 1000;
        const rows: FileRow[] = [];
        source.poll((batch) => rows.push(...rowsOf(batch)));
        return rows;
      };
      const replace = (content: string | Uint8Array): void => {
        writeFileSync(`${path}.new`, content);
        renameSync(`${path}.new`, path);
      };
      const shown = (rows: FileRow[]) => rows.map(({ index, timeNs, text }) => [index, timeNs / 1e9, text]);
      expect(shown(later())).toEqual([
        [1, 0.5, 'a'],
        [2, 0.75, 'b'],
      ]);
      replace(Buffer.from('\ufeff1\t0.25\tc\r\n', 'utf16le'));
      expect(shown(later())).toEqual([[1, 1, 'c']]);
      replace('{"time_us":500000,"message":"d"}\n{"time_us":750000,"message":"e"}\n');
      expect(shown(later())).toEqual([
        [2, 1.5, 'd'],
        [3, 1.75, 'e'],
      ]);
      expect(source.stats().file).toMatchObject({ format: 'JSON Lines', encoding: 'utf-8', broken: { count: 2 } });
      source.close(() => {});
    }));

  it('that is empty at first is judged by what is written into it', () =>
    withFile('', (path) => {
      let now = 0;
      const source = open(path, { follow: true, milliseconds: () => now });
      expect(poll(source)).toEqual([]);
      expect(source.stats().file).toMatchObject({ format: null, encoding: null, ended: false });
      // A part of a line says little: it is waited for the rest.
      appendFileSync(path, '{"message"');
      now += 20;
      expect(poll(source)).toEqual([]);
      appendFileSync(path, ':"a","level":"error"}\n');
      now += 20;
      expect(poll(source)).toEqual(['a']);
      expect(source.stats().file?.format).toBe('JSON Lines');
      source.close(() => {});
    }));

  it('that is removed while it is followed is waited for, and its successor read', () =>
    withFile('14:00:00 a\n', (path) => {
      let now = 0;
      const source = open(path, { follow: true, milliseconds: () => now });
      const later = (): string[] => {
        now += 1000;
        return poll(source);
      };
      expect(later()).toEqual(['a']);
      renameSync(path, `${path}.1`);
      appendFileSync(`${path}.1`, '14:00:01 b\n');
      expect([later(), later()]).toEqual([['b'], []]);
      writeFileSync(path, '14:00:02 c\n');
      expect(later()).toEqual(['c']);
      expect(source.stats().state).toBe('capturing');
      source.close(() => {});
    }));

  it.each([
    ['/nowhere/log', 'source-not-found'],
    ['/', 'bad-argument'],
    ['/dev/zero', 'bad-argument'],
  ])('%s is refused with its reason', (path, code) => {
    const opened = openTextFile(path);
    expect(opened).toMatchObject({ ok: false, failure: { code } });
  });

  it('with an encoding or a format that nobody knows is refused', () =>
    withFile('a', (path) => {
      expect(openTextFile(path, { encoding: 'klingon' })).toMatchObject({
        ok: false,
        failure: { code: 'bad-argument' },
      });
      expect(openTextFile(path, { format: 'xml' as 'csv' })).toMatchObject({
        ok: false,
        failure: { code: 'bad-argument' },
      });
    }));
});

describe('a stream', () => {
  it('is judged by what it says first, and shown while it goes on', async () => {
    let now = 0;
    const stream = new PassThrough();
    const source = openStreamSource(stream, 'standard input', { milliseconds: () => now, locale: 'en-US' });
    expect(poll(source)).toEqual([]);
    stream.write('1\t0.5\ta\r\n');
    await new Promise((resolve) => setImmediate(resolve));
    poll(source);
    now += 1000;
    expect(poll(source)).toEqual(['a']);
    stream.end('2\t0.75\tb\r\n');
    expect((await drain(source)).map(({ text }) => text)).toEqual(['b']);
    expect(source.reading?.format).toBe('debugview');
    expect(source.stats().state).toBe('ended');
  });

  it('packed by gzip is unpacked, wherever its pieces are cut', async () => {
    const packed = gzipSync('1\t0.5\ta\r\n2\t0.75\tb\r\n'.repeat(5000));
    for (const piece of [1, 7, 1000, packed.length]) {
      const pieces = Array.from({ length: Math.ceil(packed.length / piece) }, (_, at) =>
        packed.subarray(at * piece, (at + 1) * piece),
      );
      const source = openStreamSource(Readable.from(pieces, { objectMode: false }), 'standard input', {});
      const rows = await drain(source);
      expect([rows.length, rows[1]?.text]).toEqual([10_000, 'b']);
      expect(source.stats()).toMatchObject({
        state: 'ended',
        file: { totalBytes: null, ended: true, format: 'DebugView log' },
      });
      expect(source.info.file).toEqual({ path: null });
    }
  });

  it('that breaks, or is no more packed than it says, keeps what came and names what is wrong', async () => {
    const cut = gzipSync('1\t0.5\ta\r\n'.repeat(100_000)).subarray(0, 500);
    const source = openStreamSource(Readable.from([cut], { objectMode: false }), 'standard input', {});
    expect((await drain(source)).length).toBeGreaterThan(0);
    expect(source.stats()).toMatchObject({ state: 'failed', failure: { code: 'io-error' } });
    const broken = new PassThrough();
    const other = openStreamSource(broken, 'standard input', {});
    broken.write('1\t0.5\ta\r\n');
    await new Promise((resolve) => setImmediate(resolve));
    broken.destroy(new Error('the other end is gone'));
    await drain(other);
    expect(other.stats().failure?.message).toContain('the other end is gone');
  });

  it('that states no wall clock says that its begin is an estimate', async () => {
    const day = { offsetMinutes: () => 0 };
    for (const [text, estimated] of [
      ['no time\nin any line\n', true],
      ['1\t0.50000000\t[4] a\r\n2\t0.60000000\t[4] b\r\n', true],
      ['2020-01-02 03:04:05.500 a\n', undefined],
    ] as const) {
      const feed = new StreamFeed('standard input', Readable.from([Buffer.from(text)]));
      await feed.spoken;
      const opened = openFeedSource(feed, 'standard input', day);
      if (!opened.ok) throw new Error(opened.failure.message);
      expect(opened.value.info.startEstimated, text).toBe(estimated);
      await drain(opened.value);
    }
  });

  it('that states full dates begins at its first, whether it had spoken before it was opened or not', async () => {
    const text = '2020-01-02 03:04:05.500 a\n2020-01-02 03:04:06.000 b\n';
    const day = { offsetMinutes: () => 0 };
    const wallOf = (source: FileSource, rows: FileRow[]): string[] =>
      rows.map(({ timeNs }) => new Date(Math.round(source.info.startUnixMs + timeNs / 1e6)).toISOString());
    const walls = ['2020-01-02T03:04:05.500Z', '2020-01-02T03:04:06.000Z'];

    const early = openStreamSource(Readable.from([Buffer.from(text)]), 'standard input', day);
    expect(wallOf(early, await drain(early))).toEqual(walls);

    const feed = new StreamFeed('standard input', Readable.from([Buffer.from(text)]));
    await feed.spoken;
    const late = openFeedSource(feed, 'standard input', day);
    if (!late.ok) throw new Error(late.failure.message);
    expect(late.value.info.startUnixMs).toBe(Date.UTC(2020, 0, 2, 3, 4, 5, 500));
    expect(late.value.info.startEstimated).toBeUndefined();
    expect(wallOf(late.value, await drain(late.value))).toEqual(walls);
  });

  it('of a million pieces of one byte is held back, and read whole', async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const feed = new StreamFeed('pieces', stream);
    let waiting = 0;
    const bytes = Buffer.from('x\n'.repeat(20_000));
    let sent = 0;
    let got = 0;
    while (got < bytes.length) {
      for (; sent < bytes.length && !stream.writableNeedDrain; sent++) stream.write(bytes.subarray(sent, sent + 1));
      await new Promise((resolve) => setImmediate(resolve));
      waiting = Math.max(waiting, sent - got);
      for (let fed = feed.next(); fed.kind === 'bytes'; fed = feed.next()) got += fed.bytes.length;
    }
    expect(waiting).toBeLessThan(10_000);
    feed.close();
  });

  it('of records of Windows is refused with words rather than read as text', async () => {
    const source = openStreamSource(Readable.from([Buffer.from('ElfFile\0'.padEnd(200, '\0'))]), 'standard input', {});
    expect(await drain(source)).toEqual([]);
    expect(source.stats()).toMatchObject({ state: 'failed', failure: { code: 'bad-argument' } });
  });

  it('without an end is left when nobody wants more', async () => {
    const stream = new PassThrough();
    const source = openStreamSource(stream, 'standard input', {});
    stream.write('1\t0.5\ta\r\n2\t0.7');
    await new Promise((resolve) => setImmediate(resolve));
    poll(source);
    const rows: FileRow[] = [];
    source.close((batch) => rows.push(...rowsOf(batch)));
    expect(rows.map(({ text }) => text)[0]).toBe('a');
    expect(source.stats().state).toBe('capturing');
  });
});
