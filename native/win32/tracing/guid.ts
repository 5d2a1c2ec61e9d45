/** GUIDs between their text and the 16 bytes that Windows has of them. Pure. */

const TEXT = /^\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?$/i;

/** A GUID in lower case without braces; null if the text is none. */
export function guidOf(text: string): string | null {
  const open = text.startsWith('{');
  if (!TEXT.test(text) || open !== text.endsWith('}')) return null;
  return (open ? text.slice(1, -1) : text).toLowerCase();
}

/** The bytes of a GUID in that form: three numbers, low byte first, then eight bytes as they are written. */
export function guidBytes(guid: string): Uint8Array {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
