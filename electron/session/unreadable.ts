/**
 * What stands for a segment that cannot be read back: its rows keep their numbers, and each says why it is empty. The
 * history goes on with the rows that can be read.
 */
import { Segment, type SegmentColumns } from './segment.ts';
import { encodeUtf8 } from './text.ts';

/** Every row carries the smallest index of the segment; times are 0, for nothing is known of them. */
export function unreadableSegment(held: { readonly count: number; readonly minIndex: number }, why: string): Segment {
  const rows = held.count;
  const text = encodeUtf8(`(this row cannot be read back: ${why})`);
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const columns: SegmentColumns = {
    rows,
    index: new Float64Array(shared(rows * 8)).fill(held.minIndex),
    timeNs: new Float64Array(shared(rows * 8)),
    cpu: new Uint16Array(shared(rows * 2)),
    level: new Uint8Array(shared(rows)),
    kind: new Uint8Array(shared(rows)),
    flags: new Uint16Array(shared(rows * 2)),
    type: new Uint16Array(shared(rows * 2)),
    origin: new Uint16Array(shared(rows * 2)),
    pid: new Uint32Array(shared(rows * 4)),
    remarks: new Uint32Array(shared(rows * 4)),
    source: new Uint16Array(shared(rows * 2)),
    dataStart: new Uint32Array(shared(rows * 4)),
    dataLength: new Uint32Array(shared(rows * 4)).fill(text.length),
    bytes: new Uint8Array(shared(text.length)),
  };
  columns.bytes.set(text);
  return Segment.of(columns);
}
