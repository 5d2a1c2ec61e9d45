/**
 * An icon to press: of a bar that opens at a key, or of each line of a list. A plain button, because many of them are drawn
 * at once, or in the frame for which somebody waits.
 */
import type { ReactElement } from 'react';

interface IconButtonProps {
  readonly icon: ReactElement;
  /** Its name, for those who do not see it. */
  readonly name: string;
  /** What is shown under the mouse. */
  readonly title: string;
  readonly onClick: () => void;
  readonly testId?: string;
  /** Of one that switches something. */
  readonly isOn?: boolean;
  /** It has nothing to do now; the keyboard finds it all the same. */
  readonly isIdle?: boolean;
  readonly tabIndex?: number;
}

export function IconButton({ icon, name, title, onClick, testId, isOn, isIdle = false, tabIndex }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      title={title}
      aria-label={name}
      aria-pressed={isOn}
      aria-disabled={isIdle || undefined}
      tabIndex={tabIndex}
      data-testid={testId}
      onClick={isIdle ? undefined : onClick}
    >
      {icon}
    </button>
  );
}
