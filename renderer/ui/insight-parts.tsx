/** What the panes about the log as a whole share: their head, and links that go to rows. */
import type { ReactNode } from 'react';
import { useApp } from './app-context.ts';

interface HeadProps {
  /** What is known so far, said to whoever listens too. */
  readonly sum: string;
  readonly children?: ReactNode;
}

export function PaneHead({ sum, children }: HeadProps) {
  return (
    <header className="patterns-head">
      {children}
      <span className="patterns-sum" role="status" data-testid="insight-sum">
        {sum}
      </span>
    </header>
  );
}

interface LinkProps {
  readonly row: number;
  readonly title: string;
  readonly testId: string;
  readonly children: ReactNode;
}

export function RowLink({ row, title, testId, children }: LinkProps) {
  const app = useApp();
  return (
    <button
      type="button"
      className="link-text figure"
      title={title}
      data-testid={testId}
      onClick={() => void app.goToRow(row)}
    >
      {children}
    </button>
  );
}
