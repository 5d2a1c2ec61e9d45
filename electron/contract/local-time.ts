/** Moments as people read them in names of files and sessions, and time zones: that of this machine where none is named. */

/** A number from 0 on in two digits at least. */
export const two = (value: number): string => String(value).padStart(2, '0');

/** Minutes by which the local time of a zone is ahead of UTC at a moment. */
export type ZoneRules = (unixMs: number) => number;

/** The time zone of this machine. */
export const LOCAL_ZONE: ZoneRules = (unixMs) => -new Date(unixMs).getTimezoneOffset();

/** `+01:00`, `-03:30`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `2026-03-01`, of a date whose UTC fields have the values of local time. */
export const dayText = (date: Date): string =>
  `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;

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
