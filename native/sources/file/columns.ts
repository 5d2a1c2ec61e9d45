/**
 * The columns of tables that other programs wrote: which of our fields a column name means, and how its values are
 * read. Used for CSV and JSON Lines. Names are compared without regard to case, blanks, `_`, `-` and `.`.
 */
import { LEVEL_NAMES } from '../../core/entry.ts';
import { dateAndTime, fractionNs, numberAt, skipDigits, timeOfDay } from './digits.ts';
import { type ParsedLine, TimeKind } from './line-format.ts';
import { levelIn } from './plain.ts';

export type Field =
  | 'index'
  | 'timeNs'
  | 'timeUs'
  | 'timeMs'
  | 'time'
  | 'cpu'
  | 'level'
  | 'pid'
  | 'tid'
  | 'process'
  | 'type'
  | 'remarks'
  | 'message';

const NAMES: Readonly<Record<string, Field>> = {
  index: 'index',
  sequence: 'index',
  timens: 'timeNs',
  timeus: 'timeUs',
  timems: 'timeMs',
  time: 'time',
  timestamp: 'time',
  ts: 'time',
  datetime: 'time',
  date: 'time',
  timeutc: 'time',
  timecreated: 'time',
  '@timestamp': 'time',
  cpu: 'cpu',
  processor: 'cpu',
  level: 'level',
  severity: 'level',
  loglevel: 'level',
  lvl: 'level',
  pid: 'pid',
  processid: 'pid',
  tid: 'tid',
  threadid: 'tid',
  process: 'process',
  processname: 'process',
  image: 'process',
  type: 'type',
  remarks: 'remarks',
  message: 'message',
  msg: 'message',
  text: 'message',
  debugprint: 'message',
  log: 'message',
  detail: 'message',
  description: 'message',
};

/** The field that a column of this name holds; null if it is none of our fields. */
export function fieldOf(name: string): Field | null {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s_.-]/g, '');
  return Object.hasOwn(NAMES, plain) ? (NAMES[plain] as Field) : null;
}

const encoder = new TextEncoder();

/**
 * Reads a value into the field of a line. If the value cannot be read, the field keeps its value and false is returned.
 */
export function setField(line: ParsedLine, field: Field, value: string): boolean {
  const text = value.trim();
  if (field === 'message') {
    line.text = encoder.encode(value);
    return true;
  }
  if (text === '') return true;
  switch (field) {
    case 'process':
      line.process = text;
      return true;
    case 'level':
      return setLevel(line, text);
    case 'time':
      return setTimeBeside(line, text);
    case 'timeNs':
      return setElapsed(line, text, 9);
    case 'timeUs':
      return setElapsed(line, text, 6);
    case 'timeMs':
      return setElapsed(line, text, 3);
    case 'index':
      return setNumber(text, Number.MAX_SAFE_INTEGER, (number) => {
        line.index = number;
      });
    case 'cpu':
      return setNumber(text, 0xffff, (number) => {
        line.cpu = number;
      });
    case 'pid':
      return setNumber(text, 0xffffffff, (number) => {
        line.pid = number;
      });
    case 'tid':
      return setNumber(text, 0xffffffff, (number) => {
        line.tid = number;
      });
    case 'type':
      return setNumber(text, 0xffff, (number) => {
        line.type = number;
      });
    case 'remarks':
      return setNumber(text, 0xffffffff, (number) => {
        line.remarks = number;
      });
  }
}

function setNumber(text: string, most: number, take: (number: number) => void): boolean {
  const number = /^(0x[0-9a-f]{1,8}|\d{1,16})$/i.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 0 && number <= most)) return false;
  take(number);
  return true;
}

function setLevel(line: ParsedLine, text: string): boolean {
  if (/^\d{1,3}$/.test(text)) {
    line.level = Math.min(254, Number(text));
    return true;
  }
  if (text.toLowerCase() === 'lost') {
    line.lost = true;
    return true;
  }
  const numbered = /^level (\d{1,3})$/i.exec(text);
  if (numbered) {
    line.level = Math.min(254, Number(numbered[1]));
    return true;
  }
  const known = LEVEL_NAMES.indexOf(text.toLowerCase() as (typeof LEVEL_NAMES)[number]);
  const bytes = encoder.encode(text.slice(0, 64));
  const level = known >= 0 ? known : levelIn(bytes, 0, bytes.length);
  if (level === 255) return false;
  line.level = level;
  return true;
}

/**
 * Reads a number that may have a fraction and becomes seconds when its decimal point is moved `digits` places to the
 * left, exactly: `12345678` with 6 is 12.345678 s.
 */
function setElapsed(line: ParsedLine, text: string, digits: number): boolean {
  const parts = /^(-?)(\d{1,19})(?:\.(\d{1,9}))?$/.exec(text);
  if (!parts) return false;
  const whole = (parts[2] as string).padStart(digits + 1, '0');
  const fraction = `${whole.slice(whole.length - digits)}${parts[3] ?? ''}`.padEnd(9, '0').slice(0, 9);
  const sign = parts[1] === '-' ? -1 : 1;
  const seconds = Number(whole.slice(0, whole.length - digits)) * sign;
  const nanoseconds = Number(fraction) * sign;
  line.seconds = nanoseconds < 0 ? seconds - 1 : seconds;
  line.nanoseconds = nanoseconds < 0 ? nanoseconds + 1e9 : nanoseconds;
  line.timeKind = TimeKind.Elapsed;
  return true;
}

/**
 * In our own files, a wall clock stands beside the time since the begin. The two together say when the session began.
 */
function setTimeBeside(line: ParsedLine, text: string): boolean {
  const elapsed = line.timeKind === TimeKind.Elapsed ? line.seconds * 1e9 + line.nanoseconds : Number.NaN;
  if (!setTime(line, text)) return false;
  if (line.timeKind === TimeKind.Utc || line.timeKind === TimeKind.Local) line.sinceBeginNs = elapsed;
  return true;
}

/**
 * Reads a date and time, a time of day, seconds since the begin, or seconds, ms, µs or ns since 1970. The size of the
 * number tells which.
 */
function setTime(line: ParsedLine, text: string): boolean {
  const bytes = encoder.encode(text.slice(0, 80));
  if (dateAndTime(bytes, 0, bytes.length, line) > 0) return true;
  if (timeOfDay(bytes, 0, bytes.length, line) > 0) {
    line.timeKind = TimeKind.TimeOfDay;
    return true;
  }
  const whole = skipDigits(bytes, 0, bytes.length);
  if (whole === 0) return false;
  const fraction = bytes[whole] === 46 ? skipDigits(bytes, whole + 1, bytes.length) : whole;
  if (fraction !== bytes.length) return false;
  // The time since 1970 now has 10 digits in seconds, 13 in ms, 16 in µs and 19 in ns.
  const scale = whole >= 18 ? 9 : whole >= 15 ? 6 : whole >= 12 ? 3 : 0;
  if (whole >= 10) {
    const cut = whole - scale;
    line.seconds = numberAt(bytes, 0, cut);
    line.nanoseconds = scale > 0 ? fractionNs(bytes, cut, whole) : fractionNs(bytes, whole + 1, fraction);
    line.timeKind = TimeKind.Utc;
    return true;
  }
  line.seconds = numberAt(bytes, 0, whole);
  line.nanoseconds = fraction > whole ? fractionNs(bytes, whole + 1, fraction) : 0;
  line.timeKind = TimeKind.Elapsed;
  return true;
}
