/** Which messages the session is made of, asked for again and again while they are looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BoundBridge } from '../../electron/contract/bridge.ts';
import { MOST_REPORTED_TEMPLATES, type TemplateOrder, type TemplateReport } from '../../electron/contract/templates.ts';
import type { Later } from './filter.ts';
import { createPolling } from './polling.ts';

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

export function createTemplates(bridge: Pick<BoundBridge, 'session'>, later: Later): Templates {
  const store = createStore<TemplatesState>(() => ({ report: null, order: 'count' }));
  const polling = createPolling(later, async () => {
    const { order } = store.getState();
    const report = await bridge.session.templates({ order, most: MOST_REPORTED_TEMPLATES });
    if (store.getState().order === order) store.setState({ report });
    return false;
  });
  return {
    store,
    watch: polling.watch,
    setOrder(order) {
      store.setState({ order });
      polling.again();
    },
  };
}
