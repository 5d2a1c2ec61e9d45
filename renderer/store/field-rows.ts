/** The fields whose values rows are asked for with, and rows that are held read again when these change. */
import { type LogRow, MAX_ROWS_A_REQUEST } from '../../electron/contract/rows.ts';
import { RowCache } from '../model/row-cache.ts';
import { visibleRange } from '../model/scroll.ts';
import type { AskedFields, PrepareBridge } from './prepare-view.ts';
import { extentOf, type ViewState } from './view-state.ts';

interface Parts {
  readonly bridge: PrepareBridge;
  readonly frame: (run: () => void) => void;
  readonly state: () => ViewState;
}

/** Takes over rows in place of all that are held. */
type Take = (cache: RowCache, rows: readonly LogRow[]) => void;

export class FieldRows {
  /** To be sent with what asks for rows; another object whenever it says something else. */
  asked: AskedFields = {};
  private readonly parts: Parts;
  private readonly take: Take;

  constructor(parts: Parts, take: Take) {
    this.parts = parts;
    this.take = take;
  }

  /** False if nothing changes by it. A view that has not begun asks for them with its first rows. */
  set(names: readonly string[]): boolean {
    if (JSON.stringify(names) === JSON.stringify(this.asked.fields ?? [])) return false;
    this.asked = names.length === 0 ? {} : { fields: names };
    return true;
  }

  /** Reads the rows in sight with the fields that are asked for now. Until they are there, those that are held stay. */
  async readAgain(): Promise<void> {
    const { bridge, frame, state } = this.parts;
    const { asked } = this;
    const { cache, generation, top } = state();
    if (generation < 0) return;
    const visible = visibleRange(top, extentOf(state()));
    const fresh = new RowCache(generation);
    const count = Math.min(visible.end - visible.from, MAX_ROWS_A_REQUEST);
    const reply = await bridge.view.rows({ generation, first: visible.from, count, ...asked });
    frame(() => {
      // A new generation that was taken over meanwhile has them, or reads them itself.
      if (this.asked === asked && state().cache === cache && fresh.put(reply)) this.take(fresh, reply.rows);
    });
  }
}
