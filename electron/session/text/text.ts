/**
 * How a payload becomes text, for the table, for searches and for exports. Text records are UTF-8, and invalid bytes
 * become U+FFFD; a type that a schema describes is told in the words of its schema (schemas.ts); any other payload, and one
 * that its schema does not fit, is shown as `0x` and its bytes in hex.
 */
import { causesOf } from '../../../native/core/accounting.ts';
import { LOSS_CAUSE_NAMES } from '../../../native/core/entry.ts';
import { schemaOfType } from './schemas.ts';

/** The type number of text records, RV_TYPE_TEXT. */
export const TYPE_TEXT = 0;

// Every runtime in which this code runs has them, but not the type libraries with which it is compiled.
declare class TextDecoder {
  constructor(label: string, options: { ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

// A leading BOM is kept, since it is part of the message here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** UTF-8 to a string. */
export function decodeUtf8(bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : decoder.decode(bytes);
}

let scratch = new Uint8Array(0);

/**
 * Decodes ASCII bytes; every other byte becomes U+FFFD, so that an offset in the text is the same offset in the bytes.
 */
export function decodeAscii(bytes: Uint8Array): string {
  if (scratch.length < bytes.length) scratch = new Uint8Array((bytes.length + 3) & ~3);
  scratch.set(bytes);
  const words = new Int32Array(scratch.buffer, 0, (bytes.length + 3) >>> 2);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    // Turns each byte with its highest bit set into 0xff, which is invalid in UTF-8 whatever its neighbours are.
    words[i] = word | Math.imul((word & 0x80808080) >>> 7, 0xff);
  }
  return decodeUtf8(scratch.subarray(0, bytes.length));
}

/** A string to UTF-8. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** `0x` and two digits a byte; empty for no bytes. */
export function hexText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  let text = '0x';
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] as number] as string;
  return text;
}

/** The whole text of a payload of a type. */
export function payloadText(type: number, payload: Uint8Array): string {
  if (type === TYPE_TEXT) return decodeUtf8(payload);
  return schemaOfType(type)?.message(payload) ?? hexText(payload);
}

/**
 * The text of a payload, at most `limit` UTF-16 units of it, never half a surrogate pair. Works on a prefix of the
 * payload, so that its cost does not grow with the payload, but for records that a schema describes.
 */
export function payloadPreview(type: number, payload: Uint8Array, limit: number): { text: string; cut: boolean } {
  // A UTF-16 unit takes at most three bytes of UTF-8; one more character tells whether there is more.
  const isRecord = type !== TYPE_TEXT && schemaOfType(type) !== undefined;
  const enough = isRecord ? payload.length : type === TYPE_TEXT ? limit * 3 + 4 : limit >> 1;
  const text = payloadText(type, payload.length > enough ? payload.subarray(0, enough) : payload);
  if (text.length <= limit) return { text, cut: payload.length > enough };
  const last = text.charCodeAt(limit - 1);
  return { text: text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit), cut: true };
}

/** The text of a gap row: `37 records lost on CPU 5 (ring full)`. `causes` is a bit mask over LOSS_CAUSES. */
export function lossText(count: number, cpu: number, causes: number): string {
  return `${count} record${count === 1 ? '' : 's'} lost on CPU ${cpu}${causesText(causes)}`;
}

/** ` (ring full or too big)`, from a bit mask over LOSS_CAUSES; empty if the cause is not known. */
export function causesText(causes: number): string {
  const names = causesOf(causes).map((cause) => LOSS_CAUSE_NAMES[cause]);
  return names.length === 0 ? '' : ` (${names.join(' or ')})`;
}

/** A text of `lossText` of a source that knows of no CPU. */
export const withoutCpu = (text: string): string =>
  text.replace(/ on CPUs? \d[\d, -]*/, (where) => (where.endsWith(' ') ? ' ' : ''));

/** A text of `lossText` with who lost them, before the causes: these stand at the end, where they are read back. */
export function withLoser(text: string, loser: string): string {
  const at = text.lastIndexOf(' (');
  return at < 0 ? text + loser : text.slice(0, at) + loser + text.slice(at);
}
