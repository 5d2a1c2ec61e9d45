/** What a log is made of, counted as its rows pass: levels, CPUs, sources, losses, and its messages by template. Pure. */
import type { EventNames } from '../../native/core/event-names.ts';
import { messageTemplate } from '../contract/message-template.ts';
import type { ExportInfo, OutputFacts } from '../session/output/output-facts.ts';
import { createExportRow, type ExportRow, isLoss, type RowRun } from '../session/output/output-row.ts';
import { RowValues } from '../session/output/row-values.ts';

/** The most templates that are counted separately; messages of further ones are counted together. */
const MOST_TEMPLATES = 100_000;
const OTHER = '(all other messages)';

export interface TemplateCount {
  readonly template: string;
  readonly count: number;
  /** The level of its first message. */
  readonly level: string | null;
  /** Indices of its first and its last message. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  /** Seconds since the log began. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
}

export interface LogStats {
  readonly source: string;
  /** ISO 8601; null if the log states no wall clock. */
  readonly first: string | null;
  readonly last: string | null;
  readonly seconds: number;
  readonly entries: number;
  readonly lost: number;
  readonly late: number;
  readonly perSecond: number | null;
  readonly levels: Readonly<Record<string, number>>;
  readonly cpus: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, number>>;
  /** Of traces and event logs: entries of each provider, and of each event as `provider event`. */
  readonly providers: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
  readonly templates: readonly TemplateCount[];
}

interface Counting extends Omit<TemplateCount, 'count' | 'lastIndex' | 'lastSeconds'> {
  count: number;
  lastIndex: number;
  lastSeconds: number;
}

class Counts {
  private readonly counts = new Map<string | number, number>();

  add(key: string | number | null): void {
    if (key !== null) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  get record(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([, a], [, b]) => b - a));
  }
}

export class StatsCounter {
  private readonly info: ExportInfo | null;
  private readonly values: RowValues;
  private readonly scratch = createExportRow();
  private readonly levels = new Counts();
  private readonly cpus = new Counts();
  private readonly sources = new Counts();
  private readonly processes = new Counts();
  private readonly providers = new Counts();
  private readonly events = new Counts();
  private readonly templates = new Map<string, Counting>();
  private entries = 0;
  private lost = 0;
  private late = 0;
  private first: string | null = null;
  private last: string | null = null;
  private firstNs = Number.POSITIVE_INFINITY;
  private lastNs = Number.NEGATIVE_INFINITY;

  constructor(facts: OutputFacts) {
    this.info = facts.info;
    this.values = new RowValues(facts);
  }

  take(run: RowRun): void {
    for (let at = 0; at < run.count; at++) {
      run.read(at, this.scratch);
      this.add(this.scratch);
    }
  }

  /** The statistics with the `top` most frequent templates, or with all. */
  stats(top = Number.POSITIVE_INFINITY): LogStats {
    const seconds = this.entries + this.lost === 0 ? 0 : Math.max(0, this.lastNs - this.firstNs) / 1e9;
    const templates = [...this.templates.values()].sort((a, b) => b.count - a.count || a.firstIndex - b.firstIndex);
    return {
      source: this.info?.source ?? '',
      first: this.first,
      last: this.last,
      seconds,
      entries: this.entries,
      lost: this.lost,
      late: this.late,
      perSecond: seconds > 0 ? this.entries / seconds : null,
      levels: this.levels.record,
      cpus: this.cpus.record,
      sources: this.sources.record,
      processes: this.processes.record,
      providers: this.providers.record,
      events: this.events.record,
      templates: templates.slice(0, top),
    };
  }

  private add(row: ExportRow): void {
    const { values } = this;
    if (row.timeNs < this.firstNs) {
      this.firstNs = row.timeNs;
      this.first = values.time(row);
    }
    if (row.timeNs > this.lastNs) {
      this.lastNs = row.timeNs;
      this.last = values.time(row);
    }
    if (isLoss(row)) {
      this.lost += row.remarks;
      return;
    }
    this.entries++;
    if (row.late) this.late++;
    const level = values.level(row);
    this.levels.add(level);
    this.cpus.add(values.cpu(row));
    this.sources.add(values.source(row));
    this.processes.add(values.process(row) ?? values.pid(row));
    if (values.hasTraces) this.addEvent(values.eventNames(row));
    this.count(row, level);
  }

  private addEvent({ provider, event }: EventNames): void {
    this.providers.add(provider);
    if (event !== null) this.events.add(provider === null ? event : `${provider} ${event}`);
  }

  private count(row: ExportRow, level: string | null): void {
    let template = messageTemplate(row.text);
    if (!this.templates.has(template) && this.templates.size >= MOST_TEMPLATES) template = OTHER;
    const seconds = row.timeNs / 1e9;
    const known = this.templates.get(template);
    if (known === undefined) {
      const { index } = row;
      const first = { template, level, firstIndex: index, firstSeconds: seconds };
      this.templates.set(template, { ...first, count: 1, lastIndex: index, lastSeconds: seconds });
      return;
    }
    known.count++;
    known.lastIndex = row.index;
    known.lastSeconds = seconds;
  }
}

/** How a template differs between two logs. */
export interface TemplateDifference {
  readonly change: 'new' | 'gone' | 'more' | 'fewer';
  readonly template: string;
  /** Null if that log has no such messages. */
  readonly a: TemplateCount | null;
  readonly b: TemplateCount | null;
}

/**
 * A count is considered changed if it differs from the expected one by more than so many square roots of their sum.
 * Chance alone makes a difference of about one.
 */
const CHANGED = 3;

/**
 * New and missing templates, and those whose rate has changed by more than chance explains, the greatest difference
 * first. Without times, counts are compared instead of rates.
 */
export function compareStats(a: LogStats, b: LogStats): TemplateDifference[] {
  const inA = new Map(a.templates.map((each) => [each.template, each]));
  const inB = new Map(b.templates.map((each) => [each.template, each]));
  const found: (TemplateDifference & { weight: number })[] = [];
  for (const template of new Set([...inA.keys(), ...inB.keys()])) {
    const one = inA.get(template) ?? null;
    const two = inB.get(template) ?? null;
    const countA = one?.count ?? 0;
    const countB = two?.count ?? 0;
    const change = one === null ? 'new' : two === null ? 'gone' : changeOf(countA, countB, a.seconds, b.seconds);
    if (change !== null) found.push({ change, template, a: one, b: two, weight: Math.abs(countB - countA) });
  }
  const order = ['new', 'gone', 'more', 'fewer'];
  return found
    .sort((x, y) => order.indexOf(x.change) - order.indexOf(y.change) || y.weight - x.weight)
    .map(({ weight: _, ...difference }) => difference);
}

function changeOf(a: number, b: number, secondsA: number, secondsB: number): 'more' | 'fewer' | null {
  // A log twice as long has twice as many messages without any change. So rates are compared, or counts if there are no
  // times.
  const expected = secondsA > 0 && secondsB > 0 ? (a * secondsB) / secondsA : a;
  if (Math.abs(b - expected) <= CHANGED * Math.sqrt(b + expected)) return null;
  return b > expected ? 'more' : 'fewer';
}
