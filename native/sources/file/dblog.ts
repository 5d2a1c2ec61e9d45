/**
 * Logs of DebugView++ (`.dblog`): seconds since the capture began, wall clock, pid, process and message, separated by
 * tabs. The wall clock is `yyyy/MM/dd HH:mm:ss.mmm`; older files have a FILETIME in decimal digits instead. The first
 * line ends with words that identify the format.
 */
import { dateAndTime, fractionNs, numberAt, skipDigits } from './digits.ts';
import { clearLine, type LineFormat, LineKind, type ParsedLine, TimeKind } from './line-format.ts';
import { MOST_PLAIN_LINE_BYTES } from './lines.ts';

const TAB = 9;
const DOT = 46;
export const DBLOG_HEADER = 'File Identification Header, DebugView++ Format Version';
const HEADER_BYTES = new TextEncoder().encode(DBLOG_HEADER);
/** Seconds from 1601 to 1970. */
const FILETIME_EPOCH_SECONDS = 11_644_473_600n;

const decoder = new TextDecoder();

/** A FILETIME, 100 ns since 1601 in UTC, of 17 to 19 digits. */
function fileTime(bytes: Uint8Array, from: number, to: number, line: ParsedLine): boolean {
  if (to - from < 17 || to - from > 19 || skipDigits(bytes, from, to) !== to) return false;
  const ticks = BigInt(decoder.decode(bytes.subarray(from, to)));
  line.seconds = Number(ticks / 10_000_000n - FILETIME_EPOCH_SECONDS);
  line.nanoseconds = Number(ticks % 10_000_000n) * 100;
  line.timeKind = TimeKind.Utc;
  return line.seconds >= 0;
}

function endsWithHeader(bytes: Uint8Array, start: number, end: number): boolean {
  const text = bytes.subarray(start, end);
  const first = HEADER_BYTES[0] as number;
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    if (HEADER_BYTES.every((byte, place) => text[at + place] === byte)) return true;
  }
  return false;
}

export const dblogFormat: LineFormat = {
  quotes: false,
  longest: MOST_PLAIN_LINE_BYTES,
  parse(bytes, start, end, line) {
    clearLine(line, start, end);
    const tabs: number[] = [];
    for (let at = bytes.indexOf(TAB, start); at >= 0 && at < end && tabs.length < 4; at = bytes.indexOf(TAB, at + 1)) {
      tabs.push(at);
    }
    const [first, second, third, fourth] = tabs;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) {
      return endsWithHeader(bytes, start, end) ? LineKind.Header : LineKind.Continuation;
    }
    const whole = skipDigits(bytes, start, first);
    const elapsed = whole > start && bytes[whole] === DOT && skipDigits(bytes, whole + 1, first) === first;
    if (!elapsed || skipDigits(bytes, second + 1, third) !== third) return LineKind.Continuation;
    if (dateAndTime(bytes, first + 1, second, line) !== second && !fileTime(bytes, first + 1, second, line)) {
      // The wall clock is missing or unreadable, but the seconds since the capture began are there.
      line.timeKind = TimeKind.Elapsed;
      line.seconds = numberAt(bytes, start, whole);
      line.nanoseconds = fractionNs(bytes, whole + 1, first);
    }
    const pid = numberAt(bytes, second + 1, third);
    line.pid = pid <= 0xffffffff ? pid : 0;
    if (fourth > third + 1) line.process = decoder.decode(bytes.subarray(third + 1, fourth));
    line.textStart = fourth + 1;
    return endsWithHeader(bytes, fourth + 1, end) ? LineKind.Header : LineKind.Record;
  },
};
