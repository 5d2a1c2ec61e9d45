/** A failure, shown where the action was tried: what failed, what to do, and the system's own words. */
import type { ComponentType, ReactNode } from 'react';
import { type Failure, sentence } from '../../native/core/result.ts';
import { failureSentences } from '../model/format.ts';
import { ElevateButton } from './elevate-button.tsx';

type Words = Pick<Failure, 'message' | 'action' | 'system'>;

/** Its words alone, what failed standing out; `Title` is what that stands in. */
export function FailureWords({
  failure: { message, action, system },
  Title = 'b',
}: {
  readonly failure: Words;
  readonly Title?: 'b' | ComponentType<{ readonly children: ReactNode }>;
}) {
  return (
    <>
      <Title>{sentence(message)}</Title> <span className="action-text">{sentence(action)}</span>
      {system && (
        <span className="system-text">
          {' '}
          {system.code}: {system.text}
        </span>
      )}
    </>
  );
}

/** A paragraph of its own, with the way out where there is one. */
export function FailureText({ failure, testId }: { readonly failure: Failure; readonly testId: string }) {
  return (
    <p className="failure-text" role="alert" data-testid={testId}>
      <FailureWords failure={failure} /> <ElevateButton failure={failure} />
    </p>
  );
}

interface FailureNoteProps {
  readonly failure: Words | null;
  readonly testId?: string;
  readonly className?: string;
  /** A sentence behind it. */
  readonly more?: string;
}

/** One paragraph of plain sentences in a form, a list or a pane; nothing while there is no failure. */
export function FailureNote({ failure, testId, className = 'bad', more = '' }: FailureNoteProps) {
  if (failure === null) return null;
  return (
    <p className={className} role="alert" data-testid={testId}>
      {failureSentences(failure)} {more}
    </p>
  );
}
