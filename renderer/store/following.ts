/** Which address or handle of a row a person may follow, and doing so from the keyboard. */
import { type FieldColumnId, fieldColumnId } from '../../electron/contract/field-columns.ts';
import type { LogRow } from '../../electron/contract/rows.ts';
import { shownText } from '../../electron/contract/shown-text.ts';
import type { App } from './app.ts';

/** The most addresses or handles of a row that can be followed from its menu. */
const MOST_VALUES = 3;

/** The row that verbs are about, the one that the open menu was asked for first; undefined while there is none, or before it is here. */
export function verbRow({ view, ui }: Pick<App, 'view' | 'ui'>): LogRow | undefined {
  const { selection, cache } = view.store.getState();
  const pointed = ui.store.getState().rowMenu?.position ?? selection?.focus.position;
  return selection === null || pointed === undefined ? undefined : cache.get(pointed);
}

/** A value that can be followed, `0x` and its digits, and the column that has it. */
export interface ValueToFollow {
  readonly value: string;
  readonly column: FieldColumnId | 'message';
}

/**
 * Values of a row to follow: the one of its message that was pointed at, or that of the field, or the first of all: of the
 * message, then of the fields that are columns.
 */
export function valuesToFollow(app: Pick<App, 'decoder' | 'ui'>, row: LogRow): readonly ValueToFollow[] {
  const { decoding } = app.decoder.store.getState();
  if (decoding === null) return [];
  const { character, column } = app.ui.store.getState().rowMenu ?? {};
  const pointed = character == null ? null : decoding.hexValueAt(shownText(row.text), character);
  if (pointed !== null) return [{ value: pointed, column: 'message' }];
  const ofFields = Object.entries(row.fields ?? {}).flatMap(([name, text]): ValueToFollow[] => {
    // An address or a handle is written so, and there is nothing beside it.
    const [value] = /^0x[0-9a-f]+$/i.test(text) ? decoding.hexValuesOf(text, 1) : [];
    return value === undefined ? [] : [{ value, column: fieldColumnId(name) }];
  });
  const ofCell = ofFields.filter((each) => each.column === column);
  if (ofCell.length > 0) return ofCell;
  const ofMessage = decoding.hexValuesOf(row.text, MOST_VALUES).map((value) => ({ value, column: 'message' as const }));
  const others = ofFields.filter(({ value }) => ofMessage.every((each) => each.value !== value));
  return [...ofMessage, ...others].slice(0, MOST_VALUES);
}

/** Follows the first value of the selected row, or says that there is none. */
export async function followSelected(app: App): Promise<void> {
  app.revealSelection();
  await app.decoder.load();
  const row = verbRow(app);
  const [value] = row === undefined ? [] : valuesToFollow(app, row);
  if (value !== undefined) await app.allRowsWith(value.value);
  else app.ui.notify({ severity: 'info', message: 'The selected row names no address or handle', action: '' });
}
