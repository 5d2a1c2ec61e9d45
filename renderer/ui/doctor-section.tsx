/** What the doctor found, the button that asks it again, and the setting of Windows that it can change. */
import { Button } from '@fluentui/react-components';
import { StethoscopeRegular } from '@fluentui/react-icons';
import { sentence } from '../model/format.ts';
import { useApp, useCapture, useDoctor } from './app-context.ts';
import { DebugFilterEditor } from './debug-filter-editor.tsx';

export function DoctorSection() {
  const app = useApp();
  const findings = useDoctor((doctor) => doctor.findings);
  const windows = useCapture((capture) => capture.windows);
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
      {windows && <DebugFilterEditor />}
    </>
  );
}
