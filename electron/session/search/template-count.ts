/**
 * The templates of a session's messages: counted by the scanner while rows come, in order and each row once, so that
 * capture need not wait for it. Rows that leave the history stay counted. The memory is bounded: templates beyond
 * MOST_TEMPLATES are counted together. Nothing is counted while nobody asks.
 */
import {
  MOST_TEMPLATES,
  type TemplateFigures,
  type TemplateOrder,
  type TemplateReport,
} from '../../contract/templates.ts';
import type { SessionStore } from '../store/store.ts';
import { Gathering } from './gathering.ts';
import type { Scanner, ScanPiece } from './scanner.ts';
import type { PieceTemplates } from './template-tally.ts';

/** The shortest time over which a rate is taken, of the log; nanoseconds. */
const RATE_NS = 1e9;
/** A template is silent if it has not come for so long, and for so many times its usual distance. */
const SILENT_NS = 5e9;
const SILENT_TIMES = 10;

interface Kept {
  readonly template: string;
  count: number;
  /** The count when rates were taken last. */
  sampled: number;
  perSecond: number;
  readonly firstRow: number;
  readonly firstNs: number;
  lastRow: number;
  lastNs: number;
}

export class TemplateCount {
  private readonly store: SessionStore;
  private readonly gathering: Gathering;
  private readonly most: number;
  private kept = new Map<string, Kept>();
  private counted = 0;
  private others = 0;
  private untilNs = 0;
  private sampledNs = Number.NEGATIVE_INFINITY;

  /** `changed` is called when there is news and `advance` should be called. `most` templates are told apart. */
  constructor(store: SessionStore, scanner: Scanner, changed: () => void, most = MOST_TEMPLATES) {
    this.store = store;
    this.most = most;
    this.gathering = new Gathering({
      ...{ store, scanner, query: { templates: true }, changed },
      take: (piece, { templates }) => {
        if (templates !== undefined) this.take(piece, templates);
      },
      restart: () => this.begin(),
    });
  }

  /** Counts rows that were not counted yet, as many as the scanner accepts, if somebody has asked a moment ago. */
  advance(nowMs: number): void {
    this.gathering.advance(nowMs);
  }

  /** What was counted so far. Rows with bookmarks are `marked`, in order. */
  report(nowMs: number, order: TemplateOrder, most: number, marked: readonly number[]): TemplateReport {
    this.gathering.ask(nowMs);
    const { totalEntries } = this.store.figures;
    const { counted, others, untilNs } = this;
    const lastMarked = marked.at(-1) ?? Number.POSITIVE_INFINITY;
    const rows = [...this.kept.values()].map((each): TemplateFigures => this.figuresOf(each, lastMarked));
    return {
      ...{ counted, others, untilNs, total: totalEntries, missed: this.missed },
      templates: this.kept.size,
      hasBookmark: marked.length > 0,
      rows: rows.sort(ORDERS[order]).slice(0, most),
      failure: this.gathering.failure,
    };
  }

  close(): void {
    this.gathering.close();
    this.kept.clear();
  }

  /** Records that were dropped from the store uncounted; exact once all others are counted. */
  private get missed(): number {
    return this.gathering.complete ? this.store.figures.totalEntries - this.counted : 0;
  }

  private figuresOf(kept: Kept, lastMarked: number): TemplateFigures {
    const { template, count, perSecond, firstRow, firstNs, lastRow, lastNs } = kept;
    const usualNs = count > 1 ? (lastNs - firstNs) / (count - 1) : 0;
    const isSilent = count > 1 && this.untilNs - lastNs > Math.max(SILENT_NS, SILENT_TIMES * usualNs);
    return {
      ...{ template, count, perSecond, firstRow, firstNs, lastRow, lastNs, isSilent },
      isNew: firstRow > lastMarked,
    };
  }

  private take({ segment, from, to }: ScanPiece, templates: PieceTemplates): void {
    const { kept } = this;
    for (const [at, template] of templates.templates.entries()) {
      const count = templates.counts[at] as number;
      const [first, last] = [templates.first[at] as number, templates.last[at] as number];
      const known = kept.get(template);
      const lastRow = segment.firstRow + last;
      const lastNs = segment.timeNs[last] as number;
      if (known !== undefined) {
        known.count += count;
        known.lastRow = lastRow;
        known.lastNs = lastNs;
      } else if (kept.size < this.most) {
        const [firstRow, firstNs] = [segment.firstRow + first, segment.timeNs[first] as number];
        kept.set(template, { ...{ template, count, firstRow, firstNs, lastRow, lastNs }, sampled: 0, perSecond: 0 });
      } else this.others += count;
    }
    this.counted += templates.records;
    if (to > from) this.sample(segment.timeNs[to - 1] as number);
  }

  private sample(untilNs: number): void {
    this.untilNs = Math.max(this.untilNs, untilNs);
    if (this.sampledNs === Number.NEGATIVE_INFINITY) this.sampledNs = Math.min(untilNs, 0);
    const ns = this.untilNs - this.sampledNs;
    if (ns < RATE_NS) return;
    for (const each of this.kept.values()) {
      each.perSecond = ((each.count - each.sampled) * 1e9) / ns;
      each.sampled = each.count;
    }
    this.sampledNs = this.untilNs;
  }

  private begin(): void {
    this.kept.clear();
    this.counted = 0;
    this.others = 0;
    this.untilNs = 0;
    this.sampledNs = Number.NEGATIVE_INFINITY;
  }
}

const ORDERS: Readonly<Record<TemplateOrder, (a: TemplateFigures, b: TemplateFigures) => number>> = {
  count: (a, b) => b.count - a.count || a.firstRow - b.firstRow,
  rate: (a, b) => b.perSecond - a.perSecond || b.count - a.count || a.firstRow - b.firstRow,
  newest: (a, b) => b.firstRow - a.firstRow,
  silent: (a, b) => Number(b.isSilent) - Number(a.isSilent) || a.lastNs - b.lastNs || a.firstRow - b.firstRow,
};
