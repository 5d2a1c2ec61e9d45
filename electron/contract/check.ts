/**
 * The vocabulary the checks of requests are written in. A renderer is ours, but it draws hostile text: should it ever be
 * subverted, what it sends is refused here and nothing else happens. Each check rebuilds the value from the fields it knows.
 */
import { type Failure, ok, type Result } from '../../native/core/result.ts';
import { MAX_LIST } from './limits.ts';

/** Thrown by checks alone: what is wrong is a value to everybody else. */
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

/** Refuses the request in the words of a limit that the page knows too; null is no failure. */
export function refuse(failure: Failure | null): void {
  if (failure !== null) throw new InvalidRequest(failure);
}

/** What was judged elsewhere: its value, or the request is refused in the words of its failure. */
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

/** Every number that may be asked for is a whole one that a double holds exactly. */
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

/** A list whose members are rebuilt by `member`. */
export function list<T>(value: unknown, most: number, name: string, member: (value: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > most) reject(`${name}: a short list was expected`);
  // Not `map`, which would leave holes as they are.
  return Array.from(value, member);
}

export const integers = (value: unknown, max: number, name: string): number[] =>
  list(value, MAX_LIST, name, (item) => integer(item, 0, max, name));
