/**
 * Typed values of binary XML as the text that Windows makes of them. Type numbers and layouts: [MS-EVEN6] 2.2.12 and the
 * documentation of libevtx. What is shorter than its type says becomes hex digits of the bytes there are.
 */
import { filetimeToUnixMs } from '../../core/filetime.ts';
import { registryGuidAt } from '../../core/guid.ts';

export const ValueType = {
  Null: 0,
  Text: 1,
  AnsiText: 2,
  Int8: 3,
  Uint8: 4,
  Int16: 5,
  Uint16: 6,
  Int32: 7,
  Uint32: 8,
  Int64: 9,
  Uint64: 10,
  Real32: 11,
  Real64: 12,
  Bool: 13,
  Binary: 14,
  Guid: 15,
  Size: 16,
  FileTime: 17,
  SystemTime: 18,
  Sid: 19,
  Hex32: 20,
  Hex64: 21,
  BinaryXml: 33,
  Array: 128,
} as const;

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const latin = new TextDecoder('windows-1252');

/** UTF-16 text without the NULs that end it. */
export function utf16Text(bytes: Uint8Array): string {
  return utf16.decode(bytes).replace(/\0+$/, '');
}

function hexDigits(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).toUpperCase().padStart(2, '0');
  return text;
}

/** Data as `0x` and its digits; of more than `most` bytes the first ones, and how many there are. Empty for none. */
export function dataText(bytes: Uint8Array, most: number): string {
  if (bytes.length === 0) return '';
  return `0x${hexDigits(bytes.subarray(0, most))}${bytes.length > most ? ` ... ${bytes.length} bytes` : ''}`;
}

/** Ticks of 100 ns at the begin of their millisecond: a wall clock of whole milliseconds says that exactly. */
export function wholeMillisecond(ticks: bigint): bigint {
  return ticks - (ticks % 10_000n);
}

/** Ticks of 100 ns since 1601 as `2018-07-09T20:49:14.057746100Z`. */
export function fileTimeText(ticks: bigint): string {
  const ms = filetimeToUnixMs(ticks);
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return ticks.toString();
  const seconds = new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19);
  const fraction = ((ticks % 10_000_000n) + 10_000_000n) % 10_000_000n;
  return `${seconds}.${fraction.toString().padStart(7, '0')}00Z`;
}

function sidText(view: DataView, bytes: Uint8Array): string {
  const count = bytes[1] as number;
  if (bytes.length < 8 || bytes.length < 8 + count * 4) return hexDigits(bytes);
  let authority = 0;
  for (let at = 2; at < 8; at++) authority = authority * 256 + (bytes[at] as number);
  let text = `S-${bytes[0]}-${authority}`;
  for (let at = 0; at < count; at++) text += `-${view.getUint32(8 + at * 4, true)}`;
  return text;
}

/** Bytes of one value of a type with a fixed length; 0 for the others. */
export const FIXED_VALUE_BYTES: Readonly<Record<number, number>> = {
  3: 1,
  4: 1,
  5: 2,
  6: 2,
  7: 4,
  8: 4,
  9: 8,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  15: 16,
  17: 8,
  18: 16,
  20: 4,
  21: 8,
};

/** The text of a value; arrays are joined by commas. Binary XML is not a value but a tree: see binary-xml.ts. */
export function valueText(type: number, bytes: Uint8Array): string {
  if (type & ValueType.Array) return arrayText(type & ~ValueType.Array, bytes);
  const length = FIXED_VALUE_BYTES[type] ?? 0;
  if (bytes.length < length) return hexDigits(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case ValueType.Null:
      return '';
    case ValueType.Text:
      return utf16Text(bytes.subarray(0, bytes.length & ~1));
    case ValueType.AnsiText:
      return latin.decode(bytes).replace(/\0+$/, '');
    case ValueType.Int8:
      return String(view.getInt8(0));
    case ValueType.Uint8:
      return String(view.getUint8(0));
    case ValueType.Int16:
      return String(view.getInt16(0, true));
    case ValueType.Uint16:
      return String(view.getUint16(0, true));
    case ValueType.Int32:
      return String(view.getInt32(0, true));
    case ValueType.Uint32:
      return String(view.getUint32(0, true));
    case ValueType.Int64:
      return view.getBigInt64(0, true).toString();
    case ValueType.Uint64:
      return view.getBigUint64(0, true).toString();
    case ValueType.Real32:
      return String(Math.fround(view.getFloat32(0, true)));
    case ValueType.Real64:
      return String(view.getFloat64(0, true));
    case ValueType.Bool:
      return view.getUint32(0, true) === 0 ? 'false' : 'true';
    case ValueType.Guid:
      return registryGuidAt(view, 0);
    case ValueType.FileTime:
      return fileTimeText(view.getBigUint64(0, true));
    case ValueType.SystemTime:
      return systemTimeText(view);
    case ValueType.Sid:
      return sidText(view, bytes);
    case ValueType.Hex32:
      return `0x${view.getUint32(0, true).toString(16).padStart(8, '0')}`;
    case ValueType.Hex64:
      return `0x${view.getBigUint64(0, true).toString(16).padStart(16, '0')}`;
    case ValueType.Size:
      return bytes.length >= 8
        ? `0x${view.getBigUint64(0, true).toString(16).padStart(16, '0')}`
        : bytes.length >= 4
          ? `0x${view.getUint32(0, true).toString(16).padStart(8, '0')}`
          : hexDigits(bytes);
    default:
      return hexDigits(bytes);
  }
}

function arrayText(type: number, bytes: Uint8Array): string {
  if (type === ValueType.Text) {
    return utf16Text(bytes.subarray(0, bytes.length & ~1))
      .split('\0')
      .join(',');
  }
  const length = FIXED_VALUE_BYTES[type] ?? 0;
  if (length === 0) return hexDigits(bytes);
  const texts: string[] = [];
  for (let at = 0; at + length <= bytes.length; at += length)
    texts.push(valueText(type, bytes.subarray(at, at + length)));
  return texts.join(',');
}

function systemTimeText(view: DataView): string {
  const part = (at: number, digits: number): string => String(view.getUint16(at, true)).padStart(digits, '0');
  return `${part(0, 4)}-${part(2, 2)}-${part(6, 2)}T${part(8, 2)}:${part(10, 2)}:${part(12, 2)}.${part(14, 3)}Z`;
}
