/** How much memory rows may have, and how much is kept, for the session that is shown and those opened from now on. */
import { Button } from '@fluentui/react-components';
import { type FormEvent, useId, useState } from 'react';
import type { RetentionPolicy, RetentionSettings } from '../../electron/contract/retention.ts';
import { failureSentences } from '../model/format.ts';
import { formOf, MAX_FIGURE_TEXT, settingsOf } from '../model/retention-form.ts';
import { useApp } from './app-context.ts';

const KEEP_WORDS: Readonly<Record<RetentionPolicy['keep'], string>> = {
  all: 'Everything',
  rows: 'The last rows',
  bytes: 'The last bytes',
};

interface Props {
  readonly retention: RetentionSettings;
  readonly largestCapBytes: number;
}

export function RetentionLine({ retention, largestCapBytes }: Props) {
  const app = useApp();
  const [form, setForm] = useState(() => formOf(retention));
  const [trouble, setTrouble] = useState<string | null>(null);
  const id = useId();
  const change = (part: Partial<typeof form>): void => {
    setForm({ ...form, ...part });
    setTrouble(null);
  };
  const apply = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const read = settingsOf(form, largestCapBytes);
    if ('troubles' in read) {
      setTrouble(Object.values(read.troubles).join(' '));
      return;
    }
    const failure = await app.setRetention(read.settings);
    setTrouble(failure === null ? null : failureSentences(failure));
    await app.settings.refresh();
  };
  const changed = JSON.stringify(form) !== JSON.stringify(formOf(retention));
  const { keep } = form;
  return (
    <form onSubmit={(event) => void apply(event)}>
      <div className="settings-line">
        <label htmlFor={`${id}-cap`}>Memory for rows</label>
        <input
          id={`${id}-cap`}
          className="field"
          spellCheck={false}
          value={form.cap}
          maxLength={MAX_FIGURE_TEXT}
          data-testid="settings-cap"
          onChange={({ target }) => change({ cap: target.value })}
        />
      </div>
      <div className="settings-line">
        <label htmlFor={`${id}-keep`}>Keep</label>
        <span>
          <select
            id={`${id}-keep`}
            value={keep}
            data-testid="settings-keep"
            onChange={({ target }) => change({ keep: target.value as RetentionPolicy['keep'] })}
          >
            {Object.entries(KEEP_WORDS).map(([each, words]) => (
              <option key={each} value={each}>
                {words}
              </option>
            ))}
          </select>
          {keep !== 'all' && (
            <input
              className="field"
              aria-label={keep === 'rows' ? 'Rows that are kept' : 'Bytes that are kept'}
              spellCheck={false}
              value={form[keep]}
              maxLength={MAX_FIGURE_TEXT}
              data-testid="settings-kept"
              onChange={({ target }) => change({ [keep]: target.value })}
            />
          )}
          <Button size="small" type="submit" disabledFocusable={!changed} data-testid="settings-retention">
            Apply
          </Button>
        </span>
      </div>
      {trouble !== null && (
        <p className="bad" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}
