/** The filter as rows below its box: column, relation, value, include or exclude, on or off. The same filter as the text. */
import { Button } from '@fluentui/react-components';
import { AddRegular, ChevronDownRegular, DismissRegular } from '@fluentui/react-icons';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { MAX_PATTERN_TEXT } from '../../electron/contract/limits.ts';
import { ROW_COLUMNS, type RowColumn, type RowRelation, relationsOf } from '../model/filter-rows.ts';
import { keyFor } from '../store/commands.ts';
import type { PanelRow } from '../store/filter-panel.ts';
import { useApp, useFilterPanel } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { FILTER_INPUT } from './use-keys.ts';

export const FILTER_PANEL = 'filter-panel';

/** In the box, it opens the panel. */
export function FilterPanelButton() {
  const { filterPanel } = useApp();
  const open = useFilterPanel((panel) => panel.open);
  return (
    <button
      type="button"
      className="mini panel-chevron"
      aria-label="Filter as rows"
      aria-expanded={open}
      aria-controls={open ? FILTER_PANEL : undefined}
      title={`The filter as rows: column, relation, value (${keyFor('filterPanel')})`}
      data-testid="filter-panel-toggle"
      onClick={() => filterPanel.setOpen(!open)}
    >
      <ChevronDownRegular />
    </button>
  );
}

export function FilterPanel() {
  return useFilterPanel((panel) => panel.open) ? <OpenPanel /> : null;
}

function OpenPanel() {
  const { filterPanel } = useApp();
  const rows = useFilterPanel((panel) => panel.rows);
  const fault = useFilterPanel((panel) => panel.fault);
  const element = useRef<HTMLElement>(null);
  const count = rows?.length ?? 0;
  const before = useRef(count);
  useEffect(() => {
    // A row that was added is written next.
    const fields = element.current?.querySelectorAll<HTMLInputElement>('input.field') ?? [];
    if (count === before.current + 1) fields[fields.length - 1]?.focus();
    before.current = count;
  }, [count]);
  useFocusWhileOpen(element);
  const close = (): void => filterPanel.setOpen(false);
  return (
    <section
      ref={element}
      id={FILTER_PANEL}
      className="filter-panel"
      aria-label="Filter as rows"
      data-testid="filter-panel"
      data-own-keys=""
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      {rows === null ? (
        <p className="note">
          The text in the box cannot be shown as rows: it has a mistake, or all of it is one expression.
        </p>
      ) : (
        <ul className="filter-rows">
          {rows.map((row, at) => (
            <Row
              // A row has no name of its own: it is the one at its place.
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={at}
              row={row}
              at={at}
              failed={fault?.at === at}
            />
          ))}
        </ul>
      )}
      <FailureNote failure={fault?.failure ?? null} testId="filter-panel-fault" />
      <footer>
        {rows !== null && (
          <Button size="small" icon={<AddRegular />} data-testid="filter-row-add" onClick={filterPanel.add}>
            Add a row
          </Button>
        )}
        <span className="note">All rows must fit. What the chips hide comes on top.</span>
        <Button size="small" data-testid="filter-panel-close" onClick={close}>
          Close
        </Button>
      </footer>
    </section>
  );
}

/** The keys go where something is typed, and back to where they were once it is closed. */
function useFocusWhileOpen(panel: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const section = panel.current;
    const before = document.activeElement;
    section?.querySelector<HTMLElement>('input.field, button')?.focus();
    return () => {
      if (section === null || !section.contains(document.activeElement)) return;
      const back = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : null;
      (back ?? document.getElementById(FILTER_INPUT))?.focus({ preventScroll: true });
    };
  }, [panel]);
}

function Row({ row, at, failed }: { readonly row: PanelRow; readonly at: number; readonly failed: boolean }) {
  const { filterPanel } = useApp();
  const { column, relation, value, hides, on } = row;
  const change = (made: Partial<PanelRow>): void => filterPanel.change(at, made);
  const name = `row ${at + 1}`;
  return (
    <li className={`filter-row${on ? '' : ' off'}`} data-testid="filter-row">
      <input
        type="checkbox"
        checked={on}
        aria-label={`${name} is on`}
        data-testid="filter-row-on"
        onChange={(event) => change({ on: event.target.checked })}
      />
      <select
        value={hides ? 'hide' : 'show'}
        aria-label={`${name} shows or hides`}
        data-testid="filter-row-hides"
        onChange={(event) => change({ hides: event.target.value === 'hide' })}
      >
        <option value="show">only</option>
        <option value="hide">hide</option>
      </select>
      <select
        value={column}
        aria-label={`Column of ${name}`}
        data-testid="filter-row-column"
        onChange={(event) => {
          const chosen = event.target.value as RowColumn;
          const relations = relationsOf(chosen);
          const kept = relations.includes(relation) ? relation : (relations[0] as RowRelation);
          change({ column: chosen, relation: kept });
        }}
      >
        {ROW_COLUMNS.map((each) => (
          <option key={each} value={each}>
            {each === 'any' ? 'any of' : each}
          </option>
        ))}
      </select>
      <select
        value={relation}
        aria-label={`Relation of ${name}`}
        data-testid="filter-row-relation"
        onChange={(event) => change({ relation: event.target.value as RowRelation })}
      >
        {relationsOf(column).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <input
        className={`field${failed ? ' invalid' : ''}`}
        aria-label={`Value of ${name}`}
        aria-invalid={failed}
        value={value}
        maxLength={MAX_PATTERN_TEXT}
        spellCheck={false}
        data-testid="filter-row-value"
        onChange={(event) => change({ value: event.target.value })}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<DismissRegular />}
        aria-label={`Remove ${name}`}
        title="Remove this row"
        data-testid="filter-row-remove"
        onClick={() => filterPanel.remove(at)}
      />
    </li>
  );
}
