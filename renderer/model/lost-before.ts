/** What a driver lost before this program read it: told once for each ring session, above the table. Pure. */
import type { Status } from '../../electron/contract/status.ts';
import { formatPlural } from './format.ts';

export interface LostBefore {
  /** Tells one ring session from the next, so that each is dismissed by itself. */
  readonly id: string;
  readonly message: string;
  readonly action: string;
}

/** Which of a session's drivers began logging long before they were read, and lost records meanwhile. */
export function lostBefore(status: Status | null): LostBefore[] {
  return (status?.sources ?? []).flatMap(({ name, info: { ring } }) => {
    // A simulated driver that nobody reads is a demonstration: the marks in its log say it.
    if (ring?.lostBefore === undefined || ring.sessionId === null || !name.startsWith('driver:')) return [];
    const what = ring.mode === 'overwrite' ? 'the newest were kept' : 'the first were kept';
    return [
      {
        id: ring.sessionId,
        message: `${name} lost ${formatPlural(ring.lostBefore, 'record')} before RingView read it: its rings were full, and ${what}`,
        action: 'F8 goes to where they are missing; larger rings are set in the Driver pane',
      },
    ];
  });
}
