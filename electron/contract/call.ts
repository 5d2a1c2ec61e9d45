/**
 * What one entry of the contract says about a call: how its request is checked, what the reply is and in which form it
 * is sent, what the page uses if there is no reply, and whether the call is costly. Everything else derives from it.
 */
import type { Failure, Result } from '../../native/core/result.ts';
import type { Check } from './check.ts';

/**
 * The form of a reply. `plain`: a value. `packed`: a value that is sent as JSON text because it is large. `result`: the
 * reply may be a failure, so a refused call is answered with a failure too.
 */
export type Form = 'plain' | 'packed' | 'result';

/**
 * What a page does if a `plain` or `packed` call was refused or not answered. `tell`: it tells the person and uses
 * another value. `say`: it uses a value that itself says what failed. `reject`: it passes the error on to the caller.
 */
export type Fallback<R> =
  | { readonly how: 'tell'; readonly value: R }
  | { readonly how: 'say'; readonly value: (failure: Failure) => R }
  | { readonly how: 'reject' };

export interface Call<Q, R, F extends Form> {
  readonly check: Check<Q>;
  readonly form: F;
  readonly fallback: Fallback<R>;
  /**
   * The call examines the whole machine. Each such call waits until everything else that is due has run, so that none
   * keeps capture from its turn.
   */
  readonly costly: boolean;
}

type Declare<R, F extends Form> = <Q>(check: Check<Q>, costly?: 'costly') => Call<Q, R, F>;

function declare<R, F extends Form>(form: F, fallback: Fallback<R>): Declare<R, F> {
  return (check, costly) => ({ check, form, fallback, costly: costly === 'costly' });
}

/** The reply is an `R`. If there is none, the person is told, and the page uses `value`. */
export const plain = <R>(value: R): Declare<R, 'plain'> => declare('plain', { how: 'tell', value });
/** The reply is an `R`. If there is none, the page uses what `value` makes of the failure. */
export const plainOr = <R>(value: (failure: Failure) => R): Declare<R, 'plain'> =>
  declare<R, 'plain'>('plain', { how: 'say', value });
/** The reply is an `R`, without which the page cannot go on. */
export const essential = <R>(): Declare<R, 'plain'> => declare<R, 'plain'>('plain', { how: 'reject' });
/** The reply is only that the call was carried out. */
export const done: Declare<null, 'plain'> = plain(null);
/** As `plain`, for a large reply. */
export const packed = <R>(value: R): Declare<R, 'packed'> => declare('packed', { how: 'tell', value });
/** The reply is an `R`, or a failure that says why there is none. */
export const result = <R>(): Declare<Result<R>, 'result'> => declare<Result<R>, 'result'>('result', { how: 'reject' });
