/** The priority of a thread among those of all programs, as Windows has it. */
import { fail, ok, type Result } from '../core/result.ts';
import { bound, systemError } from './library.ts';

/** winbase.h: one point below normal for the class of the process. */
const THREAD_PRIORITY_BELOW_NORMAL = -1;

const threads = bound('kernel32.dll', (declare) => ({
  current: declare('intptr_t __stdcall GetCurrentThread()'),
  setPriority: declare('int __stdcall SetThreadPriority(intptr_t thread, int priority)'),
  lastError: declare('uint32_t __stdcall GetLastError()'),
}));

/** Puts the calling thread one step below the usual. Failures: source-unsupported off Windows, else the system's own. */
export function putCallingThreadBelowNormal(): Result<void> {
  const bindings = threads();
  if (!bindings.ok) return bindings;
  const { current, setPriority, lastError } = bindings.value;
  if (setPriority(current(), THREAD_PRIORITY_BELOW_NORMAL) !== 0) return ok(undefined);
  return fail('internal', 'The priority of a thread could not be lowered', '', systemError(lastError()));
}
