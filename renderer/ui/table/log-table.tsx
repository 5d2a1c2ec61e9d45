/**
 * The table: its head, the elements in which rows are drawn, and what the mouse does to them. The rows themselves are
 * drawn by the painter (table-painter.ts).
 */
import {
  type CSSProperties,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { isFieldColumn } from '../../../electron/contract/field-columns.ts';
import { uselessKey, uselessOf } from '../../model/column-kinds.ts';
import { inOrder } from '../../model/column-order.ts';
import {
  type Column,
  type ColumnId,
  cellClass,
  type FittedColumn,
  fitColumns,
  gridTemplate,
  visibleColumns,
} from '../../model/columns.ts';
import { withFields } from '../../model/field-columns.ts';
import { isSelected, selectedSpans } from '../../model/selection.ts';
import type { TimeColumns } from '../../model/time-columns.ts';
import {
  useActive,
  useApp,
  useColumnChoice,
  useEventNames,
  useFilter,
  useLacking,
  useProcesses,
  useReading,
  useSourceNames,
  useStatus,
  useUi,
  useView,
} from '../app-context.ts';
import { EmptyState } from '../empty-state.tsx';
import { useLogLabel } from '../side-name.ts';
import { useFieldColumns } from '../use-field-columns.ts';
import { useHighlighters } from '../use-highlighters.ts';
import { TABLE_ID } from '../use-keys.ts';
import { useNarrowLog } from '../use-narrow.ts';
import { useTimeColumns } from '../use-time-columns.ts';
import { useWords } from '../use-words.ts';
import { NewerRows } from './newer-rows.tsx';
import { OnlyLosses } from './only-losses.tsx';
import { characterAt } from './pointed.ts';
import { useRowDrag } from './row-drag.ts';
import { GAP_STEP } from './row-element.ts';
import { RowMenu } from './row-menu.tsx';
import { ScanStopped } from './scan-stopped.tsx';
import { TableHead } from './table-head.tsx';
import { type FilterLook, type TableAppearance, TablePainter } from './table-painter.ts';
import { dropText, selectedText, TextDrag } from './text-drag.ts';
import { showWholeText } from './whole-text.ts';
import { wordUnder } from './word-under.ts';

export function LogTable() {
  const active = useActive();
  const choice = useColumnChoice();
  const times = useTimeColumns();
  // Each of these stays the same while rows come whose figures are no longer than those seen before.
  const seenIds = useView((view) => view.seen.ids);
  const seenCharacters = useView((view) => view.seen.characters);
  const sparse = useView((view) => view.seen.begun.sparse);
  const time = useView((view) => times.characters(view.seen.times).time);
  const delta = useView((view) => times.characters(view.seen.times).delta);
  const empty = useView((view) => view.end === view.first);
  const names = useSourceNames();
  const several = names !== null;
  const processes = useProcesses((state) => state.names.size > 0);
  const eventFields = useEventNames(({ fields }) => fields);
  const narrow = useNarrowLog();
  const fields = useFieldColumns();
  const useless = useStatus(({ status }) => uselessKey(status));
  const shown = useMemo(() => {
    const ids = new Set([...seenIds, ...eventFields]);
    if (several) ids.add('source');
    if (processes) ids.add('process');
    const seen = { ids, characters: { ...seenCharacters, time, delta }, begun: { sparse } };
    return visibleColumns(choice, seen, narrow, uselessOf(useless));
  }, [choice, seenIds, seenCharacters, sparse, time, delta, several, processes, eventFields, narrow, useless]);
  const { reading } = useApp();
  const columns = useMemo(() => inOrder(withFields(shown, fields), choice), [shown, fields, choice]);
  // What is copied are the columns that are shown.
  useEffect(() => reading.setColumns(columns.map(({ id }) => id)), [reading, columns]);
  const fitted = useMemo(() => fitColumns(columns, choice), [columns, choice]);
  const style = { '--columns': gridTemplate(fitted) } as CSSProperties;
  const [dropEdge, setDropEdge] = useState<number | null>(null);
  return (
    <div className="table" style={style}>
      <Grid columns={columns} fitted={fitted} names={names} times={times} onDropEdge={setDropEdge} />
      {dropEdge !== null && (
        <div className="drop-edge" style={{ left: dropEdge }} data-testid="drop-edge" aria-hidden />
      )}
      {empty && <EmptyState />}
      <NewerRows />
      <ScanStopped />
      <OnlyLosses />
      {active && <RowMenu />}
    </div>
  );
}

function Grid({
  columns,
  fitted,
  names,
  times,
  onDropEdge,
}: {
  readonly columns: readonly Column[];
  readonly fitted: readonly FittedColumn[];
  readonly names: ReadonlyMap<number, string> | null;
  readonly times: TimeColumns;
  readonly onDropEdge: (px: number | null) => void;
}) {
  const app = useApp();
  const follow = useView((view) => view.follow);
  const generation = useView((view) => view.generation);
  const processes = useProcesses((known) => known.names);
  const events = useEventNames(({ byNumber }) => byNumber);
  const { find, filter } = useHighlighters();
  const filterFrom = useFilter(({ appliedFrom }) => appliedFrom);
  const words = useWords();
  const lacking = useLacking();
  const shift = useReading((reading) => reading.shift);
  const processColours = useUi(({ look }) => look.processColours);
  const font = useUi(({ look }) => `${look.fontSize} ${look.fontFamily}`);
  const drawn = useMemo(() => ({ processColours, font }), [processColours, font]);
  const appearance = useMemo(
    () => ({ columns: fitted, times, shift, names, lacking, processes, events, find, words, ...drawn }),
    [fitted, times, shift, names, lacking, processes, events, find, words, drawn],
  );
  const filterLook = useMemo(() => ({ highlighter: filter, from: filterFrom }), [filter, filterFrom]);
  const active = useActive();
  const label = useLogLabel();
  const { grid, body, spacer, stage, rows } = usePainter(appearance, filterLook);

  const drag = useRowDrag();
  /** The drag adds rows to what is selected. */
  const beside = useRef(false);
  const textDrag = useMemo(() => new TextDrag(), []);
  useDroppedText(body);
  const rowOf = (event: MouseEvent) => (event.target as Element).closest<HTMLElement>('[data-position]');
  const positionOf = (event: MouseEvent): number | null => {
    const row = rowOf(event);
    return row ? Number(row.dataset.position) : null;
  };

  return (
    <div
      ref={grid}
      id={active ? TABLE_ID : undefined}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      data-testid="log-table"
      data-follow={follow}
      data-generation={generation}
      onContextMenu={(event) => {
        event.preventDefault();
        const position = positionOf(event);
        if (position !== null) {
          const { selection } = app.view.store.getState();
          if (!isSelected(selection, position)) app.selectAt(position, false);
          const column = columns.find(({ id }) => isCellOf(event.target as Element, id));
          app.ui.openRowMenu({
            at: { x: event.clientX, y: event.clientY },
            position,
            column: column?.id ?? null,
            word: textOf(rowOf(event)) ?? wordUnder(event),
            character: characterAt(event, app.reading.store.getState().shift),
          });
        }
      }}
    >
      <TableHead columns={columns} heads={times.heads} onDropEdge={onDropEdge} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: F8 and Shift+F8 do what the buttons of a loss do */}
      <div
        ref={body}
        className="body"
        role="rowgroup"
        onMouseDown={(event) => {
          const position = event.button === 0 ? positionOf(event) : null;
          if (position === null) return;
          drag.begin();
          const { shiftKey } = event;
          const row = rowOf(event);
          beside.current = event.ctrlKey || event.metaKey;
          dropText(event.currentTarget);
          if (row !== null && !shiftKey && !beside.current && textDrag.begin(row, position, event)) {
            // What the browser would do: the focus is given by hand, the text selected as the mouse moves.
            event.preventDefault();
            grid.current?.focus({ preventScroll: true });
          } else textDrag.end();
          if (!beside.current) app.selectAt(position, shiftKey);
          else if (shiftKey) app.selecting.addTo(position);
          else app.selecting.toggleAt(position);
        }}
        onMouseMove={(event) => {
          const position = positionOf(event);
          const { cache, selection } = app.view.store.getState();
          const row = position === null ? undefined : cache.get(position);
          showWholeText(event.currentTarget, event.target as Element, row, app);
          const focus = selection?.focus.position ?? null;
          const pointed = rowOf(event);
          if (!drag.goesOn(event.buttons) || position === null || focus === null || pointed === null) return;
          textDrag.move(event.currentTarget, pointed, position, event);
          if (position === focus) return;
          if (beside.current) app.selecting.addTo(position);
          else app.selectAt(position, true);
        }}
        onClick={(event) => {
          const step = (event.target as Element).closest<HTMLElement>(`.${GAP_STEP}`);
          if (step) void app.losses.go(step.dataset.direction === 'next' ? 'next' : 'previous');
        }}
        onDoubleClick={(event) => {
          if ((event.target as Element).closest(`.${GAP_STEP}`)) return;
          if (positionOf(event) === null) return;
          const word = wordUnder(event);
          if (word === '') app.ui.openPane('details');
          else app.wordMark.mark(word);
        }}
      >
        <div ref={spacer} className="spacer" role="presentation">
          <div ref={stage} className="stage" role="presentation">
            <div ref={rows} className="rows" role="presentation" />
          </div>
        </div>
      </div>
    </div>
  );
}

/** Whether an element lies in a cell of a column. */
function isCellOf(element: Element, id: ColumnId): boolean {
  const cell = element.closest<HTMLElement>('.cell');
  // The cells of all fields look alike.
  return isFieldColumn(id) ? cell?.dataset.column === id : (cell?.classList.contains(cellClass(id)) ?? false);
}

/** The text that is selected in the message of a row; null for none. */
function textOf(row: HTMLElement | null): string | null {
  const selected = row === null ? null : selectedText(row);
  return selected?.text ?? null;
}

/** Text of a message is not selected any longer once other rows are: a copy would be of it. */
function useDroppedText(body: RefObject<HTMLDivElement | null>): void {
  const app = useApp();
  useEffect(
    () =>
      app.view.store.subscribe(({ selection }, before) => {
        if (selection === before.selection || body.current === null) return;
        const [now, then] = [selection, before.selection].map((each) => selectedSpans(each));
        if (JSON.stringify(now) !== JSON.stringify(then)) dropText(body.current);
      }),
    [app, body],
  );
}

/** A painter for the life of the table, and the elements in which it draws. */
function usePainter(appearance: TableAppearance, filter: FilterLook) {
  const app = useApp();
  const grid = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const painter = useRef<TablePainter | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the painter that is there is given a new appearance below
  useLayoutEffect(() => {
    if (!grid.current || !body.current || !spacer.current || !stage.current || !rows.current) return;
    const elements = {
      grid: grid.current,
      body: body.current,
      spacer: spacer.current,
      stage: stage.current,
      rows: rows.current,
    };
    const made = new TablePainter(app, elements, appearance, filter);
    painter.current = made;
    return made.connect();
  }, [app]);
  useLayoutEffect(() => painter.current?.setAppearance(appearance), [appearance]);
  useLayoutEffect(() => painter.current?.setFilter(filter), [filter]);
  return { grid, body, spacer, stage, rows };
}
