import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driverPath, peMachine, systemPath } from './pe-machine.ts';

function file(machine: number, at = 128): Uint8Array {
  const head = new Uint8Array(512);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(60, at, true);
  if (at + 6 <= head.length) {
    view.setUint32(at, 0x4550, true);
    view.setUint16(at + 4, machine, true);
  }
  return head;
}

describe('peMachine', () => {
  it.each([
    [0x8664, 'x64'],
    [0xaa64, 'arm64'],
    [0x014c, 'x86'],
    [0x0200, null],
  ])('knows machine %i', (machine, name) => {
    expect(peMachine(file(machine))).toBe(name);
  });

  it('is not fooled by what is no program', () => {
    const other = file(0x8664);
    other[0] = 0;
    const cut = file(0x8664);
    for (const head of [new Uint8Array(0), other, cut.subarray(0, 60), cut.subarray(0, 130), file(0x8664, 4000)]) {
      expect(peMachine(head)).toBeNull();
    }
  });
});

it('takes any bytes for what they are, or for no program', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 0, max: 0xffffffff }), (tail, at) => {
      const head = new Uint8Array(64 + tail.length);
      head.set(tail, 64);
      new DataView(head.buffer).setUint16(0, 0x5a4d, true);
      new DataView(head.buffer).setUint32(60, at, true);
      expect([null, 'x64', 'arm64', 'x86']).toContain(peMachine(head));
      expect(peMachine(tail)).toBeNull();
    }),
  );
});

it.each([
  ['\\SystemRoot\\System32\\drivers\\ringview.sys', 'C:\\Windows\\System32\\drivers\\ringview.sys'],
  ['\\??\\D:\\x\\ringview.sys', 'D:\\x\\ringview.sys'],
  ['system32\\drivers\\ringview.sys', 'C:\\Windows\\system32\\drivers\\ringview.sys'],
  ['E:\\ringview.sys', 'E:\\ringview.sys'],
])('finds the file of the service path %s', (path, found) => {
  expect(driverPath(path, 'C:\\Windows')).toBe(found);
});

it('names a file of the Windows folder as the boot loader takes it, and no other', () => {
  expect(systemPath('c:\\windows\\System32\\drivers\\ringview.sys', 'C:\\Windows')).toBe(
    '\\SystemRoot\\System32\\drivers\\ringview.sys',
  );
  expect(systemPath('C:\\Windows.old\\ringview.sys', 'C:\\Windows')).toBeNull();
  expect(systemPath('D:\\ringview.sys', 'C:\\Windows\\')).toBeNull();
  const file = 'C:\\Windows\\System32\\drivers\\ringview.sys';
  expect(driverPath(systemPath(file, 'C:\\Windows') ?? '', 'C:\\Windows')).toBe(file);
});
