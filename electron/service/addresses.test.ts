import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pdbFile } from '../../native/sources/etl/pdb/test-support.ts';
import { ModuleScan } from '../session/search/module-scan.ts';
import { SessionStore } from '../session/store/store.ts';
import { batchOf, entry, FakeThreads } from '../session/test-support.ts';
import { SymbolFiles } from '../symbols/symbol-files.ts';
import { symbolsHere } from '../symbols/symbol-thread.ts';
import { Addresses } from './addresses.ts';

const BUILD = '{11111111-2222-3333-4444-555566667777} 10';
const KEY = '11111111222233334444555566667777A';
const PDB = pdbFile(
  [{ name: 'rx.obj', annotations: [], procedures: [{ name: 'RxComplete', section: 1, offset: 0x40, bytes: 0x30 }] }],
  {
    ...{
      age: 10,
      sections: [{ place: 0x1000, bytes: 0x800 }],
      publics: [{ name: 'DriverEntry', section: 1, offset: 0 }],
    },
  },
);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringview-addresses-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const threads = new FakeThreads(2);
/** The modules of a log of these messages, a millisecond apart. */
function scanned(...messages: string[]): ModuleScan {
  const store = new SessionStore({ memoryCapBytes: 1 << 28, segmentRows: 8 });
  store.append(batchOf(messages.map((text, at) => entry(at, text, { timeNs: at * 1e6 }))));
  const scan = new ModuleScan(store, threads.pool, () => {});
  scan.ask(0);
  scan.advance(0);
  threads.settle();
  expect(scan.complete).toBe(true);
  return scan;
}

const addresses = (symbols: readonly string[] = [], chooses = () => ''): Addresses =>
  new Addresses({
    ...{ port: symbolsHere(), symbols },
    askForModules: async () => chooses() || null,
    askForSymbols: async () => chooses() || null,
  });

const told = async (from: Addresses, scan: ModuleScan, message: string, timeNs: number, pid = 0) =>
  (await from.explain(scan, { message, timeNs, pid }, 0)).found.map(({ value, meaning, place, remark }) =>
    [value, meaning, place, remark].filter((part) => part !== '').join(' | '),
  );

describe('an address in a message', () => {
  it('is told by what image events say of its time and process', async () => {
    const scan = scanned(
      'image \\Windows\\nt.exe running at the begin of the trace in the kernel at 0xfffff80010000000, 1048576 bytes',
      '\\SystemRoot\\nicfilt.sys loaded into the kernel at 0xfffff80020000000, 8192 bytes',
      'image C:\\a.dll loaded in process 42(a.exe) at 0x7ff600000000, 4096 bytes',
      'read 4096 bytes',
      'image \\SystemRoot\\nicfilt.sys unloaded in the kernel at 0xfffff80020000000, 8192 bytes',
    );
    const own = addresses();
    const both = 'rx fffff800`20001234 from 0xFFFFF80010000010 at fffff80020001234, again fffff800`20001234';
    expect(await told(own, scan, both, 1e6)).toEqual([
      ...['fffff800`20001234 | nicfilt.sys+0x1234', '0xFFFFF80010000010 | nt.exe+0x10'],
      'fffff80020001234 | nicfilt.sys+0x1234',
    ]);
    expect(await told(own, scan, 'fffff80020000000', 4e6)).toEqual([
      'fffff80020000000 | nicfilt.sys+0x0 | nicfilt.sys was unloaded already at that time',
    ]);
    expect(await told(own, scan, 'fffff80020000000', 0)).toEqual([
      'fffff80020000000 | nicfilt.sys+0x0 | nicfilt.sys was not loaded yet at that time',
    ]);
    expect(await told(own, scan, '0x7ff600000010', 3e6, 42)).toEqual(['0x7ff600000010 | a.dll+0x10']);
    expect(await told(own, scan, '0x7ff600000010', 3e6, 43)).toEqual([]);
  });

  it('of 32 bits is told too, and a list that a person opens says what is there', async () => {
    writeFileSync(join(folder, 'lm.txt'), '\ufeff804d7000 806cd280   nt   (pdb symbols)\r\n', 'utf16le');
    writeFileSync(join(folder, 'none.txt'), 'hello');
    const scan = scanned('nothing');
    const own = addresses([], () => join(folder, 'lm.txt'));
    expect(await told(own, scan, 'at 804d7010', 0)).toEqual([]);
    expect(await own.openModules(() => ({ ok: true, value: { modules: scan } }))).toEqual({
      ...{ ok: true, value: { modules: 1, file: 'lm.txt' } },
    });
    expect(await told(own, scan, 'at 804d7010 and 0x00000000804d7011', 0)).toEqual([
      ...['804d7010 | nt+0x10', '0x00000000804d7011 | nt+0x11'],
    ]);
    const bad = addresses([], () => join(folder, 'none.txt'));
    expect(await bad.openModules(() => ({ ok: true, value: { modules: scan } }))).toMatchObject({
      ...{ ok: false, failure: { message: 'none.txt is no list of modules: none was found in it' } },
    });
    expect(await addresses().openModules(() => ({ ok: true, value: { modules: scan } }))).toEqual({
      ok: true,
      value: null,
    });
  });

  it('has its function by the PDB of the build that ran', async () => {
    const store = join(folder, 'store', 'NicFilt.pdb', KEY);
    mkdirSync(store, { recursive: true });
    writeFileSync(join(store, 'nicfilt.pdb'), PDB);
    const loaded = 'image \\x\\nicfilt.sys loaded in the kernel at 0xfffff80020000000, 8192 bytes';
    const scan = scanned(loaded, `traced module of PDB nicfilt.pdb, build ${BUILD}`);
    const own = addresses([], () => join(folder, 'store'));
    expect(await own.openSymbols()).toEqual({ ok: true, value: { folder: 'store' } });
    expect(await told(own, scan, 'fffff80020001052 fffff80020001000 fffff80020001fff', 0)).toEqual([
      'fffff80020001052 | nicfilt!RxComplete+0x12 | nicfilt.sys+0x1052',
      'fffff80020001000 | nicfilt!DriverEntry | nicfilt.sys+0x1000',
      'fffff80020001fff | nicfilt.sys+0x1fff',
    ]);
    // Nobody said which build ran: the only one there is is used, and said.
    const [line] = await told(own, scanned(loaded), 'fffff80020001052', 0);
    expect(line).toBe(
      'fffff80020001052 | nicfilt!RxComplete+0x12 | nicfilt.sys+0x1052 | by nicfilt.pdb, whose build was not checked: the log does not state it',
    );
  });

  it('has no function by a PDB of another build, a damaged one, or one that a name leads out to', async () => {
    writeFileSync(join(folder, 'nicfilt.pdb'), PDB);
    writeFileSync(join(folder, 'bad.pdb'), 'no pdb');
    const other = BUILD.replace('10', '11');
    const scan = scanned(
      'image \\x\\nicfilt.sys loaded in the kernel at 0xfffff80020000000, 8192 bytes',
      `traced module of PDB nicfilt.pdb, build ${other}`,
      'image \\x\\bad.sys loaded in the kernel at 0xfffff80030000000, 8192 bytes',
      'image .. loaded in the kernel at 0xfffff80040000000, 8192 bytes',
    );
    const lines = await told(addresses([folder]), scan, 'fffff80020001052 fffff80030000001 fffff80040000001', 0);
    expect(lines).toEqual([
      `fffff80020001052 | nicfilt.sys+0x1052 | nicfilt.pdb is of another build (${BUILD}) than what ran (${other})`,
      expect.stringContaining('fffff80030000001 | bad.sys+0x1 | bad.sys was not loaded yet at that time; '),
      'fffff80040000001 | ..+0x1 | .. was not loaded yet at that time',
    ]);
    expect(lines[1]).toContain('is no PDB that can be read');
  });

  it('is told by a PDB that was built anew meanwhile', () => {
    const path = join(folder, 'nicfilt.pdb');
    const files = new SymbolFiles();
    const ask = () => files.answer({ paths: [folder], name: 'nicfilt.sys', pdb: null, build: null, places: [0x1041] });
    expect(ask().functions).toEqual([null]);
    writeFileSync(path, PDB);
    expect(ask().functions).toEqual(['RxComplete+0x1']);
    writeFileSync(
      path,
      pdbFile([], {
        sections: [{ place: 0x1000, bytes: 0x800 }],
        publics: [{ name: 'New', section: 1, offset: 0x40 }],
      }),
    );
    utimesSync(path, 1, 1);
    expect(ask().functions).toEqual(['New+0x1']);
  });
});

it('modules outlive a clear where a list named them, and those of events do not', () => {
  const store = new SessionStore({ memoryCapBytes: 1 << 28 });
  const scan = new ModuleScan(store, threads.pool, () => {});
  const module = { name: 'nt', base: 0x1000n, bytes: 0x1000n, pid: null, pdb: null, build: null };
  scan.add({ loaded: [module], unloaded: [{ ...module, name: 'gone.sys', base: 0x9000n }] });
  store.append(batchOf([entry(0, 'image \\x\\a.sys loaded in the kernel at 0x5000, 4096 bytes')]));
  const look = (): void => {
    scan.ask(0);
    scan.advance(0);
    threads.settle();
  };
  look();
  expect([0x1000n, 0x5000n, 0x9000n].map((at) => scan.find(at, 0, 0)?.presence)).toEqual([
    ...['there', 'there', 'unloaded before'],
  ]);
  store.clear();
  look();
  expect([0x1000n, 0x5000n, 0x9000n].map((at) => scan.find(at, 0, 0)?.presence)).toEqual([
    ...['there', undefined, 'unloaded before'],
  ]);
});
