/** Moments as people read them in names of files and sessions: in the time zone of this machine. */

/** A number from 0 on in two digits at least. */
export const two = (value: number): string => String(value).padStart(2, '0');

/** The day of a moment, as 2026-11-28. */
export function localDay(unixMs: number): string {
  const date = new Date(unixMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Hours, minutes and seconds of a moment, two digits each, with `separator` between them. */
export function localTime(unixMs: number, separator: string): string {
  const date = new Date(unixMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(separator);
}
