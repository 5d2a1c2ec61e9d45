/** Says over the table that a filter has stopped: what is not shown, and how to go on. */
import { Button } from '@fluentui/react-components';
import { formatCount } from '../../model/format.ts';
import { rowsLeftOut } from '../../model/scan.ts';
import { useApp, useView } from '../app-context.ts';

export function ScanStopped() {
  const app = useApp();
  const code = useView((view) => view.stopped?.code ?? null);
  const leftOut = useView(rowsLeftOut);
  if (code === null) return null;
  return (
    <div className="scan-stopped" role="status" data-testid="scan-stopped">
      <span>
        <b>{code === 'cancelled' ? 'The filter is stopped.' : 'The filter stopped at a row it cannot get past.'}</b>{' '}
        {formatCount(leftOut)} later rows are not searched and not shown.
      </span>
      {code === 'cancelled' && (
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
