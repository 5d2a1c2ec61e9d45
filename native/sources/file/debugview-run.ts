/**
 * The fast way through a DebugView log: lines of its usual shapes, many at a time, from the bytes of the file into the
 * columns of a batch. What debugview.ts does a line at a time is the plain twin; tests compare the two, and every line
 * that is in the least unusual is left to it.
 *
 * Everything is within one function, so that the engine keeps what it knows of the arrays: a call for each line, or a view
 * of its bytes, costs as much as reading the line.
 */
import type { FileTime } from './file-time.ts';
import { TimeKind } from './line-format.ts';
import { MOST_LINE_BYTES } from './lines.ts';
import { MOST_TIME_NS, type RowBuilder } from './row-builder.ts';

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN = 0x5b;
const CLOSE = 0x5d;
/** Bit by which small letters differ from capitals. */
const SMALL = 0x20;
const A = 0x61;
const M = 0x6d;
const P = 0x70;

const MOST_NUMBER_DIGITS = 15;
const MOST_SECONDS_DIGITS = 12;
const MOST_FRACTION_DIGITS = 9;
const MOST_PID_DIGITS = 10;
const MOST_PID = 0xffffffff;
/** More than what can stand before the message: number, time and process. */
const HEAD_BYTES = 72;
/** Messages are copied in words, the last of which may reach behind the end of the line. */
const MARGIN = 8;
const POWERS = Float64Array.from({ length: MOST_FRACTION_DIGITS + 1 }, (_, power) => 10 ** power);

/** A RunReader. */
export function debugViewRun(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  rows: RowBuilder,
  time: FileTime,
  shiftNs: number,
): number {
  const { batch, words } = rows;
  const { index, timeNs, pid, dataStart, dataLength, capacity } = batch;
  const arena = batch.bytes.length;
  const lastHead = bytes.length - HEAD_BYTES;
  const isElapsed = time.goesOn(TimeKind.Elapsed);
  const isTimeOfDay = time.goesOn(TimeKind.TimeOfDay);
  const first = batch.count;
  let row = first;
  let used = batch.bytesUsed;
  let begin = from;
  while (begin <= lastHead && row < capacity) {
    // The number.
    let at = begin;
    let byte = bytes[at] as number;
    let number = 0;
    while (byte >= ZERO && byte <= NINE && at - begin < MOST_NUMBER_DIGITS) {
      number = number * 10 + (byte - ZERO);
      byte = bytes[++at] as number;
    }
    if (byte !== TAB || at === begin) break;

    // The time: seconds since the begin, or of the day.
    const timeBegin = ++at;
    byte = bytes[at] as number;
    let seconds = 0;
    while (byte >= ZERO && byte <= NINE && at - timeBegin < MOST_SECONDS_DIGITS) {
      seconds = seconds * 10 + (byte - ZERO);
      byte = bytes[++at] as number;
    }
    if (at === timeBegin) break;
    const ofDay = byte === COLON;
    if (ofDay) {
      if (!isTimeOfDay || at - timeBegin > 2) break;
      const tenMinutes = (bytes[at + 1] as number) - ZERO;
      const minutes = (bytes[at + 2] as number) - ZERO;
      const tenSeconds = (bytes[at + 4] as number) - ZERO;
      const units = (bytes[at + 5] as number) - ZERO;
      if (bytes[at + 3] !== COLON) break;
      if (tenMinutes >>> 0 > 5 || minutes >>> 0 > 9 || tenSeconds >>> 0 > 5 || units >>> 0 > 9) break;
      at += 6;
      byte = bytes[at] as number;
      seconds = seconds * 3600 + tenMinutes * 600 + minutes * 60 + tenSeconds * 10 + units;
    } else if (byte !== DOT || !isElapsed) break;
    let nanoseconds = 0;
    if (byte === DOT) {
      const fraction = ++at;
      byte = bytes[at] as number;
      while (byte >= ZERO && byte <= NINE && at - fraction < MOST_FRACTION_DIGITS) {
        nanoseconds = nanoseconds * 10 + (byte - ZERO);
        byte = bytes[++at] as number;
      }
      if (at === fraction) break;
      nanoseconds *= POWERS[MOST_FRACTION_DIGITS - (at - fraction)] as number;
    }
    if (ofDay) {
      if (byte === SPACE) {
        const half = (bytes[at + 1] as number) | SMALL;
        if ((half !== A && half !== P) || ((bytes[at + 2] as number) | SMALL) !== M) break;
        if (seconds < 3600 || seconds >= 13 * 3600) break;
        seconds = (seconds % 43_200) + (half === P ? 43_200 : 0);
        at += 3;
        byte = bytes[at] as number;
      }
      if (seconds >= 86_400) break;
    }
    if (byte !== TAB) break;

    // The process.
    at++;
    let process = 0;
    if (bytes[at] === OPEN) {
      const digits = at + 1;
      let next = digits;
      byte = bytes[next] as number;
      while (byte >= ZERO && byte <= NINE && next - digits < MOST_PID_DIGITS) {
        process = process * 10 + (byte - ZERO);
        byte = bytes[++next] as number;
      }
      if (byte === CLOSE && next > digits && process <= MOST_PID) at = bytes[next + 1] === SPACE ? next + 2 : next + 1;
      else process = 0;
    }

    // The message is copied while its end is looked for, four bytes at a time until one is a control character.
    const message = at;
    const last = Math.min(bytes.length, begin + MOST_LINE_BYTES, message + arena - used) - MARGIN;
    let word = used >>> 2;
    let end = -1;
    for (; at <= last; at += 4) {
      const four = view.getUint32(at, true);
      words[word++] = four;
      if (((four - 0x20202020) & ~four & 0x80808080) === 0) continue;
      byte = four & 255;
      end = at;
      if (byte === LF || byte === CR) break;
      byte = (four >>> 8) & 255;
      end = at + 1;
      if (byte === LF || byte === CR) break;
      byte = (four >>> 16) & 255;
      end = at + 2;
      if (byte === LF || byte === CR) break;
      byte = four >>> 24;
      end = at + 3;
      if (byte === LF || byte === CR) break;
      end = -1;
    }
    if (end < 0) break;
    let length = end - message;
    if (length > 0 && bytes[end - 1] === TAB) length--;
    // DebugView writes a single blank for an empty message.
    if (length === 1 && bytes[message] === SPACE) length = 0;

    const place = time.placeNext(seconds, nanoseconds) + shiftNs;
    index[row] = number;
    timeNs[row] = Math.max(-MOST_TIME_NS, Math.min(MOST_TIME_NS, place));
    pid[row] = process;
    dataStart[row] = used;
    dataLength[row] = length;
    used += (length + 3) & ~3;
    row++;
    begin = end + (byte === CR && bytes[end + 1] === LF ? 2 : 1);
  }
  if (row > first) rows.wrote(row - first, used);
  return begin;
}
