/**
 * Which encoding a file has, and how its bytes become UTF-8, in which rows are stored. Files in UTF-8 are passed on
 * unchanged, including invalid bytes: a row with a broken byte is better than no row.
 */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | string;

/** How an encoding is known: from a byte order mark, from the bytes themselves, by assumption, or because a person chose it. */
export type EncodingOrigin = 'mark' | 'bytes' | 'assumed' | 'chosen';

export interface DetectedEncoding {
  /** A name that TextDecoder knows. */
  readonly encoding: Encoding;
  /** Length of the byte order mark at the begin of the file, in bytes. */
  readonly bomBytes: number;
  /** How the encoding is known. */
  readonly by: EncodingOrigin;
}

/** How many bytes of a file are examined. */
export const DETECT_BYTES = 65_536;

/** The code page of Windows that goes with a language tag; western Europe for all others. */
export function ansiEncoding(locale: string): Encoding {
  const language = locale.toLowerCase();
  const [primary = ''] = language.split(/[-_.]/);
  if (primary === 'zh') return /tw|hk|mo|hant/.test(language) ? 'big5' : 'gb18030';
  return ANSI[primary] ?? 'windows-1252';
}

const ANSI: Readonly<Record<string, Encoding>> = {
  ja: 'shift_jis',
  ko: 'euc-kr',
  th: 'windows-874',
  ru: 'windows-1251',
  uk: 'windows-1251',
  be: 'windows-1251',
  bg: 'windows-1251',
  sr: 'windows-1251',
  mk: 'windows-1251',
  pl: 'windows-1250',
  cs: 'windows-1250',
  sk: 'windows-1250',
  hu: 'windows-1250',
  ro: 'windows-1250',
  sl: 'windows-1250',
  hr: 'windows-1250',
  el: 'windows-1253',
  tr: 'windows-1254',
  az: 'windows-1254',
  he: 'windows-1255',
  ar: 'windows-1256',
  fa: 'windows-1256',
  et: 'windows-1257',
  lv: 'windows-1257',
  lt: 'windows-1257',
  vi: 'windows-1258',
};

/**
 * The encoding of a file that begins with `head`. `ansi` is the code page to assume for bytes that are not UTF-8.
 * `whole`: `head` is the whole file, so that an incomplete character at its end is an error.
 */
export function detectEncoding(head: Uint8Array, ansi: Encoding, whole: boolean): DetectedEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bomBytes: 3, by: 'mark' };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomBytes: 2, by: 'mark' };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomBytes: 2, by: 'mark' };
  const wide = unmarkedUtf16(head);
  if (wide !== null) return { encoding: wide, bomBytes: 0, by: 'bytes' };
  if (isUtf8(head, whole))
    return { encoding: 'utf-8', bomBytes: 0, by: head.some((byte) => byte > 127) ? 'bytes' : 'assumed' };
  return { encoding: ansi, bomBytes: 0, by: 'assumed' };
}

/**
 * Recognises UTF-16 without a byte order mark. Every ASCII character has a zero byte in UTF-16, and line ends are ASCII
 * in any language.
 */
function unmarkedUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const pairs = head.length >> 1;
  if (pairs < 8) return null;
  let low = 0;
  let high = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const first = head[pair * 2] as number;
    const second = head[pair * 2 + 1] as number;
    if (second === 0 && first !== 0) low++;
    if (first === 0 && second !== 0) high++;
  }
  if (low > pairs * 0.4 && high < pairs * 0.05) return 'utf-16le';
  if (high > pairs * 0.4 && low < pairs * 0.05) return 'utf-16be';
  return null;
}

function isUtf8(head: Uint8Array, whole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole });
    return true;
  } catch {
    return false;
  }
}

/** Whether this program can read an encoding of that name. */
export function isKnownEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}

/** Turns pieces of a file into UTF-8. */
export interface Transcoder {
  /** Returns the UTF-8 of the next piece. A character that is cut at the end of a piece comes with the next one. */
  push(bytes: Uint8Array): Uint8Array;
  /** Returns U+FFFD if the last character was cut. */
  finish(): Uint8Array;
}

const NOTHING = new Uint8Array(0);

export function createTranscoder(encoding: Encoding): Transcoder {
  if (encoding === 'utf-8') return { push: (bytes) => bytes, finish: () => NOTHING };
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const encoder = new TextEncoder();
  return {
    push: (bytes) => encoder.encode(decoder.decode(bytes, { stream: true })),
    finish: () => encoder.encode(decoder.decode()),
  };
}
