/** What was stored as text may have been written by another version, or by hand: it is read as far as it is understood. */

/** True for an object with names, not for a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
