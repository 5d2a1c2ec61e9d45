/**
 * The export that ended last, in the status bar of the session that it is of: for some seconds, longer while the pointer or
 * the focus is on it. Its folder stays at hand as a command.
 */
import { DismissRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { exportWords } from '../model/export-words.ts';
import { useApp, useExports } from './app-context.ts';

/** How long it is told. */
const TOLD_MS = 10_000;

export function ExportPart() {
  const { exports, look } = useApp();
  const job = useExports(({ jobs, sessions }) =>
    jobs.findLast(({ id, state }) => state === 'done' && (sessions.get(id) ?? look.session) === look.session),
  );
  const [held, hold] = useState(false);
  const id = job?.id;
  useEffect(() => {
    if (id === undefined || held) return;
    const timer = setTimeout(() => exports.dismiss(id), TOLD_MS);
    return () => clearTimeout(timer);
  }, [exports, id, held]);
  // Of what is gone, no pointer and no focus leaves.
  useEffect(() => (id === undefined ? hold(false) : undefined), [id]);
  if (job === undefined) return null;
  const { said, name, tip, incomplete } = exportWords(job);
  return (
    <span
      className={`status-part status-export${incomplete ? ' warn' : ''}`}
      role="status"
      title={tip}
      data-testid="export-progress"
      data-state="done"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
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
