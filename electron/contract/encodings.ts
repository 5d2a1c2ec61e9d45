/** The encodings that a person may have a file read in, by the names that TextDecoder knows. */
export const ENCODINGS = [
  ['auto', 'as its bytes suggest'],
  ['utf-8', 'Unicode (UTF-8)'],
  ['utf-16le', 'Unicode (UTF-16 LE)'],
  ['utf-16be', 'Unicode (UTF-16 BE)'],
  ['windows-1252', 'western Europe'],
  ['windows-1250', 'central Europe'],
  ['windows-1251', 'Cyrillic'],
  ['windows-1253', 'Greek'],
  ['windows-1254', 'Turkish'],
  ['windows-1255', 'Hebrew'],
  ['windows-1256', 'Arabic'],
  ['windows-1257', 'Baltic'],
  ['windows-1258', 'Vietnamese'],
  ['windows-874', 'Thai'],
  ['gb18030', 'Chinese, simplified (GBK)'],
  ['big5', 'Chinese, traditional'],
  ['shift_jis', 'Japanese'],
  ['euc-kr', 'Korean'],
  ['ibm866', 'Cyrillic (DOS)'],
  ['koi8-r', 'Cyrillic (KOI8-R)'],
] as const;

export type EncodingName = (typeof ENCODINGS)[number][0];

export const ENCODING_NAMES: readonly EncodingName[] = ENCODINGS.map(([name]) => name);
