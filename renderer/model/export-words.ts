/** What is said of an export that is done. Pure. */
import type { ExportProgress } from '../../electron/contract/output.ts';
import { formatBytes, formatCount, formatPlural } from './format.ts';

export interface ExportWords {
  /** `5,003 rows, 3 of them losses, written to` */
  readonly said: string;
  /** Name of the file without its folder. */
  readonly name: string;
  /** All of it, with the folder, the size and what is missing. */
  readonly tip: string;
  readonly incomplete: boolean;
}

export function exportWords({
  rows,
  losses,
  skippedRows,
  bytes,
  path,
}: Pick<ExportProgress, 'rows' | 'losses' | 'skippedRows' | 'bytes' | 'path'>): ExportWords {
  const lost = losses === 0 ? '' : `, ${formatCount(losses)} of them losses,`;
  const gone = skippedRows === 0 ? '' : ` without ${formatCount(skippedRows)} that had left the history`;
  const said = `${formatPlural(rows, 'row')}${lost}${gone} written to`;
  return {
    said,
    name: path.split(/[\\/]/).at(-1) ?? path,
    tip: `${said} ${path}, ${formatBytes(bytes)}`,
    incomplete: skippedRows > 0,
  };
}
