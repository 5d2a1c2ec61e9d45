/** Which address or handle of a row a person may follow, and doing so from the keyboard. */
import type { LogRow } from '../../electron/contract/rows.ts';
import { shownText } from '../../electron/contract/shown-text.ts';
import type { App } from './app.ts';

/** The most addresses or handles of a message that can be followed from its menu. */
const MOST_VALUES = 3;

/** The row that verbs are about; undefined while none is selected, or before it is here. */
export function verbRow({ view }: Pick<App, 'view'>): LogRow | undefined {
  const { selection, cache } = view.store.getState();
  return selection === null ? undefined : cache.get(selection.focus.position);
}

/** Values of a message to follow: the one that was pointed at, or the first ones. */
export function valuesToFollow(app: Pick<App, 'decoder' | 'ui'>, row: LogRow): readonly string[] {
  const { decoding } = app.decoder.store.getState();
  if (decoding === null) return [];
  const character = app.ui.store.getState().rowMenu?.character ?? null;
  const pointed = character === null ? null : decoding.hexValueAt(shownText(row.text), character);
  return pointed === null ? decoding.hexValuesOf(row.text, MOST_VALUES) : [pointed];
}

/** Follows the first value of the selected row, or says that there is none. */
export async function followSelected(app: App): Promise<void> {
  app.revealSelection();
  await app.decoder.load();
  const row = verbRow(app);
  const [value] = row === undefined ? [] : valuesToFollow(app, row);
  if (value !== undefined) await app.allRowsWith(value);
  else app.ui.notify({ severity: 'info', message: 'The selected row names no address or handle', action: '' });
}
