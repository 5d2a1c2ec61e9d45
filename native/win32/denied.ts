/** The refusal of what an administrator may do: it says whether asking for those rights is a way out. */
import { fail, type Result, type SystemError } from '../core/result.ts';
import { isElevated } from './processes.ts';

/**
 * Failure: permission-denied, which needs `elevation` unless this process has it already or that cannot be told. `elevated`: whether
 * it has.
 */
export function deniedToUser(
  what: string,
  action: string,
  system: SystemError,
  elevated: Result<boolean | null> = isElevated(),
): Result<never> {
  const denied = fail('permission-denied', what, action, system);
  if (denied.ok || !elevated.ok || elevated.value !== false) return denied;
  return { ok: false, failure: { ...denied.failure, needs: 'elevation' } };
}
