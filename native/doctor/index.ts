/** The doctor: why capture is silent on this machine, and the one setting of Windows it can change. */
import { uptime } from 'node:os';
import type { DriverReport } from '../core/driver-report.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { isElevated } from '../win32/processes.ts';
import { lastWritten, listDwords, writeDword } from '../win32/registry.ts';
import { collectLinux } from './collect-linux.ts';
import { collectDriver, collectWindows } from './collect-windows.ts';
import {
  checkMask,
  DEBUG_FILTER_KEY,
  type DebugFilterReport,
  FILTER_COMPONENTS,
  listMasks,
  parseMaskSetting,
} from './debug-filter.ts';
import { NO_DRIVER, reportDriver } from './driver-report.ts';
import type { Facts, Finding } from './facts.ts';
import { judge } from './judge.ts';

export type { DriverReport, DriverState } from '../core/driver-report.ts';
export type { DebugFilterReport, DebugMask } from './debug-filter.ts';
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

/** Where ringview.sys stands on this machine. */
export function examineDriver(): DriverReport {
  return process.platform === 'win32' ? reportDriver(collectDriver()) : NO_DRIVER;
}

/** The debug print filter of this machine. Failures: source-unsupported, permission-denied, io-error. */
export function readDebugFilter(): Result<DebugFilterReport> {
  const filter = listDwords(DEBUG_FILTER_KEY);
  if (!filter.ok) return filter;
  const written = lastWritten(DEBUG_FILTER_KEY);
  const elevated = isElevated();
  const startedMs = Date.now() - uptime() * 1000;
  return ok({
    masks: listMasks(filter.value),
    components: FILTER_COMPONENTS,
    restartNeeded: written.ok ? written.value !== null && written.value > startedMs : null,
    elevated: elevated.ok ? elevated.value : null,
  });
}

/**
 * Sets the debug print filter of a component, `COMPONENT=MASK`. Windows reads it when it starts: the change needs a
 * restart. Failures: bad-argument, permission-denied, source-unsupported, io-error.
 */
export function setDebugMask(setting: string): Result<{ readonly component: string; readonly mask: number }> {
  const parsed = parseMaskSetting(setting);
  return parsed.ok ? writeDebugMask(parsed.value.component, parsed.value.mask) : parsed;
}

/** As `setDebugMask`, for who has the two parts. */
export function writeDebugMask(
  component: string,
  mask: number,
): Result<{ readonly component: string; readonly mask: number }> {
  const checked = checkMask(component, mask);
  if (!checked.ok) return checked;
  if (process.platform !== 'win32') {
    return fail('source-unsupported', 'The debug print filter exists on Windows only', 'Set it on the Windows machine');
  }
  const written = writeDword(DEBUG_FILTER_KEY, component, mask);
  return written.ok ? ok({ component, mask }) : written;
}
