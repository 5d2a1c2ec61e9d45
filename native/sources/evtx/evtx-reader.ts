/**
 * The events of an event log file, chunk by chunk. The file's header is only looked at: a log that was copied while it was
 * written says little that is true about itself, and its chunks say the same. What is damaged is named with its place, and
 * everything readable is kept.
 */

import type { Manifests } from '../manifest/manifests.ts';
import { BinaryXmlReader, DamagedXml } from './binary-xml.ts';
import { type EventRecord, isEmptyChunk, readChunk } from './chunk.ts';
import { crc32 } from './crc32.ts';
import { type EventRow, eventRow } from './event-row.ts';
import type { XmlElement } from './xml-tree.ts';

const FILE_MAGIC = 'ElfFile\0';
/** Bytes of the header of the file; chunks begin behind it. */
export const HEADER_BLOCK_BYTES = 4096;

export interface DecodedEvent {
  readonly record: EventRecord;
  readonly xml: XmlElement;
  readonly row: EventRow;
}

/** Whether a file begins as an event log does. */
export function isEventLog(head: Uint8Array): boolean {
  return head.length >= 8 && String.fromCharCode(...head.subarray(0, 8)) === FILE_MAGIC;
}

/** What is wrong with the header, phrases. `head`: the first 128 bytes of the file. */
export function headerProblems(head: Uint8Array): string[] {
  if (head.length < 128) return ['the file is cut in its header'];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const problems: string[] = [];
  if ((view.getUint32(120, true) & 1) !== 0) problems.push('it was not closed: its last events may be missing');
  if (crc32(head.subarray(0, 120)) !== view.getUint32(124, true)) problems.push('the checksum of its header is wrong');
  return problems;
}

/** Reads a chunk: each event goes to `take`, what is wrong to `problem`. Never throws. */
export function decodeChunk(
  chunk: Uint8Array,
  take: (event: DecodedEvent) => void,
  problem: (what: string) => void,
  manifests: Manifests | null = null,
): void {
  if (isEmptyChunk(chunk)) return;
  const { records, problems } = readChunk(chunk);
  for (const each of problems) problem(each);
  const reader = new BinaryXmlReader(chunk);
  for (const record of records) {
    try {
      const xml = reader.read(record.start, record.end);
      take({ record, xml, row: eventRow(xml, manifests) });
    } catch (error) {
      if (!(error instanceof DamagedXml)) throw error;
      problem(`event ${record.id} cannot be read: ${error.message}`);
    }
  }
}
