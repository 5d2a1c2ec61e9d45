/** GUIDs between their text and the 16 bytes that Windows has of them. Pure. */

const TEXT = /^\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?$/i;
const BYTES = 16;
/** The place in memory of each byte in the order in which it is written: three numbers, low byte first, then eight bytes. */
const PLACES = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
/** Bytes before which a dash is written. */
const DASHES = new Set([4, 6, 8, 10]);

/** A GUID in lower case without braces; null if the text is none. */
export function guidOf(text: string): string | null {
  const open = text.startsWith('{');
  if (!TEXT.test(text) || open !== text.endsWith('}')) return null;
  return (open ? text.slice(1, -1) : text).toLowerCase();
}

/** The bytes of a GUID in the form of `guidOf`. */
export function guidBytes(guid: string): Uint8Array {
  const digits = guid.replaceAll('-', '');
  const bytes = new Uint8Array(BYTES);
  PLACES.forEach((place, written) => {
    bytes[place] = Number.parseInt(digits.slice(written * 2, written * 2 + 2), 16);
  });
  return bytes;
}

/** The GUID of the 16 bytes at `at`, in lower case without braces, as traces and manifests are looked up by. */
export function guidAt(view: DataView, at: number): string {
  let text = '';
  PLACES.forEach((place, written) => {
    if (DASHES.has(written)) text += '-';
    text += view
      .getUint8(at + place)
      .toString(16)
      .padStart(2, '0');
  });
  return text;
}

/** The same as Windows writes it: `{7237FFF9-A08A-4804-9C79-4A8704B70B87}`. */
export function registryGuidAt(view: DataView, at: number): string {
  return `{${guidAt(view, at).toUpperCase()}}`;
}
