import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorLogPacket } from './error-log-packet.ts';
import { eventRow } from './event-row.ts';
import type { XmlElement } from './xml-tree.ts';

function packet(dump: readonly number[], more: { readonly code?: number; readonly dumpBytes?: number } = {}): string {
  const bytes = Buffer.alloc(40 + dump.length);
  bytes[0] = 3;
  bytes[1] = 2;
  bytes.writeUInt16LE(more.dumpBytes ?? dump.length, 2);
  bytes.writeUInt32LE(more.code ?? 0xc000000b, 12);
  bytes.writeUInt32LE(0x102, 16);
  bytes.writeUInt32LE(0xc0000022, 20);
  bytes.writeUInt32LE(9, 24);
  bytes.writeUInt32LE(0x4d014, 28);
  bytes.writeBigInt64LE(4096n, 32);
  Buffer.from(dump).copy(bytes, 40);
  return bytes.toString('hex');
}

const element = (name: string, ...children: (XmlElement | string)[]): XmlElement => ({
  name,
  attributes: [],
  children,
});

describe('what a driver gave to IoWriteErrorLogEntry', () => {
  it('is in words: function, codes with their names, place and dump data', () => {
    expect(errorLogPacket(packet([0xde, 0xad]), 0x0b)).toBe(
      'function IRP_MJ_READ, error 0xc000000b(STATUS_INVALID_CID), final status 0xc0000022(STATUS_ACCESS_DENIED), ' +
        'unique value 0x00000102, retries 2, sequence 9, control code 0x0004d014, device offset 4096, dump 0xDEAD',
    );
    expect(errorLogPacket(packet(Array.from({ length: 100 }, () => 1)), 0x0b)).toMatch(
      /dump 0x(01){64} \.\.\. 100 bytes$/,
    );
  });

  it('is a part of the event behind the device it names', () => {
    const event = element(
      'Event',
      element('System', element('EventID', '11')),
      element('EventData', element('Data', '\\Device\\Probe0'), element('Binary', packet([]))),
    );
    expect(eventRow(event).text).toMatch(/^unknown 11: \\Device\\Probe0, function IRP_MJ_READ, error 0xc000000b/);
  });

  it('is not read into the data of other events', () => {
    expect(errorLogPacket(packet([]), 7)).toBeNull();
    expect(errorLogPacket(packet([1, 2], { dumpBytes: 3 }), 0x0b)).toBeNull();
    expect(errorLogPacket(packet([]).slice(2), 0x0b)).toBeNull();
    expect(errorLogPacket('not hex'.repeat(20), 0x0b)).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(0xffff), (bytes, eventId) => {
        const text = errorLogPacket(Buffer.from(bytes).toString('hex'), eventId);
        expect(text === null || text.startsWith('function ')).toBe(true);
      }),
    );
  });
});
