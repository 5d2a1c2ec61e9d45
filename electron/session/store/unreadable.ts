/**
 * Stands in for a segment that cannot be read back: its rows keep their numbers, and the text of each says why its
 * contents are missing. All other rows can still be read.
 */
import { COLUMN_NAMES, columnArray, mapColumns } from '../../../native/core/columns.ts';
import { encodeUtf8 } from '../text/text.ts';
import { Segment, type SegmentColumns } from './segment.ts';

/** Every row has the smallest index of the segment, and time 0, because nothing more is known of it. */
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
