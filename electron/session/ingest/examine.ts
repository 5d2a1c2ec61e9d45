/**
 * Explains why a capture shows nothing, from what the capture itself knows: its sources, their counters, and what is
 * hidden.
 */
import { type Failure, failureMessage } from '../../../native/core/result.ts';
import type { DoctorFinding, DoctorSeverity } from '../../contract/doctor.ts';
import type { FilterSpec } from '../../contract/rows.ts';
import type { FileFigures, SessionStatus, SourceStatus } from '../../contract/status.ts';
import { problemsText } from './statistics.ts';

export interface ViewFacts {
  readonly filter: FilterSpec;
  readonly paused: boolean;
  /** Why the filter was not applied to all rows; null if it was. */
  readonly stopped: Failure | null;
  /** Rows the session holds, and rows shown. */
  readonly sessionRows: number;
  readonly shownRows: number;
}

const finding = (severity: DoctorSeverity, what: string, fix: string | null = null): DoctorFinding => ({
  severity,
  what,
  fix,
});

/** The findings about a capture that are worth showing: first those of each source, then those of the view. */
export function examineCapture(status: SessionStatus, view: ViewFacts): DoctorFinding[] {
  const findings = status.sources.flatMap((source) => examineSource(source));
  if (!status.capturing) findings.unshift(finding('problem', 'Nothing is captured', 'Name a source and press Start'));
  if (view.paused) {
    findings.push(finding('warning', 'The view is paused: newer rows are held back', 'Press Space to go on'));
  }
  if (status.retention.hiddenRows > 0) {
    const gone = status.retention.hiddenRows.toLocaleString('en');
    findings.push(
      finding(
        'warning',
        `${gone} rows were not kept, because the capture filter hid them when they arrived`,
        'Ctrl+H takes it away: everything is kept from then on',
      ),
    );
  }
  if (view.stopped !== null) findings.push(finding('warning', view.stopped.message, view.stopped.action));
  if (view.sessionRows > view.shownRows) {
    const hidden = (view.sessionRows - view.shownRows).toLocaleString('en');
    const severity = view.shownRows === 0 ? 'problem' : 'note';
    if (!view.paused)
      findings.push(finding(severity, `${hidden} rows are hidden by the filter`, 'Ctrl+0 shows everything'));
  }
  return findings;
}

function examineSource(source: SourceStatus): DoctorFinding[] {
  if (source.file !== undefined) return examineFile(source, source.file);
  const { name, state, failure, cpus } = source;
  const sum = (of: (cpu: (typeof cpus)[number]) => number): number => cpus.reduce((total, cpu) => total + of(cpu), 0);
  const attempted = sum((cpu) => cpu.ring?.attempted ?? 0);
  const read = sum((cpu) => cpu.read);
  const findings: DoctorFinding[] = [];
  if (failure !== null) findings.push(finding('problem', failureMessage(failure), failure.action));
  if (state === 'gone') {
    findings.push(
      finding(
        'warning',
        `The producer of ${name} disappeared without saying so`,
        'Start it again: capture goes on by itself',
      ),
    );
  } else if (state === 'ended') {
    findings.push(finding('note', `The producer of ${name} has stopped`, 'Start it again: capture goes on by itself'));
  }
  const hasRings = cpus.some(({ ring }) => ring !== undefined);
  if (state === 'capturing' && !hasRings && read === 0) {
    const fix = 'Check that who writes runs, and what it is asked for: its flags and its level';
    findings.push(finding('note', `${name} is open, and nothing has come yet`, fix));
  } else if (state === 'capturing' && hasRings && attempted === 0) {
    findings.push(
      finding(
        'problem',
        `${name} is open, but its producer has not tried to log anything`,
        'Make it log, or check its own level',
      ),
    );
  } else if (state === 'capturing' && read === 0 && attempted > 0) {
    const count = attempted.toLocaleString('en');
    findings.push(
      finding(
        'problem',
        `${name} counts ${count} attempts, but none has arrived`,
        'See the driver counters for what was refused',
      ),
    );
  }
  if (source.lost > 0) {
    const count = source.lost.toLocaleString('en');
    findings.push(finding('warning', `${count} records of ${name} were lost`, 'The statistics name the causes'));
  }
  for (const note of source.notes ?? []) findings.push(finding('note', `${name}: ${note}`));
  if (findings.length === 0 && state === 'capturing') findings.push(finding('fine', `${name} delivers`));
  return findings;
}

/** A file has no producer that could be silent. What matters is whether it was read, and what in it is broken. */
function examineFile({ name, state, failure, lost }: SourceStatus, file: FileFigures): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  if (failure !== null) findings.push(finding('problem', failureMessage(failure), failure.action));
  const problems = problemsText(file.broken);
  if (problems !== null) {
    const kept = 'What is readable was kept; see the source in the statistics';
    findings.push(finding('warning', `${name} has ${problems}`, kept));
  }
  if (lost > 0) {
    const records = lost.toLocaleString('en');
    findings.push(finding('warning', `${records} records are missing from ${name}`, 'Each place is marked in the log'));
  }
  if (findings.length === 0) {
    const how = file.ended ? 'was read to its end' : state === 'stopped' ? 'was read in part' : 'is being read';
    findings.push(finding(file.ended || state !== 'stopped' ? 'fine' : 'note', `${name} ${how}`));
  }
  return findings;
}
