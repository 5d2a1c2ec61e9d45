/**
 * A message table, the resource RT_MESSAGETABLE of a PE file: texts by number. Layout: MESSAGE_RESOURCE_DATA of winnt.h.
 * Entries are found when they are asked for; nothing is read beyond the resource.
 */
import { utf16Text } from '../evtx/values.ts';

const MOST_BLOCKS = 65_536;
const UNICODE = 1;
const ansi = new TextDecoder('windows-1252');

interface Block {
  readonly low: number;
  readonly high: number;
  readonly at: number;
}

export class MessageTable {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly blocks: Block[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = bytes.length < 4 ? 0 : Math.min(MOST_BLOCKS, this.view.getUint32(0, true));
    for (let block = 0; block < count; block++) {
      const at = 4 + block * 12;
      if (at + 12 > bytes.length) break;
      const low = this.view.getUint32(at, true);
      const high = this.view.getUint32(at + 4, true);
      if (high >= low) this.blocks.push({ low, high, at: this.view.getUint32(at + 8, true) });
    }
  }

  /** Null for a number that it does not have. */
  find(number: number): string | null {
    for (const { low, high, at } of this.blocks) {
      if (number >= low && number <= high) return this.entry(at, number - low);
    }
    return null;
  }

  /** Entries of a block lie one behind the other, each with its length. */
  private entry(block: number, place: number): string | null {
    let at = block;
    for (let passed = 0; ; passed++) {
      if (at + 4 > this.bytes.length) return null;
      const length = this.view.getUint16(at, true);
      if (length < 4 || at + length > this.bytes.length) return null;
      if (passed === place) {
        const text = this.bytes.subarray(at + 4, at + length);
        const wide = this.view.getUint16(at + 2, true) === UNICODE;
        return wide ? utf16Text(text.subarray(0, text.length & ~1)) : ansi.decode(text).replace(/\0+$/, '');
      }
      at += length;
    }
  }
}
