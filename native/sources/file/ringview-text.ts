/**
 * Reads the text that this program writes for people: a `#` line about the session, then index, seconds, CPU, level,
 * type, remarks and message, separated by tabs and padded. A log of several sources, or with process names, has source
 * and process before the message. There they stay part of it, because the file does not say whether they are present.
 */
import { LEVEL_NAMES } from '../../core/entry.ts';
import { clearLine, type LineFormat, LineKind, TimeKind } from './line-format.ts';
import { restorePayload } from './own-file.ts';

const TITLE = '# RingView log';
const HASH = 35;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

const ROW =
  /^ *(\d{1,16})\t *(-?)(\d{1,12})\.(\d{9})\t *(\d{1,5})\t(error|warning|info|trace|lost|level \d{1,3}) *\t *(\d{1,5})\t *(\d{1,10})\t/;
/** The longest begin of a row that is examined: the sum of its columns at their widest. */
const BEGIN_BYTES = 120;

export function isRingviewText(head: Uint8Array): boolean {
  return decoder.decode(head.subarray(0, TITLE.length)) === TITLE;
}

/** When time 0 was, by the first line of a file: milliseconds since 1970 UTC; NaN if it does not say. */
function beginOf(head: Uint8Array): number {
  const end = head.indexOf(10);
  const title = decoder.decode(end < 0 ? head : head.subarray(0, end));
  return Date.parse(/, time 0 is (\S+)$/.exec(title.trimEnd())?.[1] ?? '');
}

/** The format of a file that begins with `head`. */
export function ringviewTextFormat(head: Uint8Array): LineFormat {
  const beginMs = beginOf(head);
  return {
    quotes: false,
    parse(bytes, start, end, line) {
      clearLine(line, start, end);
      if (start === end || (bytes[start] === HASH && isRingviewText(bytes.subarray(start, end))))
        return LineKind.Header;
      const row = ROW.exec(decoder.decode(bytes.subarray(start, Math.min(end, start + BEGIN_BYTES))));
      if (row === null) return LineKind.Continuation;
      const [begin, index, sign, seconds, nanoseconds, cpu, level, type, remarks] = row as unknown as string[];
      line.index = Number(index);
      const elapsed = (Number(seconds) * 1e9 + Number(nanoseconds)) * (sign === '-' ? -1 : 1);
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
