/**
 * Updates that are not drawn, because rows in another order were asked for: drawing those of this one would take time from
 * the frame that is waited for. If no others come, the newest of them is drawn all the same: nothing else may come for long.
 */
import type { ViewUpdate } from '../../electron/contract/rows.ts';

export interface PassedOver {
  /** Whether an update is not to be drawn now. */
  takes(update: ViewUpdate): boolean;
  /** Another order was asked for; resolves to whether it comes. */
  until(asked: Promise<boolean>): Promise<void>;
}

export function createPassedOver(draw: (update: ViewUpdate) => void): PassedOver {
  /** Requests that are on their way. */
  let asked = 0;
  let newest: ViewUpdate | null = null;
  return {
    takes(update) {
      if (asked > 0) newest = update;
      return asked > 0;
    },
    async until(answer) {
      asked++;
      const comes = await answer.finally(() => {
        asked--;
      });
      if (asked > 0 || newest === null) return;
      const update = newest;
      newest = null;
      if (!comes) draw(update);
    },
  };
}
