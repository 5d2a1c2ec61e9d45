/**
 * Makes rows of the events of a trace, whoever reads them: a file, or a logging session while it runs. Owns what such a
 * reading learns on its way: names of processes and events, builds of modules, WPP messages without a format.
 */
import type { BatchSink } from '../../core/batch-writer.ts';
import { LOSS_CAUSES } from '../../core/entry.ts';
import { EventNameTable } from '../../core/event-names.ts';
import { statusName } from '../../decode/status-names.ts';
import { BrokenPlaces, FileTally } from '../file/file-facts.ts';
import { clearLine, createLine } from '../file/line-format.ts';
import { MOST_LINE_BYTES } from '../file/lines.ts';
import { RowBuilder } from '../file/row-builder.ts';
import type { BrokenPlace } from '../source.ts';
import { eventText, type TextSources } from './event-text.ts';
import { GuidCache } from './guid-cache.ts';
import { KernelNames } from './kernel/kernel-names.ts';
import { StreamManifests } from './stream-manifests.ts';
import type { Symbols } from './symbols.ts';
import type { TraceEvent } from './trace-event.ts';
import { LOSER_CAUSES, type Loser, loserNames } from './trace-losses.ts';
import { type Build, TracedBuilds } from './traced-builds.ts';

/** Missing formats that are kept; a hostile trace must not fill the memory. */
const MOST_NAMES = 100_000;

/** Where an event was written, and what was lost around it. */
export interface EventPlace {
  readonly cpu: number;
  /** Since the source began. */
  readonly timeNs: number;
  /** It came after events that were written later. */
  readonly late: boolean;
  /** Events that the kernel had no room for before it, and buffers before it that are not in the file; 0 for none. */
  readonly lostBefore: number;
  readonly missingBefore: number;
}

export class TraceRows {
  readonly eventNames = new EventNameTable();
  /** GUID and number of WPP messages without a format, and how often each came. */
  readonly missingFormats = new Map<string, number>();
  readonly tally = new FileTally();
  readonly broken = new BrokenPlaces();
  /** Where finished batches go. */
  sink: BatchSink = () => {};
  private readonly sources: TextSources & { pointerBytes: 4 | 8; frequency: bigint };
  private readonly kernel = new KernelNames();
  private readonly builds = new TracedBuilds();
  private readonly pdbs: readonly Build[];
  private readonly line = createLine();
  /** The text of a row on its way into a batch; a longer one is cut there, too. */
  private readonly scratch = Buffer.alloc(MOST_LINE_BYTES);
  private readonly rows = new RowBuilder((batch) => {
    this.tally.note(batch);
    this.sink(batch);
  });
  private number = 0;
  private lastNs = 0;
  private loggingSession = '';

  /** `encoding`: the code page of the traced machine, a name of TextDecoder. */
  constructor({ table, manifests, pdbs, problems }: Symbols, encoding: string) {
    const decoder = new TextDecoder(encoding);
    this.pdbs = pdbs;
    this.sources = {
      tmf: table,
      manifests,
      builds: this.builds,
      stream: new StreamManifests(manifests),
      guids: new GuidCache(),
      pointerBytes: 8,
      frequency: 10_000_000n,
      kernel: this.kernel,
      ansi: (bytes) => decoder.decode(bytes),
      statusName,
    };
    for (const problem of problems) this.broken.add(problem);
  }

  get processNames(): ReadonlyMap<number, string> {
    return this.kernel.processes;
  }

  note(place: BrokenPlace): void {
    this.broken.add(place);
  }

  /** What the logging session says of the events that follow: bytes of a pointer, ticks a second, its own name. */
  use(pointerBytes: 4 | 8, frequency: bigint, loggingSession: string): void {
    this.loggingSession = loggingSession;
    this.sources.pointerBytes = pointerBytes;
    this.sources.frequency = frequency;
  }

  /** Adds the row of an event. Returns how many records the event itself says were lost. */
  add(view: DataView, event: TraceEvent, { cpu, timeNs, late, lostBefore, missingBefore }: EventPlace): number {
    this.lastNs = timeNs;
    if (lostBefore > 0) this.addLoss(cpu, lostBefore, 'kernel');
    if (missingBefore > 0) this.addLoss(cpu, missingBefore, 'file');
    // The first event, the header of the trace, is not shown as a row: the facts of the source have what it says.
    if (event.kind === 'system' && event.group === 0 && event.opcode === 0) return 0;
    const { text, level, names, missing, lost, loser } = eventText(view, event, this.sources);
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
    this.rows.add(line, timeNs, this.scratch);
    if (lost > 0) this.addLoss(cpu, lost, loser ?? 'kernel');
    return lost;
  }

  /** Adds a row for records that were lost behind the last event. */
  addLoss(cpu: number, lost: number, loser: Loser): void {
    const { line } = this;
    clearLine(line, 0, 0);
    line.index = this.number + 1;
    line.cpu = cpu;
    line.lost = true;
    line.type = 1 << LOSS_CAUSES.indexOf(LOSER_CAUSES[loser]);
    line.event = this.eventNames.numberOf(loserNames(loser, this.loggingSession));
    line.remarks = Math.min(lost, 0xffffffff);
    this.rows.add(line, this.lastNs, new Uint8Array(0));
  }

  /** Hands on every row. */
  flush(): void {
    this.rows.flush();
  }

  /** Notes what is known only once all events were read: PDBs of other builds, messages without a format. */
  finish(): void {
    for (const pdb of this.pdbs) {
      const problem = this.builds.problemOf(pdb);
      if (problem !== null) this.note({ problem });
    }
    this.noteMissingFormats();
    if (this.eventNames.full)
      this.note({ problem: 'it has so many kinds of events that some rows have no names of theirs' });
  }

  private noteMissing(format: string): void {
    const known = this.missingFormats.get(format);
    if (known === undefined && this.missingFormats.size >= MOST_NAMES) return;
    this.missingFormats.set(format, (known ?? 0) + 1);
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
