/** Turns the errors of node:fs into failures that a person can act on. */
import { getSystemErrorMap } from 'node:util';
import type { Failure, FailureCode, SystemError } from '../../native/core/result.ts';

interface Advice {
  readonly code: FailureCode;
  readonly action: string;
}

const ADVICE: Readonly<Record<string, Advice>> = {
  ENOSPC: { code: 'disk-full', action: 'Free space on that disk or choose another one' },
  EDQUOT: { code: 'disk-full', action: 'Your quota on that disk is used up: free space or choose another disk' },
  EACCES: { code: 'permission-denied', action: 'Choose a folder you may write to' },
  EPERM: { code: 'permission-denied', action: 'Choose a folder you may write to' },
  EROFS: { code: 'permission-denied', action: 'That disk is read-only: choose another one' },
  ENOENT: { code: 'io-error', action: 'Check that the path exists' },
  ENOTDIR: { code: 'io-error', action: 'A part of the path is a file: check the path' },
  EISDIR: { code: 'io-error', action: 'The path is a folder: name a file' },
};

function systemError(error: unknown): SystemError {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return { code: code ?? 'UNKNOWN', text: known?.[1] ?? message ?? String(error) };
}

/** A failure for an error thrown by node:fs; `message` says what was attempted, on which path. */
export function failureOfSystemError(error: unknown, message: string): Failure {
  const system = systemError(error);
  const advice = ADVICE[system.code] ?? { code: 'io-error', action: 'Check the path and the disk, then try again' };
  return { code: advice.code, message, action: advice.action, system };
}
