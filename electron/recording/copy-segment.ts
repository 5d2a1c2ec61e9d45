/** Copies a segment into buffers of its own, so that its rows can be read while the writing thread has the original. */
import { COLUMN_NAMES, type ColumnArray, type ColumnName, columnArray, mapColumns } from '../../native/core/columns.ts';
import { LazyColumn } from '../session/store/lazy-column.ts';
import { Segment, type SegmentColumns } from '../session/store/segment.ts';

export function copySegment(segment: Segment): Segment {
  const { count: rows, dataLength } = segment;
  const columnOf = (name: ColumnName): ColumnArray => {
    const column = segment[name];
    const copy = columnArray(name, rows, true);
    if (!(column instanceof LazyColumn)) copy.set(column.subarray(0, rows));
    else for (let row = 0; row < rows; row++) copy[row] = column.get(row);
    return copy;
  };
  const places = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(rows * 4));
  const dataStart = places();
  const lengths = places();
  let end = 0;
  for (let row = 0; row < rows; row++) {
    dataStart[row] = end;
    lengths[row] = dataLength[row] as number;
    end += dataLength[row] as number;
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(end));
  for (let row = 0; row < rows; row++) bytes.set(segment.payload(row), dataStart[row]);
  return Segment.of(
    mapColumns<SegmentColumns>(COLUMN_NAMES, columnOf, { rows, dataStart, dataLength: lengths, bytes }),
  );
}
