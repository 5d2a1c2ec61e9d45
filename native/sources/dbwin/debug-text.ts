/** Reads a message of the debug output from its 4 KiB buffer. Pure. */

export interface DebugMessage {
  readonly pid: number;
  /** The text without the line break at its end. */
  readonly text: Uint8Array;
  /** The text is exactly DBGVIEWCLEAR: a request to clear everything shown so far. */
  readonly clear: boolean;
}

export const CLEAR_TEXT = new TextEncoder().encode('DBGVIEWCLEAR');
const PID_BYTES = 4;
const CR = 13;
const LF = 10;

/** Reads the process and the text; `buffer` is the whole section, and the text refers to its bytes. */
export function parseDebugBuffer(buffer: Uint8Array): DebugMessage {
  const pid = new DataView(buffer.buffer, buffer.byteOffset).getUint32(0, true);
  const nul = buffer.indexOf(0, PID_BYTES);
  let end = nul < 0 ? buffer.length : nul;
  const whole = buffer.subarray(PID_BYTES, end);
  const clear = whole.length === CLEAR_TEXT.length && CLEAR_TEXT.every((byte, at) => whole[at] === byte);
  if (end > PID_BYTES && buffer[end - 1] === LF) end--;
  if (end > PID_BYTES && buffer[end - 1] === CR) end--;
  return { pid, text: buffer.subarray(PID_BYTES, end), clear };
}

const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * The text as UTF-8. Some programs write in the machine's ANSI code page, others in UTF-8. Valid UTF-8 is taken for
 * UTF-8, because ANSI text with accents is hardly ever valid UTF-8. `convert` turns ANSI into UTF-8; null if it
 * cannot.
 */
export function toUtf8(text: Uint8Array, convert: (ansi: Uint8Array) => Uint8Array | null): Uint8Array {
  if (text.every((byte) => byte < 0x80)) return text;
  try {
    strict.decode(text);
    return text;
  } catch {
    // Bytes that cannot be converted stay as they are; the table shows them as replacement characters.
    return convert(text) ?? text;
  }
}
