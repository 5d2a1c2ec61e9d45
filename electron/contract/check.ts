/**
 * The functions with which the checks of requests are written. The page is ours, but it displays hostile text. Should
 * it ever be taken over, an invalid request is refused here and has no other effect. Each check rebuilds the value from
 * the fields it knows, so that nothing else gets through.
 */
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import { MAX_LIST } from './limits.ts';

/** Thrown within checks only; `checked` turns it into a failure value. */
class InvalidRequest extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Rebuilds a request from untrusted data, or refuses it by `reject` or `refuse`. */
export type Check<T> = (value: unknown) => T;

/** Refuses the request: `what` says which field, and what was expected. */
export function reject(what: string): never {
  throw new InvalidRequest({
    code: 'bad-argument',
    message: `The request is not valid: ${what}`,
    action: 'If this happens again, report it',
  });
}

/** Refuses the request with a failure that the page can produce as well (limits.ts); null: nothing is refused. */
export function refuse(failure: Failure | null): void {
  if (failure !== null) throw new InvalidRequest(failure);
}

/** The value of a result that was computed elsewhere; if it is a failure, the request is refused with that. */
export function taken<T>(judged: Result<T>): T {
  if (!judged.ok) throw new InvalidRequest(judged.failure);
  return judged.value;
}

/** The request rebuilt. Failure: bad-argument, with the field and what was expected. */
export function checked<T>(check: Check<T>, value: unknown): Result<T> {
  try {
    return ok(check(value));
  } catch (error) {
    if (error instanceof InvalidRequest) return { ok: false, failure: error.failure };
    throw error;
  }
}

/** The highest number that a request may carry: numbers are whole and exact as doubles. */
export const MAX = Number.MAX_SAFE_INTEGER;

export function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) reject('an object was expected');
  return value as Record<string, unknown>;
}

export function integer(value: unknown, min: number, max: number, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    reject(`${name}: a whole number from ${min} to ${max} was expected`);
  }
  return value;
}

export function text(value: unknown, name: string): string {
  return typeof value === 'string' ? value : reject(`${name}: text was expected`);
}

export function flag(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') reject(`${name}: true or false was expected`);
  return value;
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((candidate) => candidate === value);
  return found ?? reject(`${name}: one of ${allowed.join(', ')} was expected`);
}

export function nothing(value: unknown): null {
  return value === null || value === undefined ? null : reject('nothing was expected');
}

/** A list of at most `most` members, each rebuilt by `member`. */
export function list<T>(value: unknown, most: number, name: string, member: (value: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > most) reject(`${name}: a short list was expected`);
  // Not `map`, which would skip the holes of a sparse array.
  return Array.from(value, member);
}

export const integers = (value: unknown, max: number, name: string): number[] =>
  list(value, MAX_LIST, name, (item) => integer(item, 0, max, name));
