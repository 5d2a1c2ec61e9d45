/**
 * Decides what `ringview tail` shows, independent of a terminal: of the rows that arrived since the last frame as many
 * of the newest as fit, a line that counts the others, and the statistics. Rows are copied in batches and turned into
 * text only when they are shown, so that a flood of rows hardly slows the drain down.
 */
import { type EntryBatch, RowFlag, RowKind } from '../../native/core/entry.ts';
import type { SourceStats } from '../../native/sources/source.ts';
import { lossesOf, RateMeter, ringFill } from '../session/ingest/statistics.ts';
import { createExportRow } from '../session/output/output-row.ts';
import { lossText, payloadPreview } from '../session/text/text.ts';
import { fitLine, type Line, type LineExtras, lineOf } from './tail-line.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

export interface Frame {
  /** New lines, oldest first; the terminal scrolls earlier lines up. */
  readonly lines: readonly Line[];
  /** The last line of the screen. */
  readonly status: Line;
}

/** The parts of a row that are kept until it is shown. */
interface WaitingRow {
  readonly kind: number;
  readonly index: number;
  readonly timeNs: number;
  readonly cpu: number;
  readonly level: number;
  readonly type: number;
  readonly flags: number;
  readonly remarks: number;
  readonly pid: number;
  readonly source: number;
  readonly payload: Uint8Array;
}

/** The size to assume if a terminal does not report one. */
const DEFAULT_SIZE: ScreenSize = { columns: 80, rows: 24 };
/** The most rows of any terminal. */
const MOST_ROWS = 1000;
/** The most UTF-16 units of a message that are used: no terminal is wider. */
const PREVIEW = 2000;
/** The most bytes of a payload that are needed for so many units, in whatever form they are shown. */
const PREVIEW_BYTES = PREVIEW * 3 + 4;

const count = (value: number): string => value.toLocaleString('en');

export class TailScreen {
  paused = false;
  private readonly extras: LineExtras;
  private readonly title: string;
  private readonly keys: boolean;
  private readonly rates = new RateMeter();
  private readonly scratch = createExportRow();
  private size = DEFAULT_SIZE;
  /** The newest rows that were not shown yet, oldest first. */
  private waiting: WaitingRow[] = [];
  /** Older rows that will not be shown any more, and the losses among them. */
  private hidden = 0;
  private hiddenLost = 0;
  /** Rows that arrived since the pause began. */
  private behind = 0;
  private entries = 0;

  /** `title` names what is captured and is safe for a terminal; `keys` says whether there is a keyboard. */
  constructor(title: string, extras: LineExtras, keys = true) {
    this.title = title;
    this.extras = extras;
    this.keys = keys;
  }

  resize({ columns, rows }: ScreenSize): void {
    this.size = {
      columns: columns > 0 ? columns : DEFAULT_SIZE.columns,
      rows: rows > 0 ? Math.min(rows, MOST_ROWS) : DEFAULT_SIZE.rows,
    };
    this.hideBeyond(this.capacity);
  }

  togglePause(): void {
    this.paused = !this.paused;
    this.behind = 0;
  }

  /** Takes the rows of a batch; the batch is not used after the call. */
  take(batch: EntryBatch): void {
    const from = Math.max(0, batch.count - this.capacity);
    for (let at = 0; at < batch.count; at++) if (batch.kind[at] === RowKind.Entry) this.entries++;
    if (from > 0) {
      // Rows that already wait are older than everything that fits, and so will not be shown either.
      this.hideBeyond(0);
      this.hidden += from;
      for (let at = 0; at < from; at++) {
        if (batch.kind[at] === RowKind.Gap) this.hiddenLost += batch.remarks[at] as number;
      }
    }
    for (let at = from; at < batch.count; at++) this.waiting.push(copyRow(batch, at));
    this.hideBeyond(this.capacity);
    if (this.paused) this.behind += batch.count;
  }

  /** What to draw now. Each line is returned once; `stats` are those of all sources. */
  frame(nowMs: number, stats: readonly SourceStats[], lateByMerge: number): Frame {
    this.rates.sample(nowMs, Float64Array.of(this.entries));
    const { columns } = this.size;
    const lines: Line[] = [];
    if (!this.paused) {
      if (this.hidden > 0) lines.push(fitLine(this.hiddenLine(), columns));
      for (const row of this.waiting) lines.push(fitLine(this.lineOf(row), columns));
      this.waiting = [];
      this.hidden = 0;
      this.hiddenLost = 0;
    }
    return { lines, status: fitLine(this.status(nowMs, stats, lateByMerge), columns) };
  }

  /** The number of rows that fit beside the statistics and the line about hidden rows. */
  private get capacity(): number {
    return Math.max(1, this.size.rows - 2);
  }

  private hideBeyond(capacity: number): void {
    const beyond = this.waiting.length - capacity;
    if (beyond <= 0) return;
    for (const row of this.waiting.splice(0, beyond)) {
      this.hidden++;
      if (row.kind === RowKind.Gap) this.hiddenLost += row.remarks;
    }
  }

  private hiddenLine(): Line {
    const lost = this.hiddenLost > 0 ? `, ${count(this.hiddenLost)} records lost among them` : '';
    const text = `... ${count(this.hidden)} ${this.hidden === 1 ? 'row' : 'rows'} read but not shown${lost}`;
    return [{ text, meaning: this.hiddenLost > 0 ? 'lost' : 'note' }];
  }

  private lineOf(row: WaitingRow): Line {
    const { scratch } = this;
    Object.assign(scratch, row);
    scratch.late = (row.flags & RowFlag.Late) !== 0;
    const gap = row.kind === RowKind.Gap;
    scratch.text = gap ? lossText(row.remarks, row.cpu, row.type) : payloadPreview(row.type, row.payload, PREVIEW).text;
    return lineOf(scratch, this.extras);
  }

  private status(nowMs: number, stats: readonly SourceStats[], lateByMerge: number): Line {
    const cpus = stats.flatMap((source) => source.cpus);
    const { lost, late } = lossesOf(cpus);
    const rate = Math.round(this.rates.rates(nowMs).perSecond);
    const head = this.paused ? `PAUSED, ${count(this.behind)} rows behind | ` : '';
    const before = `${head}${this.title} | ${count(this.entries)} entries, ${count(rate)}/s | `;
    const keys = this.keys ? `space ${this.paused ? 'goes on' : 'pauses'}, q quits` : 'Ctrl+C quits';
    const rings = cpus.some(({ ring }) => ring !== undefined)
      ? ` | rings ${Math.round(ringFill(cpus).now * 100)} % full`
      : '';
    const after = ` | ${count(late + lateByMerge)} late${rings}${progressText(stats)}`;
    return [
      { text: before, meaning: 'status' },
      { text: `${count(lost)} lost`, meaning: lost > 0 ? 'lost' : 'status' },
      { text: `${after} | ${keys}`, meaning: 'status' },
    ];
  }
}

/** How much of the files was read; shown instead of the fill of rings, which files do not have. */
function progressText(stats: readonly SourceStats[]): string {
  const files = stats.flatMap(({ file }) => file ?? []);
  if (files.length === 0) return '';
  const read = files.reduce((sum, { readBytes }) => sum + readBytes, 0);
  const total = files.reduce((sum, { totalBytes }) => sum + (totalBytes ?? Number.NaN), 0);
  const share = Math.floor((read / total) * 100);
  return Number.isFinite(share) ? ` | ${share} % read` : ` | ${count(read)} bytes read`;
}

function copyRow(batch: EntryBatch, at: number): WaitingRow {
  const start = batch.dataStart[at] as number;
  const length = Math.min(batch.dataLength[at] as number, PREVIEW_BYTES);
  return {
    kind: batch.kind[at] as number,
    index: batch.index[at] as number,
    timeNs: batch.timeNs[at] as number,
    cpu: batch.cpu[at] as number,
    level: batch.level[at] as number,
    type: batch.type[at] as number,
    flags: batch.flags[at] as number,
    remarks: batch.remarks[at] as number,
    pid: batch.pid[at] as number,
    source: batch.source[at] as number,
    payload: batch.bytes.slice(start, start + length),
  };
}
