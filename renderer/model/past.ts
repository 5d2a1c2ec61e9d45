/** Undo and redo for one value. */

/** Most steps back. */
const MOST_STEPS = 100;

export interface Past<T> {
  readonly before: readonly T[];
  readonly after: readonly T[];
}

export const NO_PAST: Past<never> = { before: [], after: [] };

/** The value was changed and was `was` before. Nothing can be redone then. */
export function changed<T>({ before }: Past<T>, was: T): Past<T> {
  return { before: [...before.slice(1 - MOST_STEPS), was], after: [] };
}

/** The value before the last change; `is` is the present one; null if there is nothing to undo. */
export function undone<T>({ before, after }: Past<T>, is: T): { readonly to: T; readonly past: Past<T> } | null {
  const to = before.at(-1);
  return to === undefined ? null : { to, past: { before: before.slice(0, -1), after: [...after, is] } };
}

/** The value before the last undo; `is` is the present one; null if there is nothing to redo. */
export function redone<T>({ before, after }: Past<T>, is: T): { readonly to: T; readonly past: Past<T> } | null {
  const to = after.at(-1);
  return to === undefined ? null : { to, past: { before: [...before, is], after: after.slice(0, -1) } };
}
