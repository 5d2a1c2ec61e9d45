/**
 * Limits of what a request may carry, declared once for both sides. The page tells the person before it asks; the
 * service refuses the same requests, in the same words, whoever sends them.
 */
import { type Failure, fail, type Result } from '../../native/core/result.ts';

/** The longest text to filter by or to search for, UTF-16 units. */
export const MAX_PATTERN_TEXT = 4096;
/** Longest name of a source. */
export const MAX_SOURCE_TEXT = 128;
/** The longest text in the box that goes to an index or a time. That text never leaves the page. */
export const MAX_GO_TO_TEXT = 256;
/** The longest question in SQL. */
export const MAX_SQL_TEXT = 4096;
/** Longest name of a component of the debug print filter. */
export const MAX_COMPONENT_TEXT = 64;
/** CPU numbers are below this. */
export const MAX_CPUS = 2048;
/** Highest number of a source. */
export const MAX_SOURCE = 65_535;
/** The most sessions, and the most views of all sessions together: each costs memory and a share of every tick. */
export const MOST_SESSIONS = 16;
export const MOST_VIEWS = 64;
/** The most windows: each is a process of its own. */
export const MOST_WINDOWS = 4;
/** How many views one can be linked to, one through the other. */
export const MOST_LINKS = 8;
/** The most numbers in one list of a filter. */
export const MAX_LIST = 2048;
/** Most terms of a filter text, most values in one of them, and how deep its brackets and `not`s may go. */
export const MAX_FILTER_TERMS = 100;
export const MAX_FILTER_VALUES = 256;
export const MAX_FILTER_DEPTH = 16;

/**
 * Why a text is too long to be used; null if it is not. `what` begins the sentence: `The text to find`. The actual
 * length is not stated, because a box keeps only one character beyond the limit: drawing a text of millions of
 * characters would take seconds.
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

/** Why a text is no question in SQL; null if it may be one. */
export const sqlFailure = (text: string): Failure | null =>
  text.trim() === ''
    ? {
        code: 'bad-argument',
        message: 'Nothing is asked',
        action: 'Write a question in SQL, such as: from log limit 10',
      }
    : lengthFailure('The question in SQL', text, MAX_SQL_TEXT);

export const goToFailure = (text: string): Failure | null => lengthFailure('What to go to', text, MAX_GO_TO_TEXT);

/**
 * A device with the name that its driver gave it: `\\.\NAME`. Names that Windows has on every machine are excluded:
 * they are disks, ports and ways into other name spaces, and merely opening one of them can have effects.
 */
const DEVICE =
  /^driver:(?!(?:aux|cdrom|com|con|conin|conout|floppy|global|globalroot|harddisk\w*|lpt|mailslot|mountpointmanager|nul|physicaldrive|pipe|prn|scsi|tape|unc|volume)\d*(?:\.|$))(?:[a-z][\w-]*(?:\.[\w-]+)*)?$/i;

/** A port of this machine alone: a page opens none to others. */
const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])';

const GUID = '(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\})';
const PROVIDER = `(?:${GUID}|(?![^:+]*\\.pdb(?:[:+]|$))[a-z0-9][\\w .-]{0,63})`;
const KEYWORDS = '(?:0x[0-9a-f]{1,16}|\\d{1,19})';
const LEVEL = '(?:[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5]|critical|error|warning|info|information|verbose|all)';
const CHOICE = `${PROVIDER}(?::${KEYWORDS}?(?::${LEVEL}?)?)?`;

/**
 * Tracing of Windows that runs: providers with keywords and level, the system logger with what it is to write, a session by
 * its name. None of these is a path; PDBs, which could be asked for too, are files and are named elsewhere.
 */
const ETW = new RegExp(
  `^etw:(?:kernel(?::[a-z]{1,20}(?:\\+[a-z]{1,20}){0,31})?|session:[a-z0-9][\\w .-]{0,63}|${CHOICE}(?:\\+${CHOICE}){0,15})$`,
  'i',
);
const CHANNEL = /^channel:[a-z0-9][\w .-]{0,127}(?:\/[a-z0-9][\w .-]{0,54})?$/i;

/**
 * The names of sources that a page may ask for. None of them can be a path: files are opened only through a dialog of
 * the system. Each pattern allows no more than can be the name of such a source.
 */
const SOURCE_FORMS: readonly { readonly form: string; readonly pattern: RegExp }[] = [
  { form: 'sim:NAME', pattern: /^sim:[A-Za-z0-9._-]{1,48}$/ },
  { form: 'driver:[DEVICE]', pattern: DEVICE },
  { form: 'dbwin:[global]', pattern: /^dbwin:(?:global)?$/ },
  { form: 'etw:[WHAT]', pattern: ETW },
  { form: 'channel:NAME', pattern: CHANNEL },
  { form: 'tcp:PORT', pattern: new RegExp(`^tcp:${PORT}$`) },
  { form: 'udp:PORT', pattern: new RegExp(`^udp:${PORT}$`) },
];

/** The kinds of sources that a page may ask for. */
export const SOURCE_KINDS_OF_A_PAGE: readonly string[] = SOURCE_FORMS.map(({ form }) =>
  form.slice(0, form.indexOf(':')),
);

/**
 * The name of a source without blanks around it. Failure: bad-argument, if it is too long or not the name of a source.
 */
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
