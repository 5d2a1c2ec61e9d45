/** Clearing all rows, and saying where they are: the key for it is that of cutting elsewhere, and easily pressed. */
import { formatPlural } from '../model/format.ts';
import type { App } from './app.ts';

/** The key that shows the recorded sessions. */
export const SESSIONS_KEY = 'Ctrl+Shift+H';

/** Clears all rows of the session of a view. */
export function clearRows({ view, status, ui }: Pick<App, 'view' | 'status' | 'ui'>): void {
  const { sessionEntries } = view.store.getState();
  const recorded = (status.store.getState().status?.retention.recording ?? null) !== null;
  view.clear();
  if (sessionEntries === 0) return;
  const where = recorded ? `Their recording has them (${SESSIONS_KEY}).` : '';
  ui.notify({ severity: 'info', message: `${formatPlural(sessionEntries, 'record')} cleared.`, action: where });
}
