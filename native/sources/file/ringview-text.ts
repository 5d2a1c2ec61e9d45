/**
 * Reads the text that this program writes for people: a `#` line about the session, then index, time, CPU, level, type,
 * remarks and message, separated by tabs and padded. Times are seconds, or what a table showed, as the first line says;
 * how long rows came after others is dropped. A log of several sources, or with process names, has source
 * and process before the message. There they stay part of it, because the file does not say whether they are present.
 */
import { LEVEL_NAMES } from '../../core/entry.ts';
import { clearLine, type LineFormat, LineKind, TimeKind } from './line-format.ts';
import { MOST_LINE_BYTES } from './lines.ts';
import { restorePayload } from './own-file.ts';

const TITLE = '# RingView log';
const HASH = 35;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

const ELAPSED = String.raw`-?(?:\d{1,7}h)?(?:\d{1,2}:)?\d{1,12}\.\d{3,9}`;
const CLOCK = String.raw`(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3,9}(?: [+-]\d\d:\d\d)?`;
const DELTA = String.raw`[+-]\d{1,12}\.\d{3,9}|-`;
const ROW = new RegExp(
  String.raw`^ *(\d{1,16})\t *(${ELAPSED}|${CLOCK})\t(?: *(?:${DELTA})\t)? *(\d{0,5})\t(error|warning|info|trace|lost|level \d{1,3}) *\t *(\d{1,5})\t *(\d{1,10})\t`,
);
const ELAPSED_PARTS = /^(-?)(?:(\d+)h)?(?:(\d+):)?(\d+)\.(\d+)$/;
const CLOCK_PARTS = /^(?:(\d{4}-\d\d-\d\d) )?(\d\d):(\d\d):(\d\d)\.(\d+)(?: ([+-]\d\d:\d\d))?$/;
/** The longest begin of a row that is examined: the sum of its columns at their widest. */
const BEGIN_BYTES = 160;
/** A byte of a message may be shown by three, one of a payload by two digits, and other columns stand before it. */
const LONGEST = 4 * MOST_LINE_BYTES;
const SECOND_NS = 1e9;

export function isRingviewText(head: Uint8Array): boolean {
  return decoder.decode(head.subarray(0, TITLE.length)) === TITLE;
}

/** What the first line of a file says of its times. */
interface Begin {
  /** When time 0 was: milliseconds since 1970 UTC; NaN if it does not say. */
  readonly ms: number;
  /** Minutes by which the clock is ahead of UTC; NaN if times are not those of a clock. */
  readonly offset: number;
  /** Nanoseconds to take from each time, of times that are since the machine was started. */
  readonly bootNs: number;
}

function beginOf(head: Uint8Array): Begin {
  const end = head.indexOf(10);
  const title = decoder.decode(end < 0 ? head : head.subarray(0, end)).trimEnd();
  const boot = /, times are since the machine was started, (-?\d+)\.(\d{9}) s before time 0$/.exec(title);
  return {
    ms: Date.parse(/, time 0 is (\S+?)(?:,|$)/.exec(title)?.[1] ?? ''),
    offset: minutesOf(/, times are of the clock at UTC([+-]\d\d:\d\d)$/.exec(title)?.[1] ?? ''),
    bootNs: boot === null ? 0 : Number(boot[1]) * SECOND_NS + Number(boot[2]),
  };
}

/** Of `+01:00`; NaN of anything else. */
function minutesOf(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return offset === '' ? Number.NaN : offset.startsWith('-') ? -minutes : minutes;
}

/** A part of a second, whatever the number of its digits. */
const fractionNs = (digits: string): number => Number(digits.padEnd(9, '0'));

/** Nanoseconds since time 0; NaN if the file does not say what a time of day is to be counted from. */
function sinceBegin(time: string, begin: Begin): number {
  const elapsed = ELAPSED_PARTS.exec(time);
  if (elapsed !== null) {
    const [, sign, hours = '0', minutes = '0', seconds, fraction] = elapsed as unknown as string[];
    const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return (whole * SECOND_NS + fractionNs(fraction as string)) * (sign === '-' ? -1 : 1) - begin.bootNs;
  }
  const [, day, hour, minute, second, fraction = '', stated] = CLOCK_PARTS.exec(time) ?? [];
  const offset = stated === undefined ? begin.offset : minutesOf(stated);
  // A row without a date is of the day on which the log began.
  const date = day ?? firstDay(begin);
  const seconds = (Date.parse(`${date}T${hour}:${minute}:${second}Z`) - offset * 60_000) / 1000;
  const from = Math.floor(begin.ms / 1000);
  return (seconds - from) * SECOND_NS + fractionNs(fraction) - (begin.ms - from * 1000) * 1e6;
}

function firstDay({ ms, offset }: Begin): string {
  const local = new Date(ms + offset * 60_000);
  return Number.isNaN(local.getTime()) ? '' : local.toISOString().slice(0, 10);
}

/** The format of a file that begins with `head`. */
export function ringviewTextFormat(head: Uint8Array): LineFormat {
  const from = beginOf(head);
  const beginMs = from.ms;
  return {
    quotes: false,
    longest: LONGEST,
    parse(bytes, start, end, line) {
      clearLine(line, start, end);
      if (start === end || (bytes[start] === HASH && isRingviewText(bytes.subarray(start, end))))
        return LineKind.Header;
      const row = ROW.exec(decoder.decode(bytes.subarray(start, Math.min(end, start + BEGIN_BYTES))));
      if (row === null) return LineKind.Continuation;
      const [begin, index, time, cpu, level, type, remarks] = row as unknown as string[];
      const elapsed = sinceBegin(time as string, from);
      if (Number.isNaN(elapsed)) return LineKind.Continuation;
      line.index = Number(index);
      const sinceMs = Number.isNaN(beginMs) ? 0 : beginMs;
      const ns = elapsed + (sinceMs - Math.floor(sinceMs / 1000) * 1000) * 1e6;
      line.timeKind = Number.isNaN(beginMs) ? TimeKind.Elapsed : TimeKind.Utc;
      line.sinceBeginNs = Number.isNaN(beginMs) ? Number.NaN : elapsed;
      line.seconds = Math.floor(sinceMs / 1000) + Math.floor(ns / 1e9);
      line.nanoseconds = ns - Math.floor(ns / 1e9) * 1e9;
      line.cpu = Math.min(0xffff, Number(cpu));
      line.type = Math.min(0xffff, Number(type));
      line.remarks = Math.min(0xffffffff, Number(remarks));
      line.lost = level === 'lost';
      const known = LEVEL_NAMES.indexOf(level as (typeof LEVEL_NAMES)[number]);
      if (!line.lost) line.level = known >= 0 ? known : Math.min(254, Number((level as string).slice(6)));
      // Everything before the message is ASCII, so that its length in characters is also its length in bytes.
      line.textStart = start + (begin as string).length;
      if (line.type !== 0) {
        const message = decoder.decode(bytes.subarray(line.textStart, end));
        restorePayload(line, message);
        line.text ??= encoder.encode(message);
      }
      return LineKind.Record;
    },
  };
}
