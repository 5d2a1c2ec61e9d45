/** What a person says of a session: its name, and that it is kept whatever the limits. In a file of its own, so that it can be changed while the session is recorded. */
import { LIMITS } from './layout.ts';
import { fields } from './untrusted.ts';

export interface SessionLabel {
  /** Empty if nobody named it. */
  readonly name: string;
  /** It is not deleted to stay within a size or an age. */
  readonly pinned: boolean;
  /** The name is the program's, made of the time: no person chose it. */
  readonly byTime?: boolean;
}

export const NO_LABEL: SessionLabel = { name: '', pinned: false };

export function formatLabel({ name, pinned, byTime = false }: SessionLabel): string {
  return `${JSON.stringify({ name, pinned, ...(byTime ? { byTime } : {}) })}\n`;
}

/** The label; what is not as it should be is left out. Throws for what is no JSON. */
export function parseLabel(text: string): SessionLabel {
  const value: unknown = JSON.parse(text);
  const { name, pinned, byTime } = fields(value);
  const own = typeof name === 'string' ? (cleanName(name) ?? '') : '';
  return { name: own, pinned: pinned === true, byTime: byTime === true };
}

/** A name on one line, without what is not seen; null if nothing is left of it or it is too long. */
export function cleanName(name: string): string | null {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return clean.length > 0 && clean.length <= LIMITS.nameLength ? clean : null;
}
