/** Whether sessions are recorded, and how many of them are kept. */
import { Button } from '@fluentui/react-components';
import { useId, useState } from 'react';
import type { LibrarySettings } from '../../electron/contract/library.ts';
import { type LibraryTroubles, libraryFormOf, librarySettingsOf } from '../model/recorded.ts';
import { MAX_FIGURE_TEXT } from '../model/retention-form.ts';
import { useApp } from './app-context.ts';

export function LibraryLimits({ settings }: { readonly settings: LibrarySettings }) {
  const { recorded } = useApp();
  const [form, setForm] = useState(() => libraryFormOf(settings));
  const [troubles, setTroubles] = useState<LibraryTroubles>({});
  const changed = JSON.stringify(form) !== JSON.stringify(libraryFormOf(settings));
  const change = (part: Partial<typeof form>) => {
    setForm({ ...form, ...part });
    setTroubles({});
  };
  const apply = async () => {
    const read = librarySettingsOf(form);
    if ('troubles' in read) setTroubles(read.troubles);
    else if (await recorded.setSettings(read.settings)) setForm(libraryFormOf(read.settings));
  };
  return (
    <form
      className="sessions-limits"
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <label className="sessions-record">
        <input
          type="checkbox"
          checked={form.record}
          data-testid="library-record"
          onChange={(event) => change({ record: event.target.checked })}
        />{' '}
        Record sessions <span className="note">those that begin from now on; one begins with each clear, too</span>
      </label>
      <div className="sessions-figures">
        <Figure
          label="Keep at most"
          value={form.size}
          trouble={troubles.size}
          testId="library-size"
          onChange={(size) => change({ size })}
        />
        <Figure
          label="and for"
          unit="days"
          value={form.days}
          trouble={troubles.days}
          testId="library-days"
          onChange={(days) => change({ days })}
        />
        <Button size="small" type="submit" disabledFocusable={!changed} data-testid="library-apply">
          Apply
        </Button>
      </div>
      <p className="note">
        What is beyond that is deleted, oldest first; never what you named or pinned, nor what is less than a day old.
      </p>
    </form>
  );
}

interface FigureProps {
  readonly label: string;
  readonly unit?: string;
  readonly value: string;
  readonly trouble: string | undefined;
  readonly testId: string;
  readonly onChange: (value: string) => void;
}

function Figure({ label, unit, value, trouble, testId, onChange }: FigureProps) {
  const id = useId();
  return (
    <span className="sessions-figure">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={`field${trouble ? ' invalid' : ''}`}
        spellCheck={false}
        aria-invalid={trouble !== undefined}
        value={value}
        maxLength={MAX_FIGURE_TEXT}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
      {unit && <span>{unit}</span>}
      {trouble && (
        <span className="bad" role="alert">
          {trouble}
        </span>
      )}
    </span>
  );
}
