/** What the doctor found, and the button that asks it again. */
import { Button } from '@fluentui/react-components';
import { StethoscopeRegular } from '@fluentui/react-icons';
import { sentence } from '../../native/core/result.ts';
import { useApp, useDoctor } from './app-context.ts';

export function DoctorSection() {
  const app = useApp();
  const findings = useDoctor((doctor) => doctor.findings);
  const busy = useDoctor((doctor) => doctor.busy);
  return (
    <>
      {findings && (
        <ul className="findings" data-testid="doctor-findings">
          {findings.map((finding) => (
            <li key={finding.what} className={`finding ${finding.severity}`} data-severity={finding.severity}>
              <b>{finding.severity}</b> {sentence(finding.what)}
              {finding.fix !== null && <span className="fix">{sentence(finding.fix)}</span>}
            </li>
          ))}
        </ul>
      )}
      <Button
        size="small"
        icon={<StethoscopeRegular />}
        disabledFocusable={busy}
        data-testid="doctor-run"
        onClick={() => void app.doctor.run()}
      >
        {findings === null ? 'Why is it silent?' : 'Examine again'}
      </Button>
    </>
  );
}
