/**
 * What drivers lost before this program read them: one sentence, wherever it is told. Above the table once for each ring
 * session; beside the number of lost records, of all rings together. Pure.
 */
import type { Status } from '../../electron/contract/status.ts';
import { formatPlural } from './format.ts';

export interface LostBefore {
  /** Tells one ring session from the next, so that each is dismissed by itself. */
  readonly id: string;
  readonly message: string;
  readonly action: string;
}

/** `1,234 records were lost before capture began`. */
const lostBeforeText = (lost: number): string =>
  `${formatPlural(lost, 'record')} ${lost === 1 ? 'was' : 'were'} lost before capture began`;

/** Of all rings of a session; empty if none lost anything before. */
export function lostBeforeWords(status: Status | null): string {
  const lost = (status?.sources ?? []).reduce((sum, { info }) => sum + (info.ring?.lostBefore ?? 0), 0);
  return lost === 0 ? '' : lostBeforeText(lost);
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
        message: `${lostBeforeText(ring.lostBefore)}: the rings of ${name} were full, and ${what}`,
        action: 'F8 goes to where they are missing; larger rings are set in the Driver pane',
      },
    ];
  });
}
