/** A box for a number or a size in a dialog, with what is wrong with it or a note beside it. */
import { useId } from 'react';
import { MAX_FIGURE_TEXT } from '../model/retention-form.ts';

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly trouble: string | undefined;
  readonly note?: string;
  readonly testId: string;
  readonly focus?: boolean;
  readonly onChange: (value: string) => void;
}

export function FigureField({ label, value, trouble, note, testId, focus = false, onChange }: FigureProps) {
  const id = useId();
  return (
    <div className="retention-figure">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={`field${trouble ? ' invalid' : ''}`}
        // The dialog was opened to change figures.
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus={focus}
        spellCheck={false}
        aria-invalid={trouble !== undefined}
        value={value}
        maxLength={MAX_FIGURE_TEXT}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className={trouble ? 'bad' : 'note'} role={trouble ? 'alert' : undefined}>
        {trouble ?? note}
      </span>
    </div>
  );
}
