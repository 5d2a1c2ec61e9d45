/** Numbers and names as people read them. Pure text: emphasis is expressed as parts, not as markup. */
export { levelName } from '../../native/core/entry.ts';

/** A text whose first part is subdued and whose second part stands out. */
export interface Parts {
  readonly quiet: string;
  readonly strong: string;
}

/** U+2009, a thin space: groups digits less heavily than a comma, and is one cell wide in a monospaced font. */
const THIN = '\u2009';

function pad(value: number, digits: number): string {
  return value.toString().padStart(digits, '0');
}

/**
 * Time since the session began, to the microsecond: `12.004 512`, `2:07.000 001`, `1h00:00.000 000`; with a minus for a
 * row of a source that began earlier. It is rounded down, so never later than the time itself. Go to reads it back as
 * the same time. Hours have a letter, because Go to reads three numbers with colons as a time of day.
 */
export function formatTime(timeNs: number): string {
  const rounded = Math.floor(timeNs / 1000);
  const sign = rounded < 0 ? '-' : '';
  const us = Math.abs(rounded);
  const seconds = Math.floor(us / 1_000_000);
  const fraction = `${pad(Math.floor(us / 1000) % 1000, 3)}${THIN}${pad(us % 1000, 3)}`;
  const s = seconds % 60;
  const m = Math.floor(seconds / 60) % 60;
  const h = Math.floor(seconds / 3600);
  if (h > 0) return `${sign}${h}h${pad(m, 2)}:${pad(s, 2)}.${fraction}`;
  if (m > 0) return `${sign}${m}:${pad(s, 2)}.${fraction}`;
  return `${sign}${s}.${fraction}`;
}

/**
 * The time, with the digits that differ from the row above as the strong part. In the first row all of it is strong.
 */
export function timeParts(timeNs: number, deltaNs: number | null): Parts {
  const now = formatTime(timeNs);
  if (deltaNs === null) return { quiet: '', strong: now };
  const before = formatTime(timeNs - deltaNs);
  if (before.length !== now.length) return { quiet: '', strong: now };
  let same = 0;
  while (same < now.length && now[same] === before[same]) same++;
  return { quiet: now.slice(0, same), strong: now.slice(same) };
}

/**
 * Time since the row above, in seconds to the microsecond, with leading zeroes subdued: `+0.000 3`... It is negative
 * for a late row.
 */
export function deltaParts(deltaNs: number | null): Parts {
  if (deltaNs === null) return { quiet: '', strong: '' };
  const sign = deltaNs < 0 ? '-' : '+';
  const us = Math.floor(Math.abs(deltaNs) / 1000);
  const text = `${Math.floor(us / 1_000_000)}.${pad(Math.floor(us / 1000) % 1000, 3)}${THIN}${pad(us % 1000, 3)}`;
  const significant = text.search(/[1-9]/);
  if (significant < 0) return { quiet: sign + text, strong: '' };
  return { quiet: sign + text.slice(0, significant), strong: text.slice(significant) };
}

/** Exact count with separators: `10,214,882`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A failure's text with a full stop, so that another sentence can follow. */
export function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

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

/** A share 0..1 as `4 %`; any share above zero is at least `<1 %`. */
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
