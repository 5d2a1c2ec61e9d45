/**
 * The colours of the rows of a report, by what is highlighted: of several rules that fit, the first. Rows are judged as they
 * are written, so rules that would hold that up are left out: those with an expression, which may be without end, those that
 * look at the row before, and of very many the last.
 */
import { RowKind } from '../../../native/core/entry.ts';
import { type ColourName, type ColourRule, type RowRule, specOfText } from '../../contract/colour-rules.ts';
import { compileFilter, type Filter } from '../search/filter.ts';
import { bindNames, type FilterNames } from '../search/name-binding.ts';
import type { Segment } from '../store/segment.ts';

/** The most rules by which rows are judged. */
export const MOST_JUDGED = 16;

interface Judge {
  readonly colour: ColourName;
  readonly filter: Filter;
}

export class RowColouring {
  readonly rules: readonly ColourRule[];
  /** Texts of rules that would colour rows and are left out. */
  readonly left: readonly string[];
  private readonly judges: readonly Judge[];
  private readonly colours = new Map<number, ColourName>();

  constructor(rules: readonly ColourRule[], names: FilterNames | null) {
    this.rules = rules.filter(({ on }) => on);
    const judges: Judge[] = [];
    const left: string[] = [];
    for (const rule of this.rules) {
      if (rule.of !== 'rows') continue;
      const filter = filterOf(rule, names);
      if (filter === null || judges.length === MOST_JUDGED) left.push(rule.text);
      else judges.push({ colour: rule.colour, filter });
    }
    this.judges = judges;
    this.left = left;
  }

  /** Judges some rows of a segment, for which alone `of` knows the colours from now on. */
  take(segment: Segment, offsets: Uint32Array, count: number): void {
    this.colours.clear();
    let open = offsets.slice(0, count).filter((offset) => segment.kind.get(offset) !== RowKind.Gap);
    for (const { colour, filter } of this.judges) {
      if (open.length === 0) return;
      const fit = open.slice();
      const fits = new Set(fit.subarray(0, filter.keep(segment, fit, fit.length)));
      for (const offset of fits) this.colours.set(segment.firstRow + offset, colour);
      if (fits.size > 0) open = open.filter((offset) => !fits.has(offset));
    }
  }

  /** The colour of a row; null for none. */
  of(row: number): ColourName | null {
    return this.colours.get(row) ?? null;
  }
}

function filterOf(rule: RowRule, names: FilterNames | null): Filter | null {
  const spec = specOfText(rule);
  const filter = compileFilter(spec, bindNames(spec, names));
  return filter.ok && !filter.value.runsExpressions && !filter.value.readsBefore ? filter.value : null;
}
