/** What the doctor can say of this machine: which kinds of sources can be opened here at all. */
import { SOURCE_KINDS } from '../../native/sources/open.ts';
import type { DoctorFinding } from '../contract/doctor.ts';

export function examineSystem(platform: NodeJS.Platform = process.platform): DoctorFinding[] {
  const kinds = SOURCE_KINDS.map(({ form }) => form).join(', ');
  const findings: DoctorFinding[] = [{ severity: 'note', what: `This version opens ${kinds}`, fix: null }];
  if (platform !== 'win32') {
    findings.push({
      severity: 'note',
      what: 'Kernel drivers log on Windows; here only what runs on this machine can be captured',
      fix: null,
    });
  }
  return findings;
}
