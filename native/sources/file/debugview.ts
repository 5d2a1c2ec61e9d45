/**
 * Logs of Sysinternals DebugView: number, time, and message, separated by tabs. All of its time modes are read, also
 * where the mode changes in the middle of a file, and with or without a tab at the end of a line. Messages of programs
 * begin with `[pid] `, those of the kernel do not. The first line may name a computer. A line without a number
 * continues the message before it.
 */
import { fractionNs, numberAt, skipDigits, timeOfDay } from './digits.ts';
import { clearLine, type LineFormat, LineKind, type ParsedLine, TimeKind } from './line-format.ts';
import { MOST_PLAIN_LINE_BYTES } from './lines.ts';

const TAB = 9;
const DOT = 46;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const SPACE = 32;
const BACKSLASH = 0x5c;

/** DebugView pads numbers to at least eight digits; shorter ones are accepted too. */
const LEAST_DIGITS = 1;
const MOST_DIGITS = 15;

/** Reads `1.23456789`: seconds since the capture began. Returns where it ends, or -1 if there is no such number. */
function elapsed(bytes: Uint8Array, start: number, end: number, line: ParsedLine): number {
  const whole = skipDigits(bytes, start, end);
  if (whole === start || whole - start > 12 || bytes[whole] !== DOT || whole >= end) return -1;
  const to = skipDigits(bytes, whole + 1, end);
  if (to === whole + 1) return -1;
  line.seconds = numberAt(bytes, start, whole);
  line.nanoseconds = fractionNs(bytes, whole + 1, to);
  line.timeKind = TimeKind.Elapsed;
  return to;
}

/** Takes a pid in brackets, `[1980] `, off the front of a message. */
function takePid(bytes: Uint8Array, line: ParsedLine): void {
  const start = line.textStart;
  if (bytes[start] !== OPEN) return;
  const to = skipDigits(bytes, start + 1, Math.min(line.textEnd, start + 11));
  if (to === start + 1 || to >= line.textEnd || bytes[to] !== CLOSE) return;
  const pid = numberAt(bytes, start + 1, to);
  if (pid > 0xffffffff) return;
  line.pid = pid;
  line.textStart = to + 1 < line.textEnd && bytes[to + 1] === SPACE ? to + 2 : to + 1;
}

export const debugViewFormat: LineFormat = {
  quotes: false,
  longest: MOST_PLAIN_LINE_BYTES,
  behind: TAB,
  parse(bytes, start, end, line) {
    clearLine(line, start, end);
    const numberEnd = skipDigits(bytes, start, Math.min(end, start + MOST_DIGITS + 1));
    const digits = numberEnd - start;
    if (digits < LEAST_DIGITS || digits > MOST_DIGITS || numberEnd >= end || bytes[numberEnd] !== TAB) {
      return isComputerName(bytes, start, end) ? LineKind.Header : LineKind.Continuation;
    }
    const timeStart = numberEnd + 1;
    let timeEnd = elapsed(bytes, timeStart, end, line);
    if (timeEnd < 0) {
      timeEnd = timeOfDay(bytes, timeStart, end, line);
      if (timeEnd >= 0) line.timeKind = TimeKind.TimeOfDay;
    }
    if (timeEnd < 0 || (timeEnd < end && bytes[timeEnd] !== TAB)) {
      // Clears what was read so far: a message that continues the one before may begin with a number and a tab too.
      clearLine(line, start, end);
      return LineKind.Continuation;
    }
    line.index = numberAt(bytes, start, numberEnd);
    line.textStart = Math.min(end, timeEnd + 1);
    if (line.textEnd > line.textStart && bytes[line.textEnd - 1] === TAB) line.textEnd--;
    takePid(bytes, line);
    // DebugView writes a single blank for an empty message.
    if (line.textEnd - line.textStart === 1 && bytes[line.textStart] === SPACE) line.textEnd = line.textStart;
    return LineKind.Record;
  },
};

/** `[\\HOST]`, alone on its line. */
function isComputerName(bytes: Uint8Array, start: number, end: number): boolean {
  const text = end - start;
  return (
    text > 4 &&
    text < 300 &&
    bytes[start] === OPEN &&
    bytes[start + 1] === BACKSLASH &&
    bytes[start + 2] === BACKSLASH &&
    bytes[end - 1] === CLOSE
  );
}
