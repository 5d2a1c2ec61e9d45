/** What the doctor says of this machine and of the capture: why nothing arrives, and what to do. */

/** `problem`: something cannot be captured; `warning`: something may be missing; `note`: worth knowing; `fine`. */
export type DoctorSeverity = 'problem' | 'warning' | 'note' | 'fine';

export interface DoctorFinding {
  readonly severity: DoctorSeverity;
  /** What is the case, one sentence. */
  readonly what: string;
  /** What to do, one sentence; null if there is nothing to do. */
  readonly fix: string | null;
}

const ORDER: readonly DoctorSeverity[] = ['problem', 'warning', 'note', 'fine'];

/** The worst first; of equal ones as they were. */
export function worstFirst(findings: readonly DoctorFinding[]): DoctorFinding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}
