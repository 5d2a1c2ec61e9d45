import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexValues, isTelling, valueSource, valueText } from './addresses.ts';
import { imageEvent, noteImage } from './image-events.ts';
import { readModuleList } from './module-list.ts';
import { type Module, ModuleMap } from './module-map.ts';

const module = (name: string, base: bigint, bytes = 0x1000n, pid: number | null = null): Module => ({
  ...{ name, base, bytes, pid, pdb: null, build: null },
});

describe('an address', () => {
  const map = new ModuleMap();
  map.present(module('nt', 0xfffff800_10000000n, 0x100000n));
  map.load(module('nicfilt.sys', 0xfffff800_20000000n), 100);
  map.unload(module('nicfilt.sys', 0xfffff800_20000000n), 200);
  map.load(module('storfilt.sys', 0xfffff800_20000000n), 300);
  map.load(module('probe.dll', 0x7ff6_00000000n, 0x1000n, 42), 100);

  it.each([
    [0xfffff800_10000000n, 0, 'nt', 'there'],
    [0xfffff800_20000fffn, 100, 'nicfilt.sys', 'there'],
    [0xfffff800_20000fffn, 199, 'nicfilt.sys', 'there'],
    [0xfffff800_20000000n, 200, 'nicfilt.sys', 'unloaded before'],
    [0xfffff800_20000000n, 290, 'storfilt.sys', 'loaded later'],
    [0xfffff800_20000000n, 50, 'nicfilt.sys', 'loaded later'],
    [0xfffff800_20000000n, 300, 'storfilt.sys', 'there'],
  ])('%s at %i lies in %s, %s', (address, timeNs, name, presence) => {
    expect(map.find(address, timeNs, 4)).toMatchObject({ module: { name }, presence });
  });

  it('beyond a module lies in none, and one of a program only in its process', () => {
    expect(map.find(0xfffff800_20001000n, 100, 4)).toBeNull();
    expect(map.find(0x7ff6_00000010n, 100, 42)).toMatchObject({ module: { name: 'probe.dll' }, offset: 0x10n });
    expect(map.find(0x7ff6_00000010n, 100, 43)).toBeNull();
  });

  it('lies in what came last where two are said to be there', () => {
    const two = new ModuleMap();
    two.load(module('old.sys', 0x1000n, 0x2000n), 0);
    two.load(module('new.sys', 0x2000n, 0x1000n), 10);
    expect(two.find(0x2000n, 5, 0)?.module.name).toBe('old.sys');
    expect(two.find(0x2000n, 10, 0)?.module.name).toBe('new.sys');
  });

  it('has the build that is stated by itself, before or after the module', () => {
    const stated = new ModuleMap();
    stated.noteBuild('NicFilt.pdb', '{A} 1');
    stated.noteBuild('nicfilt.pdb', '{B} 2');
    stated.present(module('nicfilt.sys', 0x1000n));
    expect(stated.find(0x1000n, 0, 0)?.module).toMatchObject({ pdb: 'NicFilt.pdb', build: '{A} 1' });
  });
});

describe('an image event', () => {
  it.each([
    ['image \\Driver\\probe.sys loaded in the kernel at 0xfffff80012340000, 4096 bytes', 'loaded', null],
    ['image \\x\\a.dll unloaded in process 4321(probe.exe) at 0x1000, 512 bytes', 'unloaded', 4321],
    ['image \\x\\a.dll running at the begin of the trace in process 7 at 0x1000, 512 bytes', 'present', 7],
    ['image \\x\\a.dll running at the end of the trace in process 4(System) at 0x1000, 512 bytes', 'present', null],
    ['\\SystemRoot\\nicfilt.sys loaded into the kernel at 0x80001000, 8192 bytes', 'loaded', null],
    ['C:\\a b.dll loaded into process 12 at 0x10000, 8192 bytes', 'loaded', 12],
  ])('is read from %s', (text, what, pid) => {
    expect(imageEvent(text)).toMatchObject({ what, module: { pid } });
  });

  it('of the build of a PDB is one too, and other words are none', () => {
    const build = '{11111111-2222-3333-4444-555566667777} 3';
    expect(imageEvent(`traced module of PDB Driver.pdb, build ${build}`)).toEqual({
      ...{ what: 'build', pdb: 'Driver.pdb', build },
    });
    for (const other of ['image loaded', 'image of x at 0x10, 5 bytes', 'read 5 bytes', 'traced module of PDB x']) {
      expect(imageEvent(other)).toBeNull();
    }
    const map = new ModuleMap();
    noteImage(map, { what: 'build', pdb: 'a.pdb', build }, 0);
    noteImage(map, { what: 'present', module: module('a.sys', 0x1000n) }, 0);
    expect(map.find(0x1004n, 0, 0)?.module.build).toBe(build);
  });
});

const LM = `0: kd> lm
start             end                 module name
fffff800\`5f400000 fffff800\`60446000   nt         (pdb symbols)          c:\\sym\\ntkrnlmp.pdb\\1EB9FACB04C73C5FF2AE92F3BB1C8E1F1\\ntkrnlmp.pdb
fffff803\`4d2f0000 fffff803\`4d2f9000   nicfilt    (deferred)
    Image path: \\SystemRoot\\System32\\drivers\\nicfilt.sys
    Image name: nicfilt.sys
fffff803\`4d300000 fffff803\`4d310000   storport storport.sys Mon Jan  1 00:00:00 2024 (659214C0)
fffff803\`4d400000 fffff803\`4d410000   ndis     \\SystemRoot\\system32\\drivers\\ndis.sys

Unloaded modules:
fffff803\`4e1f0000 fffff803\`4e1ff000   dump_storport.sys
`;

describe('a list of modules', () => {
  it('is read as lm prints it', () => {
    const read = readModuleList(LM);
    if (!read.ok) throw new Error(read.failure.message);
    const { loaded, unloaded } = read.value;
    expect(loaded.map(({ name }) => name)).toEqual(['nt', 'nicfilt.sys', 'storport.sys', 'ndis.sys']);
    expect(loaded[0]).toMatchObject({
      ...{ base: 0xfffff800_5f400000n, bytes: 0x1046000n, pdb: 'ntkrnlmp.pdb' },
      build: '{1EB9FACB-04C7-3C5F-F2AE-92F3BB1C8E1F} 1',
    });
    expect(unloaded.map(({ name }) => name)).toEqual(['dump_storport.sys']);
    expect(readModuleList('804d7000 806cd280   nt   (pdb symbols)').ok).toBe(true);
  });

  it('is read as CSV and JSON', () => {
    const expected = [
      {
        ...{ name: 'nicfilt.sys', base: 0xfffff803_4d2f0000n, bytes: 36_864n, pid: null, pdb: 'nicfilt.pdb' },
        build: '{11111111-2222-3333-4444-555566667777} 10',
      },
      { name: 'a, b.dll', base: 0x10000n, bytes: 0x1000n, pid: 12, pdb: null, build: null },
    ];
    const guid = '11111111-2222-3333-4444-555566667777';
    const csv = `Module Name,Base,Size,End,PID,PDB,GUID,Age\r\nnicfilt.sys,fffff8034d2f0000,36864,,4,d:\\x\\nicfilt.pdb,{${guid}},0xa\r\n"a, b.dll",0x10000,,11000,12,,,\r\nbad,zz,1,,,,,\r\n`;
    expect(readModuleList(csv)).toEqual({ ok: true, value: { loaded: expected, unloaded: [] } });
    const json = JSON.stringify({
      modules: [
        { path: 'c:\\d\\nicfilt.sys', base: '0xfffff803`4d2f0000', size: 36864, pdb: 'nicfilt.pdb', guid, age: 10 },
        { name: 'a, b.dll', base: 0x10000, size: '0x1000', pid: 12 },
        'nothing',
      ],
    });
    expect(readModuleList(json)).toEqual({ ok: true, value: { loaded: expected, unloaded: [] } });
  });

  it('without modules is refused, and any text is read without an exception', () => {
    for (const text of ['', 'hello', '{', '[1]', 'name,base,size\n']) {
      expect(readModuleList(text)).toMatchObject({ ok: false, failure: { code: 'bad-argument' } });
    }
    const piece = fc.constantFrom(...LM.split(/(\s)/), '"', ',', 'base', 'size', '0x', '{', '}', '[', ']', ':');
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
        const read = readModuleList(pieces.join(''));
        for (const { bytes } of read.ok ? read.value.loaded : []) expect(bytes > 0n).toBe(true);
      }),
    );
  });
});

describe('a value', () => {
  it('is found in each of its forms, and not within words, GUIDs and decimals', () => {
    const text = (message: string): string[] => hexValues(message).map(({ value }) => value.toString(16));
    expect(text('irp 0xFFFFC01A12345678 ffffc01a`12345678, ffffc01a12345678; 0x1f')).toEqual([
      ...['ffffc01a12345678', 'ffffc01a12345678', 'ffffc01a12345678', '1f'],
    ]);
    expect(text('804d7000 x804d7000 {11111111-2222-3333-4444-555566667777} 1.23456789 abc 1234567')).toEqual([
      '804d7000',
    ]);
  });

  it('that could be anything is not worth following', () => {
    expect([0n, 0xfffn, 0xffff_ffffn, 0xffff_ffff_ffff_ffffn].map(isTelling)).toEqual([false, false, false, false]);
    expect([0x1000n, 0xffffc01a12345678n].map(isTelling)).toEqual([true, true]);
  });

  it('is matched by its expression just where it is found', () => {
    const forms = (value: bigint): string[] => {
      const digits = value.toString(16);
      const wide = digits.padStart(16, '0');
      return [`0x${digits}`, `0X${digits.toUpperCase()}`, `0x${wide}`, wide, `${wide.slice(0, 8)}\`${wide.slice(8)}`];
    };
    let matched = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.bigInt({ min: 1n, max: 0xffff_ffffn }), fc.bigInt({ min: 1n, max: 0xffff_ffff_ffff_ffffn })),
        fc.bigInt({ min: 1n, max: 0xffff_ffff_ffff_ffffn }),
        fc.nat(4),
        fc.boolean(),
        fc.constantFrom(
          ['', ''],
          ['irp ', ' done'],
          ['x', ''],
          ['', '0'],
          ['(', ')'],
          ['_', ''],
          ['1', ''],
          ['12-', ''],
          ['', '-1234'],
        ),
        (value, other, form, same, [before, behind]) => {
          const message = `${before}${forms(same ? value : other)[form]}${behind}`;
          const found = hexValues(message).some((each) => each.value === value);
          if (found) matched++;
          for (const flags of ['', 'i', 'iu', 'u']) {
            expect(new RegExp(valueSource(value), flags).test(message), message).toBe(found);
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(matched).toBeGreaterThan(100);
    expect(valueText(0xabn)).toBe('0xab');
  });
});
