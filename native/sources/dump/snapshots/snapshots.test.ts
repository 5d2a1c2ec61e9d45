import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { EntryBatch } from '../../../core/entry.ts';
import { RV } from '../../../core/layout.ts';
import { countCases, HandSession, rowsOf, testRandom } from '../../../core/test-support.ts';
import { openFileSource } from '../../open-file.ts';
import { openDump } from '../dump-source.ts';
import { type CrashedMachine, crashedMemory, crashedPages } from '../test-support.ts';
import { layOut } from './qemu-blocks.ts';
import { SparseMemory } from './sparse-memory.ts';
import {
  libvirtSave,
  type Pages,
  type QemuShape,
  qemuStream,
  type Regions,
  vmemOf,
  vmwareState,
} from './test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringview-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);
afterEach(() => {
  for (const name of ['vm.vmem', 'vm.vmss', 'vm.vmsn', 'vm.sav', 'vm.dmp']) rmSync(file(name), { force: true });
});

const MEMORY_BYTES = 64 * 2 ** 20;
const LAST = MEMORY_BYTES / RV.PAGE;
const MACHINE: Omit<CrashedMachine, 'kind' | 'random'> = { cpus: 2, ringBytes: 8192, frames: 1024 };
const GIB = 2 ** 30;
const ABOVE = (4 * GIB) / RV.PAGE;

const session: Uint8Array = (() => {
  const hand = new HandSession({ cpus: 2, ringBytes: 8192 });
  for (let at = 0; at < 60; at++) {
    hand.clock.now = BigInt((at + 1) * 1000);
    hand.write(at % 2, `record ${at} ${'x'.repeat(at % 17)}`);
  }
  return new Uint8Array(hand.view.buffer);
})();

interface Read {
  readonly rows: ReturnType<typeof rowsOf>;
  readonly broken: readonly string[];
  readonly failure: { readonly code: string; readonly message: string; readonly action: string } | null;
  readonly format: string | null;
}

function readFile(path: string): Read {
  const opened = openDump(path);
  if (!opened.ok) return { rows: [], broken: [], failure: opened.failure, format: null };
  const source = opened.value;
  const rows: ReturnType<typeof rowsOf> = [];
  const take = (batch: EntryBatch): void => {
    rows.push(...rowsOf(batch));
  };
  for (let polls = 0; source.poll(take).more; polls++) {
    if (polls > 10_000) throw new Error('it does not end');
  }
  const { failure, file: facts } = source.stats();
  source.close();
  return {
    rows,
    failure,
    broken: facts?.broken.places.map(({ problem }) => problem) ?? [],
    format: facts?.format ?? null,
  };
}

function read(name: string, bytes: Uint8Array): Read {
  writeFileSync(file(name), bytes);
  return readFile(file(name));
}

/** What a row says, without what depends on the time of the file. */
const saying = ({ rows }: Read) =>
  rows.map(({ cpu, index, data, kind }) => [cpu, index, kind, new TextDecoder().decode(data)]);

const pagesOf = (seed: number, more: Partial<CrashedMachine> = {}): Pages =>
  crashedPages(session, { kind: 'raw', random: testRandom(seed), ...MACHINE, ...more });
const rawOf = (seed: number): Read =>
  read('vm.dmp', crashedMemory(session, { kind: 'raw', random: testRandom(seed), ...MACHINE }));

/** Frames 0..LAST-1 cut into regions, which lie in the file in another order; what has no page may be left out. */
function cut(pages: Pages, seed: number): Regions {
  const random = testRandom(seed);
  const regions: { frame: number; pages: number }[] = [];
  for (let frame = 0; frame < 1024; ) {
    const count = Math.min(1 + random(300), 1024 - frame);
    const isUsed = Array.from({ length: count }, (_, at) => pages.has(frame + at)).includes(true);
    if (isUsed || random(3) === 0) regions.push({ frame, pages: count });
    frame += count;
  }
  for (let at = regions.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [regions[at], regions[other]] = [regions[other] as (typeof regions)[0], regions[at] as (typeof regions)[0]];
  }
  return regions;
}

const stream = (pages: Pages, more: Partial<QemuShape> = {}): Uint8Array =>
  qemuStream(pages, { ramBytes: MEMORY_BYTES, random: testRandom(1), ...more });

const seed = fc.nat(1_000_000);

describe('a VMware snapshot', () => {
  it('gives the rows of the raw memory, wherever its regions are cut and in whichever order they lie', () => {
    fc.assert(
      fc.property(
        seed,
        fc.constantFrom('vmem and vmss', 'vmem and vmsn', 'vmss and vmem', 'vmss alone'),
        (chance, how) => {
          const raw = rawOf(chance);
          expect(raw.rows.length).toBe(60);
          const pages = pagesOf(chance);
          const regions = cut(pages, chance);
          const memory = vmemOf(pages, regions);
          rmSync(file('vm.vmss'), { force: true });
          rmSync(file('vm.vmsn'), { force: true });
          let found: Read;
          if (how === 'vmss alone') found = read('vm.vmss', vmwareState({ regions, memory }));
          else {
            const state = how === 'vmem and vmsn' ? 'vm.vmsn' : 'vm.vmss';
            writeFileSync(file('vm.vmem'), memory);
            writeFileSync(file(state), vmwareState({ regions }));
            found = readFile(file(how === 'vmss and vmem' ? state : 'vm.vmem'));
          }
          expect(saying(found)).toEqual(saying(raw));
          expect(found).toMatchObject({ format: 'VMware snapshot', failure: null, broken: raw.broken });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('has its memory around the hole below 4 GiB where its state says so', () => {
    const pages = pagesOf(9, { place: (frame) => (frame % 2 === 0 ? frame : ABOVE + frame) });
    writeFileSync(
      file('vm.vmss'),
      vmwareState({
        regions: [
          { frame: 0, pages: 1024 },
          { frame: ABOVE, pages: 1024 },
        ],
      }),
    );
    const memory = vmemOf(pages, [
      { frame: 0, pages: 1024 },
      { frame: ABOVE, pages: 1024 },
    ]);
    expect(saying(read('vm.vmem', memory))).toEqual(saying(rawOf(9)));
    rmSync(file('vm.vmss'));
    expect(saying(read('vm.vmem', memory))).not.toEqual(saying(rawOf(9)));
  });

  it('is one piece from address 0 where no regions are listed', () => {
    const whole: Regions = [{ frame: 0, pages: 1024 }];
    const found = read('vm.vmsn', vmwareState({ regions: [], memory: vmemOf(pagesOf(4), whole) }));
    expect(saying(found)).toEqual(saying(rawOf(4)));
  });

  it.each([0xbed2bed2, 0xbed3bed3, 0xbad1bad1, 0xbad2bad2])('is known by how it begins: %s', (magic) => {
    const pages = pagesOf(5);
    const regions = cut(pages, 5);
    writeFileSync(file('vm.vmss'), vmwareState({ regions, memory: vmemOf(pages, regions), magic }));
    const opened = openFileSource(file('vm.vmss'));
    expect(opened).toMatchObject({ ok: true, value: { info: { producer: 'VMware snapshot' } } });
    if (opened.ok) opened.value.close(() => {});
  });

  it('without its state is taken as VMware usually lays memory, and that is said', () => {
    const found = read('vm.vmem', vmemOf(pagesOf(6), [{ frame: 0, pages: 1024 }]));
    expect(found.rows.length).toBe(60);
    expect(found.format).toBe('raw memory image');
    expect(found.broken.join('; ')).toContain(
      'no .vmss or .vmsn of the same name is beside the .vmem file; the memory is taken as',
    );
  });

  it('with a state that is damaged is read as without, and both are said', () => {
    writeFileSync(file('vm.vmss'), new Uint8Array(100).fill(1));
    writeFileSync(file('vm.vmsn'), vmwareState({ regions: [] }).subarray(0, 60));
    const found = read('vm.vmem', vmemOf(pagesOf(6), [{ frame: 0, pages: 1024 }]));
    expect(found.rows.length).toBe(60);
    expect(found.broken.join('; ')).toMatch(
      /vm\.vmss does not begin as .*vm\.vmsn: .*damaged: none of the 2 groups.*usually lays it/,
    );
  });

  it('whose memory is nowhere, compressed or of an old form is refused with what to do', () => {
    expect(read('vm.vmss', vmwareState({ regions: [] })).failure).toMatchObject({
      code: 'source-not-found',
      action: expect.stringContaining('.vmem'),
    });
    const memory = new Uint8Array(RV.PAGE);
    expect(read('vm.vmss', vmwareState({ regions: [], memory, compressed: true })).failure).toMatchObject({
      code: 'source-unsupported',
    });
    expect(read('vm.vmss', vmwareState({ regions: [], memory, magic: 0xbed0bed0 })).failure).toMatchObject({
      code: 'source-unsupported',
    });
  });

  it('that is cut keeps what is there and says how much is not', () => {
    const pages = pagesOf(8);
    const regions: Regions = [{ frame: 0, pages: 1024 }];
    const bytes = vmwareState({ regions, memory: vmemOf(pages, regions) });
    const found = read('vm.vmss', bytes.subarray(0, bytes.length - 100 * RV.PAGE));
    expect(found.broken.join()).toMatch(/the memory is cut: 10[01] of its 1024 pages are not in the file/);
    expect(found.rows.length).toBeGreaterThan(0);
  });
});

describe('a saved machine of QEMU', () => {
  it('gives the rows of the raw memory, in whichever order its pages are written, some of them twice', () => {
    fc.assert(
      fc.property(seed, fc.boolean(), fc.boolean(), (chance, footers, libvirt) => {
        const raw = rawOf(chance);
        const bytes = stream(pagesOf(chance), { random: testRandom(chance), footers });
        const found = read('vm.sav', libvirt ? libvirtSave(bytes) : bytes);
        expect(saying(found)).toEqual(saying(raw));
        expect(found).toMatchObject({ format: 'QEMU snapshot', failure: null });
      }),
      { numRuns: 20 },
    );
  });

  it('with every page in it has nothing to say', () => {
    const pages = pagesOf(3);
    const zeroes = Array.from({ length: LAST }, (_, frame) => frame).filter((frame) => !pages.has(frame));
    expect(read('vm.sav', stream(pages, { zeroes }))).toMatchObject({ broken: rawOf(3).broken, failure: null });
    expect(read('vm.sav', stream(pages)).broken.join()).toMatch(
      /\d+ of the 16384 pages of the machine's memory are not in the file/,
    );
  });

  it('shows pages of zeroes as such: a ring that was never filled is not missing', () => {
    const empty = new Uint8Array(new HandSession({ cpus: 2, ringBytes: 8192 }).view.buffer.slice(0));
    const pages = crashedPages(empty, { kind: 'raw', random: testRandom(2), ...MACHINE });
    const filled = new Map([...pages].filter(([, bytes]) => bytes.some((byte) => byte !== 0)));
    const zeroes = [...pages.keys()].filter((frame) => !filled.has(frame));
    expect(zeroes.length).toBeGreaterThan(0);
    const said = read('vm.sav', stream(filled, { zeroes })).broken.join();
    expect(said).not.toContain('of its ring are not in the dump');
    expect(read('vm.sav', stream(filled)).broken.join()).toContain('of its ring are not in the dump');
  });

  it.each([
    ['pc-q35-8.2', 2 * GIB, 3 * GIB],
    ['pc-i440fx-6.1', 3 * GIB, 5 * GIB],
  ])('has its memory around the hole below 4 GiB: %s', (machine, hole, ramBytes) => {
    const place = (frame: number) => (frame % 2 === 0 ? frame : ABOVE + frame);
    const found = read('vm.sav', stream(pagesOf(9, { place }), { machine, hole, ramBytes }));
    expect(saying(found)).toEqual(saying(rawOf(9)));
    const other = machine.includes('q35') ? 'pc-i440fx-6.1' : 'pc-q35-8.2';
    expect(saying(read('vm.sav', stream(pagesOf(9, { place }), { machine: other, hole, ramBytes })))).not.toEqual(
      saying(found),
    );
  });

  it('is read where its pages have fixed places (mapped-ram)', () => {
    const found = read('vm.sav', stream(pagesOf(10), { ramBytes: 1024 * RV.PAGE, mapped: true }));
    expect(saying(found)).toEqual(saying(rawOf(10)));
    expect(found.broken).toEqual(rawOf(10).broken);
  });

  it('is read past sections whose form is not known', () => {
    const between = Uint8Array.from([
      1,
      0,
      0,
      0,
      7,
      5,
      ...Buffer.from('block'),
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      9,
      9,
      9,
      0x7e,
      0,
      0,
      0,
      7,
    ]);
    expect(saying(read('vm.sav', stream(pagesOf(11), { between })))).toEqual(saying(rawOf(11)));
  });

  it('of several nodes has their memory in the order of their numbers', () => {
    const block = (name: string, pages: number) => ({ name, bytes: pages * RV.PAGE, first: -1 });
    const blocks = [block('/objects/ram-node10', 5), block('vga.vram', 90), block('/objects/ram-node2', 3)];
    expect(layOut(blocks, 'pc-q35-8.2', new SparseMemory())).toEqual([]);
    expect(blocks.map(({ first }) => first)).toEqual([3, -1, 0]);
  });

  it('whose memory has another name takes the largest block, and says so', () => {
    const found = read('vm.sav', stream(pagesOf(12), { name: '/objects/mem0' }));
    expect(saying(found)).toEqual(saying(rawOf(12)));
    expect(found.broken.join()).toContain('/objects/mem0');
  });

  it('goes on behind a damaged page, and names its offset', () => {
    const pages = pagesOf(13);
    const zeroes = Array.from({ length: LAST }, (_, frame) => frame).filter((frame) => !pages.has(frame));
    // Two pages a section: the second entry of the first.
    const bytes = stream(pages, { zeroes, random: () => 1 });
    const at = bytes.indexOf(0x7e, 8) + 5 + 5;
    const first = bytes[at + 7] === 8 ? RV.PAGE : 1;
    const second = at + 8 + 7 + first;
    bytes.fill(0xff, second, second + 8);
    const found = read('vm.sav', bytes);
    expect(found.broken.slice(0, 2)).toEqual([
      `the entry of a page at offset ${second} is damaged`,
      "1 of the 16384 pages of the machine's memory are not in the file",
    ]);
    expect(found.rows.length).toBeGreaterThan(0);
  });

  it('goes on at the next section where the rest of one makes no sense, and names the offset', () => {
    const bytes = stream(pagesOf(16), { random: () => 1 });
    const at = bytes.indexOf(0x7e, 8) + 5 + 5;
    bytes.fill(0xff, at, at + 2 * RV.PAGE);
    const found = read('vm.sav', bytes);
    // The name of the memory is lost too: a page below the size of the other block may be of either.
    expect(found.broken.filter((problem) => !problem.includes('behind damage')).slice(0, 2)).toEqual([
      `the entry of a page at offset ${at} is damaged`,
      expect.stringContaining("pages of the machine's memory are not in the file"),
    ]);
    expect(found.rows.length).toBeGreaterThan(0);
  });

  it('that is cut keeps what is there and says so', () => {
    const bytes = stream(pagesOf(14));
    const found = read('vm.sav', bytes.subarray(0, bytes.length - 8 * RV.PAGE));
    expect(found.broken.join()).toMatch(/before the (last pages|file does)/);
    expect(found.failure).toBeNull();
  });

  it('in an old version, compressed, or without memory is refused with what to do', () => {
    const bytes = stream(pagesOf(15));
    const old = bytes.slice();
    old[7] = 2;
    expect(read('vm.sav', old).failure).toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining('version 2'),
    });
    expect(read('vm.sav', libvirtSave(bytes, 1)).failure).toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining('gzip'),
    });
    expect(read('vm.sav', bytes.subarray(0, 20)).failure).toMatchObject({ code: 'bad-layout' });
  });
});

it.each([
  ['QFI\xfb', 'qcow2', 'dump-guest-memory'],
  ['KDUMP   ', 'kdump', 'without -z'],
  ['makedumpfile\0', 'kdump', 'without -z'],
  ['LibvirtQemudPart', 'never finished', 'virsh save'],
])('memory in a form that is not read is refused by its name: %j', (begins, name, action) => {
  const bytes = new Uint8Array(8192);
  bytes.set(Uint8Array.from(begins, (letter) => letter.charCodeAt(0)));
  writeFileSync(file('vm.sav'), bytes);
  expect(openFileSource(file('vm.sav'))).toMatchObject({
    ok: false,
    failure: {
      code: 'source-unsupported',
      message: expect.stringContaining(name),
      action: expect.stringContaining(action),
    },
  });
});

it('never throws and always ends, whatever of a snapshot was changed', () => {
  const cases = countCases('rows', 'refused', 'broken');
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), early: fc.boolean(), value: fc.nat(255) });
  const small = { ...MACHINE, frames: 64 };
  const pages = crashedPages(session, { kind: 'raw', random: testRandom(3), ...small });
  const whole: Regions = [
    { frame: 32, pages: 32 },
    { frame: 0, pages: 32 },
  ];
  const makers = {
    vmss: () => vmwareState({ regions: whole, memory: vmemOf(pages, whole) }),
    'vmss beside': () => vmwareState({ regions: whole }),
    stream: () => qemuStream(pages, { ramBytes: 64 * RV.PAGE, random: testRandom(3) }),
    mapped: () => qemuStream(pages, { ramBytes: 64 * RV.PAGE, random: testRandom(3), mapped: true }),
    libvirt: () => libvirtSave(qemuStream(pages, { ramBytes: 64 * RV.PAGE, random: testRandom(3) })),
  };
  writeFileSync(file('vm.vmem'), vmemOf(pages, whole));
  const kinds = Object.keys(makers) as (keyof typeof makers)[];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(change, { minLength: 1, maxLength: 30 }),
      fc.double({ min: 0.1, max: 1.5, noNaN: true }),
      (kind, changes, kept) => {
        const made = makers[kind]();
        const bytes = made.subarray(0, Math.min(made.length, Math.floor(made.length * kept)));
        for (const { at, early, value } of changes) {
          bytes[Math.floor(at * (early ? Math.min(700, bytes.length) : bytes.length - 1))] = value;
        }
        writeFileSync(file(kind === 'vmss beside' ? 'vm.vmss' : 'vm.sav'), bytes);
        const found = readFile(file(kind === 'vmss beside' ? 'vm.vmem' : 'vm.sav'));
        expect(found.rows.length).toBeLessThan(400);
        cases.note('rows', found.rows.length > 0);
        cases.note('refused', found.failure !== null);
        cases.note('broken', found.broken.length > 0);
      },
    ),
    { numRuns: 300 },
  );
  cases.expectEach(5);
});
