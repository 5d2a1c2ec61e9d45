/** A button of a bar above the table: an icon alone. A bar opens at a key, so its buttons are plain ones, which are drawn sooner. */
import type { ReactElement } from 'react';

interface BarButtonProps {
  readonly icon: ReactElement;
  /** Its name, for those who do not see it. */
  readonly name: string;
  /** What is shown under the mouse. */
  readonly title: string;
  readonly onClick: () => void;
  readonly testId?: string;
  /** Of one that switches something. */
  readonly isOn?: boolean;
}

export function BarButton({ icon, name, title, onClick, testId, isOn }: BarButtonProps) {
  return (
    <button
      type="button"
      className="bar-button"
      title={title}
      aria-label={name}
      aria-pressed={isOn}
      data-testid={testId}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}
