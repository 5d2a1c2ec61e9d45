/** Asks the same question again and again while somebody looks at the answer, one at a time. */
import type { Later } from './filter.ts';

export interface Polling {
  /** Asks until the returned function is called. */
  watch(): () => void;
  /** The question has changed: it is asked at once. */
  again(): void;
}

/** Between two questions, milliseconds: while the answer still grows, and while it changes only with the log. */
const SOON_MS = 200;
const EVERY_MS = 1000;

/** `ask` resolves to whether the answer still grows by itself. It never rejects. */
export function createPolling(later: Later, ask: () => Promise<boolean>): Polling {
  let watchers = 0;
  let asking = false;
  /** Something is to be asked that is not under way. */
  let due = false;
  let cancelRest: (() => void) | null = null;

  async function go(): Promise<void> {
    if (watchers === 0) return;
    due = asking;
    if (asking) return;
    cancelRest?.();
    cancelRest = null;
    asking = true;
    let grows = false;
    try {
      grows = await ask();
    } finally {
      asking = false;
    }
    if (due) void go();
    else cancelRest = later(() => void go(), grows ? SOON_MS : EVERY_MS);
  }

  return {
    watch() {
      watchers++;
      void go();
      return () => {
        watchers--;
      };
    },
    again: () => void go(),
  };
}
