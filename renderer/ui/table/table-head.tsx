/** Column names, which are dragged to other places, their resize handles, and the menu that chooses columns. */
import { MenuDivider, MenuItem, MenuItemCheckbox, MenuList, MenuPopover } from '@fluentui/react-components';
import { MoreVerticalRegular } from '@fluentui/react-icons';
import { type KeyboardEvent, memo, type PointerEvent } from 'react';
import {
  CELL_GAP,
  COLUMNS,
  type Column,
  type ColumnId,
  cellClass,
  clampWidth,
  columnName,
  columnWidth,
} from '../../model/columns.ts';
import type { TimeColumns } from '../../model/time-columns.ts';
import { AS_THEY_COME } from '../../store/columns.ts';
import { useApp, useColumnChoice, useReading } from '../app-context.ts';
import { LateMenu, useLateMenu } from '../late-menu.tsx';
import { useRovingFocus } from '../roving-focus.ts';
import { FieldsMenu } from './fields-menu.tsx';
import { useHeadDrag } from './head-drag.ts';
import { type ColumnHeadProps, PlainHead } from './head-menu.tsx';
import { DeltaMenu, TimeMenu } from './time-menus.tsx';

interface TableHeadProps {
  readonly columns: readonly Column[];
  readonly heads: TimeColumns['heads'];
  /** Where a column would come that is being dragged, pixels from the left of the table; null for nowhere. */
  readonly onDropEdge: (px: number | null) => void;
}

export const TableHead = memo(function TableHead({ columns, heads, onDropEdge }: TableHeadProps) {
  const shift = useReading((reading) => reading.shift);
  const { dragged, ...drag } = useHeadDrag(onDropEdge);
  const roving = useRovingFocus();
  return (
    <div className="head" role="rowgroup" data-testid="table-head">
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row */}
      <div className="head-cells" role="row" aria-rowindex={1} {...drag} {...roving}>
        {columns.map((column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: its name and its handle take the focus
          <div
            key={column.id}
            role="columnheader"
            className={`head-cell ${cellClass(column.id)}${column.align === 'end' ? ' head-end' : ''}${column.id === dragged ? ' dragged' : ''}`}
            aria-label={column.head === undefined ? undefined : column.label}
            data-column={column.id}
          >
            <Label column={column} shown={columns} heads={heads} />
            {column.id === 'message' && shift > 0 && <ShiftBack shift={shift} />}
            {column.id !== 'message' && <Handle column={column} />}
          </div>
        ))}
        {/* biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus */}
        <div role="columnheader" className="column-menu-cell">
          <ColumnMenu columns={columns} />
        </div>
      </div>
    </div>
  );
});

interface LabelProps extends ColumnHeadProps {
  readonly heads: TimeColumns['heads'];
}

function Label({ column, shown, heads }: LabelProps) {
  if (column.id === 'time') return <TimeMenu column={column} shown={shown} head={heads.time} />;
  if (column.id === 'delta') return <DeltaMenu column={column} shown={shown} head={heads.delta} />;
  // It takes what the others leave, so it is always shown and always last.
  if (column.id === 'message') return <span className="head-label">{column.label}</span>;
  return <PlainHead column={column} shown={shown} />;
}

function ShiftBack({ shift }: { readonly shift: number }) {
  const app = useApp();
  return (
    <button
      type="button"
      className="shift-back"
      onClick={() => app.reading.setShift(0)}
      title="Back to the start of the messages"
    >
      « from character {shift + 1}
    </button>
  );
}

function Handle({ column }: { readonly column: Column }) {
  const app = useApp();
  const choice = useColumnChoice();
  const width = columnWidth(column, choice);
  const set = (wanted: number) => app.columns.setWidth(column.id, clampWidth(column, wanted));

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const from = event.clientX;
    const cellPx = handle.parentElement?.getBoundingClientRect().width ?? 0;
    const characterPx = Math.max(1, cellPx / (width + CELL_GAP));
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => set(width + (moved.clientX - from) / characterPx);
    const stop = () => handle.removeEventListener('pointermove', move);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', stop, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    set(width + step);
  };
  return (
    <div
      className="handle"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of column ${column.label}`}
      aria-valuenow={width}
      aria-valuemin={column.minWidth}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={() => set(column.width)}
    />
  );
}

function ColumnMenu({ columns }: { readonly columns: readonly Column[] }) {
  const { target, close, trigger } = useLateMenu();
  return (
    <>
      <button
        {...trigger}
        type="button"
        className="icon-button column-menu"
        aria-label="Columns"
        title="Columns"
        data-testid="column-menu"
      >
        <MoreVerticalRegular fontSize={14} />
      </button>
      {target !== null && <ColumnChoices target={target} onClose={close} columns={columns} />}
    </>
  );
}

interface ColumnChoicesProps {
  readonly target: HTMLElement;
  readonly onClose: () => void;
  readonly columns: readonly Column[];
}

function ColumnChoices({ target, onClose, columns }: ColumnChoicesProps) {
  const app = useApp();
  const shown: ColumnId[] = columns.map((column) => column.id);
  return (
    <LateMenu
      target={target}
      onClose={onClose}
      checkedValues={{ columns: shown }}
      onCheckedValueChange={(_, { checkedItems }) => {
        for (const { id, optional } of COLUMNS)
          if (optional && checkedItems.includes(id) !== shown.includes(id))
            app.columns.setMode(id, checkedItems.includes(id) ? 'show' : 'hide');
      }}
    >
      <MenuPopover>
        <MenuList>
          {COLUMNS.filter((column) => column.optional).map((column) => (
            <MenuItemCheckbox key={column.id} name="columns" value={column.id}>
              {columnName(column)}
            </MenuItemCheckbox>
          ))}
          <MenuDivider />
          <FieldsMenu />
          <MenuItem onClick={app.columns.reset}>{AS_THEY_COME}</MenuItem>
        </MenuList>
      </MenuPopover>
    </LateMenu>
  );
}
