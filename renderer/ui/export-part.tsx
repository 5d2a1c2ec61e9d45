/** The export that ended last, in the status bar, until it is dismissed or there is another. */
import { DismissRegular } from '@fluentui/react-icons';
import { exportWords } from '../model/export-words.ts';
import { useApp, useExports } from './app-context.ts';

export function ExportPart() {
  const { exports } = useApp();
  const job = useExports(({ jobs }) => jobs.findLast(({ state }) => state === 'done'));
  if (job === undefined) return null;
  const { said, name, tip, incomplete } = exportWords(job);
  return (
    <span
      className={`status-part status-export${incomplete ? ' warn' : ''}`}
      role="status"
      title={tip}
      data-testid="export-progress"
      data-state="done"
    >
      <span className="export-words">
        {said}{' '}
        <b data-testid="export-path" title={job.path}>
          {name}
        </b>
      </span>
      <button type="button" className="link" data-testid="export-show" onClick={() => exports.show(job.id)}>
        Show in folder
      </button>
      <button
        type="button"
        className="mini"
        aria-label="Dismiss"
        title="Dismiss"
        onClick={() => exports.dismiss(job.id)}
      >
        <DismissRegular />
      </button>
    </span>
  );
}
