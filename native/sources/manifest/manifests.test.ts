/** Manifests as XML and in PE files, message tables, and what traces and event logs say by them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSymbols } from '../etl/symbols.ts';
import { at, fullEvent, PROVIDER, readTrace, traceFile } from '../etl/test-support.ts';
import { openEventLog } from '../evtx/evtx-source.ts';
import { chunkOf, EVENT, event, eventLog } from '../evtx/test-support.ts';
import { rowsOf } from '../file/test-support.ts';
import { readFields } from './event-fields.ts';
import { readManifest } from './man-file.ts';
import { filledMessage, type ManifestField } from './manifests.ts';
import { MessageTable } from './message-table.ts';
import { readResources } from './pe-resources.ts';
import { messageTable, peFile, type WrittenEvent, type WrittenField, wevtTemplate } from './test-support.ts';
import { readWevtTemplate } from './wevt-template.ts';

const u32 = (...values: number[]): Buffer => Buffer.from(new Uint32Array(values).buffer);
const wide = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf16le');

const MANIFEST = `<?xml version="1.0" encoding="utf-8"?>
<!-- of a test -->
<assembly:instrumentationManifest xmlns:assembly="x">
 <assembly:instrumentation><assembly:events>
  <provider name="Probe-Driver" guid="{${PROVIDER.toUpperCase()}}" symbol="PROBE" resourceFileName="p.sys" messageFileName="p.sys">
   <maps>
    <valueMap name="Mode"><map value="1" message="$(string.m1)"/><map value="2" message="$(string.m2)"/></valueMap>
    <bitMap name="Flags"><map value="0x1" message="$(string.f1)"/><map value="0x4" message="$(string.f4)"/></bitMap>
   </maps>
   <templates>
    <template tid="t1">
     <data name="path" inType="win:UnicodeString"/>
     <data name="mode" inType="win:UInt32" map="Mode"/>
     <data name="flags" inType="win:UInt32" map="Flags"/>
     <data name="status" inType="win:UInt32" outType="win:HexInt32"/>
     <data name="object" inType="win:Pointer"/>
     <data name="n" inType="win:UInt16"/>
     <data name="list" inType="win:UInt8" count="n"/>
     <data name="bytes" inType="win:Binary" length="n"/>
    </template>
    <template tid="t2"><struct name="at"><data name="x" inType="win:Int32"/></struct><data name="rest" inType="win:AnsiString"/></template>
   </templates>
   <events>
    <event value="300" version="1" level="win:Warning" symbol="Opened" template="t1" message="$(string.e300)"/>
    <event value="301" version="1" task="Io" opcode="win:Start" template="t2"/>
    <event value="302" version="1"/>
   </events>
  </provider>
 </assembly:events></assembly:instrumentation>
 <localization><resources culture="en-US"><stringTable>
  <string id="e300" value="Opened %1 &quot;%2&quot; with %3: %4!s!, %%%7 of%n%8"/>
  <string id="m1" value="reading"/><string id="m2" value="writing"/><string id="f1" value="fast"/><string id="f4" value="slow"/>
 </stringTable></resources></localization>
</assembly:instrumentationManifest>`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe.each([32, 64] as const)('an event of a manifest on a machine of %i bits', (bits) => {
  const stamp = { ticks: at(1), bits };
  const pointer = bits === 64 ? Buffer.from('efbeadde00000000', 'hex') : Buffer.from('efbeadde', 'hex');
  const data = Buffer.concat([
    wide('C:\\a'),
    u32(2, 5, 0xc0000022),
    pointer,
    Buffer.from([3, 0, 7, 8, 9, 0xaa, 0xbb, 0xcc]),
  ]);
  const saying = (events: readonly Buffer[], symbols: string) =>
    readTrace(traceFile([{ events }], { bits }), { symbols: [symbols] });

  it('is told by the sentence of its manifest, with names for numbers', () => {
    const { rows, texts, source, broken } = saying([fullEvent(PROVIDER, 300, data, stamp)], file('p.man', MANIFEST));
    expect(texts).toEqual(['Opened C:\\a "writing" with fast|slow: 0xc0000022, %[7,8,9] of\nAABBCC']);
    expect(source.eventNames.at(rows[0]?.event ?? 0)).toMatchObject({ provider: 'Probe-Driver', event: 'Opened' });
    expect(broken).toEqual([]);
  });

  it('without a sentence has its name and fields; one that is cut has those that are there', () => {
    const events = [
      fullEvent(PROVIDER, 301, Buffer.concat([u32(0xffffffff), Buffer.from('rest\0')]), stamp),
      fullEvent(PROVIDER, 302, Buffer.alloc(0), stamp),
      fullEvent(PROVIDER, 300, wide('C:\\a'), stamp),
      fullEvent(PROVIDER, 999, u32(1), stamp),
    ];
    expect(saying(events, file('p.man', MANIFEST)).texts).toEqual([
      'Io/Start: at={x=-1}, rest=rest',
      'event 302',
      'Opened: path=C:\\a',
      `{${PROVIDER}} event 999, version 1, task 7, opcode 0, keywords 0x8000: 0x01000000`,
    ]);
  });

  it('is told by a manifest that comes in the trace itself, in parts', () => {
    const text = Buffer.from(MANIFEST);
    const part = (number: number, total: number, from: number, to: number): Buffer =>
      fullEvent(
        PROVIDER,
        0xfffe,
        Buffer.concat([Buffer.from([1, 0, 0, 0x5b, total, 0, number, 0]), text.subarray(from, to)]),
        stamp,
      );
    const own = fullEvent(PROVIDER, 300, data, stamp);
    const half = Math.floor(text.length / 2);
    const events = [own, part(0, 2, 0, half), own, part(1, 2, half, text.length), own];
    const { texts, broken } = readTrace(traceFile([{ events }], { bits, bufferBytes: 16_384 }));
    const unknown = expect.stringMatching(/^\{.*\} event 300, version 1/);
    expect(texts).toEqual([
      unknown,
      `manifest of {${PROVIDER}}, part 1 of 2`,
      unknown,
      `manifest of {${PROVIDER}}, part 2 of 2`,
      expect.stringMatching(/^Opened C:\\a "writing"/),
    ]);
    expect(broken).toEqual([]);
    // The first part is missing; the second one says nothing.
    const late = readTrace(
      traceFile([{ events: [part(1, 2, half, text.length), own] }], { bits, bufferBytes: 16_384 }),
    );
    expect(late.texts).toEqual([`manifest of {${PROVIDER}}, part 2 of 2`, unknown]);
    const damaged = readTrace(traceFile([{ events: [part(0, 1, 0, half)] }], { bits, bufferBytes: 16_384 }));
    expect(damaged.texts[0]).toMatch(/part 1 of 1: it cannot be read, .+ in line \d+/);
  });

  it('is told by the resources of a driver', () => {
    const events: WrittenEvent[] = [
      {
        ...{ id: 300, version: 1, message: 0xb0000001, task: 'Opening' },
        fields: [
          { name: 'path', type: 1 },
          { name: 'mode', type: 8 },
          { name: 'status', type: 8, out: 18 },
        ],
      },
      {
        ...{ id: 301, version: 1, task: 'Reading' },
        fields: [
          { name: 'n', type: 8 },
          { name: 'list', type: 4, flags: 4, count: 0 },
          { name: 'bytes', type: 14, flags: 2, length: 0 },
          { name: 'object', type: 16 },
        ],
      },
      {
        ...{ id: 302, version: 1, task: 'Mapping' },
        fields: [
          { name: 'bus', type: 8, map: { bits: false, messages: { 10: 71, 11: 72 } } },
          { name: 'other', type: 8, map: { bits: false, messages: { 10: 71 } } },
          { name: 'flags', type: 8, map: { bits: true, messages: { 1: 73, 4: 74, 8: 99 } } },
        ],
      },
    ];
    const mapTexts = { 71: 'SAS ', 72: 'SATA ', 73: 'READ ', 74: 'WRITE ' };
    const driver = peFile(
      [
        { type: 11, language: 0x407, bytes: messageTable({ 2952790017: 'auf deutsch' }) },
        {
          type: 11,
          bytes: messageTable({ 2952790017: 'Opened %1 (%2): %3', 2415919105: 'Probe Driver', ...mapTexts }),
        },
        { type: 'WEVT_TEMPLATE', bytes: wevtTemplate(PROVIDER, events, 0x90000001) },
      ],
      bits,
    );
    const counted = Buffer.concat([u32(2), Buffer.from([1, 2, 0xaa, 0xbb]), pointer]);
    const { texts, rows, source, broken } = saying(
      [
        fullEvent(PROVIDER, 300, Buffer.concat([wide('x'), u32(2, 255)]), stamp),
        fullEvent(PROVIDER, 301, counted, stamp),
        fullEvent(PROVIDER, 302, u32(10, 12, 13), stamp),
      ],
      file('probe.sys', driver),
    );
    expect(texts).toEqual([
      'Opened x (2): 0xff',
      'Reading: n=2, list=[1,2], bytes=AABB, object=0xdeadbeef',
      'Mapping: bus=SAS, other=12, flags=READ|WRITE|0x8',
    ]);
    expect(source.eventNames.at(rows[0]?.event ?? 0)).toMatchObject({ provider: 'Probe Driver', event: 'Opening' });
    expect(broken).toEqual([]);
  });
});

/** What one event says by a driver whose only event has these fields. */
function saidBy(fields: readonly WrittenField[], data: Uint8Array, message?: string): string | undefined {
  const event: WrittenEvent = {
    id: 1,
    version: 1,
    task: 'T',
    fields,
    ...(message === undefined ? {} : { message: 1 }),
  };
  const driver = peFile([
    { type: 11, bytes: messageTable({ 1: message ?? '', 2: 'READ', 3: 'WRITE' }) },
    { type: 'WEVT_TEMPLATE', bytes: wevtTemplate(PROVIDER, [event]) },
  ]);
  const trace = traceFile([{ events: [fullEvent(PROVIDER, 1, data, { ticks: at(1) })] }]);
  return readTrace(trace, { symbols: [file('struct.sys', driver)] }).texts[0];
}

const u16 = (...values: number[]): Buffer => Buffer.from(new Uint16Array(values).buffer);

describe('structures of a compiled manifest', () => {
  const IN_LENGTH = 2;
  const IN_COUNT = 4;
  const irp: WrittenField = {
    ...{ name: 'irp', type: 0 },
    members: [
      { name: 'status', type: 8, out: 31 },
      { name: 'name', type: 1 },
    ],
  };

  it('have their members in braces, between the fields around them, and are one value of a sentence', () => {
    const fields: WrittenField[] = [{ name: 'a', type: 6 }, irp, { name: 'z', type: 8 }];
    const data = Buffer.concat([u16(7), u32(0xc0000022), wide('disk'), u32(9)]);
    const text = 'irp={status=0xc0000022(STATUS_ACCESS_DENIED), name=disk}';
    expect(saidBy(fields, data)).toBe(`T: a=7, ${text}, z=9`);
    expect(saidBy(fields, data, '%3: %2 after %1')).toBe(`9: ${text.slice(4)} after 7`);
    // Cut in the structure: what lies before it stays.
    expect(saidBy(fields, data.subarray(0, 5))).toBe('T: a=7');
  });

  it('are repeated as often as a field says, or the manifest', () => {
    const counted: WrittenField[] = [
      { name: 'n', type: 6 },
      { ...irp, flags: IN_COUNT, count: 0 },
      { name: 'z', type: 4 },
    ];
    const one = (name: string): Buffer => Buffer.concat([u32(0), wide(name)]);
    const said = (name: string): string => `{status=0x00000000(STATUS_SUCCESS), name=${name}}`;
    const z = Buffer.from([5]);
    expect(saidBy(counted, Buffer.concat([u16(2), one('a'), one('b'), z]))).toBe(
      `T: n=2, irp=[${said('a')},${said('b')}], z=5`,
    );
    expect(saidBy(counted, Buffer.concat([u16(0), z]))).toBe('T: n=0, irp=[], z=5');
    expect(saidBy([{ ...irp, count: 2 }], Buffer.concat([one('a'), one('b')]))).toBe(
      `T: irp=[${said('a')},${said('b')}]`,
    );
  });

  it('have arrays and bytes whose length is in another member, or in a field of the event', () => {
    const inner = (bytesBy: number, listBy: number): WrittenField[] => [
      { name: 'n', type: 4 },
      {
        ...{ name: 's', type: 0 },
        members: [
          { name: 'm', type: 4 },
          { name: 'bytes', type: 14, flags: IN_LENGTH, length: bytesBy },
          { name: 'list', type: 6, flags: IN_COUNT, count: listBy },
        ],
      },
      { name: 'z', type: 4 },
    ];
    // The fields are n, s, z, then m, bytes, list.
    const data = Buffer.concat([Buffer.from([1, 2, 0xaa, 0xbb]), u16(7), Buffer.from([9])]);
    expect(saidBy(inner(3, 0), data)).toBe('T: n=1, s={m=2, bytes=AABB, list=[7]}, z=9');
    const other = Buffer.concat([Buffer.from([1, 2, 0xaa]), u16(7, 8), Buffer.from([9])]);
    expect(saidBy(inner(0, 3), other)).toBe('T: n=1, s={m=2, bytes=AA, list=[7,8]}, z=9');
  });

  it('have maps for their members, and values in the way the manifest wants them', () => {
    const members: WrittenField[] = [
      { name: 'what', type: 8, map: { bits: true, messages: { 1: 2, 2: 3 } } },
      { name: 'flag', type: 4, out: 13 },
      { name: 'port', type: 6, out: 22 },
      { name: 'to', type: 8, out: 23 },
      { name: 'to6', type: 14, out: 24, length: 16 },
      { name: 'at', type: 14, out: 25, length: 16 },
      { name: 'error', type: 8, out: 30 },
      { name: 'hr', type: 7, out: 32 },
      { name: 'mask', type: 3, out: 16 },
      { name: 'letter', type: 4, out: 1 },
      { name: 'plain', type: 8, out: 8 },
    ];
    const data = Buffer.concat([
      ...[u32(3), Buffer.from([1, 0x01, 0xbb, 10, 0, 0, 1])],
      Buffer.from('20010db8000000000000000000000001', 'hex'),
      Buffer.concat([u16(2), Buffer.from([0x1f, 0x90, 10, 0, 0, 2]), Buffer.alloc(8)]),
      u32(5, 0x80070005),
      Buffer.from([0xfe, 0x41]),
      u32(12),
    ]);
    expect(saidBy([{ name: 's', type: 0, members }], data)).toBe(
      'T: s={what=READ|WRITE, flag=true, port=443, to=10.0.0.1, to6=2001:db8:0:0:0:0:0:1, at=10.0.0.2:8080, ' +
        'error=5(ERROR_ACCESS_DENIED), hr=0x80070005(ERROR_ACCESS_DENIED), mask=0xfe, letter=A, plain=12}',
    );
  });

  it('that say they hold themselves end, as does what has no bytes and is repeated', () => {
    const template = wevtTemplate(PROVIDER, [
      { id: 1, fields: [irp, irp, irp].map((each) => ({ ...each, count: 9 })) },
    ]);
    const at = template.indexOf('TEMP');
    for (let field = 0; field < 9; field++) {
      const place = template.readUInt32LE(at + 16) + field * 20;
      template.writeUInt32LE(1, place);
      template.writeUInt16LE(0, place + 4);
      template.writeUInt16LE(9, place + 6);
    }
    const [provider] = readWevtTemplate(
      template,
      () => null,
      () => {},
    );
    const fields = provider?.events[0]?.fields ?? [];
    const all = (list: readonly ManifestField[]): number =>
      list.reduce((sum, { members }) => sum + 1 + all(members ?? []), 0);
    expect(all(fields)).toBeGreaterThan(8);
    expect(all(fields)).toBeLessThanOrEqual(256);
    const read = readFields(new DataView(new ArrayBuffer(64)), 0, 64, fields, false);
    expect(read.map(({ text }) => text.length < 100_000)).not.toContain(false);
  });

  it('are read the same way from the source of the manifest', () => {
    const manifest = (body: string): string => `<instrumentation><events><provider name="P" guid="{${PROVIDER}}">
      <templates><template tid="t">${body}</template></templates>
      <events><event value="1" version="1" task="T" template="t"/></events></provider></events></instrumentation>`;
    const body = `<data name="n" inType="win:UInt16"/>
      <struct name="irp" count="n"><data name="m" inType="win:UInt8"/><data name="bytes" inType="win:Binary" length="m"/>
      <data name="list" inType="win:UInt8" count="n"/></struct>
      <struct name="two" count="2"><data name="status" inType="win:UInt32" outType="win:NTSTATUS"/></struct>
      <data name="z" inType="win:UInt8"/>`;
    const data = Buffer.concat([u16(1), Buffer.from([2, 0xaa, 0xbb, 4]), u32(0, 0xc0000022), Buffer.from([6])]);
    const trace = traceFile([{ events: [fullEvent(PROVIDER, 1, data, { ticks: at(1) })] }]);
    expect(readTrace(trace, { symbols: [file('struct.man', manifest(body))] }).texts).toEqual([
      'T: n=1, irp=[{m=2, bytes=AABB, list=[4]}], ' +
        'two=[{status=0x00000000(STATUS_SUCCESS)},{status=0xc0000022(STATUS_ACCESS_DENIED)}], z=6',
    ]);
  });
});

describe('an event log with the files of its providers', () => {
  it('has the sentences of message tables, of the file that is called like the provider', () => {
    const log = file('a.evtx', eventLog([chunkOf(EVENT, [event(1)])]));
    const tables = mkdtempSync(join(folder, 'tables-'));
    const add = (name: string, text: string): void =>
      writeFileSync(join(tables, name), peFile([{ type: 11, bytes: messageTable({ 4001: text }) }]));
    const read = (): string[] => {
      const opened = openEventLog(log, { symbols: [tables] });
      if (!opened.ok) throw new Error(opened.failure.message);
      const texts: string[] = [];
      while (opened.value.poll((batch) => texts.push(...rowsOf(batch).map(({ text }) => text))).state === 'capturing');
      opened.value.close();
      return texts;
    };
    expect(read()).toEqual(['Storage 4001: status=0xc0000005, path=a&b=disk 1']);
    add('other.dll', 'Failed with %1 at %2.');
    expect(read()).toEqual(['Storage 4001: Failed with 0xc0000005 at a&b=disk 1.']);
    // Whose number it is cannot be known of two, unless one is called like the provider.
    add('another.dll', 'Something else');
    expect(read()).toEqual(['Storage 4001: status=0xc0000005, path=a&b=disk 1']);
    add('storage.sys', 'Disk %2 failed');
    expect(read()).toEqual(['Storage 4001: Disk a&b=disk 1 failed']);
  });
});

describe('a message table', () => {
  it('has its texts by number, in both alphabets', () => {
    const texts = { 5: 'five', 6: 'six', 3221487617: 'error %1' };
    for (const ansi of [false, true]) {
      const table = new MessageTable(messageTable(texts, ansi));
      for (const [number, text] of Object.entries(texts)) expect(table.find(Number(number))).toBe(`${text}\r\n`);
      expect([table.find(4), table.find(7), table.find(0)]).toEqual([null, null, null]);
    }
  });

  it('fills the places of a message, and knows its white space', () => {
    expect(filledMessage('a %1!08x! %2 %9%n%tb%%1%0\r\n', ['x', '%1'])).toBe('a x %1 %9\n\tb%1');
  });
});

describe('names in a manifest', () => {
  it('that every object has as properties are no entities', () => {
    const read = readManifest(
      `<instrumentation><events><provider name="&lt;&valueOf;&other;" guid="{${PROVIDER}}"/></events></instrumentation>`,
    );
    expect(read).toMatchObject([{ name: '<&valueOf;&other;' }]);
  });

  it('that every object has as properties are no types', () => {
    const read = readManifest(MANIFEST.replace('inType="win:UInt16"', 'inType="win:Constructor"'));
    expect(typeof read === 'string' ? read : read[0]?.events[0]?.fields[5]).toMatchObject({ name: 'n', type: 0 });
  });
});

describe('what is no manifest', () => {
  it('is said to be none, and why', () => {
    expect(readManifest('<a')).toBe("'a' has something that is no attribute in line 1");
    expect(readManifest('<a>\n<b></a>')).toBe("'b' does not end in line 2");
    expect(readManifest('<a></a>')).toBe('no provider is in it');
    expect(readManifest('')).toBe('there is no element');
    expect(readManifest('<a>'.repeat(100))).toMatch(/^more elements than a manifest has/);
    const symbols = readSymbols({ symbols: [file('broken.man', '<a>')] });
    expect(symbols.ok && symbols.value.problems[0]?.problem).toMatch(
      /broken\.man is no manifest of events: 'a' does not end/,
    );
    const empty = readSymbols({ symbols: [file('empty.dll', peFile([]))] });
    expect(empty.ok && empty.value.problems[0]?.problem).toMatch(/neither a manifest of events nor a message table/);
    const cut = readSymbols({ symbols: [file('cut.dll', peFile([]).subarray(0, 100))] });
    expect(cut.ok ? '' : cut.failure.message).toMatch(/is no PE file, or its headers are damaged/);
    // A file of a folder that is damaged is no reason to do without the others.
    expect(readSymbols({ symbols: [folder] }).ok).toBe(true);
  });

  it('of any bytes is read, or refused, without an exception and within bounds', () => {
    const driver = peFile([
      { type: 11, bytes: messageTable({ 1: 'one', 2: 'two', 70: 'seventy' }) },
      {
        type: 'WEVT_TEMPLATE',
        bytes: wevtTemplate(PROVIDER, [
          {
            id: 1,
            message: 1,
            task: 'T',
            fields: [
              { name: 'a', type: 1 },
              { name: 'b', type: 8, count: 3, map: { bits: true, messages: { 1: 1, 2: 2 } } },
            ],
          },
          { id: 2, fields: [{ name: 'c', type: 14, flags: 2, length: 0 }] },
        ]),
      },
    ]);
    let refused = 0;
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.oneof(fc.nat(500), fc.integer({ min: 0x400, max: driver.length - 1 })),
            value: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
            run: fc.nat(3),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.option(fc.nat(driver.length), { freq: 4 }),
        (changes, cut) => {
          const hostile = Buffer.from(driver);
          for (const { at: place, value, run } of changes)
            hostile.fill(value, place, Math.min(hostile.length, place + 1 + run));
          const path = file('hostile.dll', cut === null ? hostile : hostile.subarray(0, cut));
          const read = readResources(path, [11, 'WEVT_TEMPLATE']);
          if (!read.ok) {
            refused++;
            return;
          }
          for (const { type, bytes } of read.value) {
            expect(bytes.length).toBeLessThanOrEqual(driver.length);
            if (type === 11) {
              const table = new MessageTable(bytes);
              for (const number of [0, 1, 2, 70, 0xffffffff]) table.find(number);
            } else {
              const problems: string[] = [];
              found += readWevtTemplate(
                bytes,
                (number) => (number < 3 ? `${number}` : null),
                (problem) => problems.push(problem),
              ).length;
            }
          }
        },
      ),
      { numRuns: 500 },
    );
    expect([refused > 10, found > 50]).toEqual([true, true]);
    fc.assert(
      fc.property(
        fc.nat(MANIFEST.length),
        fc.string({ maxLength: 8, unit: fc.constantFrom('<', '>', '/', '"', '&', 'a', ' ') }),
        (place, text) => {
          const read = readManifest(MANIFEST.slice(0, place) + text + MANIFEST.slice(place));
          expect(typeof read === 'string' || read.length <= 1).toBe(true);
          readManifest(MANIFEST.slice(0, place));
        },
      ),
      { numRuns: 300 },
    );
  });
});
