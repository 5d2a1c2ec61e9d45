import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionAt, plainName, readPdbFunctions } from './pdb-functions.ts';
import { pdbFile, type WrittenModule } from './test-support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-functions-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const SECTIONS = [
  { place: 0x1000, bytes: 0x800 },
  { place: 0x3000, bytes: 0x100 },
];
const MODULES: WrittenModule[] = [
  {
    ...{ name: 'rx.obj', annotations: [['something else']] },
    procedures: [
      { name: 'RxComplete', section: 1, offset: 0x40, bytes: 0x30 },
      { name: 'RxStart', section: 1, offset: 0x80, bytes: 0x20 },
    ],
  },
  { name: 'empty.obj', annotations: [] },
];
const PUBLICS = [
  { name: 'DriverEntry', section: 1, offset: 0 },
  { name: '?Push@Ring@@QEAAXXZ', section: 1, offset: 0x100 },
  { name: 'RxComplete', section: 1, offset: 0x40 },
  { name: 'g_Table', section: 2, offset: 0x10 },
  { name: 'beyond', section: 1, offset: 0x900 },
  { name: 'nowhere', section: 9, offset: 0 },
];

describe('the functions of a PDB', () => {
  it.each([512, 1024, 4096])('in blocks of %i bytes are found by their places', (blockBytes) => {
    const read = readPdbFunctions(
      file('driver.pdb', pdbFile(MODULES, { blockBytes, age: 3, sections: SECTIONS, publics: PUBLICS })),
    );
    if (!read.ok) throw new Error(read.failure.message);
    expect(read.value.builds).toEqual(['{11111111-2222-3333-4444-555566667777} 3']);
    const at = (place: number): string => {
      const found = functionAt(read.value, place);
      return found === null ? '-' : `${found.name}+${found.offset.toString(16)}`;
    };
    expect([0xfff, 0x1000, 0x103f, 0x1040, 0x106f, 0x1070, 0x1080].map(at)).toEqual([
      ...['-', 'DriverEntry+0', 'DriverEntry+3f', 'RxComplete+0', 'RxComplete+2f', '-', 'RxStart+0'],
    ]);
    expect([0x1100, 0x1180, 0x3010, 0x3015].map(at)).toEqual([
      ...['Ring::Push+0', 'Ring::Push+80', 'g_Table+0', 'g_Table+5'],
    ]);
  });

  it('that were ordered anew are found where they went', () => {
    const moved: [number, number][] = [
      [0x1000, 0x5000],
      [0x1040, 0],
      [0x1080, 0x6000],
    ];
    const bytes = pdbFile(MODULES, {
      sections: [{ place: 1, bytes: 1 }],
      originalSections: SECTIONS,
      moved,
      publics: PUBLICS,
    });
    const read = readPdbFunctions(file('moved.pdb', bytes));
    if (!read.ok) throw new Error(read.failure.message);
    expect(functionAt(read.value, 0x5004)).toEqual({ name: 'DriverEntry', offset: 4 });
    expect(functionAt(read.value, 0x6001)).toEqual({ name: 'RxStart', offset: 1 });
    expect(functionAt(read.value, 0x1040)).toBeNull();
  });

  it('of a PDB that does not say where they are is refused in words', () => {
    expect(readPdbFunctions(file('none.pdb', pdbFile(MODULES)))).toMatchObject({
      ...{ ok: false, failure: { code: 'bad-magic' } },
    });
    expect(readPdbFunctions(join(folder, 'missing.pdb'))).toMatchObject({ failure: { code: 'source-not-found' } });
  });

  it('of a PDB of any bytes are read, or refused, without an exception', () => {
    const whole = pdbFile(MODULES, { blockBytes: 512, sections: SECTIONS, publics: PUBLICS });
    const seen = { refused: 0, found: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.record({ to: fc.nat(whole.length - 5), value: fc.nat(255), wide: fc.boolean() }), {
          ...{ minLength: 1, maxLength: 12 },
        }),
        fc.option(fc.nat(whole.length), { freq: 5 }),
        (changes, cut) => {
          const hostile = Buffer.from(whole);
          for (const { to, value, wide } of changes) {
            if (wide) hostile.writeUInt32LE((value * 0x01010101) >>> 0, to);
            else hostile[to] = value;
          }
          const read = readPdbFunctions(file('hostile.pdb', cut === null ? hostile : hostile.subarray(0, cut)));
          if (read.ok) {
            seen.found++;
            for (const place of [0, 0x1044, 0xffff_ffff]) functionAt(read.value, place);
          } else {
            expect(read.failure.code).toBe('bad-magic');
            seen.refused++;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect([seen.refused > 50, seen.found > 100]).toEqual([true, true]);
  });
});

it.each([
  ['?Push@Ring@@QEAAXXZ', 'Ring::Push'],
  ['?run@Inner@Outer@@YAXXZ', 'Outer::Inner::run'],
  ['_RxComplete@12', 'RxComplete'],
  ['@Fast@8', 'Fast'],
  ['??0Ring@@QEAA@XZ', '??0Ring@@QEAA@XZ'],
  ['DriverEntry', 'DriverEntry'],
])('the name %s is shown as %s', (name, shown) => {
  expect(plainName(name)).toBe(shown);
});

const LINKER = 'x86_64-w64-mingw32-gcc';
function hasLinker(): boolean {
  try {
    return execFileSync(LINKER, ['-Wl,--help'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      '--pdb=',
    );
  } catch {
    return false;
  }
}

describe.runIf(hasLinker())('a PDB that GNU ld wrote', () => {
  it('has the functions where the image has them', () => {
    const source = file(
      'probe.c',
      Buffer.from(
        'int Second(int a) { return a * 3; }\nint First(int a) { return Second(a) + 1; }\nint Start(void) { return First(2); }\n',
      ),
    );
    const [image, pdb] = [join(folder, 'probe.exe'), join(folder, 'probe.pdb')];
    execFileSync(LINKER, ['-O1', '-fno-inline', '-nostdlib', '-Wl,-eStart', `-Wl,--pdb=${pdb}`, '-o', image, source]);
    const read = readPdbFunctions(pdb);
    if (!read.ok) throw new Error(read.failure.message);
    // What the tools of the linker say of the same image: `0000000140001000 T Second`.
    const names = execFileSync('x86_64-w64-mingw32-nm', [image], { encoding: 'utf8' });
    for (const name of ['Second', 'First', 'Start']) {
      const address = new RegExp(`^([0-9a-f]+) T ${name}$`, 'm').exec(names)?.[1] ?? '0';
      const place = Number(BigInt(`0x${address}`) - 0x1_4000_0000n);
      expect(functionAt(read.value, place + 1)).toEqual({ name, offset: 1 });
    }
  });
});
