/** A failure, shown where the action was tried: what failed, what to do, and the system's own words. */
import type { Failure } from '../../native/core/result.ts';
import { sentence } from '../model/format.ts';
import { ElevateButton } from './elevate-button.tsx';

export function FailureText({ failure, testId }: { readonly failure: Failure; readonly testId: string }) {
  return (
    <p className="failure-text" role="alert" data-testid={testId}>
      <b>{sentence(failure.message)}</b> {sentence(failure.action)}
      {failure.system && (
        <span className="system-text">
          {' '}
          {failure.system.code}: {failure.system.text}
        </span>
      )}{' '}
      <ElevateButton failure={failure} />
    </p>
  );
}
