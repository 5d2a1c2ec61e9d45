/** What was done on matches, in the status bar: there while an action is on, so that none acts unseen. */
import { formatCount } from '../model/format.ts';
import { keyFor } from '../store/commands.ts';
import { useRun, useWatches } from './app-context.ts';

export function WatchPart() {
  const run = useRun();
  const on = useWatches(({ watches }) => watches.filter((watch) => watch.on).length);
  const done = useWatches(({ reports }) => reports.reduce((sum, report) => sum + report.done, 0));
  const failed = useWatches(({ reports }) => reports.some(({ failure }) => failure !== null));
  const last = useWatches(({ reports }) => reports.findLast((report) => report.last !== null)?.last?.text ?? '');
  if (on === 0) return null;
  return (
    <button
      type="button"
      className={`status-part${failed ? ' warn' : ''}`}
      title={`Actions on a match (${keyFor('watches')})${last === '' ? '' : `; last: ${last}`}`}
      data-testid="status-watches"
      onClick={() => run('watches')}
    >
      {on === 1 ? '1 action' : `${on} actions`}
      {done > 0 && `, ${formatCount(done)} done`}
      {failed && ', one failed'}
    </button>
  );
}
