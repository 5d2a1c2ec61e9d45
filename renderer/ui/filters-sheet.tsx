/**
 * The filters that a person has named: to save the one in force, to use one in the view that is looked at, and to give
 * them to others as a file. Not modal: the table shows what a filter does while the list is open.
 */
import { Button } from '@fluentui/react-components';
import { DeleteRegular, EditRegular } from '@fluentui/react-icons';
import { type FormEvent, useEffect, useState } from 'react';
import { MAX_FILTER_NAME, type NamedFilter } from '../../electron/contract/named-filters.ts';
import { filterLine } from '../model/filter-edit.ts';
import { isFiltering } from '../store/filter.ts';
import { useApp, useFilter, useFilterSets, useUi } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

export function FiltersSheet() {
  return useUi((ui) => ui.filters) ? <OpenSheet /> : null;
}

function OpenSheet() {
  const { filterSets, ui } = useApp();
  const filters = useFilterSets((state) => state.filters);
  const said = useFilterSets((state) => state.said);
  const failure = useFilterSets((state) => state.failure);
  useEffect(() => void filterSets.refresh(), [filterSets]);
  const close = (): void => {
    ui.setFilters(false);
    focusTable();
  };
  return (
    <div
      className="sheet bookmarks filters"
      role="dialog"
      aria-label="Saved filters"
      data-testid="filters-sheet"
      data-own-keys=""
    >
      <SheetHeader title="Saved filters" onClose={close} />
      <SaveForm />
      <FailureNote failure={failure} testId="filters-failure" />
      {filters?.length === 0 && <p className="note">No filter is saved yet. A file of filters can be imported.</p>}
      {filters !== null && filters.length > 0 && (
        <ul className="filters-list" aria-label="Saved filters by name">
          {filters.map((each) => (
            <Item key={each.name} saved={each} />
          ))}
        </ul>
      )}
      <footer>
        <span role="status" data-testid="filters-said">
          {said}
        </span>
        <Button size="small" data-testid="filters-import" onClick={() => void filterSets.importFrom()}>
          Import…
        </Button>
        <Button
          size="small"
          disabledFocusable={!filters?.length}
          data-testid="filters-export"
          onClick={() => void filterSets.exportAll()}
        >
          Export…
        </Button>
      </footer>
    </div>
  );
}

function SaveForm() {
  const { filterSets } = useApp();
  const [name, setName] = useState('');
  const applied = useFilter((filter) => filter.applied);
  const possible = useFilter((filter) => isFiltering(filter) && filter.failure === null);
  const line = filterLine(applied);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (possible && name.trim() !== '' && (await filterSets.save(name, applied))) setName('');
  };
  return (
    <form className="filters-save" onSubmit={(event) => void save(event)}>
      <input
        // The sheet was opened to type into it.
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus
        className="field"
        aria-label="Name for the filter in force"
        placeholder={possible ? 'Name for the filter in force' : 'Set a filter first, then name it here'}
        value={name}
        maxLength={MAX_FILTER_NAME + 1}
        spellCheck={false}
        data-testid="filters-name"
        onChange={(event) => setName(event.target.value)}
      />
      <Button
        size="small"
        type="submit"
        disabledFocusable={!possible || name.trim() === ''}
        title={`Save: ${line}`}
        data-testid="filters-save"
      >
        Save
      </Button>
    </form>
  );
}

function Item({ saved: { name, filter } }: { readonly saved: NamedFilter }) {
  const app = useApp();
  const [editing, setEditing] = useState(false);
  const line = filterLine(filter);
  return (
    <li className="filters-item" data-testid="filters-item">
      {editing ? (
        <RenameField name={name} onDone={() => setEditing(false)} />
      ) : (
        <button
          type="button"
          className="filters-use"
          title={`Use it in this view: ${line}`}
          data-testid="filters-use"
          onClick={() => app.filter.use(filter)}
        >
          <b>{name}</b>
          <span className="filters-line">{line}</span>
        </button>
      )}
      <Button
        size="small"
        appearance="subtle"
        icon={<EditRegular />}
        aria-label={`Rename ${name}`}
        title="Rename"
        data-testid="filters-rename"
        onClick={() => setEditing(true)}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<DeleteRegular />}
        aria-label={`Delete ${name}`}
        title="Delete"
        data-testid="filters-delete"
        onClick={() => void app.filterSets.remove(name)}
      />
    </li>
  );
}

/** Enter renames, Escape leaves it as it was. */
function RenameField({ name, onDone }: { readonly name: string; readonly onDone: () => void }) {
  const { filterSets } = useApp();
  const [to, setTo] = useState(name);
  return (
    <input
      className="field"
      aria-label={`New name of ${name}`}
      // The person has just asked to write it.
      // biome-ignore lint/a11y/noAutofocus: as above
      autoFocus
      value={to}
      maxLength={MAX_FILTER_NAME + 1}
      spellCheck={false}
      data-testid="filters-rename-field"
      onChange={(event) => setTo(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void filterSets.rename(name, to).then((done) => done && onDone());
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    />
  );
}
