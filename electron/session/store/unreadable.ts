/**
 * What stands for a segment that cannot be read back: its rows keep their numbers, and each says why it is empty. The
 * history goes on with the rows that can be read.
 */
import { COLUMN_NAMES, columnArray, mapColumns } from '../../../native/core/columns.ts';
import { encodeUtf8 } from '../text/text.ts';
import { Segment, type SegmentColumns } from './segment.ts';

/** Every row carries the smallest index of the segment; times are 0, for nothing is known of them. */
export function unreadableSegment(held: { readonly count: number; readonly minIndex: number }, why: string): Segment {
  const rows = held.count;
  const text = encodeUtf8(`(this row cannot be read back: ${why})`);
  const bytes = new Uint8Array(new SharedArrayBuffer(text.length));
  const places = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(rows * 4));
  const columns = mapColumns<SegmentColumns>(COLUMN_NAMES, (name) => columnArray(name, rows, true), {
    rows,
    dataStart: places(),
    dataLength: places().fill(text.length),
    bytes,
  });
  columns.index.fill(held.minIndex);
  columns.bytes.set(text);
  return Segment.of(columns);
}
