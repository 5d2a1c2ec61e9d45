/** Which events of each capture the loaded driver reports: one line for a capture, which opens to be changed. */
import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { CAPTURES_WITH_PATH, type DriverCapture, filterWords } from '../../electron/contract/machine.ts';
import { draftOf, type FilterDraft, readDraft } from '../model/driver-filter.ts';
import { useApp } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';

export function CaptureFilters({ captures }: { readonly captures: readonly DriverCapture[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const filtered = captures.filter(({ filter }) => filter !== null);
  if (filtered.length === 0) return null;
  return (
    <div className="capture-filters" data-testid="capture-filters">
      {filtered.map((capture) => (
        <div key={capture.name}>
          <button
            type="button"
            className="capture-filter"
            aria-expanded={open === capture.name}
            title="Which of these events the driver reports; what it leaves out costs next to nothing"
            data-testid={`filter-${capture.name}`}
            onClick={() => setOpen(open === capture.name ? null : capture.name)}
          >
            {capture.name}: {(capture.filter && filterWords(capture.filter)) || 'everything'}
          </button>
          {open === capture.name && <FilterForm capture={capture} done={() => setOpen(null)} />}
        </div>
      ))}
    </div>
  );
}

function FilterForm({ capture, done }: { readonly capture: DriverCapture; readonly done: () => void }) {
  const app = useApp();
  const [draft, setDraft] = useState<FilterDraft>(() => draftOf(capture.filter));
  const read = readDraft(draft);
  const change = (part: Partial<FilterDraft>) => setDraft({ ...draft, ...part });
  const paths = CAPTURES_WITH_PATH.includes(capture.name);
  return (
    <form
      className="capture-filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!read.ok || capture.name === 'dbgprint') return;
        void app.driver.setFilter(capture.name, read.value);
        done();
      }}
    >
      <ListField
        label="processes"
        hint="4, 1234"
        text={draft.pids}
        excludes={draft.pidsOut}
        change={(pids, pidsOut) => change({ pids, pidsOut })}
      />
      {paths && (
        <ListField
          label="paths with"
          hint="\Services\; \Run"
          text={draft.paths}
          excludes={draft.pathsOut}
          change={(texts, pathsOut) => change({ paths: texts, pathsOut })}
        />
      )}
      <FailureNote failure={read.ok ? null : read.failure} testId="filter-failure" className="failure" />
      <Button type="submit" size="small" disabled={!read.ok} data-testid="filter-apply">
        Set
      </Button>
    </form>
  );
}

interface ListFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  readonly excludes: boolean;
  readonly change: (text: string, excludes: boolean) => void;
}

function ListField({ label, hint, text, excludes, change }: ListFieldProps) {
  return (
    <div className="capture-filter-list">
      <select
        aria-label={`Whether only these ${label} are reported, or all others`}
        value={excludes ? 'without' : 'only'}
        onChange={(event) => change(text, event.target.value === 'without')}
      >
        <option value="only">only</option>
        <option value="without">without</option>
      </select>
      <label>
        {label}
        <input
          type="text"
          value={text}
          placeholder={hint}
          spellCheck={false}
          data-testid={`filter-${label.split(' ')[0]}`}
          onChange={(event) => change(event.target.value, excludes)}
        />
      </label>
    </div>
  );
}
