/** What a message of the debug output says, out of the 4 KiB buffer. Pure. */

export interface DebugMessage {
  readonly pid: number;
  /** Without the line break that ends it. */
  readonly text: Uint8Array;
  /** Exactly DBGVIEWCLEAR: a request to forget what was shown. */
  readonly clear: boolean;
}

export const CLEAR_TEXT = new TextEncoder().encode('DBGVIEWCLEAR');
const PID_BYTES = 4;
const CR = 13;
const LF = 10;

/** Reads the process and the text; `buffer` is the whole section, into which `text` points. */
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
 * The text as UTF-8. Programs write in the machine's ANSI code page, or in UTF-8 regardless: what is valid UTF-8 is
 * taken for it, because ANSI text with accents hardly ever is. `convert` turns ANSI to UTF-8, null if it cannot.
 */
export function toUtf8(text: Uint8Array, convert: (ansi: Uint8Array) => Uint8Array | null): Uint8Array {
  if (text.every((byte) => byte < 0x80)) return text;
  try {
    strict.decode(text);
    return text;
  } catch {
    // Bytes that nothing can read stay as they are: the table shows them as replacement characters.
    return convert(text) ?? text;
  }
}
