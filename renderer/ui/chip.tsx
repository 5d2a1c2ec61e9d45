/** A chip: a click hides or shows what it stands for, with Alt it hides all others of its kind. */
import type { CSSProperties, KeyboardEvent, MouseEvent, ReactNode } from 'react';

export const CHIP_HOW = 'Click shows or hides, Alt+click (Alt+Enter) shows this one alone.';

interface ChipProps {
  readonly className: string;
  readonly style?: CSSProperties;
  readonly shown: boolean;
  /** Where what is written on it is not all of its name. */
  readonly label?: string;
  readonly tip: string;
  readonly testId: string;
  readonly onToggle: () => void;
  readonly onIsolate: () => void;
  readonly children: ReactNode;
}

export function Chip({ className, style, shown, label, tip, testId, onToggle, onIsolate, children }: ChipProps) {
  return (
    <button
      type="button"
      className={className}
      style={style}
      aria-pressed={shown}
      aria-label={label}
      title={tip}
      data-testid={testId}
      onClick={(event: MouseEvent) => (event.altKey ? onIsolate() : onToggle())}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== 'Enter' || !event.altKey) return;
        event.preventDefault();
        onIsolate();
      }}
    >
      {children}
    </button>
  );
}
