/**
 * Values in the data of an event, one behind the other, by the numbers that manifests and TraceLogging have for types
 * (TDH_INTYPE). Nothing is read beyond the event.
 */

import { registryGuidAt } from '../../core/guid.ts';
import { bytesOf, endOf, pointerAt } from '../etl/event-bytes.ts';
import { FIXED_VALUE_BYTES, utf16Text, valueText } from '../evtx/values.ts';

export const InType = {
  Unicode: 1,
  Ansi: 2,
  Binary: 14,
  Guid: 15,
  Pointer: 16,
  Sid: 19,
  CountedUnicode: 22,
  CountedAnsi: 23,
  CountedBinary: 25,
} as const;

const utf8 = new TextDecoder();

export class TypedCursor {
  at: number;
  readonly view: DataView;
  readonly end: number;
  private readonly bytes: Uint8Array;
  private readonly is32Bit: boolean;

  constructor(view: DataView, at: number, end: number, is32Bit: boolean) {
    this.bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.view = view;
    this.at = at;
    this.end = end;
    this.is32Bit = is32Bit;
  }

  has(bytes: number): boolean {
    return this.at + bytes <= this.end;
  }

  take(bytes: number): Uint8Array {
    const from = this.at;
    this.at += bytes;
    return this.bytes.subarray(from, this.at);
  }

  /** UTF-8 up to a NUL. */
  name(): string {
    const to = endOf(this.view, this.at, this.end, 1);
    const text = utf8.decode(bytesOf(this.view, this.at, to));
    this.at = to + 1;
    return text;
  }

  /**
   * The next value; null if it does not fit, or its type is unknown. `length`: characters of a text, bytes of binary data;
   * null where it ends by itself.
   */
  read(type: number, length: number | null = null): string | null {
    switch (type) {
      case 0:
        return '';
      case InType.Unicode:
      case InType.Ansi:
        return this.text(type === InType.Unicode ? 2 : 1, length);
      case InType.CountedUnicode:
      case InType.CountedAnsi:
      case InType.CountedBinary:
        return this.counted(type);
      case InType.Binary:
        if (length === null) return this.counted(type);
        return this.has(length) ? valueText(InType.Binary, this.take(length)) : null;
      case InType.Sid: {
        if (!this.has(8)) return null;
        const bytes = 8 + (this.bytes[this.at + 1] as number) * 4;
        return this.has(bytes) ? valueText(InType.Sid, this.take(bytes)) : null;
      }
      case InType.Guid:
        if (!this.has(16)) return null;
        this.at += 16;
        return registryGuidAt(this.view, this.at - 16);
      case InType.Pointer: {
        const bytes = this.is32Bit ? 4 : 8;
        if (!this.has(bytes)) return null;
        this.at += bytes;
        return `0x${pointerAt(this.view, this.at - bytes, bytes).toString(16)}`;
      }
      default: {
        const bytes = FIXED_VALUE_BYTES[type];
        return bytes === undefined || !this.has(bytes) ? null : valueText(type, this.take(bytes));
      }
    }
  }

  /** A text up to its NUL, or of a given length. One that is cut off ends with the event. */
  private text(unit: 1 | 2, length: number | null): string | null {
    if (length !== null) {
      if (!this.has(length * unit)) return null;
      return this.decoded(this.take(length * unit), unit);
    }
    const to = endOf(this.view, this.at, this.end, unit);
    const bytes = bytesOf(this.view, this.at, to);
    this.at = Math.min(this.end, to + unit);
    return this.decoded(bytes, unit);
  }

  private counted(type: number): string | null {
    if (!this.has(2)) return null;
    const length = this.view.getUint16(this.at, true);
    this.at += 2;
    if (!this.has(length)) return null;
    const bytes = this.take(length);
    if (type === InType.Binary || type === InType.CountedBinary) return valueText(InType.Binary, bytes);
    return type === InType.CountedUnicode ? utf16Text(bytes.subarray(0, length & ~1)) : utf8.decode(bytes);
  }

  private decoded(bytes: Uint8Array, unit: 1 | 2): string {
    return unit === 2 ? utf16Text(bytes) : utf8.decode(bytes).replace(/\0+$/, '');
  }
}
