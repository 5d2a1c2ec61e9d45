/** Says above the table that a filter was stopped: which rows are not shown, and how to continue. */
import { Button } from '@fluentui/react-components';
import { failureSentences, formatPlural } from '../../model/format.ts';
import { rowsLeftOut } from '../../model/scan.ts';
import { useApp, useView } from '../app-context.ts';

export function ScanStopped() {
  const app = useApp();
  const stopped = useView((view) => view.stopped);
  const leftOut = useView(rowsLeftOut);
  if (stopped === null) return null;
  const byPerson = stopped.code === 'cancelled';
  return (
    <div className={`scan-stopped${byPerson ? '' : ' bad'}`} role="alert" data-testid="scan-stopped">
      <span>
        <b>{formatPlural(leftOut, 'row')} not searched and not shown.</b> {failureSentences(stopped)}
      </span>
      {byPerson && (
        <Button size="small" appearance="primary" data-testid="scan-resume" onClick={app.filter.resumeScan}>
          Go on
        </Button>
      )}
      <Button size="small" data-testid="scan-reset" onClick={app.filter.reset}>
        Show everything
      </Button>
    </div>
  );
}
