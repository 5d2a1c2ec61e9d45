import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRealLogs, realLogs } from '../file/test-support.ts';
import { CHUNK_BYTES } from './chunk.ts';
import { type DecodedEvent, decodeChunk, HEADER_BLOCK_BYTES, headerProblems } from './evtx-reader.ts';
import { openEventLog } from './evtx-source.ts';
import { chunkOf, EVENT, event, eventLog, numberValue, type Part, textValue, type Value } from './test-support.ts';
import { child, textOf, xmlText } from './xml-tree.ts';

interface Found {
  readonly events: DecodedEvent[];
  readonly problems: string[];
}

function readAll(file: Uint8Array): Found {
  const found: Found = { events: [], problems: headerProblems(file.subarray(0, 128)) };
  for (let at = HEADER_BLOCK_BYTES; at < file.length; at += CHUNK_BYTES) {
    decodeChunk(
      file.subarray(at, at + CHUNK_BYTES),
      (event) => found.events.push(event),
      (what) => found.problems.push(`chunk ${(at - HEADER_BLOCK_BYTES) / CHUNK_BYTES}: ${what}`),
    );
  }
  return found;
}

const real = (name: string): URL => realLogs(`evtx/${name}.evtx`);

describe('an event log of a real machine', () => {
  it.skipIf(!hasRealLogs('evtx/')).each([
    ['languagepacksetup', 16],
    ['helloforbusiness', 5],
    // One of its chunks has a damaged begin; its events are read all the same.
    ['bad-chunk-magic', 270],
  ])('%s has its events', (name, least) => {
    const { events, problems } = readAll(readFileSync(real(name)));
    expect(events.length).toBeGreaterThanOrEqual(least);
    expect(problems.some((problem) => problem.includes('does not begin'))).toBe(name === 'bad-chunk-magic');
    expect(events.every(({ row }) => row.provider !== 'unknown' && row.eventId > 0)).toBe(true);
  });

  it.skipIf(!hasRealLogs('evtx/'))('is read as independent readers do', () => {
    const { events } = readAll(readFileSync(real('languagepacksetup')));
    const [first] = events;
    expect(xmlText(first?.xml as never)).toBe(
      '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>' +
        '<Provider Name="Microsoft-Windows-LanguagePackSetup" Guid="{7237FFF9-A08A-4804-9C79-4A8704B70B87}"/>' +
        '<EventID>4000</EventID><Version>0</Version><Level>4</Level><Task>35</Task><Opcode>1</Opcode>' +
        '<Keywords>0x4000000000000000</Keywords><TimeCreated SystemTime="2018-07-09T20:49:14.057746100Z"/>' +
        '<EventRecordID>1</EventRecordID><Correlation/><Execution ProcessID="5776" ThreadID="4080"/>' +
        '<Channel>Microsoft-Windows-LanguagePackSetup/Operational</Channel><Computer>DESKTOP-1N4R894</Computer>' +
        '<Security UserID="S-1-5-18"/></System><EventData/></Event>',
    );
  });
});

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

describe('an event log', () => {
  it('has its templates filled with the values of each event', () => {
    const { events, problems } = readAll(eventLog([chunkOf(EVENT, [event(1), event(2)])]));
    expect(problems).toEqual([]);
    expect(xmlText(events[1]?.xml as never)).toBe(
      '<Event><System><Provider Name="Storage"/><EventID>4002</EventID><Level>2</Level><Execution ProcessID="77"/></System>' +
        '<EventData><Data Name="status">0xc0000005</Data><Data Name="path">a&amp;b=disk 2</Data></EventData></Event>',
    );
    expect(events[1]?.row).toMatchObject({
      provider: 'Storage',
      eventId: 4002,
      level: 0,
      pid: 77,
      text: 'Storage 4002: status=0xc0000005, path=a&b=disk 2',
    });
  });

  const data = (value: Value): string => {
    const part: Part = {
      name: 'Event',
      children: [{ name: 'EventData', children: [{ name: 'Data', children: [0] }] }],
    };
    const { events } = readAll(eventLog([chunkOf(part, [{ id: 1, fileTime: 0n, values: [value] }])]));
    return events[0]?.row.text.replace('unknown 0: ', '') ?? '';
  };

  it.each<[string, Value, string]>([
    ['text', textValue('grün \ud83d\ude00'), 'grün \ud83d\ude00'],
    ['text of the code page', { type: 2, bytes: bytes(0xfc, 0) }, 'ü'],
    ['a negative byte', { type: 3, bytes: bytes(0xff) }, '-1'],
    ['a negative number of 16 bits', { type: 5, bytes: bytes(0, 0x80) }, '-32768'],
    ['a negative number of 32 bits', { type: 7, bytes: bytes(0xff, 0xff, 0xff, 0xff) }, '-1'],
    ['a negative number of 64 bits', { type: 9, bytes: new Uint8Array(8).fill(0xff) }, '-1'],
    ['a large number', { type: 10, bytes: new Uint8Array(8).fill(0xff) }, '18446744073709551615'],
    ['a double', { type: 12, bytes: new Uint8Array(new Float64Array([2.5]).buffer) }, '2.5'],
    ['a truth value', numberValue(13, 4, 1), 'true'],
    ['bytes', { type: 14, bytes: bytes(0xab, 1) }, 'AB01'],
    [
      'a GUID',
      { type: 15, bytes: bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) },
      '{03020100-0504-0706-0809-0A0B0C0D0E0F}',
    ],
    [
      'a time',
      { type: 17, bytes: new Uint8Array(new BigUint64Array([131_756_429_540_577_461n]).buffer) },
      '2018-07-09T20:49:14.057746100Z',
    ],
    ['a security identifier', { type: 19, bytes: bytes(1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0) }, 'S-1-5-18'],
    ['an address', { type: 21, bytes: bytes(1, 0, 0, 0, 0, 0xf8, 0xff, 0xff) }, '0xfffff80000000001'],
    ['a list of texts', { type: 129, bytes: new Uint8Array(Buffer.from('a\0b\0', 'utf16le')) }, 'a,b'],
    ['a list of numbers', { type: 134, bytes: bytes(1, 0, 2, 0) }, '1,2'],
    ['a type nobody knows', { type: 99, bytes: bytes(1, 2) }, '0102'],
    ['a number that is cut', { type: 8, bytes: bytes(1, 2) }, '0102'],
  ])('has %s as people read it', (_what, value, text) => {
    expect(data(value)).toBe(text);
  });

  it('names what is damaged, and keeps every other event', () => {
    const chunk = chunkOf(EVENT, [event(1), event(2), event(3)]);
    const text = Buffer.from(chunk).indexOf(Buffer.from('disk 2', 'utf16le'));
    const { events, problems } = readAll(eventLog([corrupt(chunk, text - 100, 60)], true));
    expect(events.map(({ record }) => Number(record.id))).toContain(3);
    expect(problems[0]).toContain('not closed');
    expect(problems.join()).toContain('the checksum of its records is wrong');
  });

  it('whose chunk lost its begin has its events all the same', () => {
    const { events, problems } = readAll(eventLog([corrupt(chunkOf(EVENT, [event(1), event(2)]), 0, 128)]));
    expect(events.length).toBe(2);
    expect(problems.join()).toContain('does not begin as a chunk does');
  });

  it('does not show what is left of deleted events', () => {
    const chunk = chunkOf(EVENT, [event(1), event(2)]);
    const view = new DataView(chunk.buffer);
    // The end of the records is where the second one began.
    view.setUint32(48, view.getUint32(44, true), true);
    expect(readAll(eventLog([chunk])).events.map(({ record }) => Number(record.id))).toEqual([1]);
  });

  it('is read whatever bytes of it are cut, changed or shuffled: no exception, no endless loop', () => {
    const chunk = chunkOf(
      EVENT,
      Array.from({ length: 40 }, (_, at) => event(at + 1)),
    );
    let damaged = 0;
    let whole = 0;
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(7000), value: fc.nat(255), copy: fc.nat(7000), length: fc.nat(64) }), {
          minLength: 1,
          maxLength: 30,
          size: 'max',
        }),
        fc.option(fc.nat(CHUNK_BYTES)),
        (changes, cut) => {
          const hostile = chunk.slice();
          for (const { at, value, copy, length } of changes) {
            hostile[at] = value;
            hostile.copyWithin(at, copy, copy + length);
          }
          const { events, problems } = readAll(
            new Uint8Array(Buffer.concat([new Uint8Array(4096), cut === null ? hostile : hostile.subarray(0, cut)])),
          );
          damaged += problems.length;
          whole += events.length;
        },
      ),
      { numRuns: 500 },
    );
    expect(damaged).toBeGreaterThan(500);
    expect(whole).toBeGreaterThan(500);
  });

  it('refuses an event that takes one long value any number of times: no text of gigabytes is made', () => {
    const template: Part = {
      name: 'Event',
      children: [{ name: 'EventData', children: Array.from({ length: 2000 }, () => 0) }],
    };
    const values = [textValue('x'.repeat(15_000))];
    const log = eventLog([
      chunkOf(template, [
        { id: 1, fileTime: 0n, values },
        { id: 2, fileTime: 0n, values: [textValue('y')] },
      ]),
    ]);
    const { events, problems } = readAll(log);
    expect(events.map(({ record }) => record.id)).toEqual([2n]);
    expect(problems[0]).toMatch(/event 1 cannot be read: more than 1048576 characters/);
  });

  it('keeps an entity that it does not know as it is, also one that is called like a property of every object', () => {
    const part: Part = {
      name: 'Event',
      children: [{ name: 'EventData', children: ['&lt', '&constructor', '&other'] }],
    };
    const { events, problems } = readAll(eventLog([chunkOf(part, [{ id: 1, fileTime: 0n, values: [] }])]));
    expect(problems).toEqual([]);
    expect(events.map(({ xml }) => textOf(child(xml, 'EventData')))).toEqual(['<&constructor;&other;']);
  });

  it('refuses templates that hold themselves, without end', () => {
    const chunk = chunkOf(EVENT, [event(1, { 5: { type: 33, bytes: bytes(0x0f, 1, 1, 0) } })]);
    const at = Buffer.from(chunk).indexOf(Buffer.from([0x0c, 1, 7, 0, 0, 0]));
    const own = new DataView(chunk.buffer).getUint32(at + 6, true);
    // The template's text is now an instance of the template itself.
    const body = own + 24 + 4;
    chunk.set([0x0c, 1, 7, 0, 0, 0], body);
    new DataView(chunk.buffer).setUint32(body + 6, own, true);
    new DataView(chunk.buffer).setUint32(body + 10, 0, true);
    const { events, problems } = readAll(eventLog([chunk]));
    expect(events).toEqual([]);
    expect(problems.join()).toMatch(/deeper than|cannot be read/);
  });
});

function corrupt(chunk: Uint8Array, from: number, length: number): Uint8Array {
  return chunk.slice().fill(0, from, from + length);
}

describe('an event log as a source', () => {
  function withLog<T>(file: Uint8Array, use: (path: string) => T): T {
    const folder = mkdtempSync(join(tmpdir(), 'ringview-evtx-'));
    try {
      const path = join(folder, 'log.evtx');
      writeFileSync(path, file);
      return use(path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('gives its events in the order of their numbers, though the log began again at its first chunk', () => {
    const newer = chunkOf(EVENT, [event(3), event(4)]);
    const older = chunkOf(EVENT, [event(1), event(2)]);
    withLog(eventLog([newer, older]), (path) => {
      const opened = openEventLog(path);
      if (!opened.ok) throw new Error(opened.failure.message);
      const source = opened.value;
      const rows: number[][] = [];
      source.poll((batch) => {
        for (let at = 0; at < batch.count; at++) rows.push([batch.index[at] as number, batch.timeNs[at] as number]);
      });
      // The first event was written 1 µs into its millisecond, which is when the log began.
      expect(rows).toEqual([
        [1, 1000],
        [2, 2000],
        [3, 3000],
        [4, 4000],
      ]);
      expect(source.stats()).toMatchObject({ state: 'ended', cpus: [{ read: 4, firstIndex: 1, lastIndex: 4 }] });
      expect(source.info.startUnixMs).toBe(Number((131_000_000_000_000_010n - 116_444_736_000_000_000n) / 10_000n));
      source.close();
    });
  });

  it('says which machine wrote it, how much of it was read, and at which offset it is damaged', () => {
    const [system, data] = EVENT.children as [Part, Part];
    const children = [
      { ...system, children: [...(system.children ?? []), { name: 'Computer', children: ['LAB-7'] }] },
      data,
    ];
    const good = chunkOf({ ...EVENT, children }, [event(1), event(2)]);
    const damaged = chunkOf(EVENT, [event(3), event(4)]);
    damaged.fill(0x55, 600, 700);
    withLog(eventLog([good, damaged], true), (path) => {
      const opened = openEventLog(path);
      if (!opened.ok) throw new Error(opened.failure.message);
      const source = opened.value;
      expect(source.info).toMatchObject({ machine: 'LAB-7', file: { path } });
      expect('ring' in source.info).toBe(false);
      source.poll(() => {});
      const { file } = source.stats();
      const bytes = HEADER_BLOCK_BYTES + 2 * CHUNK_BYTES;
      expect(file).toMatchObject({ readBytes: bytes, totalBytes: bytes, ended: true, format: 'Windows event log' });
      expect(file?.broken.places[0]).toEqual({
        offset: 0,
        problem: 'it was not closed: its last events may be missing',
      });
      expect(file?.broken.places[1]?.offset).toBe(HEADER_BLOCK_BYTES + CHUNK_BYTES);
      source.close();
    });
  });

  it('says of any other file that it is none', () => {
    withLog(new TextEncoder().encode('plain text'), (path) => {
      expect(openEventLog(path)).toMatchObject({ ok: false, failure: { code: 'bad-magic' } });
    });
    expect(openEventLog('/nowhere.evtx')).toMatchObject({ ok: false, failure: { code: 'source-not-found' } });
  });
});
