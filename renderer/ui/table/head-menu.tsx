/**
 * The name of a column in the head: a click with either button or a key opens its menu, Ctrl+Shift+Left and Right move the
 * column. Times have more in their menus (time-menus.tsx).
 */
import { MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import type { KeyboardEvent, ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { isFieldColumn, nameOfField } from '../../../electron/contract/field-columns.ts';
import { placeBeside } from '../../model/column-order.ts';
import { type Column, type ColumnId, columnName } from '../../model/columns.ts';
import { keyName } from '../../model/keymap.ts';
import type { App } from '../../store/app.ts';
import { AS_THEY_COME } from '../../store/columns.ts';
import { useApp } from '../app-context.ts';
import { LateMenu, useLateMenu } from '../late-menu.tsx';

export interface ColumnHeadProps {
  readonly column: Column;
  /** The columns of the table, from the left. */
  readonly shown: readonly Column[];
}

interface HeadMenuProps extends ColumnHeadProps {
  /** What stands in the head, what is read of it, and what it says when it is pointed at. */
  readonly label: string;
  readonly name: string;
  readonly tip: string;
  readonly children: ReactNode;
}

const MOVE_KEYS: Readonly<Record<string, -1 | 1>> = { 'Ctrl+Shift+Left': -1, 'Ctrl+Shift+Right': 1 };

/** Before which column one is put that goes a place to the left or to the right; null where it cannot. */
const beside = ({ column, shown }: ColumnHeadProps, step: -1 | 1): ColumnId | null =>
  placeBeside(
    shown.map(({ id }) => id),
    column.id,
    step,
  );

/** Moves a column a place further, and says which place that is: who does not see the table has no other sign of it. */
function move(app: App, { column, shown }: ColumnHeadProps, step: -1 | 1): void {
  const before = beside({ column, shown }, step);
  if (before === null) return;
  app.columns.moveBefore(column.id, before);
  const place = shown.findIndex(({ id }) => id === column.id) + step + 1;
  app.ui.notify({
    severity: 'info',
    message: `${columnName(column)} is column ${place} of ${shown.length}`,
    action: '',
  });
}

function hide({ columns }: App, id: ColumnId): void {
  if (isFieldColumn(id)) columns.setField(nameOfField(id), false);
  else columns.setMode(id, 'hide');
}

export function HeadMenu({ column, shown, label, name, tip, children }: HeadMenuProps) {
  const app = useApp();
  const { target, close, trigger, openAt } = useLateMenu();
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const step = MOVE_KEYS[keyName(event)];
    if (step === undefined) {
      trigger.onKeyDown(event);
      return;
    }
    event.preventDefault();
    const head = event.currentTarget;
    flushSync(() => move(app, { column, shown }, step));
    // An element that is put elsewhere has lost the focus.
    head.focus();
  };
  return (
    <>
      <button
        {...trigger}
        type="button"
        className="head-label head-menu"
        title={tip}
        aria-label={name}
        aria-keyshortcuts="Control+Shift+ArrowLeft Control+Shift+ArrowRight"
        data-testid={`${column.id}-menu`}
        onKeyDown={onKeyDown}
        onContextMenu={(event) => {
          event.preventDefault();
          openAt(event.currentTarget);
        }}
      >
        {label}
      </button>
      {target !== null && (
        <LateMenu target={target} onClose={close}>
          <MenuPopover>{children}</MenuPopover>
        </LateMenu>
      )}
    </>
  );
}

/** The head of a column that has nothing of its own in its menu. */
export function PlainHead({ column, shown }: ColumnHeadProps) {
  const { label, head } = column;
  const name = columnName(column);
  return (
    <HeadMenu
      {...{ column, shown, name }}
      label={head ?? label}
      tip={`${name}. Drag it to another place, or click for what else can be done with it`}
    >
      <MenuList>
        <ColumnItems column={column} shown={shown} />
      </MenuList>
    </HeadMenu>
  );
}

/** What can be done with any column. */
export function ColumnItems({ column, shown }: ColumnHeadProps) {
  const app = useApp();
  const item = (step: -1 | 1, label: string, key: string) => (
    <MenuItem
      secondaryContent={key}
      disabled={beside({ column, shown }, step) === null}
      onClick={() => move(app, { column, shown }, step)}
    >
      {label}
    </MenuItem>
  );
  return (
    <>
      {item(-1, 'Move left', 'Ctrl+Shift+Left')}
      {item(1, 'Move right', 'Ctrl+Shift+Right')}
      <MenuItem onClick={() => hide(app, column.id)}>Hide this column</MenuItem>
      <MenuItem onClick={app.columns.reset}>{AS_THEY_COME}</MenuItem>
    </>
  );
}
