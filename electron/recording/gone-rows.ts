/** Summarises rows that leave memory before they were written, so that the session can say what it lacks. */
import { RowKind } from '../../native/core/entry.ts';
import type { Segment } from '../session/store/segment.ts';
import type { GoneLine } from './batch-line.ts';

/** The summary, mostly from counts that the segment has anyway: the drain waits while it is made. */
export function goneLine(segment: Segment, why: string): GoneLine {
  const { firstRow, count, minIndex, maxIndex, timeNs } = segment;
  const tally = segment.counts.tally();
  const [first, last] = [timeNs[0] as number, timeNs[count - 1] as number];
  const bounds = { minIndex, maxIndex, minNs: Math.min(first, last), maxNs: Math.max(first, last) };
  const lost = tally.gaps === 0 ? 0 : lostIn(segment);
  const summary = { ...tally, ...bounds, payloadBytes: 0, lost, strips: [] };
  return { row: firstRow, rows: count, gone: why.slice(0, 1000), summary };
}

function lostIn({ count, kind, remarks }: Segment): number {
  let lost = 0;
  for (let row = 0; row < count; row++) if (kind.get(row) !== RowKind.Entry) lost += remarks.get(row);
  return lost;
}
