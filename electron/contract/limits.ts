/**
 * How long and how many what a request carries may be. Declared once, for both sides: the page tells the person before
 * it asks, and main refuses the same, in the same words, whoever asks.
 */
import { type Failure, fail, type Result } from '../../native/core/result.ts';

/** Longest text to filter by or to look for, UTF-16 units. */
export const MAX_PATTERN_TEXT = 4096;
/** Longest name of a source. */
export const MAX_SOURCE_TEXT = 128;
/** Longest text of the box that goes to an index or a time; it stays in the page. */
export const MAX_GO_TO_TEXT = 256;
/** Longest name of a component of the debug print filter. */
export const MAX_COMPONENT_TEXT = 64;
/** CPUs are numbered below this. */
export const MAX_CPUS = 2048;
/** Highest number of a source. */
export const MAX_SOURCE = 65_535;
/** Most sessions, and most views of all sessions together: each costs memory and a share of every turn. */
export const MOST_SESSIONS = 16;
export const MOST_VIEWS = 64;
/** Most numbers in one list of a filter. */
export const MAX_LIST = 2048;
/** Most terms of a filter text, most values in one of them, and how deep its brackets and `not`s may go. */
export const MAX_FILTER_TERMS = 100;
export const MAX_FILTER_VALUES = 256;
export const MAX_FILTER_DEPTH = 16;

/**
 * Why a text cannot be used, null if it is short enough. `what` begins the sentence: `The text to find`. How long it is
 * is not said: a box keeps no more than one character beyond the limit, for a window takes seconds to draw a text of
 * millions.
 */
export function lengthFailure(what: string, text: string, most: number): Failure | null {
  if (text.length <= most) return null;
  return {
    code: 'bad-argument',
    message: `${what} has more than the ${most.toLocaleString('en')} characters it may have`,
    action: 'Shorten it',
  };
}

export const patternFailure = (text: string): Failure | null =>
  lengthFailure('The text to look for', text, MAX_PATTERN_TEXT);

export const goToFailure = (text: string): Failure | null => lengthFailure('What to go to', text, MAX_GO_TO_TEXT);

/**
 * A device by the name its driver gave it: `\\.\NAME`. Never one of those that Windows has on every machine, which are
 * disks, ports and doors to other name spaces: opening one of them can do something.
 */
const DEVICE =
  /^driver:(?!(?:aux|cdrom|com|con|conin|conout|floppy|global|globalroot|harddisk\w*|lpt|mailslot|mountpointmanager|nul|physicaldrive|pipe|prn|scsi|tape|unc|volume)\d*(?:\.|$))(?:[a-z][\w-]*(?:\.[\w-]+)*)?$/i;

/**
 * The names of sources that a page may ask for. None of them can be a path: what opens a file is chosen in a dialog of
 * the system. The form of each kind is no wider than what can exist by that name.
 */
const SOURCE_FORMS: readonly { readonly form: string; readonly pattern: RegExp }[] = [
  { form: 'sim:NAME', pattern: /^sim:[A-Za-z0-9._-]{1,48}$/ },
  { form: 'driver:[DEVICE]', pattern: DEVICE },
  { form: 'dbwin:[global]', pattern: /^dbwin:(?:global)?$/ },
];

/** Kinds of sources a page may ask for. */
export const SOURCE_KINDS_OF_A_PAGE: readonly string[] = SOURCE_FORMS.map(({ form }) =>
  form.slice(0, form.indexOf(':')),
);

/** The name of a source without blanks around it. Failure: bad-argument, for what is too long or no name of a source. */
export function checkSource(text: string): Result<string> {
  const long = lengthFailure('The name of the source', text, MAX_SOURCE_TEXT);
  if (long !== null) return { ok: false, failure: long };
  const name = text.trim();
  if (name === '')
    return fail('bad-argument', 'No source is named', 'Type a source such as sim:demo, then start again');
  if (SOURCE_FORMS.some(({ pattern }) => pattern.test(name))) return { ok: true, value: name };
  const forms = SOURCE_FORMS.map(({ form }) => form).join(', ');
  return fail('bad-argument', `'${name}' is not a source this program knows`, `Use one of: ${forms}`);
}
