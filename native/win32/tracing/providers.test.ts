import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guidBytes } from '../../core/guid.ts';
import { readProviders, readRegistrations } from './providers.ts';

const GUID = '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716';

function list(names: readonly string[]): Uint8Array<ArrayBuffer> {
  const texts = names.map((name) => Buffer.from(`${name}\0`, 'utf16le'));
  const head = Buffer.alloc(8 + names.length * 24);
  head.writeUInt32LE(names.length, 0);
  let at = head.length;
  for (const [number, text] of texts.entries()) {
    Buffer.from(guidBytes(GUID)).copy(head, 8 + number * 24);
    head.writeUInt32LE(at, 8 + number * 24 + 20);
    at += text.length;
  }
  return new Uint8Array(Buffer.concat([head, ...texts]));
}

describe('the list of providers', () => {
  it('has their GUIDs by name, whatever the case', () => {
    expect([...readProviders(list(['Microsoft-Windows-Kernel-Process', 'Other']))]).toEqual([
      ['microsoft-windows-kernel-process', GUID],
      ['other', GUID],
    ]);
  });

  it('is never read beyond its end, whatever it says of itself', () => {
    const whole = list(['first', 'second']);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        (changes, end) => {
          const bytes = whole.slice(0, end);
          for (const [at, value] of changes) if (at < end) bytes[at] = value;
          for (const guid of readProviders(bytes).values()) expect(guid).toMatch(/^[0-9a-f-]{36}$/);
        },
      ),
    );
  });
});

describe('who has registered a provider', () => {
  const answer = (): Uint8Array<ArrayBuffer> => {
    const bytes = Buffer.alloc(8 + 16 + 32 + 16);
    bytes.writeUInt32LE(2, 0);
    bytes.writeUInt32LE(48, 8);
    bytes.writeUInt32LE(1, 12);
    bytes.writeUInt32LE(77, 16);
    bytes.writeUInt32LE(1, 24);
    bytes[28] = 3;
    bytes.writeUInt16LE(9, 30);
    bytes.writeBigUInt64LE(0x15n, 40);
    bytes.writeUInt32LE(88, 56 + 8);
    return new Uint8Array(bytes);
  };

  it('are its processes, and what each session asked them for', () => {
    expect(readRegistrations(answer())).toEqual([
      { pid: 77, enabled: [{ loggerId: 9, level: 3, keywords: 0x15n }] },
      { pid: 88, enabled: [] },
    ]);
  });

  it('is never read beyond its end, and reading it ends', () => {
    const whole = answer();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        (changes, end) => {
          const bytes = whole.slice(0, end);
          for (const [at, value] of changes) if (at < end) bytes[at] = value;
          expect(readRegistrations(bytes).length).toBeLessThanOrEqual(whole.length);
        },
      ),
    );
  });
});
