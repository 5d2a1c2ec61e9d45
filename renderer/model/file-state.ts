/** The words about a source that is a file or a stream: how far it was read, and what in it is broken. */
import type { BrokenPlace, FileFigures, SourceStatus, Status } from '../../electron/contract/status.ts';
import { formatBytes, formatCount, formatPercent, formatPlural } from './format.ts';

/** `12 of 30 MB`, or `12 MB` if the total is not known. */
export function readText({ readBytes, totalBytes }: FileFigures): string {
  if (totalBytes === null || readBytes >= totalBytes) return formatBytes(readBytes);
  return `${formatBytes(readBytes)} of ${formatBytes(totalBytes)}`;
}

/** The state in one or two words: `reading 40 %`, `following`, `read`. */
export function fileState(file: FileFigures): string {
  if (file.ended) return 'read';
  if (file.totalBytes === null) return 'reading';
  // A file that was read to its end but has not ended is being followed.
  if (file.readBytes >= file.totalBytes) return 'following';
  return `reading ${formatPercent(file.readBytes / file.totalBytes)}`;
}

/** Whether bytes that exist already are still to be read. */
export function isReading(file: FileFigures): boolean {
  return fileState(file).startsWith('reading');
}

/** `line 12: the record has 3 values`, `offset 65,536: there is no buffer`. */
export function brokenText({ line, offset, problem }: BrokenPlace): string {
  const where =
    line !== undefined ? `line ${formatCount(line)}: ` : offset !== undefined ? `offset ${formatCount(offset)}: ` : '';
  return `${where}${problem}`;
}

/** The encoding, and that it was guessed where nothing in the file says it; null where nothing depends on one. */
export function encodingText({ encoding, encodingBy }: FileFigures): string | null {
  if (encoding === null) return null;
  return encodingBy === 'assumed' && encoding !== 'utf-8' ? `${encoding}, guessed` : encoding;
}

/** A sentence about the file, its format and encoding, and what is wrong with it. */
export function fileExplanation(file: FileFigures): string {
  const { format, broken } = file;
  const understood = [format, encodingText(file)].filter((part) => part !== null).join(', ');
  const what = file.ended ? `Read to its end, ${readText(file)}` : `${readText(file)} read`;
  const damage = broken.count === 0 ? '' : ` ${formatPlural(broken.count, 'problem')}; what is readable was kept.`;
  return `${what}${understood === '' ? '' : ` as ${understood}`}.${damage}`;
}

/** The files among the sources in use. */
export function filesOf(status: Status | null): readonly FileFigures[] {
  return (status?.sources ?? []).flatMap((source: SourceStatus) => source.file ?? []);
}

/** How far all files together were read: `40 % of 1.2 GB`, or only the bytes read; null if there is no file. */
export function filesText(status: Status | null): string | null {
  const files = filesOf(status);
  if (files.length === 0) return null;
  const readBytes = files.reduce((sum, file) => sum + file.readBytes, 0);
  const known = files.every(({ totalBytes }) => totalBytes !== null);
  const total = files.reduce((sum, file) => sum + (file.totalBytes ?? 0), 0);
  if (!known || readBytes >= total || !files.some(isReading)) return `${formatBytes(readBytes)} read`;
  return `${formatPercent(readBytes / total)} of ${formatBytes(total)}`;
}

/** Problems of all files together. */
export function brokenCount(status: Status | null): number {
  return filesOf(status).reduce((sum, { broken }) => sum + broken.count, 0);
}
