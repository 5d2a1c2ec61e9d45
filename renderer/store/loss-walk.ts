/** Walking from one loss to the next in the rows shown, and saying what was lost there. */
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import type { FoundLoss } from '../../electron/contract/loss.ts';
import type { Failure } from '../../native/core/result.ts';
import { foundLossText, noLossText } from '../model/loss.ts';
import { ROW_PX } from '../model/scroll.ts';
import { focusInSight, type ViewState } from './view-state.ts';

export interface LossWalk {
  go(direction: 'next' | 'previous'): Promise<void>;
  /** Goes to a loss of a list, and says so if the view has changed since and it is no longer there. */
  goTo(loss: FoundLoss): Promise<void>;
}

export interface LossWalkDependencies {
  readonly bridge: Pick<BoundBridge, 'view'>;
  /** The view, once it shows the result of the current filter. */
  readonly view: () => Promise<ViewState>;
  readonly show: (position: number) => void;
  readonly text: (timeNs: number) => string;
  readonly tell: (words: string) => void;
  readonly fail: (failure: Failure) => void;
}

export function createLossWalk({ bridge, view, show, text, tell, fail }: LossWalkDependencies): LossWalk {
  /** Number of the last walk: a key that is held down asks faster than is answered. */
  let latest = 0;
  return {
    async go(direction) {
      const mine = ++latest;
      const state = await view();
      if (mine !== latest) return;
      const { generation, top, scan } = state;
      // Without a selection in sight, the first row on the screen may be the next loss itself.
      const topmost = Math.ceil(top / ROW_PX);
      const from = focusInSight(state) ?? (direction === 'next' ? topmost - 1 : topmost);
      const found = await bridge.view.findLoss({ generation, from, direction });
      if (mine !== latest) return;
      if (!found.ok) {
        if (found.failure.code !== 'cancelled') fail(found.failure);
        return;
      }
      const loss = found.value;
      if (loss === null) {
        tell(noLossText(direction, scan !== null, state.sessionRows > state.sessionEntries));
        return;
      }
      show(loss.first);
      tell(foundLossText(loss, text));
    },
    async goTo(loss) {
      const mine = ++latest;
      const { generation, first } = await view();
      if (mine !== latest) return;
      if (generation !== loss.generation || loss.last < first)
        tell('The rows shown have changed: the list follows them.');
      else show(Math.max(first, loss.first));
    },
  };
}
