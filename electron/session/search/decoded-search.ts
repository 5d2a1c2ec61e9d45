/**
 * Finds the rows of a run that contain one of a few short ASCII texts, with the engine's own search in the run's text:
 * it looks at several characters at once, which for short texts is worth more than the moves of a long window.
 */

import { decodeAscii, decodeUtf8 } from '../text/text.ts';
import type { RowRun, RunSearch } from './row-run.ts';

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

export class DecodedSearch implements RunSearch {
  readonly hits: Uint32Array;
  private readonly expression: RegExp;

  /** `needles`: at least one, none empty, all ASCII. `rows`: of any run. */
  constructor(needles: readonly string[], fold: boolean, rows: number) {
    this.hits = new Uint32Array(rows);
    // The empty group keeps the engine from treating the expression as a plain string, which it searches more slowly.
    const texts = needles.map((needle) => `${needle.replace(SPECIAL, '\\$&')}(?:)`);
    this.expression = new RegExp(texts.join('|'), fold ? 'gi' : 'g');
  }

  search(run: RowRun): number {
    const { begin, rows, starts, ends } = run;
    const { expression, hits } = this;
    const region = run.bytes.subarray(begin, run.end);
    let text = decodeUtf8(region);
    if (text.length !== region.length) text = decodeAscii(region);
    let found = 0;
    let row = 0;
    let from = 0;
    while (row < rows) {
      expression.lastIndex = from;
      const hit = expression.exec(text);
      if (hit === null) break;
      const start = begin + hit.index;
      row = run.rowThatEndsAfter(start, row, rows);
      if ((starts[row] as number) > start || begin + expression.lastIndex > (ends[row] as number)) {
        // Between rows, or across the end of one; another text may begin at the next character.
        from = hit.index + 1;
        continue;
      }
      hits[found++] = row++;
      if (row < rows) from = (starts[row] as number) - begin;
    }
    return found;
  }
}
