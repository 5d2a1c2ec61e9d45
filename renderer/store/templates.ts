/** Which messages the session is made of, asked for again and again while they are looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { MOST_REPORTED_TEMPLATES, type TemplateOrder, type TemplateReport } from '../../electron/contract/templates.ts';
import type { Later } from './filter.ts';

export interface TemplatesState {
  /** Null until the first answer. */
  readonly report: TemplateReport | null;
  readonly order: TemplateOrder;
}

export interface Templates {
  readonly store: StoreApi<TemplatesState>;
  /** Asks until the returned function is called. */
  watch(): () => void;
  setOrder(order: TemplateOrder): void;
}

const EVERY_MS = 1000;

export function createTemplates(bridge: Pick<BoundBridge, 'session'>, later: Later): Templates {
  const store = createStore<TemplatesState>(() => ({ report: null, order: 'count' }));
  let watchers = 0;
  let asking = false;
  /** Something is to be asked that is not under way. */
  let again = false;
  let cancelRest: (() => void) | null = null;

  async function ask(): Promise<void> {
    if (watchers === 0) return;
    again = asking;
    if (asking) return;
    cancelRest?.();
    cancelRest = null;
    asking = true;
    const { order } = store.getState();
    try {
      const report = await bridge.session.templates({ order, most: MOST_REPORTED_TEMPLATES });
      if (store.getState().order === order) store.setState({ report });
    } finally {
      asking = false;
    }
    if (again) void ask();
    else cancelRest = later(() => void ask(), EVERY_MS);
  }

  return {
    store,
    watch() {
      watchers++;
      void ask();
      return () => {
        watchers--;
      };
    },
    setOrder(order) {
      store.setState({ order });
      void ask();
    },
  };
}
