/** Status codes in a message, by number and by name. */
import { type Finder, type Found, placeOf } from './found.ts';
import { hexText, type Reading } from './reading.ts';
import { asWritten, DECIMAL_END, FIRST_DISTINCT, statusWord, WORD_END, WORD_START } from './status-forms.ts';
import { type StatusKind, statusesCalled } from './status-names.ts';
import { codeOf } from './status-query.ts';
import { statusReading, statusReadings } from './status-value.ts';

const ALL: readonly StatusKind[] = ['ntstatus', 'hresult'];

/** Which kinds of codes a word announces, the likeliest first. `vague`: small numbers behind it are anything. */
const WORDS: readonly { readonly word: RegExp; readonly kinds: readonly StatusKind[]; readonly vague?: true }[] = [
  { word: /\bhr\b|hresult/, kinds: ['hresult'] },
  { word: /err/, kinds: ['win32', 'ntstatus', 'hresult'] },
  { word: /status/, kinds: ['ntstatus', 'hresult'] },
  { word: /^/, kinds: ALL, vague: true },
];

const NUMBER = '(0x[0-9a-f]{1,16}(?![0-9a-z_`])|[0-9a-f]{8}(?![0-9a-z_`])|f{8}[0-9a-f]{8}(?![0-9a-z_`])|-?[0-9]{1,10}';
const BEHIND_A_WORD = new RegExp(`${statusWord(asWritten)}${NUMBER}${DECIMAL_END})`, 'gi');
const DISTINCT = new RegExp(`${WORD_START}((?:0x(?:0{8}|f{8})?|f{8})[0-9a-f]{8})${WORD_END}`, 'gi');
const NAME = new RegExp(`${WORD_START}([A-Z][0-9A-Za-z]*(?:_[0-9A-Za-z]+)+)${WORD_END}`, 'g');

/** The code in a number as it was written behind a word; null where it is none of 32 bits. */
function writtenCode(text: string): number | null {
  const hex = /^(?:0x)?(?:0*|f{8})([0-9a-f]{1,8})$/i.exec(text)?.[1];
  if (/^0x/i.test(text) || text.length === 16 || (text.length === 8 && !text.startsWith('-'))) {
    return hex === undefined ? null : codeOf(`0x${hex}`);
  }
  return codeOf(text);
}

function foundAt(
  place: { readonly from: number; readonly to: number },
  readings: readonly Reading[],
  code: number,
): Found[] {
  if (readings.length === 0) return [];
  const certain = code >= FIRST_DISTINCT;
  const name = readings.find((reading) => reading.name !== null)?.name ?? null;
  return [{ ...place, readings, certain, isName: false, status: name ?? hexText(code, 8) }];
}

/** Numbers behind a word such as `status`: also small ones and those in decimal, and codes that have no name. */
export const statusesBehindWords: Finder = function* (text) {
  for (const match of text.matchAll(BEHIND_A_WORD)) {
    const [whole, number = ''] = match;
    const code = writtenCode(number);
    if (code === null) continue;
    const word = whole.slice(0, whole.length - number.length).toLowerCase();
    const said = WORDS.find((each) => each.word.test(word));
    if (said === undefined || (said.vague && code < FIRST_DISTINCT)) continue;
    yield* foundAt(placeOf(match, number), statusReadings(code, said.kinds, true), code);
  }
};

/** Numbers that are codes wherever they stand, if they have a name. */
export const distinctStatuses: Finder = function* (text) {
  for (const match of text.matchAll(DISTINCT)) {
    const number = match[1] as string;
    const code = writtenCode(number);
    if (code === null || code < FIRST_DISTINCT) continue;
    yield* foundAt(placeOf(match, number), statusReadings(code, ALL, false), code);
  }
};

/** Names, written as they are declared. */
export const statusesByName: Finder = function* (text) {
  for (const match of text.matchAll(NAME)) {
    const name = match[1] as string;
    const called = statusesCalled(name).filter((each) => each.name === name);
    if (called.length === 0) continue;
    const readings = called.map(({ kind, code }): Reading => {
      const { as, detail } = statusReading(kind, code);
      return { as, name: null, detail: kind === 'win32' ? detail : `${hexText(code, 8)}, ${detail}` };
    });
    yield { ...placeOf(match, name), readings, certain: true, isName: true, status: name };
  }
};
