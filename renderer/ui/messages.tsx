/**
 * Messages above the table: why the source failed, notices, exports. None of them prevents the table from being used.
 */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Notice } from '../../electron/contract/app.ts';
import type { ExportProgress } from '../../electron/contract/output.ts';
import type { Failure } from '../../native/core/result.ts';
import { formatCount } from '../model/format.ts';
import { lostBefore } from '../model/lost-before.ts';
import { sourceFailure } from '../model/source-state.ts';
import { useApp, useCapture, useExports, useStatus, useUi } from './app-context.ts';
import { CopyBar } from './copy-bar.tsx';
import { ElevateButton } from './elevate-button.tsx';
import { FailureWords } from './failure-text.tsx';
import { SessionOffer } from './session-offer.tsx';

export function Messages() {
  const app = useApp();
  const startFailure = useCapture((capture) => capture.failure);
  const exportFailure = useExports((exports) => exports.failure);
  const jobs = useExports((exports) => exports.jobs);
  const notices = useUi((ui) => ui.notices);
  return (
    <div className="messages" role="region" aria-label="Messages">
      {startFailure ? (
        <FailureBar failure={startFailure} intent="error" testId="error-bar" onDismiss={app.capture.dismiss} />
      ) : (
        <SourceFailureBar />
      )}
      {exportFailure && (
        <FailureBar
          failure={exportFailure}
          intent="error"
          testId="export-failure"
          onDismiss={app.exports.dismissFailure}
        />
      )}
      <LostBeforeBars />
      <SessionOffer />
      <CopyBar />
      {jobs
        .filter(({ state }) => state !== 'done')
        .map((job) => (
          <ExportBar key={job.id} job={job} />
        ))}
      {notices
        .filter((notice) => notice.severity !== 'info')
        .map((notice) => (
          <NoticeBar key={notice.id} notice={notice} />
        ))}
    </div>
  );
}

/** Until they are dismissed, of each ring session by itself. */
function LostBeforeBars() {
  const [dismissed, dismiss] = useState<readonly string[]>([]);
  const status = useStatus((state) => state.status);
  return lostBefore(status)
    .filter(({ id }) => !dismissed.includes(id))
    .map(({ id, message, action }) => (
      <FailureBar
        key={id}
        failure={{ code: 'io-error', message, action }}
        intent="warning"
        testId="lost-before"
        onDismiss={() => dismiss([...dismissed, id])}
      />
    ));
}

function SourceFailureBar() {
  const failure = useStatus(({ status }) => sourceFailure(status)?.failure ?? null);
  const severity = useStatus(({ status }) => sourceFailure(status)?.severity);
  return failure && severity ? <FailureBar failure={failure} intent={severity} testId="error-bar" /> : null;
}

interface FailureBarProps {
  readonly failure: Failure;
  readonly intent: 'error' | 'warning';
  readonly testId: string;
  readonly onDismiss?: () => void;
}

function FailureBar({ failure, intent, testId, onDismiss }: FailureBarProps) {
  return (
    <MessageBar intent={intent} layout="multiline" data-testid={testId}>
      <MessageBarBody>
        <FailureWords failure={failure} Title={MessageBarTitle} />
      </MessageBarBody>
      {failure.needs === 'elevation' ? (
        <MessageBarActions {...(onDismiss ? { containerAction: <DismissButton onClick={onDismiss} /> } : {})}>
          <ElevateButton failure={failure} />
        </MessageBarActions>
      ) : (
        onDismiss && <Dismiss onClick={onDismiss} />
      )}
    </MessageBar>
  );
}

function Dismiss({ onClick }: { readonly onClick: () => void }) {
  return <MessageBarActions containerAction={<DismissButton onClick={onClick} />} />;
}

function DismissButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button appearance="transparent" size="small" icon={<DismissRegular />} aria-label="Dismiss" onClick={onClick} />
  );
}

/** Notices that only inform are shown in the status bar instead: a bar here would move the table. */
function NoticeBar({ notice }: { readonly notice: Notice & { readonly id: number } }) {
  const { dismiss } = useApp().ui;
  return (
    <MessageBar intent={notice.severity} data-testid="notice">
      <MessageBarBody>
        <FailureWords failure={notice} Title={MessageBarTitle} />
      </MessageBarBody>
      <Dismiss onClick={() => dismiss(notice.id)} />
    </MessageBar>
  );
}

/** One that is under way, or was not carried out; one that was is told in the status bar. */
function ExportBar({ job }: { readonly job: ExportProgress }) {
  const exports = useApp().exports;
  const share = job.totalRows > 0 ? job.rows / job.totalRows : 0;
  return (
    <MessageBar intent={job.state === 'failed' ? 'error' : 'info'} data-testid="export-progress" data-state={job.state}>
      <MessageBarBody>
        {job.state === 'running' && (
          <span className="export-line">
            {/* How many rows an answer has is known at its end. */}
            Exporting {formatCount(job.rows)} {job.totalRows > 0 && `of ${formatCount(job.totalRows)}`} rows
            <progress
              className="export-progress"
              {...(job.totalRows > 0 ? { value: share } : {})}
              aria-label="Export progress"
            />
          </span>
        )}
        {job.state === 'cancelled' && 'Export cancelled: '}
        {job.state === 'failed' && (
          <>
            <FailureWords
              failure={job.failure ?? { message: 'The export failed', action: '' }}
              Title={MessageBarTitle}
            />{' '}
          </>
        )}
        <span className="path" data-testid="export-path">
          {job.path}
        </span>
      </MessageBarBody>
      {job.state === 'running' ? (
        <MessageBarActions>
          <Button size="small" data-testid="export-cancel" onClick={() => exports.cancel(job.id)}>
            Cancel
          </Button>
        </MessageBarActions>
      ) : (
        <Dismiss onClick={() => exports.dismiss(job.id)} />
      )}
    </MessageBar>
  );
}
