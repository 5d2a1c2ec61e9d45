/**
 * Where a view stands when its first rows come. A log that somebody writes is followed. One that was opened from files has
 * all its rows: it is read from its beginning, as any text is, but for a dump, which ends with what one looks for. Decided
 * once, for from then on the person says it; nor is it decided where a page before this one says where they stood.
 */
import type { ViewUpdate } from '../../electron/contract/rows.ts';

export interface Beginning {
  /** The first update is shown where a page before this one stood. */
  restored(): void;
  /** Its rows are gone: those that come next are the first. */
  again(): void;
  /** True if the view is to stand at its first row from now on, rather than to follow the newest. */
  standsAt(update: Pick<ViewUpdate, 'first' | 'end' | 'readsFromStart'>): boolean;
}

export function createBeginning(): Beginning {
  let decided = false;
  let isRestored = false;
  return {
    restored() {
      isRestored = true;
    },
    again() {
      decided = false;
    },
    standsAt({ first, end, readsFromStart }) {
      const [isFirst, was] = [!decided && end > first, isRestored];
      isRestored = false;
      decided ||= isFirst;
      return isFirst && !was && readsFromStart === true;
    },
  };
}
