/**
 * Who wrote a record, in words for the details: its thread and the level at which it ran. From DISPATCH_LEVEL on a DPC or an
 * interrupt wrote it, and process and thread are only those that ran there when it came.
 */
import type { LogRow } from '../../electron/contract/rows.ts';
import { irqlName, irqlOf, tidOf } from '../../native/core/entry.ts';
import { RV } from '../../native/core/layout.ts';

type Writer = Pick<LogRow, 'tid' | 'flags'>;

/** Whether process and thread are those that the writer interrupted. */
export function isBorrowed({ flags }: Writer): boolean {
  return (irqlOf(flags) ?? 0) >= RV.IRQL_BORROWED;
}

/** The thread, and whether it is borrowed; null where the source does not say which it was. */
export function threadWords(row: Writer): string | null {
  const tid = tidOf(row.tid, row.flags);
  if (tid === null || !isBorrowed(row)) return tid === null ? null : `${tid}`;
  return `${tid}, borrowed: interrupted this thread at ${irqlName(irqlOf(row.flags) ?? 0)}`;
}

/** `DISPATCH_LEVEL (2)`; null where the source does not say. */
export function irqlWords({ flags }: Writer): string | null {
  const irql = irqlOf(flags);
  return irql === null ? null : `${irqlName(irql)} (${irql})`;
}
