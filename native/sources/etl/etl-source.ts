/**
 * A Windows trace file as a LogSource: events of all CPUs in the order of their time, losses as rows where they happened,
 * WPP messages by the format files that were given.
 */
import { resolve } from 'node:path';
import type { BatchSink } from '../../core/batch-writer.ts';
import { LOSS_CAUSES } from '../../core/entry.ts';
import { EventNameTable } from '../../core/event-names.ts';
import { type Failure, fail, ok, type Result } from '../../core/result.ts';
import { statusName } from '../../decode/status-names.ts';
import { wholeMillisecond } from '../evtx/values.ts';
import { ansiEncoding, isKnownEncoding } from '../file/encoding.ts';
import { BrokenPlaces, FileTally, fileInfo } from '../file/file-facts.ts';
import { clearLine, createLine } from '../file/line-format.ts';
import { MOST_LINE_BYTES } from '../file/lines.ts';
import { RowBuilder } from '../file/row-builder.ts';
import type { BrokenPlace, LogSource, PollOutcome, SourceInfo, SourceState, SourceStats } from '../source.ts';
import { EtlFile, LATER } from './etl-file.ts';
import { eventText, type TextSources } from './event-text.ts';
import { GuidCache } from './guid-cache.ts';
import { KernelNames } from './kernel/kernel-names.ts';
import type { TracedEvent } from './lane.ts';
import { StreamManifests } from './stream-manifests.ts';
import { readSymbols, type Symbols } from './symbols.ts';
import { TraceClock, type TraceHeader } from './trace-header.ts';
import { type Build, TracedBuilds } from './traced-builds.ts';

export interface TraceOptions {
  /** What people call the source; default the path as given. */
  readonly displayName?: string;
  /** TMF files, private PDBs, manifests, PE files of providers, folders of them, or symbol paths as debuggers have them. */
  readonly symbols?: readonly string[];
  /** Code page of the traced machine, a name that TextDecoder knows, or `auto`: that of the language of this one. */
  readonly encoding?: string;
  /** Language tag instead of that of this machine. */
  readonly locale?: string;
}

/** Events decoded in one poll: some tens of milliseconds of work at most. */
const EVENTS_A_POLL = 16_384;
/** Reading a part of a buffer, or looking for buffers, counts as so many events of a poll. */
const WORK_OF_A_STEP = 64;
const FILETIME_TO_UNIX_MS = 11_644_473_600_000;
/** Why Windows loses events: the buffers of the logging session were full. */
const BUFFERS_FULL = 1 << LOSS_CAUSES.indexOf('full');
/** Missing formats that are kept; a hostile trace must not fill the memory. */
const MOST_NAMES = 100_000;

/** The code page that a trace is read with, a name of TextDecoder; null for none that it knows. */
function codePage({ encoding = 'auto', locale }: TraceOptions): string | null {
  if (encoding !== 'auto') return isKnownEncoding(encoding) ? encoding : null;
  return ansiEncoding(locale ?? Intl.DateTimeFormat().resolvedOptions().locale);
}

/** Opens a trace. Failures: source-not-found, permission-denied, bad-magic (no trace), bad-argument, io-error. */
export function openTrace(path: string, options: TraceOptions = {}): Result<TraceSource> {
  const encoding = codePage(options);
  if (encoding === null) {
    return fail('bad-argument', `'${options.encoding}' is no encoding`, 'Use auto, windows-1252, gbk, shift_jis ...');
  }
  const symbols = readSymbols(options.symbols ?? []);
  if (!symbols.ok) return symbols;
  const file = EtlFile.open(path);
  if (!file.ok) return file;
  const { problems } = symbols.value;
  const source = new TraceSource(options.displayName ?? path, resolve(path), file.value, symbols.value, encoding);
  for (const problem of problems) source.note(problem);
  return ok(source);
}

/** How long its machine had been running when the trace began, where its stamps are of a clock that says so. */
function uptimeOf({ clock, frequency, startTicks, startTime }: TraceHeader): Pick<SourceInfo, 'uptime'> {
  // At time 0, which is the begin of the millisecond in which it began.
  const ticks = startTicks - ((startTime - wholeMillisecond(startTime)) * frequency) / 10_000_000n;
  if (clock !== TraceClock.Qpc || ticks <= 0n) return {};
  return { uptime: { frequency: Number(frequency), startTicks: ticks.toString() } };
}

export class TraceSource implements LogSource {
  readonly info: SourceInfo;
  readonly eventNames = new EventNameTable();
  /** GUID and number of WPP messages without a format, and how often each came. */
  readonly missingFormats = new Map<string, number>();
  private readonly file: EtlFile;
  private readonly encoding: string;
  private readonly sources: TextSources & { pointerBytes: 4 | 8; frequency: bigint };
  private readonly kernel = new KernelNames();
  private readonly builds = new TracedBuilds();
  private readonly pdbs: readonly Build[];
  private readonly line = createLine();
  /** The text of a row on its way into a batch; a longer one is cut there, too. */
  private readonly scratch = Buffer.alloc(MOST_LINE_BYTES);
  private sink: BatchSink = () => {};
  private readonly tally = new FileTally();
  private readonly broken = new BrokenPlaces();
  private readonly rows = new RowBuilder((batch) => {
    this.tally.note(batch);
    this.sink(batch);
  });
  private number = 0;
  private lastNs = 0;
  private state: SourceState = 'capturing';
  private failure: Failure | null = null;
  private closed = false;

  constructor(name: string, path: string, file: EtlFile, { table, manifests, pdbs }: Symbols, encoding: string) {
    this.file = file;
    this.pdbs = pdbs;
    this.encoding = encoding;
    file.onProblem = (place) => this.note(place);
    const { header } = file;
    const decoder = new TextDecoder(encoding);
    this.sources = {
      tmf: table,
      manifests,
      builds: this.builds,
      stream: new StreamManifests(manifests),
      guids: new GuidCache(),
      pointerBytes: header.pointerBytes,
      frequency: header.frequency,
      kernel: this.kernel,
      ansi: (bytes) => decoder.decode(bytes),
      statusName,
    };
    const startUnixMs = Number(header.startTime / 10_000n) - FILETIME_TO_UNIX_MS;
    this.info = {
      ...fileInfo(name, path, header.startTime, startUnixMs),
      producer: header.loggerName === '' ? 'Windows trace' : header.loggerName,
      cpuCount: Math.max(1, Math.min(2048, header.cpuCount)),
      ...uptimeOf(header),
    };
  }

  get processNames(): ReadonlyMap<number, string> {
    return this.kernel.processes;
  }

  note(place: BrokenPlace): void {
    this.broken.add(place);
  }

  poll(sink: BatchSink): PollOutcome {
    if (this.closed || this.state !== 'capturing') return { state: this.state, rows: 0, bytes: 0, more: false };
    this.sink = sink;
    const { done } = this.file.progress;
    const before = this.tally.rows;
    let more = true;
    try {
      for (let work = 0; work < EVENTS_A_POLL && more; ) {
        const event = this.file.next();
        if (event === null) more = false;
        else if (event === LATER) work += WORK_OF_A_STEP;
        else {
          this.add(event);
          work++;
        }
      }
    } catch (error) {
      const failed = fail('io-error', `${this.info.name} could not be read further`, 'What was read is kept', {
        code: (error as NodeJS.ErrnoException).code ?? 'unknown',
        text: String((error as Error).message),
      });
      if (!failed.ok) this.failure = failed.failure;
      more = false;
    }
    if (!more) this.end();
    this.rows.flush();
    return { state: this.state, rows: this.tally.rows - before, bytes: this.file.progress.done - done, more };
  }

  stats(): SourceStats {
    const { state, failure } = this;
    const { done, total } = this.file.progress;
    const file = {
      readBytes: done,
      totalBytes: total,
      ended: state === 'ended',
      format: 'Windows trace',
      encoding: this.encoding,
      broken: this.broken.figures(),
    };
    return { state, failure, cpus: this.tally.stats(), file };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.file.close();
  }

  private add({ view, event, cpu, timeNs, header, lostBefore, late }: TracedEvent): void {
    this.lastNs = timeNs;
    this.sources.pointerBytes = header.pointerBytes;
    this.sources.frequency = header.frequency;
    if (lostBefore > 0) this.addLoss(cpu, lostBefore);
    // The first event, the header of the trace, is not shown as a row: the facts of the source have what it says.
    if (event.kind === 'system' && event.group === 0 && event.opcode === 0) return;
    const { text, level, names, missing, lost } = eventText(view, event, this.sources);
    if (missing !== null) this.noteMissing(missing);
    const { line } = this;
    clearLine(line, 0, 0);
    this.number++;
    line.index = this.number;
    line.cpu = cpu;
    line.pid = event.pid;
    // Some headers have no place for a thread, and say 0 as for the idle one.
    if (event.tid !== 0) line.tid = event.tid;
    line.level = level;
    line.event = this.eventNames.numberOf(names);
    line.late = late;
    line.textEnd = this.scratch.write(text);
    this.rows.add(line, this.lastNs, this.scratch);
    if (lost > 0) this.addLoss(cpu, lost);
  }

  private noteMissing(format: string): void {
    const known = this.missingFormats.get(format);
    if (known === undefined && this.missingFormats.size >= MOST_NAMES) return;
    this.missingFormats.set(format, (known ?? 0) + 1);
  }

  /** Events that were lost here, as a row of its own. */
  private addLoss(cpu: number, lost: number): void {
    const { line } = this;
    clearLine(line, 0, 0);
    line.index = this.number + 1;
    line.cpu = cpu;
    line.lost = true;
    line.type = BUFFERS_FULL;
    line.remarks = Math.min(lost, 0xffffffff);
    this.rows.add(line, this.lastNs, new Uint8Array(0));
  }

  /** What the logging session counts as lost, and says nowhere where, stands at the end. */
  private end(): void {
    const { events, buffers } = this.file.unplaced;
    if (events + buffers > 0) this.addLoss(0, events + buffers);
    if (buffers > 0) {
      const what = buffers === 1 ? '1 buffer was' : `${buffers} buffers were`;
      this.note({ problem: `${what} lost while the trace was written, it is not known where` });
    }
    for (const pdb of this.pdbs) {
      const problem = this.builds.problemOf(pdb);
      if (problem !== null) this.note({ problem });
    }
    this.noteMissingFormats();
    if (this.eventNames.full)
      this.note({ problem: 'it has so many kinds of events that some rows have no names of theirs' });
    this.state = this.failure === null ? 'ended' : 'failed';
  }

  /** Notes how many messages of each traced source file have no format: the PDB of its module has to be given. */
  private noteMissingFormats(): void {
    const byGuid = new Map<string, number>();
    for (const [format, count] of this.missingFormats) {
      const [guid = ''] = format.split(' ');
      byGuid.set(guid, (byGuid.get(guid) ?? 0) + count);
    }
    for (const [guid, count] of byGuid) {
      const what = count === 1 ? `1 message of {${guid}} has` : `${count} messages of {${guid}} have`;
      this.note({ problem: `${what} no format: give the PDB or the TMF file of that module` });
    }
  }
}
