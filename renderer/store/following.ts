/** Which address or handle of a row a person may follow, and doing so from the keyboard. */
import type { LogRow } from '../../electron/contract/rows.ts';
import { shownText } from '../../electron/contract/shown-text.ts';
import type { App } from './app.ts';

/** The most addresses or handles of a message that can be followed from its menu. */
const MOST_VALUES = 3;

/** The row that verbs are about, the one that the open menu was asked for first; undefined while there is none, or before it is here. */
export function verbRow({ view, ui }: Pick<App, 'view' | 'ui'>): LogRow | undefined {
  const { selection, cache } = view.store.getState();
  const pointed = ui.store.getState().rowMenu?.position ?? selection?.focus.position;
  return selection === null || pointed === undefined ? undefined : cache.get(pointed);
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
