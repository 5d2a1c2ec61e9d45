/** Calls about what addresses in messages mean. Lists of modules and folders of symbols are asked of the person. */
import { type ModulesRead, NO_ADDRESSES, type RowAddresses } from '../addresses.ts';
import { packed, result } from '../call.ts';
import { integer, MAX } from '../check.ts';
import { nothingElse, ofSession, ofView } from './ids.ts';

export const addressCalls = {
  /** What the addresses in the message of a row mean, at its time and in its process. None if the row is gone. */
  'view.addresses': packed<RowAddresses>(NO_ADDRESSES)(ofView(({ row }) => ({ row: integer(row, 0, MAX, 'row') }))),
  /**
   * Asks for a file that lists loaded modules (what lm of WinDbg prints, CSV, JSON), and takes them in; null if the person
   * dismissed the dialog. Failures: overloaded, bad-argument, those of reading a file.
   */
  'session.openModules': result<ModulesRead | null>()(ofSession(nothingElse)),
  /** Asks for a folder with PDBs, for all sessions; null if the person dismissed the dialog. Failure: overloaded. */
  'session.openSymbols': result<{ readonly folder: string } | null>()(ofSession(nothingElse)),
};
