/**
 * What the parser of a text format says about a line: which record it is, when and of which process, and which bytes
 * are the message. Parsers work on UTF-8 bytes, because creating a string for each line would cost more than
 * everything else.
 */

/** What the time of a line is counted from. */
export const TimeKind = {
  /** The line states no time. */
  None: 0,
  /** Since the capture began. */
  Elapsed: 1,
  /** Since midnight of a day that the line does not name, in local time. */
  TimeOfDay: 2,
  /** A full date, in local time of the machine that wrote it. */
  Local: 3,
  /** A full date, in UTC. */
  Utc: 4,
} as const;
export type TimeKind = (typeof TimeKind)[keyof typeof TimeKind];

export const LineKind = {
  /** A record of its own. */
  Record: 0,
  /** The line continues the message before it. */
  Continuation: 1,
  /** Part of the file, but not of any message: for instance a first line with the names of columns. */
  Header: 2,
  /** The line does not follow its format. It is kept as a record with its whole text, and its place is reported. */
  Broken: 3,
} as const;
export type LineKind = (typeof LineKind)[keyof typeof LineKind];

/** The line states no level. */
export const NO_LEVEL = 255;

/**
 * What was read of one line. One object is reused for all lines: `clearLine` resets it, then the parser sets every
 * field it knows.
 */
export interface ParsedLine {
  /** The number that the file gives the record; NaN if it gives none. */
  index: number;
  timeKind: TimeKind;
  /** Whole seconds since what `timeKind` says. For a local date: since 1970 as if it were UTC. */
  seconds: number;
  /** 0..999,999,999. */
  nanoseconds: number;
  /** Nanoseconds since the begin, where the line states them beside a date; else NaN. */
  sinceBeginNs: number;
  /** A `Level`, or NO_LEVEL. */
  level: number;
  /** 0 if the line names no process. */
  pid: number;
  /** NaN if the line names no thread. */
  tid: number;
  cpu: number;
  /** For a loss: the bits of its causes in LOSS_CAUSES, 0 where the file does not say. */
  type: number;
  /** The caller's number; for a loss, how many records were lost. */
  remarks: number;
  /** The line stands for a loss; only our own files have such lines. */
  lost: boolean;
  /** It stands behind a record that was written later, and says so. */
  late: boolean;
  /** Number of the names of the event; 0 where the file has no names. */
  event: number;
  /** Name of the process; null if the line names none. */
  process: string | null;
  /** Where the message begins, if it is a part of the line; otherwise `text` holds it. */
  textStart: number;
  textEnd: number;
  text: Uint8Array | null;
  /** Why the line is `Broken`, as a phrase. */
  problem: string;
}

export function createLine(): ParsedLine {
  return {
    index: Number.NaN,
    timeKind: TimeKind.None,
    seconds: 0,
    nanoseconds: 0,
    sinceBeginNs: Number.NaN,
    level: NO_LEVEL,
    pid: 0,
    tid: Number.NaN,
    cpu: 0,
    type: 0,
    remarks: 0,
    lost: false,
    late: false,
    event: 0,
    process: null,
    textStart: 0,
    textEnd: 0,
    text: null,
    problem: '',
  };
}

/** Resets the line to the state in which nothing is known but that `start..end` is the message. */
export function clearLine(line: ParsedLine, start: number, end: number): void {
  line.index = Number.NaN;
  line.timeKind = TimeKind.None;
  line.seconds = 0;
  line.nanoseconds = 0;
  line.sinceBeginNs = Number.NaN;
  line.level = NO_LEVEL;
  line.pid = 0;
  line.tid = Number.NaN;
  line.cpu = 0;
  line.type = 0;
  line.remarks = 0;
  line.lost = false;
  line.late = false;
  line.event = 0;
  line.process = null;
  line.textStart = start;
  line.textEnd = end;
  line.text = null;
  line.problem = '';
}

export interface LineFormat {
  /** True if double quotes may enclose line breaks, so that a record spans several lines (CSV). */
  readonly quotes: boolean;
  /** Bytes of a line that is read whole: the longest message, as it is escaped, with the other fields beside it. */
  readonly longest: number;
  /** A byte that stands behind the message of a record, and is no part of it. */
  readonly behind?: number;
  /** Reads `bytes[start..end-1]`, a line without its line break, into `line`. Never throws, whatever the bytes are. */
  parse(bytes: Uint8Array, start: number, end: number, line: ParsedLine): LineKind;
}
