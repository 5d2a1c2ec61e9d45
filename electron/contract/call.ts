/**
 * What one entry of the contract says of a call: how a request is checked, what the reply is and how it crosses, what a
 * page takes for the reply where there is none, and whether the call is costly. Everything else derives from it.
 */
import type { Failure, Result } from '../../native/core/result.ts';
import type { Check } from './check.ts';

/**
 * `plain`: the reply is a value. `packed`: the same, crossing as JSON text because it is large. `result`: the reply may be
 * a failure, and a call that is refused answers with one like any other.
 */
export type Form = 'plain' | 'packed' | 'result';

/**
 * What a page does where a `plain` or `packed` call was refused or not answered: takes another value, after it told the
 * person or because the value tells it; or passes the error on to whoever called.
 */
export type Instead<R> =
  | { readonly how: 'tell'; readonly value: R }
  | { readonly how: 'say'; readonly value: (failure: Failure) => R }
  | { readonly how: 'reject' };

export interface Call<Q, R, F extends Form> {
  readonly check: Check<Q>;
  readonly form: F;
  readonly instead: Instead<R>;
  /** It examines the whole machine: each such call waits for its turn, so that none keeps the capture from its own. */
  readonly costly: boolean;
}

type Declare<R, F extends Form> = <Q>(check: Check<Q>, costly?: 'costly') => Call<Q, R, F>;

function declare<R, F extends Form>(form: F, instead: Instead<R>): Declare<R, F> {
  return (check, costly) => ({ check, form, instead, costly: costly === 'costly' });
}

/** The reply is an `R`; where there is none the person is told, and the page takes `value`. */
export const plain = <R>(value: R): Declare<R, 'plain'> => declare('plain', { how: 'tell', value });
/** The reply is an `R`; where there is none, `value` makes one of the failure. */
export const plainOr = <R>(value: (failure: Failure) => R): Declare<R, 'plain'> =>
  declare<R, 'plain'>('plain', { how: 'say', value });
/** The reply is an `R`, without which the page cannot go on. */
export const essential = <R>(): Declare<R, 'plain'> => declare<R, 'plain'>('plain', { how: 'reject' });
/** The call is done, and there is nothing to reply. */
export const done: Declare<null, 'plain'> = plain(null);
/** As `plain`, for what is large. */
export const packed = <R>(value: R): Declare<R, 'packed'> => declare('packed', { how: 'tell', value });
/** The reply is an `R` or why there is none. */
export const result = <R>(): Declare<Result<R>, 'result'> => declare<Result<R>, 'result'>('result', { how: 'reject' });
