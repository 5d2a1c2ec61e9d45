/**
 * Finds a row by its global index. Rows are not sorted by index: late rows lie out of order, and indices restart with a
 * new session. So segments are excluded by their bounds, and the others are searched row by row.
 */
import { RowKind } from '../../../native/core/entry.ts';
import type { SessionStore } from '../store/store.ts';
import { positionFrom, type RowList } from './locate-time.ts';

/**
 * Position of the row with an index in a list, or else of the row with the smallest index above it; null if there is
 * neither. An entry is preferred to a gap row of the same index, and an earlier row to a later one.
 */
export function locateIndex(list: RowList, store: SessionStore, index: number): number | null {
  const { first, end } = list;
  let best = Infinity;
  let found: number | null = null;
  let foundGap = false;
  // Iterates over a copy, because reading rows back may replace elements of the list.
  for (const held of [...store.held]) {
    const { firstRow, count, minIndex, maxIndex } = held;
    if (maxIndex < index || minIndex > best || (minIndex === best && !foundGap)) continue;
    const begin = positionFrom(list, firstRow, first, end);
    const until = positionFrom(list, firstRow + count, begin, end);
    const segment = begin < until ? store.segmentOf(firstRow) : null;
    if (segment === null) continue;
    for (let position = begin; position < until; position++) {
      const offset = list.rowAt(position) - firstRow;
      const value = segment.index[offset] as number;
      if (value < index || value > best) continue;
      const gap = segment.kind.get(offset) !== RowKind.Entry;
      if (value === best && !(foundGap && !gap)) continue;
      best = value;
      found = position;
      foundGap = gap;
      if (value === index && !gap) return position;
    }
  }
  return found;
}
