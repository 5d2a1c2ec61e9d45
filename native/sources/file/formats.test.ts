import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Level } from '../../core/entry.ts';
import { countCases } from '../../core/test-support.ts';
import { cut, hasRealLogs, read, realLogs } from './test-support.ts';

const texts = (content: string | Uint8Array): string[] => read(content).rows.map(({ text }) => text);
const SECOND = 1e9;

describe('a DebugView log', () => {
  it('is read in its elapsed mode, with and without the tab at the end, with pids and without', () => {
    const { rows, format } = read(
      '00000001\t0.00000000\t[1980] first\t\r\n00000002\t0.25000010\tof the kernel\r\n00000003\t12.50000000\t[7] \t\r\n',
    );
    expect(format).toBe('debugview');
    expect(rows.map(({ index, timeNs, pid, text }) => [index, timeNs, pid, text])).toEqual([
      [1, 0, 1980, 'first'],
      [2, 250_000_100, 0, 'of the kernel'],
      [3, 12.5 * SECOND, 7, ''],
    ]);
  });

  it('is read in its clock modes, in 24 and 12 hours, with and without milliseconds, past midnight', () => {
    const { rows } = read(
      '1\t23:59:58\ta\r\n2\t23:59:58.250\tb\r\n3\t0:00:01\tc\r\n4\t12:00:02 AM\td\r\n5\t01:00:00.500 PM\te\r\n',
    );
    const begin = 23 * 3600 + 59 * 60 + 58;
    expect(rows.map(({ timeNs }) => timeNs / SECOND)).toEqual([0, 0.25, 3, 4, 86_400 + 13 * 3600 + 0.5 - begin]);
  });

  it('goes on where the time mode is switched in the middle: the first time of the new mode is that of the last of the old', () => {
    const { rows } = read(
      '1\t5.00000000\ta\r\n2\t6.50000000\tb\r\n3\t14:00:00\tc\r\n4\t14:00:02\td\r\n5\t9.0\te\r\n6\t9.5\tf\r\n',
    );
    expect(rows.map(({ timeNs }) => timeNs / SECOND)).toEqual([5, 6.5, 6.5, 8.5, 8.5, 9]);
  });

  it('leaves the line with the name of the computer out, and keeps messages of several lines together', () => {
    const { rows } = read(
      '[\\\\BUILD-7]\r\n00000001\t0.1\t[1] one\r\ntwo\r\n\r\nthree\t4\r\n00000002\t0.2\tnext\t\r\n',
    );
    expect(rows.map(({ text }) => text)).toEqual(['one\ntwo\n\nthree\t4', 'next']);
  });

  it('shows an empty message as empty, and numbers of more than eight digits as they are', () => {
    const { rows } = read('123456789\t0.5\t \r\n123456790\t0.6\tx\r\n');
    expect(rows.map(({ index, text }) => [index, text])).toEqual([
      [123456789, ''],
      [123456790, 'x'],
    ]);
  });

  it.each([
    ['gb18030', 'zh-CN', [0xc9, 0xe8, 0xb1, 0xb8], '设备'],
    ['shift_jis', 'ja-JP', [0x83, 0x65], 'テ'],
    ['windows-1251', 'ru-RU', [0xee, 0xf8, 0xe8, 0xe1, 0xea, 0xe0], 'ошибка'],
    ['windows-1252', 'de-DE', [0xfc], 'ü'],
  ])('in the code page %s is read as such where the machine speaks %s', (encoding, locale, bytes, text) => {
    const head = new TextEncoder().encode('1\t0.5\t');
    const file = Uint8Array.from([...head, ...bytes, 13, 10]);
    const found = read(file, { locale });
    expect(found.encoding).toBe(encoding);
    expect(found.rows[0]?.text).toBe(text);
    expect(read(file, { locale: 'en-US', encoding }).rows[0]?.text).toBe(text);
  });

  it.each([
    ['utf-16le', true],
    ['utf-16be', true],
    ['utf-16le', false],
    ['utf-8', true],
  ])('in %s is recognised, with a mark: %s', (encoding, mark) => {
    const text = `${mark ? '\ufeff' : ''}1\t0.5\tgrün 设备 \ud83d\ude00\r\n2\t0.75\tnext\r\n`;
    const le = Buffer.from(text, 'utf16le');
    const bytes = encoding === 'utf-8' ? Buffer.from(text) : encoding === 'utf-16le' ? le : Buffer.from(le).swap16();
    for (const piece of [1, 3, 1000]) {
      const { rows } = read(new Uint8Array(bytes), {}, piece);
      expect(rows.map((row) => row.text)).toEqual(['grün 设备 \ud83d\ude00', 'next']);
    }
  });

  const real = realLogs('dbgview-clock-time.log');
  it.skipIf(!hasRealLogs('dbgview-clock-time.log'))('of a real machine gives every line as a row', () => {
    const bytes = readFileSync(real);
    const { rows, format } = read(bytes);
    const lines = bytes.toString('latin1').trimEnd().split('\r\n');
    expect(format).toBe('debugview');
    expect(rows.length).toBe(lines.filter((line) => /^\d{8}\t/.test(line)).length);
    expect(rows[0]).toMatchObject({ index: 8, pid: 1980, timeNs: 0 });
  });
});

describe('a DebugView++ log', () => {
  it('is read in its version 1, with process names', () => {
    const { rows, format, startUnixMs, reader } = read(
      '0.000000\t2026/11/28 14:03:22.500\t0\t[internal]\tFile Identification Header, DebugView++ Format Version 1\n' +
        '0.100000\t2026/11/28 14:03:22.600\t42\tnotepad.exe\thello\tworld\n',
    );
    expect(format).toBe('dblog');
    expect(rows).toMatchObject([{ pid: 42, text: 'hello\tworld', timeNs: 0 }]);
    expect(startUnixMs).toBe(Date.UTC(2026, 10, 28, 13, 3, 22, 600));
    expect(reader.processNames.get(42)).toBe('notepad.exe');
  });

  it('is read in the older form with a FILETIME', () => {
    const unixMs = Date.UTC(2015, 4, 6, 7, 8, 9, 10);
    const fileTime = (BigInt(unixMs) + 11_644_473_600_000n) * 10_000n;
    const { rows, startUnixMs } = read(
      `0.0\t${fileTime}\t1\ta.exe\tFile Identification Header, DebugView++ Format Version 1\n0.5\t${fileTime + 5n}\t1\ta.exe\tx\n`,
    );
    expect(startUnixMs).toBeCloseTo(unixMs + 0.0005, 3);
    expect(rows).toMatchObject([{ text: 'x', pid: 1 }]);
  });
});

describe('plain text', () => {
  it.each([
    ['2026-11-28T14:03:22.5Z first', 'first', Date.UTC(2026, 10, 28, 14, 3, 22, 500)],
    ['2026-11-28 14:03:22,250 first', 'first', Date.UTC(2026, 10, 28, 13, 3, 22, 250)],
    ['2026/11/28 14:03:22 - first', 'first', Date.UTC(2026, 10, 28, 13, 3, 22)],
    ['2026-11-28T14:03:22+05:30 first', 'first', Date.UTC(2026, 10, 28, 8, 33, 22)],
    ['[2026-11-28 14:03:22.000] first', 'first', Date.UTC(2026, 10, 28, 13, 3, 22)],
    ['Nov 28 14:03:22 host cron[7]: x', 'host cron[7]: x', Date.UTC(2026, 10, 28, 13, 3, 22)],
    ['<13>Nov  8 14:03:22 host x', 'host x', Date.UTC(2026, 10, 8, 13, 3, 22)],
    ['<34>1 2026-11-28T14:03:22Z host app', 'host app', Date.UTC(2026, 10, 28, 14, 3, 22)],
    ['[Sat Nov 28 14:03:22 2026] usb 1-1', 'usb 1-1', Date.UTC(2026, 10, 28, 13, 3, 22)],
    ['14:03:22.125 first', 'first', Date.UTC(2026, 10, 28, 13, 3, 22, 125)],
  ])('%s has its time', (line, text, unixMs) => {
    const { rows, startUnixMs, format } = read(`${line}\nsecond\n`);
    expect(format).toBe('plain');
    expect(startUnixMs).toBe(unixMs);
    expect(rows.map((row) => row.text)).toEqual([text, 'second']);
  });

  it('of the kernel of Linux has seconds since boot', () => {
    const { rows } = read('[    0.000000] Linux version 6\n[   12.345678] usb 1-1: new device\n');
    expect(rows.map(({ timeNs, text }) => [timeNs, text])).toEqual([
      [0, 'Linux version 6'],
      [12_345_678_000, 'usb 1-1: new device'],
    ]);
  });

  it.each([
    ['2026-11-28 04:30:30, Info                  CBS    Loaded', Level.Info],
    ['2026-11-28 04:30:30, Error                 CBS    Failed', Level.Error],
    ['14:00:00 [WARN] disk is nearly full', Level.Warning],
    ['14:00:00 E/Tag: failed', Level.Error],
    ['<11>Nov 28 14:03:22 host x', Level.Error],
    ['[DEBUG] reading', Level.Trace],
    ['14:00:00 no error was found', Level.Info],
    ['an information desk', Level.Info],
  ])('%s has its level', (line, level) => {
    expect(read(`${line}\n`).rows[0]?.level).toBe(level);
  });

  it('keeps lines that stand further in with the message above them', () => {
    expect(texts('14:00:00 crash\n   at f()\n   at g()\n14:00:01 next\n')).toEqual([
      'crash\n   at f()\n   at g()',
      'next',
    ]);
  });

  it.each(['a\r\nb\nc\rd', 'a\rb\rc\rd\r', 'a\nb\nc\nd\n'])('has mixed line ends in %j', (content) => {
    for (const piece of [1, 2, 100]) {
      expect(read(content, {}, piece).rows.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
    }
  });

  const real = realLogs('windows-servicing-2k.log');
  it.skipIf(!hasRealLogs('windows-servicing-2k.log'))('of a real machine has a time and a level in each line', () => {
    const { rows, format } = read(readFileSync(real));
    expect(format).toBe('plain');
    expect(rows.length).toBe(2000);
    expect(rows.every((row) => row.level === Level.Info)).toBe(true);
    expect(rows.at(-1)?.timeNs).toBeGreaterThan(0);
  });
});

describe('CSV', () => {
  it('is read by the names of its columns, with quotes, line breaks in them, and foreign columns kept', () => {
    const { rows, format, reader } = read(
      'Time,PID,Level,Colour,Message\r\n0.5,7,warning,red,"a ""b"", c"\r\n1.5,8,error,,"two\r\nlines"\r\n2,9,info\r\n',
    );
    expect(format).toBe('csv');
    expect(rows.map(({ timeNs, pid, level, text }) => [timeNs / SECOND, pid, level, text])).toEqual([
      [0.5, 7, Level.Warning, 'a "b", c Colour=red'],
      [1.5, 8, Level.Error, 'two\r\nlines'],
      [2, 9, Level.Info, ''],
    ]);
    expect(reader.broken.count).toBe(1);
    expect(reader.broken.places[0]?.problem).toContain('3 values');
  });

  it('may be separated by semicolons or tabs', () => {
    expect(texts('time;message\n1;a,b\n')).toEqual(['a,b']);
    expect(texts('time\tmessage\n1\ta;b\n')).toEqual(['a;b']);
  });

  it('whose columns are called like properties of every object has none of ours', () => {
    expect(read('constructor,b\n1,2\n', { format: 'csv' }).rows.map(({ text }) => text)).toEqual([
      'constructor,b',
      '1,2',
    ]);
  });

  it('of ours has losses again', () => {
    const { rows } = read(
      'index,time_us,cpu,pid,level,type,remarks,message\n1,0.500,2,7,error,0,5,x\n2,1.000,3,,lost,0,37,37 records lost\n',
    );
    expect(rows).toMatchObject([
      { lost: false, index: 1, timeNs: 500, cpu: 2, pid: 7, level: Level.Error, text: 'x' },
      { lost: true, index: 2, timeNs: 1000, cpu: 3 },
    ]);
  });

  it('with ten thousand columns is read, and in bounded time', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => (at === 0 ? 'message' : `c${at}`)).join(',');
    const values = Array.from({ length: 10_000 }, (_, at) => String(at)).join(',');
    const { rows } = read(`${names},time\n${values},5\n`, { format: 'csv' });
    expect(rows[0]?.text.startsWith('0 c1=1 c2=2')).toBe(true);
  });
});

describe('JSON Lines', () => {
  it('is read by its keys, foreign ones kept, broken lines named and kept', () => {
    const { rows, format, reader } = read(
      '{"time_us":1.5,"cpu":3,"pid":4,"level":"error","message":"m","extra":{"a":1}}\n{"ts":"2026-11-28T14:00:00Z","msg":"n"}\n' +
        'no json\n{"lost":9,"index":4,"time_us":2,"cpu":1,"level":"lost","remarks":9,"message":"9 records lost"}\n[1]\n'.replace(
          'no json\n',
          '{"broken\n',
        ),
    );
    expect(format).toBe('jsonl');
    expect(rows.map(({ text }) => text)).toEqual(['m extra={"a":1}', 'n', '{"broken', '', '[1]']);
    expect(rows[0]).toMatchObject({ timeNs: 1500, cpu: 3, pid: 4, level: Level.Error });
    expect(rows[3]).toMatchObject({ lost: true, index: 4, cpu: 1 });
    expect(reader.broken.places.map(({ line }) => line)).toEqual([3, 5]);
  });
});

describe('any file', () => {
  const formats = ['debugview', 'dblog', 'csv', 'jsonl', 'plain'] as const;

  it('of any bytes is read to its end without an exception, and in any pieces to the same rows', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200, size: 'max' }),
      fc
        .constantFrom(
          '\r\n',
          '\n',
          '\t',
          '"',
          '1\t0.5\t[3] x',
          '{"a":1}',
          '2026-11-28 10:00:00 ',
          'time,message',
          '\ud800',
        )
        .map((text) => new Uint8Array(Buffer.from(text))),
    );
    const cases = countCases('row', 'a broken place', 'no row');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40, size: 'max' }),
        fc.constantFrom(...formats, 'auto' as const),
        fc.constantFrom('auto', 'utf-16le', 'shift_jis', 'windows-1252'),
        fc.integer({ min: 1, max: 64 }),
        (pieces, format, encoding, length) => {
          const content = new Uint8Array(Buffer.concat(pieces));
          const whole = read(content, { format, encoding });
          const cut = read(content, { format, encoding }, length);
          expect(cut.rows).toEqual(whole.rows);
          cases.note('row', whole.rows.length);
          cases.note('a broken place', whole.reader.broken.count > 0);
          cases.note('no row', whole.rows.length === 0);
        },
      ),
      { numRuns: 400 },
    );
    cases.expectEach(3);
  });

  it('with a single line beyond every bound keeps all of it, in rows of 64 KiB, and no character is cut', () => {
    const content = 'ü€\ud83d\ude00'.repeat(60_000);
    for (const piece of [1 << 20, 40_001]) {
      const { rows } = read(content, { format: 'plain' }, piece);
      expect(rows.map(({ text }) => text).join('')).toBe(content);
      expect(Math.max(...rows.map(({ text }) => Buffer.byteLength(text)))).toBeLessThanOrEqual(65_536);
    }
  });

  /** A file of these messages, a second apart. */
  const written: Readonly<Record<string, (messages: readonly string[]) => string>> = {
    'debugview, elapsed, with the tab at the end': (messages) =>
      messages.map((text, at) => `0000000${at}\t${at}.25000000\t[1980] ${text}\t\r\n`).join(''),
    'debugview, clock, without it': (messages) =>
      messages.map((text, at) => `0000000${at}\t10:00:0${at}.250\t${text}\r\n`).join(''),
    dblog: (messages) =>
      messages
        .map((text, at) => `${at}.250000\t2026/11/28 14:03:2${at}.500\t42\tnotepad.exe\t${text}\n`)
        .join(
          '0.000000\t2026/11/28 14:03:22.500\t0\t[internal]\tFile Identification Header, DebugView++ Format Version 1\n',
        ),
    plain: (messages) => messages.map((text, at) => `2026-11-28T14:03:2${at}.5Z ${text}\n`).join(''),
    csv: (messages) => `time,message\n${messages.map((text, at) => `${at},"${text}"\n`).join('')}`,
    jsonl: (messages) =>
      messages.map((text, at) => `${JSON.stringify({ time: at, pid: 4, message: text })}\n`).join(''),
    ringview: (messages) =>
      `# RingView log of x\n${messages
        .map((text, at) => `         ${at}\t        ${at}.250000000\t  0\tinfo   \t    0\t         0\t${text}\n`)
        .join('')}`,
  };

  it.each(Object.keys(written))(
    'of a message about as long as a row, or as what is read at once, has it in as few rows as hold it: %s',
    (name) => {
      const MOST = 65_536;
      const cases = countCases(
        'one row',
        'several rows',
        'just the longest',
        'a byte more',
        'more than is read at once',
      );
      const near = fc.integer({ min: -40, max: 40 });
      // Records of CSV and JSON Lines are not read in parts.
      const inParts = name !== 'csv' && name !== 'jsonl';
      const length = fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom(MOST - 1, MOST, MOST + 1) },
        { weight: 2, arbitrary: near.map((more) => MOST + more) },
        { weight: 2, arbitrary: near.map((more) => MOST + 1024 + more) },
        { weight: 1, arbitrary: near.map((more) => 2 * MOST + more) },
        { weight: 1, arbitrary: near.map((more) => (inParts ? 4 * MOST : 3 * MOST) + more) },
      );
      const message = fc.tuple(length, fc.constantFrom('a', 'ü', '€', '😀')).map(([bytes, unit]) => {
        const text = unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));
        return text + 'x'.repeat(bytes - Buffer.byteLength(text));
      });
      const pieces = fc.constantFrom(1 << 20, 65_536, 40_001, 997);
      fc.assert(
        fc.property(fc.array(message, { minLength: 1, maxLength: 3 }), pieces, (messages, piece) => {
          const format = name.startsWith('debugview') ? 'debugview' : (name as 'plain');
          const { rows, reader } = read(
            (written[name] as (texts: readonly string[]) => string)(messages),
            { format },
            piece,
          );
          const expected = messages.map((text) => cut(text, MOST));
          expect(rows.map(({ text }) => [text.length, text.at(-1)])).toEqual(
            expected.flat().map((text) => [text.length, text.at(-1)]),
          );
          expect(rows.map(({ text }) => text).join('') === messages.join('')).toBe(true);
          const times = expected.flatMap((texts, at) => texts.map(() => at * SECOND));
          expect(rows.map(({ timeNs }) => timeNs - (rows[0]?.timeNs ?? 0))).toEqual(times);
          const long = expected.filter(({ length }) => length > 1).length;
          expect(reader.broken.count).toBe(long);
          const bytes = messages.map((text) => Buffer.byteLength(text));
          cases.note('one row', expected.length - long);
          cases.note('several rows', long);
          cases.note('just the longest', bytes.includes(MOST));
          cases.note('a byte more', bytes.includes(MOST + 1));
          cases.note('more than is read at once', Math.max(...bytes) > 2 * MOST);
        }),
        {
          numRuns: 24,
          examples: [MOST - 1, MOST, MOST, MOST + 1, MOST + 1].map((bytes, at) => [
            ['a'.repeat(bytes)],
            at % 2 === 0 ? 1 << 20 : 997,
          ]),
        },
      );
      cases.expectEach(2);
    },
  );

  it('keeps a quote that is never closed from swallowing what follows', () => {
    const long = 'x'.repeat(70_000);
    const { rows } = read(`time,message\n1,"${long}\n2,next\n`, { format: 'csv' });
    expect(rows.map(({ text }) => text).join('')).toContain('next');
  });
});
