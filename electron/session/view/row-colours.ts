/**
 * Which of a person's rules fit the rows that a view shows, of several the first. A rule is judged like a filter over those
 * few rows alone; one with an expression is judged by the threads that search, and one that takes too long there, or fails,
 * is given up until the rules change.
 */
import { RowKind } from '../../../native/core/entry.ts';
import {
  COLOUR_NAMES,
  type ColourRule,
  type RowColours,
  type RowRule,
  specOfText,
} from '../../contract/colour-rules.ts';
import { compileFilter, type Filter } from '../search/filter.ts';
import { bindNames, type FilterNames } from '../search/name-binding.ts';
import type { Scanner, ScanOutcome, ScanPiece } from '../search/scanner.ts';
import { TimeBefore } from '../search/time-before.ts';
import type { LogView } from './view.ts';
import { pieceFrom, positionOf, type ViewPiece } from './view-piece.ts';

interface Judge {
  readonly rule: RowRule;
  readonly filter: Filter;
}

export class RowPainter {
  private readonly view: LogView;
  private readonly scanner: Scanner;
  private readonly names: () => FilterNames | null;
  private rules: readonly ColourRule[] = [];
  private judges: readonly Judge[] = [];
  /** Of the names that the judges were bound to. */
  private boundTo = '';
  /** Texts of rules that are given up. */
  private readonly given = new Set<string>();

  constructor(view: LogView, scanner: Scanner, names: () => FilterNames | null) {
    this.view = view;
    this.scanner = scanner;
    this.names = names;
  }

  /**
   * The colours of the rows at positions `first..first+count-1`, as far as the view holds them. Losses have none. Rows may
   * move, and the generation change, while the threads look at an expression: then there are no colours, and the generation
   * is the new one.
   */
  async colours(rules: readonly ColourRule[], first: number, count: number): Promise<RowColours> {
    const { view } = this;
    const { generation } = view;
    this.prepare(rules);
    const begin = Math.max(first, view.first);
    const end = Math.min(first + count, view.end);
    const colours = new Array<number>(Math.max(0, end - begin)).fill(0);
    for (let position = begin; position < end && this.judges.length > 0; ) {
      const piece = pieceFrom(view, position, end, end - position);
      position = piece.end;
      await this.judge(piece, (at, colour) => {
        colours[at - begin] = colour;
      });
      // Rows may have been dropped meanwhile.
      position = Math.max(position, view.first);
      if (view.generation !== generation) return { generation: view.generation, first: begin, colours: [], given: [] };
    }
    return { generation, first: begin, colours, given: [...this.given] };
  }

  private async judge(piece: ViewPiece, paint: (position: number, colour: number) => void): Promise<void> {
    const { segment } = piece;
    let open = entriesOf(piece);
    // Read before anything is waited for: only now is it sure that the segment is in memory.
    const beforeNs = this.judges.some(({ filter }) => filter.readsBefore)
      ? new TimeBefore().of(this.view.store, segment.firstRow)
      : Number.NaN;
    // What looks up the row before may have moved the segment itself out of memory.
    const held = this.view.store.segmentOf(segment.firstRow + (open[0] ?? 0)) ?? segment;
    const { store } = this.view;
    store.pin(held);
    try {
      for (const { rule, filter } of this.judges) {
        if (open.length === 0) break;
        if (this.given.has(rule.text)) continue;
        const fit = await this.fitting({ ...piece, segment: held, offsets: open, beforeNs }, rule, filter);
        if (fit.length === 0) continue;
        for (const offset of fit) paint(positionOf(piece, offset), COLOUR_NAMES.indexOf(rule.colour) + 1);
        const taken = new Set(fit);
        open = open.filter((offset) => !taken.has(offset));
      }
    } finally {
      store.unpin(held);
    }
  }

  /** Those of the offsets of a piece that a rule fits. */
  private async fitting(piece: ScanPiece, rule: RowRule, filter: Filter): Promise<Uint32Array> {
    const offsets = (piece.offsets as Uint32Array).slice();
    if (!filter.runsExpressions) {
      return offsets.subarray(0, filter.keep(piece.segment, offsets, offsets.length, piece.beforeNs));
    }
    const outcome = await new Promise<ScanOutcome | null>((resolve) => {
      this.scanner.open({ filter: filter.spec, bindings: filter.bindings }, true).submit(piece, resolve);
    });
    if (outcome === null) return offsets.subarray(0, 0);
    if (outcome.trouble !== null) this.given.add(rule.text);
    return outcome.offsets;
  }

  /** Compiles the rules, where they or what the names in them stand for have changed. */
  private prepare(rules: readonly ColourRule[]): void {
    const names = this.names();
    const version = names?.version ?? '';
    const readsNames = this.judges.some(({ filter }) => filter.readsNames);
    if (rules === this.rules && (!readsNames || version === this.boundTo)) return;
    if (rules !== this.rules) this.given.clear();
    this.rules = rules;
    this.boundTo = version;
    this.judges = rules.flatMap((rule) => {
      if (rule.of !== 'rows' || !rule.on) return [];
      const spec = specOfText(rule);
      const filter = compileFilter(spec, bindNames(spec, names));
      return filter.ok ? [{ rule, filter: filter.value }] : [];
    });
  }
}

/** The offsets of the entries of a piece: every filter lets losses pass, which have a look of their own. */
function entriesOf({ segment, from, to, offsets }: ViewPiece): Uint32Array {
  const all = offsets ?? Uint32Array.from({ length: to - from }, (_, at) => from + at);
  return all.filter((offset) => segment.kind.get(offset) === RowKind.Entry);
}
