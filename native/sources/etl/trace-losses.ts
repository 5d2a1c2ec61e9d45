/**
 * Who lost events of a trace: the three places where Windows tracing drops them. A loss has their names as an event has
 * its own, so that the table, the details, filters and exports tell it.
 */
import type { LossCause } from '../../core/entry.ts';
import { type EventNames, NO_EVENT_NAMES } from '../../core/event-names.ts';

export type Loser = 'kernel' | 'file' | 'reader';

/** Why: there was no room in buffers of the kernel, or whoever reads live was too slow. */
export const LOSER_CAUSES: Readonly<Record<Loser, LossCause>> = { kernel: 'full', file: 'full', reader: 'unread' };

const LOSER_WORDS: Readonly<Record<Loser, string>> = {
  kernel: 'kernel buffers full',
  file: 'buffers not in the file',
  reader: 'real-time reader too slow',
};

/** `loggingSession`: its name; empty for none. */
export function loserNames(loser: Loser, loggingSession: string): EventNames {
  const provider = loggingSession === '' ? 'Windows trace' : loggingSession;
  return { ...NO_EVENT_NAMES, provider, event: LOSER_WORDS[loser] };
}
