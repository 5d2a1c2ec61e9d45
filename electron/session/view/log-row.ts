/** Makes the objects for those few rows that are on the screen, in the form in which they are sent to the page. */
import { RowKind } from '../../../native/core/entry.ts';
import type { EventNameTable } from '../../../native/core/event-names.ts';
import { type LogRow, MAX_ROW_TEXT, MOST_MEANWHILE, type RowDetails } from '../../contract/rows.ts';
import type { Segment } from '../store/segment.ts';
import type { FieldValues } from '../text/field-values.ts';
import { recordDetails } from '../text/schemas.ts';
import { payloadPreview, payloadText, TYPE_TEXT } from '../text/text.ts';
import type { RowDeltas } from './row-deltas.ts';

/** The row at an offset of a segment, with how long it came after others in the view, and the values of `fields`. */
export function logRow(
  segment: Segment,
  offset: number,
  { deltaNs, cpuDeltaNs }: RowDeltas,
  fields: FieldValues | null = null,
): LogRow {
  const kind = segment.kind.get(offset) === RowKind.Gap ? RowKind.Gap : RowKind.Entry;
  const timeNs = segment.timeNs[offset] as number;
  const type = segment.type.get(offset);
  const preview =
    kind === RowKind.Gap ? { text: '', cut: false } : payloadPreview(type, segment.payload(offset), MAX_ROW_TEXT);
  const values =
    fields === null || kind === RowKind.Gap || type === TYPE_TEXT ? null : fields.of(type, segment.payload(offset));
  return {
    row: segment.firstRow + offset,
    kind,
    index: segment.index[offset] as number,
    timeNs,
    deltaNs,
    cpuDeltaNs,
    cpu: segment.cpu[offset] as number,
    level: segment.level[offset] as number,
    flags: segment.flags.get(offset),
    type,
    origin: segment.origin.get(offset),
    event: segment.event.get(offset),
    pid: segment.pid.get(offset),
    tid: segment.tid.get(offset),
    remarks: segment.remarks.get(offset),
    source: segment.source.get(offset),
    text: preview.text,
    textCut: preview.cut,
    length: segment.dataLength[offset] as number,
    ...(kind === RowKind.Gap ? { meanwhile: readMeanwhile(segment, offset) } : {}),
    ...(values === null ? {} : { fields: values }),
  };
}

/** Records of other CPUs between a loss and the record above it of its CPU, as far as the segment of the loss has them. */
function readMeanwhile(segment: Segment, offset: number): number {
  const [cpu, source] = [segment.cpu[offset], segment.source.get(offset)];
  let read = 0;
  for (let at = offset - 1; at >= Math.max(0, offset - MOST_MEANWHILE); at--) {
    if (segment.kind.get(at) !== RowKind.Entry) continue;
    if (segment.cpu[at] === cpu && segment.source.get(at) === source) break;
    read++;
  }
  return read;
}

/** What events are called, by the numbers of their rows. */
export type EventNamesAt = Pick<EventNameTable, 'at'>;
const NONE: EventNamesAt = { at: () => null };

/** Everything about a row; `startUnixMs` is the wall clock of time 0. The bytes are copied. */
export function rowDetails(
  row: LogRow,
  segment: Segment,
  offset: number,
  startUnixMs: number,
  eventNames: EventNamesAt = NONE,
): RowDetails {
  const bytes = segment.payload(offset).slice();
  const record = row.kind === RowKind.Entry ? recordDetails(row.type, bytes) : null;
  const isReadable = row.type === TYPE_TEXT || (record !== null && record.misfit === null);
  return {
    row,
    text: row.kind === RowKind.Entry && isReadable ? payloadText(row.type, bytes) : null,
    bytes,
    record,
    event: eventNames.at(segment.event.get(offset)),
    unixMs: startUnixMs + row.timeNs / 1e6,
  };
}
