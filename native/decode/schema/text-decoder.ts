/** Bytes of texts as strings. What is no UTF-8 or UTF-16 becomes U+FFFD. */

// Every runtime in which this code runs has it, but not the type libraries with which it is compiled.
declare class TextDecoder {
  constructor(label: string, options: { ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const decoders = {
  utf8: new TextDecoder('utf-8', { ignoreBOM: true }),
  utf16: new TextDecoder('utf-16le', { ignoreBOM: true }),
};

/** `bytes` of UTF-16 are an even number. */
export function decodeText(encoding: 'utf8' | 'utf16', big: boolean, bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  if (encoding === 'utf8' || !big) return decoders[encoding].decode(bytes);
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += 2) {
    [swapped[at], swapped[at + 1]] = [swapped[at + 1] as number, swapped[at] as number];
  }
  return decoders.utf16.decode(swapped);
}

/** Text of a fixed field, which C ends with a NUL where it is shorter. */
export const upToNul = (text: string): string => {
  const at = text.indexOf('\0');
  return at < 0 ? text : text.slice(0, at);
};
