/** What was before and what was taken back, for one thing that changes. */

/** Most steps back. */
const MOST_STEPS = 100;

export interface Past<T> {
  readonly before: readonly T[];
  readonly after: readonly T[];
}

export const NO_PAST: Past<never> = { before: [], after: [] };

/** The thing has changed from `was` to something else. */
export function changed<T>({ before }: Past<T>, was: T): Past<T> {
  return { before: [...before.slice(1 - MOST_STEPS), was], after: [] };
}

/** The thing as it was before, `is` being what it is now; null where nothing was. */
export function undone<T>({ before, after }: Past<T>, is: T): { readonly to: T; readonly past: Past<T> } | null {
  const to = before.at(-1);
  return to === undefined ? null : { to, past: { before: before.slice(0, -1), after: [...after, is] } };
}

/** The thing as it was before it was taken back. */
export function redone<T>({ before, after }: Past<T>, is: T): { readonly to: T; readonly past: Past<T> } | null {
  const to = after.at(-1);
  return to === undefined ? null : { to, past: { before: [...before, is], after: after.slice(0, -1) } };
}
