/** The doctor's findings about this machine and the capture: why nothing arrives, and what to do about it. */

/** `problem`: something cannot be captured; `warning`: something may be missing; `note`: worth knowing; `fine`. */
export type DoctorSeverity = 'problem' | 'warning' | 'note' | 'fine';

export interface DoctorFinding {
  readonly severity: DoctorSeverity;
  /** The situation, in one sentence. */
  readonly what: string;
  /** What to do, one sentence; null if there is nothing to do. */
  readonly fix: string | null;
}

const ORDER: readonly DoctorSeverity[] = ['problem', 'warning', 'note', 'fine'];

/** Sorted with the worst first; findings of equal severity keep their order. */
export function worstFirst(findings: readonly DoctorFinding[]): DoctorFinding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}
