/** The interface of a fast way through many lines of a format, for formats whose lines nearly all have one of few shapes. */
import type { FileTime } from './file-time.ts';
import type { RowBuilder } from './row-builder.ts';

/**
 * Reads whole lines of the usual shapes from `from` on and adds them to `rows`, as `LineFormat.parse` and `RowBuilder.add`
 * would, only faster: without a view or a call for each. Returns where it stopped: before a line of another shape, one
 * that is not whole, or one for which `rows` has no room; all of these are left to the plain way. `view` is of the same
 * bytes. `shiftNs` is added to all times.
 */
export type RunReader = (
  bytes: Uint8Array,
  view: DataView,
  from: number,
  rows: RowBuilder,
  time: FileTime,
  shiftNs: number,
) => number;
