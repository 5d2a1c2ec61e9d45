/** Bug checks, functions of IRPs, control codes, levels, pool tags and GUIDs in a message. */
import {
  bugCheckReading,
  controlCodeReading,
  guidReading,
  isKnownControlCode,
  levelReading,
  majorReading,
  minorReadings,
  poolTagReading,
  readingsCalled,
} from './driver-value.ts';
import { type Finder, type Found, placeOf } from './found.ts';
import type { Reading } from './reading.ts';
import { DECIMAL_END, SIGNS, WORD_END, WORD_START } from './status-forms.ts';

const LINK = '(?: is| was| code)?';

const known = (
  place: { readonly from: number; readonly to: number },
  readings: readonly Reading[],
  certain = true,
): Found[] =>
  readings.length === 0
    ? []
    : [{ ...place, readings, certain: certain && readings.length === 1, isName: false, status: null }];

const PARAMETER = '(?:0x)?[0-9a-f`]{1,19}(?![0-9a-z_`])';
const EACH_PARAMETER = new RegExp(PARAMETER, 'gi');
const PARAMETERS = `[ \\t,({]{1,8}${PARAMETER}(?:[ \\t]{0,4},[ \\t]{0,4}${PARAMETER}){0,3}`;
/** The code, its parameters, and the bracket that closes them. */
const BUG_CHECK = new RegExp(
  `(?:bug ?check(?:ex)?|bug ?code|stop ?code|\\*\\*\\* ?stop)${LINK}${SIGNS}(?:0x)?([0-9a-f]{1,8})${WORD_END}(?=(${PARAMETERS})?([ \\t]{0,4}[)}])?)`,
  'gi',
);

/** Parameters that follow a code. Without a bracket behind them, words like `bad` could be some. */
function parametersIn(rest: string, closed: boolean): readonly string[] {
  const found = /[,({]/.test(rest) ? (rest.match(EACH_PARAMETER) ?? []) : [];
  return closed || found.every((each) => /\d/.test(each)) ? found.slice(0, 4) : [];
}

export const bugChecks: Finder = function* (text) {
  for (const match of text.matchAll(BUG_CHECK)) {
    const [whole, digits = '', rest = '', bracket] = match;
    const marked = /0x$/i.test(whole.slice(0, -digits.length));
    // Letters alone could be a word.
    if (!marked && !/\d/.test(digits) && !/^[A-F]{2,3}$/.test(digits)) continue;
    const written = marked ? whole.slice(-digits.length - 2) : digits;
    const parameters = parametersIn(rest, bracket !== undefined);
    yield* known(placeOf(match, written), [bugCheckReading(Number.parseInt(digits, 16), parameters)]);
  }
};

const CONTROL_CODE = new RegExp(
  `(?:ioctl|fsctl|control ?code|ctl_?code)${LINK}${SIGNS}(0x[0-9a-f]{4,8}${WORD_END}|[0-9a-f]{5,10}${WORD_END})`,
  'gi',
);

export const controlCodes: Finder = function* (text) {
  for (const match of text.matchAll(CONTROL_CODE)) {
    const written = match[1] as string;
    if (!/\d/.test(written)) continue;
    const hex = Number.parseInt(written.replace(/^0x/i, ''), 16);
    const decimal = /^\d+$/.test(written) ? Number(written) : null;
    const codes = [hex, ...(decimal === null ? [] : [decimal])].filter((code) => code > 0xffff && code < 2 ** 32);
    // One that is known is meant.
    const meant = codes.filter(isKnownControlCode);
    const readings = (meant.length > 0 ? meant : codes).map((code) => {
      const reading = controlCodeReading(code);
      return decimal === null ? reading : { ...reading, detail: `0x${code.toString(16)}: ${reading.detail}` };
    });
    yield* known(placeOf(match, written), readings);
  }
};

const SHORT = `(0x[0-9a-f]{1,2}${WORD_END}|[0-9a-f]{1,2}${DECIMAL_END})`;
const MAJOR = new RegExp(`${WORD_START}(?:irp[ _]?mj|major(?:[ _]?function)?)${LINK}${SIGNS}${SHORT}`, 'gi');
const MINOR = new RegExp(`${WORD_START}(?:irp[ _]?mn|minor(?:[ _]?function)?)${LINK}${SIGNS}${SHORT}`, 'gi');
const MAJOR_NAME = /\bIRP_MJ_[A-Z_]+\b/g;

/** The numbers that a short number can be: as it stands, and where it has no sign of it, also in hexadecimal. */
function shortNumbers(written: string): readonly number[] {
  if (/^0x/i.test(written)) return [Number(written)];
  const hex = Number.parseInt(written, 16);
  return /^\d+$/.test(written) ? [...new Set([Number(written), hex])] : [hex];
}

/** Major functions with their places; those that can be two are none. */
function* majorPlaces(text: string): Generator<{ readonly at: number; readonly major: number }> {
  for (const match of text.matchAll(MAJOR)) {
    const [one, two] = shortNumbers(match[1] as string);
    if (one !== undefined && two === undefined) yield { at: match.index, major: one };
  }
  for (const match of text.matchAll(MAJOR_NAME)) {
    const [reading] = readingsCalled(match[0]);
    if (reading?.as === 'IRP major function') yield { at: match.index, major: Number(reading.detail) };
  }
}

export const irpFunctions: Finder = function* (text) {
  for (const match of text.matchAll(MAJOR)) {
    const written = match[1] as string;
    yield* known(
      placeOf(match, written),
      shortNumbers(written).flatMap((major) => majorReading(major) ?? []),
      false,
    );
  }
  const majors = [...majorPlaces(text)].sort((a, b) => a.at - b.at);
  let next = 0;
  for (const match of text.matchAll(MINOR)) {
    const written = match[1] as string;
    // That of the major function before it, or of the only one there is.
    while (next < majors.length && (majors[next]?.at ?? 0) < match.index) next++;
    const major = majors[next - 1]?.major ?? (majors.length === 1 ? majors[0]?.major : null) ?? null;
    yield* known(
      placeOf(match, written),
      shortNumbers(written).flatMap((minor) => minorReadings(minor, major)),
      false,
    );
  }
};

const LEVEL = new RegExp(`irql(?: level)?${LINK}${SIGNS}(0x[0-9a-f]{1,2}${WORD_END}|[0-9]{1,2}${DECIMAL_END})`, 'gi');

export const levels: Finder = function* (text) {
  for (const match of text.matchAll(LEVEL)) {
    const reading = levelReading(Number(match[1]));
    yield* known(placeOf(match, match[1] as string), reading === null ? [] : [reading]);
  }
};

const TAG_NUMBER = new RegExp(`${WORD_START}(?:pool ?)?tag${LINK}${SIGNS}(0x[0-9a-f]{8})${WORD_END}`, 'gi');
const TAG_TEXT = /\bpool ?tag[ \t=:(]{1,6}('[ -~]{4}'|"[ -~]{4}")/gi;

export const poolTags: Finder = function* (text) {
  for (const match of text.matchAll(TAG_NUMBER)) {
    const reading = poolTagReading(Number(match[1]));
    yield* known(placeOf(match, match[1] as string), reading === null ? [] : [reading], false);
  }
  for (const match of text.matchAll(TAG_TEXT)) {
    const written = match[1] as string;
    const reversed = [...written.slice(1, -1)].reverse().join('');
    const reading: Reading = { as: 'pool tag', name: null, detail: `'${reversed}' if its bytes are turned round` };
    yield* known(placeOf(match, written), [reading], false);
  }
};

const GUID = new RegExp(`${WORD_START}([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})${WORD_END}`, 'gi');

export const guids: Finder = function* (text) {
  for (const match of text.matchAll(GUID)) {
    const reading = guidReading(match[1] as string);
    yield* known(placeOf(match, match[1] as string), reading === null ? [] : [reading]);
  }
};

const NAME = new RegExp(`${WORD_START}([A-Z][0-9A-Z]*(?:_[0-9A-Z]+)+)${WORD_END}`, 'g');

/** Names of bug checks, functions of IRPs and control codes, written as they are declared. */
export const driverNames: Finder = function* (text) {
  for (const match of text.matchAll(NAME)) {
    const name = match[1] as string;
    const readings = readingsCalled(name);
    // Many names of bug checks are words of their own; that it is one is a guess.
    if (readings.length > 0) yield { ...placeOf(match, name), readings, certain: false, isName: true, status: null };
  }
};
