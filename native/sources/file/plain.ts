/**
 * Plain text: one record a line. A time at the front is recognised in the usual forms (ISO 8601, `HH:mm:ss.fff`,
 * syslog, the kernel log of Linux), and so is a word for the level behind it. A recognised time becomes the record's
 * time and is removed from the message; a level stays in the message.
 */
import { Level } from '../../core/entry.ts';
import {
  dateAndTime,
  daysSince1970,
  fixedDigits,
  fractionNs,
  isDigit,
  numberAt,
  skipDigits,
  timeOfDay,
} from './digits.ts';
import { clearLine, type LineFormat, LineKind, type ParsedLine, TimeKind } from './line-format.ts';
import { MOST_PLAIN_LINE_BYTES } from './lines.ts';

const TAB = 9;
const SPACE = 32;
const DOT = 46;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const COMMA = 44;
const COLON = 58;
const LESS = 60;
const GREATER = 62;
const HYPHEN = 45;
const BAR = 0x7c;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Words for levels, in lower case. `e`, `w` and so on count only where a whole field is that letter. */
const LEVEL_WORDS: ReadonlyMap<string, number> = new Map([
  ...['error', 'err', 'fatal', 'critical', 'crit', 'alert', 'emerg', 'panic', 'failure', 'e', 'f'].map(
    (word) => [word, Level.Error] as const,
  ),
  ...['warning', 'warn', 'wrn', 'w'].map((word) => [word, Level.Warning] as const),
  ...['info', 'inf', 'information', 'notice', 'i', 'n'].map((word) => [word, Level.Info] as const),
  ...['trace', 'debug', 'dbg', 'verbose', 'trc', 'vrb', 'd', 'v', 't'].map((word) => [word, Level.Trace] as const),
]);
/** How far behind the time a level may stand, in fields and in bytes. */
const LEVEL_FIELDS = 4;
const LEVEL_BYTES = 80;

/** The severities of syslog, 0 to 7. */
const SYSLOG_LEVELS = [
  Level.Error,
  Level.Error,
  Level.Error,
  Level.Error,
  Level.Warning,
  Level.Info,
  Level.Info,
  Level.Trace,
];

function isLetter(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

function wordAt(bytes: Uint8Array, from: number, to: number): string {
  let word = '';
  for (let at = from; at < to; at++) word += String.fromCharCode((bytes[at] as number) | 0x20);
  return word;
}

/** The level that one of the first words of a message states; 255 if none does. */
export function levelIn(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + LEVEL_BYTES);
  let at = start;
  for (let field = 0; field < LEVEL_FIELDS && at < limit; field++) {
    while (at < limit && !isLetter(bytes[at]) && !isDigit(bytes[at])) at++;
    const from = at;
    while (at < limit && isLetter(bytes[at])) at++;
    const next = bytes[at];
    // `info` in `information_x`, `e.g.` or `error:0` is not a level.
    const ends = at >= end || isBlank(next) || [CLOSE, COMMA, COLON, BAR, GREATER, 0x29, 0x2f].includes(next as number);
    if (at > from && ends) {
      const level = LEVEL_WORDS.get(wordAt(bytes, from, at));
      const alone = at - from > 1 || isLevelLetter(bytes, from, at, start, end);
      if (level !== undefined && alone && isMarked(bytes, from, at, start)) return level;
    }
    while (at < limit && !isBlank(bytes[at])) at++;
  }
  return 255;
}

/** A single letter counts as a level only in upper case and alone in its field: `E`, `[W]`, `E/Tag`. */
function isLevelLetter(bytes: Uint8Array, from: number, to: number, start: number, end: number): boolean {
  const upper = (bytes[from] as number) < 0x61;
  const before = from === start || isBlank(bytes[from - 1]) || bytes[from - 1] === OPEN || bytes[from - 1] === BAR;
  const after = to >= end || isBlank(bytes[to]) || bytes[to] === CLOSE || bytes[to] === BAR || bytes[to] === COLON;
  const tagged = bytes[to] === 0x2f;
  return upper && before && (after || tagged);
}

/**
 * A word within the running text of a message is not a level. It has to stand first, or look like a field (`ERROR`,
 * `[warn]`, `info:`, `Info,`).
 */
function isMarked(bytes: Uint8Array, from: number, to: number, start: number): boolean {
  if (from <= start + 1) return true;
  const next = bytes[to];
  const before = bytes[from - 1];
  if (next === COLON || next === CLOSE || next === BAR || next === GREATER) return true;
  if (before === OPEN || before === LESS || before === BAR) return true;
  for (let at = from; at < to; at++) if ((bytes[at] as number) >= 0x61) return false;
  return true;
}

/** `[ 1234.567890]`: seconds since boot. */
function kernelTime(bytes: Uint8Array, start: number, end: number, line: ParsedLine): number {
  if (bytes[start] !== OPEN) return -1;
  let at = start + 1;
  while (at < end && bytes[at] === SPACE) at++;
  const whole = skipDigits(bytes, at, Math.min(end, at + 12));
  if (whole === at || bytes[whole] !== DOT) return -1;
  const to = skipDigits(bytes, whole + 1, end);
  if (to === whole + 1 || to >= end || bytes[to] !== CLOSE) return -1;
  line.seconds = numberAt(bytes, at, whole);
  line.nanoseconds = fractionNs(bytes, whole + 1, to);
  line.timeKind = TimeKind.Elapsed;
  return to + 1;
}

/** `Nov 28 14:03:22` of syslog, with no year, or `Sat Nov 28 14:03:22 2026` of `dmesg -T` and `ctime`. */
function monthTime(bytes: Uint8Array, start: number, end: number, line: ParsedLine, year: number): number {
  let at = start;
  let month = monthAt(bytes, at, end);
  if (month < 0) {
    at += 4;
    month = isBlank(bytes[at - 1]) ? monthAt(bytes, at, end) : -1;
  }
  if (month < 0 || !isBlank(bytes[at + 3])) return -1;
  at += 4;
  if (at < end && bytes[at] === SPACE) at++;
  const dayEnd = skipDigits(bytes, at, Math.min(end, at + 3));
  if (dayEnd === at || dayEnd - at > 2 || !isBlank(bytes[dayEnd])) return -1;
  const day = numberAt(bytes, at, dayEnd);
  let to = timeOfDay(bytes, dayEnd + 1, end, line);
  if (to < 0) return -1;
  const stated = to < end && isBlank(bytes[to]) ? fixedDigits(bytes, to + 1, end, 4) : -1;
  if (stated >= 1601) to += 5;
  const days = daysSince1970(stated >= 1601 ? stated : year, month + 1, day);
  if (Number.isNaN(days)) return -1;
  line.seconds += days * 86_400;
  line.timeKind = TimeKind.Local;
  return to;
}

function monthAt(bytes: Uint8Array, at: number, end: number): number {
  return at + 3 <= end ? MONTHS.indexOf(wordAt(bytes, at, at + 3)) : -1;
}

/** Takes the priority of syslog, `<13>` or `<13>1 `, off the front; returns where the rest begins. */
function syslogPriority(bytes: Uint8Array, start: number, end: number, line: ParsedLine): number {
  if (bytes[start] !== LESS) return start;
  const to = skipDigits(bytes, start + 1, Math.min(end, start + 5));
  if (to === start + 1 || to - start > 4 || to >= end || bytes[to] !== GREATER) return start;
  const priority = numberAt(bytes, start + 1, to);
  if (priority > 191) return start;
  line.level = SYSLOG_LEVELS[priority & 7] as number;
  return bytes[to + 1] === 0x31 && bytes[to + 2] === SPACE ? to + 3 : to + 1;
}

/**
 * Plain text of a file written in `year`, which stands in for the year that syslog leaves out.
 */
export function plainFormat(year: number): LineFormat {
  return {
    quotes: false,
    longest: MOST_PLAIN_LINE_BYTES,
    parse(bytes, start, end, line) {
      clearLine(line, start, end);
      const from = syslogPriority(bytes, start, end, line);
      const open = bytes[from] === OPEN ? 1 : 0;
      let to = kernelTime(bytes, from, end, line);
      if (to < 0) {
        to = dateAndTime(bytes, from + open, end, line);
        if (to < 0) to = monthTime(bytes, from + open, end, line, year);
        if (to < 0) {
          to = timeOfDay(bytes, from + open, end, line);
          if (to >= 0) line.timeKind = TimeKind.TimeOfDay;
        }
        if (to >= 0 && open === 1) {
          if (bytes[to] === CLOSE && to < end) to++;
          else to = -1;
        }
        // `2026-11-28T10:00:00abc` is not a time.
        if (to >= 0 && to < end && (isLetter(bytes[to]) || isDigit(bytes[to]))) to = -1;
      }
      if (to < 0) {
        const { level } = line;
        clearLine(line, start, end);
        line.level = level;
        line.textStart = from;
        // An indented line continues the message above it; for instance a stack trace or a dump.
        if (start < end && isBlank(bytes[start])) return LineKind.Continuation;
      } else {
        while (to < end && (isBlank(bytes[to]) || bytes[to] === COMMA || bytes[to] === HYPHEN || bytes[to] === BAR)) {
          // In `-5` the hyphen belongs to a number, in ` - ` it is a separator.
          if (bytes[to] === HYPHEN && !isBlank(bytes[to + 1])) break;
          to++;
        }
        if (bytes[to] === COLON && isBlank(bytes[to + 1])) to += 2;
        line.textStart = to;
      }
      if (line.level === 255) line.level = levelIn(bytes, line.textStart, end);
      return LineKind.Record;
    },
  };
}
