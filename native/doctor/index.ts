/** The doctor: why capture is silent on this machine, and the one setting of Windows it can change. */
import { fail, ok, type Result } from '../core/result.ts';
import { writeDword } from '../win32/registry.ts';
import { collectLinux } from './collect-linux.ts';
import { collectWindows } from './collect-windows.ts';
import { DEBUG_FILTER_KEY, parseMaskSetting } from './debug-filter.ts';
import type { Facts, Finding } from './facts.ts';
import { judge } from './judge.ts';

export { parseMaskSetting } from './debug-filter.ts';
export type { Facts, Finding, Severity } from './facts.ts';

export interface Report {
  readonly facts: Facts;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Examines this machine. Changes nothing. */
export function examine(): Report {
  const facts = collect();
  return { facts, findings: judge(facts) };
}

function collect(): Facts {
  if (process.platform === 'win32') return collectWindows();
  if (process.platform === 'linux') return collectLinux();
  return { system: 'other', name: process.platform };
}

/**
 * Sets the debug print filter of a component, `COMPONENT=MASK`. Windows reads it when it starts: the change needs a
 * restart. Failures: bad-argument, permission-denied, source-unsupported, io-error.
 */
export function setDebugMask(setting: string): Result<{ readonly component: string; readonly mask: number }> {
  const parsed = parseMaskSetting(setting);
  if (!parsed.ok) return parsed;
  if (process.platform !== 'win32') {
    return fail('source-unsupported', 'The debug print filter exists on Windows only', 'Set it on the Windows machine');
  }
  const { component, mask } = parsed.value;
  const written = writeDword(DEBUG_FILTER_KEY, component, mask);
  return written.ok ? ok({ component, mask }) : written;
}
