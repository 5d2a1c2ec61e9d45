/**
 * The header of one event in a buffer, of every kind there is. Layouts: evntrace.h and evntcons.h of the Windows SDK
 * (EVENT_TRACE_HEADER, EVENT_HEADER, MESSAGE_TRACE_HEADER; of an instance event EVENT_INSTANCE_GUID_HEADER, into which
 * Windows turns the public one), and for the system logger's own kinds
 * (system, compact, perfinfo) the structures that its readers agree on.
 */

/** What kind of header an event has. */
export type HeaderKind = 'system' | 'perfinfo' | 'trace' | 'instance' | 'event' | 'message' | 'unknown';

export interface TraceEvent {
  kind: HeaderKind;
  /** The event in its buffer; the next one begins at the next multiple of 8. */
  start: number;
  bytes: number;
  /** Its data. */
  dataStart: number;
  dataEnd: number;
  /** Offset of its time stamp, by the clock of the file; -1 if the header has none. */
  timeAt: number;
  pid: number;
  tid: number;
  /** Offset of the 16 bytes of its provider's (or message's) GUID; -1 if it has none. */
  guidAt: number;
  /** Kind of the system logger: group and type. */
  group: number;
  opcode: number;
  version: number;
  level: number;
  /** Number of an event of a manifest, of a WPP message, or of the instance that an event is about. */
  id: number;
  task: number;
  /** Offset of its 8 bytes of keywords; -1 if it has none. */
  keywordAt: number;
  /** Offset of the TraceLogging schema that the event carries; -1 if it carries none. */
  schemaAt: number;
  schemaBytes: number;
  /** Offset of the provider's traits, which include its name; -1 if there are none. */
  traitsAt: number;
  traitsBytes: number;
  /** Whether pointers in its data have 32 bits; null if that is as the header of the file says. */
  is32Bit: boolean | null;
}

export function createTraceEvent(): TraceEvent {
  return {
    kind: 'unknown',
    start: 0,
    bytes: 0,
    dataStart: 0,
    dataEnd: 0,
    timeAt: -1,
    pid: 0,
    tid: 0,
    guidAt: -1,
    group: -1,
    opcode: 0,
    version: 0,
    level: 0,
    id: 0,
    task: 0,
    keywordAt: -1,
    schemaAt: -1,
    schemaBytes: 0,
    traitsAt: -1,
    traitsBytes: 0,
    is32Bit: null,
  };
}

const NO_ID = 0xffffffff;

/**
 * Resets an event to an unread one of a kind that begins at `start`. An event that was of this kind already keeps its
 * other fields, which every event of the kind sets anyway: this runs for each event, so it has to be quick.
 */
function become(event: TraceEvent, kind: HeaderKind, start: number): void {
  event.start = start;
  if (event.kind === kind && kind !== 'unknown') return;
  event.kind = kind;
  event.bytes = 0;
  event.dataStart = start;
  event.dataEnd = start;
  event.timeAt = -1;
  event.pid = 0;
  event.tid = 0;
  event.guidAt = -1;
  event.group = -1;
  event.opcode = 0;
  event.version = 0;
  event.level = 0;
  event.id = 0;
  event.task = 0;
  event.keywordAt = -1;
  event.schemaAt = -1;
  event.schemaBytes = 0;
  event.traitsAt = -1;
  event.traitsBytes = 0;
  event.is32Bit = null;
}

/** Options of a WPP message, in the order in which their fields follow the header. */
const MESSAGE_SEQUENCE = 1;
const MESSAGE_GUID = 2;
const MESSAGE_COMPONENT = 4;
const MESSAGE_TIMESTAMP = 8;
const MESSAGE_SYSTEM_INFO = 32;
const MESSAGE_32 = 64;
const MESSAGE_64 = 128;

const EXTENDED_INFO = 1;
const EXTENDED_SCHEMA = 11;
const EXTENDED_TRAITS = 12;
const HEADER_32 = 0x20;
const HEADER_64 = 0x40;

/**
 * Reads the event at `start` of a buffer whose events end at `end`. False if there is none, or what is there is no event;
 * `event.kind` is then `unknown`. Never reads beyond `end`.
 */
export function parseTraceEvent(view: DataView, start: number, end: number, event: TraceEvent): boolean {
  if (start + 8 <= end && parseKind(view, start, end, event)) return true;
  become(event, 'unknown', start);
  return false;
}

function parseKind(view: DataView, start: number, end: number, event: TraceEvent): boolean {
  // Version, kind of header and marker in one read: this runs for every event.
  const head = view.getInt32(start, true);
  const marker = head >>> 24;
  if ((marker & 0xf0) === 0x90) return message(view, start, end, event);
  if ((marker & 0xc0) !== 0xc0) return false;
  switch ((head >>> 16) & 0xff) {
    case 0x01:
      return systemHeader(view, start, end, event, 32, true);
    case 0x02:
      return systemHeader(view, start, end, event, 32, false);
    case 0x03:
      return systemHeader(view, start, end, event, 24, true);
    case 0x04:
      return systemHeader(view, start, end, event, 24, false);
    case 0x10:
      return perfinfo(view, start, end, event, true);
    case 0x11:
      return perfinfo(view, start, end, event, false);
    case 0x0a:
      return traceHeader(view, start, end, event, 'trace', 48, true);
    case 0x14:
      return traceHeader(view, start, end, event, 'trace', 48, false);
    case 0x0b:
      return traceHeader(view, start, end, event, 'instance', 72, true);
    case 0x15:
      return traceHeader(view, start, end, event, 'instance', 72, false);
    case 0x12:
      return eventHeader(view, start, end, event, true);
    case 0x13:
      return eventHeader(view, start, end, event, false);
    default:
      return false;
  }
}

/** Takes the length over if the event fits. */
function sized(event: TraceEvent, bytes: number, header: number, end: number): boolean {
  if (bytes < header || event.start + bytes > end) return false;
  event.bytes = bytes;
  event.dataStart = event.start + header;
  event.dataEnd = event.start + bytes;
  return true;
}

function processOf(id: number): number {
  return id === NO_ID ? 0 : id;
}

/**
 * The same for the commonest kind, an event of the system logger on 64 bits, at word `start / 4` of a window that is
 * aligned: several times as quick, since a traced machine writes millions of them. False for every other kind and for all
 * that is not whole; then `event` is as it was, and `parseTraceEvent` decides.
 */
export function parseAlignedEvent(words: Int32Array, start: number, end: number, event: TraceEvent): boolean {
  if (start + 24 > end) return false;
  const at = start >>> 2;
  const head = words[at] as number;
  const kind = (head >>> 16) & 0xffff;
  const header = (kind & 0xc0ff) === 0xc002 ? 32 : (kind & 0xc0ff) === 0xc004 ? 24 : 0;
  const size = words[at + 1] as number;
  const bytes = size & 0xffff;
  if (header === 0 || bytes < header || start + bytes > end) return false;
  become(event, 'system', start);
  event.bytes = bytes;
  event.dataStart = start + header;
  event.dataEnd = start + bytes;
  event.version = head & 0xffff;
  event.opcode = (size >>> 16) & 0xff;
  event.group = size >>> 24;
  event.tid = processOf((words[at + 2] as number) >>> 0);
  event.pid = processOf((words[at + 3] as number) >>> 0);
  event.timeAt = start + 16;
  event.is32Bit = false;
  return true;
}

function systemHeader(
  view: DataView,
  start: number,
  end: number,
  event: TraceEvent,
  header: number,
  is32: boolean,
): boolean {
  become(event, 'system', start);
  if (start + header > end || !sizedSystem(view, event, header, end)) return false;
  event.tid = processOf(view.getUint32(start + 8, true));
  event.pid = processOf(view.getUint32(start + 12, true));
  event.timeAt = start + 16;
  event.is32Bit = is32;
  return true;
}

function perfinfo(view: DataView, start: number, end: number, event: TraceEvent, is32: boolean): boolean {
  become(event, 'perfinfo', start);
  if (start + 16 > end || !sizedSystem(view, event, 16, end)) return false;
  event.timeAt = start + 8;
  event.is32Bit = is32;
  return true;
}

/** What both kinds begin with: version, size, type and group. */
function sizedSystem(view: DataView, event: TraceEvent, header: number, end: number): boolean {
  const { start } = event;
  const words = view.getInt32(start + 4, true);
  event.version = view.getUint16(start, true);
  event.opcode = (words >>> 16) & 0xff;
  event.group = words >>> 24;
  return sized(event, words & 0xffff, header, end);
}

function traceHeader(
  view: DataView,
  start: number,
  end: number,
  event: TraceEvent,
  kind: 'trace' | 'instance',
  header: number,
  is32: boolean,
): boolean {
  become(event, kind, start);
  if (start + header > end || !sized(event, view.getUint16(start, true), header, end)) return false;
  event.opcode = view.getUint8(start + 4);
  event.level = view.getUint8(start + 5);
  event.version = view.getUint16(start + 6, true);
  event.tid = processOf(view.getUint32(start + 8, true));
  event.pid = processOf(view.getUint32(start + 12, true));
  event.timeAt = start + 16;
  event.guidAt = start + 24;
  // Which instance of a thing it is about, for instance which request.
  if (kind === 'instance') event.id = view.getUint32(start + 48, true);
  event.is32Bit = is32;
  return true;
}

function eventHeader(view: DataView, start: number, end: number, event: TraceEvent, is32: boolean): boolean {
  become(event, 'event', start);
  event.schemaAt = -1;
  event.schemaBytes = 0;
  event.traitsAt = -1;
  event.traitsBytes = 0;
  if (start + 80 > end || !sized(event, view.getUint16(start, true), 80, end)) return false;
  const flags = view.getUint16(start + 4, true);
  event.tid = processOf(view.getUint32(start + 8, true));
  event.pid = processOf(view.getUint32(start + 12, true));
  event.timeAt = start + 16;
  event.guidAt = start + 24;
  event.id = view.getUint16(start + 40, true);
  event.version = view.getUint8(start + 42);
  event.level = view.getUint8(start + 44);
  event.opcode = view.getUint8(start + 45);
  event.task = view.getUint16(start + 46, true);
  event.keywordAt = start + 48;
  event.is32Bit = (flags & HEADER_32) !== 0 ? true : (flags & HEADER_64) !== 0 ? false : is32;
  if ((flags & EXTENDED_INFO) !== 0) skipExtendedData(view, event);
  return true;
}

/** Items of extended data lie before the event's own: type and length in 8 bytes, the data, padding to 8. */
function skipExtendedData(view: DataView, event: TraceEvent): void {
  let at = event.dataStart;
  for (;;) {
    if (at + 8 > event.dataEnd) return;
    const more = (view.getUint16(at + 4, true) & 1) !== 0;
    const bytes = view.getUint16(at + 6, true);
    const next = at + 8 + ((bytes + 7) & ~7);
    if (next > event.dataEnd) return;
    const type = view.getUint16(at + 2, true);
    if (type === EXTENDED_SCHEMA) {
      event.schemaAt = at + 8;
      event.schemaBytes = bytes;
    } else if (type === EXTENDED_TRAITS) {
      event.traitsAt = at + 8;
      event.traitsBytes = bytes;
    }
    at = next;
    event.dataStart = at;
    if (!more) return;
  }
}

function message(view: DataView, start: number, end: number, event: TraceEvent): boolean {
  become(event, 'message', start);
  event.tid = 0;
  event.pid = 0;
  event.is32Bit = null;
  if (!sized(event, view.getUint16(start, true), 8, end)) return false;
  event.id = view.getUint16(start + 4, true);
  const options = view.getUint16(start + 6, true);
  let at = start + 8;
  const take = (option: number, bytes: number): number => {
    if ((options & option) === 0 || at + bytes > event.dataEnd) return -1;
    const from = at;
    at += bytes;
    return from;
  };
  take(MESSAGE_SEQUENCE, 4);
  event.guidAt = take(MESSAGE_GUID, 16);
  take(MESSAGE_COMPONENT, 4);
  const time = take(MESSAGE_TIMESTAMP, 8);
  event.timeAt = time;
  const system = take(MESSAGE_SYSTEM_INFO, 8);
  if (system >= 0) {
    event.tid = processOf(view.getUint32(system, true));
    event.pid = processOf(view.getUint32(system + 4, true));
  }
  if ((options & MESSAGE_32) !== 0) event.is32Bit = true;
  else if ((options & MESSAGE_64) !== 0) event.is32Bit = false;
  event.dataStart = at;
  return true;
}
