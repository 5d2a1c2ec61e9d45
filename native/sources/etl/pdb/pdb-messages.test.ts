import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesInPath, placesOfEnvironment, storedPdbs } from '../symbol-path.ts';
import { readSymbols } from '../symbols.ts';
import {
  at,
  classicEvent,
  guidBytes,
  PROVIDER,
  readTrace,
  systemEvent,
  traceFile,
  wppMessage,
} from '../test-support.ts';
import { TmfTable } from '../wpp/tmf.ts';
import { readPdbMessages } from './pdb-messages.ts';
import { pdbFile, type WrittenModule } from './test-support.ts';

const message = (number: number, format: string): string[] => [
  'TMF:',
  `${PROVIDER} probe // SRC=irp.c MJ= MN=`,
  `#typev irp_c${number} ${number} "%0${format} %10!d!" //   LEVEL=TRACE_LEVEL_ERROR FLAGS=IO FUNC=Dispatch`,
  '{',
  'n, ItemLong -- 10',
  '}',
];

const MODULES: WrittenModule[] = [
  { name: 'irp.obj', annotations: [['something else'], message(10, 'first'), message(11, 'second')] },
  { name: 'empty.obj', annotations: [] },
  { name: 'power.obj', annotations: [message(12, 'third ä')] },
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-pdb-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

describe('a private PDB', () => {
  it.each([512, 1024, 4096])(
    'of blocks of %i bytes has the messages of all its modules, and says which build it is',
    (blockBytes) => {
      const many = Array.from({ length: 40 }, (_, place) => message(100 + place, `many ${'x'.repeat(200)}`));
      const modules = [...MODULES, { name: 'many.obj', annotations: many }];
      const table = new TmfTable();
      const read = readPdbMessages(file('driver.pdb', pdbFile(modules, { blockBytes, age: 3, written: 4 })), table);
      expect(read.ok ? read.value : read.failure.message).toEqual({
        build: '{11111111-2222-3333-4444-555566667777} 3',
        messages: 43,
        controls: [],
      });
      expect(table.find(PROVIDER, 12)).toMatchObject({
        format: '%0third ä %10!d!',
        function: 'Dispatch',
        sourceFile: 'irp.c',
      });
      expect(table.find(PROVIDER, 139)?.format).toContain('many xxx');
    },
  );

  it('says by which GUIDs its messages are switched on, with the names of the flags', () => {
    const control = (...texts: string[]) => ({ name: 'a.obj', annotations: [['TMC:', ...texts]] });
    const modules = [
      control(PROVIDER.toUpperCase(), 'DriverGuid', 'IO', 'PNP', 'PUBLIC_TMF:'),
      // Each source file of a module has the same again.
      control(PROVIDER, 'DriverGuid', 'IO', 'PNP'),
      control('no guid', 'x'),
      control('22222222-5566-7788-99aa-bbccddeeff00', 'Other', ...Array.from({ length: 100 }, (_, bit) => `F${bit}`)),
    ];
    const read = readPdbMessages(file('controls.pdb', pdbFile(modules)), new TmfTable());
    const controls = read.ok ? read.value.controls : [];
    expect(controls[0]).toEqual({ guid: PROVIDER, name: 'DriverGuid', flags: ['IO', 'PNP'] });
    expect(controls[1]?.flags).toHaveLength(64);
    expect(controls).toHaveLength(2);
  });

  it('gives a trace its texts, and what it does not have is named', () => {
    const path = file('driver.pdb', pdbFile(MODULES));
    const events = [10, 12, 13].map((each, place) => wppMessage(PROVIDER, each, number(-each), { ticks: at(place) }));
    const { texts } = readTrace(traceFile([{ events }]), { symbols: [path] });
    expect(texts).toEqual(['first -10', 'third ä -12', `no format for message 13 of {${PROVIDER}}: 0xF3FFFFFF`]);
  });

  it('of another build, or without private symbols, leaves messages named and says why', () => {
    const path = file('public.pdb', pdbFile([{ name: 'irp.obj', annotations: [] }]));
    const events = [wppMessage(PROVIDER, 10, number(1), { ticks: at(1) })];
    const { texts, broken } = readTrace(traceFile([{ events }]), { symbols: [path] });
    expect(texts).toEqual([`no format for message 10 of {${PROVIDER}}: 0x01000000`]);
    expect(broken).toEqual([
      `${path} ({11111111-2222-3333-4444-555566667777} 2) has no WPP messages: a PDB without private symbols has none`,
      `1 message of {${PROVIDER}} has no format: give the PDB or the TMF file of that module`,
    ]);
  });
});

describe('a PDB of another build than what was traced', () => {
  const BUILD = { guid: 'aaaaaaaa-2222-3333-4444-555566667777', age: 3 };
  const said = (guid: string, age: number): Buffer =>
    Buffer.concat([guidBytes(guid), number(age), Buffer.from('d:\\obj\\Driver.pdb\0')]);
  const own = '11111111-2222-3333-4444-555566667777';
  const saying = (event: Buffer) => {
    const path = file('driver.pdb', pdbFile(MODULES));
    const events = [event, wppMessage(PROVIDER, 13, number(1), { ticks: at(2) })];
    return { path, ...readTrace(traceFile([{ events }]), { symbols: [path] }) };
  };

  it.each([
    ['of another GUID', BUILD.guid, 2],
    ['of another age', own, 3],
  ])('%s is named with both builds; what it has no format for stays a row', (_what, guid, age) => {
    const traced = `{${guid.toUpperCase()}} ${age}`;
    const header = systemEvent(0, 64, said(guid, age), { ticks: at(1) });
    const image = classicEvent(
      'b3e675d7-2554-4f18-830b-2762732560de',
      36,
      Buffer.concat([Buffer.alloc(12), said(guid, age)]),
      { ticks: at(1) },
    );
    for (const event of [header, image]) {
      const { path, texts, broken } = saying(event);
      expect(texts).toEqual([
        `traced module of PDB Driver.pdb, build ${traced}`,
        `no format for message 13 of {${PROVIDER}}: 0x01000000`,
      ]);
      expect(broken[0]).toBe(
        `${path} is of another build ({${own}} 2) than what was traced (${traced}): its messages may be missing, or wrong`,
      );
    }
  });

  it('is not said of the build that was traced, nor where the trace does not say', () => {
    const same = saying(systemEvent(0, 64, said(own, 2), { ticks: at(1) }));
    const silent = saying(systemEvent(0, 64, Buffer.alloc(8), { ticks: at(1) }));
    for (const { broken } of [same, silent]) expect(broken.filter((problem) => problem.includes('build'))).toEqual([]);
  });
});

describe('symbols', () => {
  it('are found in files, folders and symbol paths, and never on a server', () => {
    expect(placesInPath('C:\\a; srv*C:\\cache*https://example.org/symbols ;cache*D:\\c;;symsrv*symsrv.dll*x')).toEqual([
      'C:\\a',
      'C:\\cache',
      'D:\\c',
      'x',
    ]);
    const place = join(folder, 'symbols');
    mkdirSync(place);
    writeFileSync(join(place, 'a.pdb'), pdbFile(MODULES));
    writeFileSync(join(place, 'b.tmf'), Buffer.from(`\ufeff${message(20, 'wide').slice(1).join('\r\n')}`, 'utf16le'));
    writeFileSync(join(place, 'c.pdb'), 'no pdb');
    writeFileSync(join(place, 'note.txt'), 'nothing');
    const read = readSymbols({ symbols: [place] });
    if (!read.ok) throw new Error(read.failure.message);
    expect(read.value.table.size).toBe(4);
    expect(read.value.problems).toEqual([
      { line: 1, problem: `${join(place, 'c.pdb')} has a line here that this program does not understand` },
    ]);
    // A symbol path is for whatever is there of it.
    const some = readSymbols({ symbols: [`${join(folder, 'nowhere')};${place}`] });
    expect(some.ok && [some.value.table.size, some.value.problems.length]).toEqual([4, 2]);
    expect(readSymbols({ symbols: [join(folder, 'nowhere')] })).toMatchObject({
      ok: false,
      failure: { code: 'source-not-found' },
    });
  });

  it('are found in the symbol stores of the path that debuggers have, where nothing is named', () => {
    const store = join(folder, 'store');
    const stored = (tier: string, name: string, build: string, bytes: Uint8Array | string, ageDays: number): void => {
      const place = join(store, tier, name, build);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, name), bytes);
      const when = new Date(Date.UTC(2026, 0, 100 - ageDays));
      utimesSync(join(place, name), when, when);
    };
    stored('', 'drv.pdb', '111111112222333344445555666677772', pdbFile(MODULES), 0);
    stored('', 'drv.pdb', '111111112222333344445555666677771', pdbFile([]), 9);
    stored('', 'drv.pdb', 'no build', 'no pdb', 0);
    stored('pu', 'public.pdb', '111111112222333344445555666677773', pdbFile([]), 0);
    stored('', 'bad.pdb', '111111112222333344445555666677774', 'no pdb', 0);
    const expected = readSymbols({ symbols: [file('whole.pdb', pdbFile(MODULES))] }, {});
    const size = expected.ok ? expected.value.table.size : -1;
    const path = `srv*${store}*https://example.org/symbols;${join(folder, 'gone')};\\\\server\\share`;
    expect(placesOfEnvironment({ _NT_SYMBOL_PATH: path })).toEqual([store, join(folder, 'gone')]);
    expect(placesOfEnvironment({})).toEqual([]);
    const read = readSymbols({}, { _NT_SYMBOL_PATH: path });
    if (!read.ok) throw new Error(read.failure.message);
    // What is no use of all that a debugger has is no fault, and switches nothing on.
    expect([read.value.table.size, read.value.problems, read.value.pdbs, read.value.controls]).toEqual([
      size,
      [],
      [],
      [],
    ]);
    expect(size).toBeGreaterThan(0);
    // A store that is named is one, too; and where something is named the environment is not looked at.
    const named = readSymbols({ symbols: [`srv*${store}`] }, {});
    expect(named.ok && named.value.table.size).toBe(size);
    const other = readSymbols({ symbols: [file('empty.tmf', Buffer.alloc(0))] }, { _NT_SYMBOL_PATH: path });
    expect(other.ok && other.value.table.size).toBe(0);
    // What was named once for all traces may be gone by now.
    const besides = readSymbols({ symbolsBesides: [join(folder, 'gone'), store] }, {});
    expect(besides.ok && [besides.value.table.size, besides.value.problems]).toEqual([size, []]);
  });

  it('of stores are the newest builds, and what is left out of very many is said', () => {
    const store = join(folder, 'large-store');
    const place = (name: string, build: number) => join(store, name, `${build}`.padStart(33, '0'));
    for (let build = 0; build < 258; build++) {
      mkdirSync(place('a.pdb', build), { recursive: true });
      writeFileSync(join(place('a.pdb', build), 'a.pdb'), '');
      const when = new Date(Date.UTC(2026, 0, 1) + build * 60_000);
      utimesSync(join(place('a.pdb', build), 'a.pdb'), when, when);
    }
    const { files, leftOut } = storedPdbs([store]);
    expect([files.length, leftOut]).toEqual([256, 2]);
    expect(files[0]).toBe(join(place('a.pdb', 2), 'a.pdb'));
    expect(files.at(-1)).toBe(join(place('a.pdb', 257), 'a.pdb'));
    const read = readSymbols({ symbolsBesides: [store] }, {});
    expect(read.ok && read.value.problems).toEqual([
      { problem: '2 PDBs of symbol stores were not looked at, because there are so many: name the one that is needed' },
    ]);
  });

  it('of a PDB of any bytes are read, or refused, without an exception', () => {
    const whole = pdbFile(MODULES, { blockBytes: 512 });
    const seen = { refused: 0, found: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.record({ to: fc.nat(whole.length - 5), value: fc.nat(255), wide: fc.boolean() }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.option(fc.nat(whole.length), { freq: 5 }),
        (changes, cut) => {
          const hostile = Buffer.from(whole);
          for (const { to, value, wide } of changes) {
            if (wide) hostile.writeUInt32LE((value * 0x01010101) >>> 0, to);
            else hostile[to] = value;
          }
          const path = file('hostile.pdb', cut === null ? hostile : hostile.subarray(0, cut));
          const read = readPdbMessages(path, new TmfTable());
          if (read.ok) seen.found += read.value.messages;
          else {
            expect(read.failure.code).toBe('bad-magic');
            seen.refused++;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect([seen.refused > 10, seen.found > 100]).toEqual([true, true]);
  });
});
