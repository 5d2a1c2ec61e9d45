/**
 * Closing the window while there are rows that go with it: live ones that nothing records, because recording is off or the
 * disk does not take them. The person is asked once; what is recorded, or was read from files, is no reason to ask.
 */
import type { BrowserWindow } from 'electron';
import type { SessionStatus } from '../contract/status.ts';

/** What is known of a session that is open. */
export interface ClosedSession {
  readonly store: { readonly rowCount: number };
  /** The recording that was opened in it; null for none. */
  readonly recordedAt: string | null;
  facts(): { readonly sources: readonly { readonly info: { readonly file?: unknown } }[] };
  status(nowMs: number): Pick<SessionStatus, 'retention'>;
}

/** Rows of live sources that nothing keeps. */
export function unkeptRows(sessions: readonly ClosedSession[], nowMs: number): number {
  let rows = 0;
  for (const session of sessions) {
    if (session.store.rowCount === 0 || session.recordedAt !== null) continue;
    if (session.facts().sources.every(({ info }) => info.file !== undefined)) continue;
    const { recording } = session.status(nowMs).retention;
    if (recording === null || recording.failure !== null) rows += session.store.rowCount;
  }
  return rows;
}

/** Asks before the window closes: `rows` that go with it, 0 for no question; `ask` says whether it closes all the same. */
export function askBeforeClosing(
  window: BrowserWindow,
  rows: () => number,
  ask: (rows: number) => Promise<boolean>,
): void {
  let asking = false;
  let agreed = false;
  window.on('close', (event) => {
    if (agreed) return;
    const count = asking ? 1 : rows();
    if (count === 0) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void ask(count).then((closes) => {
      asking = false;
      agreed = closes;
      if (closes && !window.isDestroyed()) window.close();
    });
  });
}
