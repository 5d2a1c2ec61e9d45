/**
 * Where the columns lie in an Arrow record batch, read from the batch's own description without trusting a word of it: the
 * bytes come from a disk, from a colleague, from anywhere. Only what a session is written as is accepted: no nulls, no
 * compression, every buffer within the batch and long enough for its rows.
 *
 * The description is a flatbuffer: tables with a list of the places of their fields. What Arrow's own reader would follow
 * unchecked is followed here with each place held against the end.
 */

export interface Region {
  /** Counted from the begin of the batch. */
  readonly at: number;
  readonly bytes: number;
}

export interface BatchShape {
  readonly rows: number;
  /** Values of the columns in the order of the schema, then the offsets and the bytes of the payloads. */
  readonly regions: readonly Region[];
  /** Bytes of the batch, its description included. */
  readonly length: number;
}

const CONTINUES = 0xffffffff;
/** The mark and the length of the description. */
const PREFIX = 8;
const MOST_DESCRIPTION = 64 * 1024;
const RECORD_BATCH = 3;
const NODE_BYTES = 16;
const BUFFER_BYTES = 16;

/** Bytes at the begin of a batch that tell how long its description is; see `descriptionBytes`. */
export const PREFIX_BYTES = PREFIX;

/** Bytes of the description with its prefix; 0 where the stream ends; null if no batch begins here. */
export function descriptionBytes(prefix: DataView): number | null {
  if (prefix.byteLength < PREFIX || prefix.getUint32(0, true) !== CONTINUES) return null;
  const length = prefix.getInt32(4, true);
  if (length === 0) return 0;
  return length > 0 && length <= MOST_DESCRIPTION && length % 8 === 0 ? PREFIX + length : null;
}

/**
 * The shape of the batch that `bytes` begin with; they hold at least its description. `widths`: bytes of a value of each
 * column, in the order of the schema, without the payloads, which come last. Null if it is not such a batch.
 */
export function shapeOfBatch(bytes: Uint8Array, widths: readonly number[]): BatchShape | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const described = descriptionBytes(view);
  if (described === null || described === 0 || described > bytes.byteLength) return null;
  try {
    return parsed(new DataView(bytes.buffer, bytes.byteOffset + PREFIX, described - PREFIX), described, widths);
  } catch (error) {
    // A place beyond the end; anything else is a defect.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function parsed(view: DataView, start: number, widths: readonly number[]): BatchShape | null {
  const message = view.getUint32(0, true);
  const type = field(view, message, 1);
  const header = field(view, message, 2);
  const body = field(view, message, 3);
  if (type === 0 || header === 0 || view.getUint8(type) !== RECORD_BATCH) return null;
  const bodyLength = body === 0 ? 0 : wholeNumber(view, body);
  const batch = header + view.getUint32(header, true);
  const length = field(view, batch, 0);
  const nodes = vector(view, field(view, batch, 1), NODE_BYTES);
  const buffers = vector(view, field(view, batch, 2), BUFFER_BYTES);
  // Field 3 is how the buffers are compressed.
  if (length === 0 || nodes === null || buffers === null || field(view, batch, 3) !== 0) return null;
  const rows = wholeNumber(view, length);
  const columns = widths.length + 1;
  // Each column has a list of nulls, which is not read, and its values; the payloads have offsets and bytes.
  if (rows <= 0 || bodyLength < 0 || nodes.count !== columns || buffers.count !== columns * 2 + 1) return null;
  for (let node = 0; node < columns; node++) {
    const at = nodes.at + node * NODE_BYTES;
    if (wholeNumber(view, at) !== rows || wholeNumber(view, at + 8) !== 0) return null;
  }
  const regions: Region[] = [];
  const needs = [
    ...widths.map((width) => [width, rows * width] as const),
    [4, (rows + 1) * 4] as const,
    [1, 0] as const,
  ];
  for (const [which, [align, bytes]] of needs.entries()) {
    const number = which <= widths.length ? which * 2 + 1 : which * 2;
    const at = buffers.at + number * BUFFER_BYTES;
    const offset = wholeNumber(view, at);
    const held = wholeNumber(view, at + 8);
    if (offset < 0 || held < 0 || held < bytes || offset + held > bodyLength || offset % align !== 0) return null;
    regions.push({ at: start + offset, bytes: held });
  }
  return { rows, regions, length: start + bodyLength };
}

/** Place of a table's field; 0 if the table does not have it. */
function field(view: DataView, table: number, number: number): number {
  const list = table - view.getInt32(table, true);
  const entry = 4 + number * 2;
  if (entry + 2 > view.getUint16(list, true)) return 0;
  const offset = view.getUint16(list + entry, true);
  return offset === 0 ? 0 : table + offset;
}

function vector(view: DataView, at: number, itemBytes: number): { readonly at: number; readonly count: number } | null {
  if (at === 0) return null;
  const start = at + view.getUint32(at, true);
  const count = view.getUint32(start, true);
  return start + 4 + count * itemBytes <= view.byteLength ? { at: start + 4, count } : null;
}

/** A 64-bit number; -1, which is never valid here, if a double cannot hold it exactly. */
function wholeNumber(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true));
  return Number.isSafeInteger(value) ? value : -1;
}
