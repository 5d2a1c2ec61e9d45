/** Calls about the files that were opened lately. Each names one by its id. */
import { done, result } from '../call.ts';
import { nothing, object } from '../check.ts';
import { type RecentFile, recentId } from '../recent.ts';

const one = (value: unknown): { readonly id: string } => ({ id: recentId(object(value).id) });

export const recentCalls = {
  /** Those that were opened lately, newest first. */
  'recent.list': result<readonly RecentFile[]>()(nothing),
  /** Opens one in a session of its own. Failures: source-not-found, and those of opening it. */
  'recent.open': result<{ readonly session: number; readonly view: number }>()(one),
  /** Takes one off the list; the file stays. */
  'recent.forget': done(one),
};
