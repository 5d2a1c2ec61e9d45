/** Numbers and names as people read them. Pure text: emphasis is expressed as parts, not as markup. */

import { deltaText, elapsedText, type TimeDigits } from '../../electron/contract/shown-time.ts';
import { describeFailure, type Failure, sentence } from '../../native/core/result.ts';

export { levelName } from '../../native/core/entry.ts';

/** A text whose first part is subdued and whose second part stands out. */
export interface Parts {
  readonly quiet: string;
  readonly strong: string;
}

/** Time since the session began, as the table shows it (contract/shown-time.ts). */
export function formatTime(timeNs: number): string {
  return elapsedText(timeNs);
}

/** A time, with the digits that differ from those of the row above as the strong part; all of it without such a row. */
export function timeParts(now: string, above: string | null): Parts {
  if (above === null || above.length !== now.length) return { quiet: '', strong: now };
  let same = 0;
  while (same < now.length && now[same] === above[same]) same++;
  return { quiet: now.slice(0, same), strong: now.slice(same) };
}

/** A length of time in seconds with its sign, leading zeroes subdued: `+0.000 3`... */
export function deltaParts(deltaNs: number | null, digits: TimeDigits = 'us'): Parts {
  if (deltaNs === null) return { quiet: '', strong: '' };
  const text = deltaText(deltaNs, digits);
  const significant = text.search(/[1-9]/);
  if (significant < 0) return { quiet: text, strong: '' };
  return { quiet: text.slice(0, significant), strong: text.slice(significant) };
}

/** Exact count with separators: `10,214,882`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A failure as it is read on the page: what failed, with the system's words, and what to do. */
export const failureSentences = (failure: Pick<Failure, 'message' | 'action' | 'system'>): string =>
  sentence(describeFailure(failure));

/** A count with its noun: `1 row`, `1,204 rows`. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** At most four characters and a unit, rounded down so that it never states more than there is: `10.2M`, `999`. */
export function formatShort(count: number): string {
  if (count < 10_000) return formatCount(count);
  const units: readonly [number, string][] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  for (const [size, unit] of units) {
    if (count < size) continue;
    const value = count / size;
    const shown = value < 100 ? Math.floor(value * 10) / 10 : Math.floor(value);
    return `${shown}${unit}`;
  }
  return formatCount(count);
}

/** How many rows the filter shows of all: `1,204 of 10.2M`; only one number if it shows all. */
export function formatMatches(matched: number, total: number): string {
  if (matched === total) return formatCount(total);
  return `${formatCount(matched)} of ${formatShort(total)}`;
}

/** How many rows are shown around matches, behind the count of those: ` + 480 around`; nothing where there are none. */
export const formatAround = (around: number): string => (around === 0 ? '' : ` + ${formatCount(around)} around`);

/** Bytes in powers of 1024: `412 MB`, `1.4 GB`, `640 B`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const shown = unit > 0 && value < 10 ? (Math.floor(value * 10) / 10).toFixed(1) : Math.floor(value).toString();
  return `${shown} ${units[unit]}`;
}

/** Entries a second: `98,400/s`. */
export function formatRate(perSecond: number): string {
  return `${formatCount(perSecond)}/s`;
}

/** A share 0..1 as `10 %`, rounded; some are at least `<1 %`, and not all at most `>99 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  return share > 0.99 && share < 1 ? '>99 %' : `${Math.round(share * 100)} %`;
}

/** How far something has come, 0..1, as `4 %`: cut off, so that 100 % is the end; any share above zero is at least `<1 %`. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  return `${Math.floor(share * 100)} %`;
}

export interface HexLine {
  readonly offset: string;
  readonly hex: string;
  readonly ascii: string;
}

/** A hex dump of sixteen bytes a line, like in a debugger; at most `limit` bytes. */
export function hexLines(bytes: Uint8Array, limit: number): HexLine[] {
  const lines: HexLine[] = [];
  const end = Math.min(bytes.length, limit);
  for (let at = 0; at < end; at += 16) {
    const part = Array.from(bytes.subarray(at, Math.min(at + 16, end)));
    const cells = part.map((b) => b.toString(16).padStart(2, '0'));
    lines.push({
      offset: at.toString(16).padStart(4, '0'),
      hex: `${cells.slice(0, 8).join(' ')}${cells.length > 8 ? '  ' : ''}${cells.slice(8).join(' ')}`,
      ascii: part.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')).join(''),
    });
  }
  return lines;
}
