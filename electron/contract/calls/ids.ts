/** Checks of which session or view a call is about. A number is never reused while the program runs. */
import { integer, MAX, object } from '../check.ts';

export const sessionId = (session: unknown): number => integer(session, 0, MAX, 'session');

export const viewId = (view: unknown): number => integer(view, 0, MAX, 'view');

/** The check of a call about a view: the view, and what `check` makes of the other fields. */
export function ofView<T extends object>(check: (fields: Record<string, unknown>) => T) {
  return (value: unknown): T & { readonly view: number } => {
    const fields = object(value);
    return { view: viewId(fields.view), ...check(fields) };
  };
}

/** The same for a call about a session. */
export function ofSession<T extends object>(check: (fields: Record<string, unknown>) => T) {
  return (value: unknown): T & { readonly session: number } => {
    const fields = object(value);
    return { session: sessionId(fields.session), ...check(fields) };
  };
}

export const nothingElse = (): object => ({});
