/** Calls about what addresses in messages mean. Lists of modules and folders of symbols are asked of the person. */
import { type ModulesRead, NO_ADDRESSES, type RowAddresses } from '../addresses.ts';
import { packed, result } from '../call.ts';
import { flag, integer, MAX, object, reject, text } from '../check.ts';
import { hexValue } from '../filter/tree.ts';
import { type IntervalReport, intervalQuery } from '../intervals.ts';
import { type LaneRange, type LaneReport, NO_LANES } from '../lanes.ts';
import { type LifeReport, NO_LIFE } from '../life.ts';
import { nothingElse, ofSession, ofView } from './ids.ts';

function laneRange(value: unknown): LaneRange | null {
  if (value === null) return null;
  const { fromNs, toNs } = object(value);
  const range = { fromNs: integer(fromNs, -MAX, MAX, 'fromNs'), toNs: integer(toNs, -MAX, MAX, 'toNs') };
  return range.fromNs < range.toNs ? range : reject('range: an end behind its begin was expected');
}

export const addressCalls = {
  /** What the addresses in the message of a row mean, at its time and in its process. None if the row is gone. */
  'view.addresses': packed<RowAddresses>(NO_ADDRESSES)(ofView(({ row }) => ({ row: integer(row, 0, MAX, 'row') }))),
  /**
   * The life of a value, `0x` and its digits: what is known of it by now. It is counted while this is asked for, every few
   * seconds at least.
   */
  'session.life': packed<LifeReport>(NO_LIFE)(
    ofSession(({ value }) => ({ value: hexValue(text(value, 'value')) ?? reject('value: a number was expected') })),
  ),
  /**
   * The intervals between two kinds of records: what is known by now. They are looked for while this is asked for, every few
   * seconds at least; with `goOn` false it stays as it is. Failure: bad-pattern.
   */
  'session.intervals': result<IntervalReport>()(
    ofSession(({ start, end, goOn }) => ({ ...intervalQuery(start, end), goOn: flag(goOn, 'goOn') })),
  ),
  /**
   * How many records each CPU wrote over a part of the log, `range` null for all of it: what is known by now. They are
   * counted while this is asked for, every few seconds at least.
   */
  'session.lanes': packed<LaneReport>(NO_LANES)(ofSession(({ range }) => ({ range: laneRange(range) }))),
  /**
   * Asks for a file that lists loaded modules (what lm of WinDbg prints, CSV, JSON), and takes them in; null if the person
   * dismissed the dialog. Failures: overloaded, bad-argument, those of reading a file.
   */
  'session.openModules': result<ModulesRead | null>()(ofSession(nothingElse)),
  /** Asks for a folder with PDBs, for all sessions; null if the person dismissed the dialog. Failure: overloaded. */
  'session.openSymbols': result<{ readonly folder: string } | null>()(ofSession(nothingElse)),
};
