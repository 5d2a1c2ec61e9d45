/**
 * An event log channel as a LogSource: events from now on, in the order of their numbers. A number that is missing is an event
 * that was overwritten, or cleared, before it was read.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import { LOSS_CAUSES } from '../../core/entry.ts';
import { EventNameTable, NO_EVENT_NAMES } from '../../core/event-names.ts';
import { type Failure, ok, type Result } from '../../core/result.ts';
import { type ChannelEvent, type ChannelReader, openChannel } from '../../win32/event-channel.ts';
import { readSymbols, type SymbolWishes } from '../etl/symbols.ts';
import { eventRow } from '../evtx/event-row.ts';
import { attribute, child, textOf } from '../evtx/xml-tree.ts';
import { BrokenPlaces, FileTally } from '../file/file-facts.ts';
import { clearLine, createLine } from '../file/line-format.ts';
import { RowBuilder } from '../file/row-builder.ts';
import type { Manifests } from '../manifest/manifests.ts';
import { readXml } from '../manifest/xml.ts';
import type { LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';

/** Calls of one poll that hand over events, after which other sources have their turn. */
const CALLS_A_POLL = 16;
/** A channel that had nothing is asked again after this time; milliseconds. */
const QUIET_MS = 50;
/** If more events than this seem to be missing, the log was begun anew. */
const MOST_MISSING = 1_000_000_000;
const UNREAD = 1 << LOSS_CAUSES.indexOf('unread');
const encoder = new TextEncoder();

export interface ChannelOptions extends SymbolWishes {
  readonly displayName: string;
}

/**
 * Opens the channel of a name. Failures: source-not-found, permission-denied, bad-argument (a channel that cannot be
 * subscribed to, symbols that cannot be read), source-unsupported off Windows, io-error.
 */
export function openChannelSource(name: string, options: ChannelOptions): Result<LogSource> {
  const symbols = readSymbols(options);
  if (!symbols.ok) return symbols;
  const reader = openChannel(name);
  if (!reader.ok) return reader;
  const { manifests } = symbols.value;
  return ok(new ChannelSource(options.displayName, name, reader.value, manifests, Date.now(), () => performance.now()));
}

/** Nanoseconds from a wall clock (milliseconds since 1970) to `2018-07-09T20:49:14.0577461Z`; 0 for what is no time. */
function nsSince(startUnixMs: number, text: string): number {
  const [, second = '', fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?$/.exec(text) ?? [];
  const unixMs = Date.parse(`${second}Z`);
  if (Number.isNaN(unixMs)) return 0;
  return (unixMs - startUnixMs) * 1e6 + Number(fraction.padEnd(9, '0'));
}

export class ChannelSource implements LogSource {
  readonly info: SourceInfo;
  readonly eventNames = new EventNameTable();
  private readonly reader: ChannelReader;
  private readonly manifests: Manifests;
  private readonly nowMs: () => number;
  private readonly line = createLine();
  private readonly tally = new FileTally();
  private readonly broken = new BrokenPlaces();
  private sink: BatchSink = () => {};
  private readonly rows = new RowBuilder((batch) => {
    this.tally.note(batch);
    this.sink(batch);
  });
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;
  private readBytes = 0;
  /** Number of the last event; 0 before the first. */
  private last = 0;
  private quietUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    displayName: string,
    channel: string,
    reader: ChannelReader,
    manifests: Manifests,
    startUnixMs: number,
    nowMs: () => number,
  ) {
    this.reader = reader;
    this.manifests = manifests;
    this.nowMs = nowMs;
    this.info = {
      name: displayName,
      producer: `Windows event log ${channel}`,
      cpuCount: 0,
      identity: `channel ${channel} ${startUnixMs}`,
      startUnixMs,
    };
  }

  poll(sink: BatchSink): PollOutcome {
    const now = this.nowMs();
    if (this.closed || this.state !== 'capturing' || now < this.quietUntilMs)
      return { state: this.state, rows: 0, bytes: 0, more: false };
    const rows = this.tally.rows;
    const bytes = this.readBytes;
    const more = this.read(sink, CALLS_A_POLL);
    if (!more) this.quietUntilMs = now + QUIET_MS;
    return { state: this.state, rows: this.tally.rows - rows, bytes: this.readBytes - bytes, more };
  }

  stats(): SourceStats {
    const { state, failure } = this;
    return { state, failure, cpus: this.tally.stats(), notes: this.broken.problems() };
  }

  close(sink: BatchSink): void {
    if (this.closed) return;
    if (this.state === 'capturing') this.read(sink, CALLS_A_POLL);
    this.closed = true;
    this.reader.close();
  }

  /** True if there may be more at once. */
  private read(sink: BatchSink, calls: number): boolean {
    this.sink = sink;
    let more = true;
    for (let call = 0; call < calls && more; call++) {
      const read = this.reader.next((event) => this.add(event));
      more = read.ok && read.value > 0;
      if (read.ok) continue;
      this.failure = read.failure;
      this.state = 'failed';
    }
    this.rows.flush();
    return more;
  }

  private add({ xml, sentence }: ChannelEvent): void {
    this.readBytes += xml.length * 2;
    const event = readXml(xml);
    if (typeof event === 'string') {
      this.broken.add({ problem: `an event of Windows could not be read: ${event}` });
      return;
    }
    const system = child(event, 'System');
    const row = eventRow(event, this.manifests);
    const number = Number(textOf(child(system, 'EventRecordID')));
    const timeNs = nsSince(this.info.startUnixMs, attribute(child(system, 'TimeCreated'), 'SystemTime') ?? '');
    if (Number.isSafeInteger(number) && number > 0) this.count(number, timeNs);
    const { line } = this;
    clearLine(line, 0, 0);
    line.index = this.last;
    line.level = row.level;
    line.pid = row.pid;
    if (row.tid !== 0) line.tid = row.tid;
    line.remarks = row.eventId;
    line.event = this.eventNames.numberOf({ ...NO_EVENT_NAMES, provider: row.provider, event: String(row.eventId) });
    line.text = encoder.encode(this.textOf(row.text, row.provider, row.eventId, sentence));
    this.rows.add(line, timeNs, line.text);
  }

  /** The sentence that a given manifest has is in the row already; else Windows may have one. */
  private textOf(text: string, provider: string, eventId: number, sentence: ChannelEvent['sentence']): string {
    if (!this.manifests.isEmpty) return text;
    const words = sentence(provider);
    return words === null ? text : `${provider} ${eventId}: ${words}`;
  }

  /** Adds a row for the events between the last one and this one. */
  private count(number: number, timeNs: number): void {
    const missing = this.last === 0 ? 0 : number - this.last - 1;
    this.last = number;
    if (missing <= 0 || missing > MOST_MISSING) return;
    const { line } = this;
    clearLine(line, 0, 0);
    line.index = number;
    line.lost = true;
    line.type = UNREAD;
    line.remarks = missing;
    this.rows.add(line, timeNs, new Uint8Array(0));
  }
}
