/** The columns of a session's table as the person has them: for all sessions of one kind of log alike, and remembered. */
import { MOST_FIELD_COLUMNS } from '../../electron/contract/field-columns.ts';
import { choiceOf, NO_CHOICE, withField } from '../model/column-choice.ts';
import { columnKind } from '../model/column-kinds.ts';
import { movedBefore } from '../model/column-order.ts';
import type { ColumnChoice, ColumnId, ColumnMode } from '../model/columns.ts';
import type { StatusStore } from './status.ts';
import type { Ui } from './ui.ts';

/** What undoes all that was chosen is called. */
export const AS_THEY_COME = 'Columns as they come';

export interface Columns {
  /** What is in force now. The same object until it is changed. */
  choice(): ColumnChoice;
  /** Calls whenever that may have changed; returns a function that ends it. */
  follow(changed: () => void): () => void;
  /** `width`: characters. */
  setWidth(column: ColumnId, width: number): void;
  setMode(column: ColumnId, mode: ColumnMode): void;
  /** Makes a field a column, or none any more. Says so where there are as many as there can be. */
  setField(name: string, shown: boolean): void;
  /** Puts a column right before another, `message` for behind all others. */
  moveBefore(column: ColumnId, before: ColumnId): void;
  /** Order, widths, modes and fields as nobody chose them, for this kind of log. */
  reset(): void;
}

export function createColumns(ui: Ui, status: StatusStore): Columns {
  const kind = () => columnKind(status.store.getState().status);
  const choice = (): ColumnChoice => choiceOf(ui.store.getState().columns, kind());
  const change = (to: (now: ColumnChoice) => ColumnChoice): void => ui.changeColumns(kind(), to);
  return {
    choice,
    follow(changed) {
      const ends = [ui.store.subscribe(changed), status.store.subscribe(changed)];
      return () => {
        for (const end of ends) end();
      };
    },
    setWidth: (column, width) => change((now) => ({ ...now, characters: { ...now.characters, [column]: width } })),
    setMode: (column, mode) => change((now) => ({ ...now, modes: { ...now.modes, [column]: mode } })),
    setField(name, shown) {
      const others = (choice().fields ?? []).filter((each) => each !== name);
      if (shown && others.length >= MOST_FIELD_COLUMNS) {
        const message = `${MOST_FIELD_COLUMNS} fields are columns already`;
        ui.notify({ severity: 'info', message, action: 'Hide one of them first.' });
        return;
      }
      ui.noteField(name, shown);
      change((now) => withField(now, name, shown));
    },
    moveBefore: (column, before) => change((now) => movedBefore(now, column, before)),
    reset: () => change(() => NO_CHOICE),
  };
}
