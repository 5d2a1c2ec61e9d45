/** `ringview doctor`: the findings of native/doctor as text for people or as JSON for programs. */
import { type Failure, failureMessage } from '../../native/core/result.ts';
import { examine, type Finding, type Report, setDebugMask } from '../../native/doctor/index.ts';
import type { DoctorRequest } from './args.ts';

export interface DoctorResult {
  /** For standard output. */
  readonly text: string;
  readonly failure: Failure | null;
  /** Whether something cannot be captured. */
  readonly problems: boolean;
}

/** Examines this machine, or sets a mask if that was asked for. */
export function doctor(request: DoctorRequest, look: () => Report = examine): DoctorResult {
  if (request.setMask !== null) {
    const set = setDebugMask(request.setMask);
    if (!set.ok) return { text: '', failure: set.failure, problems: false };
    const { component, mask } = set.value;
    const text = `The filter of ${component} is 0x${mask.toString(16)}: restart Windows for it to take effect\n`;
    return { text, failure: null, problems: false };
  }
  const report = look();
  const problems = report.findings.some(({ severity }) => severity === 'problem');
  const text = request.json ? `${JSON.stringify(report, jsonValue)}\n` : report.findings.map(describe).join('');
  return { text, failure: null, problems };
}

function describe({ severity, what, fix, failure }: Finding): string {
  const line = `${severity.padEnd(8)} ${failureMessage({ message: what, system: failure?.system })}\n`;
  return fix === null ? line : `${line}${' '.repeat(9)}${fix}\n`;
}

function jsonValue(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
